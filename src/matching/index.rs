//! Which patterns are worth running on a text: those of which it holds a literal.

use std::collections::BTreeMap;

use aho_corasick::automaton::Automaton;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind};

use super::program::WordList;
use crate::rules::Form;
use crate::rules::template::{Anchor, Beginnings};
use crate::text::shape::{HEADLINE_WORDS, Shape};

/// A pattern's number in its matcher.
pub(crate) type PatternId = u32;

/// Finds the patterns that a text may match by the literals it holds.
#[derive(Debug, Default)]
pub(crate) struct Index {
    prefixes: Option<Prefixes>,
    /// Patterns that begin with a figure.
    figure: Vec<PatternId>,
    /// Patterns that begin with the name of a month or a weekday.
    calendar: Vec<PatternId>,
    inner: Option<Inner>,
    always: Vec<PatternId>,
    reach: Reach,
}

/// How long a text may be for a pattern without prefix to match it.
#[derive(Clone, Copy, Debug, Default)]
struct Reach {
    /// The most words, for patterns that match the whole of it.
    whole: usize,
    /// The most words, for patterns that match its start, and a headline behind it.
    start: usize,
    /// The most words, for patterns that match its end, and a headline before it.
    end: usize,
}

/// Literals that a text begins with, and the patterns behind each.
///
/// The searches of `aho-corasick` exclude anchored overlapping ones, so the walk through the automaton is written out.
#[derive(Debug)]
struct Prefixes {
    automaton: NFA,
    patterns: Vec<Vec<PatternId>>,
}

impl Prefixes {
    fn new(literals: BTreeMap<String, Vec<PatternId>>) -> Option<Prefixes> {
        let (keys, patterns): (Vec<_>, Vec<_>) = literals.into_iter().unzip();
        if keys.is_empty() {
            return None;
        }
        // Building fails only for more literals than fit into 31 bits, which the limits of rule files keep away.
        NFA::builder()
            .match_kind(MatchKind::Standard)
            .build(keys)
            .ok()
            .map(|automaton| Prefixes { automaton, patterns })
    }

    fn find(&self, text: &str, found: &mut Vec<PatternId>) {
        let Ok(mut state) = self.automaton.start_state(Anchored::Yes) else { return };
        for (at, &byte) in text.as_bytes().iter().enumerate() {
            state = self.automaton.next_state(Anchored::Yes, state, byte);
            if self.automaton.is_dead(state) {
                return;
            }
            if self.automaton.is_match(state) {
                // A state also knows the literals that end here without having begun at the start.
                let literals = (0..self.automaton.match_len(state)).map(|n| self.automaton.match_pattern(state, n));
                for literal in literals.filter(|&literal| self.automaton.pattern_len(literal) == at + 1) {
                    found.extend_from_slice(&self.patterns[literal.as_usize()]);
                }
            }
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
    fn new(literals: BTreeMap<String, Vec<PatternId>>) -> Option<Inner> {
        let (keys, patterns): (Vec<_>, Vec<_>) = literals.into_iter().unzip();
        if keys.is_empty() {
            return None;
        }
        AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(keys)
            .ok()
            .map(|automaton| Inner { automaton, patterns })
    }

    fn find(&self, text: &str, found: &mut Vec<PatternId>) {
        for hit in self.automaton.find_overlapping_iter(Input::new(text)) {
            found.extend_from_slice(&self.patterns[hit.pattern().as_usize()]);
        }
    }
}

/// Builds an index pattern by pattern.
#[derive(Default)]
pub(crate) struct IndexBuilder {
    prefixes: BTreeMap<String, Vec<PatternId>>,
    figure: Vec<PatternId>,
    calendar: Vec<PatternId>,
    inner: BTreeMap<String, Vec<PatternId>>,
    always: Vec<PatternId>,
    reach: Reach,
}

impl IndexBuilder {
    /// Adds a pattern of this form that takes in at most `words` words.
    pub(crate) fn add(&mut self, id: PatternId, form: Form, anchor: Anchor, words: usize) {
        if !matches!(anchor, Anchor::Prefixes(_)) {
            let reach = match form {
                Form::Start => &mut self.reach.start,
                Form::End => &mut self.reach.end,
                Form::Line | Form::Block | Form::Tail | Form::Span => &mut self.reach.whole,
            };
            *reach = (*reach).max(words);
        }
        let (map, literals) = match anchor {
            Anchor::Prefixes(Beginnings { literals, figure, calendar }) => {
                self.figure.extend(figure.then_some(id));
                self.calendar.extend(calendar.then_some(id));
                (&mut self.prefixes, literals)
            }
            Anchor::Inner(literals) => (&mut self.inner, literals),
            Anchor::Nothing => return self.always.push(id),
        };
        for literal in literals {
            let patterns = map.entry(literal).or_default();
            if patterns.last() != Some(&id) {
                patterns.push(id);
            }
        }
    }

    pub(crate) fn build(self) -> Index {
        Index {
            prefixes: Prefixes::new(self.prefixes),
            figure: self.figure,
            calendar: self.calendar,
            inner: Inner::new(self.inner),
            always: self.always,
            reach: self.reach,
        }
    }
}

impl Index {
    /// Whether patterns without a prefix have to be tried on a line of this shape.
    pub(crate) fn tries_inner(&self, shape: &Shape) -> bool {
        let reaches = |words: usize| words > 0 && shape.length <= words + HEADLINE_WORDS;
        shape.words <= self.reach.whole || (reaches(self.reach.start) && !shape.full_stop) || reaches(self.reach.end)
    }

    /// Whether there are patterns without a prefix at all.
    pub(crate) fn has_inner(&self) -> bool {
        self.inner.is_some() || !self.always.is_empty()
    }

    /// Adds the patterns that may begin as the text does; `calendar` holds the names of months and weekdays.
    pub(crate) fn by_prefix(&self, text: &str, calendar: &WordList, found: &mut Vec<PatternId>) {
        if let Some(prefixes) = &self.prefixes {
            prefixes.find(text, found);
        }
        if !self.figure.is_empty() && text.chars().next().is_some_and(char::is_numeric) {
            found.extend_from_slice(&self.figure);
        }
        if !self.calendar.is_empty() && calendar.beginning(text).next().is_some() {
            found.extend_from_slice(&self.calendar);
        }
    }

    /// Adds the patterns without prefix that the text may match.
    pub(crate) fn by_content(&self, text: &str, found: &mut Vec<PatternId>) {
        if let Some(inner) = &self.inner {
            inner.find(text, found);
        }
        found.extend_from_slice(&self.always);
    }

    /// Whether no pattern is in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.prefixes.is_none() && self.figure.is_empty() && self.calendar.is_empty() && !self.has_inner()
    }
}
