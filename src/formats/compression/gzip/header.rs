//! The header of a gzip member, of which nothing is kept.

use flate2::Crc;
use memchr::memchr;

use crate::formats::compression::DamageKind;
use crate::formats::compression::gather::{Gather, take};

const DEFLATE: u8 = 8;
const HEADER_CRC: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// Reads a header over pieces of input, however long its fields are.
pub(crate) struct Header {
    part: Part,
    gather: Gather,
    flags: u8,
    /// The checksum of the header so far, kept only where one is to be compared with it.
    crc: Option<Crc>,
    suspect: bool,
}

#[derive(Clone, Copy)]
enum Part {
    Fixed,
    ExtraLength,
    Extra { left: u64 },
    Name,
    Comment,
    Checksum,
    Complete,
}

impl Header {
    pub(crate) fn new() -> Header {
        Header { part: Part::Fixed, gather: Gather::new(), flags: 0, crc: None, suspect: false }
    }

    /// Tells whether the header's own checksum was wrong, which says nothing certain about the text behind it.
    pub(crate) fn is_suspect(&self) -> bool {
        self.suspect
    }

    /// Reads on, and returns whether the header is complete.
    ///
    /// # Errors
    /// If these bytes are no gzip header.
    pub(crate) fn read(&mut self, rest: &mut &[u8]) -> Result<bool, DamageKind> {
        loop {
            let before = *rest;
            let next = match self.part {
                Part::Fixed => self.read_fixed(rest)?,
                Part::ExtraLength => self.read_extra_length(rest),
                Part::Extra { mut left } => {
                    take(&mut left, rest);
                    self.part = Part::Extra { left };
                    (left == 0).then(|| self.behind_extra())
                }
                Part::Name => skip_text(rest).then(|| self.behind_name()),
                Part::Comment => skip_text(rest).then(|| self.behind_comment()),
                Part::Checksum => self.read_checksum(rest),
                Part::Complete => return Ok(true),
            };
            if let (Some(crc), Part::ExtraLength | Part::Extra { .. } | Part::Name | Part::Comment) =
                (&mut self.crc, self.part)
            {
                crc.update(&before[..before.len() - rest.len()]);
            }
            match next {
                Some(part) => self.part = part,
                None => return Ok(false),
            }
        }
    }

    fn read_fixed(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        let Some(fixed) = self.gather.field(10, rest) else { return Ok(None) };
        let &[0x1f, 0x8b, DEFLATE, flags, ..] = fixed else { return Err(DamageKind::Corrupt) };
        if flags & RESERVED != 0 {
            return Err(DamageKind::Corrupt);
        }
        if flags & HEADER_CRC != 0 {
            self.crc.insert(Crc::new()).update(fixed);
        }
        self.flags = flags;
        Ok(Some(if flags & EXTRA != 0 { Part::ExtraLength } else { self.behind_extra() }))
    }

    fn read_extra_length(&mut self, rest: &mut &[u8]) -> Option<Part> {
        match self.gather.field(2, rest) {
            Some(&[low, high]) => Some(Part::Extra { left: u64::from(u16::from_le_bytes([low, high])) }),
            _ => None,
        }
    }

    fn read_checksum(&mut self, rest: &mut &[u8]) -> Option<Part> {
        let Some(&[low, high]) = self.gather.field(2, rest) else { return None };
        let counted = self.crc.as_ref().map(|crc| crc.sum() as u16);
        self.suspect = counted != Some(u16::from_le_bytes([low, high]));
        Some(Part::Complete)
    }

    fn behind_extra(&self) -> Part {
        if self.flags & NAME != 0 { Part::Name } else { self.behind_name() }
    }

    fn behind_name(&self) -> Part {
        if self.flags & COMMENT != 0 { Part::Comment } else { self.behind_comment() }
    }

    fn behind_comment(&self) -> Part {
        if self.flags & HEADER_CRC != 0 { Part::Checksum } else { Part::Complete }
    }
}

/// Takes a text off the front of `rest`, and returns whether its closing NUL was seen.
fn skip_text(rest: &mut &[u8]) -> bool {
    let end = memchr(0, rest);
    *rest = end.and_then(|end| rest.get(end + 1..)).unwrap_or_default();
    end.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header with all fields: flags, `extra`, a name, a comment and its checksum.
    fn full(extra: &[u8]) -> Vec<u8> {
        let mut header = vec![0x1f, 0x8b, DEFLATE, HEADER_CRC | EXTRA | NAME | COMMENT, 0, 0, 0, 0, 0, 255];
        header.extend((extra.len() as u16).to_le_bytes());
        header.extend(extra);
        header.extend(b"../../name\0comment\0");
        let mut crc = Crc::new();
        crc.update(&header);
        header.extend((crc.sum() as u16).to_le_bytes());
        header
    }

    #[test]
    fn a_header_is_read_in_pieces_of_any_size() {
        let bytes = full(&[7; 3000]);
        for size in [1, 2, 7, 4000] {
            let mut header = Header::new();
            let mut complete = false;
            for mut piece in bytes.chunks(size) {
                assert!(!complete);
                complete = header.read(&mut piece) == Ok(true);
                assert!(piece.is_empty());
            }
            assert!(complete && !header.is_suspect());
        }
    }

    #[test]
    fn a_wrong_header_checksum_makes_the_member_suspect() {
        let mut bytes = full(b"");
        bytes[14] ^= 1;
        let mut header = Header::new();
        assert_eq!(header.read(&mut &bytes[..]), Ok(true));
        assert!(header.is_suspect());
    }

    #[test]
    fn reserved_flags_are_refused() {
        let mut header = Header::new();
        assert_eq!(header.read(&mut &[0x1f, 0x8b, 8, 0x20, 0, 0, 0, 0, 0, 0][..]), Err(DamageKind::Corrupt));
    }
}
