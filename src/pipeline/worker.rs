//! What each thread of a run does: take inputs, clean documents, and help with containers.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::QUARANTINE_NAME;
use super::container::{Container, Opening, Told, Work, exploded, noticed};
use super::dir::stands_there;
use super::discover::size_of;
use super::document::process;
use super::done::{Done, Resumed, RunSink};
use super::feed::Job;
use super::helping::{Help, Task};
use super::input::{Input, look_at};
use super::journal::DoneLine;
use super::marking::cannot_be_marked;
use super::opened::{Looking, Opened};
use super::ordered::Room;
use super::packed::Packed;
use super::panics::{Panicked, guarded};
use super::run::Shared;
use super::source::Window;
use super::verify::{Checked, check_aside};
use super::view::{Seen, SeenInput};
use super::{Found, ReadError, RunError, SkipReason, Skipped, WriteError, open_output};
use crate::formats::compression::Note;
use crate::report::summary::Verified;
use crate::report::{DocumentName, FailReason, Quarantined, Row, Status, Totals};

/// How many documents a worker takes at most at a time.
const MAX_BATCH: usize = 32;
/// How long they should take together.
const BATCH_TIME: Duration = Duration::from_millis(4);

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

/// What a worker does next.
enum Next {
    Job(u64, Job),
    Task(Task<'static>),
    /// Nothing for the moment.
    Wait,
    Over,
}

/// One thread's own things.
pub(crate) struct Worker<'s, 'a, S: RunSink> {
    shared: &'s Shared<'a, S>,
    window: Window,
    totals: Totals,
    batch: Batch,
    jobs: VecDeque<(u64, Job)>,
    no_more_jobs: bool,
}

impl<'s, 'a, S: RunSink> Worker<'s, 'a, S> {
    pub(crate) fn new(shared: &'s Shared<'a, S>) -> Worker<'s, 'a, S> {
        let batch = Batch { size: 1, start: Instant::now() };
        let (window, totals, jobs) = (Window::default(), Totals::default(), VecDeque::new());
        Worker { shared, window, totals, batch, jobs, no_more_jobs: false }
    }

    /// Works until nothing is left. Should it be lost, the others end, instead of waiting for what it had in hand.
    pub(crate) fn run(mut self) -> Totals {
        let done = guarded(|| self.work()).unwrap_or_else(|panicked| Err(RunError::Panicked(panicked)));
        if let Err(error) = done {
            self.shared.fail(error);
        }
        self.totals
    }

    fn work(&mut self) -> Result<(), RunError> {
        while !self.shared.is_stopped() {
            match self.next()? {
                Next::Job(number, job) => self.job(number, job)?,
                Next::Task(task) => self.task(task)?,
                Next::Wait => self.shared.queue.nap(),
                Next::Over => break,
            }
        }
        Ok(())
    }

    /// Chooses what to do: what the report waits for goes first.
    fn next(&mut self) -> Result<Next, RunError> {
        let helping = &self.shared.helping;
        let only = match self.shared.queue.room() {
            Room::Closed => return Ok(Next::Over),
            Room::Free => None,
            Room::OnlyFor(number) => Some(number),
        };
        let own = self.jobs.front().map(|(number, _)| *number);
        if own.is_some() && own == only {
            return Ok(self.own_job());
        }
        if let Help::Task(task) = helping.next(only, only.is_some()) {
            return Ok(Next::Task(task));
        }
        if only.is_some() {
            return Ok(Next::Wait);
        }
        if self.jobs.is_empty() && !self.no_more_jobs {
            self.take_jobs()?;
        }
        if !self.jobs.is_empty() {
            return Ok(self.own_job());
        }
        Ok(match helping.next(None, true) {
            Help::Task(task) => Next::Task(task),
            Help::Later => Next::Wait,
            Help::None => Next::Over,
        })
    }

    fn own_job(&mut self) -> Next {
        match self.jobs.pop_front() {
            Some((number, job)) => Next::Job(number, job),
            None => Next::Wait,
        }
    }

    fn take_jobs(&mut self) -> Result<(), RunError> {
        let most = self.batch.next_size();
        let mut feed = self.shared.feed.lock().unwrap_or_else(PoisonError::into_inner);
        self.jobs = feed.take(self.shared.tree, most)?;
        // Under the lock of the feed, lest others think that nothing more will come.
        self.shared.helping.take(self.jobs.len());
        self.no_more_jobs = self.jobs.is_empty();
        Ok(())
    }

    fn hand_in(&self, number: u64, done: Done) -> Result<(), RunError> {
        self.shared.helping.done();
        self.shared.queue.hand_in((number, 0), done)
    }

    fn job(&mut self, number: u64, job: Job) -> Result<(), RunError> {
        let (found, resumed) = match job {
            Job::Reuse { done, start } => return self.hand_in(number, Done::Reused { done, start }),
            Job::Work { found, resumed } => (found, resumed),
        };
        match found {
            Found::Skipped(skipped) => self.hand_in(number, Done::Skipped { skipped, input: None }),
            Found::Unreadable { target, error } => self.unreadable(number, &target, &error, 0),
            Found::Clash { source, target, output } => self.clash(number, &source, &target, &output),
            Found::Document { source, target, named } => self.input(number, &source, target, named, resumed),
        }
    }

    fn input(
        &mut self,
        number: u64,
        source: &Path,
        target: PathBuf,
        named: bool,
        resumed: Option<Resumed>,
    ) -> Result<(), RunError> {
        let settings = self.shared.settings;
        let looking = Looking::with(settings);
        let window = std::mem::take(&mut self.window);
        let looked = guarded(|| {
            let mut opened = looking.at_file(source, named, window)?;
            let input = look_at(&mut opened, source, named);
            Ok((opened, input))
        });
        let (opened, input) = match looked {
            Ok(Ok(looked)) => looked,
            Ok(Err(error)) => return self.unreadable(number, &target, &error, size_of(source, named)),
            Err(panicked) => return self.lost(number, source, &target, named, &panicked),
        };
        if let Some(detail) = settings.tags.and_then(|_| cannot_be_marked(&opened)).filter(|_| input != Input::Skipped)
        {
            return self.unmarked(number, source, target, named, &detail);
        }
        match input {
            Input::Document => self.document(number, source, &target, named, opened),
            Input::Skipped => {
                self.window = opened.window;
                self.window.reset();
                let skipped = Skipped { target, reason: SkipReason::UnknownExtension };
                self.hand_in(number, Done::Skipped { skipped, input: opened.stamp.map(|stamp| stamp.size) })
            }
            Input::Container => self.container(number, source, target, named, opened, resumed),
        }
    }

    /// An input that cannot be marked: of a tree, it is passed over; where it was named, it fails. No copy is made.
    fn unmarked(
        &mut self,
        number: u64,
        source: &Path,
        target: PathBuf,
        named: bool,
        detail: &str,
    ) -> Result<(), RunError> {
        if !named {
            let skipped = Skipped { target, reason: SkipReason::NotJsonLines };
            return self.hand_in(number, Done::Skipped { skipped, input: Some(size_of(source, named)) });
        }
        self.left_alone(number, &target, (FailReason::NotThisFormat, detail), size_of(source, named))
    }

    fn document(
        &mut self,
        number: u64,
        source: &Path,
        target: &Path,
        named: bool,
        mut opened: Opened<'static>,
    ) -> Result<(), RunError> {
        let (shared, name) = (self.shared, DocumentName::of(target));
        let codec = shared.compress.codec(opened.codec);
        let output = Packed::new(shared.tree.file(target), codec).map_err(RunError::output(target))?;
        let mut output = Checked::new(output, shared.tree, target, codec, shared.settings.verify);
        let mut told = Told::default();
        let mut done = DoneLine { path: name.path.clone(), path_raw: name.raw.clone(), ..DoneLine::default() };
        done.input = opened.stamp;
        let (format, codec) = (opened.format, opened.codec);
        let (mut aside, totals, view) = (Ok(()), &mut self.totals, shared.settings.view);
        let (detail, identity) = (shared.settings.removed, opened.identity);
        let mut emit = |row: Row<'_>, text: Option<&str>| {
            done.again = row.status == Status::Failed;
            told.read_as = Some((format, codec, row.encoding.map(|encoding| encoding.label)));
            if let (Some(view), Some(text)) = (view, text) {
                let seen = Seen { source: Some(source), target: Some(target), text, row: &row };
                view.text(&seen, &mut told.shown);
            }
            let change = identity.and_then(|identity| identity.change(source, named));
            change.iter().for_each(|change| told.change(&name, *change));
            let row = row.warned(change.map(|change| change.to_string().into()));
            match put_aside(shared, source, target, named, &row) {
                Ok(None) => told.add(&row.telling(detail), totals),
                Ok(Some((quarantined, verified))) => {
                    told.verified += verified;
                    told.add(&row.with_quarantine(&quarantined), totals);
                }
                Err(error) => aside = Err(error),
            }
        };
        let written = process(shared.settings, Some(&name), &mut opened, &mut output, &mut emit);
        written.map_err(|WriteError { path, source, .. }| RunError::Output { path, source })?;
        aside?;
        done.output = (!done.again).then_some(output.inner().len());
        told.verified += output.verified;
        if done.again && output.is_there {
            // It failed behind its output, which no row lists.
            shared.tree.take_back(target).map_err(RunError::output(shared.tree.root()))?;
        }
        told.notes.extend(opened.note.take().map(|note| super::input::note(&name, note)));
        if let Some(garbage @ Note::Garbage { offset, .. }) = opened.source.notes().last().filter(|_| !done.again) {
            told.verified += copy_aside(shared, source, target, named, *offset)?.1;
            told.notes.push(super::input::note(&name, noticed(garbage)));
        }
        if let Some(view) = view {
            view.input(&SeenInput { source, target, effect: told.effect }, &mut told.shown);
        }
        told.come_from(source);
        self.window = opened.window;
        self.window.reset();
        let size = opened.stamp.map_or(0, |stamp| stamp.size);
        self.hand_in(number, Done::Document { told, done, size })
    }

    /// Opens a container, so that everybody can help.
    fn container(
        &mut self,
        number: u64,
        source: &Path,
        target: PathBuf,
        named: bool,
        opened: Opened<'static>,
        resumed: Option<Resumed>,
    ) -> Result<(), RunError> {
        let codec = self.shared.compress.codec(opened.codec);
        let place = resumed.as_ref().map(|resumed| resumed.at.place);
        if let Some(resumed) = resumed {
            self.shared.queue.change(|sink| sink.will_resume(number, resumed));
        }
        let which = Opening { number, path: source, target: target.clone(), named, codec, place };
        match guarded(|| Container::open(which, opened, self.shared.settings)) {
            Ok(container) => self.shared.helping.open(Arc::new(container)),
            Err(panicked) => return self.lost(number, source, &target, named, &panicked),
        }
        Ok(())
    }

    fn task(&mut self, Task { container, part }: Task<'static>) -> Result<(), RunError> {
        let shared = self.shared;
        let (key, behind, read, last) = (container.key(&part), part.behind, part.read, part.last);
        let tree = container.is_exploded.then_some(shared.tree);
        if tree.is_some() && part.most_records() > 0 {
            let numbers = (part.first_record()..).take(part.most_records());
            let records = numbers.map(|number| container.target.join(exploded(number, container.codec)));
            let mut feed = shared.feed.lock().unwrap_or_else(PoisonError::into_inner);
            feed.list_more(&container.target, records)?;
        }
        let work = Work::new(shared.settings, &container, tree, &mut self.totals);
        let yielded = work.and_then(|work| work.part(part));
        let mut yielded = yielded.map_err(|WriteError { path, source, .. }| RunError::Output { path, source })?;
        if let Some(input) = &container.input {
            yielded.told.come_from(&input.path);
        }
        shared.queue.hand_in(key, Done::Part { container, behind, read, last, yielded })
    }

    fn clash(&mut self, number: u64, source: &Path, target: &Path, output: &Path) -> Result<(), RunError> {
        let detail = ReadError::SameOutput(output.to_owned()).to_string();
        self.aside(number, source, target, false, (FailReason::Unwritable, &detail))
    }

    /// An input over which the program panicked before it came to work on it.
    fn lost(
        &mut self,
        number: u64,
        source: &Path,
        target: &Path,
        named: bool,
        panicked: &Panicked,
    ) -> Result<(), RunError> {
        self.aside(number, source, target, named, (FailReason::Panicked, &panicked.to_string()))
    }

    /// An input that fails and is copied to quarantine as a whole.
    fn aside(
        &mut self,
        number: u64,
        source: &Path,
        target: &Path,
        named: bool,
        (reason, detail): (FailReason, &str),
    ) -> Result<(), RunError> {
        let name = DocumentName::of(target);
        let (quarantined, verified) = copy_aside(self.shared, source, target, named, 0)?;
        let mut told = Told { verified, ..Told::default() };
        let row = Row::failed(Some(&name), reason, detail).with_quarantine(&quarantined);
        told.add(&row, &mut self.totals);
        told.come_from(source);
        let done = DoneLine { path: name.path, path_raw: name.raw, again: true, ..DoneLine::default() };
        self.hand_in(number, Done::Document { told, done, size: size_of(source, named) })
    }

    fn unreadable(&mut self, number: u64, target: &Path, error: &ReadError, size: u64) -> Result<(), RunError> {
        self.left_alone(number, target, (FailReason::Unreadable, &error.to_string()), size)
    }

    /// An input that fails and is not copied.
    fn left_alone(
        &mut self,
        number: u64,
        target: &Path,
        (reason, detail): (FailReason, &str),
        size: u64,
    ) -> Result<(), RunError> {
        let name = DocumentName::of(target);
        let mut told = Told::default();
        told.add(&Row::failed(Some(&name), reason, detail), &mut self.totals);
        let done = DoneLine { path: name.path, path_raw: name.raw, again: true, ..DoneLine::default() };
        self.hand_in(number, Done::Document { told, done, size })
    }
}

/// Copies an input to quarantine that could be read and not cleaned.
fn put_aside<S: RunSink>(
    shared: &Shared<'_, S>,
    source: &Path,
    target: &Path,
    named: bool,
    row: &Row<'_>,
) -> Result<Option<(Quarantined, Verified)>, RunError> {
    let no_copy = [FailReason::Unreadable, FailReason::Unwritable].map(FailReason::as_str);
    if row.status != Status::Failed || row.reason.is_some_and(|reason| no_copy.contains(&reason)) {
        return Ok(None);
    }
    copy_aside(shared, source, target, named, 0).map(Some)
}

/// Copies an input to quarantine from a byte on, and reads it again there where that was asked for. The journal tells of it
/// first.
fn copy_aside<S: RunSink>(
    shared: &Shared<'_, S>,
    source: &Path,
    target: &Path,
    named: bool,
    start: u64,
) -> Result<(Quarantined, Verified), RunError> {
    let aside = Path::new(QUARANTINE_NAME).join(target);
    let path = shared.tree.root().join(&aside);
    let failed = |error| RunError::output(&path)(error);
    if !shared.tree.is_free(&aside).map_err(failed)? {
        return Err(failed(stands_there()));
    }
    let mut feed = shared.feed.lock().unwrap_or_else(PoisonError::into_inner);
    feed.list_more(target, std::iter::once(aside))?;
    drop(feed);
    let (bytes, hash) = open_output::copy_from(shared.tree, target, source, named, start).map_err(failed)?;
    let verified = match shared.settings.verify && !shared.tree.is_nowhere() {
        true => check_aside(shared.tree, target, bytes, hash).map_err(failed)?,
        false => Verified::default(),
    };
    Ok((super::input::whole(&DocumentName::of(target), bytes, hash), verified))
}
