//! What a run would come to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::totals::{documents_line, plural, words_line};
use super::{Escaped, count};
use crate::report::{Counted, Summary};

/// How many rules are named.
const TOP_RULES: usize = 10;

/// What a run would come to, for people, without colour: the totals, by category, and the rules that remove most.
#[must_use]
pub fn forecast_text(summary: &Summary) -> String {
    let totals = &summary.totals;
    let mut out = format!("{}\n{}\n", documents_line(totals), words_line(totals));
    if summary.skipped_total() > 0 {
        let _ = writeln!(out, "{} would be skipped", plural(summary.skipped_total(), "other file"));
    }
    write_counted(&mut out, "by category", &totals.by_category, usize::MAX);
    write_counted(&mut out, "by rule", &totals.by_rule, TOP_RULES);
    out.push_str("nothing was written\n");
    out
}

/// What was counted, most removals first.
fn write_counted(out: &mut String, title: &str, counted: &BTreeMap<String, Counted>, most: usize) {
    if counted.is_empty() {
        return;
    }
    let mut sorted: Vec<_> = counted.iter().collect();
    sorted.sort_by_key(|(name, counted)| (std::cmp::Reverse(counted.removals), *name));
    let first = if sorted.len() > most {
        format!(", the first {most} of {}", count(sorted.len() as u64))
    } else {
        String::new()
    };
    let _ = writeln!(out, "{title}{first}:");
    for (name, counted) in sorted.into_iter().take(most) {
        let (removals, name) = (count(counted.removals), Escaped(name));
        let (documents, bytes) = (plural(counted.documents, "document"), plural(counted.bytes, "byte"));
        let _ = writeln!(out, "{removals:>10} × {name}, in {documents}, {bytes}");
    }
}
