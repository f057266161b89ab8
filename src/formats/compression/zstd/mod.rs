//! zstd frames and skippable frames (RFC 8878).
//!
//! Frame and block headers are read here, and the library is given one block at a time: when it meets a fault it tells
//! nothing of what it decoded in the same call, so a call must hold no more than what may be lost.

mod header;

use ::zstd::zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, ResetDirective};

use self::header::Header;
use crate::formats::compression::DamageKind;
use crate::formats::compression::gather::{Gather, take};
use crate::formats::compression::magic;
use crate::formats::compression::member::{Member, Outcome, Step};

/// RFC 8878, 3.1.1.2.4: the largest block.
const LARGEST_BLOCK: u64 = 128 << 10;

/// Decodes zstd frames.
pub(crate) struct Zstd {
    library: Library,
    max_window: u64,
    part: Part,
    gather: Gather,
    has_checksum: bool,
}

#[derive(Clone, Copy)]
enum Part {
    Magic,
    SkippableLength,
    Skippable { left: u64 },
    Header,
    BlockHeader,
    Block { left: u64, last: bool },
    Checksum,
    Complete,
}

/// The library's state, which takes all parts of a frame in their order.
struct Library {
    context: DCtx<'static>,
    /// The last call filled its room, so there may be more output.
    full: bool,
}

impl Library {
    fn begin(&mut self) {
        // A session can always be reset; should that change, the next frame fails instead.
        let _ = self.context.reset(ResetDirective::SessionOnly);
        self.full = false;
    }

    /// Gives some of a block; returns the bytes read and written.
    fn feed(&mut self, input: &[u8], room: &mut [u8]) -> Result<(usize, usize), DamageKind> {
        let mut from = InBuffer::around(input);
        let mut to = OutBuffer::around(room);
        self.context.decompress_stream(&mut to, &mut from).map_err(|_| DamageKind::Corrupt)?;
        let (read, written) = (from.pos(), to.pos());
        self.full = written == room.len();
        Ok((read, written))
    }

    /// Gives a part for which nothing is written: a header, or a checksum.
    fn feed_header(&mut self, bytes: &[u8]) -> Result<(), DamageKind> {
        let fed = self.feed(bytes, &mut [])?;
        self.full = false;
        if fed == (bytes.len(), 0) { Ok(()) } else { Err(DamageKind::Corrupt) }
    }
}

impl Zstd {
    pub(crate) fn new(max_window: u64) -> Zstd {
        let mut context = DCtx::create();
        // The limit is checked here, too; a limit the library does not know leaves its own one standing.
        let _ = context.set_parameter(DParameter::WindowLogMax(max_window.max(1).ilog2()));
        let library = Library { context, full: false };
        Zstd { library, max_window, part: Part::Magic, gather: Gather::new(), has_checksum: false }
    }

    fn read_magic(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        match self.gather.top_up(4, rest) {
            None => Ok(None),
            Some(magic) if magic::is_skippable(magic) => {
                self.gather.clear();
                Ok(Some(Part::SkippableLength))
            }
            Some([0x28, 0xb5, 0x2f, 0xfd]) => Ok(Some(Part::Header)),
            Some([0x22..=0x27, 0xb5, 0x2f, 0xfd]) => Err(DamageKind::Unsupported),
            Some(_) => Err(DamageKind::Corrupt),
        }
    }

    fn read_skippable_length(&mut self, rest: &mut &[u8]) -> Option<Part> {
        match self.gather.field(4, rest) {
            Some(&[a, b, c, d]) => Some(Part::Skippable { left: u64::from(u32::from_le_bytes([a, b, c, d])) }),
            _ => None,
        }
    }

    fn read_header(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        let Some(&[_, _, _, _, descriptor]) = self.gather.top_up(5, rest).and_then(|held| held.get(..5)) else {
            return Ok(None);
        };
        let length = header::length(descriptor);
        let Some(bytes) = self.gather.field(length, rest) else { return Ok(None) };
        let header = Header::read(bytes)?;
        header.check(self.max_window)?;
        self.has_checksum = header.has_checksum;
        self.library.feed_header(bytes)?;
        Ok(Some(Part::BlockHeader))
    }

    fn read_block_header(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        let Some(&[a, b, c]) = self.gather.field(3, rest) else { return Ok(None) };
        let bits = u32::from_le_bytes([a, b, c, 0]);
        let size = u64::from(bits >> 3);
        let left = match bits >> 1 & 0b11 {
            0 | 2 if size <= LARGEST_BLOCK => size,
            1 if size <= LARGEST_BLOCK => 1,
            _ => return Err(DamageKind::Corrupt),
        };
        self.library.feed_header(&[a, b, c])?;
        let last = bits & 1 == 1;
        Ok(Some(if left == 0 { self.behind_block(last) } else { Part::Block { left, last } }))
    }

    fn behind_block(&self, last: bool) -> Part {
        match (last, self.has_checksum) {
            (false, _) => Part::BlockHeader,
            (true, true) => Part::Checksum,
            (true, false) => Part::Complete,
        }
    }

    fn read_checksum(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        let Some(&[a, b, c, d]) = self.gather.field(4, rest) else { return Ok(None) };
        self.library.feed_header(&[a, b, c, d]).map_err(|_| DamageKind::Checksum)?;
        Ok(Some(Part::Complete))
    }

    /// Reads whatever writes nothing, and returns what comes next, or nothing if that takes more input.
    fn read_part(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        match self.part {
            Part::Magic => self.read_magic(rest),
            Part::SkippableLength => Ok(self.read_skippable_length(rest)),
            Part::Skippable { mut left } => {
                take(&mut left, rest);
                self.part = Part::Skippable { left };
                Ok((left == 0).then_some(Part::Complete))
            }
            Part::Header => self.read_header(rest),
            Part::BlockHeader => self.read_block_header(rest),
            Part::Checksum => self.read_checksum(rest),
            Part::Block { .. } | Part::Complete => Ok(None),
        }
    }

    /// Decodes some of a block; returns the bytes written.
    fn read_block(
        &mut self,
        mut left: u64,
        last: bool,
        rest: &mut &[u8],
        room: &mut [u8],
    ) -> Result<usize, DamageKind> {
        let piece = &rest[..usize::try_from(left).unwrap_or(usize::MAX).min(rest.len())];
        let (read, written) = self.library.feed(piece, room)?;
        if read == 0 && written == 0 {
            return Err(DamageKind::Corrupt);
        }
        *rest = rest.get(read..).unwrap_or_default();
        left = left.saturating_sub(read as u64);
        self.part = if left == 0 { self.behind_block(last) } else { Part::Block { left, last } };
        Ok(written)
    }

    fn advance(&mut self, rest: &mut &[u8], room: &mut [u8], written: &mut usize) -> Result<Outcome, DamageKind> {
        loop {
            let room = room.get_mut(*written..).unwrap_or_default();
            if room.is_empty() {
                return Ok(Outcome::Going);
            }
            if self.library.full {
                *written += self.library.feed(&[], room)?.1;
                continue;
            }
            match self.part {
                Part::Complete => return Ok(Outcome::Ended),
                Part::Block { .. } if rest.is_empty() => return Ok(Outcome::Going),
                Part::Block { left, last } => *written += self.read_block(left, last, rest, room)?,
                _ => match self.read_part(rest)? {
                    Some(part) => self.part = part,
                    None => return Ok(Outcome::Going),
                },
            }
        }
    }
}

impl Member for Zstd {
    fn begin(&mut self) {
        self.library.begin();
        self.part = Part::Magic;
        self.gather.clear();
    }

    fn step(&mut self, input: &[u8], room: &mut [u8]) -> Step {
        let mut rest = input;
        let mut written = 0;
        let outcome = self.advance(&mut rest, room, &mut written).unwrap_or_else(Outcome::Failed);
        Step { read: input.len() - rest.len(), written, outcome }
    }
}
