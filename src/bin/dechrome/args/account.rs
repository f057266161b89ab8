//! The arguments about what is told of removals.

use clap::{Args, ValueEnum};

/// What the report tells of removals.
#[derive(Clone, Debug, Args)]
pub(crate) struct AccountFlags {
    /// What the report holds of every removal
    #[arg(long, value_name = "WHAT", default_value = "text")]
    pub(crate) removed: RemovedName,
}

/// How much of removals the report holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RemovedName {
    /// Where it stood, why it went, and its text
    Text,
    /// The same without the text
    Spans,
    /// Only how much each rule removed of the document
    None,
}
