//! The header of a zstd frame (RFC 8878, 3.1.1.1).

use crate::formats::compression::DamageKind;

/// What a frame's header says that decides whether it is read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// How much of its output the frame refers back to, in bytes.
    pub(crate) window: u64,
    /// The number of its dictionary; 0 for none.
    pub(crate) dictionary: u32,
    pub(crate) has_checksum: bool,
}

/// The bytes of a header with this descriptor, its magic included.
pub(crate) fn length(descriptor: u8) -> usize {
    5 + usize::from(!is_single_segment(descriptor)) + dictionary_length(descriptor) + size_length(descriptor)
}

fn is_single_segment(descriptor: u8) -> bool {
    descriptor & 1 << 5 != 0
}

fn dictionary_length(descriptor: u8) -> usize {
    match descriptor & 0b11 {
        0 => 0,
        1 => 1,
        2 => 2,
        _ => 4,
    }
}

fn size_length(descriptor: u8) -> usize {
    match descriptor >> 6 {
        0 => usize::from(is_single_segment(descriptor)),
        1 => 2,
        2 => 4,
        _ => 8,
    }
}

impl Header {
    /// Reads a complete header.
    ///
    /// # Errors
    /// If bits are set that must not be.
    pub(crate) fn read(bytes: &[u8]) -> Result<Header, DamageKind> {
        let [_, _, _, _, descriptor, fields @ ..] = bytes else { return Err(DamageKind::Corrupt) };
        if descriptor & 1 << 3 != 0 {
            return Err(DamageKind::Unsupported);
        }
        let (window_field, fields) = fields.split_at(usize::from(!is_single_segment(*descriptor)).min(fields.len()));
        let (dictionary, size) = fields.split_at(dictionary_length(*descriptor).min(fields.len()));
        let window = match window_field {
            &[window] => window_size(window),
            // The two-byte field counts from 256, which is nothing beside a window's limit.
            _ => little_endian(size),
        };
        let dictionary = u32::try_from(little_endian(dictionary)).unwrap_or(u32::MAX);
        Ok(Header { window, dictionary, has_checksum: descriptor & 1 << 2 != 0 })
    }

    /// Tells whether the frame may be read.
    ///
    /// # Errors
    /// If it needs a dictionary or too much memory.
    pub(crate) fn check(&self, max_window: u64) -> Result<(), DamageKind> {
        if self.window > max_window {
            return Err(DamageKind::Window { bytes: self.window, allowed: max_window });
        }
        if self.dictionary != 0 {
            return Err(DamageKind::Dictionary { id: self.dictionary });
        }
        Ok(())
    }
}

/// RFC 8878, 3.1.1.1.2: a power of two and eighths of it.
fn window_size(field: u8) -> u64 {
    let base = 1u64 << (10 + (field >> 3));
    base + base / 8 * u64::from(field & 0b111)
}

fn little_endian(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_window_is_refused_by_its_size() {
        let header = Header::read(&[0x28, 0xb5, 0x2f, 0xfd, 0, 0xff]);
        let Ok(header) = header else { panic!("a valid header was refused") };
        assert_eq!(header.window, 15 << 38);
        assert!(matches!(header.check(1 << 27), Err(DamageKind::Window { allowed: 134_217_728, .. })));
    }

    #[test]
    fn a_single_segment_is_a_window_of_its_content() {
        let bytes = [0x28, 0xb5, 0x2f, 0xfd, 0b1110_0100, 0, 0, 0, 0, 0, 0, 0, 0x40];
        assert_eq!(length(bytes[4]), bytes.len());
        assert_eq!(Header::read(&bytes), Ok(Header { window: 1 << 62, dictionary: 0, has_checksum: true }));
    }

    #[test]
    fn a_dictionary_is_named() {
        let bytes = [0x28, 0xb5, 0x2f, 0xfd, 0b0000_0010, 0, 0x39, 0x30];
        assert_eq!(length(bytes[4]), bytes.len());
        let Ok(header) = Header::read(&bytes) else { panic!("a valid header was refused") };
        assert_eq!(header.check(1 << 27), Err(DamageKind::Dictionary { id: 12345 }));
    }
}
