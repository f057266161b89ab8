//! Keys as the options that they are: their texts and defaults, and what they refuse.

use std::error::Error as _;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command};
use dechrome::rules::nearest;

use super::key::{Key, Kind};

/// The option of a command, or of every command, that has this long name.
pub(super) fn find<'c>(program: &'c Command, command: &'c Command, name: &str) -> Option<&'c Arg> {
    let global = program.get_arguments().filter(|option| option.is_global_set());
    command.get_arguments().chain(global).find(|option| option.get_long() == Some(name))
}

/// The option that a key is.
pub(super) fn of_clean<'c>(program: &'c Command, name: &str) -> Option<&'c Arg> {
    find(program, program.find_subcommand("clean")?, name)
}

/// What the default of an option is in a file, where it has one that can be written down.
pub(super) fn default_of(key: &Key, option: &Arg) -> Option<String> {
    match key.kind {
        Kind::Switch => Some("false".to_owned()),
        Kind::List => Some("[]".to_owned()),
        _ => option.get_default_values().first().map(|value| quoted(&value.to_string_lossy())),
    }
}

/// A string as TOML has it.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Why a value will not do, as the option itself has it: what to write instead.
pub(super) fn refusal(program: &mut Command, key: &Key, text: &str) -> Option<String> {
    if matches!(key.kind, Kind::Switch | Kind::List) {
        return None;
    }
    let args = ["dechrome".to_owned(), "clean".to_owned(), format!("--{}={text}", key.name)];
    let error = program.try_get_matches_from_mut(args).err()?;
    if let Some(ContextValue::Strings(valid)) = error.get(ContextKind::ValidValue) {
        let near = nearest(&text.to_lowercase(), valid.iter().map(String::as_str));
        let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
        return Some(format!("{near}write one of {}", valid.join(", ")));
    }
    Some(error.source().map(ToString::to_string).unwrap_or_default())
}

/// Whether an option takes a value.
pub(super) fn takes_value(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Set | ArgAction::Append)
}

/// What the help says an option does, and, apart, what it says is its default.
pub(super) fn help_of(option: &Arg) -> (String, Option<String>) {
    const MARK: &str = " [default: ";
    let help = option.get_help().map(ToString::to_string).unwrap_or_default();
    match help.split_once(MARK) {
        Some((help, default)) => (help.to_owned(), Some(default.trim_end_matches(']').to_owned())),
        None => (help, None),
    }
}
