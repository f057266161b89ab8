//! Plain text: the whole input is one record.

use std::path::Path;

use encoding_rs::{Decoder, DecoderResult, Encoding};

use crate::text::decode::{Charset, Decoded, EncodingInfo, EncodingSource, NotText, decode};

/// The extensions of files that count as text when they are found in a tree, in lower case.
pub const EXTENSIONS: [&str; 3] = ["txt", "text", "md"];

/// Whether the name of a file in a tree says that it is text; letter case does not matter.
pub fn is_text_name(path: &Path) -> bool {
    path.extension().is_some_and(|found| EXTENSIONS.iter().any(|known| found.eq_ignore_ascii_case(known)))
}

/// The one record of a plain text.
///
/// # Errors
/// When the bytes are not text.
pub fn read<'b>(bytes: &'b [u8], declared: Option<Charset>) -> Result<Decoded<'b>, NotText> {
    decode(bytes, declared)
}

/// Decodes a text piece by piece that is too large to be held as a whole.
///
/// The encoding is settled from the first piece, by the same rules as for a text that is read at once.
#[derive(Debug)]
pub struct Transcoder {
    decoder: Decoder,
    info: EncodingInfo,
}

impl Transcoder {
    /// Settles the encoding from the first bytes of a text.
    ///
    /// # Errors
    /// When the bytes are not text.
    pub fn for_sample(sample: &[u8], declared: Option<Charset>) -> Result<Transcoder, NotText> {
        let found = decode(without_cut_character(sample), declared)?.encoding;
        let encoding = Encoding::for_label(found.label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        let info = EncodingInfo { replacements: 0, ..found };
        Ok(Transcoder { decoder: encoding.new_decoder_with_bom_removal(), info })
    }

    /// Decodes the next bytes and appends them to `out`; `last` says that nothing follows.
    pub fn push(&mut self, mut bytes: &[u8], last: bool, out: &mut String) {
        loop {
            let room = self.decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            out.reserve(room.unwrap_or(bytes.len()).max(4));
            let (result, read) = self.decoder.decode_to_string_without_replacement(bytes, out, last);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    out.push(char::REPLACEMENT_CHARACTER);
                    self.info.replacements += 1;
                }
            }
        }
    }

    /// The encoding, and what had to be replaced so far.
    pub fn encoding(&self) -> EncodingInfo {
        let mut info = self.info;
        // The first piece may have been flawless where a later one was not.
        if info.source == EncodingSource::Utf8 && info.replacements > 0 {
            info.source = EncodingSource::NearlyUtf8;
        }
        info
    }
}

/// The sample without a last UTF-8 character that its end cuts in two, lest it count as an error.
fn without_cut_character(sample: &[u8]) -> &[u8] {
    match std::str::from_utf8(sample) {
        Err(error) if error.error_len().is_none() => &sample[..error.valid_up_to()],
        _ => sample,
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn transcode(pieces: &[&[u8]]) -> (String, EncodingInfo) {
        let mut coder = Transcoder::for_sample(pieces[0], None).expect("text");
        let mut out = String::new();
        for piece in pieces {
            coder.push(piece, false, &mut out);
        }
        coder.push(b"", true, &mut out);
        (out, coder.encoding())
    }

    #[test]
    fn names_are_told_by_their_extension_only() {
        for name in ["a.txt", "b.TEXT", "c.Md", "x/y.z.txt", "é.txt"] {
            assert!(is_text_name(Path::new(name)), "{name}");
        }
        for name in ["txt", ".txt", "a.txt.gz", "a.html", "a.", "a"] {
            assert!(!is_text_name(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn a_character_may_stand_across_two_pieces() {
        let (text, info) = transcode(&[b"caf\xc3", b"\xa9 \xe2\x82", b"\xac"]);
        assert_eq!(text, "café €");
        assert_eq!((info.label, info.replacements), ("UTF-8", 0));
    }

    #[test]
    fn malformed_bytes_are_counted() {
        let (text, info) = transcode(&["plain ".as_bytes(), b"\xff", b" more \xe2\x82"]);
        assert_eq!(text, "plain \u{fffd} more \u{fffd}");
        assert_eq!((info.source, info.replacements), (EncodingSource::NearlyUtf8, 2));
    }
}
