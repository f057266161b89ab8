//! One document without a tree: the filter, and a lone file to standard output.

use std::io::Read;
use std::path::Path;

use super::document::{Input, MAX_RECORD, process};
use super::read::{Buffer, open_regular};
use super::{Output, ReadError, Settings, WriteError};
use crate::report::{DocumentName, FailReason, Row, Status};

/// The one document to clean.
pub enum Single<'a> {
    /// A stream, for example standard input.
    Stream(&'a mut dyn Read),
    /// A regular file, by name.
    File(&'a Path),
}

/// What became of the one document.
#[derive(Clone, Debug)]
pub struct SingleOutcome {
    /// Its row of the report, one line of JSON.
    pub row: Vec<u8>,
    /// What became of it.
    pub status: Status,
    /// Why it failed.
    pub detail: Option<String>,
    /// The code of the reason why it failed or was kept whole.
    pub reason: Option<&'static str>,
}

impl SingleOutcome {
    fn of(row: &Row<'_>) -> SingleOutcome {
        // Rows hold nothing that cannot be serialised.
        let mut json = serde_json::to_vec(row).unwrap_or_default();
        json.push(b'\n');
        let failed = row.status == Status::Failed;
        SingleOutcome {
            row: json,
            status: row.status,
            detail: row.warnings.first().filter(|_| failed).map(ToString::to_string),
            reason: row.reason,
        }
    }
}

impl Single<'_> {
    /// The name in the row: that of the file; standard input has none.
    fn name(&self) -> Option<DocumentName> {
        match self {
            Single::Stream(_) => None,
            Single::File(path) => path.file_name().map(|name| DocumentName::of(Path::new(name))),
        }
    }

    /// Cleans it: what is kept goes to `output`.
    ///
    /// # Errors
    /// When output cannot be written. A document that cannot be read or is not text is no error, but its outcome.
    pub fn clean(self, settings: Settings<'_>, output: &mut dyn Output) -> Result<SingleOutcome, WriteError> {
        let name = self.name();
        let mut buffer = Buffer::default();
        let mut outcome = None;
        let mut emit = |row: &Row<'_>| outcome = Some(SingleOutcome::of(row));
        let mut read = |reader: &mut dyn Read, size| {
            let bytes = buffer.fill(reader, size, settings.max_record)?;
            Ok(process(settings, Input { name: name.as_ref(), bytes, rest: reader }, output, &mut emit))
        };
        let done = match self {
            Single::Stream(reader) => read(reader, None),
            Single::File(path) => open_regular(path, true).and_then(|(mut file, size)| read(&mut file, Some(size))),
        };
        match done {
            Ok(written) => written?,
            Err(error) => emit(&Row::failed(name.as_ref(), FailReason::Unreadable, &ReadError::to_string(&error))),
        }
        Ok(outcome.unwrap_or_else(|| {
            SingleOutcome::of(&Row::failed(name.as_ref(), FailReason::Panicked, "the document came to no row"))
        }))
    }
}

/// Reads one whole document, to explain it.
///
/// # Errors
/// When it cannot be read, or is larger than what is cleaned in one piece.
pub fn read_single(single: Single<'_>) -> Result<Vec<u8>, ReadError> {
    let mut buffer = Buffer::default();
    let bytes = match single {
        Single::Stream(reader) => buffer.fill(reader, None, MAX_RECORD)?,
        Single::File(path) => {
            let (mut file, size) = open_regular(path, true)?;
            buffer.fill(&mut file, Some(size), MAX_RECORD)?
        }
    };
    if bytes.len() > MAX_RECORD {
        return Err(ReadError::TooLarge);
    }
    Ok(bytes.to_vec())
}
