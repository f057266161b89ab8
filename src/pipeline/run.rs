//! Running a plan on several threads.

use std::collections::VecDeque;
use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::document::{Input, process};
use super::ordered::{Done, Queue};
use super::read::{Buffer, open_regular};
use super::replace::Marker;
use super::threads::on_threads;
use super::write::{Tree, write_file};
use super::{Discovery, Found, Observer, Plan, REPORT_NAME, ReadError, RunError, SUMMARY_NAME, Settings, WriteError};
use crate::report::summary::{OptionsUsed, RulesUsed, Timings};
use crate::report::{DocumentName, FailReason, Row, Summary, Totals};

/// How many names are listed in the marker at a time.
const LISTED_AT_ONCE: usize = 64;
/// How many documents a worker takes at most at a time.
const MAX_BATCH: usize = 32;
/// How long they should take together.
const BATCH_TIME: Duration = Duration::from_millis(4);

/// All that a run needs.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Inputs and output.
    pub plan: &'a Plan,
    /// How documents are cleaned.
    pub settings: Settings<'a>,
    /// On how many threads.
    pub threads: NonZeroUsize,
    /// What the summary says about the options.
    pub options: &'a OptionsUsed,
    /// Who is told.
    pub observer: &'a dyn Observer,
    /// Set from elsewhere, it stops the run before the next document.
    pub stop: &'a AtomicBool,
}

/// Cleans everything in the plan, and writes tree, report and summary.
///
/// # Errors
/// When output cannot be written, or the run was stopped. Inputs that fail are no error; the summary names them.
pub fn run(run: &Run<'_>) -> Result<Summary, RunError> {
    let start = Instant::now();
    let out = run.plan.out();
    let (marker, careful) = Marker::start(out, run.plan.contents).map_err(RunError::output(out))?;
    let shared = Shared {
        run,
        tree: Tree::new(out.to_owned(), careful),
        source: Mutex::new(Source { discovery: Discovery::new(run.plan), marker, ahead: VecDeque::new(), number: 0 }),
        queue: Queue::new(out, run.observer).map_err(RunError::output(&out.join(REPORT_NAME)))?,
        error: Mutex::new(None),
    };
    let totals = work(run.threads, &shared)?;
    finish(run, shared, totals, start)
}

/// Lets every thread work until nothing is left.
fn work(threads: NonZeroUsize, shared: &Shared<'_>) -> Result<Totals, RunError> {
    let parts = on_threads(threads, || Worker::new(shared).run())?;
    Ok(parts.iter().fold(Totals::default(), |mut sum, part| {
        sum += part;
        sum
    }))
}

/// Gives the report and the summary their names; the marker goes last.
fn finish(run: &Run<'_>, shared: Shared<'_>, totals: Totals, start: Instant) -> Result<Summary, RunError> {
    if let Some(error) = shared.error.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(error);
    }
    let out = run.plan.out();
    let (report, summary_path) = (out.join(REPORT_NAME), out.join(SUMMARY_NAME));
    let finished = shared.queue.finish().map_err(RunError::output(&report))?;
    let rules = run.settings.cleaner.rules();
    let rules = RulesUsed { hash: rules.hash().to_owned(), count: rules.rules().len() };
    let timings = timings(start, run.threads, &totals);
    let (skipped, failed) = (finished.skipped, finished.failed);
    let summary = Summary { totals, skipped, failed, timings, ..Summary::new(rules, run.options.clone()) };
    let json = serde_json::to_vec_pretty(&summary).map_err(io::Error::from).map_err(RunError::output(&summary_path))?;
    finished.report.persist(&report).map_err(|failed| failed.error).map_err(RunError::output(&report))?;
    write_file(&summary_path, &[&json[..], b"\n"].concat()).map_err(RunError::output(&summary_path))?;
    let marker = shared.source.into_inner().unwrap_or_else(PoisonError::into_inner).marker;
    marker.finish().map_err(RunError::output(out))?;
    Ok(summary)
}

fn timings(start: Instant, threads: NonZeroUsize, totals: &Totals) -> Timings {
    let seconds = start.elapsed().as_secs_f64().max(1e-9);
    let rounded = |value: f64| (value * 1000.0).round() / 1000.0;
    Timings {
        seconds: rounded(seconds),
        threads: threads.get(),
        documents_per_second: rounded(totals.documents.total as f64 / seconds),
        megabytes_per_second: rounded(totals.bytes.input as f64 / 1e6 / seconds),
    }
}

/// What all workers share.
struct Shared<'a> {
    run: &'a Run<'a>,
    tree: Tree,
    source: Mutex<Source>,
    queue: Queue<'a>,
    error: Mutex<Option<RunError>>,
}

impl Shared<'_> {
    /// The next few things to do with their numbers in the order of the report; none when the run is over.
    fn next(&self, most: usize) -> VecDeque<(u64, Found)> {
        if !self.queue.has_room() {
            return VecDeque::new();
        }
        let taken = self.source.lock().unwrap_or_else(PoisonError::into_inner).take(most);
        taken.unwrap_or_else(|error| {
            self.fail(error);
            VecDeque::new()
        })
    }

    /// Whether somebody wants the run to stop.
    fn is_stopped(&self) -> bool {
        let stopped = self.run.stop.load(Ordering::Relaxed);
        if stopped {
            self.fail(RunError::Stopped { documents: self.queue.documents() });
        }
        stopped
    }

    /// Stops all workers; the first error is the one that is told.
    fn fail(&self, error: RunError) {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.queue.close();
    }
}

/// Where work comes from.
struct Source {
    discovery: Discovery,
    marker: Marker,
    ahead: VecDeque<Found>,
    number: u64,
}

impl Source {
    fn take(&mut self, most: usize) -> Result<VecDeque<(u64, Found)>, RunError> {
        if self.ahead.is_empty() {
            self.look_ahead()?;
        }
        let count = most.min(self.ahead.len());
        let first = self.number;
        self.number += count as u64;
        Ok((first..).zip(self.ahead.drain(..count)).collect())
    }

    /// Finds the next few files, and lists them as about to be written.
    fn look_ahead(&mut self) -> Result<(), RunError> {
        self.ahead.extend(self.discovery.by_ref().take(LISTED_AT_ONCE));
        let targets = self.ahead.iter().filter_map(|found| match found {
            Found::Document { target, .. } => Some(target.as_path()),
            _ => None,
        });
        self.marker.intend(targets).map_err(RunError::output(self.marker.path().to_owned().as_path()))
    }
}

/// One thread's own things.
struct Worker<'s> {
    shared: &'s Shared<'s>,
    buffer: Buffer,
    totals: Totals,
    batch: Batch,
}

/// How many documents a worker takes at a time: many small ones, so that workers are seldom in one directory and wait
/// for each other there, but few large ones, so that nobody is idle at the end.
struct Batch {
    size: usize,
    start: Instant,
}

impl Batch {
    /// The size of the next one, from how long the last took. It changes who does what and nothing else.
    fn next_size(&mut self) -> usize {
        let took = self.start.elapsed();
        self.size = if took < BATCH_TIME { self.size * 2 } else { self.size / 2 }.clamp(1, MAX_BATCH);
        self.start = Instant::now();
        self.size
    }
}

impl<'s> Worker<'s> {
    fn new(shared: &'s Shared<'s>) -> Worker<'s> {
        let batch = Batch { size: 1, start: Instant::now() };
        Worker { shared, buffer: Buffer::default(), totals: Totals::default(), batch }
    }

    fn run(mut self) -> Totals {
        let _close = CloseOnPanic(&self.shared.queue);
        loop {
            let batch = self.shared.next(self.batch.next_size());
            if batch.is_empty() {
                return self.totals;
            }
            for (number, found) in batch {
                if self.shared.is_stopped() {
                    return self.totals;
                }
                if let Err(error) = self.work_and_hand_in(number, found) {
                    self.shared.fail(error);
                    return self.totals;
                }
            }
        }
    }

    fn work_and_hand_in(&mut self, number: u64, found: Found) -> Result<(), RunError> {
        let done = self.work(found)?;
        self.shared.queue.hand_in(number, done).map_err(RunError::output(Path::new(REPORT_NAME)))
    }

    fn work(&mut self, found: Found) -> Result<Done, RunError> {
        match found {
            Found::Skipped(skipped) => Ok(Done::Skipped(skipped)),
            Found::Unreadable { target, error } => self.unreadable(&DocumentName::of(&target), &error),
            Found::Document { source, target, named } => self.document(&source, &target, named),
        }
    }

    fn document(&mut self, source: &Path, target: &Path, named: bool) -> Result<Done, RunError> {
        let name = DocumentName::of(target);
        let settings = self.shared.run.settings;
        let (mut file, size) = match open_regular(source, named) {
            Ok(opened) => opened,
            Err(error) => return self.unreadable(&name, &error),
        };
        // The buffer is taken out while its bytes are looked at.
        let mut buffer = std::mem::take(&mut self.buffer);
        let done = match buffer.fill(&mut file, Some(size), settings.max_record) {
            Ok(bytes) => self.clean(Input { name: Some(&name), bytes, rest: &mut file }, target),
            Err(error) => self.unreadable(&name, &error.into()),
        };
        buffer.shrink();
        self.buffer = buffer;
        done
    }

    fn clean(&mut self, input: Input<'_>, target: &Path) -> Result<Done, RunError> {
        let mut output = self.shared.tree.file(target);
        let mut done = None;
        let totals = &mut self.totals;
        let mut emit = |row: &Row<'_>| {
            totals.add(row);
            done = Some(Done::of(row));
        };
        let WriteError { path, source, .. } = match process(self.shared.run.settings, input, &mut output, &mut emit) {
            Ok(()) => return finished(done),
            Err(error) => error,
        };
        Err(RunError::Output { path, source })
    }

    fn unreadable(&mut self, name: &DocumentName, error: &ReadError) -> Result<Done, RunError> {
        let detail = error.to_string();
        let row = Row::failed(Some(name), FailReason::Unreadable, &detail);
        self.totals.add(&row);
        finished(Some(Done::of(&row)))
    }
}

fn finished(done: Option<serde_json::Result<Done>>) -> Result<Done, RunError> {
    let done = done.ok_or_else(|| RunError::Internal("a document came to no row".into()))?;
    done.map_err(|error| RunError::Internal(error.to_string()))
}

/// Lets the other workers end when one is lost, instead of waiting for its document.
struct CloseOnPanic<'q>(&'q Queue<'q>);

impl Drop for CloseOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}
