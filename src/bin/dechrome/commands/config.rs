//! `dechrome config`: what is in force, or a configuration file to begin with.

use crate::args::Config;
use crate::config::example;
use crate::exit::Exit;
use crate::ui;

/// Prints the options in force, or the example.
pub(crate) fn run(args: &Config, listing: &str) -> anyhow::Result<Exit> {
    let text = if args.example { example() } else { ui::for_terminal(listing) };
    ui::print(&text)?;
    Ok(Exit::Done)
}
