//! Literals that texts begin with, in sorted tables behind filters.

use std::borrow::Cow;

use super::index::PatternId;
use crate::rules::template::MAX_PREFIX;

/// Literals that a text may begin with, and the patterns behind each.
///
/// A literal is a number: its bytes, the first one highest, filled up with zeros, which no folded text has. Sorting numbers
/// is what makes building this for some ten thousand literals cheap where the build script has not done it; a search looks
/// for each length that occurs behind the text's first byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefixes {
    pub(crate) keys: Cow<'static, [u128]>,
    pub(crate) patterns: Cow<'static, [PatternId]>,
    /// For each first byte, where its literals begin; one more for the end.
    pub(crate) starts: Cow<'static, [u32]>,
    /// For each first byte, the lengths of its literals, as bits.
    pub(crate) lengths: Cow<'static, [u32]>,
    /// For each pair of first bytes, whether literals begin so, as bits.
    pub(crate) pairs: Cow<'static, [u64]>,
    /// The same for literals of less than four bytes.
    pub(crate) short_pairs: Cow<'static, [u64]>,
    /// For each hash of four first bytes, whether literals of four bytes and more begin so, as bits.
    pub(crate) fours: Cow<'static, [u64]>,
    /// For each hash of a key, whether there may be such a key, as bits (a Bloom filter with one hash).
    pub(crate) filter: Cow<'static, [u64]>,
}

/// Where the bit of four bytes is.
fn four_bit(bytes: [u8; 4]) -> (usize, u64) {
    let hash = (u32::from_be_bytes(bytes).wrapping_mul(0x9e37_79b1) >> 16) as usize;
    (hash / 64, 1 << (hash % 64))
}

/// How many bits of its hash a key has in the filter: 64 kB, of which the cache holds what is used.
const FILTER_BITS: u32 = 19;

/// Where the bit of a key is in the filter.
fn filter_bit(key: u128) -> (usize, u64) {
    // The odd constant is 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming, vol. 3, 6.4).
    let mixed = ((key >> 64) as u64 ^ (key as u64).rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = (mixed >> (64 - FILTER_BITS)) as usize;
    (hash / 64, 1 << (hash % 64))
}

/// How many numbers hold a bit for each pair of bytes.
const PAIR_WORDS: usize = 256 * 256 / 64;

/// Where the bit of a pair of bytes is.
fn pair_bit(first: u8, second: u8) -> (usize, u64) {
    let pair = usize::from(first) << 8 | usize::from(second);
    (pair / 64, 1 << (pair % 64))
}

/// The first bytes of a text as a number.
pub(super) fn key(text: &[u8]) -> u128 {
    let mut bytes = [0; size_of::<u128>()];
    let length = text.len().min(MAX_PREFIX);
    bytes[..length].copy_from_slice(&text[..length]);
    u128::from_be_bytes(bytes)
}

/// From how many literals on they are sorted by pairs of bytes first.
const MIN_PAIRWISE: usize = 2000;

/// Sorts literals: many of them by each pair of their first eight bytes, which leaves next to nothing to compare.
fn sorted(mut literals: Vec<(u128, PatternId)>) -> Vec<(u128, PatternId)> {
    if literals.len() < MIN_PAIRWISE {
        literals.sort_unstable();
        return literals;
    }
    let mut other = vec![(0, 0); literals.len()];
    for shift in [64, 80, 96, 112] {
        sort_by_pair(&literals, &mut other, shift);
        std::mem::swap(&mut literals, &mut other);
    }
    literals.chunk_by_mut(|a, b| a.0 >> 64 == b.0 >> 64).for_each(<[_]>::sort_unstable);
    literals
}

/// Sorts literals into `sorted` by the two bytes of their keys at `shift`; those with equal ones keep their order.
fn sort_by_pair(literals: &[(u128, PatternId)], sorted: &mut [(u128, PatternId)], shift: u32) {
    let pair = |key: u128| usize::from((key >> shift) as u16);
    let mut places = vec![0_u32; 1 << 16];
    literals.iter().for_each(|(key, _)| places[pair(*key)] += 1);
    let mut next = 0;
    for place in &mut places {
        (*place, next) = (next, next + *place);
    }
    for &literal in literals {
        let place = &mut places[pair(literal.0)];
        sorted[*place as usize] = literal;
        *place += 1;
    }
}

impl Prefixes {
    /// A table of literals with the number of a pattern each.
    pub(super) fn new(literals: Vec<(u128, PatternId)>) -> Prefixes {
        if literals.is_empty() {
            return Prefixes::default();
        }
        let mut literals = sorted(literals);
        literals.dedup();
        let first = |key: u128| usize::from(key.to_be_bytes()[0]);
        let mut lengths = vec![0; 256];
        let mut starts = vec![0; 257];
        let mut pairs = vec![0; PAIR_WORDS];
        let (mut short_pairs, mut fours) = (vec![0; PAIR_WORDS], vec![0; PAIR_WORDS]);
        let mut filter = vec![0; 1 << (FILTER_BITS - 6)];
        for (key, _) in &literals {
            let (word, bit) = filter_bit(*key);
            filter[word] |= bit;
            let length = size_of::<u128>() as u32 - key.trailing_zeros() / 8;
            let [byte, second, ..] = key.to_be_bytes();
            // A literal of one byte goes with any second one.
            let seconds = if length == 1 { 0..=255 } else { second..=second };
            for (word, bit) in seconds.map(|second| pair_bit(byte, second)) {
                pairs[word] |= bit;
                short_pairs[word] |= if length < 4 { bit } else { 0 };
            }
            if length >= 4 {
                let [a, b, c, d, ..] = key.to_be_bytes();
                let (word, bit) = four_bit([a, b, c, d]);
                fours[word] |= bit;
            }
            lengths[first(*key)] |= 1 << length;
            starts[first(*key) + 1] += 1;
        }
        for byte in 0..256 {
            starts[byte + 1] += starts[byte];
        }
        let (keys, patterns): (Vec<u128>, Vec<PatternId>) = literals.into_iter().unzip();
        Prefixes {
            keys: keys.into(),
            patterns: patterns.into(),
            starts: starts.into(),
            lengths: lengths.into(),
            pairs: pairs.into(),
            short_pairs: short_pairs.into(),
            fours: fours.into(),
            filter: filter.into(),
        }
    }

    /// Whether there is no literal.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether any literal begins with these bytes.
    #[inline]
    pub(super) fn may_begin(&self, first: u8, second: u8) -> bool {
        let (word, bit) = pair_bit(first, second);
        self.pairs.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Adds the patterns of the literals that a text begins with.
    #[inline]
    pub(super) fn find(&self, bytes: &[u8], found: &mut Vec<PatternId>) {
        if self.is_empty() {
            return;
        }
        if let [a, b, c, d, ..] = *bytes {
            let ((pair, pair_bit), (four, four_bit)) = (pair_bit(a, b), four_bit([a, b, c, d]));
            if self.short_pairs[pair] & pair_bit == 0 && self.fours[four] & four_bit == 0 {
                return;
            }
        }
        self.find_lengthwise(bytes, found);
    }

    fn find_lengthwise(&self, bytes: &[u8], found: &mut Vec<PatternId>) {
        let Some(first) = bytes.first().map(|&byte| usize::from(byte)) else { return };
        let range = self.starts[first] as usize..self.starts[first + 1] as usize;
        let (keys, patterns) = (&self.keys[range.clone()], &self.patterns[range]);
        let mut lengths = self.lengths[first];
        while lengths != 0 {
            let length = lengths.trailing_zeros() as usize;
            lengths &= lengths - 1;
            if length > bytes.len() {
                return;
            }
            let wanted = key(&bytes[..length]);
            let (word, bit) = filter_bit(wanted);
            if self.filter[word] & bit == 0 {
                continue;
            }
            let at = keys.partition_point(|&key| key < wanted);
            let equal = keys[at..].iter().take_while(|&&key| key == wanted).count();
            found.extend_from_slice(&patterns[at..at + equal]);
        }
    }
}

