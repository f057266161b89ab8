//! Who is shown what cleaning does, text by text, while it is done.

use std::fmt::Debug;
use std::ops::AddAssign;
use std::path::Path;

use super::Skipped;
use crate::report::{Row, Status};

/// Makes a view of what cleaning does. Its parts are made on all threads, and come out in the order of the report.
pub trait View: Debug + Sync {
    /// A text was cleaned, or nothing was found in it.
    fn text(&self, _seen: &Seen<'_>, _out: &mut Vec<u8>) {}

    /// An input is done.
    fn input(&self, _input: &SeenInput<'_>, _out: &mut Vec<u8>) {}

    /// A file is passed over.
    fn skipped(&self, _skipped: &Skipped, _out: &mut Vec<u8>) {}
}

/// A text that was cleaned.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'s> {
    /// The file it is from or in, as it was found; nothing for standard input.
    pub source: Option<&'s Path>,
    /// Where the output of that file goes, relative to the output directory; nothing for standard input.
    pub target: Option<&'s Path>,
    /// The decoded text.
    pub text: &'s str,
    /// Its row in the report.
    pub row: &'s Row<'s>,
}

/// An input that is done.
#[derive(Clone, Copy, Debug)]
pub struct SeenInput<'s> {
    /// The file.
    pub source: &'s Path,
    /// Where its output goes, relative to the output directory.
    pub target: &'s Path,
    /// What cleaning it came to.
    pub effect: Effect,
}

/// What cleaning came to, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// How many documents there were.
    pub documents: u64,
    /// How many of them lost something.
    pub changed: u64,
    /// How many failed.
    pub failed: u64,
    /// How many removals there were, blank lines not counted.
    pub removals: u64,
    /// The bytes of the texts.
    pub bytes: u64,
    /// How many of them were removed.
    pub bytes_removed: u64,
}

impl Effect {
    pub(crate) fn of(row: &Row<'_>) -> Effect {
        Effect {
            documents: 1,
            changed: u64::from(!row.removed.is_empty()),
            failed: u64::from(row.status == Status::Failed),
            removals: row.removed.iter().filter(|removed| !removed.is_blank()).count() as u64,
            bytes: row.bytes_text.unwrap_or(0),
            bytes_removed: row.bytes_removed(),
        }
    }
}

impl AddAssign for Effect {
    fn add_assign(&mut self, other: Effect) {
        self.documents += other.documents;
        self.changed += other.changed;
        self.failed += other.failed;
        self.removals += other.removals;
        self.bytes += other.bytes;
        self.bytes_removed += other.bytes_removed;
    }
}
