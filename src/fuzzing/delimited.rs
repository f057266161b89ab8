//! CSV and TSV: rows are the table without gaps, a cut changes nothing of a row but its text, and comes back byte for byte.

use std::ops::Range;

use super::Choices;
use super::choices::{ranges_of, without};
use crate::formats::FieldNames;
use crate::formats::delimited::{
    Columns, Dialect, Field, Located, RecordError, Returned, fields, last_border, records, without_mark,
};

/// Reads a table, and cuts ranges of the text of every row.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let given = choices.pick(&[None, Some(b','), Some(b'\t')]);
    let picks = choices.numbers();
    let bytes = without_mark(choices.rest());
    let dialect = Dialect::of_header(bytes, given);
    let rows: Vec<&[u8]> = records(bytes, dialect).map(|row| row.bytes).collect();
    assert_eq!(rows.concat(), bytes, "rows and table differ");
    assert!(last_border(bytes, dialect).is_none_or(|border| border <= bytes.len()));
    let Some((header, rows)) = rows.split_first() else { return };
    let Ok(columns) = Columns::of_header(header, dialect, &FieldNames::default()) else { return };
    for row in rows {
        check_row(&columns, dialect, row, &picks);
    }
}

fn check_row(columns: &Columns, dialect: Dialect, row: &[u8], picks: &[usize]) {
    let Some(text) = text_of(columns, dialect, row) else { return };
    let decoded = text.decode();
    let ranges = ranges_of(&decoded.text, picks);
    let mut cut = row[..text.range().start].to_vec();
    text.cut(ranges.iter().cloned(), &mut cut);
    cut.extend_from_slice(&row[text.range().end..]);
    assert!(!ranges.iter().all(Range::is_empty) || cut == row, "nothing was cut, and the row is another");
    assert_eq!(records(&cut, dialect).count(), 1, "one row became several");
    let kept = text_of(columns, dialect, &cut).expect("a row that was cut is a row with a text");
    assert_eq!(kept.decode().text, without(&decoded.text, &ranges), "the text is not the cut one");
    check_others(dialect, row, &cut, text.range().start);
    if std::str::from_utf8(text.raw()).is_ok() {
        assert_eq!(put_back(&cut, kept, text, &decoded.text, &ranges), row, "what was cut does not come back");
    }
}

fn text_of<'b>(columns: &Columns, dialect: Dialect, row: &'b [u8]) -> Option<Field<'b>> {
    match columns.locate(row, dialect) {
        Ok(Located::Record(record)) => Some(record.text),
        _ => None,
    }
}

/// All fields but the text, which begins at `text`, are what they were.
fn check_others(dialect: Dialect, row: &[u8], cut: &[u8], text: usize) {
    let read = |row| fields(row, dialect).collect::<Result<Vec<_>, RecordError>>();
    let (before, after) = (read(row).expect("a row"), read(cut).expect("a row"));
    assert_eq!(before.len(), after.len(), "a row with another number of fields");
    for (before, after) in before.iter().zip(&after).filter(|(before, _)| before.range().start != text) {
        assert_eq!(before.raw(), after.raw(), "another field changed");
    }
}

fn put_back(cut: &[u8], kept: Field<'_>, whole: Field<'_>, text: &str, ranges: &[Range<usize>]) -> Vec<u8> {
    let removed = ranges.iter().map(|range| Returned { start: range.start, text: &text[range.clone()], raw: None });
    // A field that got quotes by the cut loses them again.
    let is_bare = kept.is_quoted() && !whole.is_quoted();
    let range = if is_bare { kept.quoted_range() } else { kept.range() };
    let mut back = cut[..range.start].to_vec();
    let put = if is_bare { kept.insert_bare(removed, &mut back) } else { kept.insert(removed, &mut back) };
    put.expect("a place for each");
    back.extend_from_slice(&cut[range.end..]);
    back
}
