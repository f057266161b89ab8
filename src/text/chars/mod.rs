//! What a character is to this program: part of a word, blank, invisible, an edge mark, of a script without blanks.

pub(crate) mod unicode;

use unicode::{BLANK, CLOSING, EDGE, NUMERIC, QUOTE, STOP, UNSPACED, WORD};

mod tables {
    generated!("char_tables.rs");
}

/// For each byte, whether it is an ASCII letter, figure or `_`.
pub(crate) static ASCII_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte == b'_' as usize;
        byte += 1;
    }
    table
};

/// In the table of folds: not one character of the Basic Multilingual Plane.
const NOT_SIMPLE: u16 = 0xffff;

/// The classes of a character, as bits of [`unicode`].
#[inline(always)]
pub(crate) fn class(c: char) -> u16 {
    let code = c as usize;
    match tables::CLASS_INDEX.get(code >> 8) {
        Some(&block) => tables::CLASS_BLOCKS[usize::from(block)][code & 0xff],
        None => class_beyond_tables(c),
    }
}

/// Kept apart, so that the look into the table is small enough to stand wherever it is needed.
#[cold]
#[inline(never)]
fn class_beyond_tables(c: char) -> u16 {
    unicode::class(c)
}

/// The classes of an ASCII character.
#[inline]
pub(crate) fn ascii_class(byte: u8) -> u16 {
    tables::CLASS_BLOCKS[usize::from(tables::CLASS_INDEX[0])][usize::from(byte)]
}

/// Whether a character that begins with these bytes is a Han character as nearly all are: U+4000 to U+9FFF but for the
/// hexagrams. Each is a word of a script without blanks, and folds to itself.
#[inline(always)]
pub(crate) fn is_han(first: u8, second: u8) -> bool {
    matches!(first, 0xe4..=0xe9) && !(first == 0xe4 && second == 0xb7)
}

/// The classes of the character at a place, and how many bytes it has.
#[inline]
pub(crate) fn class_at(text: &str, at: usize) -> (u16, usize) {
    match text.as_bytes()[at..] {
        [byte, ..] if byte.is_ascii() => (class(char::from(byte)), 1),
        [first, second, _, ..] if is_han(first, second) => (WORD | UNSPACED, 3),
        _ => text[at..].chars().next().map_or((0, 1), |c| (class(c), c.len_utf8())),
    }
}

/// What a character by itself folds to, where that is one character.
#[inline(always)]
pub(crate) fn simple_fold(c: char) -> Option<char> {
    let code = c as usize;
    let block = *tables::FOLD_INDEX.get(code >> 8)?;
    let folded = tables::FOLD_BLOCKS[usize::from(block)][code & 0xff];
    if folded == NOT_SIMPLE { None } else { char::from_u32(u32::from(folded)) }
}

fn is(c: char, bits: u16) -> bool {
    class(c) & bits != 0
}

/// Whether words of the character's script are written without blanks between them (Thai … Khmer, kana, Han).
pub(crate) fn is_unspaced(c: char) -> bool {
    is(c, UNSPACED)
}

/// Whether the character is part of a word.
pub(crate) fn is_word(c: char) -> bool {
    is(c, WORD)
}

/// Whether the character is part of a word of a script that sets blanks between words.
pub(crate) fn is_spaced_word(c: char) -> bool {
    class(c) & (WORD | UNSPACED) == WORD
}

/// Whether the character is blank, a control character included.
pub(crate) fn is_blank(c: char) -> bool {
    is(c, BLANK)
}

/// Whether a line's edge loses the character: bullets, arrows, markdown marks, pictures, and `: ! *`.
pub(crate) fn is_edge(c: char) -> bool {
    is(c, EDGE)
}

/// Whether the character ends a sentence, in any script.
pub(crate) fn is_sentence_end(c: char) -> bool {
    is(c, STOP)
}

/// Whether the character may stand between the end of a sentence and the blank after it.
pub(crate) fn is_closing(c: char) -> bool {
    is(c, CLOSING)
}

/// Whether the character is a figure, or a number in one character.
pub(crate) fn is_numeric(c: char) -> bool {
    is(c, NUMERIC)
}

/// Whether the character is a quotation mark of any script.
pub(crate) fn is_quote(c: char) -> bool {
    is(c, QUOTE)
}

/// The bracket that closes the one that `c` opens.
pub(crate) fn closing_bracket(c: char) -> Option<char> {
    Some(match c {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '（' => '）',
        '［' => '］',
        '【' => '】',
        '〔' => '〕',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn han_characters_are_what_unicode_says() {
        for c in (0..0x2_1000).filter_map(char::from_u32) {
            let text = c.to_string();
            assert_eq!(class_at(&text, 0), (class(c), text.len()), "{c:?}");
            if let [first, second, _] = *text.as_bytes()
                && is_han(first, second)
            {
                assert_eq!(simple_fold(c), Some(c));
            }
        }
    }

    #[test]
    fn the_tables_say_what_unicode_says() {
        for c in (0..0x1_1000).filter_map(char::from_u32) {
            assert_eq!(class(c), unicode::class(c), "{c:?}");
            if let Some(folded) = simple_fold(c) {
                let mut slow = String::new();
                unicode::fold(&c.to_string(), &mut |c| slow.push(c));
                assert_eq!(slow, folded.to_string(), "{c:?}");
            }
        }
    }
}
