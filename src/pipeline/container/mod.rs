//! Inputs that hold many documents: read part by part, worked on by any thread, written in order.

mod archive;
mod marks;
mod open;
mod part;
mod reader;
mod records;
mod reread;
mod split;
#[cfg(feature = "parquet")]
mod table;
mod text;
mod yielded;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, TryLockError};

use crate::formats::Format;
use crate::formats::compression::Codec;
use crate::report::summary::Named;
use crate::report::{DocumentName, FailReason};

pub(crate) use open::{Framing, Opening, Set, Unfit, set_up};
pub(crate) use part::{Part, PartKind, Place, Spoilt};
pub(crate) use reader::{Reader, told as noticed};
pub(crate) use records::{Shape, Work, exploded, reason_of};
pub(crate) use split::Split;
pub(crate) use yielded::{Told, Yield};

use super::Reading;
use super::moving::{Change, Identity};
use super::opened::Stamp;
use super::panics::guarded;

/// A container that is open, shared by all threads.
pub(crate) struct Container<'r> {
    /// Its number in the order of the report.
    pub(crate) number: u64,
    /// The number of the first part that will be read.
    pub(crate) first_part: u32,
    /// Where it is; nothing for a stream.
    pub(crate) input: Option<InputFile>,
    /// How its output is called.
    pub(crate) name: Option<DocumentName>,
    pub(crate) target: PathBuf,
    /// What is odd about it.
    pub(crate) notes: Vec<Named>,
    /// Whether every record becomes a file.
    pub(crate) is_exploded: bool,
    /// Whether there will be an output of its name.
    pub(crate) has_output: bool,
    /// How the output is compressed.
    pub(crate) codec: Option<Codec>,
    /// Whether the input is compressed, so that offsets are of what it holds.
    pub(crate) is_packed: bool,
    /// Its format; nothing where only its looks are told.
    pub(crate) format: Option<Format>,
    pub(crate) shape: Shape,
    /// What it is.
    pub(crate) told_as: ToldAs,
    /// How many bytes of its file an earlier run had done.
    pub(crate) bytes_reused: u64,
    reader: Mutex<Parts<'r>>,
}

/// What a container is, for who wants to hear.
#[derive(Clone, Debug, Default)]
pub(crate) struct ToldAs {
    pub(crate) format: Option<Format>,
    /// How the input is compressed.
    pub(crate) codec: Option<Codec>,
    /// The field or column with the texts.
    pub(crate) field: Option<String>,
}

/// The file of a container.
#[derive(Clone, Debug)]
pub(crate) struct InputFile {
    pub(crate) path: PathBuf,
    pub(crate) is_named: bool,
    pub(crate) stamp: Stamp,
    pub(crate) identity: Identity,
}

impl InputFile {
    /// What happened to it since it was opened.
    pub(crate) fn change(&self) -> Option<Change> {
        self.identity.change(&self.path, self.is_named)
    }
}

/// What the parts come from.
pub(crate) enum Parts<'r> {
    /// Bytes, one after the other.
    Stream(Box<Reader<'r>>),
    /// A file of columns.
    #[cfg(feature = "parquet")]
    Columns(Box<table::Rows>),
    /// Nothing: this is wrong with it.
    Unfit(Option<(FailReason, String)>),
}

impl Parts<'_> {
    /// How many bytes of the file were used up so far.
    fn bytes_read(&self) -> u64 {
        match self {
            Parts::Stream(reader) => reader.bytes_read(),
            _ => 0,
        }
    }

    /// The number of the next part.
    fn part(&self) -> u32 {
        match self {
            Parts::Stream(reader) => reader.part(),
            #[cfg(feature = "parquet")]
            Parts::Columns(rows) => rows.part(),
            Parts::Unfit(_) => 0,
        }
    }

    /// The next part; nothing behind the last.
    pub(crate) fn next(&mut self) -> Option<Part> {
        match self {
            Parts::Stream(reader) => reader.next(),
            #[cfg(feature = "parquet")]
            Parts::Columns(rows) => rows.next(),
            Parts::Unfit(why) => why.take().map(|(reason, detail)| Part {
                number: 0,
                kind: PartKind::Failed { reason, detail },
                behind: None,
                read: 0,
                last: true,
            }),
        }
    }
}

impl<'r> Container<'r> {
    /// The place of a part in the order of the run.
    pub(crate) fn key(&self, part: &Part) -> (u64, u32) {
        (self.number, part.number.saturating_sub(self.first_part))
    }

    /// The size of its file.
    pub(crate) fn size(&self) -> u64 {
        self.input.as_ref().map_or(0, |input| input.stamp.size)
    }

    /// Looks at its file when all is read, and tells if that has changed.
    pub(crate) fn look_again(&self, told: &mut Told) {
        let change = self.input.as_ref().and_then(InputFile::change);
        change.into_iter().for_each(|change| told.change(&DocumentName::of(&self.target), change));
    }

    /// What it is.
    pub(crate) fn reading(&self) -> Option<Reading<'_>> {
        let ToldAs { format, codec, field } = &self.told_as;
        let path = &self.name.as_ref()?.path;
        Some(Reading { path, format: *format, codec: *codec, encoding: None, field: field.as_deref() })
    }

    /// The next part, by whoever comes; `None` when all are given out, or when `wait` is unset and somebody else is reading.
    pub(crate) fn next(&self, wait: bool) -> Option<Part> {
        let mut reader = match self.reader.try_lock() {
            Ok(reader) => reader,
            Err(TryLockError::WouldBlock) if !wait => return None,
            Err(TryLockError::WouldBlock) => self.reader.lock().unwrap_or_else(PoisonError::into_inner),
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        };
        guarded(|| reader.next()).unwrap_or_else(|panicked| {
            let (number, detail) = (reader.part(), panicked.to_string());
            // What it has left half read is not read on.
            *reader = Parts::Unfit(None);
            let kind = PartKind::Failed { reason: FailReason::Panicked, detail };
            Some(Part { number, kind, behind: None, read: 0, last: true })
        })
    }
}
