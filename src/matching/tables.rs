//! What is known of all patterns before one of them is read: what decides which of them are run on a line.
//!
//! For the built-in rules the build script works it out, with the same code, and writes it down as static tables.

use std::borrow::Cow;

use super::index::Index;
use super::matcher::RuleIndex;
use crate::rules::template::{Anchor, Beginnings, Marks, Text};
use crate::rules::{Form, RuleSet};
use crate::text::chars::{is_edge, simple_fold};
use crate::text::shape::HEADLINE_WORDS;

/// How many marks between blanks a line may have at its edges besides those that are always dropped.
const EDGE_TOKENS: usize = 2;
/// How many bytes of the original a folded byte may stand for.
const FOLDED_BYTES: usize = 4;
/// How many blanks a headline beside a pattern may have; twice its words, for marks between them.
const HEADLINE_TOKENS: usize = 2 * HEADLINE_WORDS;

generated!("pattern_tables.rs");

/// What is known of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) rule: u32,
    /// Its place among the patterns of its rule.
    pub(crate) number: u16,
    /// The most words it can take in.
    pub(crate) words: u16,
    pub(crate) form: Form,
    /// Whether every match holds a character that is not ASCII.
    pub(crate) foreign: bool,
    /// Whether every match holds a figure.
    pub(crate) figure: bool,
    /// Where its marks stand in [`Tables::marks`].
    pub(crate) marks: u16,
    /// Whether no match holds an ASCII letter or figure.
    pub(crate) wordless: bool,
    /// Whether it is a regular expression.
    pub(crate) regex: bool,
    /// Where in [`Tables::required`] the words begin that every match holds, and how many numbers they are; none, where no
    /// such words are known.
    pub(crate) required: u32,
    pub(crate) required_count: u16,
}

/// The marks that the matches of a pattern hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct NeededMarks {
    /// Of these, every match holds one at least.
    pub(crate) any: Marks,
    /// These, every match holds.
    pub(crate) all: Marks,
}

/// What a regular expression cannot do without, so that it need not be compiled for texts that lack it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clues {
    pub(crate) rule: u32,
    /// Its place among those of its rule.
    pub(crate) number: u16,
    /// Texts of which every match holds one at least; none, where such are not known.
    pub(crate) texts: Cow<'static, [Text]>,
}

/// The indices of the patterns that share a way of being looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Indices {
    pub(crate) lines: Index,
    pub(crate) ends: Index,
    pub(crate) spans: Index,
}

/// What is known of the patterns of a rule set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tables {
    pub(crate) patterns: Cow<'static, [Facts]>,
    pub(crate) required: Cow<'static, [u16]>,
    /// What patterns need of marks, each once: a few hundred for thousands of patterns.
    pub(crate) marks: Cow<'static, [NeededMarks]>,
    pub(crate) remove: Indices,
    pub(crate) protect: Indices,
    pub(crate) loose: Index,
    /// The folded characters that a span's pattern may begin with.
    pub(crate) span_starts: FirstChars,
    pub(crate) asks_title: bool,
    /// What is known of regular expressions, by rule and number.
    pub(crate) clues: Cow<'static, [Clues]>,
}

impl Indices {
    /// Whether no pattern is in them.
    pub(super) fn is_empty(&self) -> bool {
        [&self.lines, &self.ends, &self.spans].into_iter().all(Index::is_empty)
    }
}

impl Facts {
    /// The place of its rule.
    pub(super) fn rule(&self) -> RuleIndex {
        self.rule as RuleIndex
    }

    /// Whether a line of so many bytes and blanks is not too long for the pattern.
    pub(super) fn reaches(&self, bytes: usize, blanks: usize) -> bool {
        let is_whole = matches!(self.form, Form::Line | Form::Block | Form::Tail);
        if is_whole && self.regex && bytes > usize::from(self.words) * FOLDED_BYTES {
            return false;
        }
        let words = match self.form {
            Form::Line | Form::Block | Form::Tail => usize::from(self.words),
            Form::Start | Form::End => usize::from(self.words) + HEADLINE_TOKENS,
            Form::Span => return true,
        };
        blanks < words + EDGE_TOKENS
    }
}

impl Tables {
    /// The static tables, if the rules of a set, or the first of them, are those they were made of; with how many of its rules
    /// they know.
    pub(super) fn of_builtin(rules: &RuleSet) -> Option<(Tables, usize)> {
        let tables = TABLES.as_ref().filter(|_| rules.tabled() > 0)?;
        Some((tables.clone(), rules.tabled()))
    }

    /// The texts of which every match of a regular expression holds one at least; none, where such are not known.
    pub(super) fn clues(clues: &[Clues], facts: &Facts) -> Cow<'static, [Text]> {
        let found = clues.binary_search_by_key(&(facts.rule, facts.number), |clues| (clues.rule, clues.number));
        found.ok().and_then(|at| clues.get(at)).map(|clues| clues.texts.clone()).unwrap_or_default()
    }

    /// The words that every match of a pattern holds, as numbers.
    pub(super) fn required(&self, facts: &Facts) -> &[u16] {
        &self.required[facts.required as usize..][..usize::from(facts.required_count)]
    }

    /// The marks that the matches of a pattern hold.
    pub(super) fn marks(&self, facts: &Facts) -> NeededMarks {
        self.marks[usize::from(facts.marks)]
    }
}

/// The folded characters that some patterns may begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FirstChars {
    pub(crate) any: bool,
    pub(crate) chars: Cow<'static, [char]>,
}

impl FirstChars {
    pub(super) fn add(&mut self, anchor: &Anchor) {
        match anchor {
            Anchor::Prefixes(Beginnings { literals, openings, .. }) if openings.is_empty() => {
                let chars = self.chars.to_mut();
                chars.extend(literals.iter().filter_map(|literal| literal.first_char()));
                chars.sort_unstable();
                chars.dedup();
            }
            Anchor::Prefixes(_) | Anchor::Inner(_) | Anchor::Nothing => self.any = true,
        }
    }

    /// Whether a pattern may begin with what a text begins with.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        // A character that folds to several, or to none, is looked at more closely.
        let first = text.chars().next().and_then(simple_fold);
        self.any || first.is_none_or(|c| is_edge(c) || self.chars.binary_search(&c).is_ok())
    }
}
