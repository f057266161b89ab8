//! lz4 frames ("LZ4 Frame Format Description" 1.6.4).
//!
//! Frames are read here and only blocks are decoded by the library: its own frame reader pulls from a `Read` and says
//! nothing of offsets.

mod block;
mod header;

use std::hash::Hasher;

use twox_hash::XxHash32;

use self::block::Blocks;
use self::header::Header;
use crate::formats::compression::DamageKind;
use crate::formats::compression::gather::{Gather, take};
use crate::formats::compression::magic;
use crate::formats::compression::member::{Member, Outcome, Step};

/// The bit of a block's size that says the block is stored as it is.
const STORED: u32 = 1 << 31;

/// Decodes lz4 frames.
pub(crate) struct Lz4 {
    part: Part,
    gather: Gather,
    header: Header,
    blocks: Blocks,
    content: XxHash32,
    content_length: u64,
    /// A block's own checksum was wrong.
    suspect: bool,
}

#[derive(Clone, Copy)]
enum Part {
    Magic,
    SkippableLength,
    Skippable { left: u64 },
    Header,
    BlockSize,
    Block { left: u64, stored: bool },
    BlockChecksum { stored: bool },
    Output,
    ContentChecksum,
    Complete,
}

impl Lz4 {
    pub(crate) fn new() -> Lz4 {
        Lz4 {
            part: Part::Magic,
            gather: Gather::new(),
            header: Header::default(),
            blocks: Blocks::new(),
            content: XxHash32::with_seed(0),
            content_length: 0,
            suspect: false,
        }
    }

    fn read_magic(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        match self.gather.field(4, rest) {
            None => Ok(None),
            Some([0x04, 0x22, 0x4d, 0x18]) => Ok(Some(Part::Header)),
            Some(magic) if magic::is_skippable(magic) => Ok(Some(Part::SkippableLength)),
            Some([0x02, 0x21, 0x4c, 0x18]) => Err(DamageKind::Unsupported),
            Some(_) => Err(DamageKind::Corrupt),
        }
    }

    fn read_number(&mut self, rest: &mut &[u8]) -> Option<u32> {
        match self.gather.field(4, rest) {
            Some(&[a, b, c, d]) => Some(u32::from_le_bytes([a, b, c, d])),
            _ => None,
        }
    }

    fn read_header(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        let Some(&[flags, _]) = self.gather.top_up(2, rest).and_then(|held| held.get(..2)) else { return Ok(None) };
        let Some(bytes) = self.gather.field(header::length(flags), rest) else { return Ok(None) };
        self.header = Header::read(bytes)?;
        self.blocks.begin_frame(self.header.largest_block, self.header.linked);
        Ok(Some(Part::BlockSize))
    }

    fn read_block_size(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        let Some(size) = self.read_number(rest) else { return Ok(None) };
        if size == 0 {
            return if self.header.content_checksum { Ok(Some(Part::ContentChecksum)) } else { self.end().map(Some) };
        }
        let left = u64::from(size & !STORED);
        if left > self.header.largest_block as u64 {
            return Err(DamageKind::Corrupt);
        }
        self.blocks.begin_block();
        Ok(Some(Part::Block { left, stored: size & STORED != 0 }))
    }

    fn read_block(&mut self, mut left: u64, stored: bool, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        self.blocks.push(take(&mut left, rest));
        self.part = Part::Block { left, stored };
        if left > 0 {
            return Ok(None);
        }
        if self.header.block_checksums {
            return Ok(Some(Part::BlockChecksum { stored }));
        }
        self.decode_block(stored).map(Some)
    }

    fn read_block_checksum(&mut self, stored: bool, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        let Some(checksum) = self.read_number(rest) else { return Ok(None) };
        self.suspect |= checksum != self.blocks.checksum();
        self.decode_block(stored).map(Some)
    }

    fn decode_block(&mut self, stored: bool) -> Result<Part, DamageKind> {
        let text = self.blocks.decode(stored)?;
        self.content_length += text.len() as u64;
        if self.header.content_checksum {
            self.content.write(text);
        }
        Ok(Part::Output)
    }

    fn read_content_checksum(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        let Some(checksum) = self.read_number(rest) else { return Ok(None) };
        self.suspect |= checksum != self.content.finish_32();
        self.end().map(Some)
    }

    fn end(&self) -> Result<Part, DamageKind> {
        if self.suspect {
            return Err(DamageKind::Checksum);
        }
        match self.header.content_size {
            Some(size) if size != self.content_length => Err(DamageKind::Length),
            _ => Ok(Part::Complete),
        }
    }

    /// Reads whatever writes nothing, and returns what comes next, or nothing if that takes more input.
    fn read_part(&mut self, rest: &mut &[u8]) -> Result<Option<Part>, DamageKind> {
        match self.part {
            Part::Magic => self.read_magic(rest),
            Part::SkippableLength => {
                Ok(self.read_number(rest).map(|length| Part::Skippable { left: u64::from(length) }))
            }
            Part::Skippable { mut left } => {
                take(&mut left, rest);
                self.part = Part::Skippable { left };
                Ok((left == 0).then_some(Part::Complete))
            }
            Part::Header => self.read_header(rest),
            Part::BlockSize => self.read_block_size(rest),
            Part::Block { left, stored } => self.read_block(left, stored, rest),
            Part::BlockChecksum { stored } => self.read_block_checksum(stored, rest),
            Part::ContentChecksum => self.read_content_checksum(rest),
            Part::Output | Part::Complete => Ok(None),
        }
    }

    fn advance(&mut self, rest: &mut &[u8], room: &mut [u8], written: &mut usize) -> Result<Outcome, DamageKind> {
        loop {
            match self.part {
                Part::Complete => return Ok(Outcome::Ended),
                Part::Output => {
                    *written += self.blocks.write(room.get_mut(*written..).unwrap_or_default());
                    if !self.blocks.is_written() {
                        return Ok(Outcome::Going);
                    }
                    self.part = Part::BlockSize;
                }
                _ => match self.read_part(rest)? {
                    Some(part) => self.part = part,
                    None => return Ok(Outcome::Going),
                },
            }
        }
    }
}

impl Member for Lz4 {
    fn begin(&mut self) {
        self.part = Part::Magic;
        self.gather.clear();
        self.content = XxHash32::with_seed(0);
        self.content_length = 0;
        self.suspect = false;
    }

    fn step(&mut self, input: &[u8], room: &mut [u8]) -> Step {
        let mut rest = input;
        let mut written = 0;
        let outcome = self.advance(&mut rest, room, &mut written).unwrap_or_else(Outcome::Failed);
        Step { read: input.len() - rest.len(), written, outcome }
    }
}
