//! Writing files so that each is either absent, the old one, or the whole new one.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Output, WriteError};

/// How names of files that are being written begin.
pub(crate) const TEMP_PREFIX: &str = ".dechrome-";
/// How they end.
pub(crate) const TEMP_SUFFIX: &str = ".tmp";
/// How many random characters stand between.
const TEMP_RANDOM: usize = 12;

/// A new file under a random name, which nobody else can have made; it is deleted unless it is renamed.
pub(crate) fn temp_in(dir: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMP_PREFIX).suffix(TEMP_SUFFIX).rand_bytes(TEMP_RANDOM);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // What the user's umask leaves of it, as for any other new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(dir)
}

/// Whether a name is one that [`temp_in`] gives.
pub(crate) fn is_temp_name(name: &str) -> bool {
    let random = name.strip_prefix(TEMP_PREFIX).and_then(|name| name.strip_suffix(TEMP_SUFFIX));
    random.is_some_and(|random| random.len() == TEMP_RANDOM && random.bytes().all(|b| b.is_ascii_alphanumeric()))
}

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
pub struct Replacing {
    file: Option<NamedTempFile>,
    direct: Option<fs::File>,
    path: PathBuf,
}

impl Replacing {
    /// Begins the file.
    ///
    /// # Errors
    /// When it cannot be begun; an old file of that name is then still whole, as it is until [`Replacing::finish`].
    pub fn create(path: &Path) -> io::Result<Replacing> {
        let real = match fs::metadata(path) {
            Ok(found) if !found.is_file() => {
                let direct = fs::OpenOptions::new().write(true).open(path)?;
                return Ok(Replacing { file: None, direct: Some(direct), path: path.to_owned() });
            }
            Ok(_) => fs::canonicalize(path)?,
            Err(_) => path.to_owned(),
        };
        let dir = real.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = Some(temp_in(dir)?);
        Ok(Replacing { file, direct: None, path: real })
    }

    /// Gives it its name.
    ///
    /// # Errors
    /// When that cannot be done; an old file of that name is then still whole.
    pub fn finish(self) -> io::Result<()> {
        match self.file {
            Some(file) => file.persist(&self.path).map(drop).map_err(|error| error.error),
            None => Ok(()),
        }
    }
}

impl Write for Replacing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match (&mut self.file, &mut self.direct) {
            (Some(file), _) => file.as_file_mut().write(bytes),
            (None, Some(direct)) => direct.write(bytes),
            (None, None) => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The mirrored tree in the output directory.
#[derive(Debug)]
pub(crate) struct Tree {
    root: PathBuf,
    /// Whether the output directory may hold files of others: they are neither replaced nor followed.
    careful: bool,
    /// Whether nothing is written at all.
    is_nowhere: bool,
}

impl Tree {
    pub(crate) fn new(root: PathBuf, careful: bool) -> Tree {
        Tree { root, careful, is_nowhere: false }
    }

    /// A tree into which everything goes and of which nothing is there.
    pub(crate) fn nowhere() -> Tree {
        Tree { root: PathBuf::new(), careful: false, is_nowhere: true }
    }

    /// The output directory.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether nothing is written at all.
    pub(crate) fn is_nowhere(&self) -> bool {
        self.is_nowhere
    }

    /// Whether files of others may stand in it.
    pub(crate) fn is_careful(&self) -> bool {
        self.careful
    }

    /// A temporary file in the directory of a target, which is made if need be.
    pub(crate) fn temp_for(&self, target: &Path) -> io::Result<NamedTempFile> {
        if self.careful {
            self.check(target)?;
        }
        let path = self.root.join(target);
        let dir = path.parent().unwrap_or(&self.root);
        // Asking first would cost a call for every file; this costs one for every directory.
        match temp_in(dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(dir)?;
                temp_in(dir)
            }
            opened => opened,
        }
    }

    /// Makes the directory of a target.
    pub(crate) fn make_dir_for(&self, target: &Path) -> io::Result<()> {
        if self.careful {
            self.check(target)?;
        }
        fs::create_dir_all(self.root.join(target).parent().unwrap_or(&self.root))
    }

    /// Writes a whole file.
    pub(crate) fn write(&self, target: &Path, bytes: &[u8]) -> Result<(), WriteError> {
        let mut file = self.file(target);
        file.put(bytes)?;
        file.finish()
    }

    /// The output for one document; nothing exists before its first part is put.
    pub(crate) fn file<'t>(&'t self, target: &'t Path) -> TreeFile<'t> {
        TreeFile { tree: self, target, path: self.root.join(target), temp: None }
    }

    /// Refuses to go through links and to replace what a document of this run did not make.
    fn check(&self, target: &Path) -> io::Result<()> {
        let mut path = self.root.clone();
        for part in target.parent().into_iter().flat_map(Path::components) {
            path.push(part);
            match fs::symlink_metadata(&path) {
                Ok(found) if !found.is_dir() => {
                    return Err(io::Error::new(io::ErrorKind::NotADirectory, "a foreign file stands in the way"));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                found => found?,
            };
        }
        match fs::symlink_metadata(self.root.join(target)) {
            Ok(_) => {
                Err(io::Error::new(io::ErrorKind::AlreadyExists, "a file that dechrome did not write stands there"))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// One file of the tree.
#[derive(Debug)]
pub(crate) struct TreeFile<'t> {
    tree: &'t Tree,
    target: &'t Path,
    path: PathBuf,
    temp: Option<NamedTempFile>,
}

impl TreeFile<'_> {
    fn temp(&mut self) -> io::Result<&mut NamedTempFile> {
        let temp = match self.temp.take() {
            Some(temp) => temp,
            None => self.tree.temp_for(self.target)?,
        };
        Ok(self.temp.insert(temp))
    }

    fn error(&self, source: io::Error) -> WriteError {
        WriteError { local: is_local(&source), path: self.path.clone(), source }
    }
}

impl Output for TreeFile<'_> {
    fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
        if self.tree.is_nowhere {
            return Ok(());
        }
        let done = self.temp().and_then(|temp| temp.as_file_mut().write_all(kept));
        done.map_err(|source| self.error(source))
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        if self.tree.is_nowhere {
            return Ok(());
        }
        if let Err(source) = self.temp() {
            return Err(self.error(source));
        }
        match self.temp.take().map(|temp| temp.persist(&self.path)) {
            Some(Err(failed)) => Err(self.error(failed.error)),
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
    fn the_names_of_temporary_files_are_known_again() {
        let dir = tempfile::tempdir().expect("dir");
        let temp = temp_in(dir.path()).expect("file");
        let name = temp.path().file_name().and_then(|name| name.to_str()).expect("name");
        assert!(is_temp_name(name), "{name}");
        assert!(!is_temp_name(".dechrome-running.jsonl") && !is_temp_name("notes.tmp"));
    }

    #[test]
    fn an_unfinished_file_leaves_nothing() {
        let dir = tempfile::tempdir().expect("dir");
        let tree = Tree::new(dir.path().to_owned(), false);
        let mut file = tree.file(Path::new("a.txt"));
        file.put(b"half").expect("put");
        drop(file);
        assert_eq!(fs::read_dir(dir.path()).expect("dir").count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_careful_tree_neither_follows_links_nor_replaces() {
        let (dir, elsewhere) = (tempfile::tempdir().expect("dir"), tempfile::tempdir().expect("dir"));
        std::os::unix::fs::symlink(elsewhere.path(), dir.path().join("link")).expect("link");
        fs::write(dir.path().join("mine.txt"), "mine").expect("file");
        let tree = Tree::new(dir.path().to_owned(), true);
        for target in ["link/a.txt", "mine.txt", "mine.txt/b.txt"] {
            let error = tree.file(Path::new(target)).put(b"x").expect_err(target);
            assert!(error.local, "{target}: {error}");
        }
        tree.file(Path::new("new/a.txt")).put(b"x").expect("a new file");
        assert_eq!(fs::read_dir(elsewhere.path()).expect("dir").count(), 0);
    }
}
