//! UTF-8 with faults: how to tell it from legacy encodings, and its replacement characters.

use std::borrow::Cow;

use encoding_rs::UTF_8;

use super::{Decoded, EncodingInfo, EncodingSource};

/// So many well-formed characters to a malformed sequence make UTF-8. Measured on pages of twelve languages in their
/// legacy encodings, the best that accident does is 0.7 to 1 (Greek in GB18030), 0.5 to 1 (EUC-JP) in encodings in
/// real use.
const GOOD_PER_BAD: usize = 8;

/// So many non-ASCII words that are UTF-8 throughout, and no fewer than there are faulty ones, make a file of mixed
/// lines, some UTF-8 and some not. In the same pages no more than 2 of 38 words of a legacy text are UTF-8
/// throughout.
const GOOD_WORDS: usize = 4;

/// With so many well-formed characters, a lone lead byte at the end is a cut character, not a legacy letter.
const GOOD_BEFORE_CUT: usize = 4;

/// What the non-ASCII bytes of a text look like as UTF-8.
#[derive(Debug, Default)]
struct Tally {
    /// Sequences in the shape of a character.
    good: usize,
    /// Sequences that are not.
    bad: usize,
    /// Words (runs of non-ASCII bytes) without a bad sequence.
    good_words: usize,
    /// Words with one.
    bad_words: usize,
    /// Bytes of a character that the end of the text cut off.
    cut: usize,
}

/// Whether bytes that are not valid UTF-8 are UTF-8 all the same, with a few faults.
///
/// A detector alone takes a Russian UTF-8 page with one stray byte for GBK.
pub(super) fn is_nearly(bytes: &[u8]) -> bool {
    let tally = tally(bytes);
    if tally.bad == 0 {
        // Only the end is wrong. A lone lead byte there may be the last letter of "café" in windows-1252.
        return tally.good >= GOOD_BEFORE_CUT || tally.cut > 1 || (tally.cut == 0 && tally.good > 0);
    }
    tally.good / tally.bad >= GOOD_PER_BAD || (tally.good_words >= GOOD_WORDS && tally.good_words >= tally.bad_words)
}

fn tally(bytes: &[u8]) -> Tally {
    let mut tally = Tally::default();
    let mut word_start = (0, 0);
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| *b >= 0x80) {
        if at > 0 {
            end_word(&mut tally, word_start);
            word_start = (tally.good, tally.bad);
        }
        rest = &rest[at..];
        rest = &rest[step(rest, &mut tally)..];
    }
    if tally.cut == 0 {
        end_word(&mut tally, word_start);
    }
    tally
}

/// Counts the word that started when the tally of good and bad sequences was `start`.
fn end_word(tally: &mut Tally, start: (usize, usize)) {
    if tally.bad > start.1 {
        tally.bad_words += 1;
    } else if tally.good > start.0 {
        tally.good_words += 1;
    }
}

/// Counts the sequence that starts at the first of these bytes, a non-ASCII one, and gives its length.
///
/// The shape decides, not the value: a surrogate of CESU-8 speaks for UTF-8 though it decodes to replacements, and so
/// does C0 80, the NUL of Java. Other overlong pairs do not, they are common in GB18030.
fn step(bytes: &[u8], tally: &mut Tally) -> usize {
    let needed = match bytes {
        [0xC0, 0x80, ..] | [0xC2..=0xDF, ..] => 2,
        [0xE0..=0xEF, ..] => 3,
        [0xF0..=0xF4, ..] => 4,
        _ => 1,
    };
    let found = 1 + bytes.iter().skip(1).take(needed - 1).take_while(|b| matches!(**b, 0x80..=0xBF)).count();
    if needed > 1 && found == needed {
        tally.good += 1;
    } else if needed > 1 && found == bytes.len() {
        tally.cut = found;
    } else {
        tally.bad += 1;
    }
    found
}

/// Decodes UTF-8, with U+FFFD for each malformed sequence as the Encoding Standard counts them.
pub(super) fn decode(bytes: &[u8], source: EncodingSource) -> Decoded<'_> {
    let (text, replacements) = match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), 0),
        Err(_) => replace(bytes),
    };
    Decoded { text, encoding: EncodingInfo { label: UTF_8.name(), source, replacements }, bom: false }
}

fn replace(bytes: &[u8]) -> (Cow<'_, str>, usize) {
    let mut text = String::with_capacity(bytes.len() + 16);
    let mut replacements = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            replacements += 1;
        }
    }
    (Cow::Owned(text), replacements)
}
