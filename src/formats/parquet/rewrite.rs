//! Writing the file again, with other texts.

use super::cursor::Cursor;
use super::encode::{Indexes, encode_chunk, encode_indexes};
use super::error::{ParquetError, broken, told};
use super::footer::{Footer, MAGIC, chunk_range};
use super::guard::guarded;
use super::schema::Column;
use super::settings::settings;
use super::source::Source;
use super::splice::{Placed, PlacedGroup, splice_footer};
use super::text::{Levels, Texts, write_texts};
use ::parquet::column::writer::ColumnCloseResult;
use ::parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use ::parquet::file::writer::TrackedWrite;
use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

/// How much is copied at once.
const COPIED_BYTES: u64 = 1 << 20;

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The number of rows.
    pub rows: u64,
    /// The number of row groups.
    pub row_groups: usize,
    /// The length of the new file.
    pub bytes: u64,
}

/// Writes `original` again, with the texts that `next` gives in place of those of `column`.
///
/// `next` is asked for batches until every row has its text, and may block; the batches are those of a
/// [`Reader`](super::Reader), in order. All other columns are copied as they are, and so is all that the footer says
/// but where things stand, how large they are, and how the texts are written. A panic in `next` counts as a broken
/// file. Returns how much was written.
///
/// # Errors
/// `next` gave `None` ([`ParquetError::Stopped`]) or batches that do not fit, the original is broken, or the output
/// cannot be written. What was written until then is no Parquet file.
pub fn rewrite(
    original: &File,
    out: impl Write + Send,
    column: &Column,
    next: &mut dyn FnMut() -> Option<Vec<Option<Vec<u8>>>>,
) -> Result<Written, ParquetError> {
    let source = Arc::new(Source::new(original.try_clone()?)?);
    let footer = Footer::read(&source)?;
    let at = footer.at;
    let rewrite = Rewrite { source, footer, column, out: TrackedWrite::new(out), texts: Texts::new(next) };
    guarded(at, || rewrite.run())
}

/// A file that is being written.
pub(crate) struct Rewrite<'a, W: Write> {
    pub(crate) source: Arc<Source>,
    pub(crate) footer: Footer,
    pub(crate) column: &'a Column,
    pub(crate) out: TrackedWrite<W>,
    texts: Texts<'a>,
}

/// A chunk that was written anew, and what of it is written later.
pub(crate) struct NewChunk {
    description: ColumnChunkMetaData,
    pub(crate) indexes: Indexes,
}

impl<W: Write + Send> Rewrite<'_, W> {
    fn run(mut self) -> Result<Written, ParquetError> {
        self.check()?;
        self.out.write_all(MAGIC)?;
        let groups = self.footer.metadata.row_groups().to_vec();
        let (mut placed, mut chunks) = (Vec::new(), Vec::new());
        for (index, group) in groups.iter().enumerate() {
            let (group, chunk) = self.group(index, group)?;
            placed.push(group);
            chunks.push(chunk);
        }
        self.texts.finish()?;
        self.value_indexes(&groups, &mut placed, &mut chunks)?;
        self.offset_indexes(&groups, &mut placed, &mut chunks)?;
        for (group, chunk) in placed.iter_mut().zip(chunks) {
            self.describe(group, chunk)?;
        }
        let footer = self.new_footer(&placed)?;
        let len = u32::try_from(footer.len()).map_err(|_| broken(self.footer.at, "a footer of more than 4 GB"))?;
        self.out.write_all(&footer)?;
        self.out.write_all(&len.to_le_bytes())?;
        self.out.write_all(MAGIC)?;
        self.out.flush()?;
        Ok(Written { rows: self.texts.rows, row_groups: placed.len(), bytes: self.out.bytes_written() as u64 })
    }

    /// The footer that tells where everything stands now.
    ///
    /// A damaged one may say something else to the crate than to those who only walk over it: what was made of such a
    /// footer is read before it is written.
    fn new_footer(&self, placed: &[PlacedGroup]) -> Result<Vec<u8>, ParquetError> {
        let footer = splice_footer(&self.footer.bytes, self.footer.at, placed)?;
        let new = Footer::of(footer, self.at().unsigned_abs())?;
        let (old_groups, new_groups) = (self.footer.metadata.row_groups(), new.metadata.row_groups());
        let mut agree = old_groups.len() == new_groups.len();
        for ((old, new), placed) in old_groups.iter().zip(new_groups).zip(placed) {
            agree &= old.num_rows() == new.num_rows() && old.columns().len() == new.columns().len();
            for ((old, new), placed) in old.columns().iter().zip(new.columns()).zip(&placed.columns) {
                agree &= placed.description.is_some() || self.has_moved(old, new, placed.shift)?;
            }
        }
        if agree { Ok(new.bytes) } else { Err(broken(self.footer.at, "the footer can be read in two ways")) }
    }

    /// Whether the pages of a column that was copied stand where they are said to.
    fn has_moved(
        &self,
        old: &ColumnChunkMetaData,
        new: &ColumnChunkMetaData,
        shift: i64,
    ) -> Result<bool, ParquetError> {
        let (old, new) = (chunk_range(old, self.footer.at)?, chunk_range(new, self.at().unsigned_abs())?);
        let moved = |place: u64| place.checked_add_signed(shift);
        Ok(old.is_empty() || (moved(old.start), moved(old.end)) == (Some(new.start), Some(new.end)))
    }

    /// The column may be that of another file.
    fn check(&self) -> Result<(), ParquetError> {
        let columns = self.footer.metadata.file_metadata().schema_descr().columns();
        if columns.get(self.column.index).is_some_and(|column| *column == self.column.descriptor) {
            return Ok(());
        }
        let wanted = vec![self.column.path()];
        Err(ParquetError::NoSuchColumn { wanted, available: Vec::new() })
    }

    /// Writes the pages and the Bloom filters of a row group.
    fn group(&mut self, index: usize, group: &RowGroupMetaData) -> Result<(PlacedGroup, NewChunk), ParquetError> {
        let start = self.at();
        let mut placed = PlacedGroup { start, unsorted: self.loses_order(group), ..PlacedGroup::default() };
        let mut written = None;
        for (number, chunk) in group.columns().iter().enumerate() {
            if number == self.column.index {
                let new = self.texts(index, group, chunk)?;
                placed.grown = new.metadata.uncompressed_size() - chunk.uncompressed_size();
                placed.stored_grown = new.metadata.compressed_size() - chunk.compressed_size();
                written = Some(new);
                placed.columns.push(Placed::default());
            } else {
                let range = chunk_range(chunk, self.footer.at)?;
                let shift = self.at() - range.start as i64;
                self.copy(range)?;
                placed.columns.push(Placed { shift, ..Placed::default() });
            }
        }
        let new = written.ok_or_else(|| broken(self.footer.at, "a row group without the column"))?;
        self.blooms(group, &mut placed)?;
        let chunk = self.new_chunk(group, new)?;
        Ok((placed, chunk))
    }

    /// Texts that lost some of their bytes may be in another order.
    fn loses_order(&self, group: &RowGroupMetaData) -> bool {
        let sorted = group.sorting_columns();
        sorted.is_some_and(|columns| columns.iter().any(|column| column.column_idx == self.column.index as i32))
    }

    fn texts(
        &mut self,
        index: usize,
        group: &RowGroupMetaData,
        chunk: &ColumnChunkMetaData,
    ) -> Result<ColumnCloseResult, ParquetError> {
        let levels = match self.column.descriptor.max_def_level() {
            flat @ (0 | 1) => Levels::Flat(flat),
            _ => Levels::Nested(Box::new(Cursor::new(&self.source, &self.footer, index, self.column)?)),
        };
        let settings = settings(self.footer.metadata.file_metadata(), chunk);
        let rows = group.num_rows().unsigned_abs();
        write_texts(&mut self.out, self.column, settings, rows, &mut self.texts, levels)
    }

    /// Writes the Bloom filter of the new chunk, and encodes the indexes that the old one had.
    fn new_chunk(&mut self, group: &RowGroupMetaData, mut new: ColumnCloseResult) -> Result<NewChunk, ParquetError> {
        let old = group.columns().get(self.column.index);
        new.column_index.take_if(|_| old.and_then(ColumnChunkMetaData::column_index_offset).is_none());
        new.offset_index.take_if(|_| old.and_then(ColumnChunkMetaData::offset_index_offset).is_none());
        let indexes = encode_indexes(&new)?;
        let mut description = new.metadata;
        if let Some(filter) = new.bloom_filter {
            let at = self.at();
            filter.write(&mut self.out).map_err(|error| told(self.footer.at, error))?;
            let len = i32::try_from(self.at() - at).ok();
            let builder = description.into_builder().set_bloom_filter_offset(Some(at)).set_bloom_filter_length(len);
            description = builder.build().map_err(|error| told(self.footer.at, error))?;
        }
        Ok(NewChunk { description, indexes })
    }

    /// Encodes the description of the new chunk, now that everything has its place.
    fn describe(&self, group: &mut PlacedGroup, new: NewChunk) -> Result<(), ParquetError> {
        let Some(place) = group.columns.get_mut(self.column.index) else { return Ok(()) };
        let mut builder = new.description.into_builder();
        if let Some((at, len)) = place.offset_index {
            builder = builder.set_offset_index_offset(Some(at)).set_offset_index_length(i32::try_from(len).ok());
        }
        if let Some((at, len)) = place.value_index {
            builder = builder.set_column_index_offset(Some(at)).set_column_index_length(i32::try_from(len).ok());
        }
        let description = builder.build().map_err(|error| told(self.footer.at, error))?;
        place.description = Some(encode_chunk(&description)?);
        Ok(())
    }

    /// Copies bytes of the original.
    pub(crate) fn copy(&mut self, mut range: Range<u64>) -> Result<(), ParquetError> {
        while range.start < range.end {
            let len = COPIED_BYTES.min(range.end - range.start);
            let bytes = self.source.read(range.start, len as usize)?;
            self.out.write_all(&bytes)?;
            range.start += len;
        }
        Ok(())
    }

    /// Returns where the next byte will stand.
    pub(crate) fn at(&self) -> i64 {
        self.out.bytes_written() as i64
    }
}
