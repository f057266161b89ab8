//! Finding the documents of a plan, in the order of the report.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::QUARANTINE_NAME;
use super::names::Naming;
use super::plan::{Inputs, Plan, Root};
use super::shard::Shard;
use super::{REPORT_NAME, ReadError, SUMMARY_NAME};

/// Why a file of a tree was passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SkipReason {
    /// Neither its name nor its content says that it can be cleaned.
    UnknownExtension,
    /// Texts are marked, and it is not JSON Lines.
    NotJsonLines,
    /// It is the report or the quarantine of an earlier run.
    EarlierReport,
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
            SkipReason::NotJsonLines => "not_json_lines",
            SkipReason::EarlierReport => "earlier_report",
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
    /// A document whose output would have the name of another's.
    Clash {
        /// Where it is.
        source: PathBuf,
        /// Where it would go under its own name, relative to the output directory.
        target: PathBuf,
        /// The output that both would have.
        output: PathBuf,
    },
    /// A directory or file that cannot be looked at.
    Unreadable {
        /// Where it would have gone.
        target: PathBuf,
        /// Why.
        error: ReadError,
    },
}

/// Walks inputs: everything in the order of the outputs' paths, by the bytes of their components.
///
/// Memory goes with the depth of the tree and its largest directory, not with the number of files.
#[derive(Debug)]
pub struct Discovery {
    roots: std::vec::IntoIter<Root>,
    walk: Option<(Root, walkdir::IntoIter)>,
    naming: Naming,
    shard: Option<Shard>,
    /// The last document, and its output.
    last: (PathBuf, PathBuf),
}

impl Discovery {
    /// Begins to walk the part of a plan that a shard takes.
    pub fn new(plan: &Plan, shard: Option<Shard>) -> Discovery {
        let roots = plan.roots.clone().into_iter();
        Discovery { roots, walk: None, naming: plan.naming, shard, last: Default::default() }
    }

    /// Begins to walk inputs that are only read.
    pub fn of_inputs(inputs: &Inputs) -> Discovery {
        let roots = inputs.roots.clone().into_iter();
        Discovery { roots, walk: None, naming: Naming::default(), shard: None, last: Default::default() }
    }

    /// The same walk, of which only the part is taken that belongs to a shard.
    #[must_use]
    pub fn of_shard(self, shard: Option<Shard>) -> Discovery {
        Discovery { shard, ..self }
    }

    /// The next of the directory that is being walked.
    fn next_in_tree(&mut self) -> Option<Found> {
        let (root, walk) = self.walk.as_mut()?;
        loop {
            let entry = match walk.next()? {
                Ok(entry) => entry,
                Err(error) => return Some(unreadable(root, error)),
            };
            let is_dir = entry.file_type().is_dir();
            if is_dir && is_output(root, &entry) {
                walk.skip_current_dir();
                return Some(skipped(root, &entry, SkipReason::OutputDirectory));
            }
            if root.is_cleaned && is_own(&entry) {
                if is_dir {
                    walk.skip_current_dir();
                }
                return Some(skipped(root, &entry, SkipReason::EarlierReport));
            }
            if !is_dir {
                return Some(sorted_out(root, &entry, self.naming));
            }
        }
    }

    fn next_found(&mut self) -> Option<Found> {
        loop {
            if let Some(found) = self.next_in_tree() {
                return Some(found);
            }
            let root = self.roots.next()?;
            if !root.is_dir {
                return Some(Found::Document { source: root.given, target: root.target, named: true });
            }
            let walk = WalkDir::new(&root.given).min_depth(1);
            let naming = self.naming;
            let walk = match naming.changes() {
                false => walk.sort_by_file_name(),
                true => walk.sort_by(move |a, b| {
                    let names = |entry| output_name(entry, naming);
                    names(a).cmp(&names(b)).then_with(|| a.file_name().cmp(b.file_name()))
                }),
            };
            self.walk = Some((root, walk.into_iter()));
        }
    }

    /// Two inputs that would become one output, which only happens where names change: the second one fails. A file that a
    /// directory lists twice, since others change it meanwhile, is one input.
    fn checked(&mut self, found: Found) -> Option<Found> {
        let Found::Document { source, target, .. } = &found else { return Some(found) };
        let (last_source, last_target) = &mut self.last;
        if target != last_target {
            last_source.clone_from(source);
            last_target.clone_from(target);
            return Some(found);
        }
        if source == last_source {
            return None;
        }
        let name = source.file_name().map(PathBuf::from).unwrap_or_default();
        Some(Found::Clash { source: source.clone(), target: target.with_file_name(name), output: target.clone() })
    }
}

impl Iterator for Discovery {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let found = self.next_found()?;
            let Some(found) = self.checked(found) else { continue };
            if self.shard.is_none_or(|shard| shard.takes(found.target())) {
                return Some(found);
            }
        }
    }
}

impl Found {
    /// How large the file is, as far as that can be told; 0 for what is no input.
    pub fn size(&self) -> u64 {
        match self {
            Found::Document { source, named, .. } => size_of(source, *named),
            Found::Clash { source, .. } => size_of(source, false),
            Found::Skipped(_) | Found::Unreadable { .. } => 0,
        }
    }

    /// Where it goes or would have gone, relative to the output directory.
    pub fn target(&self) -> &Path {
        match self {
            Found::Document { target, .. } | Found::Clash { target, .. } | Found::Unreadable { target, .. } => target,
            Found::Skipped(skipped) => &skipped.target,
        }
    }
}

/// The size of a file; a symbolic link is followed only where `follow` says so.
pub(crate) fn size_of(path: &Path, follow: bool) -> u64 {
    let found = if follow { fs::metadata(path) } else { fs::symlink_metadata(path) };
    found.map_or(0, |found| found.len())
}

fn output_name(entry: &DirEntry, naming: Naming) -> std::ffi::OsString {
    match entry.file_type().is_dir() {
        true => entry.file_name().to_owned(),
        false => naming.output(entry.file_name()),
    }
}

/// Whether it is what dechrome writes beside the tree.
fn is_own(entry: &DirEntry) -> bool {
    entry.depth() == 1 && [REPORT_NAME, SUMMARY_NAME, QUARANTINE_NAME].iter().any(|own| entry.file_name() == *own)
}

fn sorted_out(root: &Root, entry: &DirEntry, naming: Naming) -> Found {
    let kind = entry.file_type();
    if kind.is_symlink() {
        return skipped(root, entry, SkipReason::Symlink);
    }
    if !kind.is_file() {
        return skipped(root, entry, SkipReason::NotARegularFile);
    }
    let target = target_of(root, entry.path());
    let target = if naming.changes() { target.with_file_name(naming.output(entry.file_name())) } else { target };
    Found::Document { source: entry.path().to_owned(), target, named: false }
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
