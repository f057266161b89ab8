//! The words of a folded text as numbers, for telling quickly which words it does not hold.
//!
//! A token is a run of two or more bytes of letters and figures in scripts that set blanks between words, and each pair of neighbours
//! in scripts that set none. Most texts are ASCII, or ASCII with letters of Europe; there, which bytes belong to tokens is told for many bytes
//! at once: without a branch, so that the compiler makes it a few instructions for all of them.

use std::ops::Range;

use super::bits::gather;
use super::chars::class_at;
use super::chars::unicode::{EDGE, UNSPACED, WORD};

/// Bytes whose membership is told together: one bit each of a number.
const BLOCK: usize = 64;
/// More bytes of a token than these make no difference.
const MAX_BYTES: usize = 16;
/// Odd numbers without a pattern in their bits; the first is 2^64 divided by the golden ratio (Knuth, The Art of Computer
/// Programming, vol. 3, 6.4).
const MIX: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f];

/// Which bytes belong to tokens, as bits; kept from text to text.
pub(crate) type Bits = Vec<u64>;

/// The number of a token.
pub(crate) fn hash(token: &[u8]) -> u32 {
    let length = token.len().min(MAX_BYTES);
    hash_at(token, 0, length)
}

/// The number of the token of so many bytes at a place.
#[inline]
fn hash_at(bytes: &[u8], at: usize, length: usize) -> u32 {
    let low = eight(bytes, at, length.min(8));
    let high = if length > 8 { eight(bytes, at + 8, length - 8) } else { 0 };
    ((low ^ high.wrapping_mul(MIX[1]).rotate_left(29)).wrapping_mul(MIX[0]) >> 32) as u32
}

/// So many bytes from a place on, at most eight, as a number.
#[inline]
fn eight(bytes: &[u8], at: usize, length: usize) -> u64 {
    let rest = &bytes[at..];
    let number = match rest.first_chunk::<8>() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => rest.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)),
    };
    number & (u64::MAX >> (64 - 8 * length.clamp(1, 8)))
}

/// Calls `found` with the number of each token of a folded text.
pub(crate) fn each_hash(text: &str, bits: &mut Bits, mut found: impl FnMut(u32)) {
    let bytes = text.as_bytes();
    if !is_alphabetic(bytes) {
        return each(text, |token| found(hash_at(bytes, token.start, token.len().min(MAX_BYTES))));
    }
    bits.clear();
    bits.extend(bytes.chunks(BLOCK).map(of_block));
    let mut before = 0;
    for (number, &block) in bits.iter().enumerate() {
        let next = bits.get(number + 1).copied().unwrap_or_default();
        let goes_on = block >> 1 | next << (BLOCK - 1);
        let mut starts = block & goes_on & !(block << 1 | before >> (BLOCK - 1));
        before = block;
        while starts != 0 {
            let start = starts.trailing_zeros() as usize;
            starts &= starts - 1;
            let mut run = block >> start;
            if start > 0 {
                run |= next << (BLOCK - start);
            }
            found(hash_at(bytes, number * BLOCK + start, (run.trailing_ones() as usize).min(MAX_BYTES)));
        }
    }
}

/// Calls `found` with the place of each token of a text, character by character.
#[inline(always)]
fn each(text: &str, mut found: impl FnMut(Range<usize>)) {
    let (mut start, mut unspaced) = (None, None);
    let mut at = 0;
    while at < text.len() {
        let (class, length) = class_at(text, at);
        let is_part = class & (WORD | EDGE) == WORD;
        let is_spaced = is_part && class & UNSPACED == 0;
        if !is_spaced && let Some(start) = start.take().filter(|start| start + 1 < at) {
            found(start..at);
        }
        if is_spaced {
            start.get_or_insert(at);
        }
        let is_unspaced = is_part && !is_spaced;
        if is_unspaced && let Some(before) = unspaced {
            found(before..at + length);
        }
        unspaced = is_unspaced.then_some(at);
        at += length;
    }
    if let Some(start) = start.filter(|start| start + 1 < text.len()) {
        found(start..text.len());
    }
}

/// The tokens that any text holds which holds this one as a part: those that could go on at its edges are left out, unless
/// words are known to begin and to end there.
pub(crate) fn whole(text: &str, begins: bool, ends: bool) -> Vec<String> {
    let mut tokens = Vec::new();
    each(text, |place| {
        let token = &text[place.clone()];
        let is_spaced = class_at(token, 0).0 & UNSPACED == 0;
        let goes_on = (place.start == 0 && !begins) || (place.end == text.len() && !ends);
        if !(is_spaced && goes_on) {
            tokens.push(token.to_owned());
        }
    });
    tokens
}

/// Whether all characters besides ASCII are letters that are written with blanks between words: those of Latin, and of Cyrillic
/// up to U+047F.
fn is_alphabetic(bytes: &[u8]) -> bool {
    if bytes.is_ascii() {
        return true;
    }
    let odd = bytes.iter().fold(0, |odd, &byte| {
        let latin = u8::from(byte.wrapping_sub(0xc3) <= 0xc9 - 0xc3);
        let cyrillic = u8::from(byte & 0xfe == 0xd0);
        odd | (u8::from(byte >= 0xc0) & !(latin | cyrillic))
    });
    // The signs of multiplication and division stand among the letters.
    let signs = bytes.iter().zip(bytes.iter().skip(1)).fold(0, |signs, (&byte, &next)| {
        signs | (u8::from(byte == 0xc3) & (u8::from(next == 0x97) | u8::from(next == 0xb7)))
    });
    odd | signs == 0
}

/// The bytes of tokens among at most [`BLOCK`].
fn of_block(bytes: &[u8]) -> u64 {
    let mut flags = [0_u8; BLOCK];
    for (flag, &byte) in flags.iter_mut().zip(bytes) {
        let letter = u8::from(byte.wrapping_sub(b'a') <= b'z' - b'a');
        let figure = u8::from(byte.wrapping_sub(b'0') <= b'9' - b'0');
        *flag = letter | figure | byte >> 7;
    }
    gather(&flags)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::Folded;

    fn tokens(text: &str) -> Vec<String> {
        let mut tokens = Vec::new();
        each(text, |token| tokens.push(text[token].to_owned()));
        tokens
    }

    fn hashes(text: &str) -> Vec<u32> {
        let mut hashes = Vec::new();
        each_hash(text, &mut Bits::new(), |hash| hashes.push(hash));
        hashes
    }

    #[test]
    fn tokens_are_words_and_pairs() {
        assert_eq!(tokens("read more: utm_source, 3 étés"), ["read", "more", "utm", "source", "étés"]);
        assert_eq!(tokens("関連記事 a"), ["関連", "連記", "記事"]);
        assert_eq!(tokens(" «да» "), ["да"]);
    }

    #[test]
    fn what_may_go_on_at_an_edge_is_no_token_of_a_part() {
        assert_eq!(whole("thought", true, false), [""; 0]);
        assert_eq!(whole("thought", true, true), ["thought"]);
        assert_eq!(whole("(cc) by", false, true), ["cc", "by"]);
        assert_eq!(whole("関連", false, false), ["関連"]);
    }

    #[test]
    fn many_bytes_at_once_say_what_characters_say() {
        for c in (1..0x1_1000).filter_map(char::from_u32) {
            for at in [0, 1, 9, 61, 62, 63, 64, 127] {
                let text = format!("{}{c}b {c} die brücke{c}", "a ".repeat(at));
                let folded = Folded::new(&text);
                let expected: Vec<u32> = tokens(folded.text()).iter().map(|token| hash(token.as_bytes())).collect();
                assert_eq!(hashes(folded.text()), expected, "{c:?} at {at}");
            }
        }
    }

    #[test]
    fn long_tokens_are_alike_from_their_sixteenth_byte_on() {
        assert_eq!(hash(b"rindfleischetikettierung"), hash(b"rindfleischetike"));
        assert_eq!(hashes("das rindfleischetikettierungs das").len(), 3);
    }
}
