//! What was done, as data and as views of it: one row a document, the summary of a run, the views for a terminal.
//!
//! The rows and the summary are published formats with a version, [`SCHEMA`]; the views for people are not.

pub mod account;
pub mod comparison;
pub mod csv;
pub mod evidence;
mod hash;
mod json;
mod line;
mod merge;
mod name;
pub mod overview;
pub mod place;
pub mod read;
mod removed;
#[cfg(feature = "cli")]
pub mod review;
pub mod row;
mod rule_index;
mod schema;
mod sound;
pub mod stats;
pub mod summary;
pub mod tally;
pub mod terminal;
mod totals;
#[cfg(feature = "cli")]
pub mod unified;
mod warning;
pub mod why;

pub use hash::Hash;
pub use merge::{MergeError, merge_reports, merge_summaries};
pub use name::DocumentName;
pub use removed::{RemovedDetail, TalliedRow};
pub use row::{FailReason, Quarantined, RecordInfo, RemovedRow, Row, Status};
pub use rule_index::index_markdown;
pub use schema::{ROW_SCHEMA_JSON, SUMMARY_SCHEMA_JSON};
pub use summary::Summary;
pub use totals::{Bytes, Counted, Documents, MOST_SITES, Share, Totals};

/// The version of the rows and of the summary.
///
/// It grows when a field goes or changes its meaning; a new field alone does not change it.
pub const SCHEMA: u32 = 1;
