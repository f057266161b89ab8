//! The arguments about what is told of removals, and how.

use clap::{Args, ValueEnum};

/// What the report tells of removals, and whether they are only marked.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct AccountFlags {
    /// What the report holds of every removal
    #[arg(long, value_name = "WHAT", default_value = "text")]
    pub(crate) removed: RemovedName,
    /// Read again what was written; what does not hold fails, and its input goes to quarantine
    #[arg(long)]
    pub(crate) verify: bool,
    /// Mark, do not cut: write a line of attributes for every line of JSON Lines, with the spans that would go, so that
    /// a pipeline can decide later
    #[arg(long, value_name = "FORM", conflicts_with_all = ["diff", "check"])]
    pub(crate) tags: Option<TagsName>,
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

/// The forms of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TagsName {
    /// Attribute files for documents of dolma, which have the fields id and text
    Dolma,
}
