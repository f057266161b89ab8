//! What cleaning a document yields.

use std::borrow::Cow;
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One reason for or against a removal, with its weight.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// Its name, e.g. `tail` or `repeated-line`; see `rules/weights.toml`.
    pub name: Cow<'static, str>,
    /// What it adds; negative when it speaks against the removal.
    pub weight: i32,
}

/// What spoke for and against a removal, strongest first. Many removals rest on the same, so it is shared, and cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds(Arc<[Evidence]>);

impl Deref for Grounds {
    type Target = [Evidence];

    /// The pieces of evidence.
    fn deref(&self) -> &[Evidence] {
        &self.0
    }
}

impl From<Vec<Evidence>> for Grounds {
    /// Takes pieces of evidence, strongest first.
    fn from(evidence: Vec<Evidence>) -> Grounds {
        Grounds(evidence.into())
    }
}

impl<'g> IntoIterator for &'g Grounds {
    type Item = &'g Evidence;
    type IntoIter = std::slice::Iter<'g, Evidence>;

    /// The pieces of evidence one by one.
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A byte range of the decoded text that was taken away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The bytes of the decoded text, always on character borders.
    pub range: Range<usize>,
    /// The line it starts on, counted from 1.
    pub line: usize,
    /// The rule or the context detector that decided, or `blank`.
    pub rule: Arc<str>,
    /// The category of that rule.
    pub category: Arc<str>,
    /// What spoke for and against it.
    pub evidence: Grounds,
}

/// Why a document was kept whole although something spoke for removals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// More would have gone than the budget allows.
    OverBudget,
    /// The passes did not come to rest.
    Unstable,
    /// The text is larger than what is cleaned in one piece.
    TooLarge,
}

/// What happened to a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing was removed, and nothing was held back.
    Unchanged,
    /// Something was removed.
    Cleaned,
    /// Removals were held back; only those of `alone` rules may have been made.
    KeptWhole(Reason),
}

/// Lines and words, of the whole document and of what was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines of the document.
    pub lines: usize,
    /// Lines of which nothing is left.
    pub lines_removed: usize,
    /// Words of the document; in scripts without blanks, characters.
    pub words: usize,
    /// Words that were removed.
    pub words_removed: usize,
}

/// A cleaned document: what is left, and an account of what is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) removals: Vec<Removal>,
    pub(super) outcome: Outcome,
    pub(super) lang: Option<Arc<str>>,
    pub(super) counts: Counts,
    pub(super) held_back: Vec<Arc<str>>,
}

impl<'t> Cleaned<'t> {
    /// The kept text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The kept text; borrowed from the input when nothing was removed.
    pub fn into_text(self) -> Cow<'t, str> {
        self.text
    }

    /// What was removed, in the order of the text; the ranges neither touch the same byte nor are empty.
    pub fn removals(&self) -> &[Removal] {
        &self.removals
    }

    /// What happened to the document.
    pub fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// The document's language as an ISO 639-1 code, where it could be told.
    pub fn lang(&self) -> Option<&str> {
        self.lang.as_deref()
    }

    /// Lines and words, before and removed.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Rules that would have removed more than one rule may, and were held back in this document.
    pub fn held_back(&self) -> &[Arc<str>] {
        &self.held_back
    }

    /// The offset in the decoded text of the byte at `offset` of the kept text.
    ///
    /// The end of the kept text maps to the end of its last kept byte.
    ///
    /// # Panics
    /// When `offset` is larger than the length of the kept text.
    pub fn raw_offset(&self, offset: usize) -> usize {
        assert!(offset <= self.text.len(), "offset {offset} is beyond the kept text of {} bytes", self.text.len());
        let at_end = offset == self.text.len() && offset > 0;
        let mut raw = if at_end { offset - 1 } else { offset };
        for removal in &self.removals {
            if removal.range.start > raw {
                break;
            }
            raw += removal.range.len();
        }
        if at_end { raw + 1 } else { raw }
    }
}
