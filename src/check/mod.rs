//! What is wrong with rules that load: some match ordinary text, some can never act, some say a thing twice.
//!
//! Whether rules do what their examples say is [`Cleaner::test_rules`](crate::Cleaner::test_rules)' business.

mod bench;
mod duplicates;
mod expand;
mod greedy;
mod probe;
mod shadow;
mod slow;

use std::fmt;

use bench::Bench;

use crate::rules::{Action, Origin, Rule, RuleError, RuleSet};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The rule must not be used so.
    Error,
    /// The rule, or a part of it, is of no use.
    Warning,
    /// Something that could be better.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        })
    }
}

/// Something found about a rule, with its place and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// File, line, rule, what it is, and what to do.
    pub mistake: RuleError,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.mistake)
    }
}

impl Finding {
    fn of(severity: Severity, rule: &Rule, what: impl Into<String>, help: impl Into<String>) -> Finding {
        Finding::at(severity, &rule.origin, &rule.id, what, help)
    }

    fn at(severity: Severity, origin: &Origin, id: &str, what: impl Into<String>, help: impl Into<String>) -> Finding {
        let (file, line) = (origin.file.clone(), origin.line);
        let mistake = RuleError { file, line, rule: Some(id.to_owned()), what: what.into(), help: help.into() };
        Finding { severity, mistake }
    }
}

/// Looks at the rules of a set that stand where `wanted` says; the others are there to be compared with.
///
/// The set has to be loaded with examples. What is found stands in the order of files and lines; of one rule, errors first.
///
/// ```
/// use dechrome::RuleSet;
/// use dechrome::check::{Severity, check_rules};
///
/// let rules = RuleSet::loader().with_examples().load()?;
/// let found = check_rules(&rules, |origin| origin.file.ends_with("en/share.toml"));
/// assert!(found.iter().all(|found| found.severity != Severity::Error));
/// # Ok::<(), dechrome::RuleErrors>(())
/// ```
#[must_use]
pub fn check_rules(set: &RuleSet, wanted: impl Fn(&Origin) -> bool) -> Vec<Finding> {
    let removing = |rule: &Rule| wanted(&rule.origin) && rule.action == Action::Remove;
    let rules: Vec<usize> = (0..set.rules().len()).filter(|&at| removing(&set.rules()[at])).collect();
    let mut bench = Bench::new(set);
    let mut found = greedy::findings(&mut bench, &rules);
    found.extend(shadow::findings(&mut bench, &rules));
    found.extend(set.rules().iter().filter(|rule| wanted(&rule.origin)).flat_map(duplicates::findings));
    found.extend(set.rules().iter().filter(|rule| wanted(&rule.origin)).flat_map(|rule| slow::findings(rule, set)));
    found.extend(set.switched_off().iter().filter(|off| wanted(&off.rule)).map(|off| {
        let what = format!("is switched off at {}:{}", off.by.file.display(), off.by.line);
        Finding::at(Severity::Warning, &off.rule, &off.id, what, "remove the rule, or the `disabled = true`")
    }));
    found.sort_by(|a, b| {
        (&a.mistake.file, a.mistake.line, a.severity).cmp(&(&b.mistake.file, b.mistake.line, b.severity))
    });
    found
}
