//! The arguments of what is done with reports.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use dechrome::report::review::{DOCUMENTS_SHOWN, MOST_DOCUMENTS_SHOWN};

use super::{RuleFlags, help};

/// Show what reports come to, make a page to review a run in, or join the reports of its parts
///
/// Shows the totals of all REPORTs together: documents by what became of them, what was removed, how much single documents
/// lost, tables by category, rule, site, language, encoding and reason, and the documents that deserve a look.
///
/// With --out, FILE becomes one page of HTML that needs no network: the same figures; what stands out; and a sample of the
/// documents with the removals struck through in their places. What a reader marks there as wrong, or as chrome that was
/// left, comes out as a rule file.
#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true)]
#[command(override_usage = "dechrome report [OPTIONS] <REPORT>...\n       dechrome report merge <DIR>... --out <DIR>")]
#[command(after_help = help::REPORT)]
pub(crate) struct Report {
    #[command(subcommand)]
    pub(crate) command: Option<ReportCommand>,
    /// A directory that `dechrome clean` wrote, or a report.jsonl; `-` for standard input
    #[arg(value_name = "REPORT", required_unless_present = "schema")]
    pub(crate) reports: Vec<PathBuf>,
    /// Show up to N lines a table; 0 for all
    #[arg(long, value_name = "N", default_value = "10")]
    pub(crate) top: usize,
    /// Print the totals as CSV: a line for each status, category, rule, site, language, encoding and reason
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// Print the totals as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the JSON Schema of a row of report.jsonl, or of summary.json
    #[arg(long, value_name = "OF", num_args = 0..=1, default_missing_value = "row", exclusive = true)]
    pub(crate) schema: Option<SchemaName>,
    #[command(flatten)]
    pub(crate) page: PageFlags,
    #[command(flatten)]
    pub(crate) rules: RuleFlags,
}

/// What the page is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Page")]
pub(crate) struct PageFlags {
    /// Write a page to review the run in
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["top", "csv", "json"])]
    pub(crate) out: Option<PathBuf>,
    /// Show up to N documents with their texts
    #[arg(long, value_name = "N", default_value_t = DOCUMENTS_SHOWN as u16, requires = "out",
          value_parser = clap::value_parser!(u16).range(0..=MOST_DOCUMENTS_SHOWN as i64))]
    pub(crate) samples: u16,
    /// Draw the documents that nothing else speaks for by this number
    #[arg(long, value_name = "N", default_value = "1", requires = "out")]
    pub(crate) seed: u64,
    /// Replace FILE even if it is no page of dechrome
    #[arg(long, requires = "out")]
    pub(crate) overwrite: bool,
}

/// What else to do with reports.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Join the reports and summaries of runs with --shard into one
    ///
    /// The rows come out in the order that one run over everything would have given them.
    #[command(after_help = help::MERGE)]
    Merge {
        /// Output directories of the parts
        #[arg(value_name = "DIR", required = true)]
        parts: Vec<PathBuf>,
        /// The directory to write report.jsonl and summary.json to; must hold neither
        #[arg(short, long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// What there are schemas of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// A row of report.jsonl
    Row,
    /// summary.json
    Summary,
}
