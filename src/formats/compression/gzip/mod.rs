//! gzip members (RFC 1952): a header, a deflate stream, a checksum and a length.
//!
//! Header and trailer are read here and only the deflate stream by the library, so that every offset is exact and one
//! inflater serves all members of an input.

mod header;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use self::header::Header;
use crate::formats::compression::DamageKind;
use crate::formats::compression::gather::Gather;
use crate::formats::compression::member::{Member, Outcome, Step};

/// Decodes gzip members.
pub(crate) struct Gzip {
    part: Part,
    header: Header,
    inflater: Decompress,
    crc: Crc,
    trailer: Gather,
}

enum Part {
    Header,
    Deflate,
    Trailer,
}

impl Gzip {
    pub(crate) fn new() -> Gzip {
        Gzip {
            part: Part::Header,
            header: Header::new(),
            inflater: Decompress::new(false),
            crc: Crc::new(),
            trailer: Gather::new(),
        }
    }

    fn inflate(&mut self, rest: &mut &[u8], room: &mut [u8]) -> (usize, Outcome) {
        let (read_before, written_before) = (self.inflater.total_in(), self.inflater.total_out());
        let result = self.inflater.decompress(rest, room, FlushDecompress::None);
        let read = (self.inflater.total_in() - read_before) as usize;
        let written = ((self.inflater.total_out() - written_before) as usize).min(room.len());
        *rest = rest.get(read..).unwrap_or_default();
        self.crc.update(&room[..written]);
        let outcome = match result {
            Ok(Status::StreamEnd) => Outcome::Ended,
            Ok(Status::Ok | Status::BufError) => Outcome::Going,
            Err(_) => Outcome::Failed(DamageKind::Corrupt),
        };
        (written, outcome)
    }

    fn check(&self, trailer: [u8; 8]) -> Outcome {
        let [a, b, c, d, e, f, g, h] = trailer;
        let length = self.inflater.total_out() as u32;
        if u32::from_le_bytes([a, b, c, d]) != self.crc.sum() || self.header.is_suspect() {
            Outcome::Failed(DamageKind::Checksum)
        } else if u32::from_le_bytes([e, f, g, h]) != length {
            Outcome::Failed(DamageKind::Length)
        } else {
            Outcome::Ended
        }
    }

    fn read_trailer(&mut self, rest: &mut &[u8]) -> Outcome {
        match self.trailer.field(8, rest).map(<[u8; 8]>::try_from) {
            Some(Ok(trailer)) => self.check(trailer),
            _ => Outcome::Going,
        }
    }
}

impl Member for Gzip {
    fn begin(&mut self) {
        self.part = Part::Header;
        self.header = Header::new();
        self.inflater.reset(false);
        self.crc.reset();
        self.trailer.clear();
    }

    fn step(&mut self, input: &[u8], room: &mut [u8]) -> Step {
        let mut rest = input;
        let mut written = 0;
        let mut outcome = Outcome::Going;
        if let Part::Header = self.part {
            match self.header.read(&mut rest) {
                Ok(true) => self.part = Part::Deflate,
                Ok(false) => {}
                Err(kind) => outcome = Outcome::Failed(kind),
            }
        }
        if let Part::Deflate = self.part {
            (written, outcome) = self.inflate(&mut rest, room);
            if outcome == Outcome::Ended {
                self.part = Part::Trailer;
                outcome = Outcome::Going;
            }
        }
        if let Part::Trailer = self.part {
            outcome = self.read_trailer(&mut rest);
        }
        Step { read: input.len() - rest.len(), written, outcome }
    }
}
