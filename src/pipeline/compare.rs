//! Cleaning documents in two ways, in memory, to see what changes.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::document::{not_text_reason, panic_message};
use super::read::{Buffer, open_regular};
use super::threads::on_threads;
use super::{Discovery, DocumentDone, Found, Inputs, Observer, ReadError, RunError};
use crate::clean::Cleaner;
use crate::formats::text;
use crate::report::comparison::Comparison;
use crate::report::{DocumentName, FailReason, Status};
use crate::text::decode::Charset;

/// How many files a worker takes at a time.
const BATCH: usize = 8;

/// All that a comparison needs.
#[derive(Clone, Copy)]
pub struct Compare<'a> {
    /// The inputs.
    pub inputs: &'a Inputs,
    /// How documents were cleaned before.
    pub before: &'a Cleaner,
    /// How they are cleaned now.
    pub after: &'a Cleaner,
    /// The encoding that the caller declares.
    pub encoding: Option<Charset>,
    /// The largest input that is cleaned; what is larger stays as it is, whatever the rules.
    pub max_record: usize,
    /// On how many threads.
    pub threads: NonZeroUsize,
    /// How many samples a rule are kept.
    pub samples: usize,
    /// Whether every document that changes is listed.
    pub lists_documents: bool,
    /// Who is told; of documents in any order, but by one thread at a time.
    pub observer: &'a dyn Observer,
}

/// Cleans every document in both ways; writes nothing. The result is the same for any number of threads.
///
/// # Errors
/// When the threads cannot be started. Inputs that fail are no error; the comparison names them.
pub fn compare(run: &Compare<'_>) -> Result<Comparison, RunError> {
    let shared = Shared { run, discovery: Mutex::new(Discovery::of_inputs(run.inputs)), told: Mutex::new(()) };
    let parts = on_threads(run.threads, || Worker::new(&shared).run())?;
    let mut whole = Comparison::new(run.samples, run.lists_documents);
    parts.into_iter().for_each(|part| whole.merge(part));
    whole.sort();
    Ok(whole)
}

/// What all workers share.
struct Shared<'a> {
    run: &'a Compare<'a>,
    discovery: Mutex<Discovery>,
    told: Mutex<()>,
}

impl Shared<'_> {
    fn next(&self) -> Vec<Found> {
        let mut discovery = self.discovery.lock().unwrap_or_else(PoisonError::into_inner);
        discovery.by_ref().take(BATCH).collect()
    }

    fn tell(&self, tell: impl FnOnce(&dyn Observer)) {
        let _one_at_a_time = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        tell(self.run.observer);
    }
}

/// One thread's own things.
struct Worker<'s> {
    shared: &'s Shared<'s>,
    buffer: Buffer,
    found: Comparison,
}

impl<'s> Worker<'s> {
    fn new(shared: &'s Shared<'s>) -> Worker<'s> {
        let found = Comparison::new(shared.run.samples, shared.run.lists_documents);
        Worker { shared, buffer: Buffer::default(), found }
    }

    fn run(mut self) -> Comparison {
        loop {
            let batch = self.shared.next();
            if batch.is_empty() {
                return self.found;
            }
            batch.into_iter().for_each(|found| self.work(found));
        }
    }

    fn work(&mut self, found: Found) {
        let (target, done) = match found {
            Found::Skipped(skipped) => return self.shared.tell(|observer| observer.skipped(&skipped)),
            Found::Unreadable { target, error } => (target, Err(Failed::of(&error))),
            Found::Document { source, target, named } => {
                let name = DocumentName::of(&target);
                // What a panic leaves half done is thrown away with the buffer.
                let work = AssertUnwindSafe(|| self.document(&source, &name, named));
                let done = catch_unwind(work).unwrap_or_else(|panic| {
                    let detail = format!("this is a mistake in dechrome, please report it: {}", panic_message(&*panic));
                    Err(Failed { reason: FailReason::Panicked, detail })
                });
                (target, done)
            }
        };
        let name = DocumentName::of(&target);
        let status = if done.is_ok() { Status::Cleaned } else { Status::Failed };
        let told = DocumentDone { path: name.path.clone(), status, reason: None, detail: None, bytes_in: 0 };
        // Failures are told at the end, in order.
        match done {
            Ok(()) => self.shared.tell(|observer| observer.document(&told)),
            Err(Failed { reason, detail }) => self.found.fail(name, reason, detail),
        }
    }

    fn document(&mut self, source: &Path, name: &DocumentName, named: bool) -> Result<(), Failed> {
        let Compare { before, after, encoding, max_record, .. } = *self.shared.run;
        let mut buffer = std::mem::take(&mut self.buffer);
        let (mut file, size) = open_regular(source, named).map_err(|error| Failed::of(&error))?;
        let bytes = buffer.fill(&mut file, Some(size), max_record).map_err(|error| Failed::of(&error.into()))?;
        if bytes.len() > max_record {
            self.found.add_untouched();
        } else {
            let decoded = text::read(bytes, encoding)
                .map_err(|error| Failed { reason: not_text_reason(&error), detail: error.to_string() })?;
            if decoded.text.len() > max_record {
                self.found.add_untouched();
            } else {
                let (before, after) = (before.clean(&decoded.text), after.clean(&decoded.text));
                self.found.add(name, &decoded.text, &before, &after);
            }
        }
        buffer.shrink();
        self.buffer = buffer;
        Ok(())
    }
}

/// Why a document has no result.
struct Failed {
    reason: FailReason,
    detail: String,
}

impl Failed {
    fn of(error: &ReadError) -> Failed {
        Failed { reason: FailReason::Unreadable, detail: error.to_string() }
    }
}
