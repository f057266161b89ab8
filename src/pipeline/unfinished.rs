//! Files that are being written and that nobody is to see before they are whole.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Seek};
use std::sync::Arc;

use super::dir::Dir;
use super::temp::TempFile;

/// A file without its name.
#[derive(Debug)]
pub(crate) enum Unfinished {
    /// It has none at all, and goes away however the program ends.
    Nameless(Nameless),
    /// It has another for the time being.
    Temp(TempFile),
}

impl From<TempFile> for Unfinished {
    fn from(temp: TempFile) -> Unfinished {
        Unfinished::Temp(temp)
    }
}

impl Unfinished {
    /// The file.
    pub(crate) fn file(&mut self) -> &mut File {
        match self {
            Unfinished::Nameless(nameless) => &mut nameless.file,
            Unfinished::Temp(temp) => temp.file(),
        }
    }

    /// The directory it is in.
    pub(crate) fn dir(&self) -> Arc<Dir> {
        match self {
            Unfinished::Nameless(nameless) => Arc::clone(&nameless.dir),
            Unfinished::Temp(temp) => temp.dir(),
        }
    }

    /// Has the system write down what it holds.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match self {
            Unfinished::Nameless(nameless) => nameless.file.sync_data(),
            Unfinished::Temp(temp) => temp.sync(),
        }
    }
}

/// A new file in a directory that has no name there.
///
/// To give it one is a single change to the directory, where a file with a temporary name takes three.
#[derive(Debug)]
pub(crate) struct Nameless {
    file: File,
    dir: Arc<Dir>,
}

impl Nameless {
    /// Makes a file; nothing where the system has no such files.
    pub(crate) fn new_in(dir: Arc<Dir>) -> io::Result<Option<Nameless>> {
        Ok(dir.create_nameless()?.map(|file| Nameless { file, dir }))
    }

    /// Gives it a name that nothing has yet; `false` where that cannot be done here, and a copy must get the name.
    pub(crate) fn finish_new(&self, name: &OsStr) -> io::Result<bool> {
        match self.dir.name_new(&self.file, name) {
            // There may be other ways to do this, or another thread has just found the directory empty, and deleted it.
            Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::NotFound) => Ok(false),
            done => done.map(|()| true),
        }
    }

    /// Copies what it holds.
    pub(crate) fn copy_to(mut self, temp: &mut TempFile) -> io::Result<()> {
        self.file.rewind()?;
        io::copy(&mut self.file, temp.file()).map(drop)
    }
}
