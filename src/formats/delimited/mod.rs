//! CSV and TSV with a header: one record a row, of which one field is the text to clean.
//!
//! Rows are read as RFC 4180 has them, and as Python's `csv`, pandas, DuckDB and PostgreSQL (`COPY … CSV`) write them:
//! a quoted field begins with a quote right behind the delimiter, and `""` in it is one quote; a quote anywhere else in
//! a field is text. Rows end in LF or CRLF, or in CR where the header does. Where readers disagree, in a row with text
//! behind a closing quote or with another number of fields than the header, the row is an error, and it alone.
//! Backslashes are text: quotes escaped by them, as Spark writes unless told otherwise, make such errors.
//!
//! All functions take bytes that begin at the border of a row, behind a byte order mark ([`without_mark`]).

mod columns;
mod dialect;
mod error;
mod field;
mod lex;
mod records;

pub use self::columns::{Columns, Located, Record};
pub use self::dialect::{Dialect, Terminator, without_mark};
pub use self::error::{HeaderError, RecordError};
pub use self::field::{Field, fields};
pub use self::records::{RecordBytes, last_border, records};
pub use super::splice::{Decoded, Misplaced, Returned};
