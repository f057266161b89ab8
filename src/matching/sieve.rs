//! A cheap look at a line: may it hold the words that a pattern cannot do without?
//!
//! The line is read once into a set of its pairs of letters (a Bloom filter of 1,024 bits with one hash); a word may be in
//! it only if all its pairs are. That is enough to turn away nearly every pattern whose beginning was found by chance,
//! before the line is folded for it.

use crate::text::chars::unicode::ALIAS;
use crate::text::chars::{class, is_numeric};

/// How many numbers hold the set.
const SET_WORDS: usize = 16;

/// The pairs of ASCII letters of a text, whatever their case.
#[derive(Clone, Debug)]
pub(super) struct Pairs {
    set: [u64; SET_WORDS],
    ascii: bool,
    figures: bool,
}

/// Where the bit of a pair is. Setting the bit of small letters makes `A` and `a` one; what it does to other characters
/// only makes a few more pairs look alike.
fn bit(first: u8, second: u8) -> u16 {
    let (first, second) = (u16::from(first | 0x20), u16::from(second | 0x20));
    (first.wrapping_mul(37) ^ second.wrapping_mul(3)) & (SET_WORDS as u16 * 64 - 1)
}

impl Pairs {
    /// The pairs of a text; all pairs there are, where its letters and those of its folding may differ. `aliases` is whether it
    /// may hold characters that fold to ASCII, as far as is known.
    pub(super) fn of(text: &str, aliases: bool) -> Pairs {
        let is_alias = |c: char| !c.is_ascii() && class(c) & ALIAS != 0;
        if !aliases || text.is_ascii() || !text.contains(is_alias) {
            return Pairs::of_folded(text);
        }
        // The one letter of those that folds to ASCII and is common.
        if !text.contains(|c| is_alias(c) && c != 'ß') {
            return Pairs { ascii: false, ..Pairs::of_folded(&text.replace('ß', "ss")) };
        }
        Pairs { set: [u64::MAX; SET_WORDS], ascii: false, figures: true }
    }

    /// The pairs of a text whose letters are those of its folding.
    pub(super) fn of_folded(text: &str) -> Pairs {
        let ascii = text.is_ascii();
        let figures = text.bytes().any(|byte| byte.is_ascii_digit()) || (!ascii && text.chars().any(is_numeric));
        let mut set = [0_u64; SET_WORDS];
        let text = text.as_bytes();
        for (&first, &second) in text.iter().zip(text.iter().skip(1)) {
            let bit = bit(first, second);
            set[usize::from(bit / 64)] |= 1 << (bit % 64);
        }
        Pairs { set, ascii, figures }
    }

    /// Whether the text has no character that is not ASCII.
    pub(super) fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// Whether the text may hold a figure.
    pub(super) fn has_figures(&self) -> bool {
        self.figures
    }

    /// Whether the text may hold one of the texts that [`required`] made these numbers of; never false where it does.
    pub(super) fn may_hold(&self, required: &[u16]) -> bool {
        let mut rest = required;
        while let Some((&length, words)) = rest.split_first() {
            let (pairs, words) = words.split_at(usize::from(length).min(words.len()));
            if pairs.iter().all(|bit| self.set[usize::from(bit / 64)] & (1 << (bit % 64)) != 0) {
                return true;
            }
            rest = words;
        }
        required.is_empty()
    }
}

/// Folded texts, of which a text must hold one at least, as numbers: for each of them how many pairs of ASCII letters it has,
/// and where their bits are.
pub(super) fn required<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<u16> {
    let mut numbers = Vec::new();
    for text in texts {
        let pairs = text.as_bytes().windows(2).filter(|pair| pair.iter().all(u8::is_ascii_lowercase));
        let begin = numbers.len();
        numbers.push(0);
        numbers.extend(pairs.map(|pair| bit(pair[0], pair[1])).take(usize::from(u16::MAX)));
        numbers[begin] = (numbers.len() - begin - 1) as u16;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_there_is_never_denied() {
        let text = "The POST appeared first on Example, and subscribers left.";
        let pairs = Pairs::of(text, true);
        for word in ["post", "appeared", "first", "example", "subscribe", "left"] {
            assert!(pairs.may_hold(&required([word].into_iter())), "{word}");
        }
        assert!(!pairs.may_hold(&required(["newsletter"].into_iter())));
        assert!(pairs.may_hold(&required(["newsletter", "left"].into_iter())));
        assert!(pairs.may_hold(&[]));
    }

    #[test]
    fn figures_are_seen_before_and_behind_folding() {
        use crate::text::fold::Folded;
        for c in (0..0x1_1000).filter_map(char::from_u32) {
            let has_figures = Folded::new(&c.to_string()).text().contains(is_numeric);
            assert!(!has_figures || Pairs::of(&c.to_string(), true).has_figures(), "{c:?}");
        }
    }

    #[test]
    fn letters_that_fold_to_ascii_deny_nothing() {
        for (raw, word) in
            [("Ayrılık", "ayrilik"), ("İlgi", "ilgi"), ("Viſit", "visit"), ("ĳs", "ijs"), ("ǆep", "dzep")]
        {
            assert!(Pairs::of(raw, true).may_hold(&required([word].into_iter())), "{raw}");
        }
        assert!(Pairs::of("Heiß", true).may_hold(&required(["heiss"].into_iter())));
        assert!(
            Pairs::of("GRÜßE", true).may_hold(&required(["grüsse"].into_iter())) && !Pairs::of("ß", true).is_ascii()
        );
        assert!(!Pairs::of("Größe", true).may_hold(&required(["newsletter"].into_iter())));
    }
}
