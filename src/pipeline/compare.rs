//! Cleaning documents in two ways, in memory, to see what changes.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::panics::guarded;
use super::reached::Counting;
use super::texts::{Unread, each_text};
use super::threads::on_threads;
use super::{Discovery, Found, Inputs, Observer, ReadError, RunError, Settings, SkipReason, Skipped};
use crate::clean::Cleaner;
use crate::report::comparison::Comparison;
use crate::report::{DocumentName, FailReason};

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
    /// How documents are read; its cleaner is not asked. What is too large to be cleaned stays as it is, whatever the rules.
    pub settings: Settings<'a>,
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
    let shared = Shared { run, discovery: Mutex::new(Discovery::of_inputs(run.inputs)), told: Mutex::default() };
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
    told: Mutex<Counting>,
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

    fn done(&self, size: u64) {
        let mut counting = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        counting.done(size);
        self.run.observer.reached(counting.so_far());
    }
}

/// One thread's own things.
struct Worker<'s> {
    shared: &'s Shared<'s>,
    found: Comparison,
}

impl<'s> Worker<'s> {
    fn new(shared: &'s Shared<'s>) -> Worker<'s> {
        let found = Comparison::new(shared.run.samples, shared.run.lists_documents);
        Worker { shared, found }
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
        let size = found.size();
        let (target, done) = match found {
            Found::Skipped(skipped) => return self.shared.tell(|observer| observer.skipped(&skipped)),
            Found::Unreadable { target, error } => (target, Err(Failed::of(&error))),
            // Where nothing is written, nothing can meet.
            Found::Clash { target, output, .. } => (target, Err(Failed::of(&ReadError::SameOutput(output)))),
            Found::Document { source, target, named } => {
                let name = DocumentName::of(&target);
                // What a panic leaves half done is one document's.
                let done = guarded(|| self.input(&source, &name, named)).unwrap_or_else(|panicked| {
                    Err(Failed { reason: FailReason::Panicked, detail: panicked.to_string() })
                });
                (target, done)
            }
        };
        self.shared.done(size);
        if done == Ok(Looked::Skipped) {
            let skipped = Skipped { target, reason: SkipReason::UnknownExtension };
            return self.shared.tell(|observer| observer.skipped(&skipped));
        }
        let name = DocumentName::of(&target);
        // Failures are told at the end, in order.
        if let Err(Failed { reason, detail }) = done {
            self.found.fail(name, reason, detail);
        }
    }

    fn input(&mut self, source: &Path, name: &DocumentName, named: bool) -> Result<Looked, Failed> {
        let Compare { before, after, settings, .. } = *self.shared.run;
        let found = &mut self.found;
        let read = each_text(settings, source, named, &mut |record, text, _| match text {
            Some(text) => found.add(&named_record(name, record), text, &before.clean(text), &after.clean(text)),
            None => found.add_untouched(),
        });
        match read {
            Ok(()) => Ok(Looked::Compared),
            Err(Unread::Skipped) => Ok(Looked::Skipped),
            Err(Unread::Failed(reason, detail)) => Err(Failed { reason, detail }),
        }
    }
}

/// What was done with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Looked {
    Compared,
    Skipped,
}

/// The name of a record of an input: its number stands behind the name of the file.
fn named_record(name: &DocumentName, record: Option<u64>) -> DocumentName {
    let Some(record) = record else { return name.clone() };
    DocumentName { path: format!("{}:{record}", name.path), raw: None }
}

/// Why a document has no result.
#[derive(Debug, PartialEq, Eq)]
struct Failed {
    reason: FailReason,
    detail: String,
}

impl Failed {
    fn of(error: &ReadError) -> Failed {
        Failed { reason: FailReason::Unreadable, detail: error.to_string() }
    }
}
