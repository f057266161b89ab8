//! The texts of one row group, written as a column chunk.

use super::cursor::Cursor;
use super::error::{ParquetError, told};
use super::schema::Column;
use ::parquet::column::writer::{ColumnCloseResult, ColumnWriterImpl, get_column_writer, get_typed_column_writer};
use ::parquet::data_type::{ByteArray, ByteArrayType};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use std::collections::VecDeque;
use std::io::Write;
use std::sync::Arc;

/// How much text is handed to the encoder at once; it holds at least a page anyway.
const PORTION_BYTES: usize = 64 << 10;
const PORTION_ROWS: usize = 1024;

/// A text to write, if the row has one.
pub(crate) type Text = Option<Vec<u8>>;

/// The texts of the batches, one after the other.
pub(crate) struct Texts<'a> {
    next: &'a mut dyn FnMut() -> Option<Vec<Text>>,
    waiting: VecDeque<Text>,
    /// How many were taken.
    pub(crate) rows: u64,
}

impl<'a> Texts<'a> {
    pub(crate) fn new(next: &'a mut dyn FnMut() -> Option<Vec<Text>>) -> Self {
        Self { next, waiting: VecDeque::new(), rows: 0 }
    }

    fn take(&mut self) -> Result<Text, ParquetError> {
        loop {
            if let Some(text) = self.waiting.pop_front() {
                self.rows += 1;
                return Ok(text);
            }
            self.waiting = (self.next)().ok_or(ParquetError::Stopped)?.into();
        }
    }

    /// Checks that no text is left over.
    ///
    /// # Errors
    /// The last batch was longer than the file.
    pub(crate) fn finish(&self) -> Result<(), ParquetError> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        Err(ParquetError::Mismatch { row: self.rows, what: "there are more texts than rows" })
    }
}

/// Where the definition levels of the rows come from.
pub(crate) enum Levels {
    /// The value is there or not, which the text itself says; the number is that of a value which is there.
    Flat(i16),
    /// A struct around it may be missing as well, so the original column is read along.
    Nested(Box<Cursor>),
}

impl Levels {
    fn next(&mut self, row: u64, has_text: bool) -> Result<i16, ParquetError> {
        match self {
            Self::Flat(0) if !has_text => {
                Err(ParquetError::Mismatch { row, what: "a text is missing in a column where none may" })
            }
            Self::Flat(most) => Ok(if has_text { *most } else { 0 }),
            Self::Nested(cursor) => {
                let cell = cursor.next()?;
                if cell.value.is_some() == has_text {
                    return Ok(cell.level);
                }
                Err(ParquetError::Mismatch {
                    row,
                    what: "there is a text where there was none, or the other way round",
                })
            }
        }
    }
}

/// Writes the chunk of a row group of `rows` rows.
///
/// # Errors
/// The run was stopped, the texts do not fit the rows, or the output cannot be written.
pub(crate) fn write_texts<W: Write + Send>(
    out: &mut TrackedWrite<W>,
    column: &Column,
    settings: Arc<WriterProperties>,
    rows: u64,
    texts: &mut Texts<'_>,
    mut levels: Levels,
) -> Result<ColumnCloseResult, ParquetError> {
    let at = out.bytes_written() as u64;
    let pages = Box::new(SerializedPageWriter::new(out));
    let writer = get_column_writer(column.descriptor.clone(), settings, pages);
    let mut writer: ColumnWriterImpl<'_, ByteArrayType> = get_typed_column_writer(writer);
    let mut portion = Portion::default();
    for _ in 0..rows {
        let row = texts.rows;
        let text = texts.take()?;
        portion.push(levels.next(row, text.is_some())?, text);
        if portion.is_full() {
            portion.write(&mut writer, at)?;
        }
    }
    portion.write(&mut writer, at)?;
    writer.close().map_err(|error| told(at, error))
}

/// Rows on their way to the encoder.
#[derive(Default)]
struct Portion {
    levels: Vec<i16>,
    values: Vec<ByteArray>,
    bytes: usize,
}

impl Portion {
    fn push(&mut self, level: i16, text: Text) {
        self.levels.push(level);
        if let Some(text) = text {
            self.bytes += text.len();
            self.values.push(ByteArray::from(text));
        }
    }

    fn is_full(&self) -> bool {
        self.bytes >= PORTION_BYTES || self.levels.len() >= PORTION_ROWS
    }

    fn write(&mut self, writer: &mut ColumnWriterImpl<'_, ByteArrayType>, at: u64) -> Result<(), ParquetError> {
        writer.write_batch(&self.values, Some(&self.levels), None).map_err(|error| told(at, error))?;
        self.levels.clear();
        self.values.clear();
        self.bytes = 0;
        Ok(())
    }
}
