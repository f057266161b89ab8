//! Rules that match ordinary text.

use std::collections::BTreeMap;

use super::bench::Bench;
use super::probe::PROBES;
use super::{Finding, Severity};
use crate::rules::Strength;

/// A rule that needs a witness may match one line of so many that could be a label; more is no wording any more.
const TOLERATED: usize = 10;
/// What to do about a rule that matches too much.
const HELP: &str = "write words into its patterns that only chrome has";

/// Those of the rules, which are sorted, that match lines of ordinary articles.
pub(super) fn findings(bench: &mut Bench<'_>, rules: &[usize]) -> Vec<Finding> {
    let mut hit: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for line in PROBES.iter().flat_map(|(_, lines)| lines.iter()) {
        let mut found: Vec<usize> = bench.hits(line).into_iter().map(|hit| hit.place.0).collect();
        found.dedup();
        found
            .into_iter()
            .filter(|at| rules.binary_search(at).is_ok())
            .for_each(|at| hit.entry(at).or_default().push(line));
    }
    let all: usize = PROBES.iter().map(|(_, lines)| lines.len()).sum();
    let told = hit.into_iter().filter_map(|(at, lines)| {
        let rule = bench.rule(at);
        let what = format!("matches ordinary text ({} of {all} lines), such as {:?}", lines.len(), lines[0]);
        match rule.strength {
            Strength::Alone => {
                Some(Finding::of(Severity::Error, rule, what, format!("{HELP}, or weaken its strength")))
            }
            Strength::Supported | Strength::Run if lines.len() * TOLERATED > all => {
                Some(Finding::of(Severity::Warning, rule, what, HELP))
            }
            Strength::Supported | Strength::Run => None,
        }
    });
    told.collect()
}
