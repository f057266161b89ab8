//! The output of a file of columns. Its writer runs on a thread of its own, since it asks for the next texts where the others
//! hand theirs in.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use super::container::{Container, InputFile};
use super::open_output::{Growing, Grown};
use super::opened::reopened;
use super::write::Tree;
use crate::formats::parquet::{Column, ParquetError, rewrite};

/// How many batches may wait for the writer.
const WAITING: usize = 4;

type Texts = Vec<Option<Vec<u8>>>;

/// A file of columns that is being written.
pub(crate) struct ColumnOutput {
    sender: Option<SyncSender<Texts>>,
    writer: JoinHandle<Result<(), ColumnError>>,
    growing: Growing,
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
}

impl ColumnOutput {
    /// Starts the writer.
    pub(crate) fn start(container: &Container<'_>, column: &Column, growing: Growing) -> io::Result<ColumnOutput> {
        let Some(InputFile { path, is_named, .. }) = container.input.clone() else {
            return Err(io::Error::new(io::ErrorKind::Unsupported, "a file of columns cannot come from a stream"));
        };
        let (sender, receiver) = sync_channel::<Texts>(WAITING);
        let (out, column) = (growing.reopen()?, column.clone());
        let write = move || write(path, is_named, out, &column, &mut || receiver.recv().ok());
        let writer = std::thread::Builder::new().name("dechrome-columns".into()).spawn(write)?;
        Ok(ColumnOutput { sender: Some(sender), writer, growing })
    }

    /// Hands over the next texts.
    pub(crate) fn put(&mut self, texts: Option<&[Option<Vec<u8>>]>) -> io::Result<()> {
        if let (Some(texts), Some(sender)) = (texts, &self.sender) {
            // A writer that has given up tells why at the end.
            if sender.send(texts.to_vec()).is_err() {
                self.sender = None;
            }
        }
        Ok(())
    }

    /// Waits for the writer, and gives the file its name.
    pub(crate) fn finish(self, tree: &Tree) -> Result<Grown, ColumnError> {
        drop(self.sender);
        match self.writer.join() {
            Ok(done) => done?,
            Err(_) => return Err(ColumnError::Format("this is a mistake in dechrome, please report it".into())),
        }
        self.growing.finish(tree).map_err(ColumnError::Write)
    }
}

fn write(
    path: PathBuf,
    is_named: bool,
    out: File,
    column: &Column,
    next: &mut dyn FnMut() -> Option<Texts>,
) -> Result<(), ColumnError> {
    let original = reopened(&path, is_named).map_err(|error| ColumnError::Format(error.to_string()))?;
    match rewrite(&original, BufWriter::new(out), column, next) {
        Ok(_) => Ok(()),
        Err(ParquetError::Stopped) => Err(ColumnError::Stopped),
        Err(ParquetError::Io(error)) => Err(ColumnError::Write(error)),
        Err(error) => Err(ColumnError::Format(error.to_string())),
    }
}
