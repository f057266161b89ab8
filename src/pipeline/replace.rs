//! What the output directory holds before a run, and how it is replaced or gone on with.
//!
//! While a run goes on, a journal in the output directory lists every file the run may have written: names are put there
//! before their files are. The report appears, and the journal goes, at the very end. So a directory is either finished
//! or unfinished, and in both cases it is known which of its files are dechrome's; no others are ever deleted.

use std::collections::{BTreeSet, HashMap};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;

use super::dir::{Dir, Kind};
use super::earlier::{EARLIER_NAME, Earlier, new_rows_name};
use super::journal::{JOURNAL_NAME, Journal, ROWS_PREFIX, RunLine};
use super::temp::{TEMP_PREFIX, is_temp_name};
use super::{REPORT_NAME, SUMMARY_NAME};
use crate::report::summary::{ContainerUsed, Named};
use crate::report::{DocumentName, Status};

/// How lists are named of which the files are being deleted.
const LIST_PREFIX: &str = ".dechrome-replaced-";

/// What an output directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contents {
    /// Nothing, or it does not exist.
    Nothing,
    /// What a run wrote.
    Finished,
    /// What a run wrote that was stopped.
    Unfinished,
    /// Files, and no report of this program.
    Foreign,
}

/// Looks at an existing directory.
pub(crate) fn contents_of(dir: &Dir) -> io::Result<Contents> {
    let mut names = Vec::new();
    for entry in dir.entries()? {
        let name = entry.name.to_string_lossy().into_owned();
        if name == REPORT_NAME || name == SUMMARY_NAME || name.starts_with(TEMP_PREFIX) || names.is_empty() {
            names.push(name);
        }
    }
    let has = |name: &str| names.iter().any(|found| found == name);
    let ours = |name: &str, known: fn(&Dir) -> io::Result<bool>| match has(name) {
        true => known(dir).map(Some),
        false => Ok(None),
    };
    Ok(match (ours(REPORT_NAME, is_report)?, ours(SUMMARY_NAME, is_summary)?) {
        _ if names.is_empty() => Contents::Nothing,
        (Some(false), _) | (_, Some(false)) => Contents::Foreign,
        _ if [JOURNAL_NAME, EARLIER_NAME].into_iter().any(has) => Contents::Unfinished,
        _ if names.iter().any(|name| name.starts_with(LIST_PREFIX)) => Contents::Unfinished,
        (Some(true), _) | (_, Some(true)) => Contents::Finished,
        (None, None) => Contents::Foreign,
    })
}

/// A line of a report or a marker, as far as it matters here.
#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    path_raw: Option<String>,
    #[serde(default)]
    status: Option<Status>,
    #[serde(default)]
    record: Option<u64>,
    #[serde(default)]
    quarantine: Option<Aside>,
}

/// Where a row says that bytes were put aside.
#[derive(Deserialize)]
struct Aside {
    path: String,
}

impl Listed {
    /// The files this line speaks of, as far as they are inside the output directory.
    fn targets(&self) -> impl Iterator<Item = PathBuf> {
        // A record that failed may stand in a file beside others that did not.
        let has_output = self.status != Some(Status::Failed) || self.record.is_some();
        let path = self.path.as_deref().filter(|_| has_output);
        let own = path.and_then(|path| DocumentName::to_path(path, self.path_raw.as_deref()));
        let aside = self.quarantine.as_ref().and_then(|aside| DocumentName::to_path(&aside.path, None));
        own.into_iter().chain(aside)
    }
}

/// Whether a file is a report of this program, told by its first line.
fn is_report(dir: &Dir) -> io::Result<bool> {
    #[derive(Deserialize)]
    struct First {
        #[serde(rename = "schema")]
        _schema: u32,
        #[serde(rename = "path")]
        _path: String,
        #[serde(rename = "status")]
        _status: Status,
    }
    let Some(file) = open_plain(dir, OsStr::new(REPORT_NAME))? else { return Ok(false) };
    let mut line = Vec::new();
    BufReader::new(file).read_until(b'\n', &mut line)?;
    Ok(line.is_empty() || serde_json::from_slice::<First>(&line).is_ok())
}

/// What is read of a summary.
#[derive(Deserialize)]
struct SummaryStart {
    program: Program,
    #[serde(default)]
    fingerprint: Option<String>,
    #[serde(default)]
    containers: Vec<ContainerUsed>,
    #[serde(default)]
    notes: Vec<Named>,
}

#[derive(Deserialize)]
struct Program {
    name: String,
}

fn summary_of(dir: &Dir) -> io::Result<Option<SummaryStart>> {
    let Some(file) = open_plain(dir, OsStr::new(SUMMARY_NAME))? else { return Ok(None) };
    Ok(serde_json::from_reader(BufReader::new(file)).ok())
}

/// Whether a directory holds a summary of this program.
fn is_summary(dir: &Dir) -> io::Result<bool> {
    Ok(summary_of(dir)?.is_some_and(|start| start.program.name == env!("CARGO_PKG_NAME")))
}

/// The fingerprint of the finished run in a directory.
pub(crate) fn fingerprint_of(out: &Dir) -> io::Result<Option<String>> {
    Ok(summary_of(out)?.and_then(|start| start.fingerprint))
}

/// What the summary of a finished run knows of its inputs, by path.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) containers: HashMap<String, ContainerUsed>,
    pub(crate) notes: HashMap<String, Vec<Named>>,
}

/// What the summary of the finished run in a directory knows.
pub(crate) fn known_of(out: &Dir) -> io::Result<Known> {
    let Some(start) = summary_of(out)? else { return Ok(Known::default()) };
    let containers = start.containers.into_iter().map(|used| (used.path.clone(), used)).collect();
    let mut notes: HashMap<String, Vec<Named>> = HashMap::new();
    for note in start.notes {
        notes.entry(note.path.clone()).or_default().push(note);
    }
    Ok(Known { containers, notes })
}

/// Whether a directory is the output of a run.
pub(crate) fn is_output(dir: &Path) -> bool {
    Dir::open(dir).and_then(|dir| Ok(is_report(&dir)? && is_summary(&dir)?)).unwrap_or(false)
}

/// Opens a regular file; links and everything else are not opened.
pub(crate) fn open_plain(dir: &Dir, name: &OsStr) -> io::Result<Option<File>> {
    match dir.look(name)? {
        Some(Kind::File(_)) => dir.open_file(name).map(Some),
        _ => Ok(None),
    }
}

/// How a run begins.
pub(crate) struct Start {
    pub(crate) journal: Journal,
    /// The name of the file for the rows of the report.
    pub(crate) rows: OsString,
    /// Whether the directory holds files of others.
    pub(crate) careful: bool,
    pub(crate) earlier: Option<Earlier>,
}

/// What a new run in a directory is.
#[derive(Clone, Copy)]
pub(crate) struct NewRun<'r> {
    pub(crate) fingerprint: &'r str,
    /// Whether its journal is written down line by line.
    pub(crate) syncs: bool,
}

impl Start {
    /// Makes the output directory ready. What an earlier run wrote there is taken up where that is wished and where it was the
    /// same run, or else deleted.
    ///
    /// An old report is renamed first, so that it never stands beside files it does not describe.
    pub(crate) fn new(out: &Arc<Dir>, contents: Contents, resume: bool, run: NewRun<'_>) -> io::Result<Start> {
        if contents == Contents::Nothing {
            return Start::with(out, run, false, None);
        }
        let earlier = if resume { Earlier::find(out, run.fingerprint)? } else { None };
        match earlier {
            Some(earlier) => Start::taking_up(out, run, earlier),
            None => Start::replacing(out, contents, run),
        }
    }

    fn with(out: &Dir, run: NewRun<'_>, careful: bool, earlier: Option<Earlier>) -> io::Result<Start> {
        let rows = new_rows_name();
        let line = RunLine { fingerprint: run.fingerprint.to_owned(), rows: rows.clone() };
        Ok(Start { journal: Journal::create(out, line, run.syncs)?, rows: rows.into(), careful, earlier })
    }

    fn taking_up(out: &Dir, run: NewRun<'_>, earlier: Earlier) -> io::Result<Start> {
        delete_temps(out, &earlier.temps()?)?;
        for name in own_files(out, ROWS_PREFIX)? {
            if name != earlier.rows_name() {
                out.remove_file(&name)?;
            }
        }
        out.remove_if_there(OsStr::new(SUMMARY_NAME))?;
        Start::with(out, run, true, Some(earlier))
    }

    fn replacing(out: &Dir, contents: Contents, run: NewRun<'_>) -> io::Result<Start> {
        set_lists_aside(out)?;
        let start = Start::with(out, run, true, None)?;
        for list in own_files(out, LIST_PREFIX)? {
            delete_listed(out, &list)?;
        }
        if contents == Contents::Unfinished {
            delete_temps(out, &BTreeSet::new())?;
        }
        out.remove_if_there(OsStr::new(SUMMARY_NAME))?;
        for list in own_files(out, LIST_PREFIX)? {
            out.remove_file(&list)?;
        }
        let careful = out.entries()?.len() > 1;
        Ok(Start { careful, ..start })
    }
}

/// Renames the reports and the journals of earlier runs to lists of what is to be deleted.
fn set_lists_aside(out: &Dir) -> io::Result<()> {
    let rows = own_files(out, ROWS_PREFIX)?;
    let named = [REPORT_NAME, JOURNAL_NAME, EARLIER_NAME].map(OsString::from);
    for from in rows.into_iter().chain(named) {
        if out.look(&from)?.is_some() {
            out.rename_new(&from, OsStr::new(&free_list_name(out)?))?;
        }
    }
    Ok(())
}

fn free_list_name(out: &Dir) -> io::Result<String> {
    let taken: BTreeSet<OsString> = own_files(out, LIST_PREFIX)?.into_iter().collect();
    let mut names = (0u64..).map(|number| format!("{LIST_PREFIX}{number}.jsonl"));
    // There are more numbers than files.
    Ok(names.find(|name| !taken.contains(OsStr::new(name))).unwrap_or_default())
}

/// The names of the program's own files of one kind, sorted.
fn own_files(out: &Dir, prefix: &str) -> io::Result<Vec<OsString>> {
    let names = out.entries()?.into_iter().map(|entry| entry.name);
    let mut own: Vec<OsString> = names.filter(|name| name.to_string_lossy().starts_with(prefix)).collect();
    own.sort();
    Ok(own)
}

/// Deletes the files that a list names, and the directories that this leaves empty.
///
/// Lines that cannot be read are passed over: the last one may be torn, and what is not listed is not deleted.
fn delete_listed(out: &Dir, list: &OsStr) -> io::Result<()> {
    let Some(file) = open_plain(out, list)? else { return Ok(()) };
    let mut reader = BufReader::new(file);
    let mut line = Vec::new();
    let mut dir = PathBuf::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        for target in serde_json::from_slice::<Listed>(&line).iter().flat_map(Listed::targets) {
            let parent = target.parent().unwrap_or(Path::new(""));
            if parent != dir {
                prune(out, &dir);
                dir = parent.to_owned();
            }
            delete_file(out, &target)?;
        }
        line.clear();
    }
    prune(out, &dir);
    Ok(())
}

/// Deletes a regular file below `out`, unless a link stands anywhere on the way to it.
pub(crate) fn delete_file(out: &Dir, target: &Path) -> io::Result<()> {
    // The program's own files have their own time to go.
    let own = [REPORT_NAME, SUMMARY_NAME, JOURNAL_NAME, EARLIER_NAME];
    if own.iter().any(|own| Path::new(own) == target) {
        return Ok(());
    }
    match out.of_file(target) {
        Ok((dir, name)) => match dir.look(name)? {
            Some(Kind::File(_)) => dir.remove_if_there(name),
            _ => Ok(()),
        },
        // Nothing is there, or something that is not ours.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Deletes a directory and those above it, up to `out`, as far as they are empty.
pub(crate) fn prune(out: &Dir, dir: &Path) {
    for dir in dir.ancestors().filter(|dir| !dir.as_os_str().is_empty()) {
        if out.of_file(dir).and_then(|(above, name)| above.remove_dir(name)).is_err() {
            return;
        }
    }
}

/// Deletes files that a killed run had not renamed yet, but for those that are written on.
fn delete_temps(out: &Dir, kept: &BTreeSet<PathBuf>) -> io::Result<()> {
    let mut waiting = vec![PathBuf::new()];
    while let Some(path) = waiting.pop() {
        let dir = out.beneath(&path)?;
        let mut has_deleted = false;
        for entry in dir.entries()? {
            let entry_path = path.join(&entry.name);
            if entry.is_dir {
                waiting.push(entry_path);
            } else if entry.is_file && entry.name.to_str().is_some_and(is_temp_name) && !kept.contains(&entry_path) {
                dir.remove_if_there(&entry.name)?;
                has_deleted = true;
            }
        }
        if has_deleted {
            prune(out, &path);
        }
    }
    Ok(())
}
