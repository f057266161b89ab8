//! The output of a container that is being written, and what stands in quarantine for it.

use std::ffi::OsStr;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::QUARANTINE_NAME;
use super::container::InputFile;
use super::dir::stands_there;
use super::opened::reopened;
use super::temp::TempFile;
use super::write::Tree;
use crate::report::Hash;

/// How much is copied at a time.
const PIECE: usize = 256 * 1024;

/// A file that grows under a temporary name.
#[derive(Debug)]
pub(crate) struct Growing {
    temp: TempFile,
    target: PathBuf,
    len: u64,
    hasher: blake3::Hasher,
}

/// What a finished file is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grown {
    /// Its size in bytes.
    pub(crate) len: u64,
    /// The hash of its bytes.
    pub(crate) hash: Hash,
}

impl Growing {
    /// Begins a file that will have this name.
    pub(crate) fn create(tree: &Tree, target: &Path) -> io::Result<Growing> {
        Growing::of(tree, target, tree.temp_for(target, TempFile::new_in)?)
    }

    /// The same, under a temporary name that is known beforehand.
    pub(crate) fn create_as(tree: &Tree, target: &Path, temp_name: &str) -> io::Result<Growing> {
        let temp = tree.temp_for(target, |dir| TempFile::new_as(dir, OsStr::new(temp_name)))?;
        Growing::of(tree, target, temp)
    }

    fn of(tree: &Tree, target: &Path, temp: TempFile) -> io::Result<Growing> {
        // Better now than when all of it is written.
        if !tree.is_free(target)? {
            return Err(stands_there());
        }
        Ok(Growing { temp, target: target.to_owned(), len: 0, hasher: blake3::Hasher::new() })
    }

    /// Goes on with a file that an earlier run left, of which only so many bytes hold.
    pub(crate) fn go_on(tree: &Tree, target: &Path, temp_name: &str, len: u64) -> io::Result<Growing> {
        let mut temp = tree.temp_for(target, |dir| TempFile::left_as(dir, OsStr::new(temp_name)))?;
        if temp.len()? < len {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "shorter than it was"));
        }
        let file = temp.file();
        file.set_len(len)?;
        file.rewind()?;
        // This also goes to its end.
        let mut hashed = Hashing { from: file, hasher: blake3::Hasher::new() };
        io::copy(&mut hashed, &mut io::sink())?;
        let hasher = hashed.hasher;
        Ok(Growing { temp, target: target.to_owned(), len, hasher })
    }

    /// Appends.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.temp.file().write_all(bytes)?;
        self.hasher.update(bytes);
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
        self.temp.name().to_str().map(str::to_owned)
    }

    /// Another handle on its file.
    #[cfg(feature = "parquet")]
    pub(crate) fn reopen(&self) -> io::Result<std::fs::File> {
        self.temp.again()
    }

    /// Has the system write down what it holds.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.temp.sync()
    }

    /// The hash of what was written to it.
    pub(crate) fn hash(&self) -> Hash {
        Hash::finish(&self.hasher)
    }

    /// The hash of what stands in it, read again.
    pub(crate) fn reread(&self) -> io::Result<Hash> {
        hash_of_stretch(self.temp.again()?, 0, u64::MAX)
    }

    /// Gives it its name.
    pub(crate) fn finish(self, tree: &Tree) -> io::Result<Grown> {
        let len = self.temp.len().unwrap_or(self.len);
        // Through another handle, more may have been written than is counted here.
        let hash = match len == self.len {
            true => Hash::finish(&self.hasher),
            false => hash_of_stretch(self.temp.again()?, 0, len)?,
        };
        tree.finish(self.temp, &self.target)?;
        Ok(Grown { len, hash })
    }

    /// Leaves it as it is, for a run that goes on with it.
    pub(crate) fn leave(self) {
        self.temp.leave();
    }
}

/// Copies an input from a byte on into quarantine, under its name; gives how many bytes that were, and their hash.
pub(crate) fn copy_from(tree: &Tree, target: &Path, path: &Path, follow: bool, start: u64) -> io::Result<(u64, Hash)> {
    let mut file = reopened(path, follow).map_err(|error| io::Error::other(error.to_string()))?;
    let size = file.metadata()?.len().saturating_sub(start);
    if tree.is_nowhere() {
        return Ok((size, hash_of_stretch(file, start, start.saturating_add(size))?));
    }
    let target = Path::new(QUARANTINE_NAME).join(target);
    let mut temp = tree.temp_for(&target, TempFile::new_in)?;
    file.seek(SeekFrom::Start(start))?;
    // What is appended meanwhile is not part of what was looked at.
    let mut hashed = Hashing { from: file.take(size), hasher: blake3::Hasher::new() };
    let copied = io::copy(&mut hashed, temp.file())?;
    tree.finish(temp, &target)?;
    Ok((copied, Hash::finish(&hashed.hasher)))
}

/// The hash of a stretch of a file.
pub(crate) fn hash_of_stretch(mut file: impl Read + Seek, start: u64, end: u64) -> io::Result<Hash> {
    file.seek(SeekFrom::Start(start))?;
    let mut hashed = Hashing { from: file.take(end.saturating_sub(start)), hasher: blake3::Hasher::new() };
    io::copy(&mut hashed, &mut io::sink())?;
    Ok(Hash::finish(&hashed.hasher))
}

/// Hashes what is read through it.
struct Hashing<R> {
    from: R,
    hasher: blake3::Hasher,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(room)?;
        self.hasher.update(&room[..read]);
        Ok(read)
    }
}
