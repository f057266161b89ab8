//! Files in an output directory that no row lists: they are not of the run.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use crate::pipeline::{QUARANTINE_NAME, REPORT_NAME, SUMMARY_NAME};
use crate::report::DocumentName;

/// The files of a directory, held against the outputs that rows list; both are in the order of the paths.
pub(super) struct Strangers {
    root: PathBuf,
    walk: std::iter::Peekable<Box<dyn Iterator<Item = PathBuf> + Send>>,
}

impl Strangers {
    /// Looks at a directory.
    pub(super) fn new(root: &Path) -> Strangers {
        let walk = WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter();
        let walk = walk.filter_entry(|entry| !is_own(entry)).filter_map(Result::ok);
        let files = walk.filter(|entry| !entry.file_type().is_dir()).map(DirEntry::into_path);
        let files: Box<dyn Iterator<Item = PathBuf> + Send> = Box::new(files);
        Strangers { root: root.to_owned(), walk: files.peekable() }
    }

    /// The files before this output that were not asked for.
    pub(super) fn before(&mut self, target: &Path) -> Vec<String> {
        let path = self.root.join(target);
        let mut found = Vec::new();
        while let Some(stranger) = self.walk.next_if(|next| *next < path) {
            found.extend(self.name(&stranger));
        }
        self.walk.next_if(|next| *next == path);
        found
    }

    /// All that are left.
    pub(super) fn rest(mut self) -> Vec<String> {
        let mut found = Vec::new();
        while let Some(stranger) = self.walk.next() {
            found.extend(self.name(&stranger));
        }
        found
    }

    fn name(&self, path: &Path) -> Option<String> {
        Some(DocumentName::of(path.strip_prefix(&self.root).ok()?).path)
    }
}

/// What every run writes besides.
fn is_own(entry: &DirEntry) -> bool {
    let own = [QUARANTINE_NAME, REPORT_NAME, SUMMARY_NAME];
    entry.depth() == 1 && own.iter().any(|own| entry.file_name() == *own)
}
