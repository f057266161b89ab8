//! What one rule set removes and another one does not, over many documents.

use std::ops::Range;

use serde::Serialize;

use super::summary::Named;
use super::tally::{Part, Tallies, shortened};
use super::{DocumentName, FailReason};
use crate::clean::{Cleaned, Outcome, Removal};

/// What becomes of documents when rules change; sums of parts can be added in any order.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// Documents by what becomes of them.
    pub documents: Compared,
    /// What goes now and stayed before.
    pub removed: Side,
    /// What went before and stays now, by the rule that had removed it.
    pub given_back: Side,
    /// The documents that change, where they were asked for.
    pub listed: Vec<ChangedDocument>,
    /// Inputs that failed.
    pub failed: Vec<Named>,
    lists_documents: bool,
}

/// Documents by what becomes of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Compared {
    /// All of them.
    pub total: u64,
    /// Those whose kept text changes.
    pub changed: u64,
    /// Those that were kept whole before.
    pub kept_whole_before: u64,
    /// Those that are kept whole now.
    pub kept_whole_after: u64,
    /// Those that failed.
    pub failed: u64,
}

/// One direction of change.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// In how many documents.
    pub documents: u64,
    /// How many words.
    pub words: u64,
    /// By rule.
    pub tallies: Tallies,
}

/// A document whose kept text changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedDocument {
    /// Its name.
    pub path: String,
    /// What goes now and stayed before, in the order of the text.
    pub removed: Vec<Change>,
    /// What went before and stays now.
    pub given_back: Vec<Change>,
}

/// A text that goes now, or stays now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The line it stands on, counted from 1.
    pub line: usize,
    /// The rule that removes it, or did so before.
    pub rule: String,
    /// The text, or its beginning.
    pub text: String,
}

impl Comparison {
    /// Nothing so far; at most so many samples a rule will be kept, and whether changed documents are listed.
    pub fn new(most_samples: usize, lists_documents: bool) -> Comparison {
        let side = || Side { tallies: Tallies::new(most_samples), ..Side::default() };
        Comparison { removed: side(), given_back: side(), lists_documents, ..Comparison::default() }
    }

    /// Adds a document that was cleaned in both ways.
    pub fn add(&mut self, name: &DocumentName, text: &str, before: &Cleaned<'_>, after: &Cleaned<'_>) {
        self.documents.total += 1;
        self.documents.kept_whole_before += u64::from(is_kept_whole(before));
        self.documents.kept_whole_after += u64::from(is_kept_whole(after));
        if before.text() == after.text() {
            return;
        }
        self.documents.changed += 1;
        let removed = only_in(text, after.removals(), before.removals());
        let given_back = only_in(text, before.removals(), after.removals());
        self.removed.add(&name.path, &removed);
        self.given_back.add(&name.path, &given_back);
        if self.lists_documents {
            let list = |only: &[Only<'_>]| only.iter().map(Only::change).collect();
            let (removed, given_back) = (list(&removed), list(&given_back));
            self.listed.push(ChangedDocument { path: name.path.clone(), removed, given_back });
        }
    }

    /// Adds a document that stays as it is under any rules.
    pub fn add_untouched(&mut self) {
        self.documents.total += 1;
    }

    /// Adds a document that failed.
    pub fn fail(&mut self, name: DocumentName, reason: FailReason, detail: String) {
        self.documents.total += 1;
        self.documents.failed += 1;
        let DocumentName { path, raw: path_raw } = name;
        self.failed.push(Named { path, path_raw, reason: reason.as_str().into(), detail: Some(detail) });
    }

    /// Adds what other documents came to.
    pub fn merge(&mut self, mut other: Comparison) {
        self.documents.total += other.documents.total;
        self.documents.changed += other.documents.changed;
        self.documents.kept_whole_before += other.documents.kept_whole_before;
        self.documents.kept_whole_after += other.documents.kept_whole_after;
        self.documents.failed += other.documents.failed;
        self.removed.merge(&other.removed);
        self.given_back.merge(&other.given_back);
        self.listed.append(&mut other.listed);
        self.failed.append(&mut other.failed);
    }

    /// Puts what is listed into the order of the paths' bytes by component, whoever came upon it first.
    pub fn sort(&mut self) {
        fn by_parts(path: &str) -> Vec<&[u8]> {
            path.split('/').map(str::as_bytes).collect()
        }
        self.listed.sort_by(|a, b| by_parts(&a.path).cmp(&by_parts(&b.path)));
        self.failed.sort_by(|a, b| by_parts(&a.path).cmp(&by_parts(&b.path)));
    }
}

impl Side {
    fn add(&mut self, document: &str, only: &[Only<'_>]) {
        if only.is_empty() {
            return;
        }
        self.documents += 1;
        let before = self.tallies.words();
        let parts = only.iter().map(|it| Part::of_text(&it.by.rule, &it.by.category, &it.text));
        self.tallies.add(document, parts);
        self.words += self.tallies.words() - before;
    }

    fn merge(&mut self, other: &Side) {
        self.documents += other.documents;
        self.words += other.words;
        self.tallies.merge(&other.tallies);
    }
}

fn is_kept_whole(cleaned: &Cleaned<'_>) -> bool {
    matches!(cleaned.outcome(), Outcome::KeptWhole(_))
}

/// What a removal took that others leave.
struct Only<'c> {
    by: &'c Removal,
    text: String,
}

impl Only<'_> {
    fn change(&self) -> Change {
        Change { line: self.by.line, rule: self.by.rule.to_string(), text: shortened(self.text.trim()) }
    }
}

/// What these removals take from a text that others leave, blank space aside.
fn only_in<'c>(text: &str, removals: &'c [Removal], others: &[Removal]) -> Vec<Only<'c>> {
    let told = removals.iter().map(|by| {
        let pieces = without(by.range.clone(), others).into_iter().map(|piece| text.get(piece).unwrap_or_default());
        let pieces: Vec<&str> = pieces.filter(|piece| !piece.trim().is_empty()).collect();
        Only { by, text: pieces.join(" … ") }
    });
    told.filter(|only| !only.text.is_empty()).collect()
}

/// The parts of a range that no removal takes; removals are sorted and do not overlap.
fn without(range: Range<usize>, removals: &[Removal]) -> Vec<Range<usize>> {
    let first = removals.partition_point(|removal| removal.range.end <= range.start);
    let mut parts = Vec::new();
    let mut at = range.start;
    for removal in removals[first..].iter().take_while(|removal| removal.range.start < range.end) {
        if removal.range.start > at {
            parts.push(at..removal.range.start);
        }
        at = at.max(removal.range.end);
    }
    if at < range.end {
        parts.push(at..range.end);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removals(ranges: &[(usize, usize)]) -> Vec<Removal> {
        let removal = |&(start, end): &(usize, usize)| Removal {
            range: start..end,
            line: 1,
            rule: "also-read".into(),
            category: "cross-promo".into(),
            evidence: Vec::new().into(),
        };
        ranges.iter().map(removal).collect()
    }

    #[test]
    fn only_what_others_leave_is_left() {
        let others = removals(&[(0, 2), (4, 6), (9, 12)]);
        let left = |range, others: &[Removal]| -> Vec<(usize, usize)> {
            without(range, others).into_iter().map(|part| (part.start, part.end)).collect()
        };
        assert_eq!(left(1..10, &others), [(2, 4), (6, 9)]);
        assert_eq!(left(4..6, &others), []);
        assert_eq!(left(12..14, &others), [(12, 14)]);
        assert_eq!(left(0..20, &[]), [(0, 20)]);
    }

    #[test]
    fn blank_space_is_no_change() {
        let text = "one\n\ntwo\n";
        let more = removals(&[(0, 4), (4, 5)]);
        assert!(only_in(text, &more, &removals(&[(0, 3)])).is_empty());
        let all = removals(&[(0, 9)]);
        assert_eq!(only_in(text, &all, &removals(&[(3, 5)]))[0].text, "one … two\n");
    }
}
