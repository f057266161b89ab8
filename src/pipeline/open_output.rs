//! The output of a container that is being written, and what stands in quarantine for it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::container::InputFile;
use super::opened::reopened;
use super::write::{Tree, temp_in};

/// How much is copied at a time.
const PIECE: usize = 256 * 1024;

/// A file that grows under a temporary name.
#[derive(Debug)]
pub(crate) struct Growing {
    temp: NamedTempFile,
    path: PathBuf,
    len: u64,
}

impl Growing {
    /// Begins a file that will have this name.
    pub(crate) fn create(tree: &Tree, target: &Path) -> io::Result<Growing> {
        let temp = tree.temp_for(target)?;
        Ok(Growing { temp, path: tree.root().join(target), len: 0 })
    }

    /// The same, under a temporary name that is known beforehand.
    pub(crate) fn create_as(tree: &Tree, target: &Path, temp_name: &str) -> io::Result<Growing> {
        let path = tree.root().join(target);
        let temp = path.with_file_name(temp_name);
        tree.make_dir_for(target)?;
        // What an earlier run may have left of it was not counted.
        super::replace::remove_if_there(&temp)?;
        let file = File::create_new(&temp)?;
        let temp = NamedTempFile::from_parts(file, TempPath::try_from_path(temp)?);
        Ok(Growing { temp, path, len: 0 })
    }

    /// Goes on with a file that an earlier run left, of which only so many bytes hold.
    pub(crate) fn go_on(tree: &Tree, target: &Path, temp_name: &str, len: u64) -> io::Result<Growing> {
        let path = tree.root().join(target);
        let temp = path.with_file_name(temp_name);
        if !fs::symlink_metadata(&temp)?.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        let mut file = OpenOptions::new().read(true).write(true).open(&temp)?;
        if file.metadata()?.len() < len {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "shorter than it was"));
        }
        file.set_len(len)?;
        file.seek(SeekFrom::Start(len))?;
        let temp = NamedTempFile::from_parts(file, TempPath::try_from_path(temp)?);
        Ok(Growing { temp, path, len })
    }

    /// Appends.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.temp.as_file_mut().write_all(bytes)?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Appends a stretch of an input's own bytes.
    pub(crate) fn copy(&mut self, input: &InputFile, start: u64, end: Option<u64>) -> io::Result<()> {
        let mut file = reopened(&input.path, input.is_named).map_err(|error| io::Error::other(error.to_string()))?;
        file.seek(SeekFrom::Start(start))?;
        let mut left = end.unwrap_or(input.stamp.size).saturating_sub(start);
        let mut piece = vec![0; PIECE];
        while left > 0 {
            let room = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            let read = super::read::read_some(&mut file, &mut piece[..room])?;
            if read == 0 {
                break;
            }
            self.write(&piece[..read])?;
            left -= read as u64;
        }
        Ok(())
    }

    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The name it is written under.
    pub(crate) fn temp_name(&self) -> Option<String> {
        self.temp.path().file_name().and_then(|name| name.to_str()).map(str::to_owned)
    }

    /// Another handle on its file.
    #[cfg(feature = "parquet")]
    pub(crate) fn reopen(&self) -> io::Result<File> {
        self.temp.reopen()
    }

    /// Gives it its name.
    pub(crate) fn finish(self) -> io::Result<u64> {
        let len = self.temp.as_file().metadata().map_or(self.len, |found| found.len());
        self.temp.persist(&self.path).map_err(|failed| failed.error)?;
        Ok(len)
    }

    /// Leaves it as it is, for a run that goes on with it.
    pub(crate) fn leave(self) {
        // Should this fail, the next run begins the container again.
        let _ = self.temp.keep();
    }
}

/// Copies a whole input into quarantine, under its name.
pub(crate) fn copy_whole(tree: &Tree, target: &Path, path: &Path, follow: bool) -> io::Result<u64> {
    copy_from(tree, target, path, follow, 0)
}

/// Copies an input from a byte on into quarantine, under its name; gives how many bytes that were.
pub(crate) fn copy_from(tree: &Tree, target: &Path, path: &Path, follow: bool, start: u64) -> io::Result<u64> {
    let mut file = reopened(path, follow).map_err(|error| io::Error::other(error.to_string()))?;
    let size = file.metadata()?.len().saturating_sub(start);
    if tree.is_nowhere() {
        return Ok(size);
    }
    let target = tree.root().join(super::QUARANTINE_NAME).join(target);
    let dir = target.parent().unwrap_or(tree.root());
    fs::create_dir_all(dir)?;
    let mut temp = temp_in(dir)?;
    file.seek(SeekFrom::Start(start))?;
    // What is appended meanwhile is not part of what was looked at.
    let copied = io::copy(&mut file.take(size), temp.as_file_mut())?;
    temp.persist(&target).map_err(|failed| failed.error)?;
    Ok(copied)
}
