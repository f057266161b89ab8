//! Who is told what a run does.

use super::Skipped;
use crate::report::Status;

/// A document that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentDone {
    /// Its path in the output, as the report has it.
    pub path: String,
    /// What became of it.
    pub status: Status,
    /// Why it was kept whole or failed.
    pub reason: Option<&'static str>,
    /// More about a failure.
    pub detail: Option<String>,
    /// The bytes of the input, as far as they were read.
    pub bytes_in: u64,
}

/// Is told about every document and every file that is passed over, in the order of the report, by one thread at a
/// time. It should return fast: workers wait for it.
pub trait Observer: Send + Sync {
    /// A document is done.
    fn document(&self, _done: &DocumentDone) {}

    /// A file was passed over.
    fn skipped(&self, _skipped: &Skipped) {}
}

/// An observer that does not look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}
