//! One row of the report: what happened to one document.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use super::{DocumentName, Hash, SCHEMA, TalliedRow, warning};
use crate::clean::{Cleaned, Evidence, Outcome, Reason, Removal};
use crate::text::decode::EncodingInfo;

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Something was removed.
    Cleaned,
    /// Nothing was removed.
    Unchanged,
    /// Removals were held back; the reason says why.
    KeptWhole,
    /// The document could not be read, cleaned or written; there is no output for it.
    Failed,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 4] = [Status::Cleaned, Status::Unchanged, Status::KeptWhole, Status::Failed];

    /// The word for it in the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Cleaned => "cleaned",
            Status::Unchanged => "unchanged",
            Status::KeptWhole => "kept_whole",
            Status::Failed => "failed",
        }
    }
}

/// Why a document failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailReason {
    /// It could not be opened or read.
    Unreadable,
    /// It holds binary data.
    Binary,
    /// It is not text for another reason.
    NotText,
    /// Its output could not be written, while those of others could.
    Unwritable,
    /// The program made a mistake in it.
    Panicked,
    /// Kept text and removals did not add up to the input, so nothing was written.
    Unaccounted,
    /// What was written was read again and is not what stands there.
    Unverified,
    /// A line is not one JSON value.
    NotJson,
    /// A row does not have the fields that the header names.
    NotARow,
    /// A stretch of a web archive is no record.
    NotARecord,
    /// A file is not of the format that it was taken for, or lacks the field or column that is to be cleaned.
    NotThisFormat,
    /// It ends in its middle.
    Truncated,
    /// Compressed data cannot be read.
    Corrupt,
    /// A checksum or a length does not fit what was read.
    Checksum,
    /// It would have become unreasonably large.
    Bomb,
    /// It needs what this program does not have.
    Unsupported,
    /// It is too large to be cleaned, and cannot pass through where every record becomes a file.
    TooLarge,
}

impl FailReason {
    /// All of them.
    pub const ALL: [FailReason; 17] = [
        FailReason::Unreadable,
        FailReason::Binary,
        FailReason::NotText,
        FailReason::Unwritable,
        FailReason::Panicked,
        FailReason::Unaccounted,
        FailReason::Unverified,
        FailReason::NotJson,
        FailReason::NotARow,
        FailReason::NotARecord,
        FailReason::NotThisFormat,
        FailReason::Truncated,
        FailReason::Corrupt,
        FailReason::Checksum,
        FailReason::Bomb,
        FailReason::Unsupported,
        FailReason::TooLarge,
    ];

    /// The word for it in the report.
    pub fn as_str(self) -> &'static str {
        match self {
            FailReason::Unreadable => "unreadable",
            FailReason::Binary => "binary",
            FailReason::NotText => "not_text",
            FailReason::Unwritable => "unwritable",
            FailReason::Panicked => "panicked",
            FailReason::Unaccounted => "unaccounted",
            FailReason::Unverified => "unverified",
            FailReason::NotJson => "not_json",
            FailReason::NotARow => "not_a_row",
            FailReason::NotARecord => "not_a_record",
            FailReason::NotThisFormat => "not_this_format",
            FailReason::Truncated => "truncated",
            FailReason::Corrupt => "corrupt",
            FailReason::Checksum => "checksum",
            FailReason::Bomb => "bomb",
            FailReason::Unsupported => "unsupported",
            FailReason::TooLarge => "too_large",
        }
    }
}

/// The word for the reason a document was kept whole.
pub fn kept_whole_reason(reason: Reason) -> &'static str {
    match reason {
        Reason::OverBudget => "over_budget",
        Reason::Unstable => "unstable",
        Reason::TooLarge => "too_large",
    }
}

/// Why a record has no text to clean, or a file no record; it passes unchanged.
pub const NO_TEXT: &str = "no_text";
/// Why a record is left alone although it has a text: its key stands there twice.
pub const DUPLICATE_FIELD: &str = "duplicate_field";
/// Why a file came to nothing: it holds no record.
pub const EMPTY: &str = "empty";

/// What a container says about one of its records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordInfo {
    /// Which it is, counted from 1: the line of a JSON Lines file, the row of a table, the record of a web archive.
    pub number: u64,
    /// The address of the page.
    pub url: Option<String>,
    /// The site of that address.
    pub site: Option<String>,
    /// The name that the record has in its own data.
    pub id: Option<String>,
}

/// Bytes that could not be cleaned and were put aside unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quarantined {
    /// The file they are in, relative to the output directory. The pieces of one input stand in it one behind the other,
    /// in the order of the report.
    pub path: String,
    /// Where they begin in the input.
    pub offset: u64,
    /// How many they are.
    pub bytes: u64,
    /// Which bytes `offset` counts: those of the file itself, or those it holds once it is decompressed.
    pub of: OffsetIn,
    /// The fingerprint of the bytes, where `hash_in` of the row is not theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hash: Option<Hash>,
}

/// What an offset counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OffsetIn {
    /// Bytes of the file as it is.
    File,
    /// Bytes of what the compressed file holds.
    Decompressed,
}

/// The status and, where there is one, the reason of an outcome.
pub fn status_of(outcome: Outcome) -> (Status, Option<&'static str>) {
    match outcome {
        Outcome::Unchanged => (Status::Unchanged, None),
        Outcome::Cleaned => (Status::Cleaned, None),
        Outcome::KeptWhole(reason) => (Status::KeptWhole, Some(kept_whole_reason(reason))),
    }
}

/// One row; what does not apply to a document is `null`.
///
/// Offsets are bytes of the decoded text without its byte order mark, and
/// `bytes_text = bytes_kept + Σ(end − start)`.
#[derive(Clone, Debug, Serialize)]
pub struct Row<'a> {
    /// The version of this format.
    pub schema: u32,
    /// The output's path, relative to the output directory; `null` for standard input.
    pub path: Option<&'a str>,
    /// The bytes of the path in hexadecimal digits, only when it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<&'a str>,
    /// Which record of its file this is; `null` where a file is one document.
    pub record: Option<u64>,
    /// The address of the page, where the input names it.
    pub url: Option<&'a str>,
    /// The site of that address.
    pub site: Option<&'a str>,
    /// The name that the record has in its own data, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
    /// What became of the document.
    pub status: Status,
    /// Why it was kept whole, failed, or has no text.
    pub reason: Option<&'static str>,
    /// What made the text out of a page of HTML.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extractor: Option<&'a str>,
    /// How the bytes were decoded.
    pub encoding: Option<EncodingInfo>,
    /// The document's language as an ISO 639-1 code.
    pub lang: Option<&'a str>,
    /// The bytes of the input.
    pub bytes_in: Option<u64>,
    /// The bytes of the decoded text as UTF-8.
    pub bytes_text: Option<u64>,
    /// The bytes of the kept text.
    pub bytes_kept: Option<u64>,
    /// The fingerprint of the input.
    pub hash_in: Option<Hash>,
    /// The fingerprint of the decoded text.
    pub hash_text: Option<Hash>,
    /// The fingerprint of the kept text.
    pub hash_kept: Option<Hash>,
    /// The lines of the decoded text.
    pub lines: Option<usize>,
    /// Those of which nothing is left.
    pub lines_removed: Option<usize>,
    /// The words of the decoded text.
    pub words: Option<usize>,
    /// Those that were removed.
    pub words_removed: Option<usize>,
    /// Where the bytes are that could not be cleaned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarantine: Option<&'a Quarantined>,
    /// Every removal, in the order of the text; none where [`tally`](Row::tally) adds them up.
    pub removed: Vec<RemovedRow<'a>>,
    /// What each rule removed, where removals are not told one by one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tally: Vec<TalliedRow<'a>>,
    /// What a careful reader should know about this document.
    pub warnings: Vec<Cow<'a, str>>,
}

impl<'a> Row<'a> {
    /// A row in which only the name and the status are known.
    pub(crate) fn bare(name: Option<&'a DocumentName>, status: Status, reason: Option<&'static str>) -> Row<'a> {
        Row {
            schema: SCHEMA,
            path: name.map(|name| name.path.as_str()),
            path_raw: name.and_then(|name| name.raw.as_deref()),
            record: None,
            url: None,
            site: None,
            id: None,
            status,
            reason,
            extractor: None,
            encoding: None,
            lang: None,
            bytes_in: None,
            bytes_text: None,
            bytes_kept: None,
            hash_in: None,
            hash_text: None,
            hash_kept: None,
            lines: None,
            lines_removed: None,
            words: None,
            words_removed: None,
            quarantine: None,
            removed: Vec::new(),
            tally: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The row of a document that was cleaned.
    pub fn cleaned(
        name: Option<&'a DocumentName>,
        bytes: &[u8],
        encoding: EncodingInfo,
        text: &'a str,
        cleaned: &'a Cleaned<'_>,
    ) -> Row<'a> {
        let (status, reason) = status_of(cleaned.outcome());
        let counts = cleaned.counts();
        let (hash_in, hash_text, hash_kept) = hashes(bytes, text.as_bytes(), cleaned.text().as_bytes());
        Row {
            encoding: Some(encoding),
            lang: cleaned.lang(),
            bytes_in: Some(bytes.len() as u64),
            bytes_text: Some(text.len() as u64),
            bytes_kept: Some(cleaned.text().len() as u64),
            hash_in: Some(hash_in),
            hash_text: Some(hash_text),
            hash_kept: Some(hash_kept),
            lines: Some(counts.lines),
            lines_removed: Some(counts.lines_removed),
            words: Some(counts.words),
            words_removed: Some(counts.words_removed),
            removed: cleaned.removals().iter().map(|removal| RemovedRow::of(removal, text)).collect(),
            warnings: warning::of_cleaned(encoding, text, cleaned),
            ..Row::bare(name, status, reason)
        }
    }

    /// The row of a document that was copied as it is, because it is larger than what is cleaned in one piece.
    pub fn too_large(
        name: Option<&'a DocumentName>,
        encoding: EncodingInfo,
        sizes: [u64; 2],
        hashes: [Hash; 2],
    ) -> Row<'a> {
        Row {
            encoding: Some(encoding),
            bytes_in: Some(sizes[0]),
            bytes_text: Some(sizes[1]),
            bytes_kept: Some(sizes[1]),
            hash_in: Some(hashes[0]),
            hash_text: Some(hashes[1]),
            hash_kept: Some(hashes[1]),
            warnings: warning::lossy(encoding).into_iter().collect(),
            ..Row::bare(name, Status::KeptWhole, Some(kept_whole_reason(Reason::TooLarge)))
        }
    }

    /// The row of a document for which there is no output; `detail` becomes its first warning.
    pub fn failed(name: Option<&'a DocumentName>, reason: FailReason, detail: &'a str) -> Row<'a> {
        Row { warnings: vec![detail.into()], ..Row::bare(name, Status::Failed, Some(reason.as_str())) }
    }

    /// The row of a record that holds no text to clean, or of a file that holds no record: it passes as it is.
    pub fn unchanged(name: Option<&'a DocumentName>, reason: &'static str, bytes: &[u8]) -> Row<'a> {
        Row::bare(name, Status::Unchanged, Some(reason)).with_input(bytes)
    }

    /// The row of a record that passed in pieces, unseen, because it is larger than what is cleaned in one piece.
    pub fn passed(name: Option<&'a DocumentName>, bytes: u64, hash: Hash) -> Row<'a> {
        let reason = kept_whole_reason(Reason::TooLarge);
        Row { bytes_in: Some(bytes), hash_in: Some(hash), ..Row::bare(name, Status::KeptWhole, Some(reason)) }
    }

    /// The same row, for a record of a container.
    pub fn of_record(self, info: &'a RecordInfo) -> Row<'a> {
        let RecordInfo { number, url, site, id } = info;
        Row { record: Some(*number), url: url.as_deref(), site: site.as_deref(), id: id.as_deref(), ..self }
    }

    /// The same row, with what went to quarantine.
    pub fn with_quarantine(self, quarantined: &'a Quarantined) -> Row<'a> {
        Row { quarantine: Some(quarantined), ..self }
    }

    /// The same row, with more warnings.
    pub fn warned(mut self, warnings: impl IntoIterator<Item = Cow<'a, str>>) -> Row<'a> {
        self.warnings.extend(warnings);
        self
    }

    /// The same row, with the size of an input that was read but came to nothing.
    pub fn with_input(self, bytes: &[u8]) -> Row<'a> {
        Row { bytes_in: Some(bytes.len() as u64), hash_in: Some(Hash::of(bytes)), ..self }
    }

    /// The same row, with the bytes that stood for each removal, where they are told.
    pub fn with_raw(mut self, raw: impl IntoIterator<Item = Option<&'a str>>) -> Row<'a> {
        for (removed, raw) in self.removed.iter_mut().zip(raw) {
            removed.raw = raw;
        }
        self
    }

    /// How many bytes of the text were removed.
    pub fn bytes_removed(&self) -> u64 {
        let told = self.removed.iter().map(|removed| (removed.end - removed.start) as u64);
        told.chain(self.tally.iter().map(|tallied| tallied.bytes)).sum()
    }
}

/// One removal: what went, where it stood, and what spoke for it.
#[derive(Clone, Debug, Serialize)]
pub struct RemovedRow<'a> {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// The line it starts on, counted from 1.
    pub line: usize,
    /// The rule or context detector that decided, or `blank`.
    pub rule: &'a str,
    /// The category of that rule.
    pub category: &'a str,
    /// What spoke for and against it: name → weight.
    #[serde(serialize_with = "evidence_as_map")]
    pub evidence: &'a [Evidence],
    /// The removed text, unless only spans are told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// How many words it has, where the text is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<u64>,
    /// The bytes that stood for it in a string of JSON, only where the text does not tell them: escapes that need not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw: Option<&'a str>,
}

impl<'a> RemovedRow<'a> {
    /// The row of a removal from this text.
    pub fn of(removal: &'a Removal, text: &'a str) -> RemovedRow<'a> {
        RemovedRow {
            start: removal.range.start,
            end: removal.range.end,
            line: removal.line,
            rule: &removal.rule,
            category: &removal.category,
            evidence: &removal.evidence,
            text: text.get(removal.range.clone()),
            words: None,
            raw: None,
        }
    }

    /// Whether it is blank space that went along with something else.
    pub fn is_blank(&self) -> bool {
        self.category == "blank"
    }
}

/// Writes evidence as one JSON object in its own order; a name that comes twice is written once, with the sum.
pub fn evidence_as_map<S: Serializer>(evidence: &[Evidence], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    for (name, sum) in summed(evidence) {
        map.serialize_entry(name, &sum)?;
    }
    map.end()
}

/// Every name in its own order, once, with the sum of its weights.
pub(super) fn summed(evidence: &[Evidence]) -> impl Iterator<Item = (&str, i32)> {
    evidence.iter().enumerate().filter_map(|(at, one)| {
        let same = |other: &&Evidence| other.name == one.name;
        let is_first = !evidence.get(..at)?.iter().any(|earlier| same(&earlier));
        is_first.then(|| (&*one.name, evidence.iter().filter(same).map(|other| other.weight).sum()))
    })
}

/// The fingerprints of input, text and kept text; the same bytes are read only once.
fn hashes(bytes: &[u8], text: &[u8], kept: &[u8]) -> (Hash, Hash, Hash) {
    let hash_in = Hash::of(bytes);
    let hash_text = if same_bytes(bytes, text) { hash_in } else { Hash::of(text) };
    let hash_kept = if same_bytes(text, kept) { hash_text } else { Hash::of(kept) };
    (hash_in, hash_text, hash_kept)
}

/// Whether two slices hold the same bytes; borrowed text is told without looking at it.
fn same_bytes(a: &[u8], b: &[u8]) -> bool {
    std::ptr::eq(a, b) || a == b
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn evidence_keeps_its_order_and_adds_up_repeated_names() {
        #[derive(Serialize)]
        struct Holder<'a> {
            #[serde(serialize_with = "evidence_as_map")]
            evidence: &'a [Evidence],
        }
        let one = |name: &'static str, weight| Evidence { name: name.into(), weight };
        let holder = Holder { evidence: &[one("tail", 30), one("alone", 100), one("tail", -5)] };
        assert_eq!(serde_json::to_string(&holder).expect("json"), r#"{"evidence":{"tail":25,"alone":100}}"#);
    }

    #[test]
    fn a_failed_row_says_null_for_what_it_does_not_know() {
        let name = DocumentName { path: "a.txt".into(), raw: None };
        let row = serde_json::to_value(Row::failed(Some(&name), FailReason::Binary, "why")).expect("json");
        assert_eq!(row["status"], "failed");
        assert_eq!(row["reason"], "binary");
        assert!(row["bytes_text"].is_null() && row["url"].is_null() && row.get("path_raw").is_none());
    }
}
