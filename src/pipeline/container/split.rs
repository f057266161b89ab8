//! Where the records of a container end.

use crate::formats::delimited::{self, Dialect};
use crate::formats::warc::{self, DamageKind};
use crate::report::FailReason;

/// How far bytes that begin between records can be cut.
#[derive(Debug)]
pub(crate) enum Cut {
    /// So many bytes are whole records.
    Records(usize),
    /// A record begins that is not there as a whole.
    More,
    /// A record of so many bytes begins, more than are held at once.
    Large(u64),
    /// So many bytes belong to no record, as blank lines do, and are to be kept.
    Between(usize),
    /// So many bytes are no record.
    Spoilt {
        length: usize,
        detail: String,
        /// Whether they belong to those before.
        goes_on: bool,
    },
}

/// The kinds of records.
#[derive(Debug)]
pub(crate) enum Split {
    /// One a line.
    Lines,
    /// One a row of a table.
    Rows(Dialect),
    /// One with a header that tells its length.
    Archive(warc::Splitter),
    /// None that could be cleaned: bytes that pass.
    Blocks,
}

impl Split {
    /// Looks how far these bytes can be cut; `is_end` says that none follow.
    pub(crate) fn cut(&mut self, bytes: &[u8], is_end: bool) -> Cut {
        let border = match self {
            Split::Lines => memchr::memrchr(b'\n', bytes).map(|at| at + 1),
            Split::Rows(dialect) => delimited::last_border(bytes, *dialect),
            Split::Archive(splitter) => return of_archive(splitter.cut(bytes, is_end)),
            Split::Blocks => return Cut::Between(bytes.len()),
        };
        match border {
            // A last line needs no end.
            _ if is_end => Cut::Records(bytes.len()),
            Some(length) => Cut::Records(length),
            None => Cut::More,
        }
    }

    /// The end of the record that these bytes go on with; `is_quoted` is whether they begin amid a quoted field, and then whether
    /// they end so.
    pub(crate) fn end_of_record(&self, bytes: &[u8], is_quoted: &mut bool) -> Option<usize> {
        let (terminator, quoting) = match self {
            Split::Rows(dialect) => (dialect.terminator.byte(), dialect.quoting),
            _ => (b'\n', false),
        };
        // A doubled quote in a quoted field ends it and begins it again.
        memchr::memchr2_iter(b'"', terminator, bytes).find_map(|at| {
            if bytes[at] == b'"' {
                *is_quoted ^= quoting;
            }
            (bytes[at] == terminator && !*is_quoted).then_some(at + 1)
        })
    }

    /// How many records these bytes are.
    pub(crate) fn count(&self, bytes: &[u8]) -> u64 {
        let count = match self {
            Split::Lines => {
                let open = usize::from(bytes.last().is_some_and(|&last| last != b'\n'));
                memchr::memchr_iter(b'\n', bytes).count() + open
            }
            Split::Rows(dialect) => delimited::records(bytes, *dialect).count(),
            Split::Archive(_) => warc::records(bytes).count(),
            Split::Blocks => 0,
        };
        count as u64
    }

    /// Why bytes that are no record of this kind fail.
    pub(crate) fn reason(&self) -> FailReason {
        match self {
            Split::Lines => FailReason::NotJson,
            Split::Rows(_) => FailReason::NotARow,
            Split::Archive(_) | Split::Blocks => FailReason::NotARecord,
        }
    }

    /// Whether nothing is looked for in the bytes.
    pub(crate) fn passes(&self) -> bool {
        matches!(self, Split::Blocks)
    }

    /// Whether records are lines, of which each shows by itself whether it is whole.
    pub(crate) fn is_lines(&self) -> bool {
        matches!(self, Split::Lines)
    }
}

fn of_archive(cut: warc::Cut) -> Cut {
    match cut {
        warc::Cut::Records(length) => Cut::Records(length),
        warc::Cut::Blank(length) => Cut::Between(length),
        warc::Cut::More => Cut::More,
        warc::Cut::Large { len, .. } => Cut::Large(len),
        warc::Cut::Damaged { len, kind, continued } => {
            Cut::Spoilt { length: len, detail: described(kind).to_owned(), goes_on: continued }
        }
    }
}

/// What is wrong with a stretch of an archive, and what can be done.
fn described(kind: warc::DamageKind) -> &'static str {
    match kind {
        DamageKind::NotARecord => "no record begins here; reading goes on at the next one",
        DamageKind::Header => "the header of the record breaks off where another one begins",
        DamageKind::HeaderTooLong => "the header of the record does not end within 64 kB",
        DamageKind::Length => "Content-Length is missing, is no number, or stands there twice with different values",
        DamageKind::Boundary => "the record does not end where Content-Length says; reading goes on at the next one",
        DamageKind::Truncated => "the file ends inside the record; fetch it again",
    }
}
