//! Directories by their descriptors.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, FileType, FlockOperation, Mode, OFlags, Stat};
use rustix::io::{Errno, retry_on_intr};

use super::{Kind, Named, in_the_way, not_regular, stands_there};

/// How a directory is opened.
const DIRECTORY: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::CLOEXEC);
/// How a file is opened: never through a link, and never waiting for who writes to a FIFO.
const PLAIN: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK).union(OFlags::NOCTTY);
/// What the user's umask leaves of it, as for any other new file or directory.
const FILE_MODE: Mode = Mode::from_raw_mode(0o666);
const DIRECTORY_MODE: Mode = Mode::from_raw_mode(0o777);

/// A directory that is held open.
#[derive(Debug)]
pub(crate) struct Dir {
    handle: OwnedFd,
    path: PathBuf,
}

impl Dir {
    /// Opens a directory by its path, which is followed as any path is.
    pub(crate) fn open(path: &Path) -> io::Result<Dir> {
        let handle = retry_on_intr(|| rustix::fs::open(path, DIRECTORY, Mode::empty()))?;
        Ok(Dir { handle, path: path.to_owned() })
    }

    /// Where it was when it was opened: for messages.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Another handle on it.
    pub(crate) fn again(&self) -> io::Result<Dir> {
        Ok(Dir { handle: self.handle.try_clone()?, path: self.path.clone() })
    }

    /// Opens a directory in it.
    pub(crate) fn subdir(&self, name: &OsStr) -> io::Result<Dir> {
        let open = || rustix::fs::openat(&self.handle, name, DIRECTORY | OFlags::NOFOLLOW, Mode::empty());
        match retry_on_intr(open) {
            Ok(handle) => Ok(Dir { handle, path: self.path.join(name) }),
            Err(Errno::LOOP | Errno::NOTDIR) => Err(in_the_way()),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a directory in it; one that is there already is as good.
    pub(crate) fn make_dir(&self, name: &OsStr) -> io::Result<()> {
        match retry_on_intr(|| rustix::fs::mkdirat(&self.handle, name, DIRECTORY_MODE)) {
            Err(Errno::EXIST) => Ok(()),
            done => Ok(done?),
        }
    }

    /// Makes a new file in it, to be written and read.
    pub(crate) fn create_new(&self, name: &OsStr) -> io::Result<File> {
        self.file(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL)
    }

    /// The same, to be appended to.
    pub(crate) fn create_new_to_append(&self, name: &OsStr) -> io::Result<File> {
        self.file(name, OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::APPEND)
    }

    /// Makes a new file in it that has no name, to be written and read; nothing where there are no such files.
    pub(crate) fn create_nameless(&self) -> io::Result<Option<File>> {
        #[cfg(target_os = "linux")]
        {
            let flags = OFlags::RDWR | OFlags::TMPFILE | PLAIN;
            match retry_on_intr(|| rustix::fs::openat(&self.handle, ".", flags, FILE_MODE)) {
                // Not every file system knows it.
                Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => Ok(None),
                made => Ok(Some(File::from(made?))),
            }
        }
        #[cfg(not(target_os = "linux"))]
        Ok(None)
    }

    /// Gives a file that was made without one a name in it that nothing has yet.
    ///
    /// # Errors
    /// Of kind `Unsupported` where the system cannot do this, of kind `NotFound` where it cannot or this directory is gone.
    #[cfg(target_os = "linux")]
    pub(crate) fn name_new(&self, file: &File, name: &OsStr) -> io::Result<()> {
        let by_itself = || rustix::fs::linkat(file, "", &self.handle, name, AtFlags::EMPTY_PATH);
        let named = match retry_on_intr(by_itself) {
            // Older kernels let only the superuser do this.
            Err(Errno::NOENT) => self.name_by_number(file, name),
            done => done,
        };
        match named {
            Err(Errno::EXIST) => Err(stands_there()),
            Err(Errno::PERM | Errno::ACCESS | Errno::OPNOTSUPP | Errno::INVAL | Errno::NOSYS | Errno::XDEV) => {
                Err(io::ErrorKind::Unsupported.into())
            }
            done => Ok(done?),
        }
    }

    /// The same, by what the system calls a file that is open.
    #[cfg(target_os = "linux")]
    pub(super) fn name_by_number(&self, file: &File, name: &OsStr) -> rustix::io::Result<()> {
        use std::os::fd::AsRawFd;
        let open = format!("/proc/self/fd/{}", file.as_raw_fd());
        retry_on_intr(|| rustix::fs::linkat(rustix::fs::CWD, &open, &self.handle, name, AtFlags::SYMLINK_FOLLOW))
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn name_new(&self, _: &File, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Opens a regular file in it to be read.
    pub(crate) fn open_file(&self, name: &OsStr) -> io::Result<File> {
        regular(self.file(name, OFlags::RDONLY)?)
    }

    /// Opens a regular file in it to be written and read.
    pub(crate) fn open_to_write(&self, name: &OsStr) -> io::Result<File> {
        regular(self.file(name, OFlags::RDWR)?)
    }

    fn file(&self, name: &OsStr, flags: OFlags) -> io::Result<File> {
        let open = || rustix::fs::openat(&self.handle, name, flags | PLAIN, FILE_MODE);
        match retry_on_intr(open) {
            // A link, or a socket.
            Err(Errno::LOOP | Errno::NXIO) => Err(not_regular()),
            done => Ok(File::from(done?)),
        }
    }

    /// What a name in it stands for; nothing where it is not there.
    pub(crate) fn look(&self, name: &OsStr) -> io::Result<Option<Kind>> {
        match retry_on_intr(|| rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW)) {
            Ok(found) => Ok(Some(kind_of(&found))),
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a file in it a name that nothing has yet.
    pub(crate) fn rename_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        #[cfg(target_os = "linux")]
        {
            use rustix::fs::{RenameFlags, renameat_with};
            match retry_on_intr(|| renameat_with(&self.handle, from, &self.handle, to, RenameFlags::NOREPLACE)) {
                Err(Errno::EXIST) => return Err(stands_there()),
                // Not every file system knows it.
                Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {}
                done => return Ok(done?),
            }
        }
        match self.look(to)? {
            Some(_) => Err(stands_there()),
            None => self.rename_over(from, to),
        }
    }

    /// Gives a file in it another name; a file that has that name goes.
    pub(crate) fn rename_over(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::renameat(&self.handle, from, &self.handle, to))?)
    }

    /// Deletes a file, or a link, in it.
    pub(crate) fn remove_file(&self, name: &OsStr) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::unlinkat(&self.handle, name, AtFlags::empty()))?)
    }

    /// Deletes an empty directory in it.
    pub(crate) fn remove_dir(&self, name: &OsStr) -> io::Result<()> {
        Ok(retry_on_intr(|| rustix::fs::unlinkat(&self.handle, name, AtFlags::REMOVEDIR))?)
    }

    /// All names in it.
    pub(crate) fn entries(&self) -> io::Result<Vec<Named>> {
        let mut entries = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.handle)? {
            let entry = entry?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes()).to_owned();
            if name == "." || name == ".." {
                continue;
            }
            let (is_file, is_dir) = match entry.file_type() {
                // Not every file system tells at once.
                FileType::Unknown => {
                    let kind = self.look(&name)?;
                    (matches!(kind, Some(Kind::File(_))), kind == Some(Kind::Directory))
                }
                kind => (kind == FileType::RegularFile, kind == FileType::Directory),
            };
            entries.push(Named { name, is_file, is_dir });
        }
        Ok(entries)
    }

    /// Has the system write down which names are in it.
    pub(crate) fn sync(&self) -> io::Result<()> {
        match retry_on_intr(|| rustix::fs::fsync(&self.handle)) {
            // Some file systems keep no directories that could be written down.
            Err(Errno::INVAL | Errno::NOTSUP | Errno::ROFS) => Ok(()),
            done => Ok(done?),
        }
    }

    /// Takes the lock on it; `false` where somebody else has it. File systems that know no locks give it to everybody.
    pub(crate) fn lock(&self) -> bool {
        let locked = retry_on_intr(|| rustix::fs::flock(&self.handle, FlockOperation::NonBlockingLockExclusive));
        locked != Err(Errno::WOULDBLOCK)
    }
}

fn kind_of(found: &Stat) -> Kind {
    match FileType::from_raw_mode(found.st_mode) {
        FileType::RegularFile => Kind::File(u64::try_from(found.st_size).unwrap_or(0)),
        FileType::Directory => Kind::Directory,
        _ => Kind::Other,
    }
}

fn regular(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
}
