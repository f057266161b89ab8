//! The arguments of `dechrome config`.

use clap::Args;

use super::help;

/// Show which options are in force, and where each of them comes from
///
/// Options that are always the same can stand in a file dechrome.toml in the directory that dechrome is run in; --config names
/// another file, --no-config none. Its keys are the long options of `dechrome clean`; other commands take those that they
/// have, too. The command line comes before the file, and adds to its lists keep, drop and rules. Relative paths in rules
/// start at the file.
#[derive(Debug, Args)]
#[command(after_help = help::CONFIG)]
pub(crate) struct Config {
    /// Print a dechrome.toml with every key, what it does, and its default
    #[arg(long)]
    pub(crate) example: bool,
}
