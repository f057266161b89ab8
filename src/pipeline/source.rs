//! Where the bytes of an input come from, decompressed where need be, and a window to look at them through.

use std::io::{self, Cursor, Read};

use crate::formats::compression::{Codec, Damage, Decoder, Limits, Note, ReadError as DecodeError};

/// What a first read asks for when the size is not known.
const FIRST_READ: usize = 64 * 1024;

/// Bytes that can be read.
pub(crate) type Bytes<'r> = Box<dyn Read + Send + 'r>;

/// What reading can come upon.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The system refused.
    Io(io::Error),
    /// Compressed data that cannot be read. Reading may go on behind it.
    Damaged(Damage),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Io(error)
    }
}

/// An input's bytes.
pub(crate) enum Source<'r> {
    Plain(Bytes<'r>),
    Packed(Box<Decoder<io::Chain<Cursor<Vec<u8>>, Bytes<'r>>>>),
}

impl<'r> Source<'r> {
    /// What is inside a compressed input of which some bytes were read already.
    pub(crate) fn packed(codec: Codec, max_ratio: u64, start: Vec<u8>, rest: Bytes<'r>) -> Source<'r> {
        let limits = Limits { max_ratio, ..Limits::default() };
        Source::Packed(Box::new(Decoder::new(codec, Cursor::new(start).chain(rest), limits)))
    }

    /// Reads once, and again when a signal came between; 0 is the end.
    fn read(&mut self, room: &mut [u8]) -> Result<usize, Fault> {
        loop {
            let interrupted = |error: &io::Error| error.kind() == io::ErrorKind::Interrupted;
            match self {
                Source::Plain(reader) => match reader.read(room) {
                    Err(error) if interrupted(&error) => {}
                    done => return Ok(done?),
                },
                Source::Packed(decoder) => match decoder.read(room) {
                    Err(DecodeError::Io(error)) if interrupted(&error) => {}
                    Err(DecodeError::Io(error)) => return Err(Fault::Io(error)),
                    Err(DecodeError::Damaged(damage)) => return Err(Fault::Damaged(damage)),
                    Ok(read) => return Ok(read),
                },
            }
        }
    }

    /// How many bytes of a compressed input were decompressed.
    pub(crate) fn packed_bytes(&self) -> Option<u64> {
        match self {
            Source::Plain(_) => None,
            Source::Packed(decoder) => Some(decoder.bytes_in()),
        }
    }

    /// What was noticed that is no damage.
    pub(crate) fn notes(&self) -> &[Note] {
        match self {
            Source::Plain(_) => &[],
            Source::Packed(decoder) => decoder.notes(),
        }
    }
}

/// A window on the bytes of an input: those that were read and not yet used up.
#[derive(Debug, Default)]
pub(crate) struct Window {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    offset: u64,
    ended: bool,
    /// The size of a regular file, which spares the read that would only tell that it is over.
    size: Option<u64>,
}

impl Window {
    /// The same memory, for a file that is so large as the system says. Files below /proc say 0 and are not empty.
    pub(crate) fn of_size(self, size: u64) -> Window {
        Window { size: Some(size).filter(|&size| size > 0), ..self }
    }

    /// The bytes in it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Where they begin in the input.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether the input ends behind them.
    pub(crate) fn is_at_end(&self) -> bool {
        self.ended
    }

    /// Reads until so many bytes are in it, or the input ends.
    pub(crate) fn fill(&mut self, source: &mut Source<'_>, wanted: usize) -> Result<(), Fault> {
        while !self.ended && self.bytes().len() < wanted {
            self.fill_some(source, self.next_size().min(wanted))?;
        }
        Ok(())
    }

    /// How much it should hold next: all that the system says is there and a byte more, or twice as much as now. What is
    /// wanted may be far more than there is, and memory is only taken for what is.
    fn next_size(&self) -> usize {
        let here = self.bytes().len();
        let so_far = self.offset + here as u64;
        match self.size.filter(|&size| size >= so_far).map(|size| usize::try_from(size - so_far)) {
            Some(Ok(missing)) => here.saturating_add(missing).saturating_add(1),
            _ => (here * 2).max(FIRST_READ),
        }
    }

    /// Reads once: whatever there is, as far as there is room for so many bytes in all.
    pub(crate) fn fill_some(&mut self, source: &mut Source<'_>, wanted: usize) -> Result<(), Fault> {
        self.make_room(wanted);
        if self.ended || self.end == self.bytes.len() {
            return Ok(());
        }
        let room = self.bytes.len() - self.end;
        let read = source.read(&mut self.bytes[self.end..])?;
        self.end += read;
        let so_far = self.offset + (self.end - self.start) as u64;
        self.ended = read == 0 || (read < room && self.size == Some(so_far));
        Ok(())
    }

    fn make_room(&mut self, wanted: usize) {
        if self.start > 0 && self.start + wanted > self.bytes.len() {
            self.bytes.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.bytes.len() < self.start + wanted {
            self.bytes.resize(self.start + wanted, 0);
        }
    }

    /// Uses up the first bytes.
    pub(crate) fn consume(&mut self, count: usize) {
        self.start += count.min(self.end - self.start);
        self.offset += count as u64;
    }

    /// Takes the first bytes out, without copying them where they are most of what is there.
    pub(crate) fn take(&mut self, count: usize) -> Vec<u8> {
        let tail = self.bytes[self.start + count..self.end].to_vec();
        let mut taken = std::mem::take(&mut self.bytes);
        taken.truncate(self.start + count);
        taken.drain(..self.start);
        self.offset += count as u64;
        (self.start, self.end) = (0, tail.len());
        self.bytes = tail;
        taken
    }

    /// Makes it ready for another input, with its memory unless that is unusually much.
    pub(crate) fn reset(&mut self) {
        /// Memory above this is given back after the document that needed it.
        const KEPT: usize = 1024 * 1024;
        let mut bytes = std::mem::take(&mut self.bytes);
        if bytes.len() > KEPT {
            bytes = Vec::new();
        }
        *self = Window { bytes, ..Window::default() };
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
    fn a_window_is_filled_whatever_the_reads_give() {
        for slow in [false, true] {
            let mut source =
                Source::Plain(if slow { Box::new(Slow(b"hello you")) } else { Box::new(&b"hello you"[..]) });
            let mut window = Window::default();
            window.fill(&mut source, 5).expect("read");
            assert!(window.bytes().starts_with(b"hello") && !window.is_at_end());
            assert_eq!(window.take(5), b"hello");
            window.fill(&mut source, 100).expect("read");
            assert_eq!((window.bytes(), window.offset(), window.is_at_end()), (&b" you"[..], 5, true));
            window.consume(4);
            assert_eq!((window.bytes(), window.offset()), (&b""[..], 9));
        }
    }

    #[test]
    fn bytes_may_be_used_up_between_reads() {
        let mut source = Source::Plain(Box::new(&b"abcdefghij"[..]));
        let mut window = Window { offset: 3, ..Window::default() };
        window.fill(&mut source, 4).expect("read");
        window.consume(3);
        window.fill(&mut source, 4).expect("read");
        assert_eq!((window.bytes(), window.offset()), (&b"defg"[..], 6));
    }
}
