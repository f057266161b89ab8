//! The header of an lz4 frame.

use twox_hash::XxHash32;

use crate::formats::compression::DamageKind;

const VERSION: u8 = 0b1100_0000;
const INDEPENDENT: u8 = 1 << 5;
const BLOCK_CHECKSUMS: u8 = 1 << 4;
const CONTENT_SIZE: u8 = 1 << 3;
const CONTENT_CHECKSUM: u8 = 1 << 2;
const RESERVED: u8 = 1 << 1;
const DICTIONARY: u8 = 1;

/// What a frame's header says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Header {
    /// No block gives more bytes than this: 64 KiB to 4 MiB.
    pub(crate) largest_block: usize,
    /// Blocks refer to the text of those before them.
    pub(crate) linked: bool,
    pub(crate) block_checksums: bool,
    pub(crate) content_checksum: bool,
    pub(crate) content_size: Option<u64>,
}

/// The bytes of a header with these flags, from the flags to its checksum.
pub(crate) fn length(flags: u8) -> usize {
    3 + if flags & CONTENT_SIZE != 0 { 8 } else { 0 } + if flags & DICTIONARY != 0 { 4 } else { 0 }
}

impl Header {
    /// Reads a header, from its flags to its checksum.
    ///
    /// # Errors
    /// If its checksum is wrong, it is of another version, or it needs a dictionary.
    pub(crate) fn read(bytes: &[u8]) -> Result<Header, DamageKind> {
        let [fields @ .., checksum] = bytes else { return Err(DamageKind::Corrupt) };
        let [flags, sizes, behind @ ..] = fields else { return Err(DamageKind::Corrupt) };
        if XxHash32::oneshot(0, fields) >> 8 & 0xff != u32::from(*checksum) {
            return Err(DamageKind::Corrupt);
        }
        if flags & VERSION != 0b0100_0000 || flags & RESERVED != 0 || sizes & 0b1000_1111 != 0 {
            return Err(DamageKind::Unsupported);
        }
        let (size, dictionary) = behind.split_at(if flags & CONTENT_SIZE != 0 { 8.min(behind.len()) } else { 0 });
        if let &[a, b, c, d] = dictionary {
            return Err(DamageKind::Dictionary { id: u32::from_le_bytes([a, b, c, d]) });
        }
        Ok(Header {
            largest_block: largest_block(*sizes)?,
            linked: flags & INDEPENDENT == 0,
            block_checksums: flags & BLOCK_CHECKSUMS != 0,
            content_checksum: flags & CONTENT_CHECKSUM != 0,
            content_size: size.try_into().ok().map(u64::from_le_bytes),
        })
    }
}

fn largest_block(sizes: u8) -> Result<usize, DamageKind> {
    match sizes >> 4 & 0b111 {
        class @ 4..=7 => Ok(1 << (8 + 2 * class)),
        _ => Err(DamageKind::Corrupt),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_checksum(fields: &[u8]) -> Vec<u8> {
        let mut bytes = fields.to_vec();
        bytes.push((XxHash32::oneshot(0, fields) >> 8) as u8);
        bytes
    }

    #[test]
    fn block_sizes_are_those_of_the_format() {
        for (class, largest) in [(4, 64 << 10), (5, 256 << 10), (6, 1 << 20), (7, 4 << 20)] {
            let header = Header::read(&with_checksum(&[0b0110_0000, class << 4]));
            assert_eq!(header.map(|header| header.largest_block), Ok(largest));
        }
        assert_eq!(Header::read(&with_checksum(&[0b0110_0000, 3 << 4])), Err(DamageKind::Corrupt));
    }

    #[test]
    fn a_dictionary_is_named() {
        let bytes = with_checksum(&[0b0110_0001, 4 << 4, 9, 0, 0, 0]);
        assert_eq!(length(bytes[0]), bytes.len());
        assert_eq!(Header::read(&bytes), Err(DamageKind::Dictionary { id: 9 }));
    }

    #[test]
    fn a_wrong_header_checksum_is_damage() {
        assert_eq!(Header::read(&[0b0110_0000, 4 << 4, 0]), Err(DamageKind::Corrupt));
    }
}
