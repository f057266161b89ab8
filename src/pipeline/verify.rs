//! `--verify`: what was written is read again, as any reader would, and held against what should stand there.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::journal::DoneLine;
use super::source::{Fault, Source, Window};
use super::write::Tree;
use super::{Output, QUARANTINE_NAME, WriteError};
use crate::formats::compression::Codec;
use crate::report::account::{Account, Accounts};
use crate::report::summary::Verified;
use crate::report::{Hash, Status};

/// How much is read at a time.
const PIECE: usize = 256 * 1024;

/// What stands there is not what was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unverified {
    /// It cannot be read.
    #[error("what was written cannot be read again: {0}")]
    Unreadable(String),
    /// It is something else.
    #[error("what was written is not what stands there when it is read again")]
    Other,
}

impl From<io::Error> for Unverified {
    fn from(error: io::Error) -> Unverified {
        Unverified::Unreadable(error.to_string())
    }
}

impl Unverified {
    /// What is behind an error of an output, where it is that.
    pub(crate) fn of(error: &WriteError) -> Option<&Unverified> {
        error.source.get_ref()?.downcast_ref()
    }
}

/// The text that should stand in a file: its length, and its hash.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) len: u64,
    pub(crate) hash: String,
}

impl Expected {
    /// Reads a file and holds it against this.
    ///
    /// # Errors
    /// When it cannot be read, or is something else.
    pub(crate) fn check(&self, file: File, codec: Option<Codec>) -> Result<Verified, Unverified> {
        let (window, bytes) = (Window::default(), Box::new(file));
        let (mut window, mut source) = match codec {
            // An empty file is not one of unknown size.
            None => (window.of_size(self.len.max(1)), Source::Plain(bytes)),
            // What was just packed is no bomb.
            Some(codec) => (window, Source::packed(codec, u64::MAX, Vec::new(), bytes)),
        };
        let (mut len, mut hasher) = (0, blake3::Hasher::new());
        loop {
            window.fill(&mut source, PIECE).map_err(|fault| match fault {
                Fault::Io(error) => Unverified::from(error),
                Fault::Damaged(damage) => Unverified::Unreadable(damage.to_string()),
            })?;
            let piece = window.bytes().len();
            if piece == 0 {
                break;
            }
            hasher.update(window.bytes());
            len += piece as u64;
            window.consume(piece);
        }
        let is_same = len == self.len && Hash::finish(&hasher).to_string() == self.hash;
        if is_same { Ok(Verified { files: 1, bytes: len }) } else { Err(Unverified::Other) }
    }
}

/// Reads a file of the tree again. One that is not what it should be is taken away.
///
/// # Errors
/// When it cannot be read, or is something else.
pub(crate) fn check_file(
    tree: &Tree,
    target: &Path,
    codec: Option<Codec>,
    expected: &Expected,
) -> Result<Verified, Unverified> {
    let checked = tree.open_again(target).map_err(Unverified::from).and_then(|file| expected.check(file, codec));
    if checked.is_err() {
        tree.take_back(target)?;
    }
    checked
}

/// Reads what was copied to quarantine again.
///
/// # Errors
/// When that cannot be read, or is something else; then there is no place for what cannot be cleaned.
pub(crate) fn check_aside(tree: &Tree, target: &Path, len: u64, hash: Hash) -> io::Result<Verified> {
    let expected = Expected { len, hash: hash.to_string() };
    check_file(tree, &Path::new(QUARANTINE_NAME).join(target), None, &expected).map_err(io::Error::other)
}

/// An output that, where that was asked for, is read again when it is finished.
pub(crate) struct Checked<'c, O> {
    inner: O,
    tree: &'c Tree,
    target: &'c Path,
    codec: Option<Codec>,
    /// What was put; nothing where it is not read again.
    put: Option<(u64, blake3::Hasher)>,
    /// Whether a file has its name.
    pub(crate) is_there: bool,
    /// What was read again.
    pub(crate) verified: Verified,
}

impl<'c, O: Output> Checked<'c, O> {
    pub(crate) fn new(
        inner: O,
        tree: &'c Tree,
        target: &'c Path,
        codec: Option<Codec>,
        verify: bool,
    ) -> Checked<'c, O> {
        let put = (verify && !tree.is_nowhere()).then(Default::default);
        Checked { inner, tree, target, codec, put, is_there: false, verified: Verified::default() }
    }

    pub(crate) fn inner(&self) -> &O {
        &self.inner
    }
}

impl<O: Output> Output for Checked<'_, O> {
    fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
        if let Some((len, hasher)) = &mut self.put {
            *len += kept.len() as u64;
            hasher.update(kept);
        }
        self.inner.put(kept)
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        self.inner.finish()?;
        self.is_there = true;
        let Some((len, hasher)) = &self.put else { return Ok(()) };
        let expected = Expected { len: *len, hash: Hash::finish(hasher).to_string() };
        match check_file(self.tree, self.target, self.codec, &expected) {
            Ok(verified) => {
                self.verified = verified;
                Ok(())
            }
            Err(unverified) => {
                self.is_there = false;
                let path: PathBuf = self.tree.root().join(self.target);
                Err(WriteError { path, source: io::Error::other(unverified), local: true })
            }
        }
    }
}

/// Reads what an earlier run wrote for an input; `rows` are its rows in the report. Nothing where any of it is something else.
pub(crate) fn check_earlier(tree: &Tree, target: &Path, done: &DoneLine, rows: impl Read) -> Option<Verified> {
    let mut found = Verified::default();
    if let (Some(len), Some(hash)) = (done.output, &done.output_hash) {
        let expected = Expected { len, hash: hash.clone() };
        found += expected.check(tree.open_again(target).ok()?, None).ok()?;
    }
    let mut aside = None;
    let mut accounts = Accounts::new(BufReader::new(rows));
    while let Some(account) = accounts.read().ok()? {
        found += check_piece(tree, &mut aside, &account)?;
        // The records of a container are in one file.
        let own =
            account.target().filter(|own| account.status != Status::Failed && (!done.is_container || own != target));
        if let (Some(own), Some(len), Some(hash)) = (own, account.bytes_kept, account.hash_kept) {
            let mut file = tree.open_again(&own).ok()?;
            let codec = codec_of(&mut file)?;
            found += Expected { len, hash }.check(file, codec).ok()?;
        }
    }
    Some(found)
}

/// How a file is compressed.
fn codec_of(file: &mut File) -> Option<Option<Codec>> {
    const MAGIC: u64 = 16;
    let mut start = Vec::new();
    file.take(MAGIC).read_to_end(&mut start).ok()?;
    file.seek(SeekFrom::Start(0)).ok()?;
    Some(Codec::of_magic(&start))
}

/// Reads the next piece of an input in quarantine, where a row tells of one.
fn check_piece(tree: &Tree, aside: &mut Option<BufReader<File>>, account: &Account) -> Option<Verified> {
    let Some(told) = &account.quarantine else { return Some(Verified::default()) };
    let file = match aside {
        Some(file) => file,
        none => {
            let target = Path::new(QUARANTINE_NAME).join(account.target()?);
            none.insert(BufReader::new(tree.open_again(&target).ok()?))
        }
    };
    let (mut left, mut hasher) = (told.bytes, blake3::Hasher::new());
    while left > 0 {
        let piece = file.fill_buf().ok().filter(|piece| !piece.is_empty())?;
        let here = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        hasher.update(piece.get(..here)?);
        file.consume(here);
        left -= here as u64;
    }
    let hash = Hash::finish(&hasher).to_string();
    let is_same = told.hash.as_ref().or(account.hash_in.as_ref()).is_none_or(|told| *told == hash);
    is_same.then_some(Verified { files: 0, bytes: told.bytes })
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::pipeline::packed::Packed;
    use crate::pipeline::write::TreeFile;

    /// Writes something else than it is given.
    struct Lying<'t>(TreeFile<'t>);

    impl Output for Lying<'_> {
        fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
            self.0.put(&kept.iter().map(|byte| byte ^ 1).collect::<Vec<_>>())
        }

        fn finish(&mut self) -> Result<(), WriteError> {
            self.0.finish()
        }
    }

    #[test]
    fn what_does_not_hold_is_taken_away() {
        let dir = tempfile::tempdir().expect("dir");
        let tree = Tree::at(dir.path()).expect("tree");
        let target = Path::new("a.txt");
        for (verify, is_there) in [(true, false), (false, true)] {
            let mut output = Checked::new(Lying(tree.file(target)), &tree, target, None, verify);
            output.put(b"kept").expect("put");
            let done = output.finish();
            let is_unverified = done.as_ref().err().is_some_and(|error| error.local && Unverified::of(error).is_some());
            assert_eq!((is_unverified, output.is_there), (verify, is_there));
            assert_eq!(dir.path().join(target).exists(), is_there);
        }
    }

    #[test]
    fn what_holds_is_counted_however_it_is_compressed() {
        let dir = tempfile::tempdir().expect("dir");
        let tree = Tree::at(dir.path()).expect("tree");
        let codecs = Codec::ALL.into_iter().map(Some).chain([None]);
        let texts = codecs.flat_map(|codec| [(codec, "kept ".repeat(100_000)), (codec, String::new())]);
        for (number, (codec, text)) in texts.enumerate() {
            let target = &PathBuf::from(number.to_string());
            let packed = Packed::new(tree.file(target), codec).expect("an encoder");
            let mut output = Checked::new(packed, &tree, target, codec, true);
            output.put(text.as_bytes()).and_then(|()| output.finish()).expect("verified");
            assert_eq!(output.verified, Verified { files: 1, bytes: text.len() as u64 }, "{codec:?}");
        }
    }
}
