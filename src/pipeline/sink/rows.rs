//! The rows of a run in their file, which is hashed as it is written.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

use crate::pipeline::RunError;
use crate::report::Hash;

/// How many bytes of the report are written at a time.
const BUFFER: usize = 256 * 1024;

/// The file with the rows.
pub(super) struct Rows {
    path: PathBuf,
    file: BufWriter<Hashed>,
    len: u64,
}

impl Rows {
    /// The rows that go to this file, of which nothing is written yet.
    pub(super) fn new(file: File, path: PathBuf) -> Rows {
        let file = BufWriter::with_capacity(BUFFER, Hashed { file, hasher: blake3::Hasher::new() });
        Rows { path, file, len: 0 }
    }

    /// How long they are.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Appends rows.
    pub(super) fn put(&mut self, rows: &[u8]) -> Result<(), RunError> {
        self.write_all(rows).map_err(RunError::output(&self.path))
    }

    /// Hands them to the system.
    pub(super) fn hand_over(&mut self) -> Result<&File, RunError> {
        self.file.flush().map_err(RunError::output(&self.path))?;
        Ok(&self.file.get_ref().file)
    }

    /// Has the system write them down.
    pub(super) fn sync(&mut self) -> Result<(), RunError> {
        let synced = self.hand_over()?.sync_data();
        synced.map_err(RunError::output(&self.path))
    }

    /// Tells of an error that has to do with them.
    pub(super) fn failed(&self, error: io::Error) -> RunError {
        RunError::output(&self.path)(error)
    }

    /// The hash of what was handed over.
    pub(super) fn hash(&self) -> Hash {
        Hash::finish(&self.file.get_ref().hasher)
    }
}

impl Write for Rows {
    fn write(&mut self, rows: &[u8]) -> io::Result<usize> {
        let written = self.file.write(rows)?;
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A file that is hashed as it is written.
struct Hashed {
    file: File,
    hasher: blake3::Hasher,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Hands on what is read, and writes it elsewhere.
pub(super) struct Copying<'c, R> {
    pub(super) from: R,
    pub(super) to: &'c mut Rows,
}

impl<R: Read> Read for Copying<'_, R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(room)?;
        self.to.write_all(&room[..read])?;
        Ok(read)
    }
}
