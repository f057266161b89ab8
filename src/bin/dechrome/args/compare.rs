//! The arguments of what looks at many documents at once: the statistics of reports, and what other rules would change.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::formats::parse_encoding;
use super::{FormatFlags, RuleFlags, TargetFlags, help, parse_threads};

/// The most samples a rule may be asked for.
const MOST_SAMPLES: i64 = 100;

/// Tell from reports what each rule removed, and which rules never did
///
/// Rules stand in the order of the words they removed; below each of them stand samples, from different documents. Ids that
/// the rules at hand do not know are marked: the report was made with other rules.
#[derive(Debug, Args)]
#[command(after_help = help::STATS)]
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

/// Show what other rules would newly remove and give back
///
/// The inputs are cleaned twice, in memory: with the built-in rules, and with these and NEW. Nothing is written.
#[derive(Debug, Args)]
#[command(after_help = help::DIFF)]
pub(crate) struct Diff {
    /// Files and directories
    #[arg(value_name = "INPUT", required = true)]
    pub(crate) inputs: Vec<PathBuf>,
    /// The rules to try: a file or directory; may be repeated
    #[arg(long = "rules", value_name = "NEW", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Try NEW alone, without the built-in rules
    #[arg(long)]
    pub(crate) no_default_rules: bool,
    /// Compare with these rules instead of the built-in ones; may be repeated
    #[arg(long, value_name = "PATH")]
    pub(crate) base: Vec<PathBuf>,
    /// Show up to N texts a rule
    #[arg(long, value_name = "N", default_value = "2", value_parser = clap::value_parser!(u8).range(0..=MOST_SAMPLES))]
    pub(crate) samples: u8,
    /// List every document that changes, with all that is newly removed and given back
    #[arg(long)]
    pub(crate) documents: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Clean on N threads [default: one for every core]
    #[arg(short = 'j', long, value_name = "N", value_parser = parse_threads, help_heading = "Limits")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// The encoding of inputs that are not UTF-8 [default: told from the bytes]
    #[arg(long, value_name = "LABEL", value_parser = parse_encoding, help_heading = "Formats")]
    pub(crate) encoding: Option<String>,
    #[command(flatten)]
    pub(crate) formats: FormatFlags,
    #[command(flatten)]
    pub(crate) targets: TargetFlags,
}
