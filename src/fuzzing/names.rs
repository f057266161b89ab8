//! Names of documents: no two paths share one, each leads back, and none leads out of the output directory.

use std::path::{Component, Path, PathBuf};

use super::Choices;
use crate::report::DocumentName;

/// Names two paths, and follows two names.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let cut = choices.number();
    let bytes = choices.rest();
    let (one, other) = bytes.split_at(cut % (bytes.len() + 1));
    let paths = [path_of(one), path_of(other)];
    let names = paths.each_ref().map(|path| DocumentName::of(path));
    assert_eq!(names[0] == names[1], one == other, "two paths share a name");
    for (path, name) in paths.iter().zip(&names) {
        let back = DocumentName::to_path(&name.path, name.raw.as_deref());
        assert_eq!(back.as_ref(), is_contained(path).then_some(path), "a name does not lead back");
    }
    // A report may say anything.
    let [path, raw] = [one, other].map(String::from_utf8_lossy);
    for raw in [None, Some(&*raw)] {
        if let Some(path) = DocumentName::to_path(&path, raw) {
            assert!(is_contained(&path), "{path:?} leads out");
        }
    }
}

/// Whether a path that is joined to a directory stays below it.
pub(super) fn is_contained(path: &Path) -> bool {
    path.components().next().is_some() && path.components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(unix)]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(super) fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(&*String::from_utf8_lossy(bytes))
}
