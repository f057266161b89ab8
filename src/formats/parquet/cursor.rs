//! The values of one column chunk, row by row.

use super::error::{ParquetError, broken, told};
use super::footer::{Footer, chunk_range};
use super::pages::Pages;
use super::schema::{Column, Holds};
use super::source::Source;
use ::parquet::column::reader::ColumnReaderImpl;
use ::parquet::data_type::{ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use std::ops::Deref;
use std::sync::Arc;

/// The bytes of a value; cheap to clone, for they are shared with the page they came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Value(ByteArray);

impl Eq for Value {}

impl Deref for Value {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.0.data()
    }
}

impl AsRef<[u8]> for Value {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

/// A value and its definition level, which says where the value, or a struct around it, is missing.
#[derive(Debug)]
pub(crate) struct Cell {
    pub(crate) level: i16,
    pub(crate) value: Option<Value>,
}

/// Reads the chunk of a column in a row group; only one page and the dictionary are held at a time.
pub(crate) struct Cursor {
    values: Values,
    /// Where the chunk begins, for errors.
    at: u64,
}

enum Values {
    Strings(Rows<ByteArrayType>),
    Int32(Rows<Int32Type>, bool),
    Int64(Rows<Int64Type>, bool),
}

impl Cursor {
    /// Begins with the first row of a row group.
    ///
    /// # Errors
    /// The chunk stands outside the file, or is compressed by something that is not supported.
    pub(crate) fn new(
        source: &Arc<Source>,
        footer: &Footer,
        group: usize,
        column: &Column,
    ) -> Result<Self, ParquetError> {
        let chunk = footer.metadata.row_groups().get(group).and_then(|group| group.columns().get(column.index));
        let chunk = chunk.ok_or_else(|| broken(footer.at, "a row group without the column"))?;
        let range = chunk_range(chunk, footer.at)?;
        let at = range.start;
        let pages = Box::new(Pages::new(Arc::clone(source), range, chunk)?);
        let descriptor = column.descriptor.clone();
        let values = match column.holds() {
            Holds::Strings => Values::Strings(Rows::new(ColumnReaderImpl::new(descriptor, pages))),
            Holds::Int32 { signed } => Values::Int32(Rows::new(ColumnReaderImpl::new(descriptor, pages)), signed),
            Holds::Int64 { signed } => Values::Int64(Rows::new(ColumnReaderImpl::new(descriptor, pages)), signed),
            Holds::Others => return Err(ParquetError::Unsupported(format!("the type of {}", column.path()))),
        };
        Ok(Self { values, at })
    }

    /// Returns the value of the next row.
    ///
    /// # Errors
    /// The chunk is broken, or has no more rows.
    pub(crate) fn next(&mut self) -> Result<Cell, ParquetError> {
        let at = self.at;
        let cell = match &mut self.values {
            Values::Strings(rows) => rows.next(at)?.map(Value),
            Values::Int32(rows, true) => rows.next(at)?.map(decimal),
            Values::Int32(rows, false) => rows.next(at)?.map(|number| decimal(number as u32)),
            Values::Int64(rows, true) => rows.next(at)?.map(decimal),
            Values::Int64(rows, false) => rows.next(at)?.map(|number| decimal(number as u64)),
        };
        Ok(Cell { level: cell.level, value: cell.value })
    }
}

fn decimal(number: impl ToString) -> Value {
    Value(ByteArray::from(number.to_string().into_bytes()))
}

struct Rows<T: DataType> {
    reader: ColumnReaderImpl<T>,
    levels: Vec<i16>,
    values: Vec<T::T>,
}

struct Row<V> {
    level: i16,
    value: Option<V>,
}

impl<V> Row<V> {
    fn map<W>(self, change: impl FnOnce(V) -> W) -> Row<W> {
        Row { level: self.level, value: self.value.map(change) }
    }
}

impl<T: DataType> Rows<T> {
    fn new(reader: ColumnReaderImpl<T>) -> Self {
        Self { reader, levels: Vec::new(), values: Vec::new() }
    }

    /// Rows are read one by one, since only then it is known how much memory they take; values of a page share it.
    fn next(&mut self, at: u64) -> Result<Row<T::T>, ParquetError> {
        self.levels.clear();
        self.values.clear();
        let read = self.reader.read_records(1, Some(&mut self.levels), None, &mut self.values);
        match read.map_err(|error| told(at, error))? {
            (1, ..) => Ok(Row { level: self.levels.pop().unwrap_or(0), value: self.values.pop() }),
            _ => Err(broken(at, "the column has fewer values than its row group has rows")),
        }
    }
}
