//! The output of a file of columns. Its writer runs on a thread of its own, since it asks for the next texts where the others
//! hand theirs in.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::container::{Container, InputFile};
use super::moving::Change;
use super::open_output::{Growing, Grown};
use super::opened::reopened;
use super::panics::{Panicked, guarded};
use super::verify::Unverified;
use super::write::Tree;
use crate::formats::parquet::{Column, ParquetError, Reader, rewrite};
use crate::formats::{FieldNames, Names};
use crate::report::{FailReason, Hash};

/// How many batches may wait for the writer.
const WAITING: usize = 4;
/// How many rows are read again at a time, and how many bytes of text.
const ROWS: usize = 1024;
const BYTES: usize = 1024 * 1024;

type Texts = Vec<Option<Vec<u8>>>;

/// A file of columns that is being written.
pub(crate) struct ColumnOutput {
    sender: Option<SyncSender<Texts>>,
    writer: JoinHandle<Result<Hash, ColumnError>>,
    growing: Growing,
    column: Column,
    /// What was handed over so far.
    values: Values,
}

/// Why a file of columns could not be written.
#[derive(Debug)]
pub(crate) enum ColumnError {
    /// The system refused.
    Write(io::Error),
    /// The input was not read to its end.
    Stopped,
    /// The input cannot be copied.
    Format(String),
    /// The input changed, so that its columns may not belong together.
    Changed(Change),
    /// What was written is not what stands there.
    Unverified,
    /// The program made a mistake.
    Panicked(Panicked),
}

impl ColumnError {
    /// What the report says of it; nothing where it concerns more than this file, or the run has ended.
    pub(crate) fn told(self) -> Option<(FailReason, String)> {
        match self {
            ColumnError::Write(_) | ColumnError::Stopped => None,
            ColumnError::Format(detail) => Some((FailReason::NotThisFormat, detail)),
            ColumnError::Changed(change) => Some((FailReason::Unreadable, change.to_string())),
            ColumnError::Unverified => Some((FailReason::Unverified, Unverified::Other.to_string())),
            ColumnError::Panicked(panicked) => Some((FailReason::Panicked, panicked.to_string())),
        }
    }
}

impl ColumnOutput {
    /// Starts the writer.
    pub(crate) fn start(container: &Container<'_>, column: &Column, growing: Growing) -> io::Result<ColumnOutput> {
        let Some(input) = container.input.clone() else {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "a file of columns cannot come from a stream"));
        };
        let (sender, receiver) = sync_channel::<Texts>(WAITING);
        let (out, of_writer) = (growing.reopen()?, column.clone());
        let write = move || {
            let written = guarded(|| write(&input, out, &of_writer, &mut || receiver.recv().ok()));
            written.unwrap_or_else(|panicked| Err(ColumnError::Panicked(panicked)))
        };
        let writer = std::thread::Builder::new().name("dechrome-columns".into()).spawn(write)?;
        Ok(ColumnOutput { sender: Some(sender), writer, growing, column: column.clone(), values: Values::default() })
    }

    /// Hands over the next texts.
    pub(crate) fn put(&mut self, texts: Option<&[Option<Vec<u8>>]>) -> io::Result<()> {
        self.values.add(texts.unwrap_or_default());
        if let (Some(texts), Some(sender)) = (texts, &self.sender) {
            // A writer that has given up tells why at the end.
            if sender.send(texts.to_vec()).is_err() {
                self.sender = None;
            }
        }
        Ok(())
    }

    /// Waits for the writer, and gives the file its name; before that, it is read again where `verify` says so.
    pub(crate) fn finish(self, tree: &Tree, verify: bool) -> Result<Grown, ColumnError> {
        drop(self.sender);
        let written = match self.writer.join() {
            Ok(done) => done?,
            Err(panic) => return Err(ColumnError::Panicked(Panicked::of(&*panic))),
        };
        if verify {
            let is_whole = self.growing.reread().map_err(ColumnError::Write)? == written;
            let found = Values::of_file(self.growing.reopen().map_err(ColumnError::Write)?, &self.column);
            if !is_whole || !found.is_ok_and(|found| found.hash() == self.values.hash()) {
                return Err(ColumnError::Unverified);
            }
        }
        self.growing.finish(tree).map_err(ColumnError::Write)
    }
}

fn write(
    input: &InputFile,
    out: File,
    column: &Column,
    next: &mut dyn FnMut() -> Option<Texts>,
) -> Result<Hash, ColumnError> {
    let original = reopened(&input.path, input.is_named).map_err(|error| ColumnError::Format(error.to_string()))?;
    let mut out = Hashing { to: BufWriter::new(out), hasher: blake3::Hasher::new() };
    let written = rewrite(&original, &mut out, column, next);
    match (written, input.change()) {
        (Err(ParquetError::Stopped), _) => Err(ColumnError::Stopped),
        (Err(ParquetError::Io(error)), _) => Err(ColumnError::Write(error)),
        (_, Some(change)) => Err(ColumnError::Changed(change)),
        (Err(error), None) => Err(ColumnError::Format(error.to_string())),
        (Ok(_), None) => out.finish().map_err(ColumnError::Write),
    }
}

/// Hashes what is written through it.
struct Hashing<W> {
    to: W,
    hasher: blake3::Hasher,
}

impl<W: Write> Hashing<W> {
    fn finish(mut self) -> io::Result<Hash> {
        self.to.flush()?;
        Ok(Hash::finish(&self.hasher))
    }
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hasher.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// The values of a column, as one hash.
#[derive(Default)]
struct Values(Box<blake3::Hasher>);

impl Values {
    fn add(&mut self, values: &[Option<Vec<u8>>]) {
        for value in values {
            let len = value.as_ref().map_or(u64::MAX, |value| value.len() as u64);
            self.0.update(&len.to_le_bytes());
            self.0.update(value.as_deref().unwrap_or_default());
        }
    }

    /// Those of a column of a file.
    fn of_file(file: File, column: &Column) -> Result<Values, ParquetError> {
        let names = FieldNames { text: Names::given(column.path()), ..FieldNames::default() };
        let mut reader = Reader::open(file, &names)?;
        let mut values = Values::default();
        while let Some(batch) = reader.next(ROWS, BYTES)? {
            let texts: Texts = batch.texts.iter().map(|value| value.as_deref().map(<[u8]>::to_vec)).collect();
            values.add(&texts);
        }
        Ok(values)
    }

    fn hash(&self) -> Hash {
        Hash::finish(&self.0)
    }
}
