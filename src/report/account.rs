//! What rows of a report tell of how to undo what was done.

use std::io::BufRead;
use std::path::PathBuf;

use serde::Deserialize;

use super::read::{ReportError, check_schema, no_row, read_line};
use super::{DocumentName, Hash, Status};

/// A row, as far as it is needed to restore its document.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    schema: u32,
    /// The line of the report that it is on, counted from 1.
    #[serde(skip)]
    pub line: u64,
    /// The path of the output; nothing for standard input.
    pub path: Option<String>,
    /// The bytes of the path in hexadecimal digits, where it is not UTF-8.
    #[serde(default)]
    pub path_raw: Option<String>,
    /// Which record of its file it is.
    #[serde(default)]
    pub record: Option<u64>,
    /// The name that the record has in its own data.
    #[serde(default)]
    pub id: Option<String>,
    /// What became of the document.
    pub status: Status,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
    /// What made the text out of a page.
    #[serde(default)]
    pub extractor: Option<String>,
    /// How the bytes were decoded.
    #[serde(default)]
    pub encoding: Option<AccountEncoding>,
    /// The size of the input.
    #[serde(default)]
    pub bytes_in: Option<u64>,
    /// The size of the kept text.
    #[serde(default)]
    pub bytes_kept: Option<u64>,
    /// The hash of the input.
    #[serde(default)]
    pub hash_in: Option<String>,
    /// The hash of the decoded text.
    #[serde(default)]
    pub hash_text: Option<String>,
    /// The hash of the kept text.
    #[serde(default)]
    pub hash_kept: Option<String>,
    /// What could not be cleaned, and where it is.
    #[serde(default)]
    pub quarantine: Option<AccountAside>,
    /// What was removed, in the order of the text.
    #[serde(default)]
    pub removed: Vec<AccountRemoval>,
    /// What a careful reader should know.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// How a text was decoded.
#[derive(Clone, Debug, Deserialize)]
pub struct AccountEncoding {
    /// The name of the encoding.
    pub label: String,
    /// How many malformed sequences were replaced.
    #[serde(default)]
    pub replacements: u64,
}

/// Bytes that were put aside.
#[derive(Clone, Debug, Deserialize)]
pub struct AccountAside {
    /// The file they are in.
    pub path: String,
    /// Where they began in the input.
    pub offset: u64,
    /// How many they are.
    pub bytes: u64,
    /// What the offset counts: `file` or `decompressed`.
    pub of: String,
    /// Their hash, where `hash_in` is another's.
    #[serde(default)]
    pub hash: Option<String>,
}

/// A removal.
#[derive(Clone, Debug, Deserialize)]
pub struct AccountRemoval {
    /// Its first byte in the decoded text.
    pub start: usize,
    /// The byte behind its last.
    pub end: usize,
    /// The removed text; nothing in reports that were written without.
    #[serde(default)]
    pub text: Option<String>,
    /// The bytes that stood for it in a string of JSON, where the text does not tell them.
    #[serde(default)]
    pub raw: Option<String>,
}

impl Account {
    /// The path of its output; nothing where it has none, or one that leads out of the output directory.
    pub fn target(&self) -> Option<PathBuf> {
        DocumentName::to_path(self.path.as_deref()?, self.path_raw.as_deref())
    }

    /// Whether it is of the same output as another.
    pub fn is_beside(&self, other: &Account) -> bool {
        self.path == other.path && self.path_raw == other.path_raw
    }

    /// Whether removals were made and the report does not hold their texts.
    pub fn lacks_texts(&self) -> bool {
        let is_silent = self.removed.is_empty() && self.hash_text != self.hash_kept;
        is_silent || self.removed.iter().any(|removal| removal.text.is_none())
    }

    /// How many malformed sequences were replaced in decoding.
    pub fn replacements(&self) -> u64 {
        self.encoding.as_ref().map_or(0, |encoding| encoding.replacements)
    }
}

/// Whether these bytes have the hash that a row tells.
pub fn is_hash_of(told: Option<&str>, bytes: &[u8]) -> bool {
    told.is_some_and(|told| told == Hash::of(bytes).to_string())
}

/// The rows of a report, one by one; memory goes with the longest.
pub struct Accounts<R> {
    report: R,
    line: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Accounts<R> {
    /// Begins at the first row.
    pub fn new(report: R) -> Accounts<R> {
        Accounts { report, line: Vec::new(), number: 0 }
    }

    /// How many rows were read.
    pub fn count(&self) -> u64 {
        self.number
    }

    /// Reads the next row; `None` at the end.
    ///
    /// # Errors
    /// When it cannot be read, is cut off, or is no row of a report of this format.
    pub fn read(&mut self) -> Result<Option<Account>, ReportError> {
        let number = self.number + 1;
        if !read_line(&mut self.report, &mut self.line, number)? {
            return Ok(None);
        }
        let account = parse(number, &self.line)?;
        self.number = number;
        Ok(Some(account))
    }
}

fn parse(line: u64, bytes: &[u8]) -> Result<Account, ReportError> {
    let account: Account = serde_json::from_slice(bytes).map_err(|mistake| no_row(line, bytes, &mistake))?;
    check_schema(line, account.schema)?;
    Ok(Account { line, ..account })
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::Cleaner;
    use crate::report::Row;
    use crate::text::decode::decode;

    fn row(text: &str) -> String {
        let cleaner = Cleaner::new();
        let cleaned = cleaner.clean(text);
        let name = DocumentName { path: "a.txt".into(), raw: None };
        let encoding = decode(text.as_bytes(), None).expect("text").encoding;
        let row = Row::cleaned(Some(&name), text.as_bytes(), encoding, text, &cleaned);
        serde_json::to_string(&row).expect("json") + "\n"
    }

    #[test]
    fn what_is_written_is_read() {
        let rows = row("The bridge is open again.\n\nLeave a Reply\n").repeat(2);
        let mut accounts = Accounts::new(rows.as_bytes());
        let first = accounts.read().expect("a row").expect("one");
        assert_eq!((first.line, first.target()), (1, Some(PathBuf::from("a.txt"))));
        assert_eq!(first.removed.last().and_then(|removal| removal.text.as_deref()), Some("Leave a Reply\n"));
        assert!(accounts.read().expect("a row").expect("two").is_beside(&first));
        assert!(accounts.read().expect("the end").is_none() && accounts.count() == 2);
    }

    #[test]
    fn what_is_no_row_is_named() {
        let good = row("The bridge is open again.\n");
        let says = |rows: &str| {
            let mut accounts = Accounts::new(rows.as_bytes());
            loop {
                match accounts.read() {
                    Ok(Some(_)) => {}
                    Ok(None) => return String::new(),
                    Err(error) => return error.to_string(),
                }
            }
        };
        assert!(says(&(good.clone() + &good[..good.len() - 4])).starts_with("line 2: the row is cut off"));
        assert!(says(&good.replace("\"schema\":1", "\"schema\":7")).starts_with("line 1: the row has schema 7"));
        assert!(says(&(good + "\n")).starts_with("line 2: no row"));
    }

    #[test]
    fn a_report_without_texts_is_known() {
        let row = row("The bridge is open again.\n\nLeave a Reply\n");
        let lacks = |row: &str| Accounts::new(row.as_bytes()).read().expect("a row").expect("one").lacks_texts();
        assert!(!lacks(&row));
        assert!(lacks(&row.replace("\"text\":", "\"other\":")));
        let without =
            row.split("\"removed\":").next().expect("a start").to_owned() + "\"removed\":[],\"warnings\":[]}\n";
        assert!(lacks(&without));
    }
}
