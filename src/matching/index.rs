//! Which patterns are worth running on a text: those of which it holds a literal.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, Input, MatchKind};

use crate::rules::template::{Anchor, Beginnings, MAX_PREFIX, Prefix, Text};

/// Lines of more bytes are compared only with patterns whose beginning is known. A pattern that begins with a name or a gap
/// would be compared with every paragraph otherwise.
const MAX_INNER_BYTES: usize = 220;
/// Lines of more bytes are not compared with patterns that hold no literal at all.
const MAX_ALWAYS_BYTES: usize = 140;

/// Literals of so few bytes are looked for as whole words.
const SHORT_LITERAL: usize = 4;

/// A pattern's number in its matcher.
pub(crate) type PatternId = u32;

/// Finds the patterns that a text may match by the literals it holds.
#[derive(Debug)]
pub(crate) struct Index {
    prefixes: Prefixes,
    /// Patterns that begin with a figure.
    figure: Vec<PatternId>,
    inner: Option<Inner>,
    always: Vec<PatternId>,
}

/// Literals that a text may begin with, and the patterns behind each.
///
/// A literal is a number: its bytes, the first one highest, filled up with zeros, which no folded text has. Sorting numbers
/// is what makes building this for some ten thousand literals cheap at every start; a search looks for each length that
/// occurs behind the text's first byte.
#[derive(Debug)]
struct Prefixes {
    keys: Vec<u128>,
    patterns: Vec<PatternId>,
    /// For each first byte, where its literals begin; one more for the end.
    starts: Vec<u32>,
    /// For each first byte, the lengths of its literals, as bits.
    lengths: Vec<u32>,
    /// For each pair of first bytes, whether literals begin so, as bits.
    pairs: Vec<u64>,
    /// The same for literals of less than four bytes.
    short_pairs: Vec<u64>,
    /// For each hash of four first bytes, whether literals of four bytes and more begin so, as bits.
    fours: Vec<u64>,
    /// For each hash of a key, whether there may be such a key, as bits (a Bloom filter with one hash).
    filter: Vec<u64>,
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
fn key(text: &[u8]) -> u128 {
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
    fn new(literals: Vec<(u128, PatternId)>) -> Prefixes {
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
        let (keys, patterns) = literals.into_iter().unzip();
        Prefixes { keys, patterns, starts, lengths, pairs, short_pairs, fours, filter }
    }

    fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether any literal begins with these bytes.
    fn may_begin(&self, first: u8, second: u8) -> bool {
        let (word, bit) = pair_bit(first, second);
        self.pairs[word] & bit != 0
    }

    fn find(&self, text: &str, found: &mut Vec<PatternId>) {
        let bytes = text.as_bytes();
        if let [a, b, c, d, ..] = *bytes {
            let ((pair, pair_bit), (four, four_bit)) = (pair_bit(a, b), four_bit([a, b, c, d]));
            if self.short_pairs[pair] & pair_bit == 0 && self.fours[four] & four_bit == 0 {
                return;
            }
        }
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

/// Literals that a text holds anywhere, and the patterns behind each.
#[derive(Debug)]
struct Inner {
    automaton: AhoCorasick,
    patterns: Vec<Vec<PatternId>>,
}

impl Inner {
    fn new(literals: BTreeMap<Text, Vec<PatternId>>) -> Option<Inner> {
        let (keys, patterns): (Vec<_>, Vec<_>) = literals.into_iter().unzip();
        if keys.is_empty() {
            return None;
        }
        AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(keys.iter().map(|key| &**key))
            .ok()
            .map(|automaton| Inner { automaton, patterns })
    }

    fn find(&self, text: &str, found: &mut Vec<PatternId>) {
        let bytes = text.as_bytes();
        for hit in self.automaton.find_overlapping_iter(Input::new(text)) {
            // A very short literal stands for a whole word.
            let letter = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphabetic);
            let inside = letter(Some(hit.end())) || letter(hit.start().checked_sub(1));
            if inside && hit.len() <= SHORT_LITERAL && letter(Some(hit.start())) {
                continue;
            }
            found.extend_from_slice(&self.patterns[hit.pattern().as_usize()]);
        }
    }
}

/// Builds an index pattern by pattern.
#[derive(Default)]
pub(crate) struct IndexBuilder {
    prefixes: Vec<(u128, PatternId)>,
    figure: Vec<PatternId>,
    calendar: Vec<PatternId>,
    inner: BTreeMap<Text, Vec<PatternId>>,
    always: Vec<PatternId>,
}

impl IndexBuilder {
    /// Adds a pattern.
    pub(crate) fn add(&mut self, id: PatternId, anchor: Anchor) {
        match anchor {
            Anchor::Prefixes(Beginnings { literals, figure, calendar }) => {
                self.figure.extend(figure.then_some(id));
                self.calendar.extend(calendar.then_some(id));
                self.prefixes.extend(literals.into_iter().map(|literal| (literal.key(), id)));
            }
            Anchor::Inner(literals) => {
                for literal in literals {
                    self.inner.entry(literal).or_default().push(id);
                }
            }
            Anchor::Nothing => self.always.push(id),
        }
    }

    /// Builds the index; `calendar` holds the names of months and weekdays.
    pub(crate) fn build(mut self, calendar: &[&Text]) -> Index {
        if !self.calendar.is_empty() {
            for name in calendar {
                self.prefixes.extend(self.calendar.iter().map(|&id| (Prefix::new(name).key(), id)));
            }
        }
        Index {
            prefixes: Prefixes::new(self.prefixes),
            figure: self.figure,
            inner: Inner::new(self.inner),
            always: self.always,
        }
    }
}

impl Index {
    /// Adds the patterns that have to be tried on every line that is short enough.
    pub(crate) fn by_length(&self, raw: &str, found: &mut Vec<PatternId>) {
        if raw.len() <= MAX_ALWAYS_BYTES {
            found.extend_from_slice(&self.always);
        }
    }

    /// Whether patterns that hold a literal somewhere have to be looked for on a line.
    pub(crate) fn tries_inner(&self, raw: &str) -> bool {
        self.inner.is_some() && raw.len() <= MAX_INNER_BYTES
    }

    /// Whether there are patterns without a prefix at all.
    pub(crate) fn has_inner(&self) -> bool {
        self.inner.is_some() || !self.always.is_empty()
    }

    /// Whether a pattern may begin with these folded ASCII characters.
    #[inline]
    pub(crate) fn may_begin(&self, first: u8, second: u8) -> bool {
        self.prefixes.may_begin(first, second) || (first.is_ascii_digit() && !self.figure.is_empty())
    }

    /// Adds the patterns that may begin as the text does.
    pub(crate) fn by_prefix(&self, text: &str, found: &mut Vec<PatternId>) {
        self.prefixes.find(text, found);
        if !self.figure.is_empty() && text.chars().next().is_some_and(char::is_numeric) {
            found.extend_from_slice(&self.figure);
        }
    }

    /// Adds the patterns that hold a literal which the text holds, too; ASCII text need not be folded.
    pub(crate) fn by_content(&self, text: &str, found: &mut Vec<PatternId>) {
        if let Some(inner) = &self.inner {
            inner.find(text, found);
        }
    }

    /// Adds every pattern that can only be tried.
    pub(crate) fn untold(&self, found: &mut Vec<PatternId>) {
        found.extend_from_slice(&self.always);
    }

    /// Whether no pattern is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.prefixes.is_empty() && self.figure.is_empty() && !self.has_inner()
    }
}
