//! What is refused, and what stops restoring.

use std::io;
use std::path::PathBuf;

use crate::pipeline::WriteError;
use crate::pipeline::error::{RunError, shown};
use crate::report::read::ReportError;
use crate::report::terminal::Escaped;

/// A file that is not restored, because output and report do not belong together any more; all others are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}`{}{}: {why}", Escaped(path), record.map(|it| format!(", record {it}")).unwrap_or_default(),
    line.map(|it| format!(" (line {it} of the report)")).unwrap_or_default())]
pub struct Refusal {
    /// The output, relative to the output directory.
    pub path: String,
    /// Which record of it.
    pub record: Option<u64>,
    /// The line of the report that tells of it.
    pub line: Option<u64>,
    /// Why.
    pub why: Why,
}

/// Why a file is not restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Why {
    /// The row has no path.
    #[error("the row names no file, as those of a filter do; name a directory that `dechrome clean --out` wrote")]
    NoPath,
    /// The path leads elsewhere.
    #[error("the path leads out of the directory; the report was edited")]
    Outside,
    /// A file that rows speak of already.
    #[error("the report speaks of it in two places; it was edited")]
    Twice,
    /// The output is not there.
    #[error("the output is missing; put it back, or clean the input again")]
    Missing,
    /// It is a link, a directory or a device.
    #[error("it is no regular file, or a link leads to it; put the output back that the run wrote")]
    NotRegular,
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// The kept text is not that of the row.
    #[error("the kept text is not the one of the report; the output was changed, or the row was edited")]
    KeptChanged,
    /// Kept text and removals do not make the text.
    #[error("kept text and removals do not make the text that was cleaned; the row was edited")]
    TextChanged,
    /// The record is not what it was, beside its text.
    #[error("the record is not the one of the report; the output was changed, or the row was edited")]
    RecordChanged,
    /// The report was written without what was removed.
    #[error("the report holds no removed texts (--removed spans or none), so nothing can be put back")]
    NoTexts,
    /// The hash in the summary is another.
    #[error("it is not what the run wrote: its hash is not the one in summary.json; put the output back")]
    OutputChanged,
    /// A record has no row.
    #[error("the report has no row for it; the report was edited, or something was added to the output")]
    NoRow,
    /// A row has no record, or a record two rows.
    #[error("the output has no such record, or the report tells of it twice; one of them was edited")]
    NoRecord,
    /// What was put aside is not there, or is something else.
    #[error("what was put aside in quarantine is missing, or not what the report says; put it back")]
    Aside,
    /// The output cannot be read as what it is.
    #[error("the output cannot be read as {0}")]
    NotThisFormat(String),
    /// The restored file cannot be written, while others can.
    #[error("{0}")]
    Unwritable(String),
    /// The report cannot be read on.
    #[error("{0}")]
    Report(String),
    /// The report ends within the rows of this file.
    #[error("the report cannot be read to the end of its rows, so that it is not known what belongs to it")]
    CutOff,
    /// The report is another than the one that the run wrote.
    #[error(
        "it is not what the run wrote: its hash is not the one in summary.json; what was restored may be of edited rows"
    )]
    ReportChanged,
    /// The summary is there and cannot be read.
    #[error("it is no summary of a dechrome run, so that bytes outside of records could not be checked; put it back")]
    NoSummary,
    /// Rows are missing, or were added.
    #[error("it has {found} rows, and by summary.json the run told of {told} documents; rows were taken away or added")]
    Count {
        /// How many rows there are.
        found: u64,
        /// How many there were.
        told: u64,
    },
    /// A mistake of the program.
    #[error("this is a mistake in dechrome, please report it: {0}")]
    Internal(String),
}

/// Why nothing was restored, or not all that could be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// There is no report.
    #[error("{} holds no report.jsonl; name a directory that `dechrome clean --out` wrote", shown(path))]
    NoReport {
        /// The directory.
        path: PathBuf,
    },
    /// The run has not come to its end.
    #[error("{} holds a run that did not finish; go on with it by `dechrome clean … --resume` first", shown(path))]
    Unfinished {
        /// The directory.
        path: PathBuf,
    },
    /// The run marked texts and cut nothing.
    #[error("{} holds marks (--tags), and nothing was cut from the inputs: they are as they were", shown(path))]
    Marked {
        /// The directory.
        path: PathBuf,
    },
    /// The directory to write to holds something.
    #[error("the output {} is not empty; choose a new directory for --out", shown(out))]
    OutNotEmpty {
        /// The directory.
        out: PathBuf,
    },
    /// It is no directory.
    #[error("the output {} exists and is not a directory; choose another name for --out", shown(out))]
    OutNotADirectory {
        /// What it is called.
        out: PathBuf,
    },
    /// It lies in the directory that is read.
    #[error("the output {} is in {}, which is restored from; choose a directory elsewhere", shown(out), shown(from))]
    OutInside {
        /// The directory to write to.
        out: PathBuf,
        /// The directory that is read.
        from: PathBuf,
    },
    /// A path cannot be looked at.
    #[error("{} cannot be read: {source}", shown(path))]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Output could not be written.
    #[error("cannot write {}: {source}; see to it, then restore into a new directory", shown(path))]
    Output {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The stop flag was set.
    #[error("stopped after {files} files; those are whole, others are missing: restore into a new directory")]
    Stopped {
        /// How many files were done.
        files: u64,
    },
    /// The threads failed.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl RestoreError {
    /// Whether the caller made a mistake, and nothing was written.
    pub fn is_usage(&self) -> bool {
        !matches!(self, RestoreError::Output { .. } | RestoreError::Stopped { .. } | RestoreError::Run(_))
    }
}

/// What ends the work on one file.
#[derive(Debug)]
pub(super) enum End {
    /// It is refused: the record and the line of the report, and why.
    Refused(Option<u64>, Option<u64>, Why),
    /// Nothing can be written any more.
    Output(WriteError),
    /// Somebody wants the work to stop.
    Stopped,
}

impl From<Why> for End {
    fn from(why: Why) -> End {
        End::Refused(None, None, why)
    }
}

impl From<WriteError> for End {
    fn from(error: WriteError) -> End {
        match error.local {
            true => Why::Unwritable(error.to_string()).into(),
            false => End::Output(error),
        }
    }
}

impl From<&ReportError> for Refusal {
    fn from(error: &ReportError) -> Refusal {
        let path = crate::pipeline::REPORT_NAME.to_owned();
        Refusal { path, record: None, line: None, why: Why::Report(error.to_string()) }
    }
}
