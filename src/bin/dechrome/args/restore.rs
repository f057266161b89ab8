//! The arguments of undoing.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::{help, parse_threads};

/// Undo a run: rebuild the decoded inputs from output and report, byte for byte
///
/// Removed texts go back to where they stood, in every format, and what was put aside in quarantine, too. Everything is
/// checked against the hashes in the report and in summary.json; a file that was changed since, or whose rows were, is refused
/// and named, and all others are restored. Where decoding lost something, or a page became a text, that is told.
///
/// OUT_DIR itself is only read.
#[derive(Debug, Args)]
#[command(after_help = help::RESTORE)]
pub(crate) struct Restore {
    /// A directory that `dechrome clean --out` wrote
    #[arg(value_name = "OUT_DIR")]
    pub(crate) from: PathBuf,
    /// The directory to write to; must not exist or be empty
    #[arg(short, long, value_name = "DIR", required_unless_present = "verify")]
    pub(crate) out: Option<PathBuf>,
    /// Only check that everything could be restored; write nothing
    #[arg(long, conflicts_with = "out")]
    pub(crate) verify: bool,
    /// Restore on N threads [default: one for every core]
    #[arg(short = 'j', long, value_name = "N", value_parser = parse_threads)]
    pub(crate) threads: Option<NonZeroUsize>,
}
