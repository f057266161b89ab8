//! From decisions to the kept text: blank lines that go along, one sorted list of ranges, one forward pass.

use std::borrow::Cow;
use std::sync::Arc;

use super::cleaned::{Evidence, Removal};
use super::document::Document;

/// The rule and category of blank lines that removed lines leave behind.
pub(crate) const BLANK: &str = "blank";

/// Adds the blank lines that go with removed lines: those behind a removed run, and at the document's end those before it.
pub(super) fn with_blanks(document: &Document<'_>, mut removals: Vec<Removal>) -> Vec<Removal> {
    let mut gone: Vec<Option<bool>> = vec![None; document.spans.len()];
    for line in &document.lines {
        gone[line.number] = Some(line.gone);
    }
    let mut blanks = vec![false; gone.len()];
    let mut after_removed = false;
    for (blank, gone) in blanks.iter_mut().zip(&gone) {
        match gone {
            Some(gone) => after_removed = *gone,
            None => *blank = after_removed,
        }
    }
    let ends_removed = gone.iter().rev().find_map(|gone| *gone).unwrap_or(false);
    if ends_removed {
        let behind = gone.iter().rposition(|gone| *gone == Some(false)).map_or(0, |last_kept| last_kept + 1);
        for number in behind..gone.len() {
            blanks[number] = gone[number].is_none();
        }
    }
    let blank: Arc<str> = BLANK.into();
    for (number, span) in document.spans.iter().enumerate().filter(|(number, _)| blanks[*number]) {
        removals.push(Removal {
            range: span.start..span.next,
            line: number + 1,
            rule: blank.clone(),
            category: blank.clone(),
            evidence: vec![Evidence { name: Cow::Borrowed(BLANK), weight: 0 }],
        });
    }
    disjoint(removals)
}

/// Sorts removals and takes from each what an earlier one has, so that every byte is counted once.
fn disjoint(mut removals: Vec<Removal>) -> Vec<Removal> {
    removals.sort_by_key(|removal| (removal.range.start, removal.range.end));
    let mut behind = 0;
    removals.retain_mut(|removal| {
        removal.range.start = removal.range.start.max(behind);
        behind = behind.max(removal.range.end);
        !removal.range.is_empty()
    });
    removals
}

/// The text without the removed ranges, which are sorted and disjoint; borrowed when there are none.
pub(super) fn cut<'t>(text: &'t str, removals: &[Removal]) -> Cow<'t, str> {
    if removals.is_empty() {
        return Cow::Borrowed(text);
    }
    let removed: usize = removals.iter().map(|removal| removal.range.len()).sum();
    let mut kept = String::with_capacity(text.len() - removed);
    let mut at = 0;
    for removal in removals {
        kept.push_str(&text[at..removal.range.start]);
        at = removal.range.end;
    }
    kept.push_str(&text[at..]);
    Cow::Owned(kept)
}
