//! Finding the documents of a plan, in the order of the report.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::ReadError;
use super::plan::{Inputs, Plan, Root};
use crate::formats::Format;

/// Why a file of a tree was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// Its name does not say that it is text.
    UnknownExtension,
    /// It is a symbolic link; links inside trees are not followed.
    Symlink,
    /// It is a FIFO, a device or a socket.
    NotARegularFile,
    /// It is the directory the output goes to.
    OutputDirectory,
}

impl SkipReason {
    /// The word for it in the summary.
    pub fn as_str(self) -> &'static str {
        match self {
            SkipReason::UnknownExtension => "unknown_extension",
            SkipReason::Symlink => "symlink",
            SkipReason::NotARegularFile => "not_a_regular_file",
            SkipReason::OutputDirectory => "output_directory",
        }
    }
}

/// A file that was passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Where it would have gone, relative to the output directory.
    pub target: PathBuf,
    /// Why.
    pub reason: SkipReason,
}

/// What discovery comes upon.
#[derive(Debug)]
pub enum Found {
    /// A document to clean.
    Document {
        /// Where it is.
        source: PathBuf,
        /// Where it goes, relative to the output directory.
        target: PathBuf,
        /// Whether it was named itself, so that a symbolic link may be followed.
        named: bool,
    },
    /// A file that is passed over.
    Skipped(Skipped),
    /// A directory or file that cannot be looked at.
    Unreadable {
        /// Where it would have gone.
        target: PathBuf,
        /// Why.
        error: ReadError,
    },
}

/// Walks inputs: everything in the order of the paths' bytes by component.
///
/// Memory goes with the depth of the tree and its largest directory, not with the number of files.
#[derive(Debug)]
pub struct Discovery {
    roots: std::vec::IntoIter<Root>,
    walk: Option<(Root, walkdir::IntoIter)>,
}

impl Discovery {
    /// Begins to walk.
    pub fn new(plan: &Plan) -> Discovery {
        Discovery { roots: plan.roots.clone().into_iter(), walk: None }
    }

    /// Begins to walk inputs that are only read.
    pub fn of_inputs(inputs: &Inputs) -> Discovery {
        Discovery { roots: inputs.roots.clone().into_iter(), walk: None }
    }

    /// The next of the directory that is being walked.
    fn next_in_tree(&mut self) -> Option<Found> {
        let (root, walk) = self.walk.as_mut()?;
        loop {
            let entry = match walk.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(unreadable(root, error)),
            };
            if entry.file_type().is_dir() {
                if is_output(root, &entry) {
                    walk.skip_current_dir();
                    return Some(skipped(root, &entry, SkipReason::OutputDirectory));
                }
                continue;
            }
            return Some(sorted_out(root, &entry));
        }
    }
}

impl Iterator for Discovery {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.next_in_tree() {
                return Some(found);
            }
            let root = self.roots.next()?;
            if !root.is_dir {
                return Some(Found::Document { source: root.given, target: root.target, named: true });
            }
            let walk = WalkDir::new(&root.given).min_depth(1).sort_by_file_name().into_iter();
            self.walk = Some((root, walk));
        }
    }
}

fn sorted_out(root: &Root, entry: &DirEntry) -> Found {
    let kind = entry.file_type();
    if kind.is_symlink() {
        return skipped(root, entry, SkipReason::Symlink);
    }
    if !kind.is_file() {
        return skipped(root, entry, SkipReason::NotARegularFile);
    }
    if Format::of_name(entry.path()).is_none() {
        return skipped(root, entry, SkipReason::UnknownExtension);
    }
    Found::Document { source: entry.path().to_owned(), target: target_of(root, entry.path()), named: false }
}

fn skipped(root: &Root, entry: &DirEntry, reason: SkipReason) -> Found {
    Found::Skipped(Skipped { target: target_of(root, entry.path()), reason })
}

/// The walk never leaves the root, so its path is always a prefix.
fn relative<'p>(root: &Root, path: &'p Path) -> &'p Path {
    path.strip_prefix(&root.given).unwrap_or(path)
}

fn target_of(root: &Root, path: &Path) -> PathBuf {
    root.target.join(relative(root, path))
}

fn is_output(root: &Root, entry: &DirEntry) -> bool {
    root.out_inside.as_deref().is_some_and(|out| out == relative(root, entry.path()))
}

fn unreadable(root: &Root, error: walkdir::Error) -> Found {
    let mut target = target_of(root, error.path().unwrap_or(&root.given));
    if target.as_os_str().is_empty() {
        // A lone INPUT has no name in the output.
        target.push(".");
    }
    let error = error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop of links"));
    Found::Unreadable { target, error: ReadError::Directory(error) }
}
