//! What the work on one part yields.

use std::collections::BTreeMap;
use std::path::Path;

use crate::formats::Format;
use crate::formats::compression::Codec;
use crate::pipeline::accounting::Numbers;
use crate::pipeline::moving::Change;
use crate::pipeline::{DocumentDone, Effect, Reading};
use crate::report::summary::{Named, Verified};
use crate::report::{DocumentName, Quarantined, Row, Status, Totals};

use super::reread::Record;

/// Bytes for the output, bytes for quarantine, rows for the report, and what is to be told.
#[derive(Debug, Default)]
pub(crate) struct Yield {
    /// The next bytes of the output.
    pub(crate) output: Vec<u8>,
    /// The next bytes in quarantine.
    pub(crate) quarantine: Vec<u8>,
    /// A stretch of the input's own bytes that belongs behind them: where it begins, and its end where that is known.
    pub(crate) quarantine_input: Option<(u64, Option<u64>)>,
    /// The texts of a column.
    pub(crate) column: Option<Vec<Option<Vec<u8>>>>,
    /// Whether the output was read again and does not hold what its rows say.
    pub(crate) is_wrong: bool,
    pub(crate) told: Told,
}

/// Rows, and what is told about them.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Rows of the report, each a line.
    pub(crate) rows: Vec<u8>,
    /// How many documents they are.
    pub(crate) documents: u64,
    /// How many of them name an output that is there.
    pub(crate) listed: u64,
    /// The bytes of their inputs.
    pub(crate) bytes: u64,
    /// Those of them that somebody may want to hear of: they failed, or were kept whole.
    pub(crate) special: Vec<DocumentDone>,
    /// Those that failed.
    pub(crate) failed: Vec<Named>,
    /// Records that were passed by, by what they are.
    pub(crate) passed: BTreeMap<String, u64>,
    /// What is odd and no failure.
    pub(crate) notes: Vec<Named>,
    /// Inputs that changed while they were read.
    pub(crate) changed: Vec<Named>,
    /// The numbers of the records.
    pub(crate) numbers: Numbers,
    /// What they came to.
    pub(crate) effect: Effect,
    /// What somebody is shown of them.
    pub(crate) shown: Vec<u8>,
    /// Where the output is read again, the records that it must hold.
    pub(crate) records: Option<Vec<Record>>,
    /// What was read again.
    pub(crate) verified: Verified,
    /// Of a document of its own: its format, its compression, and the label of its encoding.
    pub(crate) read_as: Option<(Option<Format>, Option<Codec>, Option<&'static str>)>,
}

impl Told {
    /// Adds a row, here and to the sums.
    pub(crate) fn add(&mut self, row: &Row<'_>, totals: &mut Totals) {
        let before = self.rows.len();
        if let Err(error) = row.write_line(&mut self.rows) {
            // Rows hold nothing that cannot be written to memory as JSON; but were it so, no half of one may stay.
            self.rows.truncate(before);
            unreachable!("a row could not be serialised: {error}");
        }
        totals.add(row);
        self.effect += Effect::of(row);
        self.documents += 1;
        self.numbers.add(row.record);
        if let Some(records) = &mut self.records {
            records.extend(Record::of(row));
        }
        self.listed += u64::from(row.status != Status::Failed || row.record.is_some());
        self.bytes += row.bytes_in.unwrap_or(0);
        let is_special = matches!(row.status, Status::Failed | Status::KeptWhole);
        if is_special {
            let done = DocumentDone::of(row);
            if row.status == Status::Failed {
                let path_raw = row.path_raw.map(str::to_owned);
                let reason = done.reason.unwrap_or_default().into();
                self.failed.push(Named { path: done.path.clone(), path_raw, reason, detail: done.detail.clone() });
            }
            self.special.push(done);
        }
    }

    /// Says that the input changed while it was read.
    pub(crate) fn change(&mut self, name: &DocumentName, change: Change) {
        let DocumentName { path, raw: path_raw } = name.clone();
        self.changed.push(Named { path, path_raw, reason: "changed".into(), detail: Some(change.to_string()) });
    }

    /// Says which file the documents are from or in.
    pub(crate) fn come_from(&mut self, source: &Path) {
        self.special.iter_mut().for_each(|done| done.source = Some(source.to_owned()));
    }

    /// Counts a record that is passed by.
    pub(crate) fn pass(&mut self, kind: &str) {
        match self.passed.get_mut(kind) {
            Some(count) => *count += 1,
            None => {
                self.passed.insert(kind.to_owned(), 1);
            }
        }
    }

    /// What a document of its own is.
    pub(crate) fn reading<'p>(&self, path: &'p str) -> Option<Reading<'p>> {
        let (format, codec, encoding) = self.read_as?;
        Some(Reading { path, format, codec, encoding, field: None })
    }

    /// Memory that waits with it.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() + self.shown.len()
    }
}

impl Yield {
    /// How much memory waits with it.
    pub(crate) fn len(&self) -> usize {
        let column: usize = self.column.iter().flatten().map(|text| text.as_ref().map_or(8, Vec::len)).sum();
        self.output.len() + self.quarantine.len() + column + self.told.len()
    }

    /// Puts bytes aside.
    pub(crate) fn quarantine(&mut self, bytes: &[u8], at: &Quarantined) {
        debug_assert_eq!(bytes.len() as u64, at.bytes);
        self.quarantine.extend_from_slice(bytes);
    }
}
