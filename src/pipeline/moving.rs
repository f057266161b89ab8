//! Inputs that move while they are read: the size at opening is the bound, and a look at the end tells what happened.

use std::fmt;
use std::fs::{self, Metadata};
use std::path::Path;

use super::opened::Stamp;

/// Which file was opened, and what it was then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Identity {
    stamp: Stamp,
    /// The device and the number of the file on it, where the system has such.
    file: Option<(u64, u64)>,
}

/// What happened to an input while it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Gone,
    Replaced,
    Grew { from: u64, to: u64 },
    Shrank { from: u64, to: u64 },
    Written,
}

impl Identity {
    /// What the system says of a file that was just opened.
    pub(crate) fn of(found: &Metadata) -> Identity {
        Identity { stamp: Stamp::of(found), file: number_of(found) }
    }

    /// Looks whether the file is still there and as it was; a symbolic link is followed only where `follow` says so. Asking by
    /// name costs one call, and tells of files that were removed or replaced, too.
    pub(crate) fn change(&self, path: &Path, follow: bool) -> Option<Change> {
        let found = if follow { fs::metadata(path) } else { fs::symlink_metadata(path) };
        let Ok(found) = found else { return Some(Change::Gone) };
        let (now, before) = (Identity::of(&found), self.stamp);
        if now.file != self.file || !found.is_file() {
            return Some(Change::Replaced);
        }
        match now.stamp {
            // Files below /proc say 0 whatever they hold, and were always written just now.
            Stamp { size: 0, .. } if before.size == 0 => None,
            Stamp { size, .. } if size > before.size => Some(Change::Grew { from: before.size, to: size }),
            Stamp { size, .. } if size < before.size => Some(Change::Shrank { from: before.size, to: size }),
            stamp if stamp != before => Some(Change::Written),
            _ => None,
        }
    }
}

#[cfg(unix)]
fn number_of(found: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    Some((found.dev(), found.ino()))
}

/// Here, files have no numbers that could be had for the asking.
#[cfg(not(unix))]
fn number_of(_: &Metadata) -> Option<(u64, u64)> {
    None
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Gone => f.write_str("it was removed"),
            Change::Replaced => f.write_str("another file took its place"),
            Change::Grew { from, to } => write!(f, "it grew from {from} to {to} bytes"),
            Change::Shrank { from, to } => write!(f, "it shrank from {from} to {to} bytes"),
            Change::Written => f.write_str("it was written to"),
        }?;
        f.write_str(" while it was read")
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_change_is_told() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("a.txt");
        fs::write(&path, "four").expect("written");
        let identity = Identity::of(&fs::symlink_metadata(&path).expect("found"));
        assert_eq!(identity.change(&path, false), None);
        let told = || identity.change(&path, false).map(|change| change.to_string()).unwrap_or_default();
        fs::write(&path, "eleven more").expect("written");
        assert_eq!(told(), "it grew from 4 to 11 bytes while it was read");
        fs::write(&path, "one").expect("written");
        assert_eq!(told(), "it shrank from 4 to 3 bytes while it was read");
        let file = fs::File::options().write(true).open(&path).expect("opened");
        file.set_len(4).expect("as long as before");
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).expect("set");
        assert_eq!(told(), "it was written to while it was read");
        fs::remove_file(&path).expect("removed");
        assert_eq!(told(), "it was removed while it was read");
    }

    #[cfg(unix)]
    #[test]
    fn another_file_of_the_same_size_and_time_is_another_file() {
        let dir = tempfile::tempdir().expect("dir");
        let (one, other) = (dir.path().join("a.txt"), dir.path().join("b.txt"));
        [&one, &other].iter().for_each(|path| fs::write(path, "same").expect("written"));
        let found = fs::symlink_metadata(&one).expect("found");
        let file = fs::File::options().write(true).open(&other).expect("opened");
        file.set_modified(found.modified().expect("a time")).expect("set");
        fs::rename(&other, &one).expect("renamed");
        assert_eq!(Identity::of(&found).change(&one, false), Some(Change::Replaced));
    }
}
