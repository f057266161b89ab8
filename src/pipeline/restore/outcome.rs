//! What restoring came to.

use std::ops::AddAssign;

use super::Refusal;

/// How near a restored document is to its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// Byte for byte what the input was, or what it held where it was compressed.
    Exact,
    /// The same text in UTF-8; the input had another encoding or a byte order mark.
    Encoding,
    /// The text as it was decoded, with so many malformed sequences replaced: the original bytes are not restorable.
    Replaced(u64),
    /// The text that was taken from a page; the page is not restorable.
    Extracted,
    /// The text of a record that became a file of its own.
    Record,
    /// A record with the same text, of which the header, or the way its text was written, is not what it was.
    Writing,
    /// The input itself, which was put aside.
    Original,
}

/// How many documents were restored, by how near they are to their inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files that were restored.
    pub files: u64,
    /// Documents in them; inputs that were put aside are none.
    pub documents: u64,
    /// Those of [`Nearness::Exact`].
    pub exact: u64,
    /// Those of [`Nearness::Encoding`].
    pub encoding: u64,
    /// Those of [`Nearness::Replaced`].
    pub replaced: u64,
    /// Those of [`Nearness::Extracted`].
    pub extracted: u64,
    /// Those of [`Nearness::Record`].
    pub records: u64,
    /// Those of [`Nearness::Writing`].
    pub writing: u64,
    /// Files of [`Nearness::Original`].
    pub originals: u64,
    /// Pieces of inputs that went back to their places from quarantine.
    pub pieces: u64,
    /// Pieces that have no place any more, and stay in quarantine.
    pub stayed: u64,
    /// Inputs, or records of them, that the run could not read or write; nothing of them is in the output.
    pub absent: u64,
    /// Outputs of which only the records could be checked, since no summary has their hash.
    pub unchecked: u64,
}

impl Tally {
    pub(super) fn add(&mut self, nearness: Nearness) {
        let count = match nearness {
            Nearness::Exact => &mut self.exact,
            Nearness::Encoding => &mut self.encoding,
            Nearness::Replaced(_) => &mut self.replaced,
            Nearness::Extracted => &mut self.extracted,
            Nearness::Record => &mut self.records,
            Nearness::Writing => &mut self.writing,
            Nearness::Original => {
                self.originals += 1;
                return;
            }
        };
        *count += 1;
        self.documents += 1;
    }
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.files += other.files;
        self.documents += other.documents;
        self.exact += other.exact;
        self.encoding += other.encoding;
        self.replaced += other.replaced;
        self.extracted += other.extracted;
        self.records += other.records;
        self.writing += other.writing;
        self.originals += other.originals;
        self.pieces += other.pieces;
        self.stayed += other.stayed;
        self.absent += other.absent;
        self.unchecked += other.unchecked;
    }
}

/// Something about a file that was restored, or left out, and that its reader should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// This document is not byte for byte what it was; the number is that of its record.
    Near(Option<u64>, Nearness),
    /// Bytes of the input stay in quarantine, since they have no place: they could not be decompressed, or are no record of
    /// what became files.
    Stayed(u64),
    /// The run could not read or write it, and gave this reason.
    Absent(String),
    /// No summary has the hash of this output, so that only its records could be checked.
    Unchecked,
}

/// How many remarks are kept a file; the sums are of all.
const MOST_REMARKS: usize = 1000;

/// What became of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Done {
    pub(super) path: String,
    pub(super) tally: Tally,
    pub(super) remarks: Vec<Remark>,
    pub(super) refusals: Vec<Refusal>,
    /// Files before it in the order of the paths that no row lists.
    pub(super) strangers: Vec<String>,
}

impl Done {
    pub(super) fn near(&mut self, record: Option<u64>, nearness: Nearness) {
        self.tally.add(nearness);
        if nearness != Nearness::Exact {
            self.remark(Remark::Near(record, nearness));
        }
    }

    pub(super) fn remark(&mut self, remark: Remark) {
        if self.remarks.len() < MOST_REMARKS {
            self.remarks.push(remark);
        }
    }
}

/// What restoring a directory came to.
#[derive(Clone, Debug, Default)]
pub struct Restored {
    /// What was restored.
    pub tally: Tally,
    /// How many files, or reports, were refused.
    pub refused: u64,
    /// How many files no row lists.
    pub strangers: u64,
    /// How many files the run passed over; they are with the inputs.
    pub skipped: u64,
    /// Whether there was a summary to check against.
    pub has_summary: bool,
}
