//! What a run writes in order: the report, the outputs of containers, and the journal.

mod finish;
mod rows;

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::QUARANTINE_NAME;
use super::RunError;
use super::accounting::{Numbers, Unaccounted};
#[cfg(feature = "parquet")]
use super::container::Shape;
use super::container::{Container, Place, Told, Yield};
use super::dir::Kind;
use super::done::{Capped, Done, Resumed, RunSink};
use super::journal::{AtLine, DoneLine, Facts, Journal, Line, OpenLine};
use super::observer::Observer;
use super::open_output::Growing;
use super::opened::Stamp;
use super::ordered::{Progress, Sink};
use super::reached::Counting;
use super::replace::delete_file;
use super::write::Tree;
use crate::report::read::read_rows;
use crate::report::row::NO_TEXT;
use crate::report::summary::{ContainerUsed, MOST_NAMED, Named, Verified};
use crate::report::{DocumentName, Hash, Row, Status, Totals};
use rows::{Copying, Rows};

/// How many inputs are put into the journal at a time.
const DONE_AT_ONCE: usize = 128;
/// How often the system is asked to write down what was done, where that is not asked for each file.
const SYNC_EVERY: Duration = Duration::from_secs(5);

/// The sink of a run that writes.
pub(crate) struct TreeSink<'a> {
    tree: &'a Tree,
    observer: &'a dyn Observer,
    rows: Rows,
    journal: Journal,
    pending: Vec<Line>,
    synced: Instant,
    earlier_rows: Option<File>,
    open: Option<Open>,
    /// What is resumed, by the number of its input.
    resumed: Vec<(u64, Resumed)>,
    pub(crate) totals: Totals,
    pub(crate) skipped: Capped,
    pub(crate) failed: Capped,
    pub(crate) changed: Capped,
    /// Whether outputs are read again before they get their names.
    pub(crate) verifies: bool,
    pub(crate) verified: Verified,
    pub(crate) facts: Facts,
    pub(crate) containers: Vec<ContainerUsed>,
    pub(crate) documents: u64,
    counting: Counting,
}

/// The container whose parts are being written.
#[derive(Default)]
struct Open {
    output: Option<Output>,
    quarantine: Option<Growing>,
    facts: Facts,
    /// Whether a row names its output.
    is_listed: bool,
    /// Whether it has a row.
    is_told: bool,
    /// Whether a part of its output was read again and does not hold what its rows say.
    is_wrong: bool,
    numbers: Numbers,
}

/// What a container's output is.
enum Output {
    File(Growing),
    #[cfg(feature = "parquet")]
    Columns(super::columns::ColumnOutput),
}

impl Output {
    /// Its file, where that can be gone on with.
    fn growing(&self) -> Option<&Growing> {
        match self {
            Output::File(growing) => Some(growing),
            #[cfg(feature = "parquet")]
            Output::Columns(_) => None,
        }
    }
}

impl<'a> TreeSink<'a> {
    pub(crate) fn new(
        tree: &'a Tree,
        observer: &'a dyn Observer,
        journal: Journal,
        rows: &OsStr,
        earlier_rows: Option<File>,
    ) -> io::Result<TreeSink<'a>> {
        let file = tree.dir()?.create_new(rows)?;
        Ok(TreeSink {
            tree,
            observer,
            rows: Rows::new(file, tree.root().join(rows)),
            journal,
            pending: Vec::new(),
            synced: Instant::now(),
            earlier_rows,
            open: None,
            resumed: Vec::new(),
            totals: Totals::default(),
            skipped: Capped::default(),
            failed: Capped::default(),
            changed: Capped::default(),
            verifies: false,
            verified: Verified::default(),
            facts: Facts::default(),
            containers: Vec::new(),
            documents: 0,
            counting: Counting::default(),
        })
    }

    fn tell(&mut self, told: Told) -> Result<(), RunError> {
        self.rows.put(&told.rows)?;
        self.documents += told.documents;
        for done in &told.special {
            self.observer.document(done);
        }
        let usual = told.documents - told.special.len() as u64;
        self.observer.documents(usual, told.bytes);
        self.failed.add(told.failed);
        self.verified += told.verified;
        told.changed.iter().for_each(|changed| self.observer.changed(changed));
        self.changed.add(told.changed);
        Ok(())
    }

    /// Puts an input into the journal, with others now and then.
    fn note_done(&mut self, done: DoneLine) -> Result<(), RunError> {
        self.containers.extend(used(&done).filter(|_| self.containers.len() < MOST_NAMED));
        self.facts.add(&done.facts);
        let done = DoneLine { rows: self.rows.len(), ..done };
        self.pending.push(Line { done: Some(done), ..Line::default() });
        let is_time = self.tree.syncs_each() || self.pending.len() >= DONE_AT_ONCE;
        if is_time { self.put_down() } else { Ok(()) }
    }

    /// Brings the journal up to date, which never says more than the report holds.
    fn put_down(&mut self) -> Result<(), RunError> {
        self.rows.hand_over()?;
        if self.tree.syncs_each() {
            self.rows.sync()?;
        } else if self.synced.elapsed() >= SYNC_EVERY || self.tree.has_many_changed() {
            return self.write_down();
        }
        self.put_down_lines()
    }

    /// Has the system write down what was done: first what the journal speaks of, then the journal.
    fn write_down(&mut self) -> Result<(), RunError> {
        let rows = self.rows.hand_over()?;
        self.tree.sync_names_and(rows).map_err(RunError::output(self.tree.root()))?;
        self.put_down_lines()?;
        self.journal.sync().map_err(RunError::output(self.journal.path()))?;
        self.synced = Instant::now();
        Ok(())
    }

    fn put_down_lines(&mut self) -> Result<(), RunError> {
        let lines = std::mem::take(&mut self.pending);
        let path = self.journal.path().to_owned();
        self.journal.write(lines).map_err(RunError::output(&path))
    }

    fn part(
        &mut self,
        container: &Container<'static>,
        behind: Option<Place>,
        last: bool,
        mut yielded: Yield,
    ) -> Result<Progress, RunError> {
        if last {
            container.look_again(&mut yielded.told);
        }
        let mut open = match self.open.take() {
            Some(open) => open,
            None => {
                container.reading().iter().for_each(|reading| self.observer.reading(reading));
                self.counting.goes_on(container.bytes_reused);
                self.begin(container)?
            }
        };
        let done = self.advance(&mut open, container, behind.filter(|_| !last), yielded);
        if done.is_ok() && last {
            let path = self.tree.root().join(&container.target);
            self.finish(container, open).map_err(RunError::output(&path))?;
            return Ok(Progress::InputDone);
        }
        // Where output cannot be written, it stays for a run that goes on with it.
        self.open = Some(open);
        done.map(|()| Progress::Within)
    }

    /// Writes a part of a container: its output, then its rows, then how far that is.
    fn advance(
        &mut self,
        open: &mut Open,
        container: &Container<'static>,
        behind: Option<Place>,
        yielded: Yield,
    ) -> Result<(), RunError> {
        let path = self.tree.root().join(&container.target);
        self.put(open, container, &yielded).map_err(RunError::output(&path))?;
        let Yield { told, is_wrong, .. } = yielded;
        open.facts.add(&Facts { passed: told.passed.clone(), notes: told.notes.clone() });
        open.is_listed |= told.listed > 0;
        open.is_told |= told.documents > 0;
        open.numbers.append(told.numbers);
        open.numbers.check().map_err(unaccounted)?;
        open.is_wrong |= is_wrong;
        self.tell(told)?;
        match behind.filter(|_| !container.is_exploded) {
            Some(place) => self.checkpoint(place, open),
            None => Ok(()),
        }
    }

    /// Opens the output of a container, or goes on with it.
    fn begin(&mut self, container: &Container<'static>) -> Result<Open, RunError> {
        let path = self.tree.root().join(&container.target);
        let found = self.resumed.iter().position(|(number, _)| *number == container.number);
        let open = match found.map(|at| self.resumed.swap_remove(at).1) {
            Some(resumed) if container.has_output => self.go_on(container, resumed),
            // What it was gone on with is not there any more.
            Some(resumed) => self.tree.dir().and_then(|dir| {
                let temps = TreeSink::temps(&resumed.open, &resumed.at);
                temps.iter().try_for_each(|temp| delete_file(dir, temp)).map(|()| Open::default())
            }),
            None => self.create(container).map(|output| Open { output, ..Open::default() }),
        };
        let open = open.map_err(RunError::output(&path))?;
        let DocumentName { path, raw: path_raw } = DocumentName::of(&container.target);
        let temp = match &open.output {
            Some(Output::File(growing)) => growing.temp_name(),
            _ => None,
        };
        let input = container.input.as_ref().map(|input| input.stamp);
        let line = OpenLine { path, path_raw, input, temp };
        self.pending.push(Line { open: Some(line), ..Line::default() });
        self.put_down()?;
        Ok(open)
    }

    fn create(&self, container: &Container<'static>) -> io::Result<Option<Output>> {
        if container.is_exploded || !container.has_output {
            return Ok(None);
        }
        let growing = Growing::create(self.tree, &container.target)?;
        #[cfg(feature = "parquet")]
        if let Shape::Columns(column) = &container.shape {
            return super::columns::ColumnOutput::start(container, column, growing)
                .map(|out| Some(Output::Columns(out)));
        }
        Ok(Some(Output::File(growing)))
    }

    /// Takes up what an earlier run left of a container: its output, its quarantine and its rows.
    fn go_on(&mut self, container: &Container<'static>, resumed: Resumed) -> io::Result<Open> {
        let Resumed { open, at, start } = resumed;
        let output = match open.temp.as_deref() {
            Some(temp) => Some(Output::File(Growing::go_on(self.tree, &container.target, temp, at.output)?)),
            None => None,
        };
        let aside = Path::new(QUARANTINE_NAME).join(&container.target);
        let quarantine = match at.quarantine {
            0 => None,
            len => Some(Growing::go_on(self.tree, &aside, &quarantine_temp(open.temp.as_deref()), len)?),
        };
        self.copy_rows(start, at.rows)?;
        let is_told = at.rows > start;
        Ok(Open { output, quarantine, facts: at.facts, is_listed: at.is_listed, is_told, ..Open::default() })
    }

    /// The temporary files of a container that an earlier run began.
    pub(crate) fn temps(open: &OpenLine, at: &AtLine) -> Vec<PathBuf> {
        let Some(target) = open.target() else { return Vec::new() };
        let output = open.temp.as_deref().map(|temp| target.with_file_name(temp));
        let aside = Path::new(QUARANTINE_NAME).join(&target);
        let quarantine = (at.quarantine > 0).then(|| aside.with_file_name(quarantine_temp(open.temp.as_deref())));
        output.into_iter().chain(quarantine).collect()
    }

    /// Whether what an earlier run left of a container is there, so that it can be gone on with.
    pub(crate) fn is_there(tree: &Tree, open: &OpenLine, at: &AtLine) -> bool {
        let lens = open.temp.iter().map(|_| at.output).chain([at.quarantine]);
        TreeSink::temps(open, at).iter().zip(lens).all(|(path, len)| {
            tree.look(path).is_ok_and(|found| matches!(found, Some(Kind::File(size)) if size >= len))
        })
    }

    fn put(&mut self, open: &mut Open, container: &Container<'static>, yielded: &Yield) -> io::Result<()> {
        match &mut open.output {
            Some(Output::File(growing)) if !yielded.output.is_empty() => growing.write(&yielded.output)?,
            #[cfg(feature = "parquet")]
            Some(Output::Columns(columns)) => columns.put(yielded.column.as_deref())?,
            _ => {}
        }
        if yielded.quarantine.is_empty() && yielded.quarantine_input.is_none() {
            return Ok(());
        }
        let temp = match &open.output {
            Some(Output::File(growing)) => growing.temp_name(),
            _ => None,
        };
        let quarantine = self.quarantine(&mut open.quarantine, container, temp.as_deref())?;
        quarantine.write(&yielded.quarantine)?;
        match (yielded.quarantine_input, &container.input) {
            (Some((start, end)), Some(input)) => quarantine.copy(input, start, end),
            _ => Ok(()),
        }
    }

    /// What stands in quarantine for a container, begun where nothing does yet.
    fn quarantine<'o>(
        &mut self,
        begun: &'o mut Option<Growing>,
        container: &Container<'static>,
        temp: Option<&str>,
    ) -> io::Result<&'o mut Growing> {
        if begun.is_none() {
            let aside = Path::new(QUARANTINE_NAME).join(&container.target);
            self.journal.write([Line::intent_of(&container.target, &aside)])?;
            return Ok(begun.insert(Growing::create_as(self.tree, &aside, &quarantine_temp(temp))?));
        }
        begun.as_mut().ok_or_else(|| io::Error::other("no quarantine"))
    }

    fn checkpoint(&mut self, place: Place, open: &Open) -> Result<(), RunError> {
        let output = match &open.output {
            Some(Output::File(growing)) => growing.len(),
            None => 0,
            // A file of columns is begun again.
            #[cfg(feature = "parquet")]
            Some(Output::Columns(_)) => return Ok(()),
        };
        if self.tree.syncs_each() {
            let outputs = [open.output.as_ref().and_then(Output::growing), open.quarantine.as_ref()];
            let synced = outputs.into_iter().flatten().try_for_each(Growing::sync);
            synced.map_err(RunError::output(self.tree.root()))?;
        }
        let quarantine = open.quarantine.as_ref().map_or(0, Growing::len);
        let (facts, is_listed) = (open.facts.clone(), open.is_listed);
        let at = AtLine { place, output, quarantine, rows: self.rows.len(), is_listed, facts };
        self.pending.push(Line { at: Some(at), ..Line::default() });
        self.put_down()
    }

    /// Gives a container a row that holds no document, but has an output.
    fn list(&mut self, container: &Container<'static>) -> Result<(), RunError> {
        let mut told = Told::default();
        let row = Row::bare(container.name.as_ref(), Status::Unchanged, Some(NO_TEXT));
        told.add(&row, &mut self.totals);
        self.tell(told)
    }

    /// Copies rows of the earlier report, and takes them into the sums.
    fn copy_rows(&mut self, start: u64, end: u64) -> io::Result<()> {
        let Some(earlier) = &mut self.earlier_rows else { return Ok(()) };
        earlier.seek(SeekFrom::Start(start))?;
        let length = end.saturating_sub(start);
        let mut rows = Copying { from: io::BufReader::new(earlier.take(length)), to: &mut self.rows };
        let (totals, failed, documents) = (&mut self.totals, &mut self.failed, &mut self.documents);
        let (mut count, mut bytes) = (0, 0);
        let read = read_rows(&mut io::BufReader::new(&mut rows), |row| {
            totals.add_reported(row);
            count += 1;
            bytes += row.bytes_in.unwrap_or(0);
            failed.add(row.failure());
        });
        read.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
        *documents += count;
        self.observer.documents(count, bytes);
        Ok(())
    }

    /// Leaves everything so that a later run can go on with it.
    pub(crate) fn suspend(mut self) {
        // What fails here was not promised: the next run does again what the journal does not hold.
        let _ = self.put_down();
        if let Some(open) = self.open.take() {
            if let Some(Output::File(growing)) = open.output {
                growing.leave();
            }
            if let Some(growing) = open.quarantine {
                growing.leave();
            }
        }
    }

    /// Completes the report, which is still under its temporary name.
    pub(crate) fn complete(&mut self) -> Result<(), RunError> {
        self.write_down()
    }

    /// The hash of the report as far as it is written.
    pub(crate) fn hash_report(&self) -> Hash {
        self.rows.hash()
    }
}

fn unaccounted(what: Unaccounted) -> RunError {
    RunError::Unaccounted(what.0.into())
}

/// What the summary keeps of a container that is done.
fn used(done: &DoneLine) -> Option<ContainerUsed> {
    let input = done.input.filter(|_| done.is_container && !done.again)?;
    let Stamp { size, modified } = input;
    let passed_by = done.facts.passed.clone();
    let (path, hash, format) = (done.path.clone(), done.output_hash.clone(), done.format.clone());
    Some(ContainerUsed { path, size, modified, output: done.output, hash, format, passed_by })
}

/// The name that quarantine is written under, which follows from that of the output: only one needs to be remembered.
fn quarantine_temp(temp: Option<&str>) -> String {
    temp.unwrap_or(".dechrome-quarantine00.tmp").to_owned()
}

impl RunSink for TreeSink<'_> {
    fn documents(&self) -> u64 {
        self.documents
    }

    fn will_resume(&mut self, number: u64, resumed: Resumed) {
        self.resumed.push((number, resumed));
    }
}

impl Sink for TreeSink<'_> {
    type Done = Done;

    fn size(done: &Done) -> usize {
        done.size()
    }

    fn write(&mut self, done: Done) -> Result<Progress, RunError> {
        match done {
            Done::Skipped { skipped, input } => {
                self.observer.skipped(&skipped);
                input.iter().for_each(|size| self.counting.done(*size));
                let DocumentName { path, raw: path_raw } = DocumentName::of(&skipped.target);
                self.skipped.add([Named { path, path_raw, reason: skipped.reason.as_str().into(), detail: None }]);
            }
            Done::Document { told, done, size } => {
                told.reading(&done.path).iter().for_each(|reading| self.observer.reading(reading));
                let facts = Facts { passed: told.passed.clone(), notes: told.notes.clone() };
                if told.documents != 1 {
                    return Err(RunError::Unaccounted("an input has no row of its own".into()));
                }
                self.tell(told)?;
                self.note_done(DoneLine { facts, ..done })?;
                self.counting.done(size);
            }
            Done::Reused { done, start } => {
                self.counting.reused(done.input.map_or(0, |input| input.size));
                self.copy_rows(start, done.rows).map_err(|error| self.rows.failed(error))?;
                self.note_done(done)?;
            }
            Done::Part { container, behind, read, last, yielded } => {
                let progress = self.part(&container, behind, last, yielded)?;
                self.counting.part(read, container.size(), progress == Progress::InputDone);
                self.observer.reached(self.counting.so_far());
                return Ok(progress);
            }
        }
        self.observer.reached(self.counting.so_far());
        Ok(Progress::InputDone)
    }
}
