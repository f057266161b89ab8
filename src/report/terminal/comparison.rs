//! What changes with other rules.

use std::fmt::Write as _;

use anstyle::Style;

use super::style::{GIVEN_BACK, QUIET, REMOVED, STRONG};
use super::tallies::{Line, remarks, table};
use super::totals::plural;
use super::{Escaped, count};
use crate::report::comparison::{Change, ChangedDocument, Comparison, Side};

/// What changes with other rules, for people. It is written with colour; names and texts are escaped.
#[must_use]
pub fn comparison_text(comparison: &Comparison) -> String {
    let documents = &comparison.documents;
    let mut out = String::new();
    comparison.listed.iter().for_each(|document| write_document(&mut out, document));
    let sides = [("newly removed", &comparison.removed, REMOVED), ("given back", &comparison.given_back, GIVEN_BACK)];
    for (title, side, style) in sides.iter().filter(|(_, side, _)| side.documents > 0) {
        let _ = writeln!(out, "{style}{title}{style:#}");
        out.push_str(&table(&["hits", "documents", "words"], &side_lines(side)));
        out.push('\n');
    }
    let _ = write!(out, "{}, {} changed", plural(documents.total, "document"), count(documents.changed));
    if documents.failed > 0 {
        let _ = write!(out, ", {} failed", count(documents.failed));
    }
    out.push('\n');
    for (title, side, _) in sides {
        let _ = writeln!(out, "{title}: {} in {}", plural(side.words, "word"), plural(side.documents, "document"));
    }
    let (before, after) = (documents.kept_whole_before, documents.kept_whole_after);
    if before != after {
        let _ = writeln!(out, "kept whole: {} before, {} now", plural(before, "document"), count(after));
    }
    out
}

fn side_lines(side: &Side) -> Vec<Line<'_>> {
    let rules = side.tallies.by_words().into_iter();
    rules
        .map(|(rule, tally)| Line {
            figures: [tally.hits, tally.documents, tally.words].map(count).to_vec(),
            rule,
            remarks: remarks(&tally.category, &[]),
            samples: tally.samples(),
        })
        .collect()
}

fn write_document(out: &mut String, document: &ChangedDocument) {
    let _ = writeln!(out, "{STRONG}{}{STRONG:#}", Escaped(&document.path));
    let mut changes: Vec<(&Change, char, Style)> = Vec::new();
    changes.extend(document.removed.iter().map(|change| (change, '-', REMOVED)));
    changes.extend(document.given_back.iter().map(|change| (change, '+', GIVEN_BACK)));
    changes.sort_by_key(|(change, mark, _)| (change.line, *mark));
    for (Change { line, rule, text }, mark, style) in changes {
        let (rule, text) = (Escaped(rule), Escaped(text));
        let _ = writeln!(out, "{QUIET}{line:>5}{QUIET:#} {style}{mark} {text}{style:#}  {QUIET}{rule}{QUIET:#}");
    }
    out.push('\n');
}
