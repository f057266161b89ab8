//! What can go wrong with a Parquet file.

use std::io;

/// Why a Parquet file could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum ParquetError {
    /// The file could not be read, or the output not be written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The file is something else.
    #[error("not a Parquet file: {0}; if it is of another format, its name should say so")]
    NotParquet(&'static str),
    /// The file, or a column of it, is encrypted.
    #[error("the file is encrypted; decrypt it first, for instance with pyarrow")]
    Encrypted,
    /// The file contradicts itself.
    #[error("broken at byte {at}: {what}; write the file anew, or leave it out")]
    Broken {
        /// The offset in the file.
        at: u64,
        /// What is wrong there.
        what: String,
    },
    /// Something is larger than we are ready to hold in memory.
    #[error("{what} at byte {at} has {size}, the limit is {limit}; write the file anew with smaller ones")]
    TooLarge {
        /// What it is.
        what: &'static str,
        /// The offset in the file.
        at: u64,
        /// Its size, in bytes or pieces.
        size: u64,
        /// The largest size that is read.
        limit: u64,
    },
    /// No column has one of the names.
    #[error("no column is named {}; columns of strings are: {}", list(.wanted), list(.available))]
    NoSuchColumn {
        /// The names that were looked for.
        wanted: Vec<String>,
        /// The columns that could be named instead.
        available: Vec<String>,
    },
    /// The column holds something else than strings.
    #[error("column {column} holds {kind}, not strings; columns of strings are: {}", list(.available))]
    NotText {
        /// The path of the column.
        column: String,
        /// What it holds.
        kind: String,
        /// The columns that could be named instead.
        available: Vec<String>,
    },
    /// The column holds lists.
    #[error("column {0} holds lists, of which there may be several texts a row; write one text a row first")]
    Repeated(String),
    /// A feature of the format that is not supported.
    #[error("{0} is not supported; write the file anew without it")]
    Unsupported(String),
    /// The texts to write are not those of the file.
    #[error("row {row}: {what}")]
    Mismatch {
        /// The row, counted from 0.
        row: u64,
        /// What does not fit.
        what: &'static str,
    },
    /// The run was stopped before all texts were there.
    #[error("stopped")]
    Stopped,
}

/// Makes errors of broken bytes at `at`.
pub(crate) fn broken(at: u64, what: impl Into<String>) -> ParquetError {
    ParquetError::Broken { at, what: what.into() }
}

/// Gives what the crate says of the bytes that begin at `at`.
///
/// Our own errors pass through the crate (pages are read for it) and come out again; so do those of the output.
pub(crate) fn told(at: u64, error: ::parquet::errors::ParquetError) -> ParquetError {
    use ::parquet::errors::ParquetError as Told;
    let what = match error {
        Told::General(what) | Told::EOF(what) => what,
        Told::NYI(what) => return ParquetError::Unsupported(what),
        Told::External(inner) => {
            let inner = match inner.downcast::<ParquetError>() {
                Ok(ours) => return *ours,
                Err(inner) => inner,
            };
            match inner.downcast::<io::Error>() {
                Ok(io) => return ParquetError::Io(*io),
                Err(other) => other.to_string(),
            }
        }
        other => other.to_string(),
    };
    broken(at, what)
}

/// Hands one of our errors through the crate.
pub(crate) fn through(error: ParquetError) -> ::parquet::errors::ParquetError {
    ::parquet::errors::ParquetError::External(Box::new(error))
}

fn list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    if names.is_empty() {
        return "none".to_owned();
    }
    let shown = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
