//! How a record begins: `WARC/`, a version, a line end, and a line `Name: value`.
//!
//! Any version is tried, since what can be wrong with a record shows at its end; a text that says `WARC/1.0` at the
//! start of a line is not taken for one, since no field follows.

/// What a record begins with.
pub(super) const MAGIC: &[u8] = b"WARC/";

/// Digits on one side of a version's point; 1.1 is the newest.
const MAX_DIGITS: usize = 3;

/// The longest name of the first field; the longest name of the standard has 29 letters.
const MAX_NAME: usize = 128;

/// Whether a record begins somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Yes,
    No,
    /// So far yes, but the bytes end before it is certain.
    Perhaps,
}

/// Whether a record begins with the first byte.
pub(super) fn starts(bytes: &[u8]) -> Start {
    match literal(bytes, MAGIC).and_then(version).and_then(line_end).and_then(field) {
        Ok(()) => Start::Yes,
        Err(verdict) => verdict,
    }
}

/// Whether the bytes begin like a record as far as the version's first digit.
pub(super) fn starts_loosely(bytes: &[u8]) -> Start {
    match literal(bytes, MAGIC) {
        Err(verdict) => verdict,
        Ok([]) => Start::Perhaps,
        Ok([byte, ..]) if byte.is_ascii_digit() => Start::Yes,
        Ok(_) => Start::No,
    }
}

fn version(bytes: &[u8]) -> Result<&[u8], Start> {
    digits(bytes).and_then(|rest| literal(rest, b".")).and_then(digits)
}

fn field(bytes: &[u8]) -> Result<(), Start> {
    match bytes.split_at(leading(bytes, MAX_NAME, is_token)) {
        ([_, ..], [b':', ..]) => Ok(()),
        (_, []) => Err(Start::Perhaps),
        _ => Err(Start::No),
    }
}

fn digits(bytes: &[u8]) -> Result<&[u8], Start> {
    let count = leading(bytes, MAX_DIGITS, |byte| byte.is_ascii_digit());
    match bytes.get(count..) {
        Some([]) | None => Err(Start::Perhaps),
        Some(_) if count == 0 => Err(Start::No),
        Some(rest) => Ok(rest),
    }
}

fn line_end(bytes: &[u8]) -> Result<&[u8], Start> {
    match bytes {
        [b'\r', ..] => literal(bytes, b"\r\n"),
        _ => literal(bytes, b"\n"),
    }
}

/// What stands behind `expected`.
fn literal<'b>(bytes: &'b [u8], expected: &[u8]) -> Result<&'b [u8], Start> {
    let verdict = if expected.starts_with(bytes) { Start::Perhaps } else { Start::No };
    bytes.strip_prefix(expected).ok_or(verdict)
}

/// How many of the first bytes, at most `most`, are of a kind.
fn leading(bytes: &[u8], most: usize, kind: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take(most).take_while(|byte| kind(**byte)).count()
}

/// Whether a byte may stand in a field's name (RFC 9110, section 5.6.2, `token`).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_and_a_field_begin_a_record() {
        for bytes in [&b"WARC/1.0\r\nWARC-Type: x"[..], b"WARC/0.18\nA:", b"WARC/2.7\r\nContent-Length:5"] {
            assert_eq!(starts(bytes), Start::Yes);
        }
    }

    #[test]
    fn text_about_the_format_begins_no_record() {
        for bytes in [
            &b"WARC/1.0 is a format"[..],
            b"WARC/1.0\r\nWARC/1.0\r\n",
            b"WARC/1.0\r\n\r\n",
            b"WARC/1.0\nis a format: it",
            b"WARC/1.0\nis\n: it",
            b"WARC/x",
            b"WARC/1000.0\n",
            b"WARC/1.0\n: x",
            b"warc/1.0\nA: x",
        ] {
            assert_eq!(starts(bytes), Start::No, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn any_beginning_of_a_record_may_become_one() {
        let whole = b"WARC/1.0\r\nWARC-Type:";
        for len in 0..whole.len() {
            assert_eq!(starts(&whole[..len]), Start::Perhaps, "{len}");
        }
    }

    #[test]
    fn the_longest_name_may_end_behind_what_is_there() {
        let bytes = [b"WARC/1.0\r\n".as_slice(), &[b'a'; MAX_NAME], b":"].concat();
        assert_eq!(starts(&bytes), Start::Yes);
        assert_eq!(starts(&bytes[..bytes.len() - 1]), Start::Perhaps);
    }

    #[test]
    fn a_name_that_never_ends_is_given_up() {
        let bytes = [b"WARC/1.0\r\n".as_slice(), &[b'a'; MAX_NAME + 1]].concat();
        assert_eq!(starts(&bytes), Start::No);
    }
}
