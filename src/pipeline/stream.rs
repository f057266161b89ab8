//! One input to one output without a tree: the filter, and a lone file to standard output.

use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::path::Path;

use super::container::{Container, Told, Work, Yield, noticed};
use super::document::process;
use super::input::unnamed;
use super::marking::cannot_be_marked;
use super::opened::{Looking, Opened};
use super::ordered::{Progress, Queue, Room, Sink};
use super::packed::Packed;
use super::source::Window;
use super::threads::on_threads;
use super::view::Seen;
use super::{Compress, Output, ReadError, RunError, Settings, WriteError};
use crate::formats::Format;
use crate::report::{DocumentName, FailReason, Row, Status, Totals};

/// The one input to clean.
pub enum Single<'a> {
    /// A stream, for example standard input.
    Stream(Box<dyn Read + Send + 'a>),
    /// A regular file, by name.
    File(&'a Path),
}

/// How a single input is cleaned.
#[derive(Clone, Copy, Debug)]
pub struct Streaming<'a> {
    /// How documents are cleaned.
    pub settings: Settings<'a>,
    /// How the output is compressed.
    pub compress: Compress,
    /// On how many threads the records of a container are cleaned.
    pub threads: NonZeroUsize,
}

/// What became of a single input.
#[derive(Clone, Debug, Default)]
pub struct SingleOutcome {
    /// What became of its documents.
    pub totals: Totals,
    /// The first that failed, with the reason.
    pub failed: Vec<(Option<u64>, String)>,
    /// Why a document was kept whole, if it was one.
    pub kept_whole: Option<&'static str>,
    /// What is odd about the input, and no failure.
    pub notes: Vec<String>,
    /// How the input changed while it was read, if it did.
    pub changed: Option<String>,
}

impl SingleOutcome {
    /// Whether all of it was cleaned, and it stood still while it was.
    pub fn is_whole(&self) -> bool {
        self.totals.documents.failed == 0 && self.changed.is_none()
    }
}

/// How many failures are named.
const MOST_NAMED: usize = 20;

impl<'a> Single<'a> {
    fn path(&self) -> Option<&'a Path> {
        match self {
            Single::Stream(_) => None,
            Single::File(path) => Some(path),
        }
    }

    /// The name in the rows: that of the file; standard input has none.
    fn name(&self) -> Option<DocumentName> {
        self.path()?.file_name().map(|name| DocumentName::of(Path::new(name)))
    }

    /// Cleans it: what is kept goes to `output`, the rows of its documents to `report`.
    ///
    /// # Errors
    /// When output or report cannot be written. An input that cannot be read or is not text is no error, but its outcome.
    pub fn clean(
        self,
        how: Streaming<'_>,
        output: &mut (dyn Output + Send),
        report: &mut (dyn io::Write + Send),
    ) -> Result<SingleOutcome, StreamError> {
        let shown = &mut Nowhere;
        self.flow(how, Ends { output, report, shown })
    }

    /// Cleans it to nowhere: only what the view of the settings makes of it is written.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn preview(self, how: Streaming<'_>, shown: &mut (dyn Output + Send)) -> Result<SingleOutcome, StreamError> {
        let (output, report) = (&mut Nowhere, &mut io::sink());
        self.flow(Streaming { compress: Compress::No, ..how }, Ends { output, report, shown })
    }

    fn flow<'f>(self, how: Streaming<'f>, ends: Ends<'f>) -> Result<SingleOutcome, StreamError> {
        let name = self.name();
        let looking = Looking::with(how.settings);
        let is_live = matches!(self, Single::Stream(_));
        let file = self.path();
        let opened = match self {
            Single::Stream(reader) => looking.at_stream(reader).map_err(ReadError::Io),
            Single::File(path) => looking.at_file(path, true, Window::default()).map(|opened| {
                let format = opened.format;
                Opened { format: format.or_else(|| Some(unnamed(path, opened.window.bytes()))), ..opened }
            }),
        };
        // A stream has no name that could tell.
        let opened = opened.map(|opened| match how.settings.tags.filter(|_| is_live && opened.format.is_none()) {
            Some(_) => Opened { format: Some(Format::Jsonl), ..opened },
            None => opened,
        });
        let identity = opened.as_ref().ok().and_then(|opened| opened.identity);
        let unfit = opened.as_ref().ok().filter(|_| how.settings.tags.is_some()).and_then(cannot_be_marked);
        let mut flow = Flow { how, ends, totals: Totals::default(), outcome: SingleOutcome::default() };
        match opened {
            Err(error) => flow.fail(name.as_ref(), FailReason::Unreadable, &error.to_string())?,
            Ok(_) if unfit.is_some() => {
                flow.fail(name.as_ref(), FailReason::NotThisFormat, &unfit.unwrap_or_default())?;
            }
            Ok(opened) if opened.format.is_some_and(Format::is_container) => flow.container(name, opened, is_live)?,
            Ok(opened) => flow.document(name.as_ref(), opened)?,
        }
        let change = identity.zip(file).and_then(|(identity, path)| identity.change(path, true));
        let changed = change.map(|change| change.to_string());
        Ok(SingleOutcome { totals: flow.totals.settled(), changed, ..flow.outcome })
    }
}

/// What stops a single input.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// The output cannot be written.
    #[error(transparent)]
    Output(#[from] WriteError),
    /// The report cannot be written.
    #[error("cannot write the report: {0}")]
    Report(io::Error),
    /// The program itself failed.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// Where what comes of a single input goes.
struct Ends<'e> {
    output: &'e mut (dyn Output + Send),
    report: &'e mut (dyn io::Write + Send),
    shown: &'e mut (dyn Output + Send),
}

impl Ends<'_> {
    fn tell(&mut self, told: &Told) -> Result<(), StreamError> {
        self.report.write_all(&told.rows).map_err(StreamError::Report)?;
        if !told.shown.is_empty() {
            self.shown.put(&told.shown)?;
        }
        Ok(())
    }
}

/// A single input on its way.
struct Flow<'f> {
    how: Streaming<'f>,
    ends: Ends<'f>,
    totals: Totals,
    outcome: SingleOutcome,
}

impl Flow<'_> {
    fn tell(&mut self, told: &Told) -> Result<(), StreamError> {
        self.ends.tell(told)?;
        note_failures(&mut self.outcome, told);
        Ok(())
    }

    fn fail(&mut self, name: Option<&DocumentName>, reason: FailReason, detail: &str) -> Result<(), StreamError> {
        let mut told = Told::default();
        told.add(&Row::failed(name, reason, detail), &mut self.totals);
        self.tell(&told)
    }

    fn document(&mut self, name: Option<&DocumentName>, mut opened: Opened<'_>) -> Result<(), StreamError> {
        let codec = self.how.compress.codec(opened.codec);
        let (mut told, totals, view) = (Told::default(), &mut self.totals, self.how.settings.view);
        let detail = self.how.settings.removed;
        let mut emit = |row: Row<'_>, text: Option<&str>| {
            if let (Some(view), Some(text)) = (view, text) {
                view.text(&Seen { source: None, target: None, text, row: &row }, &mut told.shown);
            }
            told.add(&row.telling(detail), totals);
        };
        let output = Packed::new(Borrowed(self.ends.output), codec);
        let mut output = output.map_err(|source| WriteError { path: "the output".into(), source, local: false })?;
        process(self.how.settings, name, &mut opened, &mut output, &mut emit)?;
        self.outcome.notes = opened.note.take().into_iter().chain(opened.source.notes().iter().map(noticed)).collect();
        self.tell(&told)
    }

    fn container(
        &mut self,
        name: Option<DocumentName>,
        mut opened: Opened<'_>,
        is_live: bool,
    ) -> Result<(), StreamError> {
        let note = opened.note.take();
        let codec = self.how.compress.codec(opened.codec);
        let container = match Container::of_stream(name.clone(), opened, codec, self.how.settings, is_live) {
            Ok(container) => container,
            Err((reason, detail)) => return self.fail(name.as_ref(), reason, &detail),
        };
        let sink = StreamSink {
            ends: Ends { output: &mut *self.ends.output, report: &mut *self.ends.report, shown: &mut *self.ends.shown },
            outcome: SingleOutcome::default(),
            error: None,
        };
        let shared = Shared { settings: self.how.settings, container: &container, queue: Queue::new(sink) };
        let parts = on_threads(self.how.threads, || shared.work())?;
        let is_done = shared.queue.done() == Some(1);
        let sink = shared.queue.finish();
        if let Some(error) = sink.error {
            return Err(error);
        }
        let parts = parts.into_iter().collect::<Result<Vec<_>, _>>()?;
        if !is_done {
            return Err(RunError::Unaccounted("not every part of the input was done".into()).into());
        }
        self.outcome = sink.outcome;
        self.outcome.notes.extend(note);
        parts.iter().for_each(|part| self.totals += part);
        Ok(())
    }
}

/// Writes parts in order.
struct StreamSink<'s> {
    ends: Ends<'s>,
    outcome: SingleOutcome,
    error: Option<StreamError>,
}

impl StreamSink<'_> {
    fn put(&mut self, yielded: &Yield, last: bool) -> Result<(), StreamError> {
        if !yielded.output.is_empty() {
            self.ends.output.put(&yielded.output)?;
        }
        // Whoever reads along may wait for it.
        if last || !yielded.output.is_empty() {
            self.ends.output.finish()?;
        }
        self.ends.tell(&yielded.told)?;
        note_failures(&mut self.outcome, &yielded.told);
        Ok(())
    }
}

impl Sink for StreamSink<'_> {
    type Done = (Yield, bool);

    fn size((yielded, _): &(Yield, bool)) -> usize {
        yielded.len()
    }

    fn write(&mut self, (yielded, last): (Yield, bool)) -> Result<Progress, RunError> {
        if let Err(error) = self.put(&yielded, last) {
            self.error.get_or_insert(error);
            return Err(RunError::Internal("the output cannot be written".into()));
        }
        Ok(if last { Progress::InputDone } else { Progress::Within })
    }
}

fn note_failures(outcome: &mut SingleOutcome, told: &Told) {
    outcome.notes.extend(told.notes.iter().filter_map(|note| note.detail.clone()));
    for done in &told.special {
        match done.status {
            Status::KeptWhole => outcome.kept_whole = done.reason,
            _ if outcome.failed.len() < MOST_NAMED => {
                outcome.failed.push((done.record, done.detail.clone().unwrap_or_default()));
            }
            _ => {}
        }
    }
}

/// What the threads share.
struct Shared<'s, 'c> {
    settings: Settings<'s>,
    container: &'s Container<'c>,
    queue: Queue<StreamSink<'s>>,
}

impl Shared<'_, '_> {
    /// Works until nothing is left. Should it fail or panic, the others do not wait for what it had in hand.
    fn work(&self) -> Result<Totals, StreamError> {
        let mut closing = CloseUnlessDone { queue: &self.queue, is_done: false };
        let done = self.work_on();
        closing.is_done = done.is_ok();
        done
    }

    fn work_on(&self) -> Result<Totals, StreamError> {
        let mut totals = Totals::default();
        loop {
            match self.queue.room() {
                Room::Closed => return Ok(totals),
                // What it waits for is in the hands of another thread.
                Room::OnlyFor(_) => {
                    self.queue.nap();
                    continue;
                }
                Room::Free => {}
            }
            let Some(part) = self.container.next(true) else { return Ok(totals) };
            let (key, last) = (self.container.key(&part), part.last);
            let work = Work::new(self.settings, self.container, None, &mut totals)?;
            let yielded = work.part(part)?;
            if self.queue.hand_in(key, (yielded, last)).is_err() {
                self.queue.close();
                return Ok(totals);
            }
        }
    }
}

/// Closes a queue when the thread that holds it is lost or gives up.
struct CloseUnlessDone<'q, 's> {
    queue: &'q Queue<StreamSink<'s>>,
    is_done: bool,
}

impl Drop for CloseUnlessDone<'_, '_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.queue.close();
        }
    }
}

/// An output that is lent.
struct Borrowed<'b>(&'b mut (dyn Output + Send));

impl Output for Borrowed<'_> {
    fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
        self.0.put(kept)
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        self.0.finish()
    }
}

/// An output of which nothing is kept.
struct Nowhere;

impl Output for Nowhere {
    fn put(&mut self, _: &[u8]) -> Result<(), WriteError> {
        Ok(())
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        Ok(())
    }
}
