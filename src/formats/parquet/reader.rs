//! Reading the text column, and those that the report names a text by, in batches.

use super::cursor::{Cursor, Value};
use super::error::{ParquetError, broken};
use super::footer::Footer;
use super::guard::guarded;
use super::schema::{Column, Columns};
use super::source::Source;
use crate::formats::FieldNames;
use std::fs::File;
use std::sync::Arc;

/// Reads the text column of a Parquet file, and the columns of addresses, titles and ids where there are such.
pub struct Reader {
    source: Arc<Source>,
    footer: Footer,
    columns: Columns,
    /// The row group that is read next, or of which the rest is open.
    group: usize,
    open: Option<OpenGroup>,
    row: u64,
}

/// Rows that follow one another in one row group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The number of the first row, counted from 0 over the whole file.
    pub first_row: u64,
    /// The texts; `None` where there is no value.
    pub texts: Vec<Option<Value>>,
    /// The addresses, one a row, or nothing where there is no such column; so with the next two.
    pub urls: Vec<Option<Value>>,
    /// The titles.
    pub titles: Vec<Option<Value>>,
    /// The ids; whole numbers are given as decimal text.
    pub ids: Vec<Option<Value>>,
}

/// What is left of a row group.
struct OpenGroup {
    rows: u64,
    text: Cursor,
    url: Option<Cursor>,
    title: Option<Cursor>,
    id: Option<Cursor>,
}

impl Reader {
    /// Opens a file, which must not change while it is read, and finds the columns.
    ///
    /// # Errors
    /// The file is not Parquet or is broken, or has no column that will do for the text.
    pub fn open(file: File, wanted: &FieldNames) -> Result<Self, ParquetError> {
        let source = Arc::new(Source::new(file)?);
        let footer = Footer::read(&source)?;
        let columns = Columns::find(footer.metadata.file_metadata().schema_descr(), wanted)?;
        Ok(Self { source, footer, columns, group: 0, open: None, row: 0 })
    }

    /// Returns the column of the texts, which [`rewrite`](super::rewrite) asks for.
    #[must_use]
    pub fn column(&self) -> &Column {
        &self.columns.text
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.footer.metadata.row_groups().iter().map(|group| group.num_rows().unsigned_abs()).sum()
    }

    /// Reads the next rows of a row group: `max_rows` at most, and none behind that with which `max_bytes` are reached;
    /// but one row at least.
    ///
    /// Returns `None` at the end, and behind an error.
    ///
    /// # Errors
    /// The file is broken or cannot be read.
    pub fn next(&mut self, max_rows: usize, max_bytes: usize) -> Result<Option<Batch>, ParquetError> {
        let at = self.footer.at;
        let batch = guarded(at, || self.batch(max_rows.max(1), max_bytes));
        if batch.is_err() {
            // What decodes the values may be left in any state.
            self.open = None;
            self.group = usize::MAX;
        }
        batch
    }

    fn batch(&mut self, max_rows: usize, max_bytes: usize) -> Result<Option<Batch>, ParquetError> {
        let Some(open) = self.open_group()? else { return Ok(None) };
        let mut batch = Batch { first_row: 0, texts: vec![], urls: vec![], titles: vec![], ids: vec![] };
        let mut bytes = 0;
        while open.rows > 0 && batch.texts.len() < max_rows && (bytes < max_bytes || batch.texts.is_empty()) {
            bytes += read_into(&mut batch.texts, Some(&mut open.text))?;
            bytes += read_into(&mut batch.urls, open.url.as_mut())?;
            bytes += read_into(&mut batch.titles, open.title.as_mut())?;
            bytes += read_into(&mut batch.ids, open.id.as_mut())?;
            open.rows -= 1;
        }
        batch.first_row = self.row;
        self.row += batch.texts.len() as u64;
        Ok(Some(batch))
    }

    /// Returns the row group to read from, the next one that has rows if that before is read to its end.
    fn open_group(&mut self) -> Result<Option<&mut OpenGroup>, ParquetError> {
        if self.open.as_ref().is_some_and(|open| open.rows == 0) {
            self.open = None;
        }
        while self.open.is_none() {
            let Some(group) = self.footer.metadata.row_groups().get(self.group) else { return Ok(None) };
            let rows = u64::try_from(group.num_rows()).map_err(|_| broken(self.footer.at, "less than no rows"))?;
            if rows > 0 {
                self.open = Some(self.start(rows)?);
            }
            self.group += 1;
        }
        Ok(self.open.as_mut())
    }

    fn start(&self, rows: u64) -> Result<OpenGroup, ParquetError> {
        let cursor = |column: &Column| Cursor::new(&self.source, &self.footer, self.group, column);
        Ok(OpenGroup {
            rows,
            text: cursor(&self.columns.text)?,
            url: self.columns.url.as_ref().map(cursor).transpose()?,
            title: self.columns.title.as_ref().map(cursor).transpose()?,
            id: self.columns.id.as_ref().map(cursor).transpose()?,
        })
    }
}

/// Appends the next value of a column, if there is one, and returns its length.
fn read_into(values: &mut Vec<Option<Value>>, cursor: Option<&mut Cursor>) -> Result<usize, ParquetError> {
    let Some(cursor) = cursor else { return Ok(0) };
    let value = cursor.next()?.value;
    let len = value.as_deref().map_or(0, <[u8]>::len);
    values.push(value);
    Ok(len)
}
