//! Inputs that would cost much time or memory if anything were quadratic or recursive.

use std::time::{Duration, Instant};

use dechrome::formats::FieldNames;
use dechrome::formats::delimited::{Columns, Dialect, fields, last_border, records};
use dechrome::formats::json::{Fields, Located, Locator, Scratch, TextField, looks_like_json_array_or_pretty};

/// Generous for debug builds on a busy machine, and far below what a quadratic pass would take.
const PATIENCE: Duration = Duration::from_secs(30);

fn decode_and_cut(line: &[u8]) -> usize {
    let located = Locator::new(&Fields::guesses()).locate(line, &mut Scratch::default());
    let Ok(Located::Object(object)) = located else { panic!("an object") };
    let TextField::Found(text) = object.text else { panic!("a text") };
    let mut out = Vec::new();
    text.cut((0..text.decode().text.len() / 9).map(|at| at * 9..at * 9 + 3), &mut out);
    out.len()
}

#[test]
fn long_texts_of_every_kind_take_linear_time() {
    let start = Instant::now();
    for part in [&b"abc"[..], b"\\n\\u00e9", b"\\ud83d\\ud83d", b"\xff", b"\xe2\x82", b"a\xffb", b"\\\\\xf0\x9f"] {
        let line = [&b"{\"text\":\""[..], &part.repeat(1_000_000 / part.len()), b"\"}"].concat();
        assert!(decode_and_cut(&line) > 0);
    }
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn long_and_deep_lines_take_linear_time() {
    let start = Instant::now();
    let locator = Locator::new(&Fields::guesses());
    for part in ["[", "{\"meta\":", "\"\\\\", "[[],", "{\"text\":1,\"te\\u0078t\":", " "] {
        let line = part.repeat(5_000_000 / part.len());
        let _ = locator.locate(line.as_bytes(), &mut Scratch::default());
        let _ = looks_like_json_array_or_pretty(line.as_bytes());
    }
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn long_tables_take_linear_time() {
    let start = Instant::now();
    for part in ["\"", "\"\"", ",", "\n", "\r", "a\"", "\"a\"", "\",\"", "\"\n"] {
        let table = part.repeat(1_000_000 / part.len());
        let bytes = table.as_bytes();
        let _ = last_border(bytes, Dialect::CSV);
        let count = records(bytes, Dialect::CSV).flat_map(|row| fields(row.bytes, Dialect::CSV)).count();
        assert!(count > 0);
        let _ = Columns::of_header(bytes, Dialect::of_header(bytes, None), &FieldNames::default());
    }
    assert!(start.elapsed() < PATIENCE);
}
