//! Directories of the tree that are written to: made when they are needed, and held open for the next file.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::dir::{Dir, names_of};

/// How many are held open: the walk goes from one directory to the next, so few are wanted at a time.
const HELD: usize = 16;

/// Directories below the output directory.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The last one that was used stands last.
    held: Vec<(PathBuf, Arc<Dir>)>,
    /// Those in which files got names that the system has not been asked to write down.
    pub(crate) changed: BTreeSet<PathBuf>,
}

impl Places {
    /// A directory, which is made if it is not there.
    pub(crate) fn of(&mut self, root: &Arc<Dir>, path: &Path) -> io::Result<Arc<Dir>> {
        if path.as_os_str().is_empty() {
            return Ok(Arc::clone(root));
        }
        if let Some(dir) = self.find(path) {
            return Ok(dir);
        }
        let (above, dir) = match path.ancestors().skip(1).find_map(|above| Some((above, self.find(above)?))) {
            Some(found) => found,
            None => (Path::new(""), Arc::clone(root)),
        };
        let dir = self.make(above, dir, path)?;
        self.hold(path.to_owned(), Arc::clone(&dir));
        Ok(dir)
    }

    /// Opens what is missing between a directory that is open and one below it.
    fn make(&mut self, above: &Path, dir: Arc<Dir>, path: &Path) -> io::Result<Arc<Dir>> {
        let (mut dir, mut reached) = (dir, above.to_owned());
        for name in names_of(path.strip_prefix(above).unwrap_or(path))? {
            dir = match dir.subdir(name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    dir.make_dir(name)?;
                    self.changed.insert(reached.clone());
                    Arc::new(dir.subdir(name)?)
                }
                opened => Arc::new(opened?),
            };
            reached.push(name);
        }
        Ok(dir)
    }

    fn find(&mut self, path: &Path) -> Option<Arc<Dir>> {
        let at = self.held.iter().rposition(|(held, _)| held == path)?;
        let found = self.held.remove(at);
        let dir = Arc::clone(&found.1);
        self.held.push(found);
        Some(dir)
    }

    fn hold(&mut self, path: PathBuf, dir: Arc<Dir>) {
        if self.held.len() >= HELD {
            self.held.remove(0);
        }
        self.held.push((path, dir));
    }

    /// A directory, and what is below it, is not there any more.
    pub(crate) fn forget(&mut self, path: &Path) {
        // Those above it may be gone, too.
        self.held.retain(|(held, _)| !held.starts_with(path) && !path.starts_with(held));
    }

    /// A file of this directory got its name.
    pub(crate) fn changed(&mut self, path: &Path) {
        if !self.changed.contains(path) {
            self.changed.insert(path.to_owned());
        }
    }

    /// What has changed since this was asked last.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.changed)
    }
}
