//! Adding up what speaks for and against a removal.

use std::borrow::Cow;

use super::cleaned::Evidence;
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
#[derive(Clone, Copy, Debug, Default)]
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

/// Evidence with its sum.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Score {
    pub(super) evidence: Vec<Evidence>,
    pub(super) sum: i32,
}

impl Score {
    /// One piece of evidence that is enough by itself.
    pub(super) fn single(name: &'static str, weight: i32) -> Score {
        Score { evidence: vec![Evidence { name: Cow::Borrowed(name), weight }], sum: weight }
    }

    /// Adds a piece of evidence that is named by data.
    pub(super) fn tell(&mut self, name: &str, weight: i32) {
        self.evidence.push(Evidence { name: Cow::Owned(name.to_owned()), weight });
        self.sum += weight;
    }

    /// The score of a hit of a rule of this strength.
    pub(super) fn of(strength: Strength, witnesses: &Witnesses, weights: &Weights) -> Score {
        let w = weights;
        let (name, weight) = match strength {
            // An alone rule decides by itself, for and against everything else.
            Strength::Alone => return Score::single("alone", w.alone),
            Strength::Supported => ("supported", w.supported),
            Strength::Run => ("run", w.run),
        };
        let mut score = Score::single(name, weight);
        // A run rule counts only inside a run.
        if strength == Strength::Run && !witnesses.in_run {
            return score;
        }
        score.add("head", w.head, witnesses.head);
        score.add("tail", w.tail, witnesses.tail && !witnesses.head);
        score.add("neighbour", w.neighbour, witnesses.neighbour);
        score.add("short", w.short, witnesses.short);
        score.add("in-run", w.in_run, witnesses.in_run);
        score.add("language", w.language, witnesses.language);
        score.add("repeated-line", w.repeated_line, witnesses.repeated);
        score.add("quoted", w.quoted, witnesses.quoted);
        score.add("prose", w.prose, witnesses.prose);
        score.add("middle", w.middle, !witnesses.head && !witnesses.tail);
        score
    }

    fn add(&mut self, name: &'static str, weight: i32, applies: bool) {
        if applies && weight != 0 {
            self.evidence.push(Evidence { name: Cow::Borrowed(name), weight });
            self.sum += weight;
        }
    }
}
