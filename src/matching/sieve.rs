//! A cheap look at a line: may it hold the words that a pattern cannot do without?
//!
//! The line is read once into a set of its tokens (a Bloom filter of 4,096 bits with one hash). That is enough to turn away nearly
//! every pattern whose beginning was found by chance.

use super::matcher::has_figure;
use crate::rules::template::{Marks, Needs};
use crate::text::tokens::{Bits, each_hash, hash};

/// How many numbers hold the set.
const SET_WORDS: usize = 64;
/// How many bits the set has.
const TOKEN_BITS: u16 = SET_WORDS as u16 * 64;
/// Marks the last token of a way, above the number of its bit.
const WAY_ENDS: u16 = 1 << 15;
/// Marks the last token of a choice.
const CHOICE_ENDS: u16 = 1 << 14;

/// What a folded text holds.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    tokens: [u64; SET_WORDS],
    ascii: bool,
    figures: bool,
    marks: Marks,
    words: Vec<u32>,
    bits: Bits,
}

impl Default for Held {
    fn default() -> Held {
        Held {
            tokens: [0; SET_WORDS],
            ascii: true,
            figures: false,
            marks: Marks::default(),
            words: Vec::new(),
            bits: Bits::new(),
        }
    }
}

/// The number of a token's bit.
fn bit(hash: u32) -> u16 {
    (hash >> (u32::BITS - (SET_WORDS * 64).ilog2())) as u16
}

impl Held {
    /// Looks at another folded text.
    pub(super) fn refill(&mut self, text: &str) {
        let Held { tokens, ascii, figures, marks, words, bits } = self;
        *ascii = text.is_ascii();
        *figures = has_figure(text);
        *marks = Marks::of(text);
        *tokens = [0; SET_WORDS];
        words.clear();
        each_hash(text, bits, |hash| {
            words.push(hash);
            let bit = bit(hash);
            tokens[usize::from(bit / 64) % SET_WORDS] |= 1 << (bit % 64);
        });
    }

    /// Its marks.
    pub(super) fn marks(&self) -> Marks {
        self.marks
    }

    /// The numbers of its words.
    pub(super) fn words(&self) -> &[u32] {
        &self.words
    }

    /// Whether the text has no character that is not ASCII.
    pub(super) fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// Whether the text holds a figure.
    pub(super) fn has_figures(&self) -> bool {
        self.figures
    }

    /// Whether the text may hold what [`required`] made these numbers of; never false where it does.
    pub(super) fn may_hold(&self, required: &[u16]) -> bool {
        let (mut way, mut choice) = (true, false);
        for &token in required {
            way = way && self.has(token % TOKEN_BITS);
            if token & WAY_ENDS != 0 {
                choice |= way;
                way = true;
            }
            if token & CHOICE_ENDS != 0 {
                if !choice {
                    return false;
                }
                choice = false;
            }
        }
        true
    }

    fn has(&self, bit: u16) -> bool {
        self.tokens[usize::from(bit / 64) % SET_WORDS] & (1 << (bit % 64)) != 0
    }
}

/// What a match needs as numbers: the bits of all tokens, way behind way and choice behind choice; the last token of each way
/// and of each choice is marked.
pub(super) fn required(needs: &Needs) -> Vec<u16> {
    let mut numbers = Vec::new();
    let all = (!needs.all.is_empty()).then(|| std::slice::from_ref(&needs.all));
    for choice in all.into_iter().chain(needs.choices.iter().map(|choice| &**choice)) {
        // A way that asks for nothing is always there.
        if choice.iter().any(|way| way.is_empty()) {
            continue;
        }
        for way in choice {
            let mut bits: Vec<u16> = way.iter().map(|token| bit(hash(token.as_bytes()))).collect();
            bits.sort_unstable();
            bits.dedup();
            numbers.append(&mut bits);
            mark_last(&mut numbers, WAY_ENDS);
        }
        mark_last(&mut numbers, CHOICE_ENDS);
    }
    numbers
}

fn mark_last(numbers: &mut [u16], mark: u16) {
    if let Some(last) = numbers.last_mut() {
        *last |= mark;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::rules::Template;
    use crate::rules::template::needs;
    use crate::text::fold::Folded;

    fn may_match(pattern: &str, text: &str) -> bool {
        let template = Template::new(pattern).unwrap();
        let mut held = Held::default();
        held.refill("What stood here before.");
        held.refill(Folded::new(text).text());
        held.may_hold(&required(&needs(template.node(), &|_| None)))
    }

    #[test]
    fn a_text_that_holds_what_is_needed_is_never_denied() {
        let text = "The POST “Bridge open” appeared first on Example, and subscribers left.";
        for pattern in ["the post {any:9} appeared first on {name}", "{any:9} (bridge|ferry) {any:9}", "{name}"] {
            assert!(may_match(pattern, text), "{pattern}");
        }
        for pattern in ["the post {any:9} appeared last", "{any:9} (quay|ferry) {any:9}", "subscribe {name}"] {
            assert!(!may_match(pattern, text), "{pattern}");
        }
    }

    #[test]
    fn letters_that_fold_to_ascii_deny_nothing() {
        for (raw, pattern) in
            [("Ayrılık", "ayrilik"), ("İlgi", "ilgi"), ("GRÜSSE aus", "grüße aus"), ("𝗙𝗼𝗹𝗹𝗼𝘄 us", "follow us")]
        {
            let pattern = Folded::new(pattern).text().to_owned();
            assert!(may_match(&pattern, raw), "{raw}");
        }
    }

    #[test]
    fn figures_are_seen() {
        let mut held = Held::default();
        for (text, has) in [("in 2024", true), ("the ٣ boats", true), ("three boats", false)] {
            held.refill(text);
            assert_eq!(held.has_figures(), has, "{text}");
        }
    }
}
