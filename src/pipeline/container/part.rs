//! The parts that a container is read in, one after the other.

use crate::formats::compression::Damage;
use crate::report::Hash;

/// One part, and how far the container is read behind it.
#[derive(Debug)]
pub(crate) struct Part {
    /// Which it is, counted from 0.
    pub(crate) number: u32,
    pub(crate) kind: PartKind,
    /// Where reading can begin again behind it; nothing amid a record.
    pub(crate) behind: Option<Place>,
    /// How many bytes of the file were used up behind it, as it lies on the disk.
    pub(crate) read: u64,
    /// Whether nothing follows.
    pub(crate) last: bool,
}

/// A place between records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Place {
    /// The number of the next part.
    pub(crate) part: u32,
    /// The bytes before it, decompressed.
    pub(crate) offset: u64,
    /// The number of the next record.
    pub(crate) record: u64,
    /// How many stretches of compressed data before it could not be read.
    pub(crate) damages: u32,
}

/// What a part holds.
#[derive(Debug)]
pub(crate) enum PartKind {
    /// Bytes that belong to the container and to no record: the header of a table, blank lines.
    Verbatim(Vec<u8>),
    /// Whole records.
    Records {
        bytes: Vec<u8>,
        offset: u64,
        /// The number of the first.
        first: u64,
        /// Why the last of them may be cut off.
        torn: Option<Damage>,
    },
    /// A piece of a record that is too large to be cleaned.
    Piece {
        bytes: Vec<u8>,
        record: u64,
        /// Behind the last piece: how many bytes they were, and their hash.
        whole: Option<(u64, Hash)>,
    },
    /// Decompressed bytes that are no record.
    Spoilt(Spoilt),
    /// Compressed bytes that cannot be read.
    Undecodable(Damage),
    /// Rows of a table of columns.
    #[cfg(feature = "parquet")]
    Rows(crate::formats::parquet::Batch),
    /// The file is not what it was taken for, or cannot be read on: nothing follows.
    Failed { reason: crate::report::FailReason, detail: String },
    /// The end, with what was noticed on the way.
    End {
        notes: Vec<String>,
        /// Where in the input itself bytes stand that belong to nothing.
        garbage: Option<(u64, u64)>,
        /// Whether there was no record, nor anything else.
        is_empty: bool,
    },
}

impl Part {
    /// How many lines end in it, which are as many as its records or more.
    pub(crate) fn most_records(&self) -> usize {
        match &self.kind {
            PartKind::Records { bytes, .. } => memchr::memchr_iter(b'\n', bytes).count() + 1,
            #[cfg(feature = "parquet")]
            PartKind::Rows(batch) => batch.texts.len(),
            _ => 0,
        }
    }

    /// The number of its first record.
    pub(crate) fn first_record(&self) -> u64 {
        match &self.kind {
            PartKind::Records { first, .. } => *first,
            #[cfg(feature = "parquet")]
            PartKind::Rows(batch) => batch.first_row + 1,
            _ => 0,
        }
    }
}

/// Bytes that are no record.
#[derive(Debug)]
pub(crate) struct Spoilt {
    pub(crate) bytes: Vec<u8>,
    pub(crate) offset: u64,
    pub(crate) reason: crate::report::FailReason,
    pub(crate) detail: String,
    /// Whether this goes on from the part before.
    pub(crate) goes_on: bool,
}
