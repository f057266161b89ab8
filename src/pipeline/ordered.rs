//! Rows back in order: workers finish documents in any order, the report has them in the order of their paths.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use tempfile::NamedTempFile;

use super::write::temp_in;
use super::{DocumentDone, Observer, Skipped};
use crate::report::summary::Named;
use crate::report::{DocumentName, Row, Status};

/// How many finished rows may wait for an earlier one.
const MAX_WAITING: usize = 4096;
/// How many bytes they may have.
const MAX_WAITING_BYTES: usize = 8 * 1024 * 1024;
/// How many bytes most rows stay below.
const USUAL_ROW: usize = 1024;
/// How many bytes of the report are written at a time.
const REPORT_BUFFER: usize = 256 * 1024;

/// What a worker hands in.
#[derive(Debug)]
pub(crate) enum Done {
    /// A document with its row.
    Document { row: Vec<u8>, done: DocumentDone, raw: Option<String> },
    /// A file that was passed over.
    Skipped(Skipped),
}

impl Done {
    /// Serialises a row.
    pub(crate) fn of(row: &Row<'_>) -> serde_json::Result<Done> {
        let mut bytes = Vec::with_capacity(USUAL_ROW);
        serde_json::to_writer(&mut bytes, row)?;
        bytes.push(b'\n');
        let failed = row.status == Status::Failed;
        let done = DocumentDone {
            path: row.path.unwrap_or_default().to_owned(),
            status: row.status,
            reason: row.reason,
            detail: row.warnings.first().filter(|_| failed).map(|detail| detail.to_string()),
            bytes_in: row.bytes_in.unwrap_or(0),
        };
        Ok(Done::Document { row: bytes, done, raw: row.path_raw.map(str::to_owned) })
    }

    fn len(&self) -> usize {
        match self {
            Done::Document { row, .. } => row.len(),
            Done::Skipped(_) => 0,
        }
    }
}

/// The queue that puts rows in order and writes them.
pub(crate) struct Queue<'a> {
    state: Mutex<State>,
    room: Condvar,
    observer: &'a dyn Observer,
}

/// What is left when all rows are written.
pub(crate) struct Finished {
    pub(crate) report: NamedTempFile,
    pub(crate) skipped: Vec<Named>,
    pub(crate) failed: Vec<Named>,
}

struct State {
    next: u64,
    waiting: BTreeMap<u64, Done>,
    waiting_bytes: usize,
    /// How many workers wait for room; nearly always none, and waking nobody would cost a system call a document.
    workers_waiting: usize,
    closed: bool,
    report: BufWriter<NamedTempFile>,
    documents: u64,
    skipped: Vec<Named>,
    failed: Vec<Named>,
}

impl<'a> Queue<'a> {
    /// A queue that writes to a temporary file in this directory.
    pub(crate) fn new(dir: &Path, observer: &'a dyn Observer) -> io::Result<Queue<'a>> {
        let state = State {
            next: 0,
            waiting: BTreeMap::new(),
            waiting_bytes: 0,
            workers_waiting: 0,
            closed: false,
            report: BufWriter::with_capacity(REPORT_BUFFER, temp_in(dir)?),
            documents: 0,
            skipped: Vec::new(),
            failed: Vec::new(),
        };
        Ok(Queue { state: Mutex::new(state), room: Condvar::new(), observer })
    }

    /// Waits until the rows that wait have become few enough; `false` says that the run is over.
    ///
    /// While rows wait, the document they wait for is with another worker, so this always ends.
    pub(crate) fn has_room(&self) -> bool {
        let mut state = self.lock();
        while state.is_full() && !state.closed {
            state.workers_waiting += 1;
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.workers_waiting -= 1;
        }
        !state.closed
    }

    /// Takes the result with this number, and writes all that are now in order.
    pub(crate) fn hand_in(&self, number: u64, done: Done) -> io::Result<()> {
        let mut state = self.lock();
        state.waiting_bytes += done.len();
        state.waiting.insert(number, done);
        while let Some(done) = state.take_next() {
            state.write(done, self.observer)?;
        }
        if state.workers_waiting > 0 && !state.is_full() {
            self.room.notify_all();
        }
        Ok(())
    }

    /// Ends the run for all workers.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.room.notify_all();
    }

    /// How many documents are written to the report.
    pub(crate) fn documents(&self) -> u64 {
        self.lock().documents
    }

    /// Completes the report, which is still under its temporary name.
    pub(crate) fn finish(self) -> io::Result<Finished> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let report = state.report.into_inner().map_err(|error| error.into_error())?;
        Ok(Finished { report, skipped: state.skipped, failed: state.failed })
    }

    /// A worker that panicked does not take the others down.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_full(&self) -> bool {
        self.waiting.len() > MAX_WAITING || self.waiting_bytes > MAX_WAITING_BYTES
    }

    fn take_next(&mut self) -> Option<Done> {
        let done = self.waiting.remove(&self.next)?;
        self.waiting_bytes -= done.len();
        self.next += 1;
        Some(done)
    }

    fn write(&mut self, done: Done, observer: &dyn Observer) -> io::Result<()> {
        match done {
            Done::Document { row, done, raw } => {
                self.report.write_all(&row)?;
                self.documents += 1;
                observer.document(&done);
                self.note_failure(done, raw);
            }
            Done::Skipped(skipped) => {
                observer.skipped(&skipped);
                let DocumentName { path, raw: path_raw } = DocumentName::of(&skipped.target);
                self.skipped.push(Named { path, path_raw, reason: skipped.reason.as_str(), detail: None });
            }
        }
        Ok(())
    }

    fn note_failure(&mut self, done: DocumentDone, path_raw: Option<String>) {
        if done.status == Status::Failed {
            let reason = done.reason.unwrap_or_default();
            self.failed.push(Named { path: done.path, path_raw, reason, detail: done.detail });
        }
    }
}
