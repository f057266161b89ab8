//! Writing files so that each is either absent, the old one, or the whole new one.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::dir::{Dir, Kind};
use super::places::Places;
use super::temp::TempFile;
use super::threads::waiting_together;
use super::unfinished::{Nameless, Unfinished};
use super::{Output, WriteError};

/// How often a directory is made again that another thread deletes.
const TRIES: usize = 8;
/// How many directories may have changed before they are written down.
const MOST_CHANGED: usize = 1024;

/// Writes a whole file by way of a temporary one beside it; a device or FIFO is written to as it is.
///
/// # Errors
/// When the file cannot be written; an old file of that name is then still whole.
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = Replacing::create(path)?;
    file.write_all(bytes)?;
    file.finish()
}

/// A file that takes the place of an old one when it is complete; a device or FIFO is written to as it is.
#[derive(Debug)]
pub struct Replacing(Begun);

#[derive(Debug)]
enum Begun {
    File { temp: TempFile, name: OsString },
    Direct(fs::File),
}

impl Replacing {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be begun; an old file of that name is then still whole, as it is until [`Replacing::finish`].
    pub fn create(path: &Path) -> io::Result<Replacing> {
        let real = match fs::metadata(path) {
            Ok(found) if !found.is_file() => {
                return Ok(Replacing(Begun::Direct(fs::OpenOptions::new().write(true).open(path)?)));
            }
            Ok(_) => fs::canonicalize(path)?,
            Err(_) => path.to_owned(),
        };
        let name = real.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))?.to_owned();
        let dir = real.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let temp = TempFile::new_in(Arc::new(Dir::open(dir)?))?;
        Ok(Replacing(Begun::File { temp, name }))
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// When that cannot be done; an old file of that name is then still whole.
    pub fn finish(self) -> io::Result<()> {
        match self.0 {
            Begun::File { temp, name } => temp.finish_over(&name),
            Begun::Direct(_) => Ok(()),
        }
    }
}

impl Write for Replacing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Begun::File { temp, .. } => temp.write(bytes),
            Begun::Direct(direct) => direct.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether what is written is written down by the system before it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Directories, report and journal are, now and then and at the end: enough for whatever happens to the process.
    #[default]
    Batched,
    /// Every file is, with its name and its place in the journal, before the next counts: enough for a power failure.
    EachFile,
}

/// The mirrored tree in the output directory.
#[derive(Debug)]
pub(crate) struct Tree {
    path: PathBuf,
    /// Nothing where nothing is written at all.
    open: Option<OpenTree>,
    /// Whether the output directory may hold files of others.
    careful: bool,
    sync: Durability,
}

/// A tree that is written to.
#[derive(Debug)]
struct OpenTree {
    root: Arc<Dir>,
    places: Mutex<Places>,
    /// Whether the system has no files without names, or cannot name them.
    needs_names: AtomicBool,
}

impl Tree {
    /// The tree in a directory.
    pub(crate) fn new(root: Arc<Dir>, careful: bool, sync: Durability) -> Tree {
        let path = root.path().to_owned();
        let open = OpenTree { root, places: Mutex::new(Places::default()), needs_names: AtomicBool::new(false) };
        Tree { path, open: Some(open), careful, sync }
    }

    /// The tree in a directory that is there, which may hold files of others.
    pub(crate) fn at(path: &Path) -> io::Result<Tree> {
        Ok(Tree::new(Arc::new(Dir::open(path)?), true, Durability::default()))
    }

    /// A tree into which everything goes and of which nothing is there.
    pub(crate) fn nowhere() -> Tree {
        Tree { path: PathBuf::new(), open: None, careful: false, sync: Durability::default() }
    }

    /// Where the output directory is: for messages.
    pub(crate) fn root(&self) -> &Path {
        &self.path
    }

    /// The output directory.
    pub(crate) fn dir(&self) -> io::Result<&Arc<Dir>> {
        Ok(&self.open()?.root)
    }

    fn open(&self) -> io::Result<&OpenTree> {
        self.open.as_ref().ok_or_else(|| io::Error::other("nothing is written in this run"))
    }

    /// Whether nothing is written at all.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.open.is_none()
    }

    /// Whether files of others may stand in it.
    pub(crate) fn is_careful(&self) -> bool {
        self.careful
    }

    /// Whether every file is written down before the next counts.
    pub(crate) fn syncs_each(&self) -> bool {
        self.sync == Durability::EachFile
    }

    /// What stands where an output would.
    pub(crate) fn look(&self, target: &Path) -> io::Result<Option<Kind>> {
        self.dir()?.look_beneath(target)
    }

    /// Whether nothing stands where an output would.
    pub(crate) fn is_free(&self, target: &Path) -> io::Result<bool> {
        Ok(self.is_nowhere() || self.look(target)?.is_none())
    }

    /// Makes a file in the directory of a target, which is made if need be.
    pub(crate) fn temp_for<T>(&self, target: &Path, make: impl Fn(Arc<Dir>) -> io::Result<T>) -> io::Result<T> {
        let OpenTree { root, places, .. } = self.open()?;
        let parent = target.parent().unwrap_or(Path::new(""));
        let mut tries = 0;
        loop {
            let place = lock(places).of(root, parent);
            match place.and_then(&make) {
                // Another thread has just found it empty, and deleted it.
                Err(error) if error.kind() == io::ErrorKind::NotFound && tries < TRIES => {
                    lock(places).forget(parent);
                    tries += 1;
                }
                made => return made,
            }
        }
    }

    /// Begins a file that will have this name.
    fn begin(&self, target: &Path) -> io::Result<Unfinished> {
        let needs_names = &self.open()?.needs_names;
        if !needs_names.load(Ordering::Relaxed) {
            if let Some(nameless) = self.temp_for(target, Nameless::new_in)? {
                return Ok(Unfinished::Nameless(nameless));
            }
            needs_names.store(true, Ordering::Relaxed);
        }
        self.temp_for(target, TempFile::new_in).map(Unfinished::Temp)
    }

    /// Gives a file its name, which nothing has yet.
    pub(crate) fn finish(&self, file: impl Into<Unfinished>, target: &Path) -> io::Result<()> {
        let (file, name) = (file.into(), name_of(target)?);
        if self.syncs_each() {
            file.sync()?;
        }
        let dir = file.dir();
        match file {
            Unfinished::Nameless(nameless) => {
                if !nameless.finish_new(name)? {
                    return self.finish_copy(nameless, target);
                }
            }
            Unfinished::Temp(temp) => temp.finish_new(name)?,
        }
        if self.syncs_each() {
            return dir.sync();
        }
        lock(&self.open()?.places).changed(target.parent().unwrap_or(Path::new("")));
        Ok(())
    }

    /// Gives a copy of a file its name, where it can get none itself.
    fn finish_copy(&self, nameless: Nameless, target: &Path) -> io::Result<()> {
        let open = self.open()?;
        open.needs_names.store(true, Ordering::Relaxed);
        lock(&open.places).forget(target.parent().unwrap_or(Path::new("")));
        let mut temp = self.temp_for(target, TempFile::new_in)?;
        nameless.copy_to(&mut temp)?;
        self.finish(temp, target)
    }

    /// Has the system write down the names that files got since this was done last, and what `rows` holds.
    pub(crate) fn sync_names_and(&self, rows: &fs::File) -> io::Result<()> {
        let OpenTree { root, places, .. } = self.open()?;
        let changed = Vec::from_iter(lock(places).take_changed());
        let sync = |dir: &PathBuf| match root.beneath(dir) {
            Ok(dir) => dir.sync(),
            // It was left empty, and deleted.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        };
        waiting_together(&changed, sync, || rows.sync_data())
    }

    /// Whether so many directories have changed that they had better be written down.
    pub(crate) fn has_many_changed(&self) -> bool {
        self.open.as_ref().is_some_and(|open| lock(&open.places).changed.len() >= MOST_CHANGED)
    }

    /// Opens a file of it that was written, at its beginning. No link is followed.
    pub(crate) fn open_again(&self, target: &Path) -> io::Result<fs::File> {
        let (dir, name) = self.dir()?.of_file(target)?;
        dir.open_file(name)
    }

    /// Takes a file away that was written and does not hold.
    pub(crate) fn take_back(&self, target: &Path) -> io::Result<()> {
        let (dir, name) = self.dir()?.of_file(target)?;
        dir.remove_if_there(name)
    }

    /// Writes a whole file.
    pub(crate) fn write(&self, target: &Path, bytes: &[u8]) -> Result<(), WriteError> {
        let mut file = self.file(target);
        file.put(bytes)?;
        file.finish()
    }

    /// The output for one document; nothing exists before its first part is put.
    pub(crate) fn file<'t>(&'t self, target: &'t Path) -> TreeFile<'t> {
        TreeFile { tree: self, target, begun: None }
    }
}

fn name_of(target: &Path) -> io::Result<&OsStr> {
    target.file_name().ok_or_else(|| io::ErrorKind::InvalidFilename.into())
}

fn lock(places: &Mutex<Places>) -> MutexGuard<'_, Places> {
    places.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One file of the tree.
#[derive(Debug)]
pub(crate) struct TreeFile<'t> {
    tree: &'t Tree,
    target: &'t Path,
    begun: Option<Unfinished>,
}

impl TreeFile<'_> {
    fn begun(&mut self) -> io::Result<&mut Unfinished> {
        let begun = match self.begun.take() {
            Some(begun) => begun,
            None => self.tree.begin(self.target)?,
        };
        Ok(self.begun.insert(begun))
    }

    fn error(&self, source: io::Error) -> WriteError {
        WriteError { local: is_local(&source), path: self.tree.path.join(self.target), source }
    }
}

impl Output for TreeFile<'_> {
    fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
        if self.tree.is_nowhere() {
            return Ok(());
        }
        let done = self.begun().and_then(|begun| begun.file().write_all(kept));
        done.map_err(|source| self.error(source))
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        if self.tree.is_nowhere() {
            return Ok(());
        }
        if let Err(source) = self.begun() {
            return Err(self.error(source));
        }
        match self.begun.take().map(|begun| self.tree.finish(begun, self.target)) {
            Some(Err(source)) => Err(self.error(source)),
            _ => Ok(()),
        }
    }
}

/// Whether an error says something about one name only.
fn is_local(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::InvalidFilename
            | io::ErrorKind::AlreadyExists
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_unfinished_file_leaves_nothing() {
        let dir = tempfile::tempdir().expect("dir");
        let tree = Tree::at(dir.path()).expect("tree");
        let mut file = tree.file(Path::new("a.txt"));
        file.put(b"half").expect("put");
        drop(file);
        assert_eq!(fs::read_dir(dir.path()).expect("dir").count(), 0);
    }

    #[test]
    fn a_directory_that_is_deleted_before_its_file_has_a_name_is_made_again() {
        let dir = tempfile::tempdir().expect("dir");
        let tree = Tree::at(dir.path()).expect("tree");
        let target = Path::new("new/a.txt");
        let mut file = tree.file(target);
        file.put(b"whole").expect("put");
        // Where the file has a temporary name, its directory is not empty and stays.
        let _ = fs::remove_dir(dir.path().join("new"));
        file.finish().expect("finished");
        tree.write(Path::new("new/b.txt"), b"x").expect("a second file");
        assert_eq!(fs::read(dir.path().join(target)).expect("read"), b"whole");
        assert_eq!(fs::read_dir(dir.path().join("new")).expect("dir").count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_tree_neither_follows_links_nor_replaces() {
        let (dir, elsewhere) = (tempfile::tempdir().expect("dir"), tempfile::tempdir().expect("dir"));
        std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("link")).expect("link");
        fs::write(dir.path().join("mine.txt"), "mine").expect("file");
        let tree = Tree::at(dir.path()).expect("tree");
        for target in ["link/a.txt", "mine.txt", "mine.txt/b.txt"] {
            let error = tree.write(Path::new(target), b"x").expect_err(target);
            assert!(error.local, "{target}: {error}");
        }
        tree.write(Path::new("new/a.txt"), b"x").expect("a new file");
        assert_eq!(fs::read(dir.path().join("mine.txt")).expect("read"), b"mine");
        assert_eq!(fs::read_dir(elsewhere.path()).expect("dir").count(), 0);
    }
}
