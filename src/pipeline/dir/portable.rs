//! Directories by their paths, where the system has no other way that the standard library knows.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::{Kind, Named, in_the_way, not_regular, stands_there};

/// A directory. It is not held open: links are looked for before each use.
#[derive(Debug)]
pub(crate) struct Dir {
    path: PathBuf,
}

impl Dir {
    /// Opens a directory by its path, which is followed as any path is.
    pub(crate) fn open(path: &Path) -> io::Result<Dir> {
        match fs::metadata(path)?.is_dir() {
            true => Ok(Dir { path: path.to_owned() }),
            false => Err(in_the_way()),
        }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Another handle on it.
    pub(crate) fn again(&self) -> io::Result<Dir> {
        Ok(Dir { path: self.path.clone() })
    }

    /// Opens a directory in it.
    pub(crate) fn subdir(&self, name: &OsStr) -> io::Result<Dir> {
        let path = self.path.join(name);
        match fs::symlink_metadata(&path)?.is_dir() {
            true => Ok(Dir { path }),
            false => Err(in_the_way()),
        }
    }

    /// Makes a directory in it; one that is there already is as good.
    pub(crate) fn make_dir(&self, name: &OsStr) -> io::Result<()> {
        match fs::create_dir(self.path.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            done => done,
        }
    }

    /// Makes a new file in it, to be written and read.
    pub(crate) fn create_new(&self, name: &OsStr) -> io::Result<File> {
        File::create_new(self.path.join(name))
    }

    /// The same, to be appended to.
    pub(crate) fn create_new_to_append(&self, name: &OsStr) -> io::Result<File> {
        OpenOptions::new().read(true).append(true).create_new(true).open(self.path.join(name))
    }

    /// There are no files without names here.
    pub(crate) fn create_nameless(&self) -> io::Result<Option<File>> {
        Ok(None)
    }

    /// Files that are open cannot be named here.
    pub(crate) fn name_new(&self, _: &File, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Opens a regular file in it to be read.
    pub(crate) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        File::open(self.regular(name)?)
    }

    /// Opens a regular file in it to be written and read.
    pub(crate) fn open_to_write(&self, name: &OsStr) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).open(self.regular(name)?)
    }

    fn regular(&self, name: &OsStr) -> io::Result<PathBuf> {
        let path = self.path.join(name);
        if fs::symlink_metadata(&path)?.is_file() { Ok(path) } else { Err(not_regular()) }
    }

    /// What a name in it stands for; nothing where it is not there.
    pub(crate) fn look(&self, name: &OsStr) -> io::Result<Option<Kind>> {
        match fs::symlink_metadata(self.path.join(name)) {
            Ok(found) if found.is_file() => Ok(Some(Kind::File(found.len()))),
            Ok(found) if found.is_dir() => Ok(Some(Kind::Directory)),
            Ok(_) => Ok(Some(Kind::Other)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives a file in it a name that nothing has yet.
    pub(crate) fn rename_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        match self.look(to)? {
            Some(_) => Err(stands_there()),
            None => self.rename_over(from, to),
        }
    }

    /// Gives a file in it another name; a file that has that name goes.
    pub(crate) fn rename_over(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    /// Deletes a file, or a link, in it.
    pub(crate) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    /// Deletes an empty directory in it.
    pub(crate) fn remove_dir(&self, name: &OsStr) -> io::Result<()> {
        fs::remove_dir(self.path.join(name))
    }

    /// All names in it.
    pub(crate) fn entries(&self) -> io::Result<Vec<Named>> {
        let named = |entry: fs::DirEntry| {
            let kind = entry.file_type()?;
            Ok(Named { name: entry.file_name(), is_file: kind.is_file(), is_dir: kind.is_dir() })
        };
        fs::read_dir(&self.path)?.map(|entry| named(entry?)).collect()
    }

    /// Directories cannot be written down here.
    pub(crate) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// Directories cannot be locked here.
    pub(crate) fn lock(&self) -> bool {
        true
    }
}
