//! Where strings, numbers and words end.

use memchr::memchr2;

use super::error::{JsonError, JsonErrorKind};

/// Bytes that are looked at one by one first, since keys are short and escapes often stand close together.
const NEAR: usize = 8;

/// The closing quote of the string whose first byte behind the opening one is at `start`.
pub(super) fn string_end(line: &[u8], start: usize) -> Result<usize, JsonError> {
    let mut at = start;
    loop {
        at = next_special(line, at);
        match line.get(at) {
            Some(b'"') => return Ok(at),
            Some(b'\\') => at = escape_end(line, at)?,
            Some(control) => return Err(JsonError { offset: at, kind: JsonErrorKind::ControlCharacter(*control) }),
            None => {
                let kind = JsonErrorKind::UnclosedString { start: start.saturating_sub(1) };
                return Err(JsonError { offset: line.len(), kind });
            }
        }
    }
}

/// The offset of the next quote, backslash or control character; the line's length if there is none.
fn next_special(line: &[u8], at: usize) -> usize {
    let rest = line.get(at..).unwrap_or_default();
    if let Some(found) = rest.iter().take(NEAR).position(|byte| is_special(*byte)) {
        return at + found;
    }
    let run = memchr2(b'"', b'\\', rest).map_or(rest, |found| &rest[..found]);
    // Vectorised, unlike a search that stops at the first one.
    let least = run.iter().fold(u8::MAX, |least, byte| least.min(*byte));
    let control = if least < b' ' { run.iter().position(|byte| *byte < b' ') } else { None };
    at + control.unwrap_or(run.len())
}

fn is_special(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// The end of the escape whose backslash is at `at`.
fn escape_end(line: &[u8], at: usize) -> Result<usize, JsonError> {
    let bad = |offset| Err(JsonError { offset, kind: JsonErrorKind::BadEscape });
    match line.get(at + 1) {
        Some(b'u') => {
            let digits = line.get(at + 2..).unwrap_or_default().iter().take(4);
            match digits.take_while(|byte| byte.is_ascii_hexdigit()).count() {
                4 => Ok(at + 6),
                fewer => bad(at + 2 + fewer),
            }
        }
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        _ => bad(at + 1),
    }
}

/// The end of the number that begins at `start`; its size does not matter.
pub(super) fn number_end(line: &[u8], start: usize) -> Result<usize, JsonError> {
    let mut at = start + usize::from(line.get(start) == Some(&b'-'));
    at = match line.get(at) {
        Some(b'0') => at + 1,
        _ => digits_end(line, at)?,
    };
    if line.get(at) == Some(&b'.') {
        at = digits_end(line, at + 1)?;
    }
    if matches!(line.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(line.get(at + 1), Some(b'+' | b'-')));
        at = digits_end(line, at)?;
    }
    Ok(at)
}

fn digits_end(line: &[u8], start: usize) -> Result<usize, JsonError> {
    let rest = line.get(start..).unwrap_or_default();
    match rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len()) {
        0 => Err(JsonError { offset: start, kind: JsonErrorKind::DigitExpected }),
        count => Ok(start + count),
    }
}

/// The end of `word`, which begins at `start`.
pub(super) fn word_end(line: &[u8], start: usize, word: &[u8]) -> Result<usize, JsonError> {
    let rest = line.get(start..).unwrap_or_default();
    let same = rest.iter().zip(word).take_while(|(found, wanted)| found == wanted).count();
    if same == word.len() {
        Ok(start + same)
    } else {
        Err(JsonError { offset: start + same, kind: JsonErrorKind::WordExpected })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(line: &[u8]) -> Result<usize, (usize, JsonErrorKind)> {
        string_end(line, 1).map_err(|error| (error.offset, error.kind))
    }

    #[test]
    fn strings_end_at_the_first_quote_that_is_not_escaped() {
        assert_eq!(string(b"\"\""), Ok(1));
        assert_eq!(string(b"\"plain \xff\" tail\""), Ok(8));
        assert_eq!(string(br#""a\"b\\" x"#), Ok(7));
        assert_eq!(string(br#""\ud800 \u00E9""#), Ok(14));
    }

    #[test]
    fn what_is_wrong_in_a_string_has_its_offset() {
        assert_eq!(string(b"\"ab"), Err((3, JsonErrorKind::UnclosedString { start: 0 })));
        assert_eq!(string(b"\"ab\tc\""), Err((3, JsonErrorKind::ControlCharacter(9))));
        assert_eq!(string(b"\"a\\n\x01\""), Err((4, JsonErrorKind::ControlCharacter(1))));
        assert_eq!(string(br#""a\x""#), Err((3, JsonErrorKind::BadEscape)));
        assert_eq!(string(br#""\u12g4""#), Err((5, JsonErrorKind::BadEscape)));
        assert_eq!(string(br#""\u12"#), Err((5, JsonErrorKind::BadEscape)));
        assert_eq!(string(br#""\"#), Err((2, JsonErrorKind::BadEscape)));
    }

    #[test]
    fn numbers_of_any_size_are_numbers() {
        let long = "9".repeat(1000);
        for number in ["0", "-0", "10", "1.50", "1e400", "-1E-400", "0.0e+7", &long] {
            assert_eq!(number_end(number.as_bytes(), 0), Ok(number.len()), "{number}");
        }
    }

    #[test]
    fn numbers_need_digits() {
        for (number, offset) in
            [("-", 1), ("-a", 1), ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3), (".1", 0), ("+1", 0)]
        {
            let error = JsonError { offset, kind: JsonErrorKind::DigitExpected };
            assert_eq!(number_end(number.as_bytes(), 0), Err(error), "{number}");
        }
        assert_eq!(number_end(b"012", 0), Ok(1));
    }
}
