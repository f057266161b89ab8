//! Files under temporary names, which go away unless they are given another.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::sync::Arc;

use super::dir::Dir;

/// How names of files that are being written begin.
pub(crate) const TEMP_PREFIX: &str = ".dechrome-";
/// How they end.
const TEMP_SUFFIX: &str = ".tmp";
/// How many random characters stand between: about as many names as a 70-bit number has values.
const TEMP_RANDOM: usize = 12;
/// How often another name is tried when one is taken.
const TRIES: usize = 64;

/// A new file in a directory; it is deleted unless it is renamed or left.
#[derive(Debug)]
pub(crate) struct TempFile {
    file: File,
    held: Held,
}

/// The name that is cleared away.
#[derive(Debug)]
struct Held {
    dir: Arc<Dir>,
    name: OsString,
    is_kept: bool,
}

impl Drop for Held {
    fn drop(&mut self) {
        if !self.is_kept {
            // A file that stays is known by its name, and the next run deletes it.
            let _ = self.dir.remove_file(&self.name);
        }
    }
}

impl TempFile {
    /// Makes a file under a random name, which nobody else can have made.
    pub(crate) fn new_in(dir: Arc<Dir>) -> io::Result<TempFile> {
        let mut last = None;
        for name in std::iter::repeat_with(random_name).take(TRIES) {
            match dir.create_new(OsStr::new(&name)) {
                Ok(file) => return Ok(TempFile::of(dir, name.into(), file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(last.unwrap_or_else(|| io::ErrorKind::AlreadyExists.into()))
    }

    /// Makes a file under a name that is known beforehand, in the place of what an earlier run may have left there.
    pub(crate) fn new_as(dir: Arc<Dir>, name: &OsStr) -> io::Result<TempFile> {
        dir.remove_if_there(name)?;
        let file = dir.create_new(name)?;
        Ok(TempFile::of(dir, name.to_owned(), file))
    }

    /// Opens a file that an earlier run left.
    pub(crate) fn left_as(dir: Arc<Dir>, name: &OsStr) -> io::Result<TempFile> {
        let file = dir.open_to_write(name)?;
        Ok(TempFile::of(dir, name.to_owned(), file))
    }

    fn of(dir: Arc<Dir>, name: OsString, file: File) -> TempFile {
        TempFile { file, held: Held { dir, name, is_kept: false } }
    }

    /// The file.
    pub(crate) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Its size in bytes.
    pub(crate) fn len(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// The directory it is in.
    pub(crate) fn dir(&self) -> Arc<Dir> {
        Arc::clone(&self.held.dir)
    }

    /// The name it has for the time being.
    pub(crate) fn name(&self) -> &OsStr {
        &self.held.name
    }

    /// Another handle on it, from its beginning on.
    pub(crate) fn again(&self) -> io::Result<File> {
        self.held.dir.open_to_write(&self.held.name)
    }

    /// Has the system write down what it holds.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Gives it a name that nothing has yet.
    pub(crate) fn finish_new(mut self, name: &OsStr) -> io::Result<()> {
        self.held.dir.rename_new(&self.held.name, name)?;
        self.held.is_kept = true;
        Ok(())
    }

    /// Gives it a name; a file that has it goes.
    pub(crate) fn finish_over(mut self, name: &OsStr) -> io::Result<()> {
        self.held.dir.rename_over(&self.held.name, name)?;
        self.held.is_kept = true;
        Ok(())
    }

    /// Leaves it as it is.
    pub(crate) fn leave(mut self) {
        self.held.is_kept = true;
    }
}

impl Write for TempFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn random_name() -> String {
    format!("{TEMP_PREFIX}{}{TEMP_SUFFIX}", random_part())
}

/// A part of a name that cannot be guessed: hashes under keys that the system's source of randomness gave.
pub(crate) fn random_part() -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let draw = || RandomState::new().build_hasher().finish();
    let mut bits = (u128::from(draw()) << 64) | u128::from(draw());
    let mut letters = String::new();
    for _ in 0..TEMP_RANDOM {
        letters.push(char::from(LETTERS[(bits % 36) as usize]));
        bits /= 36;
    }
    letters
}

/// Whether a name is one that a [`TempFile`] may have.
pub(crate) fn is_temp_name(name: &str) -> bool {
    let random = name.strip_prefix(TEMP_PREFIX).and_then(|name| name.strip_suffix(TEMP_SUFFIX));
    random.is_some_and(|random| random.len() == TEMP_RANDOM && random.bytes().all(|b| b.is_ascii_alphanumeric()))
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn place() -> (tempfile::TempDir, Arc<Dir>) {
        let place = tempfile::tempdir().expect("dir");
        let dir = Arc::new(Dir::open(place.path()).expect("open"));
        (place, dir)
    }

    #[test]
    fn the_names_of_temporary_files_are_known_again_and_differ() {
        let (_place, dir) = place();
        let (one, two) = (TempFile::new_in(Arc::clone(&dir)).expect("one"), TempFile::new_in(dir).expect("two"));
        assert_ne!(one.name(), two.name());
        assert!(one.name().to_str().is_some_and(is_temp_name), "{:?}", one.name());
        assert!(!is_temp_name(".dechrome-running.jsonl") && !is_temp_name("notes.tmp"));
    }

    #[test]
    fn random_parts_of_names_differ() {
        let parts: std::collections::BTreeSet<String> = std::iter::repeat_with(random_part).take(1000).collect();
        assert_eq!(parts.len(), 1000);
    }

    #[test]
    fn a_file_that_gets_no_name_leaves_nothing() {
        let (_place, dir) = place();
        drop(TempFile::new_in(Arc::clone(&dir)).expect("file"));
        assert!(dir.entries().expect("entries").is_empty());
    }

    #[test]
    fn what_could_not_be_renamed_leaves_nothing_and_replaces_nothing() {
        let (place, dir) = place();
        std::fs::write(place.path().join("mine"), "mine").expect("file");
        let temp = TempFile::new_in(Arc::clone(&dir)).expect("file");
        assert!(temp.finish_new(OsStr::new("mine")).is_err());
        assert_eq!(dir.entries().expect("entries").len(), 1);
        assert_eq!(std::fs::read(place.path().join("mine")).expect("read"), b"mine");
    }
}
