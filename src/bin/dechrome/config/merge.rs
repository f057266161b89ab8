//! Joining what a configuration file says with what the command line says: the arguments that would say it all.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

use super::file::{ConfigFile, Entry};
use super::key::{self, Kind};
use super::option;

/// A command that was asked for, as far as clap has read it.
pub(super) struct Asked<'c> {
    pub(super) program: &'c Command,
    /// The command, and its name behind those of the commands above it.
    command: &'c Command,
    path: Vec<&'c str>,
    /// What it was told.
    matches: &'c ArgMatches,
    /// Where in the arguments its own begin.
    pub(super) begins: usize,
}

impl<'c> Asked<'c> {
    pub(super) fn of(program: &'c Command, matches: &'c ArgMatches, args: &[OsString]) -> Asked<'c> {
        let mut asked = Asked { program, command: program, path: Vec::new(), matches, begins: 1 };
        while let Some((name, inner)) = asked.matches.subcommand() {
            let Some(command) = asked.command.find_subcommand(name) else { break };
            asked.begins = asked.behind(name, args);
            asked.path.push(name);
            (asked.command, asked.matches) = (command, inner);
        }
        asked
    }

    /// The option of this command that a key means.
    pub(super) fn option(&self, name: &str) -> Option<&'c Arg> {
        option::find(self.program, self.command, name).filter(|_| key::is_meant(&self.path, name))
    }

    /// Whether the command line says an option.
    pub(super) fn says(&self, name: &str) -> bool {
        let source = |option: &Arg| self.matches.value_source(option.get_id().as_str());
        self.option(name).and_then(source) == Some(ValueSource::CommandLine)
    }

    /// What the command line says about an option.
    pub(super) fn said(&self, name: &str) -> Vec<&'c OsStr> {
        let Some(option) = self.option(name).filter(|_| self.says(name)) else { return Vec::new() };
        self.matches.get_raw(option.get_id().as_str()).into_iter().flatten().collect()
    }

    /// Whether it has this option, but was not told it.
    fn lacks(&self, name: &str) -> bool {
        option::find(self.program, self.command, name).is_some() && !self.says(name)
    }

    /// Where the arguments begin that stand behind the name of a command below this one.
    fn behind(&self, name: &str, args: &[OsString]) -> usize {
        let mut index = self.begins;
        while let Some(arg) = args.get(index) {
            if arg == name {
                return index + 1;
            }
            index += if self.takes_next(arg) { 2 } else { 1 };
        }
        args.len()
    }

    /// Whether an argument is an option whose value is the next one.
    fn takes_next(&self, arg: &OsStr) -> bool {
        let Some(arg) = arg.to_str() else { return false };
        let named = match (arg.strip_prefix("--"), arg.strip_prefix('-').and_then(|short| short.chars().last())) {
            (Some(long), _) => option::find(self.program, self.command, long),
            (None, Some(short)) => self.command.get_arguments().find(|option| option.get_short() == Some(short)),
            (None, None) => None,
        };
        named.is_some_and(option::takes_value)
    }
}

/// What a file adds to the command line.
pub(super) struct Added {
    /// The arguments, all with their values in one.
    pub(super) args: Vec<OsString>,
    /// The keys they come from.
    pub(super) keys: Vec<&'static str>,
}

/// The arguments that say what the file says and the command line does not.
pub(super) fn added(file: &ConfigFile, asked: &Asked<'_>) -> Added {
    let mut added = Added { args: Vec::new(), keys: Vec::new() };
    for entry in &file.entries {
        let before = added.args.len();
        added.args.extend(arguments(file, entry, asked));
        if added.args.len() > before {
            added.keys.push(entry.key.name);
        }
    }
    added
}

fn arguments(file: &ConfigFile, entry: &Entry, asked: &Asked<'_>) -> Vec<OsString> {
    let name = entry.key.name;
    // What writes many files is nothing to a filter; said on the command line, it would be a mistake there.
    let is_for_trees = name == "explode";
    if asked.option(name).is_none() || entry.is_off() || (is_for_trees && asked.lacks("out")) {
        return Vec::new();
    }
    if entry.key.kind == Kind::List {
        return unsaid(file, entry, asked).iter().map(|text| argument(name, text)).collect();
    }
    let is_decided = asked.says(name) || key::contrary(name).is_some_and(|contrary| asked.says(contrary));
    match (entry.key.kind, entry.values.first()) {
        (_, None) => Vec::new(),
        (_, Some(_)) if is_decided => Vec::new(),
        (Kind::Switch, Some(_)) => vec![format!("--{name}").into()],
        (_, Some(value)) => vec![argument(name, OsStr::new(&value.text))],
    }
}

fn argument(name: &str, value: &OsStr) -> OsString {
    let mut argument = OsString::from(format!("--{name}="));
    argument.push(value);
    argument
}

/// The entries of a list that the command line neither names itself nor contradicts.
fn unsaid(file: &ConfigFile, entry: &Entry, asked: &Asked<'_>) -> Vec<OsString> {
    let name = entry.key.name;
    let listed = file.list(entry);
    let contrary = key::contrary(name).map(|contrary| asked.said(contrary)).unwrap_or_default();
    let mut decided: BTreeSet<OsString> = asked.said(name).into_iter().chain(contrary).map(OsStr::to_owned).collect();
    if name != "rules" {
        return listed.into_iter().filter(|text| decided.insert(text.clone())).collect();
    }
    // Rules that are read twice would contradict themselves.
    let real = |path: &OsStr| fs::canonicalize(path).map_or(path.to_owned(), OsString::from);
    decided = decided.iter().map(|path| real(path)).collect();
    listed.into_iter().filter(|text| decided.insert(real(text))).collect()
}
