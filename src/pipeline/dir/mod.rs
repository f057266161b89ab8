//! Directories that are written to, held open.
//!
//! A path may come to mean something else between two uses: somebody puts a link where a directory was. A directory that is
//! held open stays the same one, so everything below the output directory is reached from there, one name at a time, and no
//! name is ever followed to where a symbolic link leads.

#[cfg(any(not(unix), test))]
#[cfg_attr(unix, allow(dead_code, reason = "held against the same tests where it is not used"))]
mod portable;
#[cfg(unix)]
mod unix;

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path};

#[cfg(not(unix))]
pub(crate) use portable::Dir;
#[cfg(unix)]
pub(crate) use unix::Dir;

/// The kind of error that says that something is no regular file.
pub(crate) const NOT_REGULAR: io::ErrorKind = io::ErrorKind::InvalidInput;

/// What a name in a directory stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A regular file of so many bytes.
    File(u64),
    Directory,
    /// A link, a device, a FIFO, a socket.
    Other,
}

/// A name that was found in a directory.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) name: OsString,
    pub(crate) is_file: bool,
    pub(crate) is_dir: bool,
}

impl Dir {
    /// A directory below this one.
    ///
    /// # Errors
    /// When it is not there, or something else stands on the way.
    pub(crate) fn beneath(&self, dir: &Path) -> io::Result<Dir> {
        let mut found = self.again()?;
        for name in names_of(dir)? {
            found = found.subdir(name)?;
        }
        Ok(found)
    }

    /// The directory of a file below this one, and the file's own name.
    pub(crate) fn of_file<'t>(&self, target: &'t Path) -> io::Result<(Dir, &'t OsStr)> {
        let name = target.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?;
        Ok((self.beneath(target.parent().unwrap_or(Path::new("")))?, name))
    }

    /// What a path below this directory stands for; nothing where it, or a directory on the way, is not there.
    pub(crate) fn look_beneath(&self, target: &Path) -> io::Result<Option<Kind>> {
        match self.of_file(target).and_then(|(dir, name)| dir.look(name)) {
            Err(error) if is_absent(&error) => Ok(None),
            found => found,
        }
    }

    /// Deletes a file that may be there.
    pub(crate) fn remove_if_there(&self, name: &OsStr) -> io::Result<()> {
        match self.remove_file(name) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }
}

/// The plain names that a relative path is made of.
pub(crate) fn names_of(path: &Path) -> io::Result<impl Iterator<Item = &OsStr>> {
    let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)));
    match is_plain {
        true => Ok(path.iter()),
        false => Err(io::Error::new(io::ErrorKind::InvalidFilename, "a path that leads out of the output directory")),
    }
}

/// Whether an error says that there is nothing of that name, or that what stands on the way is no directory.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn in_the_way() -> io::Error {
    io::Error::new(io::ErrorKind::NotADirectory, "a foreign file stands in the way")
}

pub(crate) fn stands_there() -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, "a file that dechrome did not write stands there")
}

fn not_regular() -> io::Error {
    io::Error::new(NOT_REGULAR, "not a regular file")
}

#[cfg(test)]
mod tests;
