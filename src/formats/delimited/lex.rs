//! Where one field ends.

use std::ops::Range;

use memchr::{memchr, memchr2};

use super::dialect::{Dialect, Terminator};

/// A field as it stands in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// What is in it, without quotes around it.
    pub(super) content: Range<usize>,
    /// Whether it begins with a quote that quotes it.
    pub(super) quoted: bool,
    /// First byte behind the closing quote that should not be there.
    pub(super) stray: Option<usize>,
    /// What ends it.
    pub(super) stop: Stop,
    /// First byte behind that.
    pub(super) next: usize,
}

/// What ends a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A delimiter: another field follows.
    Delimiter,
    /// The end of the row.
    Terminator,
    /// The end of the bytes.
    End,
    /// The end of the bytes, inside quotes.
    Unclosed,
}

/// The field that begins at `start`.
pub(super) fn field_at(bytes: &[u8], start: usize, dialect: Dialect) -> Extent {
    if dialect.quoting && bytes.get(start) == Some(&b'"') {
        quoted_at(bytes, start + 1, dialect)
    } else {
        bare_at(bytes, start, dialect)
    }
}

fn bare_at(bytes: &[u8], start: usize, dialect: Dialect) -> Extent {
    let rest = bytes.get(start..).unwrap_or_default();
    let len = memchr2(dialect.delimiter, dialect.terminator.byte(), rest).unwrap_or(rest.len());
    let end = start + len;
    let stop = stop_at(bytes, end, dialect);
    let ends_row = stop != Stop::Delimiter && dialect.terminator == Terminator::Lf;
    let carriage_return = usize::from(ends_row && len > 0 && bytes.get(end - 1) == Some(&b'\r'));
    let next = bytes.len().min(end + 1);
    Extent { content: start..end - carriage_return, quoted: false, stray: None, stop, next }
}

/// What the delimiter, the terminator or the end of the bytes at `at` is.
fn stop_at(bytes: &[u8], at: usize, dialect: Dialect) -> Stop {
    match bytes.get(at) {
        Some(byte) if *byte == dialect.terminator.byte() => Stop::Terminator,
        Some(_) => Stop::Delimiter,
        None => Stop::End,
    }
}

fn quoted_at(bytes: &[u8], start: usize, dialect: Dialect) -> Extent {
    let Some(quote) = closing_quote(bytes, start) else {
        let next = bytes.len();
        return Extent { content: start..next, quoted: true, stray: None, stop: Stop::Unclosed, next };
    };
    let behind = bare_at(bytes, quote + 1, dialect);
    let stray = (!behind.content.is_empty()).then_some(quote + 1);
    Extent { content: start..quote, quoted: true, stray, ..behind }
}

/// The first quote from `start` on that is no pair.
fn closing_quote(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let quote = at + memchr(b'"', bytes.get(at..)?)?;
        if bytes.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(bytes: &str) -> (&str, Stop, usize) {
        let extent = field_at(bytes.as_bytes(), 0, Dialect::CSV);
        (&bytes[extent.content], extent.stop, extent.next)
    }

    #[test]
    fn bare_fields_end_at_a_delimiter_or_with_the_row() {
        assert_eq!(lex("a\"b\"\r,c"), ("a\"b\"\r", Stop::Delimiter, 6));
        assert_eq!(lex("ab\nc"), ("ab", Stop::Terminator, 3));
        assert_eq!(lex("ab\r\nc"), ("ab", Stop::Terminator, 4));
        assert_eq!(lex("ab\r"), ("ab", Stop::End, 3));
        assert_eq!(lex(",c"), ("", Stop::Delimiter, 1));
        assert_eq!(lex(""), ("", Stop::End, 0));
        assert_eq!(lex("\n"), ("", Stop::Terminator, 1));
    }

    #[test]
    fn quoted_fields_end_at_a_quote_that_is_no_pair() {
        assert_eq!(lex("\"a,\n\"\"b\",c"), ("a,\n\"\"b", Stop::Delimiter, 9));
        assert_eq!(lex("\"a\"\r\nb"), ("a", Stop::Terminator, 5));
        assert_eq!(lex("\"\"\"\""), ("\"\"", Stop::End, 4));
        assert_eq!(lex("\"a\"\"\nb"), ("a\"\"\nb", Stop::Unclosed, 6));
        assert_eq!(lex("\""), ("", Stop::Unclosed, 1));
    }

    #[test]
    fn text_behind_a_closing_quote_is_told() {
        let extent = field_at(b"\"a\"b,\"c\",d", 0, Dialect::CSV);
        assert_eq!((extent.stray, extent.stop, extent.next), (Some(3), Stop::Delimiter, 5));
    }
}
