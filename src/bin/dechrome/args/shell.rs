//! The arguments of what helps a shell and its user: completions and man pages.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

use super::help;

/// Print a script that completes commands and options in a shell
#[derive(Debug, Args)]
#[command(after_help = help::COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Print the manual page, or write a page for every command
#[derive(Debug, Args)]
#[command(after_help = help::MAN)]
pub(crate) struct Man {
    /// Write dechrome.1, dechrome-clean.1 and so on to DIR; other files there stay
    #[arg(short, long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
