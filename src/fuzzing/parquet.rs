//! Parquet: any bytes are read within bounds, and a file that is written again has the texts that were given.

use std::fs::File;
use std::io::{Seek, Write};

use super::Choices;
use crate::formats::FieldNames;
use crate::formats::parquet::{Batch, Column, ParquetError, Reader, rewrite};

/// How many rows are looked at; a few bytes can stand for any number of rows without values.
const MOST_ROWS: usize = 5000;

type Texts = Vec<Option<Vec<u8>>>;

/// Reads a file, and writes it again with shorter texts.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (rows, cut) = (choices.number() % 300 + 1, usize::from(choices.byte()));
    let original = file_of(choices.rest());
    let Ok(Some((texts, column))) = read(&original, rows) else { return };
    let shorter: Texts = texts.into_iter().map(|text| text.map(|text| text[..text.len().min(cut)].to_vec())).collect();
    let (mut next, mut out) = (shorter.chunks(rows), Vec::new());
    let written = rewrite(&original, &mut out, &column, &mut || next.next().map(<[_]>::to_vec));
    // What can be read may still be broken elsewhere.
    if let Ok(written) = written {
        assert_eq!((written.rows, written.bytes), (shorter.len() as u64, out.len() as u64));
        let again = read(&file_of(&out), rows).expect("a file that was written can be read");
        assert_eq!(again.map(|(texts, _)| texts), Some(shorter), "other texts than were given");
    }
}

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    file.rewind().expect("at its start");
    file
}

/// All texts of a file, unless it has too many.
fn read(file: &File, rows: usize) -> Result<Option<(Texts, Column)>, ParquetError> {
    let mut reader = Reader::open(file.try_clone().expect("a handle"), &FieldNames::default())?;
    let column = reader.column().clone();
    let mut texts = Texts::new();
    while let Some(Batch { texts: batch, first_row, .. }) = reader.next(rows, 1 << 20)? {
        assert!(!batch.is_empty() && batch.len() <= rows, "a batch of {} rows", batch.len());
        assert_eq!(first_row, texts.len() as u64, "rows are left out");
        texts.extend(batch.into_iter().map(|text| text.map(|text| text.to_vec())));
        if texts.len() > MOST_ROWS {
            return Ok(None);
        }
    }
    Ok(Some((texts, column)))
}
