//! Runs the examples and cases that stand beside the rules.

use std::fmt;
use std::sync::Arc;

use super::{Cleaner, Settings};
use crate::rules::{Case, Origin, Rule};

/// How much of a text a message shows, in characters.
const SHOWN_CHARS: usize = 120;

/// An example or case that did not come out as its rule file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    origin: Origin,
    rule: Option<Arc<str>>,
    what: String,
}

impl Failure {
    /// Where the rule or case stands.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The rule, unless it is a case that failed.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    fn of(rule: &Rule, what: String) -> Failure {
        Failure { origin: rule.origin.clone(), rule: Some(rule.id.clone()), what }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.origin.file.display(), self.origin.line)?;
        if let Some(rule) = &self.rule {
            write!(f, ": rule `{rule}`")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl std::error::Error for Failure {}

pub(super) fn failures(cleaner: &Cleaner, settings: &Settings) -> Vec<Failure> {
    let set = settings.rule_set();
    let mut failures = Vec::new();
    for (index, rule) in set.rules().iter().enumerate() {
        for text in rule.hit.iter().filter(|text| !settings.matcher().rule_hits(index, text)) {
            failures.push(Failure::of(rule, format!("does not match its hit {}", shown(text))));
        }
        for text in rule.miss.iter().filter(|text| settings.matcher().rule_hits(index, text)) {
            failures.push(Failure::of(rule, format!("matches its miss {}", shown(text))));
        }
        if rule.needs_case() && !has_case(set.cases(), rule, index, settings) {
            let what =
                format!("a rule of strength {} and form {} needs a [[case]] in its file", rule.strength, rule.form);
            failures.push(Failure::of(rule, what));
        }
    }
    failures.extend(set.cases().iter().filter_map(|case| case_failure(cleaner, case)));
    failures
}

/// The rules whose verdict depends on more than their line, and for which no case of their file shows one.
pub(super) fn without_case(settings: &Settings) -> Vec<Failure> {
    let set = settings.rule_set();
    let lacks = |(index, rule): &(usize, &Rule)| rule.needs_case() && !has_case(set.cases(), rule, *index, settings);
    let told = |(_, rule): (usize, &Rule)| {
        let what = format!("a rule of strength {} and form {} needs a [[case]] in its file", rule.strength, rule.form);
        Failure::of(rule, what)
    };
    set.rules().iter().enumerate().filter(lacks).map(told).collect()
}

/// Whether some case of the rule's file holds a line that the rule hits.
fn has_case(cases: &[Case], rule: &Rule, index: usize, settings: &Settings) -> bool {
    cases
        .iter()
        .filter(|case| case.origin.file == rule.origin.file && case.text.trim_end() != case.kept.trim_end())
        .flat_map(|case| case.text.lines())
        .any(|line| settings.matcher().rule_hits(index, line))
}

fn case_failure(cleaner: &Cleaner, case: &Case) -> Option<Failure> {
    let cleaned = cleaner.clean(&case.text);
    if trimmed(cleaned.text()) == trimmed(&case.kept) {
        return None;
    }
    let what = format!("the case keeps {}, but should keep {}", shown(cleaned.text()), shown(&case.kept));
    Some(Failure { origin: case.origin.clone(), rule: None, what })
}

/// Trailing white space aside.
fn trimmed(text: &str) -> String {
    text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown:?}")
}
