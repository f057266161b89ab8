//! What was done, as data and as views of it: one row a document, the summary of a run, the views for a terminal.
//!
//! The rows and the summary are published formats with a version, [`SCHEMA`]; the views for people are not.

pub mod comparison;
mod hash;
mod name;
pub mod read;
pub mod row;
mod rule_index;
pub mod stats;
pub mod summary;
pub mod tally;
pub mod terminal;

pub use hash::Hash;
pub use name::DocumentName;
pub use row::{FailReason, RemovedRow, Row, Status};
pub use rule_index::index_markdown;
pub use summary::{Counted, Summary, Totals};

/// The version of the rows and of the summary.
///
/// It grows when a field goes or changes its meaning; a new field alone does not change it.
pub const SCHEMA: u32 = 1;
