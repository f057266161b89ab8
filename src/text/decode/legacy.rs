//! Encodings other than UTF-8: the guess, and the decoding with a count of replacements.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, ISO_2022_JP};

use super::{Decoded, EncodingInfo, EncodingSource};

/// Up to this size the detector sees the whole text, beyond it as much again from the head and the tail together: it
/// feeds 27 models, at 10 MB/s or so.
const DETECTOR_BYTES: usize = 4 << 20;

/// Decodes, with U+FFFD for each malformed sequence; the bytes have no byte order mark.
pub(super) fn decode<'b>(bytes: &[u8], encoding: &'static Encoding, source: EncodingSource) -> Decoded<'b> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len());
    let mut text = String::with_capacity(capacity);
    let (mut rest, mut replacements) = (bytes, 0);
    loop {
        // encoding_rs replaces by itself but does not count, and a text may hold U+FFFD of its own.
        let (result, read) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        rest = &rest[read..];
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::Malformed(..) => {
                text.push(char::REPLACEMENT_CHARACTER);
                replacements += 1;
            }
            // Replacements took more room than the decoder foresaw. It needs place for one character to go on.
            DecoderResult::OutputFull => text.reserve(rest.len().max(64)),
        }
    }
    Decoded {
        text: Cow::Owned(text),
        encoding: EncodingInfo { label: encoding.name(), source, replacements },
        bom: false,
    }
}

/// The most likely legacy encoding.
pub(super) fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    if bytes.len() <= DETECTOR_BYTES {
        detector.feed(bytes, true);
    } else {
        let (head, tail) = ends(bytes);
        detector.feed(head, false);
        detector.feed(tail, true);
    }
    detector.guess(None, Utf8Detection::Deny)
}

/// The head and the tail of a long text, cut at white space: a character cut in two would rule out its encoding.
///
/// No byte up to 0x20 is part of a longer character in any encoding that the detector knows.
fn ends(bytes: &[u8]) -> (&[u8], &[u8]) {
    let half = DETECTOR_BYTES / 2;
    let (head, tail) = (&bytes[..half], &bytes[bytes.len() - half..]);
    let head_end = head.iter().rposition(|b| *b <= b' ').unwrap_or(0);
    let tail_start = tail.iter().position(|b| *b <= b' ').unwrap_or(half);
    if head_end == 0 && tail_start == half { (head, b"") } else { (&head[..head_end], &tail[tail_start..]) }
}

/// Whether ASCII bytes are ISO-2022-JP: they switch to Japanese characters, and decode with few faults.
///
/// The escapes of terminals (`ESC [`) are not those of ISO-2022-JP and are faults to its decoder.
pub(super) fn looks_like_iso_2022_jp(bytes: &[u8]) -> bool {
    let switches = [&b"\x1B$B"[..], b"\x1B$@", b"\x1B(J", b"\x1B(I"];
    if !switches.iter().any(|s| memchr::memmem::find(bytes, s).is_some()) {
        return false;
    }
    let decoded = decode(bytes, ISO_2022_JP, EncodingSource::Detected);
    // One fault may be a cut at the end; more than one in a hundred characters are the sign of something else.
    let faults = decoded.encoding.replacements;
    faults == 0 || faults * 100 <= decoded.text.chars().count()
}
