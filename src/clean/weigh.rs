//! Adding up what speaks for and against a removal.

use std::borrow::Cow;

use super::cleaned::{Evidence, Grounds};
use crate::rules::{Preset, Strength, Weights};

/// What a removal needs under a preset.
pub(super) fn threshold(preset: Preset, weights: &Weights) -> i32 {
    match preset {
        Preset::Precision => weights.threshold_precision,
        Preset::Balanced => weights.threshold_balanced,
        Preset::Recall => weights.threshold_recall,
    }
}

/// How much of a document's words removals may take that are not `alone` under a preset, in percent.
pub(super) fn budget(preset: Preset, weights: &Weights) -> i32 {
    match preset {
        Preset::Precision => weights.budget_precision,
        Preset::Balanced => weights.budget_balanced,
        Preset::Recall => weights.budget_recall,
    }
}

/// How much must tell under a preset that an article is over, and how much of its words may then go, in percent.
pub(super) fn end(preset: Preset, weights: &Weights) -> (i32, i32) {
    match preset {
        Preset::Precision => (weights.end_precision, weights.end_share_precision),
        Preset::Balanced => (weights.end_balanced, weights.end_share_balanced),
        Preset::Recall => (weights.end_recall, weights.end_share_recall),
    }
}

/// What is known about a line that a rule hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Witnesses {
    pub(super) head: bool,
    pub(super) tail: bool,
    pub(super) neighbour: bool,
    pub(super) short: bool,
    pub(super) in_run: bool,
    pub(super) language: bool,
    pub(super) repeated: bool,
    pub(super) quoted: bool,
    pub(super) prose: bool,
}

impl Witnesses {
    /// How many of them there are.
    pub(super) const COUNT: usize = 9;

    /// Another number for each set of them, below two to the power of their count.
    pub(super) fn number(self) -> usize {
        let Witnesses { head, tail, neighbour, short, in_run, language, repeated, quoted, prose } = self;
        let all = [head, tail, neighbour, short, in_run, language, repeated, quoted, prose];
        all.into_iter().fold(0, |number, one| number << 1 | usize::from(one))
    }
}

/// What a score is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// The hit of a rule, and what else is known of its line.
    Hit(Strength, Witnesses),
    /// One piece of evidence that is enough by itself.
    Single(&'static str),
    /// Evidence that is named by data.
    Told(Grounds),
}

/// What speaks for and against a removal, with its sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Score {
    pub(super) basis: Basis,
    pub(super) sum: i32,
}

impl Score {
    /// One piece of evidence that is enough by itself.
    pub(super) fn single(name: &'static str, weight: i32) -> Score {
        Score { basis: Basis::Single(name), sum: weight }
    }

    /// Evidence that is named by data.
    pub(super) fn told(evidence: Vec<Evidence>) -> Score {
        let sum = evidence.iter().map(|one| one.weight).sum();
        Score { basis: Basis::Told(evidence.into()), sum }
    }

    /// The score of a hit of a rule of this strength.
    pub(super) fn of(strength: Strength, witnesses: Witnesses, weights: &Weights) -> Score {
        let sum = pieces(strength, witnesses, weights).map(|(_, weight)| weight).sum();
        Score { basis: Basis::Hit(strength, witnesses), sum }
    }

    /// The pieces of evidence, each with its weight.
    pub(super) fn evidence(&self, weights: &Weights) -> Vec<Evidence> {
        let evidence = |(name, weight)| Evidence { name: Cow::Borrowed(name), weight };
        match &self.basis {
            Basis::Hit(strength, witnesses) => pieces(*strength, *witnesses, weights).map(evidence).collect(),
            Basis::Single(name) => vec![evidence((*name, self.sum))],
            Basis::Told(grounds) => grounds.to_vec(),
        }
    }
}

/// The names and weights of what speaks for and against a hit.
fn pieces(
    strength: Strength,
    witnesses: Witnesses,
    weights: &Weights,
) -> impl Iterator<Item = (&'static str, i32)> + use<> {
    let (it, w) = (witnesses, weights);
    let hit = match strength {
        Strength::Alone => ("alone", w.alone),
        Strength::Supported => ("supported", w.supported),
        Strength::Run => ("run", w.run),
    };
    // An alone rule decides by itself, for and against everything else; a run rule counts only inside a run.
    let is_all = strength == Strength::Alone || (strength == Strength::Run && !it.in_run);
    let witnessed = [
        ("head", w.head, it.head),
        ("tail", w.tail, it.tail && !it.head),
        ("neighbour", w.neighbour, it.neighbour),
        ("short", w.short, it.short),
        ("in-run", w.in_run, it.in_run),
        ("language", w.language, it.language),
        ("repeated-line", w.repeated_line, it.repeated),
        ("quoted", w.quoted, it.quoted),
        ("prose", w.prose, it.prose),
        ("middle", w.middle, !it.head && !it.tail),
    ];
    let witnessed = witnessed.into_iter().filter(move |&(_, weight, applies)| !is_all && applies && weight != 0);
    std::iter::once(hit).chain(witnessed.map(|(name, weight, _)| (name, weight)))
}
