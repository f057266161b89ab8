//! Headers and rows that cannot be used.

use thiserror::Error;

/// A row that is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecordError {
    /// Another number of fields than the header has.
    #[error("the row has {found} fields and the header {expected}; check its delimiters and quotes")]
    FieldCount {
        /// How many the header has.
        expected: usize,
        /// How many the row has.
        found: usize,
    },
    /// A quote without its partner.
    #[error("the quote at byte {offset} of the row is never closed; write a quote that belongs to the text as \"\"")]
    UnclosedQuote {
        /// Offset of the quote in the row.
        offset: usize,
    },
    /// Text behind a closing quote.
    #[error(
        "text stands behind a closing quote at byte {offset} of the row; write a quote that belongs to the text as \"\""
    )]
    BehindQuote {
        /// Offset of the text in the row.
        offset: usize,
    },
}

/// A header without which rows cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// No column for the text.
    #[error("no column is named {wanted}; the columns are {columns}: name the one that holds the text")]
    NoTextColumn {
        /// The names that were looked for.
        wanted: String,
        /// The names that there are; the first of them where there are many.
        columns: String,
    },
    /// Several columns of the name that the text's column should have.
    #[error("{count} columns are named {name}, so which one holds the text is not clear; rename the others")]
    DuplicateTextColumn {
        /// The name.
        name: String,
        /// How many there are.
        count: usize,
    },
    /// More columns than any table has.
    #[error("the first row has more than {limit} fields; check that it is a header, and what the delimiter is")]
    TooManyColumns {
        /// How many there may be.
        limit: usize,
    },
    /// The header cannot be read as a row.
    #[error("the header cannot be read: {0}")]
    NotARow(#[from] RecordError),
}
