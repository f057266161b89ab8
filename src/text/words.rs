//! Counting words fast, since every byte of every text is counted.

use super::chars::unicode::{UNSPACED, WORD};
use super::chars::{ASCII_WORD, class};

/// How many bytes are looked at together; while all are ASCII, no character is decoded.
const BLOCK: usize = 256;

/// The words of a text: runs of letters, figures and marks; in scripts without blanks, characters.
///
/// This is what `\w+` finds, and what the measures of text extraction count.
pub(crate) fn count_words(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut count, mut at, mut in_word) = (0, 0, false);
    while at < bytes.len() {
        let block = &bytes[at..bytes.len().min(at + BLOCK)];
        if block.is_ascii() {
            count += word_starts(block, in_word);
            in_word = block.last().is_some_and(|&byte| ASCII_WORD[usize::from(byte)]);
            at += block.len();
            continue;
        }
        let end = at + block.len();
        while at < end {
            let Some(c) = text[at..].chars().next() else { break };
            let class = class(c);
            let word = class & WORD != 0;
            let counts = word && (class & UNSPACED != 0 || !in_word);
            count += usize::from(counts);
            in_word = word && class & UNSPACED == 0;
            at += c.len_utf8();
        }
    }
    count
}

/// The words that begin in a block of ASCII. Written as sums of comparisons, so that the compiler looks at many bytes at
/// once.
fn word_starts(block: &[u8], in_word: bool) -> usize {
    let Some(&first) = block.first() else { return 0 };
    let inner: u8 = block.iter().zip(&block[1..]).map(|(&before, &byte)| is_word(byte) & !is_word(before) & 1).sum();
    usize::from(inner) + usize::from(is_word(first) & u8::from(!in_word))
}

/// 1 for a letter, a figure or `_`, otherwise 0.
#[inline]
fn is_word(byte: u8) -> u8 {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let figure = byte.wrapping_sub(b'0') < 10;
    u8::from(letter) | u8::from(figure) | u8::from(byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_figures() {
        assert_eq!(count_words("Two words - here's 3.5"), 6);
        assert_eq!(count_words("Читайте также: “да”"), 3);
        assert_eq!(count_words("関連記事 hier"), 5);
        assert_eq!(count_words(""), 0);
    }

    #[test]
    fn blocks_do_not_matter() {
        let text = "word ".repeat(100) + "“ünï” " + &"x".repeat(200) + " end";
        assert_eq!(count_words(&text), 103);
        for cut in 0..130 {
            assert_eq!(count_words(&text[..cut.min(text.len())]), cut.div_ceil(5), "{cut}");
        }
    }
}
