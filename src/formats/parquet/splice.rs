//! The footer and the indexes of the original, with the numbers put right that changed.
//!
//! All other bytes are copied, so that nothing is lost of what these descriptions say, whether we know it or not.

use super::error::{ParquetError, broken};
use super::footer::stumbled;
use super::thrift::{Item, Kind, Step, Walk, push_int};
use std::ops::Range;

/// Where a column chunk and what belongs to it stand now.
#[derive(Debug, Default, Clone)]
pub(crate) struct Placed {
    /// How far the pages moved.
    pub(crate) shift: i64,
    pub(crate) bloom: Option<i64>,
    pub(crate) value_index: Option<(i64, i64)>,
    /// The index of offsets, as the one before with its length, which may change, since the offsets in it do.
    pub(crate) offset_index: Option<(i64, i64)>,
    /// The new description, where the chunk was written anew.
    pub(crate) description: Option<Vec<u8>>,
}

/// A row group as it is now.
#[derive(Debug, Default, Clone)]
pub(crate) struct PlacedGroup {
    /// Where its first page stands.
    pub(crate) start: i64,
    /// By how much it is larger than it was, decompressed and in the file.
    pub(crate) grown: i64,
    pub(crate) stored_grown: i64,
    /// Whether it may have lost the order that it is said to be sorted in.
    pub(crate) unsorted: bool,
    pub(crate) columns: Vec<Placed>,
}

/// What becomes of a value.
enum Edit {
    Keep,
    Number(i64),
    Bytes(Vec<u8>),
}

/// Returns the footer with everything where it is now.
///
/// # Errors
/// The footer at `at` lists other row groups than `groups`.
pub(crate) fn splice_footer(footer: &[u8], at: u64, groups: &[PlacedGroup]) -> Result<Vec<u8>, ParquetError> {
    splice(footer, at, |path, item| {
        let [Step::Field(4), Step::Element(group), path @ ..] = path else { return Some(Edit::Keep) };
        edit_group(groups.get(*group as usize)?, path, item)
    })
}

/// Returns an index of offsets with all of them moved by `shift`.
///
/// # Errors
/// The index at `at` is broken.
pub(crate) fn splice_offsets(index: &[u8], at: u64, shift: i64) -> Result<Vec<u8>, ParquetError> {
    use Step::{Element, Field};
    splice(index, at, |path, item| match (path, item.kind) {
        ([Field(1), Element(_), Field(1)], Kind::Int(offset)) => offset.checked_add(shift).map(Edit::Number),
        _ => Some(Edit::Keep),
    })
}

/// A list of no structs.
const EMPTY_LIST: u8 = 0x0c;

/// Fields of `RowGroup`: 1 the columns, 2 and 6 the sizes, 4 what it is sorted by, 5 where it begins.
fn edit_group(group: &PlacedGroup, path: &[Step], item: &Item) -> Option<Edit> {
    use Step::{Element, Field};
    Some(match (path, item.kind) {
        ([Field(1), Element(column), rest @ ..], _) => {
            return edit_chunk(group.columns.get(*column as usize)?, rest, item);
        }
        ([Field(2)], Kind::Int(size)) => Edit::Number(size.checked_add(group.grown)?),
        ([Field(6)], Kind::Int(size)) => Edit::Number(size.checked_add(group.stored_grown)?),
        ([Field(5)], Kind::Int(_)) => Edit::Number(group.start),
        ([Field(4)], Kind::End) if group.unsorted => Edit::Bytes(vec![EMPTY_LIST]),
        _ => Edit::Keep,
    })
}

/// Fields of `ColumnChunk`: 2 an offset that was given up and is often 0, 3 the pages, 4 and 6 the indexes. Fields of
/// the pages (`ColumnMetaData`): 9, 10 and 11 where they begin, 14 the Bloom filter.
fn edit_chunk(chunk: &Placed, path: &[Step], item: &Item) -> Option<Edit> {
    use Step::Field;
    if let Some(description) = &chunk.description {
        let whole = path.is_empty() && item.kind == Kind::End;
        return Some(if whole { Edit::Bytes(description.clone()) } else { Edit::Keep });
    }
    let Kind::Int(value) = item.kind else { return Some(Edit::Keep) };
    let placed = |place: Option<i64>| place.map_or(Edit::Keep, Edit::Number);
    Some(match path {
        [Field(2)] | [Field(3), Field(9..=11)] if value > 0 => Edit::Number(value.checked_add(chunk.shift)?),
        [Field(3), Field(14)] => placed(chunk.bloom),
        [Field(4)] => placed(chunk.offset_index.map(|(at, _)| at)),
        [Field(5)] => placed(chunk.offset_index.map(|(_, len)| len)),
        [Field(6)] => placed(chunk.value_index.map(|(at, _)| at)),
        _ => Edit::Keep,
    })
}

fn splice(
    bytes: &[u8],
    at: u64,
    mut edit: impl FnMut(&[Step], &Item) -> Option<Edit>,
) -> Result<Vec<u8>, ParquetError> {
    let mut walk = Walk::new(bytes);
    let mut out = Spliced { bytes, copied: 0, out: Vec::with_capacity(bytes.len()) };
    while let Some(item) = walk.next().map_err(|stumble| stumbled(stumble, at, bytes.len()))? {
        let here = at + item.span.start as u64;
        match edit(walk.path(), &item).ok_or_else(|| broken(here, "an offset or a count that cannot be"))? {
            Edit::Keep => {}
            Edit::Number(value) => {
                let mut new = Vec::new();
                push_int(&mut new, value);
                out.replace(item.span, &new);
            }
            Edit::Bytes(new) => out.replace(item.span, &new),
        }
    }
    Ok(out.finish(walk.at()))
}

/// Bytes that are copied but for some ranges, which are replaced in order.
struct Spliced<'a> {
    bytes: &'a [u8],
    copied: usize,
    out: Vec<u8>,
}

impl Spliced<'_> {
    fn replace(&mut self, range: Range<usize>, new: &[u8]) {
        self.copy_to(range.start);
        self.out.extend_from_slice(new);
        self.copied = range.end;
    }

    fn copy_to(&mut self, end: usize) {
        self.out.extend_from_slice(self.bytes.get(self.copied..end).unwrap_or_default());
    }

    fn finish(mut self, end: usize) -> Vec<u8> {
        self.copy_to(end);
        self.out
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    /// A footer with one row group of one column; fields 2 and 3 of the column, and an unknown one, 13.
    fn footer(offset: i64, data: i64) -> Vec<u8> {
        let mut bytes = vec![0x15, 2, 0x39, 0x1c, 0x19, 0x1c, 0x26];
        push_int(&mut bytes, offset);
        bytes.extend_from_slice(&[0x1c, 0x96]);
        push_int(&mut bytes, data);
        bytes.extend_from_slice(&[0, 0xa8, 2, b'h', b'i', 0, 0x16, 20, 0, 0]);
        bytes
    }

    fn moved(shift: i64) -> PlacedGroup {
        PlacedGroup { grown: 100, columns: vec![Placed { shift, ..Placed::default() }], ..PlacedGroup::default() }
    }

    #[test]
    fn offsets_move_and_all_else_stays() {
        let out = splice_footer(&footer(0, 4), 0, &[moved(1000)]).expect("spliced");
        let mut expected = footer(0, 1004);
        let size = expected.len() - 3;
        expected.splice(size..=size, [0xdc, 1]);
        assert_eq!(out, expected);
    }

    #[test]
    fn a_new_description_takes_the_place_of_the_old() {
        let mut group = moved(7);
        group.grown = 0;
        group.columns = vec![Placed { description: Some(vec![0x15, 9, 0]), ..Placed::default() }];
        let out = splice_footer(&footer(5, 4), 0, &[group]).expect("spliced");
        assert_eq!(out, [0x15, 2, 0x39, 0x1c, 0x19, 0x1c, 0x15, 9, 0, 0x16, 20, 0, 0]);
    }

    #[test]
    fn a_footer_of_more_groups_is_refused() {
        assert!(splice_footer(&footer(0, 4), 0, &[]).is_err());
        assert!(splice_footer(&footer(0, i64::MAX), 0, &[moved(1)]).is_err());
    }
}
