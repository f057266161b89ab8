//! Encodings other than UTF-8: the guess, and the decoding with a count of replacements.

use std::borrow::Cow;
use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, Encoding, GBK, ISO_2022_JP};

use super::{Decoded, EncodingInfo, EncodingSource};

/// Up to this size the detector sees the whole text where a sample is not enough, beyond it as much again from the head
/// and the tail together: it feeds 27 models, at 10 MB/s or so.
const DETECTOR_BYTES: usize = 4 << 20;

/// Of a long text the detector first sees so many pieces …
const SAMPLE_PIECES: usize = 16;

/// … of about this size.
const PIECE_BYTES: usize = 2 << 10;

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

/// Decodes bytes whose encoding nobody said.
pub(super) fn decode_by_guess(bytes: &[u8]) -> Decoded<'_> {
    if bytes.len() > SAMPLE_PIECES * PIECE_BYTES
        && let Some(encoding) = guess_by_sample(bytes)
    {
        let decoded = decode(bytes, encoding, EncodingSource::Detected);
        // A fault may be one that the detector would have judged by, had it seen it.
        if decoded.encoding.replacements == 0 {
            return decoded;
        }
    }
    decode(bytes, guess(bytes), EncodingSource::Detected)
}

/// The most likely legacy encoding.
fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    if bytes.len() <= DETECTOR_BYTES {
        detector.feed(bytes, true);
    } else {
        let (head, tail) = ends(bytes);
        detector.feed(head, false);
        detector.feed(tail, true);
    }
    corrected(detector.guess(None, Utf8Detection::Deny), bytes)
}

/// The guess, but for Cyrillic in the row that GB 18030 has for it: the detector takes it for rare words of Big5.
fn corrected(guess: &'static Encoding, bytes: &[u8]) -> &'static Encoding {
    if guess == BIG5 && is_cyrillic_row(bytes) { GBK } else { guess }
}

/// Whether nine in ten characters of two bytes are letters of row 7 of GB 2312: the Cyrillic ones.
fn is_cyrillic_row(bytes: &[u8]) -> bool {
    let (mut pairs, mut letters, mut rest) = (0_usize, 0_usize, bytes.iter());
    while let Some(lead) = rest.find(|b| **b > 0x80) {
        let trail = rest.next();
        pairs += 1;
        letters += usize::from(*lead == 0xA7 && matches!(trail, Some(0xA1..=0xC1 | 0xD1..=0xF1)));
    }
    letters.saturating_mul(10) >= pairs.saturating_mul(9)
}

/// The most likely legacy encoding of a long text, by pieces from all over it; `None` where it has no places to cut.
fn guess_by_sample(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let stride = bytes.len() / SAMPLE_PIECES;
    let (mut end, mut fed) = (0, false);
    for number in 0..SAMPLE_PIECES {
        let Some(piece) = piece_from(bytes, end.max(number * stride)) else { continue };
        detector.feed(&bytes[piece.clone()], false);
        (end, fed) = (piece.end, true);
    }
    detector.feed(b"", true);
    fed.then(|| corrected(detector.guess(None, Utf8Detection::Deny), bytes))
}

/// The next piece of a text that says something of its encoding: round a byte that is not ASCII, cut at white space as
/// in [`ends`].
fn piece_from(bytes: &[u8], from: usize) -> Option<Range<usize>> {
    let border = |b: &u8| *b <= b' ';
    let from = from + bytes.get(from..)?.iter().position(border)?;
    let sign = from + bytes[from..].iter().position(|b| !b.is_ascii())?;
    let start = from + bytes[from..sign].iter().rposition(border)?;
    let longest = (sign + PIECE_BYTES).min(bytes.len());
    let end = sign + bytes[sign..longest].iter().rposition(border)?;
    Some(start..end)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends of a text that is `x` but for spaces at these places.
    fn ends_with_spaces(at: &[usize]) -> (usize, usize) {
        let mut bytes = vec![b'x'; DETECTOR_BYTES + 1000];
        at.iter().for_each(|&at| bytes[at] = b' ');
        let (head, tail) = ends(&bytes);
        (head.len(), tail.len())
    }

    #[test]
    fn the_ends_of_a_long_text_are_cut_at_white_space() {
        let (half, last) = (DETECTOR_BYTES / 2, DETECTOR_BYTES + 1000);
        assert_eq!(ends_with_spaces(&[100, half - 7, last - half + 9]), (half - 7, half - 9));
        assert_eq!(ends_with_spaces(&[half - 7]), (half - 7, 0));
        assert_eq!(ends_with_spaces(&[last - half + 9]), (0, half - 9));
        assert_eq!(ends_with_spaces(&[]), (half, 0));
    }
}
