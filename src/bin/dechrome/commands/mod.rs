//! The commands, and how each of them ends.

mod check;
mod clean;
mod diff;
mod explain;
mod load;
mod preview;
mod report;
mod restore;
mod rules;
mod stats;
mod why;

use std::ffi::OsString;
use std::path::Path;

use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::args::{Cli, Command};
use crate::exit::{Exit, status_of};
use crate::ui::{self, Ui, shown};

/// Runs the command that the arguments ask for.
pub(crate) fn main(args: Vec<OsString>) -> Exit {
    ui::choose_color(ui::color_of_raw(&args));
    let done = match Cli::try_parse_from(&args) {
        Ok(cli) => dispatch(cli),
        Err(error) => answer(&error),
    };
    done.unwrap_or_else(|error| end_with(&error))
}

fn dispatch(cli: Cli) -> anyhow::Result<Exit> {
    let ui = Ui::new(&cli.global);
    match cli.command {
        Command::Clean(args) => clean::run(args, ui),
        Command::Explain(args) => explain::run(&args, ui),
        Command::Diff(args) => diff::run(&args, ui),
        Command::Report(args) => report::run(&args, ui),
        Command::Restore(args) => restore::run(&args, ui),
        Command::Why(args) => why::run(&args, ui),
        Command::Rules(args) => rules::run(args.command, ui),
    }
}

/// Help and version go to standard output, and may fail there like anything else; mistakes go to standard error.
fn answer(error: &clap::Error) -> anyhow::Result<Exit> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            ui::print(&error.render().ansi().to_string()).map(|()| Exit::Done)
        }
        // No command was given: the help is the answer, but nothing was done.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ui::tell(&error.render().ansi().to_string());
            Ok(Exit::Usage)
        }
        _ => {
            // The message repeats arguments, so its own colours cannot be told from theirs.
            let plain = error.render().to_string();
            ui::error(&format!("{}{}", plain.strip_prefix("error: ").unwrap_or(&plain).trim_end(), hint(error)));
            Ok(Exit::Usage)
        }
    }
}

/// What someone meant who named a file where a command should stand.
fn hint(error: &clap::Error) -> String {
    match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(name)) if Path::new(name).exists() => {
            format!("\nto clean {}, write `dechrome clean` in front of it", shown(Path::new(name)))
        }
        _ => String::new(),
    }
}

/// Tells the error, unless it is only that nobody reads any more.
fn end_with(error: &anyhow::Error) -> Exit {
    let Some(exit) = status_of(error) else { return Exit::Done };
    ui::error(&told(error));
    exit
}

/// The error with its causes, as far as they are not in its own words already.
fn told(error: &anyhow::Error) -> String {
    let mut told = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !told.contains(&cause) {
            told = format!("{told}: {cause}");
        }
    }
    told
}
