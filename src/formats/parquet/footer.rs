//! The footer: what the file holds and where.
//!
//! Its bytes are walked before the crate decodes them. That crate follows the schema by recursion, reserves room for as
//! many children as an element claims, and writes out the path of every column; so depth and numbers are limited first.

use super::error::{ParquetError, broken, told};
use super::guard::guarded;
use super::source::Source;
use super::thrift::{Kind, Step, Stumble, Walk};
use ::parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use std::ops::Range;

/// What a file begins and ends with.
pub(crate) const MAGIC: &[u8; 4] = b"PAR1";
const MAGIC_ENCRYPTED: &[u8] = b"PARE";

/// What stands behind the footer: its length and the magic bytes.
const TAIL: usize = 8;

const FOOTER_BYTES: u64 = 256 << 20;
const SCHEMA_ELEMENTS: u32 = 1 << 18;
const SCHEMA_DEPTH: usize = 64;
const PATH_BYTES: usize = 64 << 20;
const ROW_GROUPS: u32 = 1 << 20;
const COLUMN_CHUNKS: u64 = 1 << 21;

/// The footer of a file, as bytes and decoded.
#[derive(Debug)]
pub(crate) struct Footer {
    /// The bytes, without their length.
    pub(crate) bytes: Vec<u8>,
    /// Where they begin in the file.
    pub(crate) at: u64,
    /// What they say.
    pub(crate) metadata: ParquetMetaData,
}

impl Footer {
    /// Reads the footer of a file.
    ///
    /// # Errors
    /// The file is not Parquet, is encrypted, or contradicts itself.
    pub(crate) fn read(source: &Source) -> Result<Self, ParquetError> {
        let (at, len) = place(source)?;
        Footer::of(source.read(at, len)?, at)
    }

    /// Decodes a footer that stands at `at`.
    ///
    /// # Errors
    /// It is encrypted, or contradicts itself.
    pub(crate) fn of(bytes: Vec<u8>, at: u64) -> Result<Self, ParquetError> {
        inspect(&bytes, at)?;
        let metadata = guarded(at, || ParquetMetaDataReader::decode_metadata(&bytes).map_err(|error| told(at, error)))?;
        for group in metadata.row_groups() {
            if group.num_rows() < 0 {
                return Err(broken(at, "a row group of less than no rows"));
            }
            for chunk in group.columns() {
                chunk_range(chunk, at)?;
            }
        }
        Ok(Self { bytes, at, metadata })
    }
}

/// Returns where the pages of a column chunk stand.
///
/// Writers give the offset 0 to a dictionary or to values that do not exist.
///
/// # Errors
/// The pages would stand behind the footer, or in another file.
pub(crate) fn chunk_range(chunk: &ColumnChunkMetaData, footer: u64) -> Result<Range<u64>, ParquetError> {
    if chunk.file_path().is_some() {
        return Err(ParquetError::Unsupported("a column that stands in another file".to_owned()));
    }
    let offsets = [chunk.dictionary_page_offset().unwrap_or(0), chunk.data_page_offset()];
    let start = offsets.into_iter().filter(|offset| *offset != 0).min().unwrap_or(0);
    let end = start.checked_add(chunk.compressed_size());
    match (u64::try_from(start), end.map(u64::try_from)) {
        (Ok(start), Some(Ok(end))) if start <= end && end <= footer && (start >= 4 || start == end) => Ok(start..end),
        _ => Err(broken(footer, format!("column “{}” would stand outside the file", chunk.column_path().string()))),
    }
}

fn place(source: &Source) -> Result<(u64, usize), ParquetError> {
    let len = source.len();
    let head = source.read(0, MAGIC.len().min(len as usize))?;
    if head == MAGIC_ENCRYPTED {
        return Err(ParquetError::Encrypted);
    }
    if head != MAGIC {
        return Err(ParquetError::NotParquet("it does not begin with PAR1"));
    }
    let Some(end) = len.checked_sub(TAIL as u64).filter(|end| *end >= MAGIC.len() as u64) else {
        return Err(broken(len, "the file ends before its footer"));
    };
    let tail = source.read(end, TAIL)?;
    let Some((size, magic)) = tail.split_first_chunk::<4>() else {
        return Err(broken(end, "the file ends before its footer"));
    };
    if magic == MAGIC_ENCRYPTED {
        return Err(ParquetError::Encrypted);
    }
    if magic != MAGIC {
        return Err(broken(len, "the file does not end with PAR1, so it is cut off or was not finished"));
    }
    let size = u64::from(u32::from_le_bytes(*size));
    let Some(at) = end.checked_sub(size).filter(|at| *at >= MAGIC.len() as u64) else {
        return Err(broken(end, format!("the footer would be of {size} bytes, more than the file has")));
    };
    if size > FOOTER_BYTES {
        return Err(ParquetError::TooLarge { what: "the footer", at, size, limit: FOOTER_BYTES });
    }
    Ok((at, size as usize))
}

/// Refuses a footer that the crate should not be given.
fn inspect(bytes: &[u8], at: u64) -> Result<(), ParquetError> {
    use Step::{Element, Field};
    let mut walk = Walk::new(bytes);
    let mut tree = Tree::default();
    let (mut children, mut name) = (0, 0);
    let mut chunks = 0;
    while let Some(item) = walk.next().map_err(|stumble| stumbled(stumble, at, bytes.len()))? {
        let here = at + item.span.start as u64;
        match (walk.path(), item.kind) {
            ([Field(2)], Kind::List(size)) => limit("the schema", here, size.into(), SCHEMA_ELEMENTS.into())?,
            ([Field(2), Element(_)], Kind::Struct) => (children, name) = (0, 0),
            ([Field(2), Element(_), Field(4)], Kind::Text(len)) => name = len,
            ([Field(2), Element(_), Field(5)], Kind::Int(value)) => children = value,
            ([Field(2), Element(_)], Kind::End) => tree.push(children, name, here)?,
            ([Field(4)], Kind::List(size)) => limit("the list of row groups", here, size.into(), ROW_GROUPS.into())?,
            ([Field(4), Element(_), Field(1)], Kind::List(size)) => {
                chunks += u64::from(size);
                limit("the list of column chunks", here, chunks, COLUMN_CHUNKS)?;
            }
            ([Field(8)], Kind::Struct) | ([Field(4), Element(_), Field(1), Element(_), Field(8 | 9)], _) => {
                return Err(ParquetError::Encrypted);
            }
            _ => {}
        }
    }
    Ok(())
}

fn limit(what: &'static str, at: u64, size: u64, limit: u64) -> Result<(), ParquetError> {
    if size > limit { Err(ParquetError::TooLarge { what, at, size, limit }) } else { Ok(()) }
}

/// Says where in the file a walk over bytes at `at` could not go on.
pub(crate) fn stumbled(stumble: Stumble, at: u64, len: usize) -> ParquetError {
    match stumble {
        Stumble::Short => broken(at + len as u64, "the description of the data ends early"),
        Stumble::Bad(offset, what) => broken(at + offset as u64, format!("the description of the data has {what}")),
    }
}

/// The schema as a footer lists it: each element before its children.
#[derive(Debug, Default)]
struct Tree {
    /// The children still to come, and the length of the path, of each group that is open.
    open: Vec<(u32, usize)>,
    paths: usize,
}

impl Tree {
    fn push(&mut self, children: i64, name: usize, at: u64) -> Result<(), ParquetError> {
        let children = u32::try_from(children).ok().filter(|children| *children <= SCHEMA_ELEMENTS);
        let children = children.ok_or_else(|| broken(at, "an impossible number of fields"))?;
        let path = self.open.last().map_or(0, |(_, path)| *path).saturating_add(name).saturating_add(1);
        if children > 0 {
            self.open.push((children, path));
            return limit("the depth of the schema", at, self.open.len() as u64, SCHEMA_DEPTH as u64);
        }
        self.paths = self.paths.saturating_add(path);
        limit("the names of the columns", at, self.paths as u64, PATH_BYTES as u64)?;
        while let Some((left, _)) = self.open.last_mut() {
            *left -= 1;
            if *left > 0 {
                break;
            }
            self.open.pop();
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::super::thrift::push_int;
    use super::*;
    use std::io::Write;

    fn source(bytes: &[u8]) -> Source {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("written");
        Source::new(file).expect("a source")
    }

    fn footer_of(bytes: &[u8]) -> Result<Footer, ParquetError> {
        let mut file = b"PAR1".to_vec();
        file.extend_from_slice(bytes);
        file.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        file.extend_from_slice(b"PAR1");
        Footer::read(&source(&file))
    }

    fn schema(children: &[i64]) -> Vec<u8> {
        let mut bytes = vec![0x29, 0xfc];
        let mut size = children.len();
        while size >= 0x80 {
            bytes.push((size & 0x7f) as u8 | 0x80);
            size >>= 7;
        }
        bytes.push(size as u8);
        for &count in children {
            bytes.extend_from_slice(&[0x35, 2, 0x18, 1, b'a', 0x15]);
            push_int(&mut bytes, count);
            bytes.push(0);
        }
        bytes.push(0);
        bytes
    }

    #[test]
    fn what_is_no_parquet_file_is_told_from_what_is_broken() {
        assert!(matches!(Footer::read(&source(b"")), Err(ParquetError::NotParquet(_))));
        assert!(matches!(Footer::read(&source(b"A text.\n")), Err(ParquetError::NotParquet(_))));
        assert!(matches!(Footer::read(&source(b"PAR1")), Err(ParquetError::Broken { .. })));
        assert!(matches!(Footer::read(&source(b"PARE....PARE")), Err(ParquetError::Encrypted)));
        assert!(matches!(Footer::read(&source(b"PAR1\xff\xff\xff\x0fPAR1")), Err(ParquetError::Broken { .. })));
        assert!(matches!(Footer::read(&source(b"PAR1text text text")), Err(ParquetError::Broken { .. })));
    }

    #[test]
    fn a_schema_nested_without_end_is_refused() {
        let error = footer_of(&schema(&[1; 200_000])).expect_err("too deep");
        assert!(matches!(error, ParquetError::TooLarge { what: "the depth of the schema", .. }));
    }

    #[test]
    fn a_group_that_claims_two_thousand_million_fields_is_refused() {
        assert!(matches!(footer_of(&schema(&[i64::from(i32::MAX)])), Err(ParquetError::Broken { .. })));
        assert!(matches!(footer_of(&schema(&[-5])), Err(ParquetError::Broken { .. })));
    }
}
