//! What belongs to the column chunks and stands elsewhere in the file: Bloom filters and indexes of pages.

use super::error::{ParquetError, broken};
use super::footer::stumbled;
use super::rewrite::{NewChunk, Rewrite};
use super::splice::{PlacedGroup, splice_offsets};
use super::thrift::{Kind, Step, Stumble, Walk};
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use std::io::Write;
use std::ops::Range;

/// The largest index of a column chunk that is read.
const INDEX_BYTES: u64 = 256 << 20;

/// The longest header of a Bloom filter, which has four small fields.
const BLOOM_HEADER_BYTES: u64 = 64;

impl<W: Write + Send> Rewrite<'_, W> {
    /// Copies the Bloom filters of a row group, but for that of the texts.
    ///
    /// # Errors
    /// A filter stands outside the file, or the output cannot be written.
    pub(crate) fn blooms(&mut self, group: &RowGroupMetaData, placed: &mut PlacedGroup) -> Result<(), ParquetError> {
        for (number, (chunk, place)) in group.columns().iter().zip(&mut placed.columns).enumerate() {
            if number == self.column.index {
                continue;
            }
            if let Some(range) = self.bloom(chunk)? {
                place.bloom = Some(self.at());
                self.copy(range)?;
            }
        }
        Ok(())
    }

    fn bloom(&self, chunk: &ColumnChunkMetaData) -> Result<Option<Range<u64>>, ParquetError> {
        let Some(at) = chunk.bloom_filter_offset().and_then(|at| u64::try_from(at).ok()).filter(|at| *at > 0) else {
            return Ok(None);
        };
        let len = match chunk.bloom_filter_length() {
            Some(len) => u64::try_from(len).map_err(|_| broken(at, "a Bloom filter of less than no bytes"))?,
            None => self.bloom_length(at)?,
        };
        self.range(at, len).map(Some)
    }

    /// Older writers do not say how long a filter is; its header does (`BloomFilterHeader`, field 1).
    fn bloom_length(&self, at: u64) -> Result<u64, ParquetError> {
        let window = BLOOM_HEADER_BYTES.min(self.footer.at.saturating_sub(at));
        let window = self.source.read(at, window as usize)?;
        let mut walk = Walk::new(&window);
        let mut bits = None;
        while let Some(item) = walk.next().map_err(|stumble: Stumble| stumbled(stumble, at, window.len()))? {
            if let ([Step::Field(1)], Kind::Int(len)) = (walk.path(), item.kind) {
                bits = u64::try_from(len).ok();
            }
        }
        bits.map(|bits| bits.saturating_add(walk.at() as u64)).ok_or_else(|| broken(at, "a Bloom filter of no length"))
    }

    /// Writes the indexes of values, which are copied but for those of the texts.
    ///
    /// # Errors
    /// An index stands outside the file, or the output cannot be written.
    pub(crate) fn value_indexes(
        &mut self,
        groups: &[RowGroupMetaData],
        placed: &mut [PlacedGroup],
        new: &mut [NewChunk],
    ) -> Result<(), ParquetError> {
        for ((group, placed), new) in groups.iter().zip(placed).zip(new) {
            for (number, (chunk, place)) in group.columns().iter().zip(&mut placed.columns).enumerate() {
                let bytes = if number == self.column.index {
                    new.indexes.of_values.take()
                } else {
                    let old = self.index(chunk.column_index_offset(), chunk.column_index_length())?;
                    old.map(|(_, bytes)| bytes)
                };
                place.value_index = self.write_index(bytes)?;
            }
        }
        Ok(())
    }

    /// Writes the indexes of offsets, which move with their pages.
    ///
    /// # Errors
    /// An index is broken or stands outside the file, or the output cannot be written.
    pub(crate) fn offset_indexes(
        &mut self,
        groups: &[RowGroupMetaData],
        placed: &mut [PlacedGroup],
        new: &mut [NewChunk],
    ) -> Result<(), ParquetError> {
        for ((group, placed), new) in groups.iter().zip(placed).zip(new) {
            for (number, (chunk, place)) in group.columns().iter().zip(&mut placed.columns).enumerate() {
                let bytes = if number == self.column.index {
                    new.indexes.of_offsets.take()
                } else {
                    let old = self.index(chunk.offset_index_offset(), chunk.offset_index_length())?;
                    old.map(|(at, bytes)| splice_offsets(&bytes, at, place.shift)).transpose()?
                };
                place.offset_index = self.write_index(bytes)?;
            }
        }
        Ok(())
    }

    /// Writes an index and returns where it stands and its length.
    fn write_index(&mut self, bytes: Option<Vec<u8>>) -> Result<Option<(i64, i64)>, ParquetError> {
        let Some(bytes) = bytes else { return Ok(None) };
        let at = self.at();
        self.out.write_all(&bytes)?;
        Ok(Some((at, bytes.len() as i64)))
    }

    /// Reads an index; returns where it stood and its bytes. Some writers have an offset of 0 where there is none.
    fn index(&self, offset: Option<i64>, length: Option<i32>) -> Result<Option<(u64, Vec<u8>)>, ParquetError> {
        let Some(offset) = offset.filter(|offset| *offset != 0) else { return Ok(None) };
        let place = u64::try_from(offset).ok().zip(length.and_then(|length| u64::try_from(length).ok()));
        let (at, size) = place.ok_or_else(|| broken(self.footer.at, "an index that stands nowhere"))?;
        if size > INDEX_BYTES {
            return Err(ParquetError::TooLarge { what: "an index", at, size, limit: INDEX_BYTES });
        }
        self.range(at, size)?;
        self.source.read(at, size as usize).map(|bytes| Some((at, bytes)))
    }

    /// Indexes and filters stand before the footer.
    fn range(&self, at: u64, len: u64) -> Result<Range<u64>, ParquetError> {
        let end = at.checked_add(len).filter(|end| *end <= self.footer.at);
        end.map(|end| at..end).ok_or_else(|| broken(at, "an index or a filter would reach into the footer"))
    }
}
