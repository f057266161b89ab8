//! Where rows end.

use super::dialect::{Dialect, Terminator};
use super::lex::{Stop, field_at};

/// One row, with its terminator if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordBytes<'b> {
    /// The row.
    pub bytes: &'b [u8],
    /// Where it begins in the bytes that were split.
    pub start: usize,
}

/// The end of the last whole row in bytes that begin at the border of a row; `None` when no row is complete.
///
/// Bytes behind it may be the beginning of a row, or all that follows a quote which is never closed: how long to wait
/// for the rest is the caller's to decide. One pass over all bytes; callers that read on should double what they hold.
pub fn last_border(bytes: &[u8], dialect: Dialect) -> Option<usize> {
    let mut border = None;
    let mut at = 0;
    while at < bytes.len() {
        let field = field_at(bytes, at, dialect);
        if field.stop == Stop::Terminator {
            border = Some(field.next);
        }
        at = field.next;
    }
    border
}

/// The rows of bytes that begin at the border of a row, in order and without gaps.
///
/// What stands behind the last terminator is a row, too.
pub fn records(bytes: &[u8], dialect: Dialect) -> impl Iterator<Item = RecordBytes<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let end = record_end(bytes, start, dialect);
        let record = bytes.get(start..end).filter(|record| !record.is_empty())?;
        Some(RecordBytes { bytes: record, start: std::mem::replace(&mut start, end) })
    })
}

fn record_end(bytes: &[u8], start: usize, dialect: Dialect) -> usize {
    let mut at = start;
    while at < bytes.len() {
        let field = field_at(bytes, at, dialect);
        at = field.next;
        if field.stop == Stop::Terminator {
            break;
        }
    }
    at
}

/// Whether a row has nothing but its terminator.
pub(super) fn is_blank(record: &[u8], dialect: Dialect) -> bool {
    match dialect.terminator {
        Terminator::Lf => matches!(record, b"" | b"\n" | b"\r\n" | b"\r"),
        Terminator::Cr => matches!(record, b"" | b"\r"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(bytes: &str, dialect: Dialect) -> Vec<&str> {
        records(bytes.as_bytes(), dialect).map(|record| &bytes[record.start..][..record.bytes.len()]).collect()
    }

    #[test]
    fn rows_keep_their_terminators() {
        assert_eq!(split("a,b\r\n\n\"c\n\"\"d\",e\nf", Dialect::CSV), ["a,b\r\n", "\n", "\"c\n\"\"d\",e\n", "f"]);
        assert_eq!(split("a,\"b\nc,d", Dialect::CSV), ["a,\"b\nc,d"]);
        assert_eq!(split("", Dialect::CSV), [""; 0]);
        let old = Dialect { terminator: Terminator::Cr, ..Dialect::TSV };
        assert_eq!(split("a\tb\n\rc\r", old), ["a\tb\n\r", "c\r"]);
    }

    #[test]
    fn without_quoting_every_line_is_a_row() {
        let dialect = Dialect { quoting: false, ..Dialect::TSV };
        assert_eq!(split("\"a\tb\n\"c\n", dialect), ["\"a\tb\n", "\"c\n"]);
    }

    #[test]
    fn the_last_border_is_behind_the_last_whole_row() {
        assert_eq!(last_border(b"a,b\n\"c\nd\",e\nf,\"g\n", Dialect::CSV), Some(12));
        assert_eq!(last_border(b"a,b\r\n", Dialect::CSV), Some(5));
        assert_eq!(last_border(b"a,b\r", Dialect::CSV), None);
        assert_eq!(last_border(b"\"a\nb\nc\n", Dialect::CSV), None);
        assert_eq!(last_border(b"", Dialect::CSV), None);
    }
}
