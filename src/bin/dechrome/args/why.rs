//! The arguments of `why`.

use std::path::PathBuf;

use clap::Args;

use super::{RuleFlags, help};

/// Find where a phrase went, and by which rule
///
/// The phrase is compared as rules see texts: case, quotes, white space, line breaks and fancy letters make no difference. What
/// was removed is looked at first; if the phrase is not there, the outputs beside the report and what is in quarantine.
#[derive(Debug, Args)]
#[command(after_help = help::WHY)]
pub(crate) struct Why {
    /// The phrase to look for
    #[arg(value_name = "PHRASE")]
    pub(crate) phrase: String,
    /// A directory that `dechrome clean` wrote, or a report.jsonl; `-` for standard input
    #[arg(value_name = "REPORT", required = true)]
    pub(crate) reports: Vec<PathBuf>,
    /// Show up to N finds; 0 for all
    #[arg(long, value_name = "N", default_value = "20")]
    pub(crate) limit: u64,
    /// Look at the outputs, too, when the phrase is in what was removed
    #[arg(long)]
    pub(crate) kept: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) rules: RuleFlags,
}
