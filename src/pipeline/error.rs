//! What can go wrong with inputs, plans and runs.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::panics::Panicked;
use crate::report::terminal::Escaped;

/// A path as messages show it.
pub(crate) fn shown(path: &Path) -> String {
    format!("`{}`", Escaped(&path.to_string_lossy()))
}

/// A plan that cannot be carried out; nothing was written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// No input was named.
    #[error("no INPUT: name the files or directories to clean")]
    NoInput,
    /// An input does not exist or cannot be looked at.
    #[error("INPUT {} cannot be found: {source}; check its name", shown(path))]
    Missing {
        /// The input.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// An input is a FIFO, a device or a socket.
    #[error(
        "INPUT {} is neither a file nor a directory; to read from a pipe, use `-` and leave --out out",
        shown(path)
    )]
    NotAFile {
        /// The input.
        path: PathBuf,
    },
    /// An input has no name of its own and stands beside others.
    #[error("INPUT {} has no name to stand under in the output; name a directory inside it", shown(path))]
    Nameless {
        /// The input.
        path: PathBuf,
    },
    /// Two inputs have one name.
    #[error(
        "INPUT {} and {} would both become {} in the output; rename one, or clean them into two directories",
        shown(first),
        shown(second),
        shown(name)
    )]
    SameName {
        /// The one.
        first: PathBuf,
        /// The other.
        second: PathBuf,
        /// Their name.
        name: PathBuf,
    },
    /// An input would land where the report or the summary goes.
    #[error(
        "INPUT {} would become {} in the output, a name that dechrome needs for itself; rename it",
        shown(path),
        shown(name)
    )]
    Reserved {
        /// The input.
        path: PathBuf,
        /// The name.
        name: PathBuf,
    },
    /// The output is an input or holds one.
    #[error(
        "the output {} is or holds the INPUT {}; choose a directory for --out that no INPUT is in",
        shown(out),
        shown(input)
    )]
    OutHoldsInput {
        /// The output directory.
        out: PathBuf,
        /// The input.
        input: PathBuf,
    },
    /// The output exists and is not a directory.
    #[error("the output {} exists and is not a directory; choose another name for --out", shown(out))]
    OutNotADirectory {
        /// The output.
        out: PathBuf,
    },
    /// The output directory holds what an earlier run wrote.
    #[error(
        "the output {} holds an earlier run of dechrome; choose a new directory, or add --resume to clean only what has changed since, or --overwrite to replace it",
        shown(out)
    )]
    OutFinished {
        /// The output directory.
        out: PathBuf,
    },
    /// The output directory holds what a stopped run left.
    #[error(
        "the output {} holds a run that did not finish; add --resume to go on with it, or --overwrite to start it again",
        shown(out)
    )]
    OutUnfinished {
        /// The output directory.
        out: PathBuf,
    },
    /// The output directory holds something that is not this program's.
    #[error(
        "the output {} is not empty and holds no report of dechrome; choose a new directory, or empty this one yourself \
         (--overwrite replaces only what dechrome wrote)",
        shown(out)
    )]
    OutForeign {
        /// The output directory.
        out: PathBuf,
    },
    /// The output directory cannot be looked at.
    #[error(
        "the output {} cannot be read: {source}; choose a directory for --out that you may read and write",
        shown(out)
    )]
    OutUnreadable {
        /// The output directory.
        out: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// An input that cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The system refused.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It is not, or no longer, a regular file.
    #[error("not a regular file")]
    NotRegular,
    /// It is larger than what is cleaned in one piece, so there is nothing to explain.
    #[error("larger than {} bytes, which is the most that is cleaned in one piece", crate::report::terminal::count(*.0 as u64))]
    TooLarge(usize),
    /// It holds many records, and none was named.
    #[error("it holds many records; name one with --record N")]
    Records,
    /// There is no such record, or it has no text.
    #[error("there is no record {0} with a text")]
    NoRecord(u64),
    /// It is compressed, and cannot be decompressed.
    #[error("{0}")]
    Damaged(String),
    /// Its output would have the name of another's.
    #[error("its output would be {}, as that of another input; rename one of them", shown(.0))]
    SameOutput(PathBuf),
    /// The directory cannot be listed.
    #[error("directory cannot be read: {0}")]
    Directory(io::Error),
}

/// A run that stopped before its end.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// Output could not be written.
    #[error("cannot write {}: {source}; {}", shown(path), advice(source))]
    Output {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another run writes to the same directory.
    #[error("another run is writing, or has just written, to {}; wait for it, or choose another --out", shown(out))]
    Busy {
        /// The output directory.
        out: PathBuf,
    },
    /// The stop flag was set.
    #[error("stopped after {documents} documents; the output is not complete, --resume goes on with it")]
    Stopped {
        /// How many documents were done.
        documents: u64,
    },
    /// The threads could not be started.
    #[error("cannot start the threads: {0}; try a smaller number with --threads")]
    Threads(String),
    /// What the run did is not what it should have done, or not all of it.
    #[error(
        "the accounts of this run do not add up: {0}; no summary was written. This is a mistake in dechrome, please \
         report it; --resume goes on with the run"
    )]
    Unaccounted(String),
    /// The program panicked where that concerns more than one document.
    #[error("{0}; the run ended early, --resume goes on with it")]
    Panicked(Panicked),
    /// The program itself failed.
    #[error("a worker failed; this is a mistake in dechrome: {0}")]
    Internal(String),
}

impl RunError {
    /// Wraps an error of the system with the file it is about.
    pub(crate) fn output(path: &Path) -> impl FnOnce(io::Error) -> RunError + '_ {
        |source| RunError::Output { path: path.to_owned(), source }
    }
}

/// What to do about output that cannot be written.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room, then run again with --resume",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "choose a directory for --out that you may write to"
        }
        _ => "see to it, then run again with --resume",
    }
}
