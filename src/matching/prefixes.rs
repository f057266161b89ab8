//! Literals that texts begin with, in sorted tables behind filters.

use std::borrow::Cow;
use std::ops::Range;

use super::index::PatternId;
use crate::rules::template::{END, MAX_PREFIX};

/// Literals that a text may begin with, and the patterns behind each.
///
/// A literal is a number: its bytes, the first one highest, filled up with zeros, which no folded text has. What is kept of it
/// is a part of its hash, so that the table stays small, and near in the cache; a pattern that is found because two of these
/// are equal is run in vain, once in a long while. A search looks for each length of literals that begin with the text's first four bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefixes {
    /// The lower halves of the hashes of the literals, sorted in each bucket.
    pub(crate) hashes: Cow<'static, [u16]>,
    /// The pattern behind each.
    pub(crate) patterns: PatternIds,
    /// Where each bucket begins, by the upper bits of hashes; one more for the end.
    pub(crate) starts: Cow<'static, [u32]>,
    /// For each pair of first bytes, whether literals of less than four bytes begin so, as bits.
    pub(crate) short_pairs: Cow<'static, [u64]>,
    /// For each first byte, the lengths of literals of less than four bytes, as bits.
    pub(crate) short_lengths: Cow<'static, [u16]>,
    /// For each hash of four first bytes, whether literals of four bytes and more begin so, as bits.
    pub(crate) fours: Cow<'static, [u64]>,
    /// For each such hash, the lengths of these literals below eight bytes, as bits; [`LONG`] where there are longer ones.
    pub(crate) lengths: Cow<'static, [u8]>,
    /// For each hash of eight first bytes, the lengths from eight on of literals that begin so, as bits.
    pub(crate) eights: Cow<'static, [u8]>,
}

/// Numbers of patterns in as few bytes as they need: of a set of less than 65,536 patterns the upper halves are left out.
///
/// They are counted from one here, so that the last number there is, which stands for no one pattern, is a small one, too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PatternIds {
    pub(crate) lower: Cow<'static, [u16]>,
    pub(crate) upper: Cow<'static, [u16]>,
}

impl PatternIds {
    fn new(ids: impl Iterator<Item = PatternId>) -> PatternIds {
        let counted: Vec<u32> = ids.map(|id| id.wrapping_add(1)).collect();
        let lower = counted.iter().map(|&id| id as u16).collect();
        let mut upper: Vec<u16> = counted.iter().map(|&id| (id >> 16) as u16).collect();
        if upper.iter().all(|&half| half == 0) {
            upper.clear();
        }
        PatternIds { lower, upper: upper.into() }
    }

    /// Those at these places.
    fn of(&self, places: Range<usize>) -> impl Iterator<Item = PatternId> {
        let upper = move |at: usize| self.upper.get(at).map_or(0, |&half| u32::from(half) << 16);
        self.lower[places.clone()]
            .iter()
            .zip(places)
            .map(move |(&half, at)| (upper(at) | u32::from(half)).wrapping_sub(1))
    }
}

/// How many pairs of bytes there are.
const PAIRS: usize = 1 << 16;
/// The most values that a hash of four bytes has, and the fewest; for each literal there are up to 32, so that few texts look
/// like one by chance.
const FOURS: [usize; 2] = [1 << 16, 1 << 10];
/// The most values that a hash of eight bytes has, and the fewest.
const EIGHTS: [usize; 2] = [1 << 18, 1 << 10];
/// Among the lengths of literals that begin with some four bytes, that there are some of eight bytes and more.
const LONG: u8 = 1;
/// About how many literals share a bucket.
const USUAL_BUCKET: usize = 12;
/// 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming, vol. 3, 6.4), and another odd number without a
/// pattern in its bits, for the other half of a key.
const MIX: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f];

/// The hash of four bytes, one of so many values; their number is a power of two.
fn four(bytes: [u8; 4], values: usize) -> usize {
    (u32::from_be_bytes(bytes).wrapping_mul(0x9e37_79b1) >> 16) as usize & values.wrapping_sub(1)
}

/// The hash of eight bytes, one of so many values; their number is a power of two.
fn eight(bytes: [u8; 8], values: usize) -> usize {
    (u64::from_be_bytes(bytes).wrapping_mul(MIX[0]) >> 40) as usize & values.wrapping_sub(1)
}

/// The hash of a literal.
fn hash(key: u128) -> u32 {
    let high = ((key >> 64) as u64).wrapping_mul(MIX[0]);
    let both = (high ^ (high >> 32) ^ key as u64).wrapping_mul(MIX[1]);
    (both >> 32) as u32
}

/// Where a bit is in numbers that hold 64 of them.
fn bit(number: usize) -> (usize, u64) {
    (number / 64, 1 << (number % 64))
}

/// Where the bit of a pair of bytes is.
fn pair_bit(first: u8, second: u8) -> (usize, u64) {
    bit(usize::from(first) << 8 | usize::from(second))
}

/// Whether a bit is set.
fn has(bits: &[u64], (word, bit): (usize, u64)) -> bool {
    bits.get(word).is_some_and(|bits| bits & bit != 0)
}

/// The first bytes of a text as a number.
pub(super) fn key(text: &[u8]) -> u128 {
    let mut bytes = [0; size_of::<u128>()];
    let length = text.len().min(MAX_PREFIX);
    bytes[..length].copy_from_slice(&text[..length]);
    u128::from_be_bytes(bytes)
}

/// How many bytes a literal has.
fn length(key: u128) -> u32 {
    size_of::<u128>() as u32 - key.trailing_zeros() / 8
}

impl Prefixes {
    /// A table of literals with the number of a pattern each.
    pub(super) fn new(literals: &[(u128, PatternId)]) -> Prefixes {
        if literals.is_empty() {
            return Prefixes::default();
        }
        let buckets = literals.len().div_ceil(USUAL_BUCKET);
        let place = |hash: u32| (bucket(hash, buckets) as u32, hash as u16);
        let mut sorted: Vec<_> = literals.iter().map(|&(key, pattern)| (place(hash(key)), pattern)).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut starts = vec![0; buckets + 1];
        sorted.iter().for_each(|&((bucket, _), _)| starts[bucket as usize + 1] += 1);
        (1..=buckets).for_each(|at| starts[at] += starts[at - 1]);
        let mut table = Prefixes { starts: starts.into(), ..Prefixes::default() };
        table.hashes = sorted.iter().map(|&((_, hash), _)| hash).collect();
        table.patterns = PatternIds::new(sorted.into_iter().map(|(_, pattern)| pattern));
        table.note_beginnings(literals);
        table
    }

    fn note_beginnings(&mut self, literals: &[(u128, PatternId)]) {
        let values = (literals.len() * 32).next_power_of_two().clamp(FOURS[1], FOURS[0]);
        let long_values = (literals.len() * 4).next_power_of_two().clamp(EIGHTS[1], EIGHTS[0]);
        let (mut short_pairs, mut fours) = (vec![0; PAIRS / 64], vec![0; values / 64]);
        let (mut short_lengths, mut lengths, mut eights) = (vec![0; 256], vec![0; values], vec![0; long_values]);
        for &(key, _) in literals {
            let length = length(key);
            let [a, b, c, d, e, f, g, h, ..] = key.to_be_bytes();
            if length < 4 {
                // A literal of one byte goes with any second one.
                let seconds = if length == 1 { 0..=255 } else { b..=b };
                seconds.map(|second| pair_bit(a, second)).for_each(|(word, bit)| short_pairs[word] |= bit);
                short_lengths[usize::from(a)] |= 1 << length;
                continue;
            }
            let four = four([a, b, c, d], values);
            let (word, bit) = bit(four);
            fours[word] |= bit;
            lengths[four] |= if length < 8 { 1 << length } else { LONG };
            if length >= 8 {
                eights[eight([a, b, c, d, e, f, g, h], long_values)] |= 1 << (length - 8);
            }
        }
        (self.short_pairs, self.fours) = (short_pairs.into(), fours.into());
        (self.short_lengths, self.lengths, self.eights) = (short_lengths.into(), lengths.into(), eights.into());
    }

    /// Whether there is no literal.
    pub(super) fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Adds the patterns of the literals that a text begins with.
    #[inline]
    pub(super) fn find(&self, text: &[u8], found: &mut Vec<PatternId>) {
        let lengths = match *text {
            [a, b, c, d, ..] => {
                let (short, four) = (has(&self.short_pairs, pair_bit(a, b)), four([a, b, c, d], self.lengths.len()));
                let long = has(&self.fours, bit(four));
                if !short && !long {
                    return;
                }
                let short = if short { self.short_lengths[usize::from(a)] } else { 0 };
                short | if long { self.long_lengths(text, four) } else { 0 }
            }
            [first, ..] => self.short_lengths.get(usize::from(first)).copied().unwrap_or_default(),
            [] => 0,
        };
        if lengths != 0 {
            self.find_lengthwise(text, lengths, found);
        }
    }

    /// Adds the patterns of the literals that are marked as all of a match, and are all of a text.
    pub(super) fn find_whole(&self, text: &[u8], found: &mut Vec<PatternId>) {
        if text.is_empty() || text.len() >= MAX_PREFIX || self.is_empty() {
            return;
        }
        let mut key = [END; MAX_PREFIX];
        key[..text.len()].copy_from_slice(text);
        self.find_lengthwise(&key, 1 << (text.len() + 1), found);
    }

    /// Adds the patterns of such literals that a text begins with.
    pub(super) fn find_whole_starts(&self, text: &[u8], found: &mut Vec<PatternId>) {
        (1..=text.len().min(MAX_PREFIX - 1)).for_each(|length| self.find_whole(&text[..length], found));
    }

    /// The lengths from four bytes on of literals that a text may begin with.
    fn long_lengths(&self, text: &[u8], four: usize) -> u16 {
        let lengths = self.lengths[four];
        let eights = match text.first_chunk::<8>() {
            Some(&first) if lengths & LONG != 0 => self.eights[eight(first, self.eights.len())],
            _ => 0,
        };
        u16::from(lengths & !LONG) | u16::from(eights) << 8
    }

    /// Whether a text may begin with a literal, by its first bytes, whose ASCII letters are small.
    #[inline]
    pub(super) fn may_begin_with(&self, bytes: [u8; 4]) -> bool {
        let [a, b, ..] = bytes;
        has(&self.short_pairs, pair_bit(a, b)) || has(&self.fours, bit(four(bytes, self.lengths.len())))
    }

    fn find_lengthwise(&self, text: &[u8], mut lengths: u16, found: &mut Vec<PatternId>) {
        let key = key(text);
        while lengths != 0 {
            let length = lengths.trailing_zeros();
            lengths &= lengths - 1;
            if length as usize > text.len() {
                return;
            }
            let wanted = hash(key & (u128::MAX << (128 - 8 * length)));
            let (bucket, wanted) = (bucket(wanted, self.starts.len() - 1), wanted as u16);
            let (start, end) = (self.starts[bucket] as usize, self.starts[bucket + 1] as usize);
            let hashes = &self.hashes[start..end];
            let at = hashes.partition_point(|&hash| hash < wanted);
            let equal = hashes[at..].iter().take_while(|&&hash| hash == wanted).count();
            found.extend(self.patterns.of(start + at..start + at + equal));
        }
    }
}

/// The bucket of a hash, of so many.
fn bucket(hash: u32, buckets: usize) -> usize {
    ((u64::from(hash) * buckets as u64) >> 32) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::template::Prefix;

    #[test]
    fn literals_of_every_length_are_found() {
        let literals = ["a", "an", "ann", "anna", "anna ", "anna karenina i", "関連", "関連記事を"];
        let literals: Vec<_> = literals.iter().zip(0..).map(|(literal, n)| (key(literal.as_bytes()), n)).collect();
        let prefixes = Prefixes::new(&literals);
        let found = |text: &str| {
            let mut found = Vec::new();
            prefixes.find(text.as_bytes(), &mut found);
            found
        };
        assert_eq!(found("anna karenina is"), [0, 1, 2, 3, 4, 5]);
        assert_eq!(found("annb"), [0, 1, 2]);
        assert_eq!(found("an"), [0, 1]);
        assert_eq!(found("a"), [0]);
        assert_eq!(found("関連記事を読む"), [6, 7]);
        assert_eq!(found("b"), [] as [PatternId; 0]);
        assert!(prefixes.may_begin_with(*b"azzz") && !prefixes.may_begin_with(*b"bazz"));
    }

    #[test]
    fn literals_that_are_all_of_a_match_are_found_by_whole_texts() {
        let literals = [Prefix::new("share").ended().unwrap_or_default(), Prefix::new("send")];
        let prefixes = Prefixes::new(&[(literals[0].key(), 0), (literals[1].key(), 1)]);
        let found = |find: &dyn Fn(&mut Vec<PatternId>)| {
            let mut found = Vec::new();
            find(&mut found);
            found
        };
        assert_eq!(found(&|found| prefixes.find(b"share", found)), [] as [PatternId; 0]);
        assert_eq!(found(&|found| prefixes.find_whole(b"share", found)), [0]);
        assert_eq!(found(&|found| prefixes.find_whole(b"share this", found)), [] as [PatternId; 0]);
        assert_eq!(found(&|found| prefixes.find_whole_starts(b"share this", found)), [0]);
        assert_eq!(found(&|found| prefixes.find(b"send this", found)), [1]);
    }

    #[test]
    fn numbers_of_patterns_are_kept_however_large() {
        for numbers in [&[0, 7, PatternId::MAX, 65_534][..], &[0, 65_535, 1 << 20, PatternId::MAX]] {
            let ids = PatternIds::new(numbers.iter().copied());
            assert_eq!(ids.of(0..4).collect::<Vec<_>>(), numbers);
            assert_eq!(ids.of(1..2).collect::<Vec<_>>(), numbers[1..2]);
            assert_eq!(ids.upper.is_empty(), numbers[1] == 7);
        }
    }

    #[test]
    fn hashes_of_texts_alike_differ() {
        let mut texts = Vec::new();
        for a in "abcdefghijklmnop".chars() {
            for b in "abcdefghijklmnop".chars() {
                texts.extend([format!("read{a} more{b}"), format!("mehr{a}{b}zum thema"), format!("{a}{b}")]);
            }
        }
        let mut hashes: Vec<u32> = texts.iter().map(|text| hash(key(text.as_bytes()))).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), texts.len());
    }
}
