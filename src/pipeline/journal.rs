//! The journal of a run: what it is about to write, and what is done.
//!
//! It stands in the output directory while a run is under way. A name is put there before its file is written, and an
//! input is put there as done when its output has its name and its rows are in the report. So a run that was stopped, in
//! whatever way, can be gone on with, and files of others are never taken for its own. Lines are appended, and each ends with
//! a hash of itself: one that is torn, or that a disk gave back otherwise, is as good as none.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::container::Place;
use super::dir::Dir;
use super::opened::Stamp;
use super::temp::is_temp_name;
use crate::report::DocumentName;
use crate::report::summary::Named;

/// The journal of a run that is not finished.
pub(crate) const JOURNAL_NAME: &str = ".dechrome-running.jsonl";
/// How reports of runs that are not finished are named; the journal says which is its own.
pub(crate) const ROWS_PREFIX: &str = ".dechrome-rows-";

/// A line of the journal; just one of its parts is there.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Line {
    /// What the run is; the first line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) run: Option<RunLine>,
    /// A file that is about to be written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path: Option<String>,
    /// Its bytes, where it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path_raw: Option<String>,
    /// The output of the container that it is a record of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) of: Option<String>,
    /// An input that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) done: Option<DoneLine>,
    /// A container that is begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) open: Option<OpenLine>,
    /// How far that container is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<AtLine>,
}

/// What a run is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunLine {
    /// A hash of all that decides what it writes.
    pub(crate) fingerprint: String,
    /// The name of its report until it is finished.
    pub(crate) rows: String,
}

/// An input that is done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct DoneLine {
    /// Where its output is.
    pub(crate) path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path_raw: Option<String>,
    /// What the input was.
    pub(crate) input: Option<Stamp>,
    /// The hash of the input, where no stamp is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) hash: Option<String>,
    /// The size of the output; nothing where there is none of that name.
    pub(crate) output: Option<u64>,
    /// The hash of a container's output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) output_hash: Option<String>,
    /// The format of a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<String>,
    /// The length of the report behind its rows.
    pub(crate) rows: u64,
    /// Whether it holds many documents.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_container: bool,
    /// Whether the next run had better try again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) again: bool,
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub(crate) facts: Facts,
}

/// A container that is begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct OpenLine {
    /// Where its output will be.
    pub(crate) path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) path_raw: Option<String>,
    /// What the input was.
    pub(crate) input: Option<Stamp>,
    /// The name, in the directory of the output, that it is written under.
    #[serde(deserialize_with = "own_temp_name")]
    pub(crate) temp: Option<String>,
}

/// A journal may have been put there by somebody else: what it says leads to no other file than a temporary one of ours.
fn own_temp_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let name: Option<String> = Option::deserialize(deserializer)?;
    match name {
        Some(name) if !is_temp_name(&name) => Err(D::Error::custom("no temporary name of dechrome")),
        name => Ok(name),
    }
}

/// How far a container is done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct AtLine {
    /// Where reading goes on.
    pub(crate) place: Place,
    /// The length of the output.
    pub(crate) output: u64,
    /// The length of what is in quarantine.
    pub(crate) quarantine: u64,
    /// The length of the report.
    pub(crate) rows: u64,
    /// Whether a row names its output.
    #[serde(default)]
    pub(crate) is_listed: bool,
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub(crate) facts: Facts,
}

/// What the summary says of an input that its rows do not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// Records that were passed by, by what they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) passed: BTreeMap<String, u64>,
    /// What was odd.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<Named>,
}

impl Facts {
    pub(crate) fn is_empty(&self) -> bool {
        self.passed.is_empty() && self.notes.is_empty()
    }

    pub(crate) fn add(&mut self, other: &Facts) {
        for (kind, count) in &other.passed {
            *self.passed.entry(kind.clone()).or_default() += count;
        }
        self.notes.extend(other.notes.iter().cloned());
    }
}

impl DoneLine {
    /// Where its output is; nothing if that would be outside of the output directory.
    pub(crate) fn target(&self) -> Option<PathBuf> {
        DocumentName::to_path(&self.path, self.path_raw.as_deref())
    }
}

impl OpenLine {
    /// Where its output will be.
    pub(crate) fn target(&self) -> Option<PathBuf> {
        DocumentName::to_path(&self.path, self.path_raw.as_deref())
    }
}

impl Line {
    /// That a run begins.
    pub(crate) fn run(run: RunLine) -> Line {
        Line { run: Some(run), ..Line::default() }
    }

    /// That an input is done.
    pub(crate) fn done(done: DoneLine) -> Line {
        Line { done: Some(done), ..Line::default() }
    }

    /// That this file is about to be written.
    pub(crate) fn intent(target: &Path) -> Line {
        let DocumentName { path, raw } = DocumentName::of(target);
        Line { path: Some(path), path_raw: raw, ..Line::default() }
    }

    /// That a file is about to be written that belongs to a container.
    pub(crate) fn intent_of(container: &Path, target: &Path) -> Line {
        Line { of: Some(DocumentName::of(container).path), ..Line::intent(target) }
    }

    /// Reads a line; one that is torn, or not as it was written, is none.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Line> {
        let sealed = bytes.strip_suffix(SEAL_END)?;
        let (said, hash) = sealed.split_at_checked(sealed.len().checked_sub(SEAL_DIGITS)?)?;
        let said = said.strip_suffix(SEAL_START)?;
        if seal_of(said) != hash {
            return None;
        }
        serde_json::from_slice(&[said, b"}"].concat()).ok()
    }

    /// Appends it to bytes.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        serde_json::to_writer(&mut *out, self)?;
        // The closing brace comes behind the seal.
        out.pop();
        seal(start, out);
        Ok(())
    }
}

/// What stands around the hash of a line.
const SEAL_START: &[u8] = b",\"seal\":\"";
const SEAL_END: &[u8] = b"\"}\n";
/// How many digits the hash has: chance gives the right ones once in four billion lines.
const SEAL_DIGITS: usize = 8;

/// Makes a line of a journal out of an object that lacks its closing brace and begins at `start`.
pub(crate) fn seal(start: usize, out: &mut Vec<u8>) {
    let seal = seal_of(out.get(start..).unwrap_or_default());
    out.extend_from_slice(SEAL_START);
    out.extend_from_slice(&seal);
    out.extend_from_slice(SEAL_END);
}

fn seal_of(said: &[u8]) -> [u8; SEAL_DIGITS] {
    let mut seal = [0; SEAL_DIGITS];
    blake3::hash(said).to_hex().bytes().zip(&mut seal).for_each(|(digit, place)| *place = digit);
    seal
}

/// The journal of this run, open at its end. Those who share it append whole lines.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    /// Whether what is written is written down by the system before it counts.
    syncs: bool,
}

impl Journal {
    /// Begins the journal of a run.
    pub(crate) fn create(out: &Dir, run: RunLine, syncs: bool) -> io::Result<Journal> {
        let file = out.create_new_to_append(OsStr::new(JOURNAL_NAME))?;
        let mut journal = Journal { path: out.path().join(JOURNAL_NAME), file, syncs };
        journal.write([Line::run(run)])?;
        if syncs {
            out.sync()?;
        }
        Ok(journal)
    }

    /// The same journal, for another who writes to it.
    pub(crate) fn share(&self) -> io::Result<Journal> {
        Ok(Journal { path: self.path.clone(), file: self.file.try_clone()?, syncs: self.syncs })
    }

    /// Appends lines with one call.
    pub(crate) fn write(&mut self, lines: impl IntoIterator<Item = Line>) -> io::Result<()> {
        let mut bytes = Vec::new();
        for line in lines {
            line.write(&mut bytes)?;
        }
        if bytes.is_empty() {
            return Ok(());
        }
        self.file.write_all(&bytes)?;
        if self.syncs { self.sync() } else { Ok(()) }
    }

    /// Has the system write down what it holds.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Its file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_a_torn_line_is_none() {
        let dir = tempfile::tempdir().expect("dir");
        let out = Dir::open(dir.path()).expect("open");
        let journal = Journal::create(&out, RunLine { fingerprint: "x".into(), rows: "y".into() }, true);
        let mut journal = journal.expect("journal");
        let input = Some(Stamp { size: 3, modified: 4 });
        let done = DoneLine { path: "a.txt".into(), input, output: Some(5), rows: 6, ..DoneLine::default() };
        let line = Line::done(done.clone());
        journal.share().expect("handle").write([Line::intent(Path::new("a.txt"))]).expect("write");
        journal.write([line]).expect("write");
        let bytes = std::fs::read(journal.path()).expect("read");
        let lines: Vec<Line> = bytes.split_inclusive(|&byte| byte == b'\n').filter_map(Line::parse).collect();
        assert_eq!(lines[0].run.as_ref().map(|run| run.rows.as_str()), Some("y"));
        assert_eq!(lines[1].path.as_deref(), Some("a.txt"));
        assert_eq!(lines[2].done.as_ref(), Some(&done));
        let torn = &bytes[..bytes.len() - 1];
        assert_eq!(torn.split_inclusive(|&byte| byte == b'\n').filter_map(Line::parse).count(), 2);
    }

    #[test]
    fn a_line_of_which_a_bit_changed_is_none() {
        let done = DoneLine { path: "a.txt".into(), output: Some(5), rows: 16, ..DoneLine::default() };
        let mut line = Vec::new();
        Line::done(done).write(&mut line).expect("written");
        assert!(Line::parse(&line).is_some());
        for at in 0..line.len() * 8 {
            let mut changed = line.clone();
            changed[at / 8] ^= 1 << (at % 8);
            assert!(Line::parse(&changed).is_none(), "{}", String::from_utf8_lossy(&changed));
        }
    }

    #[test]
    fn a_line_names_nothing_outside_of_the_output() {
        let mut sealed = br#"{"done":{"path":"../x","input":null,"output":null,"rows":0}"#.to_vec();
        seal(0, &mut sealed);
        let done = Line::parse(&sealed).and_then(|line| line.done).expect("a line");
        assert_eq!(done.target(), None);
    }
}
