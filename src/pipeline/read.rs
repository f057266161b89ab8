//! Opening and reading inputs that may be anything.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::path::Path;

use super::ReadError;

/// What a first read asks for when the size is not known.
const FIRST_READ: usize = 64 * 1024;
/// A buffer larger than this is given back after the document that needed it.
const KEEP_BUFFER: usize = 1024 * 1024;

/// Opens a regular file and tells its size.
///
/// Opening never waits, not even for a FIFO that took the file's place since it was discovered; a symbolic link is
/// followed only where `follow` says so.
pub(crate) fn open_regular(path: &Path, follow: bool) -> Result<(File, u64), ReadError> {
    let file = options(follow).open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        return Err(ReadError::NotRegular);
    }
    Ok((file, found.len()))
}

#[cfg(unix)]
fn options(follow: bool) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    let no_follow = if follow { 0 } else { libc::O_NOFOLLOW };
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | no_follow);
    options
}

#[cfg(not(unix))]
fn options(_follow: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

/// Memory for inputs, used again from document to document.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
}

impl Buffer {
    /// Reads to the end, or until one byte more than `limit`; gives what was read.
    ///
    /// `size` is the size of a regular file. A file that is as long as the system said is read with one call.
    pub(crate) fn fill(&mut self, input: &mut dyn Read, size: Option<u64>, limit: usize) -> io::Result<&[u8]> {
        // Files below /proc say 0 and are not empty.
        let size = size.filter(|&size| size > 0).and_then(|size| usize::try_from(size).ok());
        let mut len = 0;
        loop {
            let room = self.room(len, size, limit);
            if room.is_empty() {
                break;
            }
            let full = room.len();
            let read = read_some(input, room)?;
            len += read;
            if read == 0 || (read < full && Some(len) == size) {
                break;
            }
        }
        Ok(&self.bytes[..len])
    }

    /// Where the next bytes go; empty when the limit is passed.
    fn room(&mut self, len: usize, size: Option<usize>, limit: usize) -> &mut [u8] {
        let wanted = match size {
            Some(size) if len <= size => size.saturating_add(1),
            _ => (len * 2).max(FIRST_READ),
        };
        let end = wanted.min(limit.saturating_add(1));
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        &mut self.bytes[len..end.max(len)]
    }

    /// Gives back memory that only an unusual document needed.
    pub(crate) fn shrink(&mut self) {
        if self.bytes.capacity() > KEEP_BUFFER {
            self.bytes = Vec::new();
        }
    }
}

/// Reads once, and again when a signal came between.
pub(crate) fn read_some(input: &mut dyn Read, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(room) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    /// Gives one byte at a time.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let len = self.0.len().min(out.len()).min(1);
            out[..len].copy_from_slice(&self.0[..len]);
            self.0 = &self.0[len..];
            Ok(len)
        }
    }

    #[test]
    fn a_file_of_the_size_it_said_is_read_with_one_call() {
        let mut calls = 0;
        struct Once<'a>(&'a [u8], &'a mut usize);
        impl Read for Once<'_> {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                *self.1 += 1;
                self.0.read(out)
            }
        }
        let mut buffer = Buffer::default();
        assert_eq!(buffer.fill(&mut Once(b"hello", &mut calls), Some(5), 100).expect("read"), b"hello");
        assert_eq!(calls, 1);
    }

    #[test]
    fn sizes_may_lie_and_reads_may_be_short() {
        let mut buffer = Buffer::default();
        for size in [None, Some(0), Some(5), Some(50)] {
            assert_eq!(buffer.fill(&mut Slow(b"hello"), size, 100).expect("read"), &b"hello"[..], "{size:?}");
        }
    }

    #[test]
    fn reading_stops_one_byte_behind_the_limit() {
        let mut buffer = Buffer::default();
        assert_eq!(buffer.fill(&mut &[7u8; 100][..], Some(100), 10).expect("read").len(), 11);
        assert_eq!(buffer.fill(&mut &[7u8; 10][..], None, 10).expect("read").len(), 10);
    }
}
