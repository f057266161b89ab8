//! The arguments of what looks at many documents at once: the statistics of reports.

use std::path::PathBuf;

use clap::Args;

use super::RuleFlags;

/// The most samples a rule may be asked for.
const MOST_SAMPLES: i64 = 100;

/// Tell from reports what each rule removed, and which rules never did
///
/// Rules stand in the order of the words they removed; below each of them stand samples, from different documents. Ids that
/// the rules at hand do not know are marked: the report was made with other rules.
#[derive(Debug, Args)]
pub(crate) struct Stats {
    /// report.jsonl, or a directory that holds it; `-` for standard input
    #[arg(value_name = "REPORT", required = true)]
    pub(crate) reports: Vec<PathBuf>,
    /// Show up to N texts that each rule removed
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u8).range(0..=MOST_SAMPLES))]
    pub(crate) samples: u8,
    /// List the rules that removed nothing instead
    #[arg(long)]
    pub(crate) unused: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) rules: RuleFlags,
}
