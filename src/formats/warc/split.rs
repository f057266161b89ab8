//! Cuts what has been read so far into records and damage.

use super::damage::DamageKind;
use super::frame::Frame;
use super::resync::{Found, find};

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How the first bytes of a buffer can be cut off.
///
/// The pieces of all cuts, one behind the other, are the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The first so many bytes are whole records, for [`records`](super::records). None at all at the end of the input.
    Records(usize),
    /// The first so many bytes are blank lines, or a byte order mark, that belong to no record: at the start of a file,
    /// behind a large record, or more than sixteen bytes behind any.
    Blank(usize),
    /// Nothing can be cut off yet: more bytes are needed, see [`Splitter::wanted`]. Never at the end.
    More,
    /// The first `len` bytes are no record. Damage whose end has not been seen comes in pieces.
    Damaged {
        /// How many bytes are damaged.
        len: usize,
        /// What is wrong with them.
        kind: DamageKind,
        /// Whether they go on with the damage that the cut before named.
        continued: bool,
    },
    /// A record that is longer than the limit. The next `len` bytes, more than the buffer holds as a rule, are passed
    /// on by the caller, who then asks for the next cut; the input may end before.
    Large {
        /// The length of the header and the block, as the header says it; nothing in what is known speaks against it.
        len: u64,
        /// The length of the header alone.
        header: usize,
    },
}

/// Cuts an input, read piece by piece into a buffer, at the ends of its records.
///
/// What a cut names must be gone from the buffer when the next one is asked for. Where it cuts does not depend on how
/// the bytes arrive; only damage may come in more pieces or in fewer. The time is linear in the input's length. So that
/// the caller's is, too, the rest of a buffer should not be moved to its start before half of the buffer is used up.
#[derive(Clone, Debug)]
pub struct Splitter {
    limit: usize,
    wanted: usize,
    damage: Option<Ongoing>,
}

/// Damage whose end has not been seen.
#[derive(Clone, Copy, Debug)]
struct Ongoing {
    kind: DamageKind,
    /// Whether the next byte begins a line.
    line_start: bool,
    /// Whether a cut has named it.
    continued: bool,
}

impl Splitter {
    /// Begins at the start of an input. Records of more than `limit` bytes, header and block, are not asked for as a
    /// whole.
    pub fn new(limit: usize) -> Splitter {
        Splitter { limit, wanted: 0, damage: None }
    }

    /// How many bytes the buffer should hold when a cut is asked for again, after [`Cut::More`].
    ///
    /// At most the limit and a few bytes, or 96 kB if that is more.
    pub fn wanted(&self) -> usize {
        self.wanted
    }

    /// Cuts off what can be cut off; `at_end` says that nothing follows the buffer.
    pub fn cut(&mut self, bytes: &[u8], at_end: bool) -> Cut {
        if bytes.len() < self.wanted && !at_end {
            return Cut::More;
        }
        self.wanted = 0;
        if let Some(damage) = self.damage.take() {
            return self.damaged(bytes, 0, damage, at_end);
        }
        match blank_len(bytes) {
            0 if bytes.len() < BYTE_ORDER_MARK.len() && BYTE_ORDER_MARK.starts_with(bytes) && !at_end => {
                self.more(bytes.len() + 1)
            }
            0 => self.run(bytes, at_end),
            len => Cut::Blank(len),
        }
    }

    /// A run of whole records, or what stands where the first should.
    fn run(&mut self, bytes: &[u8], at_end: bool) -> Cut {
        let mut end = 0;
        while let Some(rest @ [_, ..]) = bytes.get(end..) {
            match Frame::of(rest, self.limit, at_end) {
                Frame::Record { len } => end += len,
                _ if end > 0 => break,
                Frame::Large { len, header } => return Cut::Large { len, header },
                Frame::Wanted(len) => return self.more(len),
                Frame::Damaged(kind) => {
                    let damage = Ongoing { kind, line_start: false, continued: false };
                    return self.damaged(bytes, 1, damage, at_end);
                }
            }
        }
        Cut::Records(end)
    }

    /// Damage up to the next record at `from` or behind it. Where that is the first byte, the damage is over.
    fn damaged(&mut self, bytes: &[u8], from: usize, damage: Ongoing, at_end: bool) -> Cut {
        let Ongoing { kind, continued, .. } = damage;
        match find(bytes, from, damage.line_start) {
            Found::At(0) => self.run(bytes, at_end),
            Found::At(len) => Cut::Damaged { len, kind, continued },
            Found::NotBefore(_) if at_end && bytes.is_empty() => Cut::Records(0),
            Found::NotBefore(_) if at_end => Cut::Damaged { len: bytes.len(), kind, continued },
            Found::NotBefore(0) => {
                self.damage = Some(damage);
                self.more(bytes.len() + 1)
            }
            Found::NotBefore(len) => {
                let line_start = bytes.get(len - 1) == Some(&b'\n');
                self.damage = Some(Ongoing { kind, line_start, continued: true });
                Cut::Damaged { len, kind, continued }
            }
        }
    }

    fn more(&mut self, wanted: usize) -> Cut {
        self.wanted = wanted;
        Cut::More
    }
}

/// The length of what stands before a record: a byte order mark, line ends.
fn blank_len(bytes: &[u8]) -> usize {
    let mark = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    mark + bytes.iter().skip(mark).take_while(|byte| matches!(byte, b'\r' | b'\n')).count()
}
