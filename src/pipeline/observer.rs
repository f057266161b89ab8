//! Who is told what a run does.

use super::Skipped;
use crate::report::Status;

/// A document that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentDone {
    /// Its path in the output, as the report has it.
    pub path: String,
    /// Which record of its file it is.
    pub record: Option<u64>,
    /// What became of it.
    pub status: Status,
    /// Why it was kept whole or failed.
    pub reason: Option<&'static str>,
    /// More about a failure.
    pub detail: Option<String>,
}

/// Is told what a run does, in the order of the report, by one thread at a time. It should return fast: workers wait for it.
pub trait Observer: Send + Sync {
    /// A document failed or was kept whole.
    fn document(&self, _done: &DocumentDone) {}

    /// So many documents were cleaned or unchanged, and so many bytes were in all of those that were told of since.
    fn documents(&self, _count: u64, _bytes: u64) {}

    /// An input is done: a document of its own, or a container.
    fn input(&self) {}

    /// A file was passed over.
    fn skipped(&self, _skipped: &Skipped) {}

    /// Whether what an earlier run did could be taken up.
    fn resumed(&self, _taken_up: bool) {}
}

/// An observer that does not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}
