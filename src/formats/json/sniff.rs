//! Telling JSON Lines by the first bytes of a file.

use std::ops::Range;

use memchr::memchr;

use super::error::{JsonError, JsonErrorKind};
use super::locate::value_start;
use super::nesting::Nesting;
use super::scan::{Event, Scanner};

/// Whether a file that begins with these bytes is JSON Lines.
///
/// Returns `true` when the first line that is not blank is an object, or begins as one, with a key and a colon, and the
/// sample ends in it. Prose that begins with a brace is none, nor is the first line of pretty-printed JSON.
pub fn looks_like_jsonl(start: &[u8]) -> bool {
    let Some(sample) = sample(start) else {
        return false;
    };
    let (line, whole) = match memchr(b'\n', sample) {
        Some(end) => (&sample[..end], true),
        None => (sample, false),
    };
    let seen = Seen::of(line);
    line.starts_with(b"{") && (seen.error.is_none() || (!whole && seen.keys > 0 && seen.ends_early(line)))
}

/// Whether a file that begins with these bytes is JSON, but one array, pretty-printed objects, or values without line
/// breaks between them, and not JSON Lines.
///
/// Returns `true` when the first value is an array of more than numbers, or an object with a line break between its
/// members, as far as the sample goes, or when another value stands behind an object on its line; and `false` for lines
/// that are arrays.
pub fn looks_like_json_array_or_pretty(start: &[u8]) -> bool {
    let Some(sample) = sample(start) else {
        return false;
    };
    let seen = Seen::of(sample);
    let has_break = |range: Range<usize>| sample.get(range).is_some_and(|bytes| memchr(b'\n', bytes).is_some());
    let second = seen.error.filter(|error| error.kind == JsonErrorKind::SecondValue);
    let readable = seen.error.is_none() || second.is_some() || seen.ends_early(sample);
    let over_lines = has_break(0..seen.first_end);
    let shares_line = second.is_some_and(|error| !has_break(seen.first_end..error.offset));
    match sample.first() {
        Some(b'[') => readable && seen.values > 1 && (over_lines || second.is_none()),
        Some(b'{') => readable && seen.keys > 0 && (over_lines || shares_line),
        _ => false,
    }
}

/// The sample from its first value on; `None` if it has none.
fn sample(start: &[u8]) -> Option<&[u8]> {
    start.get(value_start(start)?..)
}

/// How far a sample could be read as one value.
struct Seen {
    keys: usize,
    /// Strings and containers.
    values: usize,
    /// Where the first value ends, or where reading did.
    first_end: usize,
    error: Option<JsonError>,
}

impl Seen {
    fn of(sample: &[u8]) -> Seen {
        let mut nesting = Nesting::default();
        let mut scanner = Scanner::new(sample, 0, &mut nesting);
        let mut seen = Seen { keys: 0, values: 0, first_end: 0, error: None };
        loop {
            match scanner.next_event() {
                Ok(Some(Event::Key(_))) => seen.keys += 1,
                Ok(Some(Event::Open(_) | Event::String(_))) => seen.values += 1,
                Ok(Some(Event::Close | Event::Bare(_))) => {}
                Ok(None) => return seen,
                Err(error) => return Seen { error: Some(error), ..seen },
            }
            seen.first_end = scanner.offset();
        }
    }

    /// Whether nothing is wrong but that the sample ends.
    fn ends_early(&self, sample: &[u8]) -> bool {
        self.error.is_some_and(|error| error.offset >= sample.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_objects_are_json_lines() {
        for start in [
            "{\"a\":1}\n{\"a\":2}\n",
            "{\"a\":1}",
            "\u{feff}\r\n\n {\"a\": [\"x\"]}\r\nnot json",
            "\u{1e}{\"a\":1}\n",
            "{}\n",
            "{\"text\": \"a long st",
            "{\"text\": \"a\\u00",
            "{\"text\": \"a\", \"n\": 12.",
            "{ \"text\" :",
        ] {
            assert!(looks_like_jsonl(start.as_bytes()), "{start}");
            assert!(!looks_like_json_array_or_pretty(start.as_bytes()), "{start}");
        }
    }

    #[test]
    fn prose_with_braces_is_not() {
        for start in [
            "",
            "\n",
            "{",
            "{} {}\n",
            "[1] [2] Two footnotes.\n",
            "{Photo: Reuters} The bridge is open.",
            "{\"Stop!\" he said} and went.",
            "{\"Stop\": he said}",
            "{\"text\"",
            "[1] A footnote.\n",
            "[Photo]",
            "[2019]",
            "[",
            "[ \n",
            "text\n{\"a\":1}\n",
            "{\"a\":1,\n}",
        ] {
            assert!(!looks_like_jsonl(start.as_bytes()), "{start}");
            assert!(!looks_like_json_array_or_pretty(start.as_bytes()), "{start}");
        }
    }

    #[test]
    fn arrays_pretty_printed_objects_and_joined_ones_are_json_but_no_lines() {
        for start in [
            "{\n  \"a\": 1\n}\n",
            "{\n  \"a\": 1\n}\n{\n  \"a\": 2\n}\n",
            "{\n  \"text\": \"cut o",
            "[{\"a\":1},\n{\"a\":2}]\n",
            "[{\"a\":1},{\"a\":2}]",
            "[\n  {\n    \"a\": tr",
            "\u{feff}[{\"text\":\"",
            "{\"a\":1}{\"a\":2}\n{\"a\":3}\n",
            "{\"a\":1} {\"a",
        ] {
            assert!(looks_like_json_array_or_pretty(start.as_bytes()), "{start}");
            assert!(!looks_like_jsonl(start.as_bytes()), "{start}");
        }
    }

    #[test]
    fn lines_of_arrays_are_neither() {
        let lines = b"[1,2]\n[3,4]\n";
        assert!(!looks_like_jsonl(lines) && !looks_like_json_array_or_pretty(lines));
    }
}
