//! A configuration file that explains itself: every key with what the help says about it.

use clap::{Arg, Command, CommandFactory};

use super::key::{KEYS, Key, Kind, REFUSED};
use super::option::{self, default_of, help_of};
use crate::args::Cli;

/// How wide its remarks may be.
const WIDTH: usize = 98;

const HEAD: &str = "\
Options of dechrome that are always the same. dechrome reads the file dechrome.toml in the directory that it is run in, \
and no other, least of all one that lies among its inputs; --config FILE names another file, --no-config none.

A key is the long name of an option of `dechrome clean`; other commands take those that they have, too. What the command \
line says comes before what stands here, and that before the preset and the defaults. To the lists keep, drop and rules \
the command line adds: there, what stands here comes first, but what the command line drops is no longer kept, and what it \
keeps no longer dropped. A switch that is on here is off again with --no-config only; quiet and verbose give way to -v and -q.

Lines that begin with # and a key show its default. `dechrome config` shows what is in force, and where it comes from.";

/// A configuration file of which every line is a remark: what the keys do, and their defaults.
pub(crate) fn example() -> String {
    let mut program = Cli::command();
    program.build();
    let mut out = remarks(HEAD, "");
    let mut heading = None;
    for key in KEYS {
        let Some(option) = option::of_clean(&program, key.name) else { continue };
        let under = option.get_help_heading().unwrap_or("Options");
        if heading != Some(under) {
            out.push_str(&format!("\n\n# == {under} ==\n"));
            heading = Some(under);
        }
        out.push('\n');
        out.push_str(&about(key, option));
    }
    out.push_str("\n\n# == What cannot stand here ==\n\n");
    out.push_str(&refused(&program));
    out
}

/// What a key does, what it may be, and its default.
fn about(key: &Key, option: &Arg) -> String {
    let (help, default) = help_of(option);
    // Here it is a list that holds more than one.
    let help = help.strip_suffix("; may be repeated").unwrap_or(&help);
    let mut out = remarks(&format!("{help}."), "");
    for value in option.get_possible_values().iter().filter(|_| key.kind == Kind::Text) {
        let help = value.get_help().map(|help| format!(": {help}")).unwrap_or_default();
        out.push_str(&remarks(&format!("{:?}{help}", value.get_name()), "  "));
    }
    if let Some(default) = default {
        out.push_str(&remarks(&format!("Default: {default}."), ""));
    }
    if let Some(example) = key.example {
        out.push_str(&format!("# For example: {} = {example}\n", key.name));
    }
    if let Some(default) = default_of(key, option) {
        out.push_str(&format!("#{} = {default}\n", key.name));
    }
    out
}

/// The options that a file may not hold, by the reason.
fn refused(program: &Command) -> String {
    let mut out = String::new();
    let there: Vec<_> = REFUSED.iter().filter(|(name, _)| option::of_clean(program, name).is_some()).collect();
    for group in there.chunk_by(|one, next| one.1 == next.1) {
        let names: Vec<&str> = group.iter().map(|(name, _)| *name).collect();
        let why = group.first().map(|(_, why)| *why).unwrap_or_default();
        out.push_str(&remarks(&format!("{}: {why}.", names.join(", ")), ""));
    }
    out
}

/// A text as remarks, broken between words.
fn remarks(text: &str, indent: &str) -> String {
    let mut out = String::new();
    for paragraph in text.split('\n') {
        let mut line = format!("#{}", if paragraph.is_empty() { "" } else { indent });
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            if line.chars().count() + 1 + word.chars().count() > WIDTH {
                out.push_str(&line);
                out.push('\n');
                line = format!("#{indent}{indent}");
            }
            line.push(' ');
            line.push_str(word);
        }
        out.push_str(&line);
        out.push('\n');
    }
    out
}
