//! Small fields that may be spread over pieces of input.

/// The longest field: an xz check and what stands around it.
const ROOM: usize = 72;

/// Gathers the bytes of one field after the other.
pub(crate) struct Gather {
    bytes: [u8; ROOM],
    held: usize,
}

impl Gather {
    pub(crate) fn new() -> Gather {
        Gather { bytes: [0; ROOM], held: 0 }
    }

    pub(crate) fn clear(&mut self) {
        self.held = 0;
    }

    /// Takes bytes off the front of `input` until `want` are held.
    ///
    /// Returns them, and the next call begins a new field; nothing, if there are still too few.
    pub(crate) fn field(&mut self, want: usize, input: &mut &[u8]) -> Option<&[u8]> {
        self.top_up(want, input)?;
        self.held = 0;
        self.bytes.get(..want)
    }

    /// Takes bytes off the front of `input` until `want` are held, and goes on holding them.
    ///
    /// Returns them; nothing, if there are still too few.
    pub(crate) fn top_up(&mut self, want: usize, input: &mut &[u8]) -> Option<&[u8]> {
        let missing = want.min(ROOM).saturating_sub(self.held).min(input.len());
        let (taken, rest) = input.split_at(missing);
        self.bytes[self.held..self.held + missing].copy_from_slice(taken);
        self.held += missing;
        *input = rest;
        (self.held >= want).then(|| &self.bytes[..self.held])
    }
}

/// Takes at most `left` bytes off the front of `input`, counts them off, and returns them.
pub(crate) fn take<'a>(left: &mut u64, input: &mut &'a [u8]) -> &'a [u8] {
    let count = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
    let (taken, rest) = input.split_at(count);
    *input = rest;
    *left -= count as u64;
    taken
}

/// The last bytes of what was read, for judging where a decoder stopped.
pub(crate) struct Tail {
    bytes: [u8; ROOM],
}

impl Tail {
    pub(crate) fn new() -> Tail {
        Tail { bytes: [0; ROOM] }
    }

    pub(crate) fn push(&mut self, read: &[u8]) {
        let last = &read[read.len().saturating_sub(ROOM)..];
        self.bytes.rotate_left(last.len());
        self.bytes[ROOM - last.len()..].copy_from_slice(last);
    }

    /// Returns the last `count` bytes; zeros stand before the first byte that was read.
    pub(crate) fn last(&self, count: usize) -> &[u8] {
        &self.bytes[ROOM.saturating_sub(count)..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_may_be_spread_over_pieces() {
        let mut gather = Gather::new();
        let mut input: &[u8] = &[1, 2];
        assert_eq!(gather.field(3, &mut input), None);
        let mut input: &[u8] = &[3, 4, 5];
        assert_eq!(gather.field(3, &mut input), Some(&[1, 2, 3][..]));
        assert_eq!(gather.field(2, &mut input), Some(&[4, 5][..]));
        assert!(input.is_empty());
    }

    #[test]
    fn a_tail_holds_the_last_bytes() {
        let mut tail = Tail::new();
        tail.push(&[9; 100]);
        tail.push(&[1, 2]);
        tail.push(&[3]);
        assert_eq!(tail.last(4), &[9, 1, 2, 3]);
    }
}
