//! Reading a report back, row by row, whatever its size, and the summary of its run.
//!
//! What reports of this version lacked at first may be missing, and what later ones add is passed over; what is there must
//! be of the right type.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::evidence::ReportedEvidence;
use super::sound::mistake_of;
use super::summary::Named;
use super::terminal::Escaped;
use super::{DocumentName, SCHEMA, Status, Summary};

/// The longest row that is read; those of the largest texts that are cleaned stay far below.
const MAX_ROW_BYTES: u64 = 1 << 30;

/// What is read of a row.
#[derive(Debug, Deserialize)]
pub struct ReportedRow<'r> {
    /// The version of its format.
    pub schema: u32,
    /// The document; `null` for standard input.
    #[serde(borrow)]
    pub path: Option<Cow<'r, str>>,
    /// The bytes of the path, where it is not UTF-8.
    #[serde(borrow, default)]
    pub path_raw: Option<Cow<'r, str>>,
    /// Which record of its file it is.
    #[serde(default)]
    pub record: Option<u64>,
    /// The address of the page.
    #[serde(borrow, default)]
    pub url: Option<Cow<'r, str>>,
    /// The site of the page.
    #[serde(borrow, default)]
    pub site: Option<Cow<'r, str>>,
    /// What became of it.
    pub status: Status,
    /// Why it was kept whole, failed, or has no text.
    #[serde(borrow, default)]
    pub reason: Option<Cow<'r, str>>,
    /// Its encoding.
    #[serde(borrow, default)]
    pub encoding: Option<ReportedEncoding<'r>>,
    /// Its language.
    #[serde(borrow, default)]
    pub lang: Option<Cow<'r, str>>,
    /// The bytes of the input.
    #[serde(default)]
    pub bytes_in: Option<u64>,
    /// Those of the text.
    #[serde(default)]
    pub bytes_text: Option<u64>,
    /// Those that were kept.
    #[serde(default)]
    pub bytes_kept: Option<u64>,
    /// The fingerprint of the input.
    #[serde(borrow, default)]
    pub hash_in: Option<Cow<'r, str>>,
    /// That of the text.
    #[serde(borrow, default)]
    pub hash_text: Option<Cow<'r, str>>,
    /// That of what was kept.
    #[serde(borrow, default)]
    pub hash_kept: Option<Cow<'r, str>>,
    /// Its lines.
    #[serde(default)]
    pub lines: Option<u64>,
    /// Those that were removed.
    #[serde(default)]
    pub lines_removed: Option<u64>,
    /// Its words.
    #[serde(default)]
    pub words: Option<u64>,
    /// Those that were removed.
    #[serde(default)]
    pub words_removed: Option<u64>,
    /// Where the bytes are that could not be cleaned.
    #[serde(borrow, default)]
    pub quarantine: Option<ReportedQuarantine<'r>>,
    /// Every removal, in the order of the text.
    #[serde(borrow)]
    pub removed: Vec<ReportedRemoval<'r>>,
    /// What each rule removed, where removals are not told one by one.
    #[serde(borrow, default)]
    pub tally: Vec<ReportedTally<'r>>,
    /// What a careful reader should know.
    #[serde(borrow, default)]
    pub warnings: Vec<Cow<'r, str>>,
}

impl ReportedRow<'_> {
    /// The files that were written for it, relative to the output directory.
    pub fn targets(&self) -> Vec<PathBuf> {
        let own = self.path.as_deref().and_then(|path| DocumentName::to_path(path, self.path_raw.as_deref()));
        let aside = self.quarantine.as_ref().and_then(|aside| DocumentName::to_path(&aside.path, None));
        own.into_iter().chain(aside).collect()
    }

    /// Its name and what went wrong with it, if it failed.
    pub fn failure(&self) -> Option<Named> {
        (self.status == Status::Failed).then(|| Named {
            path: self.path.as_deref().unwrap_or_default().to_owned(),
            path_raw: self.path_raw.as_deref().map(str::to_owned),
            reason: Cow::Owned(self.reason.as_deref().unwrap_or_default().to_owned()),
            detail: self.warnings.first().map(|detail| detail.clone().into_owned()),
        })
    }
}

/// What is read of an encoding.
#[derive(Debug, Deserialize)]
pub struct ReportedEncoding<'r> {
    /// Its WHATWG name.
    #[serde(borrow)]
    pub label: Cow<'r, str>,
}

/// What is read of a quarantine.
#[derive(Debug, Deserialize)]
pub struct ReportedQuarantine<'r> {
    /// The file in which the bytes are.
    #[serde(borrow)]
    pub path: Cow<'r, str>,
}

/// What is read of a removal.
#[derive(Debug, Deserialize)]
pub struct ReportedRemoval<'r> {
    /// Its first byte.
    #[serde(default)]
    pub start: u64,
    /// The byte behind its last.
    #[serde(default)]
    pub end: u64,
    /// The line it starts on, counted from 1.
    #[serde(default)]
    pub line: u64,
    /// The rule or context detector that decided, or `blank`.
    #[serde(borrow)]
    pub rule: Cow<'r, str>,
    /// The category of that rule.
    #[serde(borrow)]
    pub category: Cow<'r, str>,
    /// What spoke for and against it.
    #[serde(borrow, default)]
    pub evidence: ReportedEvidence<'r>,
    /// The removed text; nothing where the report was written without texts.
    #[serde(borrow, default)]
    pub text: Option<Cow<'r, str>>,
    /// How many words it has, where the text is not there.
    #[serde(default)]
    pub words: Option<u64>,
}

/// What is read of the sum of a rule's removals.
#[derive(Debug, Deserialize)]
pub struct ReportedTally<'r> {
    /// The rule or context detector, or `blank`.
    #[serde(borrow)]
    pub rule: Cow<'r, str>,
    /// The category of that rule.
    #[serde(borrow)]
    pub category: Cow<'r, str>,
    /// How many removals.
    pub removals: u64,
    /// How many bytes they had.
    pub bytes: u64,
    /// How many words.
    #[serde(default)]
    pub words: u64,
}

/// A line of a report that cannot be read, or is no row.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {what}; {help}")]
pub struct ReportError {
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub what: String,
    /// What to do about it.
    pub help: &'static str,
}

/// Hands every row of a report to `take`; memory goes with the longest row, not with the report.
///
/// # Errors
/// At the first line that cannot be read, is cut off, or is no row of a report of this format.
pub fn read_rows(input: &mut dyn BufRead, mut take: impl FnMut(&ReportedRow<'_>)) -> Result<(), ReportError> {
    let mut rows = Rows::new(input);
    while rows.advance()? {
        take(&rows.row()?);
    }
    Ok(())
}

/// A report that is read row by row, as its reader asks for them.
pub struct Rows<'i> {
    input: &'i mut dyn BufRead,
    line: Vec<u8>,
    number: u64,
}

impl<'i> Rows<'i> {
    /// A report before its first row.
    pub fn new(input: &'i mut dyn BufRead) -> Rows<'i> {
        Rows { input, line: Vec::new(), number: 0 }
    }

    /// Goes on to the next row. Returns whether there is one.
    ///
    /// # Errors
    /// When the report cannot be read, or goes on with something else than a row.
    pub fn advance(&mut self) -> Result<bool, ReportError> {
        self.number += 1;
        read_line(&mut *self.input, &mut self.line, self.number)
    }

    /// The row that [`advance`](Rows::advance) came to.
    ///
    /// # Errors
    /// When it is cut off, or no row of a report of this format.
    pub fn row(&self) -> Result<ReportedRow<'_>, ReportError> {
        row(self.number, &self.line)
    }
}

/// Reads a line, which may hold a row. Returns whether there is one.
pub(super) fn read_line(input: &mut dyn BufRead, line: &mut Vec<u8>, number: u64) -> Result<bool, ReportError> {
    line.clear();
    // Something else may have no line ends at all, and need not be read to its end.
    let start = input.fill_buf().map_err(|error| unreadable(number, &error))?;
    if start.first().is_some_and(|&first| first != b'{') {
        return Err(foreign(number));
    }
    let read = input.take(MAX_ROW_BYTES).read_until(b'\n', line);
    Ok(read.map_err(|error| unreadable(number, &error))? > 0)
}

fn unreadable(line: u64, error: &io::Error) -> ReportError {
    ReportError { line, what: format!("cannot be read: {error}"), help: "see to it, or name another report" }
}

fn foreign(line: u64) -> ReportError {
    let what = "no row of a dechrome report".to_owned();
    ReportError { line, what, help: "name a report.jsonl that `dechrome clean` wrote" }
}

/// The version alone, which tells whether the rest can be understood.
#[derive(Deserialize)]
struct Versioned {
    schema: u32,
    /// Only rows have one; other things that this program prints have a version, too.
    #[serde(default)]
    status: Option<IgnoredAny>,
}

fn row(line: u64, bytes: &[u8]) -> Result<ReportedRow<'_>, ReportError> {
    let row: ReportedRow<'_> = serde_json::from_slice(bytes).map_err(|mistake| no_row(line, bytes, &mistake))?;
    check_schema(line, row.schema)?;
    match mistake_of(&row) {
        None => Ok(row),
        Some(what) => Err(ReportError { line, what, help: EDITED }),
    }
}

/// Refuses rows of another version.
pub(super) fn check_schema(line: u64, found: u32) -> Result<(), ReportError> {
    match found {
        SCHEMA => Ok(()),
        other => Err(ReportError { line, what: other_schema("row", other), help: OTHER_SCHEMA }),
    }
}

/// What to say of a line that could not be read as a row.
pub(super) fn no_row(line: u64, bytes: &[u8], mistake: &serde_json::Error) -> ReportError {
    if mistake.is_eof() && !bytes.ends_with(b"\n") {
        let help = "the report was not copied whole; copy it again, or clean the texts again";
        return ReportError { line, what: "the row is cut off".to_owned(), help };
    }
    match serde_json::from_slice::<Versioned>(bytes) {
        Ok(row) if row.schema != SCHEMA => {
            ReportError { line, what: other_schema("row", row.schema), help: OTHER_SCHEMA }
        }
        Ok(row) if mistake.is_data() && row.status.is_some() => {
            ReportError { line, what: edited("row", mistake), help: EDITED }
        }
        _ => foreign(line),
    }
}

const OTHER_SCHEMA: &str = "use the dechrome that wrote the report, or clean the texts again";
const EDITED: &str = "the report was edited; take the one that was written, or clean the texts again";

fn other_schema(what: &str, found: u32) -> String {
    format!("the {what} has schema {found}, and this program reads {SCHEMA}")
}

/// The message quotes what stands there.
fn edited(what: &str, mistake: &serde_json::Error) -> String {
    let mistake = mistake.to_string();
    let told = mistake.rsplit_once(" at line ").map_or(&*mistake, |(told, _)| told);
    format!("the {what} is not as dechrome writes it: {}", Escaped(told))
}

fn edited_summary(mistake: &serde_json::Error) -> String {
    format!("cannot be used: {}", edited("summary", mistake))
}

/// Why a summary could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SummaryError {
    /// It could not be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    /// It is something else.
    #[error("is no summary of a dechrome run")]
    Foreign,
    /// It says that it is one, and lacks what one has.
    #[error("{}", edited_summary(.0))]
    Edited(serde_json::Error),
    /// It is of a run of another version.
    #[error("cannot be used: the summary has schema {0}, and this program reads {SCHEMA}; {OTHER_SCHEMA}")]
    OtherSchema(u32),
}

/// Reads a summary; one that an older program wrote lacks what that did not know.
///
/// # Errors
/// When it is of another version, or no summary.
pub fn read_summary(mut input: impl Read) -> Result<Summary, SummaryError> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let versioned: Versioned = serde_json::from_slice(&bytes).map_err(|_| SummaryError::Foreign)?;
    match versioned.schema {
        SCHEMA => serde_json::from_slice(&bytes).map_err(SummaryError::Edited),
        other => Err(SummaryError::OtherSchema(other)),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::report::{DocumentName, FailReason, Row};

    fn good() -> String {
        let name = DocumentName { path: "ü/\"a\".txt".into(), raw: None };
        let row = Row::failed(Some(&name), FailReason::Binary, "why");
        serde_json::to_string(&row).expect("json") + "\n"
    }

    fn read(text: &str) -> Result<Vec<String>, ReportError> {
        let mut paths = Vec::new();
        read_rows(&mut text.as_bytes(), |row| paths.extend(row.path.as_deref().map(str::to_owned)))?;
        Ok(paths)
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(&(good() + &good())).expect("rows"), ["ü/\"a\".txt"; 2]);
        assert_eq!(read("").expect("no rows"), [""; 0]);
    }

    #[test]
    fn what_is_no_row_is_named() {
        for (text, says) in [
            (good() + good().trim_end().trim_end_matches('}'), "line 2: the row is cut off"),
            (good() + "\n", "line 2: no row"),
            (good() + "{\"schema\": 1}\n", "line 2: no row"),
            (good().replace("\"schema\":1", "\"schema\":7"), "line 1: the row has schema 7"),
            (
                good().replace("\"schema\":1", "\"schema\":2").replace("\"lines\":null", "\"lines\":[]"),
                "line 1: the row has schema 2",
            ),
            (good().replace("\"lines\":null", "\"lines\":\"many\""), "line 1: the row is not as dechrome writes it"),
            (
                good().replace("failed", "fa\\u001b[2Jiled"),
                "line 1: the row is not as dechrome writes it: unknown variant `fa\\u{1b}[2J",
            ),
            (
                good().replace("\"removed\":[]", "\"removed\":[{}]"),
                "line 1: the row is not as dechrome writes it: missing field `rule`",
            ),
            ("[]".to_owned(), "line 1: no row"),
        ] {
            let told = read(&text).expect_err(says).to_string();
            assert!(told.starts_with(says), "{told}");
        }
    }
}
