//! Literals that texts hold somewhere, found by one of their words.
//!
//! A line's words are read once, as numbers ([`super::sieve`]); nearly all of them are turned away by one bit. Only of literals
//! whose word stands in the line is it asked whether they stand where they have to.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::index::PatternId;
use super::rare::rarity;
use crate::rules::template::{Held, Marks, Text};
use crate::text::tokens::{hash, whole};

/// Literals of so few bytes are looked for as whole words.
const SHORT_LITERAL: usize = 4;
/// How many bits there are for words, a power of two.
const FILTER_BITS: usize = 1 << 15;

/// Literals that a text holds anywhere, and the patterns behind each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inner {
    /// By the upper bits of numbers of words, whether a literal has such a one.
    pub(crate) filter: Cow<'static, [u64]>,
    /// The number of each literal's longest word, sorted.
    pub(crate) words: Cow<'static, [u32]>,
    /// The literals in the order of their words; behind them those without a whole word.
    pub(crate) literals: Cow<'static, [Text]>,
    /// Where in each literal the byte stands that is looked for.
    pub(crate) rare: Cow<'static, [u8]>,
    /// Of those, where each group begins that is looked for by the same byte, and the marks that all of a group have.
    pub(crate) groups: Cow<'static, [u32]>,
    pub(crate) marks: Cow<'static, [Marks]>,
    /// For each literal, where its patterns begin; one more for the end.
    pub(crate) starts: Cow<'static, [u32]>,
    pub(crate) patterns: Cow<'static, [PatternId]>,
}

/// Groups of literals in the making.
#[derive(Default)]
struct Groups {
    firsts: Vec<u32>,
    marks: Vec<Marks>,
    last: Option<u32>,
}

impl Groups {
    /// Adds a literal behind the others; `key` is that of its group.
    fn add(&mut self, key: u32, literal: u32, marks: Marks) {
        match self.marks.last_mut().filter(|_| self.last == Some(key)) {
            Some(of_all) => *of_all = of_all.and(marks),
            None => {
                self.firsts.push(literal);
                self.marks.push(marks);
            }
        }
        self.last = Some(key);
    }
}

/// Where the bit of a word is.
fn bit(word: u32) -> (usize, u64) {
    let bit = (word >> (u32::BITS - FILTER_BITS.ilog2())) as usize;
    (bit / 64, 1 << (bit % 64))
}

impl Inner {
    /// A table of literals with their patterns; `None` without any.
    pub(super) fn new(literals: BTreeMap<Held, Vec<PatternId>>) -> Option<Inner> {
        if literals.is_empty() {
            return None;
        }
        let told = |(held, patterns): (Held, Vec<PatternId>)| {
            let Held { text, bounds } = held;
            let words = whole(&text, bounds.begins, bounds.ends);
            let word = words.iter().max_by_key(|word| word.len()).map(|word| hash(word.as_bytes()));
            let text = text.to_ascii_lowercase();
            // Those that are looked for by the same byte stand together.
            let order = word.unwrap_or_else(|| u32::from(text.as_bytes()[usize::from(rarest(text.as_bytes()))]));
            (word.is_none(), order, text, patterns)
        };
        let mut told: Vec<_> = literals.into_iter().map(told).collect();
        told.sort();
        let (mut filter, mut words, mut texts) = (vec![0; FILTER_BITS / 64], Vec::new(), Vec::new());
        let (mut starts, mut patterns, mut rare) = (vec![0], Vec::new(), Vec::new());
        let mut groups = Groups::default();
        for (is_bare, word, text, mut behind) in told {
            if is_bare {
                groups.add(word, texts.len() as u32, Marks::of(&text));
            } else {
                let (place, bit) = bit(word);
                filter[place] |= bit;
                words.push(word);
            }
            rare.push(rarest(text.as_bytes()));
            texts.push(Text::Owned(text));
            patterns.append(&mut behind);
            starts.push(patterns.len() as u32);
        }
        Some(Inner {
            filter: filter.into(),
            words: words.into(),
            literals: texts.into(),
            rare: rare.into(),
            groups: groups.firsts.into(),
            marks: groups.marks.into(),
            starts: starts.into(),
            patterns: patterns.into(),
        })
    }

    /// Adds the patterns of the literals that a part of a line holds, whose ASCII letters are small; `words` and `marks` are those of
    /// the line.
    pub(super) fn find(&self, words: &[u32], marks: Marks, part: &[u8], found: &mut Vec<PatternId>) {
        for &word in words {
            let (place, bit) = bit(word);
            if self.filter[place] & bit == 0 {
                continue;
            }
            let first = self.words.partition_point(|&other| other < word);
            for literal in (first..self.words.len()).take_while(|&literal| self.words[literal] == word) {
                self.look_for(literal, part, found);
            }
        }
        self.find_bare(marks, part, found);
    }

    /// Adds the patterns of the literals without a whole word.
    fn find_bare(&self, marks: Marks, part: &[u8], found: &mut Vec<PatternId>) {
        let ends = self.groups.iter().skip(1).map(|&first| first as usize).chain([self.literals.len()]);
        for ((&first, end), &needed) in self.groups.iter().zip(ends).zip(self.marks.iter()) {
            if !marks.hold(needed) {
                continue;
            }
            for at in memchr::memchr_iter(self.rare_byte(first as usize), part) {
                for literal in (first as usize..end).filter(|&literal| self.stands(literal, part, at)) {
                    found.extend_from_slice(self.patterns_of(literal));
                }
            }
        }
    }

    fn rare_byte(&self, literal: usize) -> u8 {
        self.literals[literal].as_bytes()[usize::from(self.rare[literal])]
    }

    fn patterns_of(&self, literal: usize) -> &[PatternId] {
        &self.patterns[self.starts[literal] as usize..self.starts[literal + 1] as usize]
    }

    /// Whether a literal stands in a text where its rare byte stands.
    fn stands(&self, literal: usize, text: &[u8], rare_at: usize) -> bool {
        let bytes = self.literals[literal].as_bytes();
        let start = rare_at.checked_sub(usize::from(self.rare[literal]));
        start.is_some_and(|at| text[at..].starts_with(bytes) && is_whole(bytes, text, at))
    }

    /// Adds the patterns of a literal where a text holds it.
    fn look_for(&self, literal: usize, text: &[u8], found: &mut Vec<PatternId>) {
        if memchr::memchr_iter(self.rare_byte(literal), text).any(|at| self.stands(literal, text, at)) {
            found.extend_from_slice(self.patterns_of(literal));
        }
    }
}

/// The place of a literal's byte that stands in the fewest texts, among the first ones.
fn rarest(literal: &[u8]) -> u8 {
    let places = 0..literal.len().min(usize::from(u8::MAX));
    places.min_by_key(|&at| rarity(literal[at])).unwrap_or_default() as u8
}

/// Whether a literal that stands somewhere stands there for a whole word, where it is very short.
fn is_whole(literal: &[u8], text: &[u8], at: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphabetic);
    let inside = letter(Some(at + literal.len())) || letter(at.checked_sub(1));
    !(inside && literal.len() <= SHORT_LITERAL && letter(Some(at)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::template::Bounds;
    use crate::text::fold::Folded;
    use crate::text::tokens::{Bits, each_hash};

    fn found(text: &str) -> Vec<PatternId> {
        let literals = ["am", "continue reading here", "gepostet", "関連記事", "reading", "@"];
        let held = |text: &'static str| Held { text: Text::Borrowed(text), bounds: Bounds::WHOLE };
        let literals = literals.into_iter().zip(0..).map(|(literal, number)| (held(literal), vec![number]));
        let inner = Inner::new(literals.collect());
        let folded = Folded::new(text);
        let (mut words, mut found) = (Vec::new(), Vec::new());
        each_hash(folded.text(), &mut Bits::new(), |word| words.push(word));
        inner
            .iter()
            .for_each(|inner| inner.find(&words, Marks::of(folded.text()), folded.text().as_bytes(), &mut found));
        found.sort_unstable();
        found
    }

    #[test]
    fn literals_are_found_wherever_they_stand() {
        assert_eq!(found("Gepostet AM Montag"), [0, 2]);
        assert_eq!(found("to continue Reading here"), [1, 4]);
        assert_eq!(found("to continue reading there"), [4]);
        assert_eq!(found("見る：関連記事"), [3]);
        assert_eq!(found(&format!("{} gepostet", "x ".repeat(200))), [2]);
        assert_eq!(found("anna@example.com"), [5]);
    }

    #[test]
    fn short_literals_are_whole_words() {
        assert_eq!(found("the same ham"), [] as [PatternId; 0]);
        assert_eq!(found("am"), [0]);
    }
}
