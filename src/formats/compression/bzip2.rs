//! bzip2 streams.

use bzip2::{Decompress, Error, Status};

use crate::formats::compression::DamageKind;
use crate::formats::compression::gather::Tail;
use crate::formats::compression::member::{Member, Outcome, Step};

/// The mark before the checksum of the whole stream, the digits of the square root of π.
const END_MARK: u64 = 0x1772_4538_5090;

/// Decodes bzip2 streams.
pub(crate) struct Bzip2 {
    /// Made anew for each stream, since the library cannot reset it.
    decoder: Option<Decompress>,
    /// The library may hold output.
    pending: bool,
    tail: Tail,
}

impl Bzip2 {
    pub(crate) fn new() -> Bzip2 {
        Bzip2 { decoder: None, pending: false, tail: Tail::new() }
    }

    /// Gives input to the library without room for output, so that a fault met here lies in the input.
    fn feed(&mut self, input: &[u8]) -> (usize, Outcome) {
        let (read, _, result) = self.call(input, &mut []);
        self.tail.push(input.get(..read).unwrap_or_default());
        let outcome = match result {
            Ok(Status::StreamEnd) => Outcome::Ended,
            Ok(_) => Outcome::Going,
            Err(_) if self.stands_behind_end_mark() => Outcome::Failed(DamageKind::Checksum),
            Err(_) => Outcome::Failed(DamageKind::Corrupt),
        };
        (read, outcome)
    }

    /// Takes output from the library without giving input, so that a fault met here is a block's checksum.
    fn drain(&mut self, room: &mut [u8]) -> (usize, Outcome) {
        let (_, written, result) = self.call(&[], room);
        let outcome = match result {
            Ok(Status::StreamEnd) => Outcome::Ended,
            Ok(_) => Outcome::Going,
            Err(_) => Outcome::Failed(DamageKind::Checksum),
        };
        self.pending = written == room.len();
        (written, outcome)
    }

    fn call(&mut self, input: &[u8], room: &mut [u8]) -> (usize, usize, Result<Status, Error>) {
        let decoder = self.decoder.get_or_insert_with(|| Decompress::new(false));
        let (read_before, written_before) = (decoder.total_in(), decoder.total_out());
        let result = decoder.decompress(input, room);
        let read = (decoder.total_in() - read_before) as usize;
        let written = (decoder.total_out() - written_before) as usize;
        (read, written, result)
    }

    /// Tells whether the last bits read were the end mark and a checksum, which are not aligned to bytes.
    fn stands_behind_end_mark(&self) -> bool {
        let bits = self.tail.last(11).iter().fold(0u128, |bits, &byte| bits << 8 | u128::from(byte));
        (0..8).any(|padding| (bits >> (32 + padding)) as u64 & ((1 << 48) - 1) == END_MARK)
    }
}

impl Member for Bzip2 {
    fn begin(&mut self) {
        *self = Bzip2::new();
    }

    fn step(&mut self, input: &[u8], room: &mut [u8]) -> Step {
        if self.pending {
            let (written, outcome) = self.drain(room);
            if written > 0 || outcome != Outcome::Going {
                return Step { read: 0, written, outcome };
            }
        }
        let (read, outcome) = self.feed(input);
        if outcome != Outcome::Going {
            return Step { read, written: 0, outcome };
        }
        let (written, outcome) = self.drain(room);
        Step { read, written, outcome }
    }
}
