//! Every line of a document with its verdict.

use std::ops::Range;
use std::sync::Arc;

use super::Settings;
use super::cleaned::{Counts, Evidence, Outcome, Removal};
use super::run::{Budget, Run};
use crate::rules::Strength;
use crate::text::lines::lines;

/// A rule that hit a line and did not remove it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Considered {
    /// The rule.
    pub rule: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// Its strength.
    pub strength: Strength,
    /// What spoke for and against the removal.
    pub evidence: Vec<Evidence>,
    /// The sum of the evidence.
    pub score: i32,
    /// The sum it would have needed.
    pub threshold: i32,
    /// The rule that protected the line, if one did.
    pub protected_by: Option<Arc<str>>,
}

/// A line and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineVerdict {
    /// Its number, from 1.
    pub line: usize,
    /// Its bytes in the text, terminator included.
    pub range: Range<usize>,
    /// What goes of it; nothing for a line that stays whole.
    pub removed: Vec<Removal>,
    /// The rules that hit it and did not suffice.
    pub considered: Vec<Considered>,
}

/// A document, line by line, with what was decided and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The lines, in order and without gaps.
    pub lines: Vec<LineVerdict>,
    /// What happened to the document.
    pub outcome: Outcome,
    /// Its language as an ISO 639 code, where it could be told.
    pub lang: Option<Arc<str>>,
    /// Lines and words.
    pub counts: Counts,
    /// How much was allowed to go, and how much would have gone.
    pub budget: Budget,
    /// What the evidence for a removal must come to.
    pub threshold: i32,
    /// Rules that would have taken too much, and were held back.
    pub held_back: Vec<HeldBack>,
}

/// A rule that would have taken too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldBack {
    /// The rule or context detector.
    pub rule: Arc<str>,
    /// The words it would have taken, where it is a rule; the others only count towards the budget of all.
    pub words: Option<usize>,
}

pub(super) fn explain(text: &str, run: Run, settings: &Settings) -> Explanation {
    let spans = lines(text);
    let mut verdicts: Vec<LineVerdict> = spans
        .iter()
        .enumerate()
        .map(|(n, span)| LineVerdict {
            line: n + 1,
            range: span.start..span.next,
            removed: Vec::new(),
            considered: Vec::new(),
        })
        .collect();
    for removal in run.removals {
        if let Some(verdict) = verdicts.get_mut(removal.line - 1) {
            verdict.removed.push(removal);
        }
    }
    let numbers: Vec<usize> =
        spans.iter().enumerate().filter(|(_, span)| !text[span.content()].trim().is_empty()).map(|(n, _)| n).collect();
    for rejection in run.rejections {
        let rule = &settings.rules()[rejection.rule];
        let considered = Considered {
            rule: rule.id.clone(),
            category: rule.category.clone(),
            strength: rule.strength,
            evidence: rejection.score.evidence(settings.weights()),
            score: rejection.score.sum,
            threshold: settings.threshold(),
            protected_by: rejection.protected_by.map(|rule| settings.rules()[rule].id.clone()),
        };
        verdicts[numbers[rejection.line]].considered.push(considered);
    }
    Explanation {
        lines: verdicts,
        outcome: run.outcome,
        lang: run.lang,
        counts: run.counts,
        budget: run.budget,
        threshold: settings.threshold(),
        held_back: run
            .overdrawn
            .iter()
            .map(|it| HeldBack { rule: settings.name(it.cause).into(), words: it.words })
            .collect(),
    }
}
