//! The arguments of what looks at reports.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Show what reports come to, or join them
///
/// The totals of all REPORTs together: documents by what became of them, what was removed, how much single documents lost,
/// tables by category, rule, site, language, encoding and reason, and the documents that deserve a look.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_help = "Exit status: 0 done; 2 bad usage, or what is no report.")]
pub(crate) struct Report {
    #[command(subcommand)]
    pub(crate) command: Option<ReportCommand>,
    /// A directory that `dechrome clean` wrote, or a report.jsonl; `-` for standard input
    #[arg(value_name = "REPORT", required = true)]
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
}

/// What to do with reports.
#[derive(Debug, Subcommand)]
pub(crate) enum ReportCommand {
    /// Join the reports and summaries of runs with --shard into one
    ///
    /// The rows come out in the order that one run over everything would have given them.
    Merge {
        /// Output directories of the parts
        #[arg(value_name = "DIR", required = true)]
        parts: Vec<PathBuf>,
        /// The directory to write report.jsonl and summary.json to; must hold neither
        #[arg(short, long, value_name = "DIR")]
        out: PathBuf,
    },
}
