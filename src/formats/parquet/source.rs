//! Reading a file at given places.

use super::error::{ParquetError, broken};
use std::fs::File;
use std::io;

/// A file that is read at given places only, so that handles which share their position do not disturb one another.
#[derive(Debug)]
pub(crate) struct Source {
    file: File,
    len: u64,
}

impl Source {
    /// Takes the file, which must not change from now on.
    ///
    /// # Errors
    /// The length of the file is not to be had.
    pub(crate) fn new(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self { file, len })
    }

    /// Returns the length of the file.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Returns the `len` bytes at `at`; nothing is allocated for bytes that the file does not have.
    ///
    /// # Errors
    /// The file ends before, or cannot be read.
    pub(crate) fn read(&self, at: u64, len: usize) -> Result<Vec<u8>, ParquetError> {
        if at.checked_add(len as u64).is_none_or(|end| end > self.len) {
            return Err(broken(at, format!("{len} bytes should be here, but the file ends at {}", self.len)));
        }
        let mut bytes = vec![0; len];
        self.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }

    #[cfg(not(windows))]
    fn read_exact_at(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.file, bytes, at)
    }

    #[cfg(windows)]
    fn read_exact_at(&self, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.file, bytes, at) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    bytes = bytes.split_at_mut(read).1;
                    at += read as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn bytes_behind_the_end_are_refused_before_they_are_allocated() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"abcdef").expect("written");
        let source = Source::new(file).expect("a source");
        assert_eq!(source.read(2, 3).expect("read"), b"cde");
        assert!(source.read(2, usize::MAX >> 1).is_err());
        assert!(source.read(u64::MAX, 1).is_err());
    }
}
