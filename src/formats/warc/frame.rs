//! A record's place: how long its header, its block, and the blank lines behind it are.

use super::boundary::{Boundary, LOOKAHEAD};
use super::damage::DamageKind;
use super::header::{Header, Unread};
use super::resync::{Found, find};

/// What stands at the start of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A record of so many bytes, with the blank lines behind it.
    Record { len: usize },
    /// A record whose header and block together are longer than the limit.
    Large { len: u64, header: usize },
    /// No record, or none that holds what it says.
    Damaged(DamageKind),
    /// More bytes are needed, so many in all.
    Wanted(usize),
}

impl Frame {
    /// Looks at what begins with the first byte; `at_end` says that the input has no more than these bytes.
    pub(super) fn of(bytes: &[u8], limit: usize, at_end: bool) -> Frame {
        let header = match Header::read(bytes) {
            Ok(header) => header,
            Err(Unread::Damaged(kind)) => return Frame::Damaged(kind),
            Err(Unread::Partial) if at_end => return Frame::Damaged(DamageKind::Truncated),
            // Half as much again, so that a header which comes in drops is not read anew for each.
            Err(Unread::Partial) => return Frame::Wanted(bytes.len() + bytes.len() / 2 + 1),
        };
        let block = match header.block_len() {
            Ok(block) => block,
            Err(kind) => return Frame::Damaged(kind),
        };
        let header = header.bytes().len();
        let len = block + header as u64;
        match usize::try_from(len) {
            Ok(len) if len <= limit => within(bytes, header, len, at_end),
            _ => beyond(bytes, header, len, limit, at_end),
        }
    }
}

/// A record that is to be read as a whole.
fn within(bytes: &[u8], header: usize, len: usize, at_end: bool) -> Frame {
    let Some((record, behind)) = bytes.split_at_checked(len) else {
        return if at_end { Frame::Damaged(cut_off(bytes, header)) } else { Frame::Wanted(len + LOOKAHEAD) };
    };
    match Boundary::of(behind, at_end) {
        Boundary::Sound { blanks } => Frame::Record { len: len + blanks },
        // Something else than a record follows. If a record begins inside, the length has swallowed it.
        Boundary::Closed { blanks } if !holds_start(record, header) => Frame::Record { len: len + blanks },
        Boundary::Closed { .. } | Boundary::Missed => Frame::Damaged(DamageKind::Boundary),
        Boundary::Unknown => Frame::Wanted(len + LOOKAHEAD),
    }
}

/// A record that is longer than the limit: its length is believed if no other record begins before the limit.
fn beyond(bytes: &[u8], header: usize, len: u64, limit: usize, at_end: bool) -> Frame {
    match bytes.get(..limit) {
        Some(known) if holds_start(known, header) => Frame::Damaged(DamageKind::Boundary),
        Some(_) => Frame::Large { len, header },
        None if at_end => Frame::Damaged(cut_off(bytes, header)),
        None => Frame::Wanted(limit),
    }
}

/// The damage of a record that the end of the input, or another record's start, cuts off.
fn cut_off(bytes: &[u8], header: usize) -> DamageKind {
    if holds_start(bytes, header) { DamageKind::Boundary } else { DamageKind::Truncated }
}

fn holds_start(bytes: &[u8], header: usize) -> bool {
    matches!(find(bytes, header, false), Found::At(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 1000;

    fn record(declared: usize, block: &str) -> Vec<u8> {
        format!("WARC/1.0\r\nContent-Length: {declared}\r\n\r\n{block}").into_bytes()
    }

    #[test]
    fn a_record_is_as_long_as_it_says() {
        let bytes = record(5, "hello\r\n\r\nWARC/1.0\r\n");
        assert_eq!(Frame::of(&bytes, LIMIT, false), Frame::Record { len: bytes.len() - 10 });
    }

    #[test]
    fn a_record_that_is_not_whole_says_what_it_wants() {
        assert_eq!(Frame::of(&record(100, "hello"), LIMIT, false), Frame::Wanted(31 + 2 + 100 + LOOKAHEAD));
        assert_eq!(Frame::of(&record(100, "hello"), LIMIT, true), Frame::Damaged(DamageKind::Truncated));
    }

    #[test]
    fn a_length_that_swallows_the_next_record_is_damage() {
        let bytes = record(60, "hello\r\n\r\nWARC/1.0\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n");
        assert_eq!(Frame::of(&bytes, LIMIT, true), Frame::Damaged(DamageKind::Boundary));
        assert_eq!(Frame::of(&record(2, "hello\r\n\r\n"), LIMIT, true), Frame::Damaged(DamageKind::Boundary));
    }

    #[test]
    fn a_record_may_be_followed_by_garbage() {
        let bytes = record(5, "hello\r\n\r\ngarbage");
        assert_eq!(Frame::of(&bytes, LIMIT, false), Frame::Record { len: bytes.len() - 7 });
    }

    #[test]
    fn a_large_record_is_believed_only_as_far_as_the_limit_shows() {
        let bytes = record(1_000_000, &"x".repeat(LIMIT));
        assert_eq!(Frame::of(&bytes, LIMIT, false), Frame::Large { len: 1_000_000 + 35 + 2, header: 37 });
        assert_eq!(Frame::of(&bytes[..500], LIMIT, false), Frame::Wanted(LIMIT));
        let other = record(1_000_000, &format!("x\nWARC/1.0\nA: b\n{}", "x".repeat(LIMIT)));
        assert_eq!(Frame::of(&other, LIMIT, false), Frame::Damaged(DamageKind::Boundary));
    }
}
