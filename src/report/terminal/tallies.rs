//! Rules with what they came to, in columns, with samples below each.

use std::fmt::Write as _;

use super::Escaped;
use super::style::{QUIET, STRONG};
use crate::report::tally::Sample;

/// A rule in a table.
pub(super) struct Line<'t> {
    /// What was counted: hits, documents, words, and shares.
    pub(super) figures: Vec<String>,
    pub(super) rule: &'t str,
    /// Category, languages, remarks; escaped.
    pub(super) remarks: String,
    pub(super) samples: Vec<&'t Sample>,
}

/// A category and, where they are known, languages.
pub(super) fn remarks(category: &str, langs: &[&str]) -> String {
    let langs = if langs.is_empty() { String::new() } else { format!(", {}", langs.join(" ")) };
    format!("{}{}", Escaped(category), Escaped(&langs))
}

/// Figures to the right, then the rule and what is to be said of it; samples below.
pub(super) fn table(heads: &[&str], lines: &[Line<'_>]) -> String {
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line.figures[column].chars().count());
        cells.max().unwrap_or(0).max(heads[column].len())
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut out = String::new();
    if lines.is_empty() {
        return out;
    }
    let row = |cells: &mut dyn Iterator<Item = &str>| {
        let cells = cells.zip(&widths).map(|(cell, &width)| format!("{cell:>width$}"));
        cells.collect::<Vec<_>>().join("  ")
    };
    let _ = writeln!(out, "{QUIET}{}  rule{QUIET:#}", row(&mut heads.iter().copied()));
    let indent = widths.iter().map(|width| width + 2).sum::<usize>();
    for line in lines {
        let figures = row(&mut line.figures.iter().map(String::as_str));
        let (rule, remarks) = (Escaped(line.rule), &line.remarks);
        let _ = writeln!(out, "{figures}  {STRONG}{rule}{STRONG:#} {QUIET}({remarks}){QUIET:#}");
        for Sample { document, text } in &line.samples {
            let (document, text) = (Escaped(document), Escaped(text));
            let _ = writeln!(out, "{:indent$}“{text}” {QUIET}{document}{QUIET:#}", "");
        }
    }
    out
}
