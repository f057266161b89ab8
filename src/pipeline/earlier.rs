//! What an earlier run into the same directory did, so that this one need not do it again.
//!
//! An earlier run left a journal and its rows, or it was finished and left its report. Both are held against the inputs as
//! these are found, in one pass, for both are in the order of the paths; memory does not grow with them. A resumed run may
//! itself be stopped: then what it did, and what it had not come to yet of the run before, are joined first.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use super::container::exploded;
use super::done::Resumed;
use super::journal::{AtLine, DoneLine, Facts, JOURNAL_NAME, Line, OpenLine, ROWS_PREFIX, RunLine};
use super::opened::{Stamp, reopened};
use super::replace::{Known, delete_file, known_of, prune, remove_if_there};
use super::sink::TreeSink;
use super::write::{Tree, temp_in};
use super::{REPORT_NAME, TakenOver};
use crate::formats::compression::Codec;
use crate::report::read::{ReportedRow, read_rows};
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
}

impl Entries {
    fn of(journal: &Path) -> io::Result<Entries> {
        Ok(Entries { lines: BufReader::new(File::open(journal)?), rows: 0, begun: None, held: None })
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        loop {
            bytes.clear();
            if self.lines.read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            // A line that was torn says nothing; what it would have said is done again.
            if let Some(line) = Line::parse(&bytes) {
                return Ok(Some(line));
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
    out: PathBuf,
    entries: Peekable<Entries>,
    rows_path: PathBuf,
    rows: File,
    taken: TakenOver,
}

impl Earlier {
    /// Finds what an earlier run with this fingerprint left; nothing when there is none, or it was another run.
    pub(crate) fn find(out: &Path, fingerprint: &str) -> io::Result<Option<Earlier>> {
        if journal_run(&out.join(JOURNAL_NAME))?.is_none() && journal_run(&out.join(EARLIER_NAME))?.is_none() {
            of_finished(out, fingerprint)?;
        }
        let is_same = |run: Option<RunLine>| run.is_some_and(|run| run.fingerprint == fingerprint);
        for name in [JOURNAL_NAME, EARLIER_NAME] {
            let path = out.join(name);
            if fs::symlink_metadata(&path).is_ok() && !is_same(journal_run(&path)?) {
                return Ok(None);
            }
        }
        if fs::symlink_metadata(out.join(JOURNAL_NAME)).is_ok() {
            set_aside(out)?;
        }
        Earlier::open(out)
    }

    fn open(out: &Path) -> io::Result<Option<Earlier>> {
        let journal = out.join(EARLIER_NAME);
        let Some(run) = journal_run(&journal)? else { return Ok(None) };
        let rows_path = rows_of(out, &run);
        let rows = File::open(&rows_path)?;
        delete_unfinished(out, &journal)?;
        let entries = Entries::of(&journal)?.peekable();
        Ok(Some(Earlier { out: out.to_owned(), entries, rows_path, rows, taken: TakenOver::default() }))
    }

    /// Another handle on its rows.
    pub(crate) fn rows(&self) -> io::Result<File> {
        File::open(&self.rows_path)
    }

    /// The name of the file with its rows.
    pub(crate) fn rows_path(&self) -> &Path {
        &self.rows_path
    }

    /// The temporary files that may be written on.
    pub(crate) fn temps(&self) -> io::Result<Vec<PathBuf>> {
        let mut temps = Vec::new();
        for entry in Entries::of(&self.out.join(EARLIER_NAME))? {
            if let Entry::Begun(Resumed { open, at, .. }) = entry? {
                temps.extend(TreeSink::temps(&self.out, &open, &at));
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
        let verdict = judge(&entry, tree, target, source, named);
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
            TreeSink::temps(&self.out, open, at).iter().try_for_each(|temp| remove_if_there(temp))?;
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
    pub(crate) fn finish(mut self) -> io::Result<TakenOver> {
        while self.entries.peek().is_some() {
            self.drop_next()?;
        }
        Ok(self.taken)
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
            let size = |len: u64| {
                fs::symlink_metadata(tree.root().join(target)).is_ok_and(|found| found.is_file() && found.len() == len)
            };
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
            match open.input == Some(stamp) && TreeSink::is_there(tree.root(), open, at) {
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

/// The first line of a journal; nothing where there is no journal, or its first line is torn.
fn journal_run(path: &Path) -> io::Result<Option<RunLine>> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => {}
        _ => return Ok(None),
    }
    let mut line = Vec::new();
    BufReader::new(File::open(path)?).take(1 << 20).read_until(b'\n', &mut line)?;
    Ok(Line::parse(&line).and_then(|line| line.run))
}

/// The file with the rows of a journal. A run that was stopped at its very end has given it its last name already.
fn rows_of(out: &Path, run: &RunLine) -> PathBuf {
    let is_ours = run.rows.starts_with(ROWS_PREFIX) && !run.rows.contains('/');
    let path = out.join(&run.rows);
    if is_ours && fs::symlink_metadata(&path).is_ok() { path } else { out.join(REPORT_NAME) }
}

/// Makes the running journal the earlier one; where there is an earlier one already, both are joined.
fn set_aside(out: &Path) -> io::Result<()> {
    let (journal, earlier) = (out.join(JOURNAL_NAME), out.join(EARLIER_NAME));
    let (Some(run), before) = (journal_run(&journal)?, journal_run(&earlier)?) else { return Ok(()) };
    let Some(before) = before else { return fs::rename(journal, earlier) };
    delete_unfinished(out, &journal)?;
    let joined = Join::new(out, &run)?.run(out, &run, &before)?;
    // This makes it valid, all at once.
    joined.persist(&earlier).map_err(|failed| failed.error)?;
    remove_if_there(&journal)
}

/// The name of a new file of rows.
pub(crate) fn free_rows_name(out: &Path) -> String {
    let mut names = (0u64..).map(|number| format!("{ROWS_PREFIX}{number}.jsonl"));
    // There are more numbers than files.
    names.find(|name| fs::symlink_metadata(out.join(name)).is_err()).unwrap_or_default()
}

/// Joins what two runs did: all of the later one, and of the one before it what comes behind that.
struct Join {
    journal: BufWriter<tempfile::NamedTempFile>,
    rows: BufWriter<File>,
    len: u64,
}

impl Join {
    fn new(out: &Path, run: &RunLine) -> io::Result<Join> {
        let name = free_rows_name(out);
        let rows = File::create_new(out.join(&name))?;
        let mut join = Join { journal: BufWriter::new(temp_in(out)?), rows: BufWriter::new(rows), len: 0 };
        join.line(&Line::run(RunLine { rows: name, ..run.clone() }))?;
        Ok(join)
    }

    fn run(mut self, out: &Path, run: &RunLine, before: &RunLine) -> io::Result<tempfile::NamedTempFile> {
        let mut last: Option<PathBuf> = None;
        let mut rows = File::open(rows_of(out, run))?;
        for entry in Entries::of(&out.join(JOURNAL_NAME))? {
            let entry = entry?;
            last = entry.target().or(last);
            self.entry(entry, &mut rows)?;
        }
        let mut rows = File::open(rows_of(out, before))?;
        for entry in Entries::of(&out.join(EARLIER_NAME))? {
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
fn of_finished(out: &Path, fingerprint: &str) -> io::Result<()> {
    let report = out.join(REPORT_NAME);
    if !fs::symlink_metadata(&report).is_ok_and(|found| found.is_file())
        || super::replace::fingerprint_of(out)?.as_deref() != Some(fingerprint)
    {
        return Ok(());
    }
    let run = RunLine { fingerprint: fingerprint.to_owned(), rows: REPORT_NAME.to_owned() };
    let mut journal = BufWriter::new(temp_in(out)?);
    let mut line = Vec::new();
    Line::run(run).write(&mut line)?;
    journal.write_all(&line)?;
    let known = known_of(out)?;
    let mut inputs = ReportedInputs { last: None, known, journal: &mut journal };
    let mut reader = BufReader::new(File::open(&report)?);
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
    journal.persist(out.join(EARLIER_NAME)).map_err(|failed| failed.error)?;
    Ok(())
}

/// The inputs of a report: rows of one container follow each other.
struct ReportedInputs<'j> {
    last: Option<DoneLine>,
    known: Known,
    journal: &'j mut BufWriter<tempfile::NamedTempFile>,
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
fn delete_unfinished(out: &Path, journal: &Path) -> io::Result<()> {
    let mut intended: HashSet<PathBuf> = HashSet::new();
    // Containers of which more than their output was listed, with whether they are done.
    let mut containers: HashMap<String, bool> = HashMap::new();
    let mut lines = Entries::of(journal)?;
    while let Some(line) = lines.next_line()? {
        if let Some(done) = line.done {
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
    let mut lines = Entries::of(journal)?;
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
