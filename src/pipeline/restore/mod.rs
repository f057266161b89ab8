//! Undoing a run: from output and report, the decoded inputs again, byte for byte, or a refusal that names the file.
//!
//! Rows stand in the order of the outputs, so both are walked side by side, and memory does not grow with them. Every text is
//! checked against the hashes of its row, before and behind; every record against the hash of its input; the bytes of a
//! container that belong to no record against the hash in the summary. A file that does not pass gets no name.

mod aside;
#[cfg(feature = "parquet")]
mod columns;
mod container;
mod document;
mod error;
mod feed;
mod file;
mod known;
mod outcome;
mod record;
mod source;
mod strangers;
mod writer;

pub(super) use source::open_below;

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

pub use error::{Refusal, RestoreError, Why};
pub use outcome::{Nearness, Remark, Restored, Tally};

use feed::{Feed, Group};
use known::Known;
use outcome::Done;
use source::Hashed;
use strangers::Strangers;

use super::journal::JOURNAL_NAME;
use super::ordered::{Progress, Queue, Room, Sink};
use super::panics::guarded;
use super::plan::real_path;
use super::threads::on_threads;
use super::write::Tree;
use super::{MAX_RECORD, REPORT_NAME, RunError, SUMMARY_NAME};
use crate::report::account::Accounts;

/// What is to be restored.
#[derive(Clone, Copy)]
pub struct Restore<'a> {
    /// A directory that a run wrote.
    pub from: &'a Path,
    /// The directory to write to; nothing where it is only tried whether all could be restored.
    pub to: Option<&'a Path>,
    /// On how many threads files are restored.
    pub threads: NonZeroUsize,
    /// Who is told.
    pub observer: &'a dyn RestoreObserver,
    /// Set from elsewhere, it stops the work.
    pub stop: &'a AtomicBool,
}

/// Is told what happens, in the order of the report.
pub trait RestoreObserver: Sync {
    /// A file is not restored.
    fn refused(&self, refusal: &Refusal);

    /// Something is to be known about a file.
    fn remark(&self, path: &str, remark: &Remark);

    /// A file in the directory that no row lists.
    fn stranger(&self, path: &str);
}

/// Restores all that a run wrote, or tries whether it could.
///
/// # Errors
/// When there is no finished run, the directory to write to is not empty, or output cannot be written. What is refused is no
/// error: it is counted, and the observer is told.
pub fn restore(what: &Restore<'_>) -> Result<Restored, RestoreError> {
    let report = report_of(what.from)?;
    let known = Known::of(what.from);
    if known.options().is_some_and(|options| options.tags.is_some()) {
        return Err(RestoreError::Marked { path: what.from.to_owned() });
    }
    let out = what.to.map(|to| out_of(what.from, to)).transpose()?;
    let tree = out.map(|out| tree_in(&out).map_err(|source| RestoreError::Output { path: out, source })).transpose()?;
    let sink = Telling { observer: what.observer, restored: Restored::default() };
    let max_record = known.options().map_or(MAX_RECORD, |options| options.max_record);
    let shared = Shared {
        work: Work { from: what.from, tree: tree.as_ref(), known: &known, max_record, stop: what.stop },
        feed: Mutex::new(Feed::new(
            Accounts::new(Box::new(BufReader::with_capacity(1 << 18, report.clone()))),
            Strangers::new(what.from),
        )),
        queue: Queue::new(sink),
        error: Mutex::new(None),
    };
    on_threads(what.threads, || shared.run())?;
    let Shared { feed, queue, error, .. } = shared;
    let is_done = queue.done().is_some();
    let mut sink = queue.finish();
    match error.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(RestoreError::Stopped { .. }) => return Err(RestoreError::Stopped { files: sink.restored.tally.files }),
        Some(error) => return Err(error),
        None if !is_done => return Err(RunError::Internal("something was restored and never told".into()).into()),
        None => {}
    }
    sink.end(feed.into_inner().unwrap_or_else(PoisonError::into_inner), &known, &report);
    Ok(sink.restored)
}

fn tree_in(out: &Path) -> io::Result<Tree> {
    fs::create_dir_all(out)?;
    Tree::at(out)
}

fn report_of(from: &Path) -> Result<Hashed, RestoreError> {
    let path = from.join(REPORT_NAME);
    let is_there = |path: &Path| fs::symlink_metadata(path).is_ok();
    if is_there(&from.join(JOURNAL_NAME)) {
        return Err(RestoreError::Unfinished { path: from.to_owned() });
    }
    if !is_there(&path) {
        return Err(RestoreError::NoReport { path: from.to_owned() });
    }
    match File::open(&path) {
        Ok(file) => Ok(Hashed::new(file)),
        Err(source) => Err(RestoreError::Unreadable { path, source }),
    }
}

/// Checks the directory to write to; gives its real path.
fn out_of(from: &Path, to: &Path) -> Result<PathBuf, RestoreError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| RestoreError::Unreadable { path, source }
    };
    let out = real_path(to).map_err(unreadable(to))?;
    if out.starts_with(fs::canonicalize(from).map_err(unreadable(from))?) {
        return Err(RestoreError::OutInside { out: to.to_owned(), from: from.to_owned() });
    }
    match fs::metadata(&out) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(out),
        Err(error) => return Err(unreadable(to)(error)),
        Ok(found) if !found.is_dir() => return Err(RestoreError::OutNotADirectory { out: to.to_owned() }),
        Ok(_) => {}
    }
    match fs::read_dir(&out).map_err(unreadable(to))?.next() {
        None => Ok(out),
        Some(_) => Err(RestoreError::OutNotEmpty { out: to.to_owned() }),
    }
}

/// What the work on every file needs.
#[derive(Clone, Copy)]
struct Work<'w> {
    from: &'w Path,
    /// Nothing where it is only tried.
    tree: Option<&'w Tree>,
    known: &'w Known,
    max_record: usize,
    stop: &'w AtomicBool,
}

impl Work<'_> {
    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// What all threads share.
struct Shared<'s> {
    work: Work<'s>,
    feed: Mutex<Feed<'static>>,
    queue: Queue<Telling<'s>>,
    error: Mutex<Option<RestoreError>>,
}

impl Shared<'_> {
    /// Restores files until none is left. Should a thread be lost, the others do not wait for what it had in hand.
    fn run(&self) {
        if let Err(panicked) = guarded(|| self.work_on()) {
            self.fail(RunError::Panicked(panicked).into());
        }
    }

    fn work_on(&self) {
        loop {
            match self.queue.room() {
                Room::Closed => return,
                Room::OnlyFor(_) => {
                    self.queue.nap();
                    continue;
                }
                Room::Free => {}
            }
            if self.work.is_stopped() {
                return self.fail(RestoreError::Stopped { files: 0 });
            }
            let Some(mut group) = Group::take(&self.feed) else { return };
            let number = group.number;
            let done = guarded(|| self.work.file(&mut group));
            drop(group);
            let done = match done {
                Ok(Ok(done)) => done,
                Ok(Err(error)) => return self.fail(error),
                Err(panicked) => file::of_panic(&panicked),
            };
            if let Err(error) = self.queue.hand_in((number, 0), done) {
                return self.fail(error.into());
            }
        }
    }

    /// Stops all threads; the first error is the one that is told.
    fn fail(&self, error: RestoreError) {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.queue.close();
    }
}

/// Tells what became of files, in order.
struct Telling<'t> {
    observer: &'t dyn RestoreObserver,
    restored: Restored,
}

impl Telling<'_> {
    fn refuse(&mut self, refusal: &Refusal) {
        self.restored.refused += 1;
        self.observer.refused(refusal);
    }

    fn strangers(&mut self, strangers: &[String]) {
        self.restored.strangers += strangers.len() as u64;
        strangers.iter().for_each(|path| self.observer.stranger(path));
    }

    /// All rows are read: whether they are all that there were.
    fn end(&mut self, feed: Feed<'_>, known: &Known, report: &Hashed) {
        let (found, error, strangers) = feed.ended();
        let path = REPORT_NAME.to_owned();
        match (&error, known.documents()) {
            (Some(error), _) => self.refuse(&error.into()),
            (None, Some(told)) if told != found => {
                self.refuse(&Refusal { path, record: None, line: None, why: Why::Count { found, told } });
            }
            // What the rows behind would have listed is no stranger.
            (None, _) => self.strangers(&strangers),
        }
        let is_other = |told: &str| report.finish().is_ok_and(|hash| hash.to_string() != told);
        // Where something was refused, it is known by its own name.
        if self.restored.refused == 0 && known.hash_report().is_some_and(is_other) {
            let path = REPORT_NAME.to_owned();
            self.refuse(&Refusal { path, record: None, line: None, why: Why::ReportChanged });
        }
        if known.is_damaged {
            let path = SUMMARY_NAME.to_owned();
            self.refuse(&Refusal { path, record: None, line: None, why: Why::NoSummary });
        }
        self.restored.has_summary = known.options().is_some();
        self.restored.skipped = known.skipped();
    }
}

impl Sink for Telling<'_> {
    type Done = Done;

    fn size(done: &Done) -> usize {
        let told = done.remarks.len() + done.refusals.len() + done.strangers.len();
        done.path.len() + 128 * (1 + told)
    }

    fn write(&mut self, done: Done) -> Result<Progress, RunError> {
        self.strangers(&done.strangers);
        self.restored.tally += &done.tally;
        done.remarks.iter().for_each(|remark| self.observer.remark(&done.path, remark));
        done.refusals.iter().for_each(|refusal| self.refuse(refusal));
        Ok(Progress::InputDone)
    }
}
