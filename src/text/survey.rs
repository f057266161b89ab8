//! One look at every byte of a text: how many words it has, and whether it holds characters that need a closer look.
//!
//! Nearly every text is ASCII, or letters of Europe between the usual marks. Of these, which bytes belong to words can be told
//! from the byte and its neighbours, so a block of bytes is looked at together: the loops over blocks are written as
//! arithmetic on bytes without a branch, which compilers turn into instructions for many bytes at once. Blocks with any other
//! character are read character by character.

use super::bits::gather;
use super::chars::unicode::{ALIAS, OPENING, STOP, UNSPACED, WORD};
use super::chars::{ASCII_WORD, class, is_han};

/// How many bytes are looked at together.
const BLOCK: usize = 64;
/// How many bytes before a block tell what its first bytes belong to.
const BEFORE: usize = 2;
/// A block with its neighbours: those before, and one behind.
const WINDOW: usize = BEFORE + BLOCK + 1;

/// What is known of a text as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Runs of letters, figures and marks; in scripts without blanks, characters. This is what `\w+` finds, and what the
    /// measures of text extraction count.
    pub(crate) words: usize,
    /// Whether it may hold characters besides ASCII that end sentences or open brackets.
    pub(crate) foreign_stops: bool,
    /// Whether it may hold characters that are invisible, or that fold to ASCII letters or figures.
    pub(crate) aliases: bool,
}

impl Survey {
    /// Looks at a text.
    pub(crate) fn of(text: &str) -> Survey {
        let mut survey = Survey::default();
        let bytes = text.as_bytes();
        let (mut at, mut in_word) = (0, false);
        while at < bytes.len() {
            if let Some(words) = words_of_block(bytes, at) {
                survey.words += (words & !(words << 1 | u64::from(in_word))).count_ones() as usize;
                in_word = words >> (BLOCK - 1) != 0;
                at += BLOCK;
            } else {
                let end = (at + BLOCK).min(bytes.len());
                // A character that the block before this one ends in has been looked at.
                while !text.is_char_boundary(at) {
                    at += 1;
                }
                at += survey.read(&text[at..], end.saturating_sub(at), &mut in_word);
            }
        }
        survey
    }

    /// Reads characters up to a place and the end of the character there; how many bytes they have.
    fn read(&mut self, text: &str, end: usize, in_word: &mut bool) -> usize {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < end {
            let byte = bytes[at];
            if byte.is_ascii() {
                let is_word = ASCII_WORD[usize::from(byte)];
                self.words += usize::from(is_word & !*in_word);
                *in_word = is_word;
                at += 1;
                continue;
            }
            if let [first, second, _, ..] = bytes[at..]
                && is_han(first, second)
            {
                self.words += 1;
                *in_word = false;
                at += 3;
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            let bits = self.note(c);
            let (is_word, is_unspaced) = (bits & WORD != 0, bits & UNSPACED != 0);
            self.words += usize::from(is_word && (is_unspaced || !*in_word));
            *in_word = is_word && !is_unspaced;
            at += c.len_utf8();
        }
        at
    }

    fn note(&mut self, c: char) -> u16 {
        let bits = class(c);
        // No span begins behind an ellipsis.
        self.foreign_stops |= bits & (STOP | OPENING) != 0 && c != '…';
        self.aliases |= bits & ALIAS != 0;
        bits
    }
}

/// Whether a block holds a byte that begins a character beyond Cyrillic which is no usual mark.
fn is_wide(block: &[u8; BLOCK]) -> bool {
    block.iter().fold(0, |wide, &byte| wide | (between(byte, 0xd4, 0xff) & (same(byte, 0xe2) ^ 1))) != 0
}

/// Which bytes of the block at a place belong to words, as bits; `None` where a character needs a closer look.
fn words_of_block(bytes: &[u8], at: usize) -> Option<u64> {
    let block = bytes[at..].first_chunk::<BLOCK>()?;
    if block.is_ascii() || has_letters_only(block, at.checked_sub(1).map(|at| bytes[at])) {
        let mut words = [0; BLOCK];
        words.iter_mut().zip(block).for_each(|(word, &byte)| *word = is_word(byte) & 1);
        return Some(gather(&words));
    }
    if is_wide(block) { None } else { plain_block(&window(bytes, at)?) }
}

/// Whether all characters of a block besides ASCII are letters of Latin-1 or Cyrillic that fold to no ASCII; `before` is the byte
/// before the block.
fn has_letters_only(block: &[u8; BLOCK], before: Option<u8>) -> bool {
    let is_lead = |byte: u8| same(byte, 0xc3) | same(byte & 0xfe, 0xd0);
    let before = before.unwrap_or(b' ');
    // The second byte of a character whose first one stands before the block belongs to what is known of that; what the last
    // byte begins is seen in the next block.
    if (block[0] & 0xc0 == 0x80 && is_lead(before) == 0) || before == 0xc3 || block[BLOCK - 1] == 0xc3 {
        return false;
    }
    let is_odd = |&byte: &u8| between(byte, 0xc0, 0xff) & (is_lead(byte) ^ 1);
    // The signs of multiplication and division, and ß.
    let is_sign = |byte: u8| same(byte, 0x97) | same(byte, 0x9f) | same(byte, 0xb7);
    let signs = block.iter().zip(&block[1..]).fold(0, |odd, (&byte, &next)| odd | (same(byte, 0xc3) & is_sign(next)));
    block.iter().fold(signs, |odd, byte| odd | is_odd(byte)) == 0
}

/// The block at a place with its neighbours, where there are enough.
fn window(bytes: &[u8], at: usize) -> Option<[u8; WINDOW]> {
    if at >= BEFORE {
        return bytes.get(at - BEFORE..at + BLOCK + 1)?.try_into().ok();
    }
    let mut window = [b' '; WINDOW];
    window[BEFORE - at..].copy_from_slice(bytes.get(..at + BLOCK + 1)?);
    Some(window)
}

/// Which bytes of a block belong to words, as bits; `None` where a character needs a closer look.
fn plain_block(window: &[u8; WINDOW]) -> Option<u64> {
    let (second, before, bytes, next) = (&window[..BLOCK], &window[1..], &window[BEFORE..], &window[BEFORE + 1..]);
    // A loop for each question, since compilers look at many bytes at once only where a loop is short.
    let mut odd = 0;
    for (&byte, &next) in bytes[..BLOCK].iter().zip(&next[..BLOCK]) {
        odd |= is_odd(byte, next);
    }
    for ((&second, &before), &byte) in second.iter().zip(&before[..BLOCK]).zip(&bytes[..BLOCK]) {
        odd |= is_odd_mark(second, before, byte);
    }
    if odd != 0 {
        return None;
    }
    let mut words = [0_u8; BLOCK];
    for (word, &byte) in words.iter_mut().zip(bytes) {
        *word = is_word(byte) & 1;
    }
    for at in 0..BLOCK {
        words[at] &= !is_mark(second[at], before[at], bytes[at], next[at]);
    }
    Some(gather(&words))
}

/// 1 where a byte is between two others, these included.
#[inline(always)]
fn between(byte: u8, first: u8, last: u8) -> u8 {
    u8::from(byte.wrapping_sub(first) <= last - first)
}

/// 1 where bytes are equal.
#[inline(always)]
fn same(byte: u8, other: u8) -> u8 {
    u8::from(byte == other)
}

/// 1 for a letter, a figure or `_` of ASCII, and for a byte of any other character.
#[inline(always)]
fn is_word(byte: u8) -> u8 {
    between(byte | 0x20, b'a', b'z') | between(byte, b'0', b'9') | same(byte, b'_') | byte >> 7
}

/// 1 for a byte of a character from U+0080 to U+00BF, or from U+2000 to U+203F: marks, but for some that are odd.
#[inline(always)]
fn is_mark(second: u8, before: u8, byte: u8, next: u8) -> u8 {
    same(byte, 0xc2)
        | same(before, 0xc2)
        | (same(byte, 0xe2) & same(next, 0x80))
        | (same(before, 0xe2) & same(byte, 0x80))
        | (same(second, 0xe2) & same(before, 0x80))
}

/// 1 for the first byte of a character that is not a letter of Latin, Greek or Cyrillic, nor a mark as above; also for those
/// that are part of no word though their neighbours are, or the other way round, and for those that fold to ASCII.
#[inline(always)]
fn is_odd(byte: u8, next: u8) -> u8 {
    let known = between(byte, 0xc2, 0xc6) | between(byte, 0xc8, 0xc9) | between(byte, 0xce, 0xd1);
    let leads = between(byte, 0xc0, 0xff) & !known & !(same(byte, 0xe2) & same(next, 0x80));
    let latin_1 = same(next, 0xaa) | same(next, 0xad) | between(next, 0xb2, 0xb3) | same(next, 0xb5);
    let latin_1 = latin_1 | between(next, 0xb9, 0xba) | between(next, 0xbc, 0xbe);
    let latin_a = between(next, 0xb0, 0xb3) | same(next, 0xbf);
    let latin_b = same(next, 0x80) | same(next, 0x89) | same(next, 0xbf);
    let greek = between(next, 0x80, 0x85) | same(next, 0x87) | same(next, 0x8b) | same(next, 0x8d) | same(next, 0xa2);
    (leads
        | (same(byte, 0xc2) & latin_1)
        | (same(byte, 0xc3) & (same(next, 0x97) | same(next, 0x9f) | same(next, 0xb7)))
        | (same(byte, 0xc4) & latin_a)
        | (same(byte, 0xc5) & latin_b)
        | (same(byte, 0xce) & greek)
        | (same(byte, 0xcf) & same(next, 0xb6)))
        & 1
}

/// 1 for the last byte of a character from U+2000 to U+203F that is invisible, or that is two stops in one.
#[inline(always)]
fn is_odd_mark(second: u8, before: u8, byte: u8) -> u8 {
    same(second, 0xe2) & same(before, 0x80) & (between(byte, 0x8b, 0x8f) | between(byte, 0xa8, 0xaf) | same(byte, 0xbc))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Character by character.
    fn slow(text: &str) -> Survey {
        let (mut survey, mut in_word) = (Survey::default(), false);
        for c in text.chars() {
            let bits = if c.is_ascii() { class(c) } else { survey.note(c) };
            let (is_word, is_unspaced) = (bits & WORD != 0, bits & UNSPACED != 0);
            survey.words += usize::from(is_word && (is_unspaced || !in_word));
            in_word = is_word && !is_unspaced;
        }
        survey
    }

    #[test]
    fn words_are_runs_of_letters_and_figures() {
        assert_eq!(Survey::of("Two words - here's 3.5").words, 6);
        assert_eq!(Survey::of("Читайте также: “да”").words, 3);
        assert_eq!(Survey::of("関連記事 hier").words, 5);
        assert_eq!(Survey::of(""), Survey::default());
    }

    #[test]
    fn blocks_say_what_their_characters_say() {
        for c in (0..0x1_1000).filter_map(char::from_u32) {
            for at in [0, 1, BLOCK - 2, BLOCK - 1, BLOCK + 5] {
                let text = format!("{}{c}{c}b {c} {}", "a".repeat(at), "word ".repeat(20));
                assert_eq!(Survey::of(&text), slow(&text), "{c:?} at {at}");
            }
        }
    }

    #[test]
    fn characters_that_need_a_closer_look_are_seen() {
        let text = |c: char| format!("{}{c}{}", "word ".repeat(20), "word ".repeat(20));
        for c in ['\u{ad}', '\u{200b}', 'ß', 'ı', 'ª', 'ﬁ', '²', '𝗙'] {
            assert!(Survey::of(&text(c)).aliases, "{c:?}");
        }
        for c in ['é', 'Ω', 'ж', '“', '…', '\u{a0}'] {
            assert_eq!((Survey::of(&text(c)).aliases, Survey::of(&text(c)).foreign_stops), (false, false), "{c:?}");
        }
        assert!(Survey::of(&text('。')).foreign_stops && Survey::of(&text('（')).foreign_stops);
    }
}
