//! What the output directory holds before a run, and how it is replaced.
//!
//! While a run goes on, a marker in the output directory lists every file the run may have written: names are put there
//! before their files are. The report appears, and the marker goes, at the very end. So a directory is either finished
//! or unfinished, and in both cases it is known which of its files are dechrome's; no others are ever deleted.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::write::is_temp_name;
use super::{REPORT_NAME, SUMMARY_NAME};
use crate::report::{DocumentName, Status};

/// The marker of a run that is not finished, which lists what it may have written.
pub(crate) const MARKER_NAME: &str = ".dechrome-running.jsonl";
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
        _ if has(MARKER_NAME) || names.iter().any(|name| name.starts_with(LIST_PREFIX)) => Contents::Unfinished,
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
}

impl Listed {
    /// The file this line speaks of, if there is one and it is inside the output directory.
    fn target(&self) -> Option<PathBuf> {
        if self.status == Some(Status::Failed) {
            return None;
        }
        DocumentName::to_path(self.path.as_deref()?, self.path_raw.as_deref())
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

/// Whether a file is a summary of this program.
fn is_summary(path: &Path) -> io::Result<bool> {
    #[derive(Deserialize)]
    struct Start {
        program: Program,
    }
    #[derive(Deserialize)]
    struct Program {
        name: String,
    }
    let Some(file) = open_plain(path)? else { return Ok(false) };
    let start: Result<Start, _> = serde_json::from_reader(BufReader::new(file));
    Ok(start.is_ok_and(|start| start.program.name == env!("CARGO_PKG_NAME")))
}

/// Opens a regular file; links and everything else are not opened.
fn open_plain(path: &Path) -> io::Result<Option<File>> {
    if fs::symlink_metadata(path)?.is_file() { File::open(path).map(Some) } else { Ok(None) }
}

/// The marker of this run.
#[derive(Debug)]
pub(crate) struct Marker {
    path: PathBuf,
    file: File,
}

/// A line of the marker.
#[derive(Serialize)]
struct Intended<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_raw: Option<&'a str>,
}

impl Marker {
    /// Makes the output directory ready, and deletes what an earlier run wrote there; tells also whether files of
    /// others are left in it.
    ///
    /// The old report is renamed first, so that it never stands beside files it does not describe.
    pub(crate) fn start(out: &Path, contents: Contents) -> io::Result<(Marker, bool)> {
        fs::create_dir_all(out)?;
        if contents == Contents::Nothing {
            return Ok((Marker::create(out)?, false));
        }
        set_lists_aside(out)?;
        let marker = Marker::create(out)?;
        for list in lists(out)? {
            delete_listed(out, &list)?;
        }
        if contents == Contents::Unfinished {
            delete_temps(out)?;
        }
        remove_if_there(&out.join(SUMMARY_NAME))?;
        for list in lists(out)? {
            fs::remove_file(list)?;
        }
        let left = fs::read_dir(out)?.count() > 1;
        Ok((marker, left))
    }

    fn create(out: &Path) -> io::Result<Marker> {
        let path = out.join(MARKER_NAME);
        let file = OpenOptions::new().append(true).create_new(true).open(&path)?;
        Ok(Marker { path, file })
    }

    /// Lists files that are about to be written.
    pub(crate) fn intend<'p>(&mut self, targets: impl Iterator<Item = &'p Path>) -> io::Result<()> {
        let mut lines = Vec::new();
        for target in targets {
            let name = DocumentName::of(target);
            serde_json::to_writer(&mut lines, &Intended { path: &name.path, path_raw: name.raw.as_deref() })?;
            lines.push(b'\n');
        }
        self.file.write_all(&lines)
    }

    /// The run is finished.
    pub(crate) fn finish(self) -> io::Result<()> {
        fs::remove_file(self.path)
    }

    /// The marker's file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Renames the report and the marker of earlier runs to lists of what is to be deleted.
fn set_lists_aside(out: &Path) -> io::Result<()> {
    for name in [REPORT_NAME, MARKER_NAME] {
        let from = out.join(name);
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

fn lists(out: &Path) -> io::Result<Vec<PathBuf>> {
    let mut lists = Vec::new();
    for entry in fs::read_dir(out)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(LIST_PREFIX) {
            lists.push(entry.path());
        }
    }
    lists.sort();
    Ok(lists)
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
        if let Some(target) = serde_json::from_slice::<Listed>(&line).ok().and_then(|listed| listed.target()) {
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
fn delete_file(out: &Path, target: &Path) -> io::Result<()> {
    let mut path = out.to_owned();
    for part in target.parent().into_iter().flat_map(Path::components) {
        path.push(part);
        if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir()) {
            return Ok(());
        }
    }
    let path = out.join(target);
    // The program's own files have their own time to go.
    let is_own = [REPORT_NAME, SUMMARY_NAME, MARKER_NAME].iter().any(|own| Path::new(own) == target);
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() && !is_own => remove_if_there(&path),
        _ => Ok(()),
    }
}

/// Deletes a directory and those above it, up to `out`, as far as they are empty.
fn prune(out: &Path, dir: &Path) {
    for dir in dir.ancestors().filter(|dir| !dir.as_os_str().is_empty()) {
        if fs::remove_dir(out.join(dir)).is_err() {
            return;
        }
    }
}

/// Deletes files that a killed run had not renamed yet.
fn delete_temps(out: &Path) -> io::Result<()> {
    for entry in WalkDir::new(out).min_depth(1) {
        let entry = entry?;
        if entry.file_type().is_file() && entry.file_name().to_str().is_some_and(is_temp_name) {
            remove_if_there(entry.path())?;
            if let Some(dir) = entry.path().parent().and_then(|dir| dir.strip_prefix(out).ok()) {
                prune(out, dir);
            }
        }
    }
    Ok(())
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
