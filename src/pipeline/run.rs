//! Running a plan on several threads.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::dir::Dir;
use super::done::RunSink;
use super::earlier::{EARLIER_NAME, Earlier};
use super::feed::Feed;
use super::helping::Helping;
use super::journal::JOURNAL_NAME;
use super::lock::OutputLock;
use super::ordered::Queue;
use super::replace::{NewRun, Start};
use super::sink::TreeSink;
use super::temp::TempFile;
use super::threads::on_threads;
use super::worker::Worker;
use super::write::{Durability, Tree};
use super::{Compress, Discovery, Observer, Plan, REPORT_NAME, RunError, SUMMARY_NAME, Settings, Shard};
use crate::report::summary::{OptionsUsed, RulesUsed, Timings};
use crate::report::{Summary, Totals};

/// All that a run needs.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Inputs and output.
    pub plan: &'a Plan,
    /// How documents are cleaned.
    pub settings: Settings<'a>,
    /// Which part of the inputs is cleaned.
    pub shard: Option<Shard>,
    /// On how many threads.
    pub threads: NonZeroUsize,
    /// Whether every file is written down before the next counts.
    pub sync: Durability,
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
    let rules = run.settings.cleaner.rules();
    let rules = RulesUsed { hash: rules.hash().to_owned(), count: rules.rules().len() };
    let empty = Summary::new(rules, run.options.clone());
    std::fs::create_dir_all(out).map_err(RunError::output(out))?;
    let dir = Arc::new(Dir::open(out).map_err(RunError::output(out))?);
    let _lock = OutputLock::take(&dir, run.plan.contents)?;
    let new = NewRun { fingerprint: &empty.fingerprint, syncs: run.sync == Durability::EachFile };
    let begun = Start::new(&dir, run.plan.contents, run.plan.resume, new).map_err(RunError::output(out))?;
    if run.plan.resume {
        run.observer.resumed(begun.earlier.is_some());
    }
    let tree = Tree::new(dir, begun.careful, run.sync);
    let earlier_rows = begun.earlier.as_ref().map(Earlier::rows).transpose().map_err(RunError::output(out))?;
    let earlier_path = begun.earlier.as_ref().map(|earlier| earlier.rows_name().to_owned());
    let journal = begun.journal.share().map_err(RunError::output(out))?;
    let sink = TreeSink::new(&tree, run.observer, journal, &begun.rows, earlier_rows);
    let mut sink = sink.map_err(RunError::output(&out.join(&begun.rows)))?;
    let verifies = run.settings.verify;
    sink.verifies = verifies;
    let earlier = begun.earlier.map(|earlier| earlier.verifying(verifies));
    let shared = Shared {
        settings: run.settings,
        compress: run.plan.naming.compress,
        stop: run.stop,
        tree: &tree,
        feed: Mutex::new(Feed::new(Discovery::new(run.plan, run.shard), Some(begun.journal), earlier)),
        queue: Queue::new(sink),
        helping: Helping::new(),
        error: Mutex::new(None),
    };
    let totals = work(run.threads, &shared)?;
    let taken = shared.feed.lock().unwrap_or_else(PoisonError::into_inner).taken;
    let (mut sink, error) = shared.end();
    if let Some(error) = error {
        sink.suspend();
        return Err(error);
    }
    sink.complete()?;
    if let Some((taken, verified)) = taken {
        run.observer.took_over(taken);
        sink.verified += verified;
    }
    let done = Finished { start, tree: &tree, rows: begun.rows, earlier_rows: earlier_path };
    done.finish(run, sink, totals, empty)
}

/// Lets every thread work until nothing is left.
pub(crate) fn work<S: RunSink>(threads: NonZeroUsize, shared: &Shared<'_, S>) -> Result<Totals, RunError> {
    let parts = on_threads(threads, || Worker::new(shared).run())?;
    Ok(parts.iter().fold(Totals::default(), |mut sum, part| {
        sum += part;
        sum
    }))
}

/// What is known when all is written.
struct Finished<'t> {
    start: Instant,
    tree: &'t Tree,
    rows: OsString,
    earlier_rows: Option<OsString>,
}

impl Finished<'_> {
    /// Gives the report and the summary their names; the journal goes last.
    fn finish(
        self,
        run: &Run<'_>,
        sink: TreeSink<'_>,
        mut totals: Totals,
        empty: Summary,
    ) -> Result<Summary, RunError> {
        totals += &sink.totals;
        check_sums(&totals, sink.documents)?;
        let out = self.tree.root();
        let dir = self.tree.dir().map_err(RunError::output(out))?;
        let timings = timings(self.start, run.threads, &totals);
        let summary = Summary {
            hash_report: Some(sink.hash_report().to_string()),
            totals: totals.settled(),
            passed_by: sink.facts.passed,
            notes: sink.facts.notes,
            containers: sink.containers,
            skipped: sink.skipped.named,
            skipped_left_out: sink.skipped.left_out,
            failed: sink.failed.named,
            failed_left_out: sink.failed.left_out,
            changed: sink.changed.named,
            changed_left_out: sink.changed.left_out,
            verified: sink.verifies.then_some(sink.verified),
            timings,
            ..empty
        };
        self.write_end(dir, &summary).map_err(RunError::output(out))?;
        Ok(summary)
    }

    /// Gives the report its name, and writes the summary. What says that the run is finished is written down first, and what
    /// says that it is not goes last, so that neither a kill nor a power failure leaves a run that only seems to be finished.
    fn write_end(&self, dir: &Arc<Dir>, summary: &Summary) -> io::Result<()> {
        let [report, summary_name, journal, earlier] =
            [REPORT_NAME, SUMMARY_NAME, JOURNAL_NAME, EARLIER_NAME].map(OsStr::new);
        let mut json = serde_json::to_vec_pretty(summary)?;
        json.push(b'\n');
        // Its offsets are in a report that may be replaced now; this run's own journal holds all that is done.
        dir.remove_if_there(earlier)?;
        dir.rename_over(&self.rows, report)?;
        let mut temp = TempFile::new_in(Arc::clone(dir))?;
        temp.write_all(&json)?;
        temp.sync()?;
        temp.finish_over(summary_name)?;
        dir.sync()?;
        if let Some(rows) = self.earlier_rows.as_deref().filter(|rows| *rows != report) {
            dir.remove_if_there(rows)?;
        }
        dir.remove_if_there(journal)
    }
}

/// Checks that the sums agree with each other and with the number of rows.
pub(crate) fn check_sums(totals: &Totals, rows: u64) -> Result<(), RunError> {
    match totals.adds_up() && totals.documents.total == rows {
        true => Ok(()),
        false => Err(RunError::Unaccounted("the sums over all documents do not agree".into())),
    }
}

pub(crate) fn timings(start: Instant, threads: NonZeroUsize, totals: &Totals) -> Timings {
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
pub(crate) struct Shared<'a, S: RunSink> {
    pub(crate) settings: Settings<'a>,
    /// How outputs are compressed.
    pub(crate) compress: Compress,
    pub(crate) stop: &'a AtomicBool,
    pub(crate) tree: &'a Tree,
    pub(crate) feed: Mutex<Feed>,
    pub(crate) queue: Queue<S>,
    pub(crate) helping: Helping<'static>,
    pub(crate) error: Mutex<Option<RunError>>,
}

impl<S: RunSink> Shared<'_, S> {
    /// The sink when all workers have ended, and what stopped them early.
    pub(crate) fn end(self) -> (S, Option<RunError>) {
        let handed_out = self.feed.into_inner().unwrap_or_else(PoisonError::into_inner).handed_out();
        let error = self.error.into_inner().unwrap_or_else(PoisonError::into_inner);
        let is_gap = handed_out.is_none() || self.queue.done() != handed_out;
        let gap = is_gap.then(|| RunError::Unaccounted("not every input that was found was done".into()));
        (self.queue.finish(), error.or(gap))
    }

    /// Whether somebody wants the run to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        let stopped = self.stop.load(Ordering::Relaxed);
        if stopped {
            self.fail(RunError::Stopped { documents: self.queue.look(S::documents) });
        }
        stopped
    }

    /// Stops all workers; the first error is the one that is told.
    pub(crate) fn fail(&self, error: RunError) {
        self.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        self.queue.close();
    }
}
