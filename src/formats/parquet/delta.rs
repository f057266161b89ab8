//! How many values a page in one of the delta encodings claims to hold.
//!
//! The crate makes room for as many lengths as such a page claims, so the claim is looked at first. Source:
//! <https://github.com/apache/parquet-format/blob/master/Encodings.md> (`DELTA_BINARY_PACKED`).

use ::parquet::basic::Encoding;

/// The most values of a page for which room is made.
pub(crate) const VALUES: u32 = 1 << 24;

/// Whether the lengths in front of the values of a page are no more than the page has values.
///
/// `values` are the bytes behind the levels. Encodings without such lengths always pass.
pub(crate) fn lengths_are_few(encoding: Encoding, values: &[u8], count: u32) -> bool {
    let count = count.min(VALUES);
    match encoding {
        Encoding::DELTA_LENGTH_BYTE_ARRAY => Packed::read(values, count).is_some(),
        Encoding::DELTA_BYTE_ARRAY => Packed::read(values, count)
            .and_then(|prefixes| prefixes.end())
            .and_then(|end| Packed::read(values.get(end..)?, count))
            .is_some(),
        _ => true,
    }
}

/// Numbers, packed as their differences, in blocks.
#[derive(Debug)]
struct Packed<'a> {
    bytes: &'a [u8],
    at: usize,
    per_miniblock: usize,
    miniblocks: usize,
    /// How many differences follow; the first number stands in the header.
    left: usize,
}

impl<'a> Packed<'a> {
    /// Reads the header; `None` if it is broken or there are more than `most` numbers.
    fn read(bytes: &'a [u8], most: u32) -> Option<Self> {
        let mut packed = Self { bytes, at: 0, per_miniblock: 0, miniblocks: 0, left: 0 };
        let block = packed.varint()?;
        packed.miniblocks = packed.varint()?;
        let count = packed.varint()?;
        packed.varint()?;
        if packed.miniblocks == 0 || block % packed.miniblocks != 0 || count > most as usize {
            return None;
        }
        packed.per_miniblock = block / packed.miniblocks;
        packed.left = count.saturating_sub(1);
        (packed.per_miniblock > 0 && packed.per_miniblock.is_multiple_of(32)).then_some(packed)
    }

    /// Returns where the last block ends. Miniblocks behind the last number are not there, whatever their widths.
    fn end(mut self) -> Option<usize> {
        while self.left > 0 {
            self.varint()?;
            let widths = self.bytes.get(self.at..self.at.checked_add(self.miniblocks)?)?;
            self.at += self.miniblocks;
            for &width in widths {
                if self.left == 0 {
                    break;
                }
                self.at = self.at.checked_add(usize::from(width).checked_mul(self.per_miniblock / 8)?)?;
                self.left = self.left.saturating_sub(self.per_miniblock);
            }
        }
        Some(self.at)
    }

    fn varint(&mut self) -> Option<usize> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return usize::try_from(value).ok();
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A header of blocks of 128 in 4 miniblocks, with `count` numbers, the first of which is 5.
    fn header(count: u8) -> Vec<u8> {
        vec![0x80, 1, 4, count, 10]
    }

    #[test]
    fn more_lengths_than_values_are_too_many() {
        let encoding = Encoding::DELTA_LENGTH_BYTE_ARRAY;
        assert!(lengths_are_few(encoding, &header(3), 3));
        assert!(!lengths_are_few(encoding, &header(4), 3));
        assert!(!lengths_are_few(encoding, &[0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0], 3));
    }

    #[test]
    fn the_second_lengths_are_found_behind_the_first() {
        let mut bytes = header(3);
        bytes.extend_from_slice(&[0, 2, 9, 9, 9]); // one block; only its first miniblock is there, of 2 × 32 bits
        bytes.extend_from_slice(&[0; 8]);
        let end = bytes.len();
        assert_eq!(Packed::read(&bytes, 3).and_then(Packed::end), Some(end));
        bytes.extend(header(3));
        assert!(lengths_are_few(Encoding::DELTA_BYTE_ARRAY, &bytes, 3));
        bytes[end + 3] = 4;
        assert!(!lengths_are_few(Encoding::DELTA_BYTE_ARRAY, &bytes, 3));
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at(bytes in proptest::collection::vec(any::<u8>(), 0..100), count: u32) {
            lengths_are_few(Encoding::DELTA_BYTE_ARRAY, &bytes, count);
        }
    }
}
