//! Properties of delimited text, with the `csv` crate as a second opinion.

use std::ops::Range;

use dechrome::formats::FieldNames;
use dechrome::formats::delimited::{Columns, Dialect, Located, Returned, fields, last_border, records};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Sorted, disjoint ranges between characters, made of numbers.
fn ranges_of(text: &str, picks: &[Index]) -> Vec<Range<usize>> {
    let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut ends: Vec<usize> = picks.iter().map(|pick| borders[pick.index(borders.len())]).collect();
    ends.sort_unstable();
    ends.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect()
}

fn without(text: &str, ranges: &[Range<usize>]) -> String {
    let mut kept = text.to_owned();
    ranges.iter().rev().for_each(|range| kept.replace_range(range.clone(), ""));
    kept
}

fn dialects() -> impl Strategy<Value = Dialect> {
    select(vec![Dialect::CSV, Dialect::TSV, Dialect { delimiter: b';', ..Dialect::CSV }])
}

fn texts() -> impl Strategy<Value = String> {
    let likely = select(vec!['a', ' ', '\n', '"', ',', ';', '\t', '\r', 'é', '😀', '\\']);
    vec(prop_oneof![5 => likely, 1 => any::<char>()], 0..20).prop_map(String::from_iter)
}

/// A field as it is written; quotes stay away where they may, even where some writers would set them.
fn written(text: &str, dialect: Dialect, quote: bool) -> String {
    let special = |byte: &u8| *byte == dialect.delimiter || *byte == b'\n' || *byte == b'\r';
    if quote || text.starts_with('"') || text.bytes().any(|byte| special(&byte)) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A table with its rows of three texts each, the second of which is to be cleaned.
fn tables() -> impl Strategy<Value = (Dialect, Vec<[String; 3]>, Vec<u8>)> {
    let rows = vec((texts(), texts(), texts(), any::<[bool; 4]>()), 0..8);
    (dialects(), rows).prop_map(|(dialect, rows)| {
        let mut out = Vec::new();
        let mut plain = Vec::new();
        for (first, second, third, [one, two, three, crlf]) in rows {
            let row = [first, second, third];
            let cells: Vec<String> =
                row.iter().zip([one, two, three]).map(|(text, quote)| written(text, dialect, quote)).collect();
            out.extend_from_slice(cells.join(&char::from(dialect.delimiter).to_string()).as_bytes());
            out.extend_from_slice(if crlf { b"\r\n" } else { b"\n" });
            plain.push(row);
        }
        (dialect, plain, out)
    })
}

/// The rows that `csv` reads; a row before them keeps it from taking a byte order mark off the first.
fn oracle(bytes: &[u8], dialect: Dialect) -> Vec<Vec<Vec<u8>>> {
    let bytes = [b"x\n", bytes].concat();
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).delimiter(dialect.delimiter).from_reader(bytes.as_slice());
    let rows = reader.byte_records().map(|record| record.expect("a row"));
    rows.map(|record| record.iter().map(<[u8]>::to_vec).collect()).collect()
}

fn columns(dialect: Dialect) -> Columns {
    let header = "id,text,url\n".replace(',', &char::from(dialect.delimiter).to_string());
    Columns::of_header(header.as_bytes(), dialect, &FieldNames::default()).expect("a header")
}

proptest! {
    #[test]
    fn rows_and_fields_are_those_of_csv((dialect, plain, table) in tables()) {
        let rows: Vec<_> = records(&table, dialect).collect();
        prop_assert_eq!(rows.iter().map(|row| row.bytes.len()).sum::<usize>(), table.len());
        prop_assert_eq!(rows.len(), plain.len());
        prop_assert_eq!(last_border(&table, dialect), (!table.is_empty()).then_some(table.len()));
        for ((row, texts), theirs) in rows.iter().zip(&plain).zip(oracle(&table, dialect)) {
            let found: Vec<String> =
                fields(row.bytes, dialect).map(|field| field.expect("a field").decode().text.into_owned()).collect();
            prop_assert_eq!(&found, texts);
            prop_assert_eq!(found.iter().map(String::as_bytes).collect::<Vec<_>>(), theirs);
        }
    }

    #[test]
    fn a_cut_changes_only_the_text(
        (dialect, plain, table) in tables(),
        picks in vec(any::<Index>(), 0..8),
    ) {
        let columns = columns(dialect);
        for (row, texts) in records(&table, dialect).zip(&plain) {
            let Ok(Located::Record(record)) = columns.locate(row.bytes, dialect) else { panic!("a record") };
            let ranges = ranges_of(&texts[1], &picks);
            let mut out = row.bytes[..record.text.range().start].to_vec();
            record.text.cut(ranges.iter().cloned(), &mut out);
            let tail = &row.bytes[record.text.range().end..];
            out.extend_from_slice(tail);
            let expected = [texts[0].clone(), without(&texts[1], &ranges), texts[2].clone()];
            prop_assert_eq!(oracle(&out, dialect), [expected.map(String::into_bytes)]);
            prop_assert!(!ranges.is_empty() || out == row.bytes);
        }
    }

    #[test]
    fn what_is_cut_comes_back_byte_for_byte((dialect, plain, table) in tables(), picks in vec(any::<Index>(), 0..8)) {
        let columns = columns(dialect);
        for (row, texts) in records(&table, dialect).zip(&plain) {
            let Ok(Located::Record(record)) = columns.locate(row.bytes, dialect) else { panic!("a record") };
            let ranges = ranges_of(&texts[1], &picks);
            let mut cut = row.bytes[..record.text.range().start].to_vec();
            record.text.cut(ranges.iter().cloned(), &mut cut);
            cut.extend_from_slice(&row.bytes[record.text.range().end..]);
            let Ok(Located::Record(kept)) = columns.locate(&cut, dialect) else { panic!("a record") };
            let texts = &texts[1];
            let removed = || ranges.iter().map(|it| Returned { start: it.start, text: &texts[it.clone()], raw: None });
            // A field that got quotes by the cut loses them again.
            let is_bare = kept.text.is_quoted() && !record.text.is_quoted();
            let range = if is_bare { kept.text.quoted_range() } else { kept.text.range() };
            let mut back = cut[..range.start].to_vec();
            let put = if is_bare {
                kept.text.insert_bare(removed(), &mut back)
            } else {
                kept.text.insert(removed(), &mut back)
            };
            prop_assert!(put.is_ok());
            back.extend_from_slice(&cut[range.end..]);
            prop_assert_eq!(back, row.bytes);
        }
    }

    #[test]
    fn the_last_border_is_where_a_row_ends((dialect, _, table) in tables(), cut in any::<Index>()) {
        let held = &table[..cut.index(table.len() + 1)];
        let ends: Vec<usize> = records(&table, dialect).map(|row| row.start + row.bytes.len()).collect();
        prop_assert_eq!(last_border(held, dialect), ends.into_iter().rfind(|end| *end <= held.len()));
    }

    #[test]
    fn any_bytes_do(
        bytes in vec(prop_oneof![3 => select(b"\"\",;\t\r\na ".to_vec()), 1 => any::<u8>()], 0..200),
        dialect in dialects(),
        quoting in any::<bool>(),
        picks in vec(0_usize..200, 0..6),
    ) {
        let guessed = Dialect::of_header(&bytes, None);
        for dialect in [Dialect { quoting, ..dialect }, guessed, Dialect { delimiter: b'"', ..guessed }] {
            let rows: Vec<u8> = records(&bytes, dialect).flat_map(|row| row.bytes.to_vec()).collect();
            prop_assert_eq!(&rows, &bytes);
            prop_assert!(last_border(&bytes, dialect).is_none_or(|border| border <= bytes.len()));
            for field in records(&bytes, dialect).flat_map(|row| fields(row.bytes, dialect)).flatten() {
                let ranges = picks.chunks_exact(2).map(|pair| pair[0]..pair[1]);
                field.cut(ranges, &mut Vec::new());
                let _ = field.decode();
            }
            for row in records(&bytes, dialect) {
                let _ = columns(Dialect::CSV).locate(row.bytes, dialect);
            }
            let _ = Columns::of_header(&bytes, dialect, &FieldNames::default());
        }
    }

    #[test]
    fn readers_agree_on_all_rows_without_errors(bytes in vec(select(b"\"\",\na ".to_vec()), 0..40)) {
        let rows: Vec<_> = records(&bytes, Dialect::CSV).filter(|row| row.bytes != b"\n").collect();
        let theirs = oracle(&bytes, Dialect::CSV);
        prop_assert_eq!(rows.len(), theirs.len());
        for (row, theirs) in rows.iter().zip(theirs) {
            if let Ok(found) = fields(row.bytes, Dialect::CSV).collect::<Result<Vec<_>, _>>() {
                let found: Vec<_> = found.iter().map(|field| field.decode().text.into_owned().into_bytes()).collect();
                prop_assert_eq!(found, theirs);
            }
        }
    }
}
