//! The header of a page: what it is, how large, and how its values are written.
//!
//! Source: <https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift> (`PageHeader`).

use super::thrift::{Kind, Step, Stumble, Walk};
use ::parquet::basic::Encoding;

/// What a page header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageHeader {
    pub(crate) kind: PageKind,
    /// The size of the page when it is decompressed.
    pub(crate) size: usize,
    /// The size of the page in the file.
    pub(crate) stored: usize,
    /// The checksum of the page as it is in the file.
    pub(crate) checksum: Option<u32>,
}

/// What kind of page it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageKind {
    /// A page of the first version; levels and values are compressed together.
    Data { values: u32, encoding: Encoding, definition: Encoding, repetition: Encoding },
    /// A page of the second version; levels stand before the values and are not compressed.
    DataV2 {
        values: u32,
        nulls: u32,
        rows: u32,
        encoding: Encoding,
        definition: u32,
        repetition: u32,
        compressed: bool,
    },
    /// The values that the other pages refer to.
    Dictionary { values: u32, encoding: Encoding, sorted: bool },
    /// A page that holds no values.
    Other,
}

/// The numbers of a header, by their fields.
#[derive(Debug, Default)]
struct Fields {
    top: [Option<i64>; 9],
    data: [Option<i64>; 9],
    dictionary: [Option<i64>; 9],
    data_v2: [Option<i64>; 9],
}

/// Reads the header that some bytes begin with; returns it and its length.
///
/// # Errors
/// The bytes end too early, or are no header.
pub(crate) fn read_header(bytes: &[u8]) -> Result<(PageHeader, usize), Stumble> {
    use Step::Field;
    let mut fields = Fields::default();
    let mut walk = Walk::new(bytes);
    while let Some(item) = walk.next()? {
        let value = match item.kind {
            Kind::Int(value) => value,
            Kind::Bool(value) => i64::from(value),
            _ => continue,
        };
        let (group, id) = match walk.path() {
            [Field(id)] => (&mut fields.top, *id),
            [Field(5), Field(id)] => (&mut fields.data, *id),
            [Field(7), Field(id)] => (&mut fields.dictionary, *id),
            [Field(8), Field(id)] => (&mut fields.data_v2, *id),
            _ => continue,
        };
        if let Some(field) = usize::try_from(id).ok().and_then(|id| group.get_mut(id)) {
            *field = Some(value);
        }
    }
    let header = fields.header().ok_or(Stumble::Bad(0, "no header of a page where one should be"))?;
    Ok((header, walk.at()))
}

impl Fields {
    fn header(&self) -> Option<PageHeader> {
        let [_, kind, size, stored, checksum, ..] = self.top;
        Some(PageHeader {
            kind: self.kind(kind?)?,
            size: size?.try_into().ok()?,
            stored: stored?.try_into().ok()?,
            checksum: checksum.map(|sum| sum as u32),
        })
    }

    fn kind(&self, kind: i64) -> Option<PageKind> {
        Some(match kind {
            0 => {
                let [_, values, encoding, definition, repetition, ..] = self.data;
                let (definition, repetition) = (as_encoding(definition)?, as_encoding(repetition)?);
                PageKind::Data { values: count(values)?, encoding: as_encoding(encoding)?, definition, repetition }
            }
            2 => {
                let [_, values, encoding, sorted, ..] = self.dictionary;
                let sorted = sorted == Some(1);
                PageKind::Dictionary { values: count(values)?, encoding: as_encoding(encoding)?, sorted }
            }
            3 => {
                let [_, values, nulls, rows, encoding, definition, repetition, compressed, _] = self.data_v2;
                PageKind::DataV2 {
                    values: count(values)?,
                    nulls: count(nulls)?,
                    rows: count(rows)?,
                    encoding: as_encoding(encoding)?,
                    definition: count(definition)?,
                    repetition: count(repetition)?,
                    compressed: compressed != Some(0),
                }
            }
            _ => PageKind::Other,
        })
    }
}

/// A count, which the format has as a signed number of 32 bits.
fn count(value: Option<i64>) -> Option<u32> {
    value.and_then(|value| i32::try_from(value).ok()).and_then(|value| u32::try_from(value).ok())
}

fn as_encoding(value: Option<i64>) -> Option<Encoding> {
    #[allow(deprecated, reason = "old files have it")]
    Some(match value? {
        0 => Encoding::PLAIN,
        2 => Encoding::PLAIN_DICTIONARY,
        3 => Encoding::RLE,
        4 => Encoding::BIT_PACKED,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        8 => Encoding::RLE_DICTIONARY,
        9 => Encoding::BYTE_STREAM_SPLIT,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Page of 3 values, of 40 bytes, 20 of them in the file.
    const PLAIN: [u8; 18] = [0x15, 0, 0x15, 80, 0x15, 40, 0x2c, 0x15, 6, 0x15, 0, 0x15, 6, 0x15, 6, 0, 0, 99];

    #[test]
    fn a_header_ends_where_its_page_begins() {
        let kind = PageKind::Data {
            values: 3,
            encoding: Encoding::PLAIN,
            definition: Encoding::RLE,
            repetition: Encoding::RLE,
        };
        assert_eq!(read_header(&PLAIN), Ok((PageHeader { kind, size: 40, stored: 20, checksum: None }, 17)));
    }

    #[test]
    fn a_header_that_goes_on_behind_the_bytes_is_short() {
        for len in 0..17 {
            assert_eq!(read_header(PLAIN.get(..len).unwrap_or_default()), Err(Stumble::Short));
        }
    }

    #[test]
    fn sizes_below_zero_are_no_header() {
        let mut header = PLAIN;
        header[5] = 39;
        assert!(matches!(read_header(&header), Err(Stumble::Bad(..))));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_header_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            if let Ok((_, len)) = read_header(&bytes) {
                prop_assert!(len <= bytes.len());
            }
        }
    }
}
