//! A run of which nothing is written: inputs are worked on as in any other, and what that comes to is counted and shown.

use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::container::{Container, Shape, Told, Yield};
use super::done::{Capped, Done, Resumed, RunSink};
use super::feed::Feed;
use super::helping::Helping;
use super::journal::Facts;
use super::ordered::{Progress, Queue, Sink};
use super::reached::Counting;
use super::run::{Shared, check_sums, timings, work};
use super::view::{Effect, SeenInput, View};
use super::write::Tree;
use super::{Compress, Discovery, Observer, Output, RunError, Settings, Skipped, StreamError};
use crate::report::row::NO_TEXT;
use crate::report::summary::{Named, OptionsUsed, RulesUsed};
use crate::report::{DocumentName, Row, Status, Summary, Totals};

/// All that a preview needs.
pub struct Preview<'a> {
    /// The inputs.
    pub discovery: Discovery,
    /// How documents are cleaned. Their view makes what is shown.
    pub settings: Settings<'a>,
    /// On how many threads.
    pub threads: NonZeroUsize,
    /// What the summary says about the options.
    pub options: OptionsUsed,
    /// Who is told.
    pub observer: &'a dyn Observer,
    /// Where what is shown goes.
    pub shown: &'a mut (dyn Output + Send),
}

/// Cleans everything and writes nothing. The summary is that of a run that writes, but for outputs that it could not have
/// written, and for Parquet files whose other columns cannot be copied.
///
/// # Errors
/// When what is shown cannot be written. Inputs that fail are no error; the summary names them.
pub fn preview(preview: Preview<'_>) -> Result<Summary, StreamError> {
    let Preview { discovery, settings, threads, options, observer, shown } = preview;
    let start = Instant::now();
    let rules = settings.cleaner.rules();
    let rules = RulesUsed { hash: rules.hash().to_owned(), count: rules.rules().len() };
    let (tree, never) = (Tree::nowhere(), AtomicBool::new(false));
    let shared = Shared {
        settings,
        // What goes nowhere need not be packed.
        compress: Compress::No,
        stop: &never,
        tree: &tree,
        feed: Mutex::new(Feed::new(discovery, None, None)),
        queue: Queue::new(PreviewSink::new(settings.view, observer, shown)),
        helping: Helping::new(),
        error: Mutex::new(None),
    };
    let mut totals = work(threads, &shared)?;
    let (sink, error) = shared.end();
    if let Some(error) = sink.error.or(error.map(StreamError::Run)) {
        return Err(error);
    }
    totals += &sink.totals;
    check_sums(&totals, sink.documents)?;
    Ok(Summary {
        timings: timings(start, threads, &totals),
        totals: totals.settled(),
        passed_by: sink.facts.passed,
        notes: sink.facts.notes,
        skipped: sink.skipped.named,
        skipped_left_out: sink.skipped.left_out,
        failed: sink.failed.named,
        failed_left_out: sink.failed.left_out,
        changed: sink.changed.named,
        changed_left_out: sink.changed.left_out,
        ..Summary::new(rules, options)
    })
}

/// Takes the finished parts of a run that writes nothing.
struct PreviewSink<'a> {
    view: Option<&'a dyn View>,
    observer: &'a dyn Observer,
    shown: &'a mut (dyn Output + Send),
    open: Option<Open>,
    totals: Totals,
    skipped: Capped,
    failed: Capped,
    changed: Capped,
    facts: Facts,
    documents: u64,
    counting: Counting,
    error: Option<StreamError>,
}

/// What is known of the container whose parts come in.
#[derive(Default)]
struct Open {
    effect: Effect,
    /// Whether there would be anything in its output.
    has_bytes: bool,
    /// Whether a row names its output.
    is_listed: bool,
}

impl<'a> PreviewSink<'a> {
    fn new(
        view: Option<&'a dyn View>,
        observer: &'a dyn Observer,
        shown: &'a mut (dyn Output + Send),
    ) -> PreviewSink<'a> {
        PreviewSink {
            view,
            observer,
            shown,
            open: None,
            totals: Totals::default(),
            skipped: Capped::default(),
            failed: Capped::default(),
            changed: Capped::default(),
            facts: Facts::default(),
            documents: 0,
            counting: Counting::default(),
            error: None,
        }
    }

    fn show(&mut self, shown: &[u8]) -> Result<(), RunError> {
        if shown.is_empty() {
            return Ok(());
        }
        self.shown.put(shown).map_err(|error| {
            self.error.get_or_insert(error.into());
            RunError::Internal("the preview cannot be shown".into())
        })
    }

    fn skip(&mut self, skipped: &Skipped) -> Result<(), RunError> {
        self.observer.skipped(skipped);
        let DocumentName { path, raw: path_raw } = DocumentName::of(&skipped.target);
        self.skipped.add([Named { path, path_raw, reason: skipped.reason.as_str().into(), detail: None }]);
        let mut shown = Vec::new();
        self.view.iter().for_each(|view| view.skipped(skipped, &mut shown));
        self.show(&shown)
    }

    fn tell(&mut self, told: Told) -> Result<(), RunError> {
        self.documents += told.documents;
        told.special.iter().for_each(|done| self.observer.document(done));
        self.observer.documents(told.documents - told.special.len() as u64, told.bytes);
        self.failed.add(told.failed);
        told.changed.iter().for_each(|changed| self.observer.changed(changed));
        self.changed.add(told.changed);
        self.facts.add(&Facts { passed: told.passed, notes: told.notes });
        self.show(&told.shown)
    }

    fn part(&mut self, container: &Container<'static>, last: bool, mut yielded: Yield) -> Result<Progress, RunError> {
        if last {
            container.look_again(&mut yielded.told);
        }
        let mut open = self.open.take().unwrap_or_else(|| {
            container.reading().iter().for_each(|reading| self.observer.reading(reading));
            Open::default()
        });
        open.effect += yielded.told.effect;
        open.has_bytes |= !yielded.output.is_empty();
        open.is_listed |= yielded.told.listed > 0;
        self.tell(yielded.told)?;
        if !last {
            self.open = Some(open);
            return Ok(Progress::Within);
        }
        self.finish(container, &open)?;
        Ok(Progress::InputDone)
    }

    fn finish(&mut self, container: &Container<'static>, open: &Open) -> Result<(), RunError> {
        let mut told = Told::default();
        let is_written = container.has_output && !container.is_exploded && !is_columns(&container.shape);
        if is_written && open.has_bytes && !open.is_listed {
            let row = Row::bare(container.name.as_ref(), Status::Unchanged, Some(NO_TEXT));
            told.add(&row, &mut self.totals);
        }
        if let (Some(view), Some(input)) = (self.view, &container.input) {
            let effect = open.effect;
            view.input(&SeenInput { source: &input.path, target: &container.target, effect }, &mut told.shown);
        }
        self.tell(told)
    }
}

#[cfg(feature = "parquet")]
fn is_columns(shape: &Shape) -> bool {
    matches!(shape, Shape::Columns(_))
}

#[cfg(not(feature = "parquet"))]
fn is_columns(_: &Shape) -> bool {
    false
}

impl RunSink for PreviewSink<'_> {
    fn documents(&self) -> u64 {
        self.documents
    }

    // Nothing is resumed of what is not written.
    fn will_resume(&mut self, _: u64, _: Resumed) {}
}

impl Sink for PreviewSink<'_> {
    type Done = Done;

    fn size(done: &Done) -> usize {
        done.size()
    }

    fn write(&mut self, done: Done) -> Result<Progress, RunError> {
        match done {
            Done::Skipped { skipped, input } => {
                self.skip(&skipped)?;
                input.iter().for_each(|size| self.counting.done(*size));
            }
            Done::Document { told, done, size } => {
                told.reading(&done.path).iter().for_each(|reading| self.observer.reading(reading));
                self.tell(told)?;
                self.counting.done(size);
            }
            Done::Reused { .. } => {}
            Done::Part { container, read, last, yielded, .. } => {
                let progress = self.part(&container, last, yielded)?;
                self.counting.part(read, container.size(), progress == Progress::InputDone);
                self.observer.reached(self.counting.so_far());
                return Ok(progress);
            }
        }
        self.observer.reached(self.counting.so_far());
        Ok(Progress::InputDone)
    }
}
