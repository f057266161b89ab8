//! UTF-16 without byte order mark or with the wrong one, and UTF-32.
//!
//! UTF-16 of Latin text has a NUL in each character. In other scripts NULs are few, but spaces, line ends and the
//! punctuation of Chinese and Japanese (U+3000 to U+3002) all hold a byte from 00 to 02, which text in other
//! encodings does not have in number. The characters those bytes give in one byte order and not in the other are the
//! anchors that decide.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// One anchor in so many characters, at least. Measured: Thai, which has the fewest, has one in
/// twenty, Chinese one in sixteen, Latin script nearly all.
const CHARS_PER_ANCHOR: usize = 64;

/// One character in so many may be none that a text has: a stray control or the icon font of a web page (private
/// use). Of random bytes one unit in eight is such a one.
const CHARS_PER_ODD: usize = 32;

/// What the characters of a text look like in one byte order.
#[derive(Debug, Default)]
struct Tally {
    chars: usize,
    /// Printable ASCII, white space, CJK punctuation.
    anchors: usize,
    /// Controls, private use, unassigned planes, lone surrogates.
    odd: usize,
    /// Spaces and line ends.
    spaces: usize,
    /// What spaces and line ends are in the other byte order: a rare space and two characters that do not exist.
    swapped_spaces: usize,
}

impl Tally {
    fn of(bytes: &[u8], encoding: &'static Encoding) -> Tally {
        let units = bytes.as_chunks::<2>().0.iter();
        let mut tally = Tally::default();
        if encoding == UTF_16LE {
            tally.count(char::decode_utf16(units.map(|u| u16::from_le_bytes(*u))));
        } else {
            tally.count(char::decode_utf16(units.map(|u| u16::from_be_bytes(*u))));
        }
        tally
    }

    fn count(&mut self, chars: impl Iterator<Item = Result<char, std::char::DecodeUtf16Error>>) {
        for c in chars {
            self.chars += 1;
            match c {
                Ok(' ' | '\n' | '\r') => {
                    self.anchors += 1;
                    self.spaces += 1;
                }
                Ok('\t' | '!'..='~' | '\u{3000}'..='\u{3002}') => self.anchors += 1,
                Ok('\u{2000}' | '\u{0A00}' | '\u{0D00}') => self.swapped_spaces += 1,
                Ok(c) if is_odd(c) => self.odd += 1,
                Ok(_) => {}
                Err(_) => self.odd += 1,
            }
        }
    }

    fn is_text(&self) -> bool {
        self.anchors > 0
            && self.anchors.saturating_mul(CHARS_PER_ANCHOR) >= self.chars
            && self.odd.saturating_mul(CHARS_PER_ODD) <= self.chars
    }
}

/// Whether a character has no place in text: controls, private use, noncharacters, planes without characters.
fn is_odd(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{0B}' | '\u{0C}' | '\u{85}');
    control || matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FFFE}'..='\u{FFFF}' | '\u{40000}'..)
}

/// The byte order of text in UTF-16 without byte order mark, or `None` when the bytes are something else.
pub(super) fn without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    // Each anchor holds a byte from 00 to 02 (or is two ASCII bytes with a NUL): a fast no for most legacy texts.
    let low = bytes.iter().filter(|b| **b <= 2).count();
    if low == 0 || low.saturating_mul(2 * CHARS_PER_ANCHOR) < bytes.len() || reads_as_ascii(bytes) {
        return None;
    }
    let (little, big) = (Tally::of(bytes, UTF_16LE), Tally::of(bytes, UTF_16BE));
    match (little.is_text(), big.is_text()) {
        (true, true) => Some(if little.anchors >= big.anchors { UTF_16LE } else { UTF_16BE }),
        (true, false) => Some(UTF_16LE),
        (false, true) => Some(UTF_16BE),
        (false, false) => None,
    }
}

/// Whether most units are two printable ASCII bytes, which as UTF-16 would be rare Chinese characters.
///
/// Three in four: text in ASCII with a NUL here and there has more, a page of hiragana, the worst case, about six in
/// ten.
pub(super) fn reads_as_ascii(bytes: &[u8]) -> bool {
    let units = bytes.as_chunks::<2>().0;
    let printable = units.iter().filter(|u| u.iter().all(|b| matches!(b, b' '..=b'~'))).count();
    printable * 4 > units.len() * 3
}

/// Whether text behind a byte order mark has the other byte order: its spaces are all swapped.
pub(super) fn is_swapped(bytes: &[u8], said: &'static Encoding) -> bool {
    let tally = Tally::of(bytes, said);
    tally.spaces == 0
        && tally.swapped_spaces > 0
        && tally.swapped_spaces.saturating_mul(CHARS_PER_ANCHOR) >= tally.chars
}

/// Whether the bytes are UTF-32 without byte order mark: characters throughout, in either byte order.
pub(super) fn is_utf32(bytes: &[u8]) -> bool {
    let units = bytes.as_chunks::<4>().0;
    let is_text = |value: u32| char::from_u32(value).is_some_and(|c| !is_odd(c));
    !units.is_empty()
        && (units.iter().all(|u| is_text(u32::from_le_bytes(*u)))
            || units.iter().all(|u| is_text(u32::from_be_bytes(*u))))
}
