//! Where texts are tried on rules, pattern by pattern.

use std::ops::Range;

use super::probe::TITLE;
use crate::matching::{LineContext, Matcher, Scratch, TextTraits};
use crate::rules::{Form, Place, Preset, Rule, RuleSet, Strength};
use crate::text::fold::Folded;

/// A pattern by its rule's place in the set, and its own place in the rule.
pub(super) type PatternPlace = (usize, usize);

/// A pattern matched.
pub(super) struct PatternHit {
    pub(super) place: PatternPlace,
    /// What it speaks about.
    pub(super) range: Range<usize>,
}

/// A rule set, ready to tell which of its patterns match.
pub(super) struct Bench<'s> {
    pub(super) set: &'s RuleSet,
    matcher: Matcher,
    places: Vec<PatternPlace>,
    scratch: Scratch,
    title: String,
}

impl<'s> Bench<'s> {
    pub(super) fn new(set: &'s RuleSet) -> Bench<'s> {
        let (split, places) = set.by_pattern();
        let title = Folded::new(TITLE).text().to_owned();
        Bench { set, matcher: Matcher::new(split), places, scratch: Scratch::default(), title }
    }

    pub(super) fn rule(&self, at: usize) -> &'s Rule {
        &self.set.rules()[at]
    }

    /// The patterns of removing rules that match a line.
    pub(super) fn hits(&mut self, line: &str) -> Vec<PatternHit> {
        let line = LineContext { raw: line, title: Some(&self.title), traits: TextTraits::ANY };
        let mut hits = Vec::new();
        self.matcher.hits(line, &mut self.scratch, &mut hits);
        hits.into_iter().map(|hit| PatternHit { place: self.places[hit.rule], range: hit.range }).collect()
    }

    /// Whether, wherever one rule may act, another one acts with at least the same strength.
    pub(super) fn outranks(&self, other: usize, rule: usize) -> bool {
        let (other, rule) = (self.rule(other), self.rule(rule));
        let keeps =
            |rule: &Rule| self.set.category(&rule.category).is_some_and(|category| category.is_kept(Preset::Balanced));
        let reaches = match (other.form, rule.form) {
            // What these take besides their own line depends on the lines around it.
            (Form::Tail, form) | (form, Form::Tail) => form == Form::Tail,
            (Form::Block, Form::Block) => other.max_lines >= rule.max_lines,
            (_, Form::Block) => false,
            _ => true,
        };
        // That a rule speaks the language of the document is a witness, which only `alone` rules do without.
        let speaks = rule.langs.iter().all(|lang| other.langs.contains(lang));
        rank(other.strength) >= rank(rule.strength)
            && (other.strength == Strength::Alone || speaks)
            && (other.place == Place::Any || other.place == rule.place)
            && keeps(other) == keeps(rule)
            && reaches
    }
}

fn rank(strength: Strength) -> u8 {
    match strength {
        Strength::Alone => 2,
        Strength::Supported => 1,
        Strength::Run => 0,
    }
}
