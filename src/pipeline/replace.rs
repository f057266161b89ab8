//! What the output directory holds before a run, and how it is replaced or gone on with.
//!
//! While a run goes on, a journal in the output directory lists every file the run may have written: names are put there
//! before their files are. The report appears, and the journal goes, at the very end. So a directory is either finished
//! or unfinished, and in both cases it is known which of its files are dechrome's; no others are ever deleted.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use walkdir::WalkDir;

use super::earlier::{EARLIER_NAME, Earlier, free_rows_name};
use super::journal::{JOURNAL_NAME, Journal, ROWS_PREFIX, RunLine};
use super::write::is_temp_name;
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
pub(crate) fn contents_of(dir: &Path) -> io::Result<Contents> {
    let mut names = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name == REPORT_NAME || name == SUMMARY_NAME || name.starts_with(".dechrome-") || names.is_empty() {
            names.push(name);
        }
    }
    let has = |name: &str| names.iter().any(|found| found == name);
    let ours = |name: &str, known: fn(&Path) -> io::Result<bool>| match has(name) {
        true => known(&dir.join(name)).map(Some),
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
fn is_report(path: &Path) -> io::Result<bool> {
    #[derive(Deserialize)]
    struct First {
        #[serde(rename = "schema")]
        _schema: u32,
        #[serde(rename = "path")]
        _path: String,
        #[serde(rename = "status")]
        _status: Status,
    }
    let Some(file) = open_plain(path)? else { return Ok(false) };
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

fn summary_of(path: &Path) -> io::Result<Option<SummaryStart>> {
    let Some(file) = open_plain(path)? else { return Ok(None) };
    Ok(serde_json::from_reader(BufReader::new(file)).ok())
}

/// Whether a file is a summary of this program.
fn is_summary(path: &Path) -> io::Result<bool> {
    Ok(summary_of(path)?.is_some_and(|start| start.program.name == env!("CARGO_PKG_NAME")))
}

/// The fingerprint of the finished run in a directory.
pub(crate) fn fingerprint_of(out: &Path) -> io::Result<Option<String>> {
    let path = out.join(SUMMARY_NAME);
    if fs::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    Ok(summary_of(&path)?.and_then(|start| start.fingerprint))
}

/// What the summary of a finished run knows of its inputs, by path.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) containers: HashMap<String, ContainerUsed>,
    pub(crate) notes: HashMap<String, Vec<Named>>,
}

/// What the summary of the finished run in a directory knows.
pub(crate) fn known_of(out: &Path) -> io::Result<Known> {
    let Some(start) = summary_of(&out.join(SUMMARY_NAME))? else { return Ok(Known::default()) };
    let containers = start.containers.into_iter().map(|used| (used.path.clone(), used)).collect();
    let mut notes: HashMap<String, Vec<Named>> = HashMap::new();
    for note in start.notes {
        notes.entry(note.path.clone()).or_default().push(note);
    }
    Ok(Known { containers, notes })
}

/// Whether a directory is the output of a run.
pub(crate) fn is_output(dir: &Path) -> bool {
    let known = |name: &str, known: fn(&Path) -> io::Result<bool>| known(&dir.join(name)).unwrap_or(false);
    known(REPORT_NAME, is_report) && known(SUMMARY_NAME, is_summary)
}

/// Opens a regular file; links and everything else are not opened.
fn open_plain(path: &Path) -> io::Result<Option<File>> {
    if fs::symlink_metadata(path)?.is_file() { File::open(path).map(Some) } else { Ok(None) }
}

/// How a run begins.
pub(crate) struct Start {
    pub(crate) journal: Journal,
    /// The file for the rows of the report.
    pub(crate) rows: PathBuf,
    /// Whether the directory holds files of others: they are neither replaced nor followed.
    pub(crate) careful: bool,
    pub(crate) earlier: Option<Earlier>,
}

impl Start {
    /// Makes the output directory ready. What an earlier run wrote there is taken up where that is wished and where it was the
    /// same run, or else deleted.
    ///
    /// An old report is renamed first, so that it never stands beside files it does not describe.
    pub(crate) fn new(out: &Path, contents: Contents, resume: bool, fingerprint: &str) -> io::Result<Start> {
        if contents == Contents::Nothing {
            return Start::with(out, fingerprint, false, None);
        }
        let earlier = if resume { Earlier::find(out, fingerprint)? } else { None };
        match earlier {
            Some(earlier) => Start::taking_up(out, fingerprint, earlier),
            None => Start::replacing(out, contents, fingerprint),
        }
    }

    fn with(out: &Path, fingerprint: &str, careful: bool, earlier: Option<Earlier>) -> io::Result<Start> {
        let rows = free_rows_name(out);
        let run = RunLine { fingerprint: fingerprint.to_owned(), rows: rows.clone() };
        Ok(Start { journal: Journal::create(out, run)?, rows: out.join(rows), careful, earlier })
    }

    fn taking_up(out: &Path, fingerprint: &str, earlier: Earlier) -> io::Result<Start> {
        let temps = earlier.temps()?;
        delete_temps(out, &temps)?;
        for path in own_files(out, ROWS_PREFIX)? {
            if path != earlier.rows_path() {
                fs::remove_file(path)?;
            }
        }
        remove_if_there(&out.join(SUMMARY_NAME))?;
        Start::with(out, fingerprint, true, Some(earlier))
    }

    fn replacing(out: &Path, contents: Contents, fingerprint: &str) -> io::Result<Start> {
        set_lists_aside(out)?;
        let start = Start::with(out, fingerprint, true, None)?;
        for list in own_files(out, LIST_PREFIX)? {
            delete_listed(out, &list)?;
        }
        if contents == Contents::Unfinished {
            delete_temps(out, &[])?;
        }
        remove_if_there(&out.join(SUMMARY_NAME))?;
        for list in own_files(out, LIST_PREFIX)? {
            fs::remove_file(list)?;
        }
        let careful = fs::read_dir(out)?.count() > 1;
        Ok(Start { careful, ..start })
    }
}

/// Renames the reports and the journals of earlier runs to lists of what is to be deleted.
fn set_lists_aside(out: &Path) -> io::Result<()> {
    let rows = own_files(out, ROWS_PREFIX)?;
    let named = [REPORT_NAME, JOURNAL_NAME, EARLIER_NAME].map(|name| out.join(name));
    for from in rows.into_iter().chain(named) {
        if fs::symlink_metadata(&from).is_ok() {
            fs::rename(from, free_list_name(out))?;
        }
    }
    Ok(())
}

fn free_list_name(out: &Path) -> PathBuf {
    let mut names = (0u64..).map(|number| out.join(format!("{LIST_PREFIX}{number}.jsonl")));
    // There are more numbers than files.
    names.find(|path| fs::symlink_metadata(path).is_err()).unwrap_or_else(|| out.join(LIST_PREFIX))
}

/// The program's own files of one kind, sorted.
fn own_files(out: &Path, prefix: &str) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(out)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}

/// Deletes the files that a list names, and the directories that this leaves empty.
///
/// Lines that cannot be read are passed over: the last one may be torn, and what is not listed is not deleted.
fn delete_listed(out: &Path, list: &Path) -> io::Result<()> {
    let Some(file) = open_plain(list)? else { return Ok(()) };
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
pub(crate) fn delete_file(out: &Path, target: &Path) -> io::Result<()> {
    let mut path = out.to_owned();
    for part in target.parent().into_iter().flat_map(Path::components) {
        path.push(part);
        if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir()) {
            return Ok(());
        }
    }
    let path = out.join(target);
    // The program's own files have their own time to go.
    let own = [REPORT_NAME, SUMMARY_NAME, JOURNAL_NAME, EARLIER_NAME];
    let is_own = own.iter().any(|own| Path::new(own) == target);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() && !is_own => remove_if_there(&path),
        _ => Ok(()),
    }
}

/// Deletes a directory and those above it, up to `out`, as far as they are empty.
pub(crate) fn prune(out: &Path, dir: &Path) {
    for dir in dir.ancestors().filter(|dir| !dir.as_os_str().is_empty()) {
        if fs::remove_dir(out.join(dir)).is_err() {
            return;
        }
    }
}

/// Deletes files that a killed run had not renamed yet, but for those that are written on.
fn delete_temps(out: &Path, kept: &[PathBuf]) -> io::Result<()> {
    for entry in WalkDir::new(out).min_depth(1) {
        let entry = entry?;
        let is_temp = entry.file_type().is_file() && entry.file_name().to_str().is_some_and(is_temp_name);
        if is_temp && !kept.iter().any(|kept| kept == entry.path()) {
            remove_if_there(entry.path())?;
            if let Some(dir) = entry.path().parent().and_then(|dir| dir.strip_prefix(out).ok()) {
                prune(out, dir);
            }
        }
    }
    Ok(())
}

pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
