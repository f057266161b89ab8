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

/// Something that is known about a line that a rule hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Witness {
    Head,
    Tail,
    Neighbour,
    Short,
    InRun,
    Language,
    Repeated,
    Quoted,
    Prose,
}

/// A set of witnesses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Witnesses(u16);

impl Witnesses {
    /// How many different sets there are.
    pub(super) const SETS: usize = 1 << 9;

    /// The set with a witness where it applies.
    pub(super) fn with(self, witness: Witness, applies: bool) -> Witnesses {
        Witnesses(self.0 | u16::from(applies) << witness as u16)
    }

    /// The set without a witness.
    pub(super) fn without(self, witness: Witness) -> Witnesses {
        Witnesses(self.0 & !(1 << witness as u16))
    }

    /// Whether a witness is in the set.
    fn has(self, witness: Witness) -> bool {
        self.0 >> witness as u16 & 1 != 0
    }

    /// Another number for each set, below their count.
    pub(super) fn number(self) -> usize {
        usize::from(self.0)
    }
}

/// What hits weigh, by strength and witnesses.
#[derive(Debug)]
pub(super) struct Sums(Vec<i32>);

impl Sums {
    pub(super) fn new(weights: &Weights) -> Sums {
        let strengths = [Strength::Alone, Strength::Supported, Strength::Run];
        let sets = || (0..Witnesses::SETS as u16).map(Witnesses);
        let sum = |strength, set| pieces(strength, set, weights).map(|(_, weight)| weight).sum();
        Sums(strengths.into_iter().flat_map(|strength| sets().map(move |set| sum(strength, set))).collect())
    }

    /// What a hit of a rule of this strength weighs.
    pub(super) fn of(&self, strength: Strength, witnesses: Witnesses) -> i32 {
        self.0[strength as usize * Witnesses::SETS + witnesses.number()]
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
    pub(super) fn of(strength: Strength, witnesses: Witnesses, sums: &Sums) -> Score {
        Score { basis: Basis::Hit(strength, witnesses), sum: sums.of(strength, witnesses) }
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
    use Witness::*;
    let w = weights;
    let has = |witness| witnesses.has(witness);
    let hit = match strength {
        Strength::Alone => ("alone", w.alone),
        Strength::Supported => ("supported", w.supported),
        Strength::Run => ("run", w.run),
    };
    // An alone rule decides by itself, for and against everything else; a run rule counts only inside a run.
    let is_all = strength == Strength::Alone || (strength == Strength::Run && !has(InRun));
    let witnessed = [
        ("head", w.head, has(Head)),
        ("tail", w.tail, has(Tail) && !has(Head)),
        ("neighbour", w.neighbour, has(Neighbour)),
        ("short", w.short, has(Short)),
        ("in-run", w.in_run, has(InRun)),
        ("language", w.language, has(Language)),
        ("repeated-line", w.repeated_line, has(Repeated)),
        ("quoted", w.quoted, has(Quoted)),
        ("prose", w.prose, has(Prose)),
        ("middle", w.middle, !has(Head) && !has(Tail)),
    ];
    let witnessed = witnessed.into_iter().filter(move |&(_, weight, applies)| !is_all && applies && weight != 0);
    std::iter::once(hit).chain(witnessed.map(|(name, weight, _)| (name, weight)))
}
