//! The blocks of an lz4 frame.

use lz4_flex::block::decompress_into_with_dict;
use twox_hash::XxHash32;

use crate::formats::compression::DamageKind;

/// How far blocks refer back.
const WINDOW: usize = 64 << 10;

/// Gathers blocks, decodes them, and hands out their text. Holds no more than the frame's largest block of each.
pub(crate) struct Blocks {
    largest: usize,
    linked: bool,
    compressed: Vec<u8>,
    /// The decoded block is `text[..end]`, and `text[..handed]` of it was handed out.
    text: Vec<u8>,
    end: usize,
    handed: usize,
    /// The last text before the block, for linked blocks.
    window: Vec<u8>,
}

impl Blocks {
    pub(crate) fn new() -> Blocks {
        Blocks {
            largest: 0,
            linked: false,
            compressed: Vec::new(),
            text: Vec::new(),
            end: 0,
            handed: 0,
            window: Vec::new(),
        }
    }

    pub(crate) fn begin_frame(&mut self, largest: usize, linked: bool) {
        self.largest = largest;
        self.linked = linked;
        self.window.clear();
    }

    pub(crate) fn begin_block(&mut self) {
        self.compressed.clear();
    }

    pub(crate) fn push(&mut self, compressed: &[u8]) {
        self.compressed.extend_from_slice(compressed);
    }

    /// The checksum of the compressed block.
    pub(crate) fn checksum(&self) -> u32 {
        XxHash32::oneshot(0, &self.compressed)
    }

    /// Decodes the block and returns its text, which is then to be written.
    ///
    /// # Errors
    /// If the bytes are no lz4 block, or give more than the frame's largest block.
    pub(crate) fn decode(&mut self, stored: bool) -> Result<&[u8], DamageKind> {
        self.handed = 0;
        if stored {
            std::mem::swap(&mut self.text, &mut self.compressed);
            self.end = self.text.len();
        } else {
            self.end = 0;
            if self.text.len() < self.largest {
                self.text.resize(self.largest, 0);
            }
            let room = &mut self.text[..self.largest];
            self.end = decompress_into_with_dict(&self.compressed, room, &self.window)
                .map_err(|_| DamageKind::Corrupt)?
                .min(self.largest);
        }
        if self.linked {
            self.remember();
        }
        Ok(&self.text[..self.end])
    }

    fn remember(&mut self) {
        let text = &self.text[..self.end];
        let last = &text[text.len().saturating_sub(WINDOW)..];
        let kept = (WINDOW - last.len()).min(self.window.len());
        self.window.drain(..self.window.len() - kept);
        self.window.extend_from_slice(last);
    }

    /// Writes what fits into the room, and returns how many bytes.
    pub(crate) fn write(&mut self, room: &mut [u8]) -> usize {
        let left = &self.text[self.handed..self.end];
        let count = left.len().min(room.len());
        room[..count].copy_from_slice(&left[..count]);
        self.handed += count;
        count
    }

    /// Tells whether all text of the block was written.
    pub(crate) fn is_written(&self) -> bool {
        self.handed == self.end
    }
}
