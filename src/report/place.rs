//! Where a document of a report is.

use std::fmt;

use serde::Serialize;

use super::read::ReportedRow;

/// The name of a document that was standard input.
pub(crate) const STANDARD_INPUT: &str = "standard input";

/// A document as a report names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its path, relative to the output directory; nothing for standard input.
    pub path: Option<String>,
    /// Which record of its file it is.
    pub record: Option<u64>,
}

impl Place {
    /// The place of the document of a row.
    pub fn of(row: &ReportedRow<'_>) -> Place {
        Place { path: row.path.as_deref().map(str::to_owned), record: row.record }
    }
}

/// The name as it is; what goes to a terminal is to be escaped.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path.as_deref().unwrap_or(STANDARD_INPUT))?;
        match self.record {
            Some(record) => write!(f, ", record {record}"),
            None => Ok(()),
        }
    }
}
