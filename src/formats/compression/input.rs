//! The compressed input, with the bytes behind the reading position for stepping back.

use std::io::{self, Read};

/// The size of reads.
const PIECE: usize = 256 << 10;
const FIRST_PIECE: usize = 64 << 10;

/// Reads an input in large pieces and keeps some of what was read.
pub(crate) struct Input<R> {
    inner: R,
    buffer: Vec<u8>,
    /// The unread bytes are `buffer[position..end]`; those before `position` were read.
    position: usize,
    end: usize,
    /// The offset of `buffer[0]` in the input.
    base: u64,
    /// How many read bytes are kept at least.
    keep: usize,
    /// The input said that it ends; it is not asked again.
    ended: bool,
}

impl<R: Read> Input<R> {
    pub(crate) fn new(inner: R, keep: usize) -> Input<R> {
        Input { inner, buffer: Vec::new(), position: 0, end: 0, base: 0, keep, ended: false }
    }

    /// The offset of the next unread byte.
    pub(crate) fn offset(&self) -> u64 {
        self.base + self.position as u64
    }

    pub(crate) fn unread(&self) -> &[u8] {
        &self.buffer[self.position..self.end]
    }

    pub(crate) fn consume(&mut self, count: usize) {
        self.position = self.end.min(self.position.saturating_add(count));
    }

    /// Returns the bytes before the reading position, as far as they are kept and at most `count`.
    pub(crate) fn behind(&self, count: usize) -> &[u8] {
        &self.buffer[self.position.saturating_sub(count)..self.position]
    }

    /// Steps to an offset that was read before, or to the first kept byte behind it.
    pub(crate) fn step_back(&mut self, offset: u64) {
        let position = usize::try_from(offset.saturating_sub(self.base)).unwrap_or(usize::MAX);
        self.position = self.position.min(position);
    }

    /// Reads until `count` bytes are unread or the input ends, and returns the unread ones.
    pub(crate) fn ensure(&mut self, count: usize) -> io::Result<&[u8]> {
        while self.unread().len() < count && self.fill()? > 0 {}
        Ok(self.unread())
    }

    /// Reads some more, and returns how many bytes; 0 at the end of the input.
    pub(crate) fn fill(&mut self) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        self.make_room();
        let room = &mut self.buffer[self.end..];
        let most = room.len().min(PIECE);
        loop {
            match self.inner.read(&mut room[..most]) {
                // A reader that claims more than its room is wrong; the buffer must not grow by it.
                Ok(count) => {
                    let count = count.min(most);
                    self.end += count;
                    self.ended = count == 0;
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Sees to it that a piece can be read: the buffer grows up to its size, then old bytes go.
    fn make_room(&mut self) {
        if self.buffer.len() - self.end >= FIRST_PIECE {
            return;
        }
        let old = self.position.saturating_sub(self.keep);
        // Moving bytes to the front pays only when much becomes free.
        if old >= self.keep.max(PIECE) {
            self.buffer.copy_within(old..self.end, 0);
            self.base += old as u64;
            self.position -= old;
            self.end -= old;
        } else {
            let grown = (self.buffer.len() * 2).clamp(FIRST_PIECE, self.buffer.len() + self.keep + PIECE);
            self.buffer.resize(grown, 0);
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_stays_bounded_and_what_is_kept_can_be_read_again() {
        let bytes: Vec<u8> = (0..8_000_000u32).map(|n| (n % 251) as u8).collect();
        let mut input = Input::new(&bytes[..], 1 << 20);
        loop {
            let unread = input.unread().len();
            input.consume(unread);
            if input.fill().expect("a slice can be read") == 0 {
                break;
            }
        }
        assert_eq!(input.offset(), 8_000_000);
        assert!(input.buffer.len() <= 4 << 20);
        input.step_back(7_000_000);
        assert_eq!(input.offset(), 7_000_000);
        assert_eq!(input.unread(), &bytes[7_000_000..]);
        assert_eq!(input.behind(3), &bytes[6_999_997..7_000_000]);
    }
}
