//! Options that stand in a file: `dechrome.toml` in the current directory, or what `--config` names.
//!
//! A key is the long name of an option of `clean`. What the file says is put in front of what the command line says, as
//! arguments, and read by the same definition; so a file cannot mean anything that a command line could not.

mod example;
mod file;
mod key;
mod listing;
mod merge;
mod option;
mod place;
mod reading;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser};

use crate::args::{Cli, Command};
pub(crate) use example::example;
pub(crate) use file::ConfigFile;
use listing::listing;
use merge::Asked;

/// What the command line and the file ask for together.
pub(crate) struct Configured {
    pub(crate) cli: Cli,
    pub(crate) file: Option<ConfigFile>,
    /// The keys of the file that say something to this command.
    pub(crate) used: Vec<&'static str>,
    /// What `dechrome config` shows.
    pub(crate) listing: Option<String>,
}

/// Why there is nothing to do.
pub(crate) enum Refusal {
    /// The command line asks for help, or has mistakes.
    Args(Box<clap::Error>),
    /// The file has mistakes.
    File(anyhow::Error),
}

impl From<clap::Error> for Refusal {
    fn from(error: clap::Error) -> Refusal {
        Refusal::Args(Box::new(error))
    }
}

/// Reads the command line, and the configuration file where there is one.
pub(crate) fn configured(args: &[OsString]) -> Result<Configured, Refusal> {
    let mut program = Cli::command();
    let matches = program.try_get_matches_from_mut(args)?;
    let cli = Cli::from_arg_matches(&matches)?;
    let file = match reads_config(&cli) {
        true => ConfigFile::find(cli.global.config.as_deref()).map_err(Refusal::File)?,
        false => None,
    };
    let asked = Asked::of(&program, &matches, args);
    let listing = matches!(&cli.command, Command::Config(_)).then(|| listing(file.as_ref(), &asked));
    let Some(file) = file else { return Ok(Configured { cli, file, used: Vec::new(), listing }) };
    let added = merge::added(&file, &asked);
    let cli = match added.args.is_empty() {
        true => cli,
        false => {
            let (before, behind) = args.split_at(asked.begins.min(args.len()));
            Cli::try_parse_from([before, &added.args, behind].concat())?
        }
    };
    Ok(Configured { cli, file: Some(file), used: added.keys, listing })
}

/// Whether a command looks at the configuration; what prints what the program knows of itself need not.
fn reads_config(cli: &Cli) -> bool {
    let is_about_itself = match &cli.command {
        Command::Completions(_) | Command::Man(_) => true,
        Command::Config(config) => config.example,
        _ => false,
    };
    !is_about_itself && !cli.global.no_config
}
