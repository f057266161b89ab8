//! Who is told what a run does.

use std::path::PathBuf;

use super::{Reached, Skipped};
use crate::formats::Format;
use crate::formats::compression::Codec;
use crate::report::summary::Named;
use crate::report::{Row, Status};

/// A document that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentDone {
    /// Its path in the output, as the report has it.
    pub path: String,
    /// The file it is from or in, as it was found; nothing where that could not be looked at.
    pub source: Option<PathBuf>,
    /// Which record of its file it is.
    pub record: Option<u64>,
    /// What became of it.
    pub status: Status,
    /// Why it was kept whole or failed.
    pub reason: Option<&'static str>,
    /// More about a failure.
    pub detail: Option<String>,
}

/// What an input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading<'r> {
    /// Its path in the output, as the report has it.
    pub path: &'r str,
    /// What it was taken for, where anything told it.
    pub format: Option<Format>,
    /// How it is compressed.
    pub codec: Option<Codec>,
    /// The label of its encoding, where it is one text.
    pub encoding: Option<&'r str>,
    /// The field or column with the texts, where there is one.
    pub field: Option<&'r str>,
}

/// What a run takes over from an earlier one, in inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// Those that were done and are.
    pub done: u64,
    /// Those that are gone on with where the earlier run stopped in them.
    pub begun: u64,
    /// Those that are done again, because they changed, or failed the last time.
    pub again: u64,
    /// Those that are there no more, and whose outputs go.
    pub gone: u64,
}

/// Is told what a run does, in the order of the report, by one thread at a time. It should return fast: workers wait for it.
pub trait Observer: Send + Sync {
    /// A document failed or was kept whole.
    fn document(&self, _done: &DocumentDone) {}

    /// So many documents were cleaned or unchanged, and so many bytes were in all of those that were told of since.
    fn documents(&self, _count: u64, _bytes: u64) {}

    /// What an input is: a document of its own that was read, or a container of which the first part was.
    fn reading(&self, _reading: &Reading<'_>) {}

    /// The run came so far: an input is done, or a part of a container.
    fn reached(&self, _so_far: Reached) {}

    /// An input changed while it was read.
    fn changed(&self, _changed: &Named) {}

    /// A file was passed over.
    fn skipped(&self, _skipped: &Skipped) {}

    /// Whether what an earlier run did could be taken up.
    fn resumed(&self, _taken_up: bool) {}

    /// At the end of a run that took up what an earlier one did: what that came to.
    fn took_over(&self, _taken: TakenOver) {}
}

impl DocumentDone {
    /// A document as observers are told of it.
    pub(crate) fn of(row: &Row<'_>) -> DocumentDone {
        let failed = row.status == Status::Failed;
        DocumentDone {
            path: row.path.unwrap_or_default().to_owned(),
            source: None,
            record: row.record,
            status: row.status,
            reason: row.reason,
            detail: row.warnings.first().filter(|_| failed).map(|detail| detail.to_string()),
        }
    }
}

/// An observer that does not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}
