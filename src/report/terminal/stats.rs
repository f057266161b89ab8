//! What rules came to in reports.

use std::fmt::Write as _;

use super::style::{QUIET, STRONG};
use super::tallies::{Line, remarks, table};
use super::totals::plural;
use super::{Escaped, count};
use crate::report::stats::{HitRule, Kind, RuleStats, UnusedRule};

/// What rules came to in reports, for people. It is written with colour; names and texts are escaped.
#[must_use]
pub fn stats_text(stats: &RuleStats<'_>) -> String {
    let lines = stats.hit.iter().map(stats_line).collect::<Vec<_>>();
    let mut out = table(&["hits", "documents", "words", "share"], &lines);
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{}, {} failed; {} of {} removed",
        plural(stats.documents, "document"),
        count(stats.documents_failed),
        count(stats.words_removed),
        plural(stats.words, "word")
    );
    if stats.documents_without_text > 0 {
        let rows = plural(stats.documents_without_text, "document");
        let _ = writeln!(out, "no samples of {rows}: the report was written with --removed spans or none");
    }
    let of_kind = |kind: Kind| stats.hit.iter().filter(|hit| hit.kind == kind).count() as u64;
    let (used, unused, unknown) = (of_kind(Kind::Rule), stats.unused.len() as u64, of_kind(Kind::Unknown));
    let _ =
        writeln!(out, "{} removed something, {} never did (--unused lists them)", plural(used, "rule"), count(unused));
    if unknown > 0 {
        let _ = writeln!(out, "not known here: {}; the report was made with other rules", plural(unknown, "rule"));
    }
    out
}

fn stats_line<'t>(hit: &'t HitRule<'_>) -> Line<'t> {
    let note = match (hit.kind, hit.now) {
        (_, Some(now)) => format!(", now called {}", Escaped(now)),
        (Kind::Rule | Kind::Blank, None) => String::new(),
        (Kind::Context, None) => ", needs no rule".to_owned(),
        (Kind::Unknown, None) => ", not a rule of this set".to_owned(),
    };
    let figures = vec![count(hit.hits), count(hit.documents), count(hit.words), format!("{:.1} %", hit.percent)];
    Line { figures, rule: hit.rule, remarks: remarks(hit.category, &hit.lang) + &note, samples: hit.samples.clone() }
}

/// The rules that removed nothing, one a line.
#[must_use]
pub fn unused_text(unused: &[UnusedRule<'_>]) -> String {
    let width = unused.iter().map(|rule| rule.rule.chars().count()).max().unwrap_or(0);
    unused.iter().fold(String::new(), |mut out, rule| {
        let note = match (rule.kind, rule.kept_by_default) {
            (Kind::Context, _) => ", needs no rule",
            (_, true) => ", kept by default",
            _ => "",
        };
        let remarks = remarks(rule.category, &rule.lang);
        let _ = writeln!(
            out,
            "{STRONG}{:<width$}{STRONG:#}  {QUIET}{remarks}{note}{QUIET:#}",
            Escaped(rule.rule).to_string()
        );
        out
    })
}
