//! Rows of a file of columns.

use crate::formats::parquet::{Batch, Reader, Value};
use crate::report::FailReason;
use crate::report::row::{NO_TEXT, RecordInfo};

use super::records::{Text, Work, info};
use super::{Part, PartKind};

/// How many rows are handed to a thread at a time, at most.
const ROWS: usize = 1024;

/// A file of columns that is being read.
pub(crate) struct Rows {
    reader: Reader,
    part: u32,
    rows: u64,
    /// How many rows there will be, and the size of the file.
    whole: (u64, u64),
    is_over: bool,
}

impl Rows {
    pub(crate) fn new(reader: Reader, size: u64) -> Rows {
        let whole = (reader.rows(), size);
        Rows { reader, part: 0, rows: 0, whole, is_over: false }
    }

    /// The number of the next part.
    pub(super) fn part(&self) -> u32 {
        self.part
    }

    pub(super) fn next(&mut self) -> Option<Part> {
        if self.is_over {
            return None;
        }
        let kind = match self.reader.next(ROWS, super::reader::BATCH) {
            Ok(Some(batch)) => {
                self.rows += batch.texts.len() as u64;
                PartKind::Rows(batch)
            }
            Ok(None) => PartKind::End { notes: Vec::new(), garbage: None, is_empty: self.rows == 0 },
            Err(error) => PartKind::Failed { reason: FailReason::NotThisFormat, detail: error.to_string() },
        };
        self.is_over = !matches!(kind, PartKind::Rows(_));
        self.part += 1;
        Some(Part { number: self.part - 1, kind, behind: None, read: self.bytes_read(), last: self.is_over })
    }

    /// The share of the file that its rows so far are, whatever columns they stand in.
    fn bytes_read(&self) -> u64 {
        let (rows, size) = self.whole;
        let share = u128::from(size) * u128::from(self.rows.min(rows)) / u128::from(rows.max(1));
        u64::try_from(share).unwrap_or(size)
    }
}

impl Work<'_, '_> {
    /// Works on rows of a file of columns.
    pub(super) fn rows(&mut self, batch: Batch) {
        let mut column = Vec::with_capacity(batch.texts.len());
        for (at, value) in batch.texts.iter().enumerate() {
            let info = info(batch.first_row + at as u64 + 1, text_at(&batch.urls, at), text_at(&batch.ids, at));
            let title = text_at(&batch.titles, at);
            column.push(self.value(value.as_deref(), title.as_deref(), &info));
        }
        self.put_column(column);
    }

    /// Works on one value; gives what takes its place.
    fn value(&mut self, value: Option<&[u8]>, title: Option<&str>, info: &RecordInfo) -> Option<Vec<u8>> {
        let Some(value) = value else {
            self.record(b"", 0, info, |work| work.unchanged(b"", info, NO_TEXT, None));
            return None;
        };
        let mut kept = None;
        self.record(value, 0, info, |work| {
            let lossy = String::from_utf8_lossy(value);
            let malformed = value.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
            let mut text = Text::utf8(&lossy, malformed);
            text.title = title;
            work.clean(value, info, &text, |_, cleaned| {
                kept = (!cleaned.removals().is_empty()).then(|| cleaned.text().as_bytes().to_vec());
                Ok(())
            })
        });
        // Nothing of a column stands outside of its values.
        self.plain.clear();
        Some(kept.unwrap_or_else(|| value.to_vec()))
    }
}

/// A value of a column that may not be there.
fn text_at(column: &[Option<Value>], row: usize) -> Option<String> {
    let value = column.get(row)?.as_deref()?;
    Some(String::from_utf8_lossy(value).into_owned()).filter(|text| !text.is_empty())
}
