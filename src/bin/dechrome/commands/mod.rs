//! The commands, and how each of them ends.

pub(crate) mod again;
mod check;
mod clean;
mod completions;
mod config;
mod diff;
mod explain;
mod load;
mod man;
mod preview;
mod report;
mod restore;
mod rules;
mod stats;
mod why;

use std::ffi::OsString;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::args::Command;
use crate::config::{ConfigFile, Configured, Refusal, configured};
use crate::exit::{Exit, status_of};
use crate::ui::{self, Ui, shown};

/// Runs the command that the arguments and the configuration file ask for.
pub(crate) fn main(args: Vec<OsString>) -> Exit {
    ui::choose_color(ui::color_of_raw(&args));
    match configured(&args) {
        Ok(Configured { cli, file, used, listing }) => {
            let ui = Ui::new(&cli.global);
            tell_of(file.as_ref(), &used, &cli.command, ui);
            let done = dispatch(cli.command, file.as_ref(), listing.as_deref(), ui);
            done.unwrap_or_else(|error| end_with(&error, file.as_ref()))
        }
        Err(Refusal::Args(error)) => answer(&error).unwrap_or_else(|error| end_with(&error, None)),
        Err(Refusal::File(error)) => end_with(&error, None),
    }
}

fn dispatch(command: Command, file: Option<&ConfigFile>, listing: Option<&str>, ui: Ui) -> anyhow::Result<Exit> {
    match command {
        Command::Clean(args) => clean::run(args, ui),
        Command::Explain(args) => explain::run(&args, ui),
        Command::Diff(args) => diff::run(&args, &file.map(ConfigFile::rules).unwrap_or_default(), ui),
        Command::Report(args) => report::run(&args, ui),
        Command::Restore(args) => restore::run(&args, ui),
        Command::Why(args) => why::run(&args, ui),
        Command::Rules(args) => rules::run(args.command, ui),
        Command::Config(args) => config::run(&args, listing.unwrap_or_default()),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args, ui),
    }
}

/// Says that a file had its say: always where a run tells what it came to, since a file may lie where nobody remembers it.
fn tell_of(file: Option<&ConfigFile>, used: &[&str], command: &Command, ui: Ui) {
    let Some(file) = file.filter(|_| !used.is_empty()) else { return };
    let is_run = matches!(command, Command::Clean(args) if args.out.is_some());
    if is_run || ui.verbose {
        ui.note(&format!("using {}: {}", shown(file.path()), used.join(", ")));
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
fn end_with(error: &anyhow::Error, file: Option<&ConfigFile>) -> Exit {
    let Some(exit) = status_of(error) else { return Exit::Done };
    let told = told(error);
    let places = file.filter(|_| exit == Exit::Usage).map(|file| file.places_of(&told));
    ui::error(&(told + &places.unwrap_or_default()));
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
