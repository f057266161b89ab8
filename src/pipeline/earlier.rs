//! What an earlier run into the same directory did, so that this one need not do it again.
//!
//! An earlier run left a journal and its rows, or it was finished and left its report. Both are held against the inputs as
//! these are found, in one pass, for both are in the order of the paths; memory does not grow with them. A resumed run may
//! itself be stopped: then what it did, and what it had not come to yet of the run before, are joined first.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::container::exploded;
use super::dir::{Dir, Kind};
use super::done::Resumed;
use super::journal::{AtLine, DoneLine, Facts, JOURNAL_NAME, Line, OpenLine, ROWS_PREFIX, RunLine};
use super::opened::{Stamp, reopened};
use super::replace::{Known, delete_file, known_of, open_plain, prune};
use super::sink::TreeSink;
use super::temp::{TempFile, random_part};
use super::verify::check_earlier;
use super::write::Tree;
use super::{REPORT_NAME, TakenOver};
use crate::formats::compression::Codec;
use crate::report::read::{ReportedRow, read_rows};
use crate::report::summary::Verified;
use crate::report::{DocumentName, Hash, Status};

/// The journal of the run that is gone on with.
pub(crate) const EARLIER_NAME: &str = ".dechrome-earlier.jsonl";

/// What an earlier run did with one input.
#[derive(Clone, Debug, PartialEq)]
enum Entry {
    Done { done: DoneLine, start: u64 },
    Begun(Resumed),
}

impl Entry {
    fn target(&self) -> Option<PathBuf> {
        match self {
            Entry::Done { done, .. } => done.target(),
            Entry::Begun(resumed) => resumed.open.target(),
        }
    }

    fn rows(&self) -> (u64, u64) {
        match self {
            Entry::Done { done, start } => (*start, done.rows),
            Entry::Begun(resumed) => (resumed.start, resumed.at.rows),
        }
    }
}

/// The entries of a journal, in its order.
struct Entries {
    lines: BufReader<File>,
    rows: u64,
    begun: Option<(OpenLine, Option<AtLine>)>,
    /// An input that is done, to be told behind a container that was begun before it.
    held: Option<DoneLine>,
    /// Whether a line was none. What is done behind it stands in the report at a place that only that line told.
    is_damaged: bool,
}

impl Entries {
    fn of(out: &Dir, journal: &str) -> io::Result<Entries> {
        let journal = out.open_file(OsStr::new(journal))?;
        Ok(Entries { lines: BufReader::new(journal), rows: 0, begun: None, held: None, is_damaged: false })
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            if self.lines.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            // A line that was torn says nothing; what it would have said is done again.
            match Line::parse(&bytes) {
                Some(line) => return Ok(Some(line)),
                None => self.is_damaged = true,
            }
        }
    }

    fn done(&mut self, done: DoneLine) -> Entry {
        let start = std::mem::replace(&mut self.rows, done.rows);
        Entry::Done { done, start }
    }

    /// The container that was begun last, if it got anywhere and was not finished.
    fn take_begun(&mut self) -> Option<Entry> {
        let (open, at) = self.begun.take()?;
        let (start, at) = (self.rows, at?);
        self.rows = at.rows;
        Some(Entry::Begun(Resumed { open, at, start }))
    }
}

impl Iterator for Entries {
    type Item = io::Result<Entry>;

    fn next(&mut self) -> Option<io::Result<Entry>> {
        if let Some(done) = self.held.take() {
            return Some(Ok(self.done(done)));
        }
        loop {
            let line = match self.next_line() {
                Ok(Some(line)) => line,
                Ok(None) => return self.take_begun().map(Ok),
                Err(error) => return Some(Err(error)),
            };
            if self.is_damaged {
                return self.take_begun().map(Ok);
            }
            if let Some(done) = line.done {
                // A container that was begun, and that the run did not come to the end of before it was joined with another.
                if self.begun.as_ref().is_some_and(|(open, _)| open.path != done.path)
                    && let Some(begun) = self.take_begun()
                {
                    self.held = Some(done);
                    return Some(Ok(begun));
                }
                self.begun = None;
                return Some(Ok(self.done(done)));
            }
            if let Some(at) = line.at
                && let Some((_, last)) = &mut self.begun
            {
                *last = Some(at);
            }
            if let Some(open) = line.open {
                let before = self.take_begun();
                self.begun = Some((open, None));
                if before.is_some() {
                    return before.map(Ok);
                }
            }
        }
    }
}

/// What becomes of an input, as far as an earlier run has to do with it.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Everything is to be done.
    Fresh,
    /// Nothing is.
    Reuse { done: DoneLine, start: u64 },
    /// The rest is.
    GoOn(Resumed),
}

/// An earlier run.
pub(crate) struct Earlier {
    out: Arc<Dir>,
    entries: Peekable<Entries>,
    rows_name: OsString,
    rows: File,
    taken: TakenOver,
    /// Whether outputs are read again before they are taken over.
    verifies: bool,
    /// What was read again.
    pub(crate) verified: Verified,
}

impl Earlier {
    /// Finds what an earlier run with this fingerprint left; nothing when there is none, or it was another run.
    pub(crate) fn find(out: &Arc<Dir>, fingerprint: &str) -> io::Result<Option<Earlier>> {
        if journal_run(out, JOURNAL_NAME)?.is_none() && journal_run(out, EARLIER_NAME)?.is_none() {
            of_finished(out, fingerprint)?;
        }
        // A run that was stopped before it had said what it is did nothing; what it was to go on with still holds.
        if is_blank(out, JOURNAL_NAME)? {
            out.remove_if_there(OsStr::new(JOURNAL_NAME))?;
        }
        let is_same = |run: Option<RunLine>| run.is_some_and(|run| run.fingerprint == fingerprint);
        for name in [JOURNAL_NAME, EARLIER_NAME] {
            if is_there(out, name)? && !is_same(journal_run(out, name)?) {
                return Ok(None);
            }
        }
        if is_there(out, JOURNAL_NAME)? {
            set_aside(out)?;
        }
        Earlier::open(out)
    }

    fn open(out: &Arc<Dir>) -> io::Result<Option<Earlier>> {
        let Some(run) = journal_run(out, EARLIER_NAME)? else { return Ok(None) };
        let rows_name = rows_of(out, &run)?;
        // A run that was stopped before it had any did nothing that could be taken over.
        let Some(rows) = open_plain(out, &rows_name)? else { return Ok(None) };
        delete_unfinished(out, EARLIER_NAME)?;
        let entries = Entries::of(out, EARLIER_NAME)?.peekable();
        let (out, taken, verified) = (Arc::clone(out), TakenOver::default(), Verified::default());
        Ok(Some(Earlier { out, entries, rows_name, rows, taken, verifies: false, verified }))
    }

    /// The same, whose outputs are read again before they are taken over, if that is wished.
    pub(crate) fn verifying(self, verifies: bool) -> Earlier {
        Earlier { verifies, ..self }
    }

    /// Whether what an input came to is still there.
    fn holds(&mut self, tree: &Tree, target: &Path, done: &DoneLine, start: u64) -> io::Result<bool> {
        self.rows.seek(SeekFrom::Start(start))?;
        let rows = (&self.rows).take(done.rows.saturating_sub(start));
        let found = check_earlier(tree, target, done, rows);
        self.verified += found.unwrap_or_default();
        Ok(found.is_some())
    }

    /// Another handle on its rows.
    pub(crate) fn rows(&self) -> io::Result<File> {
        self.out.open_file(&self.rows_name)
    }

    /// The name of the file with its rows.
    pub(crate) fn rows_name(&self) -> &OsStr {
        &self.rows_name
    }

    /// The temporary files that may be written on.
    pub(crate) fn temps(&self) -> io::Result<BTreeSet<PathBuf>> {
        let mut temps = BTreeSet::new();
        for entry in Entries::of(&self.out, EARLIER_NAME)? {
            if let Entry::Begun(Resumed { open, at, .. }) = entry? {
                temps.extend(TreeSink::temps(&open, &at));
            }
        }
        Ok(temps)
    }

    /// What to do with an input that is found, in the order of targets.
    pub(crate) fn verdict(&mut self, tree: &Tree, target: &Path, source: &Path, named: bool) -> io::Result<Verdict> {
        loop {
            let Some(entry) = self.entries.peek() else { return Ok(Verdict::Fresh) };
            let order = match entry {
                Ok(entry) => entry.target().map(|earlier| earlier.as_path().cmp(target)),
                Err(_) => None,
            };
            match order {
                Some(std::cmp::Ordering::Greater) => return Ok(Verdict::Fresh),
                // The input is no longer there, or it was never ours.
                Some(std::cmp::Ordering::Less) | None => self.drop_next()?,
                Some(std::cmp::Ordering::Equal) => break,
            }
        }
        let Some(entry) = self.entries.next().transpose()? else { return Ok(Verdict::Fresh) };
        let verdict = match judge(&entry, tree, target, source, named) {
            Verdict::Reuse { done, start } if self.verifies && !self.holds(tree, target, &done, start)? => {
                Verdict::Fresh
            }
            verdict => verdict,
        };
        match verdict {
            Verdict::Reuse { .. } => self.taken.done += 1,
            Verdict::GoOn(_) => self.taken.begun += 1,
            Verdict::Fresh => {
                self.taken.again += 1;
                self.delete_outputs(&entry)?;
            }
        }
        Ok(verdict)
    }

    fn drop_next(&mut self) -> io::Result<()> {
        match self.entries.next().transpose()? {
            Some(entry) => {
                self.taken.gone += 1;
                self.delete_outputs(&entry)
            }
            None => Ok(()),
        }
    }

    /// Deletes what an earlier run wrote for an input that is done again, or is gone.
    fn delete_outputs(&mut self, entry: &Entry) -> io::Result<()> {
        if let Entry::Begun(Resumed { open, at, .. }) = entry {
            TreeSink::temps(open, at).iter().try_for_each(|temp| delete_file(&self.out, temp))?;
        }
        let (start, end) = entry.rows();
        let mut gone: HashSet<PathBuf> = entry.target().into_iter().collect();
        self.rows.seek(SeekFrom::Start(start))?;
        let rows = (&self.rows).take(end.saturating_sub(start));
        let (mut deleted, out) = (Ok(()), &self.out);
        let read = read_rows(&mut BufReader::new(rows), |row| {
            for target in row.targets() {
                // All records of most containers are in one file.
                if gone.len() > 1 << 16 {
                    gone.clear();
                }
                if gone.insert(target.clone()) && deleted.is_ok() {
                    deleted = delete_file(out, &target);
                    prune(out, target.parent().unwrap_or(Path::new("")));
                }
            }
        });
        // Rows that cannot be read name nothing.
        drop(read);
        deleted?;
        match entry.target() {
            Some(target) => {
                delete_file(&self.out, &target)?;
                prune(&self.out, target.parent().unwrap_or(Path::new("")));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// All inputs are found: what is left of the earlier run goes.
    pub(crate) fn finish(mut self) -> io::Result<(TakenOver, Verified)> {
        while self.entries.peek().is_some() {
            self.drop_next()?;
        }
        Ok((self.taken, self.verified))
    }
}

/// Whether what an earlier run did with an input still holds.
fn judge(entry: &Entry, tree: &Tree, target: &Path, source: &Path, named: bool) -> Verdict {
    let found = if named { fs::metadata(source) } else { fs::symlink_metadata(source) };
    let Ok(found) = found else { return Verdict::Fresh };
    let stamp = Stamp::of(&found);
    match entry {
        Entry::Done { done, .. } if done.again => Verdict::Fresh,
        Entry::Done { done, start } => {
            let is_same = match (&done.input, &done.hash) {
                (Some(input), _) => *input == stamp,
                (None, Some(hash)) => hash_of(source, named).is_some_and(|found| found == *hash),
                (None, None) => false,
            };
            let size = |len: u64| tree.look(target).is_ok_and(|found| found == Some(Kind::File(len)));
            match is_same && done.output.is_none_or(size) {
                true => {
                    let done = DoneLine { input: Some(stamp), hash: None, ..done.clone() };
                    Verdict::Reuse { done, start: *start }
                }
                false => Verdict::Fresh,
            }
        }
        Entry::Begun(resumed) => {
            let Resumed { open, at, .. } = resumed;
            match open.input == Some(stamp) && TreeSink::is_there(tree, open, at) {
                true => Verdict::GoOn(resumed.clone()),
                false => Verdict::Fresh,
            }
        }
    }
}

fn hash_of(path: &Path, follow: bool) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    let file = reopened(path, follow).ok()?;
    io::copy(&mut BufReader::with_capacity(1 << 16, file), &mut hasher).ok()?;
    Some(Hash::finish(&hasher).to_string())
}

fn is_there(out: &Dir, name: &str) -> io::Result<bool> {
    Ok(out.look(OsStr::new(name))?.is_some())
}

/// The first line of a journal; nothing where there is no journal, or its first line is torn.
fn journal_run(out: &Dir, name: &str) -> io::Result<Option<RunLine>> {
    let Some(journal) = open_plain(out, OsStr::new(name))? else { return Ok(None) };
    let mut line = Vec::new();
    BufReader::new(journal).take(1 << 20).read_until(b'\n', &mut line)?;
    Ok(Line::parse(&line).and_then(|line| line.run))
}

/// Whether a journal does not even hold a first line.
fn is_blank(out: &Dir, name: &str) -> io::Result<bool> {
    let Some(journal) = open_plain(out, OsStr::new(name))? else { return Ok(false) };
    let mut line = Vec::new();
    BufReader::new(journal).take(1 << 20).read_until(b'\n', &mut line)?;
    Ok(line.last() != Some(&b'\n'))
}

/// The file with the rows of a journal. A run that was stopped at its very end has given it its last name already.
fn rows_of(out: &Dir, run: &RunLine) -> io::Result<OsString> {
    let is_ours = run.rows.starts_with(ROWS_PREFIX) && !run.rows.contains('/');
    Ok(if is_ours && is_there(out, &run.rows)? { run.rows.clone() } else { REPORT_NAME.to_owned() }.into())
}

/// Makes the running journal the earlier one; where there is an earlier one already, both are joined.
fn set_aside(out: &Arc<Dir>) -> io::Result<()> {
    let (Some(run), before) = (journal_run(out, JOURNAL_NAME)?, journal_run(out, EARLIER_NAME)?) else {
        return Ok(());
    };
    let (journal, earlier) = (OsStr::new(JOURNAL_NAME), OsStr::new(EARLIER_NAME));
    let Some(before) = before else { return out.rename_over(journal, earlier) };
    if open_plain(out, &rows_of(out, &run)?)?.is_none() {
        // It was stopped before it did anything.
        return out.remove_if_there(journal);
    }
    delete_unfinished(out, JOURNAL_NAME)?;
    let joined = Join::new(out, &run)?.run(out, &run, &before)?;
    // This makes it valid, all at once.
    joined.finish_over(earlier)?;
    out.remove_if_there(journal)
}

/// The name of a new file of rows. It is never one that an earlier run had: where that run's rows have become the report, its
/// journal still says their old name.
pub(crate) fn new_rows_name() -> String {
    format!("{ROWS_PREFIX}{}.jsonl", random_part())
}

/// Joins what two runs did: all of the later one, and of the one before it what comes behind that.
struct Join {
    journal: BufWriter<TempFile>,
    rows: BufWriter<File>,
    len: u64,
}

impl Join {
    fn new(out: &Arc<Dir>, run: &RunLine) -> io::Result<Join> {
        let name = new_rows_name();
        let rows = out.create_new(OsStr::new(&name))?;
        let journal = TempFile::new_in(Arc::clone(out))?;
        let mut join = Join { journal: BufWriter::new(journal), rows: BufWriter::new(rows), len: 0 };
        join.line(&Line::run(RunLine { rows: name, ..run.clone() }))?;
        Ok(join)
    }

    fn run(mut self, out: &Dir, run: &RunLine, before: &RunLine) -> io::Result<TempFile> {
        let mut last: Option<PathBuf> = None;
        let mut rows = out.open_file(&rows_of(out, run)?)?;
        for entry in Entries::of(out, JOURNAL_NAME)? {
            let entry = entry?;
            last = entry.target().or(last);
            self.entry(entry, &mut rows)?;
        }
        let mut rows = out.open_file(&rows_of(out, before)?)?;
        for entry in Entries::of(out, EARLIER_NAME)? {
            let entry = entry?;
            if entry.target().is_some_and(|target| last.as_ref().is_none_or(|last| target > *last)) {
                self.entry(entry, &mut rows)?;
            }
        }
        self.rows.flush()?;
        self.journal.into_inner().map_err(|error| error.into_error())
    }

    fn entry(&mut self, entry: Entry, rows: &mut File) -> io::Result<()> {
        let (start, end) = entry.rows();
        rows.seek(SeekFrom::Start(start))?;
        io::copy(&mut rows.take(end.saturating_sub(start)), &mut self.rows)?;
        self.len += end.saturating_sub(start);
        match entry {
            Entry::Done { done, .. } => self.line(&Line::done(DoneLine { rows: self.len, ..done })),
            Entry::Begun(Resumed { open, at, .. }) => {
                self.line(&Line { open: Some(open), ..Line::default() })?;
                self.line(&Line { at: Some(AtLine { rows: self.len, ..at }), ..Line::default() })
            }
        }
    }

    fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut bytes = Vec::new();
        line.write(&mut bytes)?;
        self.journal.write_all(&bytes)
    }
}

/// Makes a journal out of the report of a finished run, if it was the same run.
fn of_finished(out: &Arc<Dir>, fingerprint: &str) -> io::Result<()> {
    let Some(report) = open_plain(out, OsStr::new(REPORT_NAME))? else { return Ok(()) };
    if super::replace::fingerprint_of(out)?.as_deref() != Some(fingerprint) {
        return Ok(());
    }
    let run = RunLine { fingerprint: fingerprint.to_owned(), rows: REPORT_NAME.to_owned() };
    let mut journal = BufWriter::new(TempFile::new_in(Arc::clone(out))?);
    let mut line = Vec::new();
    Line::run(run).write(&mut line)?;
    journal.write_all(&line)?;
    let known = known_of(out)?;
    let mut inputs = ReportedInputs { last: None, known, journal: &mut journal };
    let mut reader = BufReader::new(report);
    let (mut bytes, mut rows) = (Vec::new(), 0);
    loop {
        bytes.clear();
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        rows += bytes.len() as u64;
        let mut done = None;
        if read_rows(&mut &bytes[..], |row| done = Some(done_by(row, rows))).is_err() {
            // Somebody else had a hand in it: everything is done again.
            return Ok(());
        }
        done.map_or(Ok(()), |done| inputs.add(done))?;
    }
    inputs.write()?;
    let journal = journal.into_inner().map_err(|error| error.into_error())?;
    journal.finish_over(OsStr::new(EARLIER_NAME))
}

/// The inputs of a report: rows of one container follow each other.
struct ReportedInputs<'j> {
    last: Option<DoneLine>,
    known: Known,
    journal: &'j mut BufWriter<TempFile>,
}

impl ReportedInputs<'_> {
    fn add(&mut self, done: DoneLine) -> io::Result<()> {
        if self.last.as_ref().is_some_and(|last| last.path != done.path) {
            self.write()?;
        }
        let is_several = self.last.is_some();
        self.last = Some(DoneLine { again: done.again || is_several, ..done });
        Ok(())
    }

    /// What the report does not say of an input: a container's size and time, what was passed by in it, and what was odd.
    fn completed(&self, done: DoneLine) -> DoneLine {
        let notes = self.known.notes.get(&done.path).cloned().unwrap_or_default();
        let Some(used) = self.known.containers.get(&done.path).filter(|_| done.again) else {
            return DoneLine { facts: Facts { notes, ..Facts::default() }, ..done };
        };
        let input = Some(Stamp { size: used.size, modified: used.modified });
        let facts = Facts { passed: used.passed_by.clone(), notes };
        let (output, output_hash, format) = (used.output, used.hash.clone(), used.format.clone());
        DoneLine { input, hash: None, output, output_hash, format, is_container: true, again: false, facts, ..done }
    }

    fn write(&mut self) -> io::Result<()> {
        let mut line = Vec::new();
        match self.last.take() {
            Some(done) => Line::done(self.completed(done)).write(&mut line)?,
            None => return Ok(()),
        }
        self.journal.write_all(&line)
    }
}

/// What a row of a report says of its input; `rows` is the length of the report behind it.
fn done_by(row: &ReportedRow<'_>, rows: u64) -> DoneLine {
    let path = row.path.as_deref().unwrap_or_default();
    let container = row.record.and_then(|number| {
        let mut codecs = Codec::ALL.into_iter().map(Some).chain([None]);
        codecs.find_map(|codec| path.strip_suffix(&*exploded(number, codec).to_string_lossy())?.strip_suffix('/'))
    });
    DoneLine {
        path: container.unwrap_or(path).to_owned(),
        path_raw: row.path_raw.as_deref().map(str::to_owned),
        hash: row.hash_in.as_deref().map(str::to_owned),
        output: row.bytes_kept,
        rows,
        again: row.record.is_some() || row.status == Status::Failed || row.bytes_kept.is_none(),
        ..DoneLine::default()
    }
}

/// Deletes files that a stopped run may have written and did not come to note as done: they will be written again.
fn delete_unfinished(out: &Dir, journal: &str) -> io::Result<()> {
    let mut intended: HashSet<PathBuf> = HashSet::new();
    // Containers of which more than their output was listed, with whether they are done.
    let mut containers: HashMap<String, bool> = HashMap::new();
    let mut lines = Entries::of(out, journal)?;
    while let Some(line) = lines.next_line()? {
        if let Some(done) = line.done.as_ref().filter(|_| lines.is_damaged) {
            // It is done again.
            intended.extend(done.target());
        } else if let Some(done) = line.done {
            done.target().map(|target| intended.remove(&target));
            if let Some(is_done) = containers.get_mut(&done.path) {
                *is_done = true;
            }
        } else if let Some(of) = line.of {
            containers.entry(of).or_insert(false);
        } else if let Some(path) = &line.path {
            intended.extend(DocumentName::to_path(path, line.path_raw.as_deref()));
        }
    }
    let mut lines = Entries::of(out, journal)?;
    while let Some(line) = lines.next_line()? {
        if let (Some(path), Some(of)) = (&line.path, &line.of)
            && containers.get(of) != Some(&true)
            && let Some(target) = DocumentName::to_path(path, line.path_raw.as_deref())
        {
            delete_file(out, &target)?;
        }
    }
    intended.iter().try_for_each(|target| delete_file(out, target))
}
