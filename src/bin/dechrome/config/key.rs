//! The keys of `dechrome.toml`: which options of `clean` may stand there, and why others may not.

/// What the value of a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// True or false.
    Switch,
    /// A string.
    Text,
    /// A whole number.
    Number,
    /// A whole number, or a string with a unit.
    Size,
    /// A string, or an array of strings.
    List,
}

/// A key, which is the long name of an option.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// A value to show, for keys whose default does not show what can be written.
    pub(super) example: Option<&'static str>,
}

const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, example: None }
}

const fn such_as(name: &'static str, kind: Kind, example: &'static str) -> Key {
    Key { name, kind, example: Some(example) }
}

/// The keys, in the order in which the example lists them.
pub(super) const KEYS: &[Key] = &[
    key("preset", Kind::Text),
    such_as("keep", Kind::List, r#"["author-bio", "newsletter"]"#),
    such_as("drop", Kind::List, r#"["byline", "caption"]"#),
    such_as("title", Kind::Text, r#""drop""#),
    such_as("lang", Kind::Text, r#""en""#),
    such_as("rules", Kind::List, r#"["my-rules.toml"]"#),
    key("no-default-rules", Kind::Switch),
    key("format", Kind::Text),
    such_as("encoding", Kind::Text, r#""windows-1252""#),
    such_as("text-field", Kind::Text, r#""meta.text""#),
    such_as("url-field", Kind::Text, r#""meta.link""#),
    such_as("title-field", Kind::Text, r#""meta.headline""#),
    such_as("id-field", Kind::Text, r#""meta.key""#),
    key("html-text", Kind::Text),
    such_as("compress", Kind::Text, r#""zstd""#),
    key("explode", Kind::Switch),
    such_as("max-ratio", Kind::Number, "1000"),
    such_as("max-record", Kind::Size, r#""64M""#),
    key("removed", Kind::Text),
    key("verify", Kind::Switch),
    such_as("tags", Kind::Text, r#""dolma""#),
    key("sync", Kind::Switch),
    such_as("threads", Kind::Number, "4"),
    key("color", Kind::Text),
    key("progress", Kind::Text),
    key("quiet", Kind::Switch),
    key("verbose", Kind::Switch),
];

const OUTPUTS: &str = "what a run writes, and where, is said on its command line only";
const REPLACES: &str = "it decides what becomes of earlier outputs, which is said on the command line, run by run";
const ONE_RUN: &str = "it is for one run; say it on the command line";
const CONFIG: &str = "the file to read is named on the command line";

/// The options that a file may not hold, since one that lies about must not decide what is written or replaced, nor hide inputs.
pub(super) const REFUSED: &[(&str, &str)] = &[
    ("out", OUTPUTS),
    ("report", OUTPUTS),
    ("overwrite", REPLACES),
    ("resume", REPLACES),
    ("shard", "it passes over a part of the inputs; say it on the command line, run by run"),
    ("dry-run", ONE_RUN),
    ("diff", ONE_RUN),
    ("check", ONE_RUN),
    ("config", CONFIG),
    ("no-config", CONFIG),
];

/// The options of which the second is what the first is not: who says one on the command line does not want the other.
pub(super) const CONTRARY: [(&str, &str); 2] = [("quiet", "verbose"), ("keep", "drop")];

/// The option that says the contrary.
pub(super) fn contrary(name: &str) -> Option<&'static str> {
    CONTRARY.iter().find_map(|&(one, other)| match name {
        _ if name == one => Some(other),
        _ if name == other => Some(one),
        _ => None,
    })
}

/// Commands with options that only share the name of a key.
const OTHERS: &[(&[&str], &[&str])] = &[
    // These are told on the command line whose rules they look at.
    (&["diff"], &["rules", "no-default-rules"]),
    (&["rules", "check"], &["no-default-rules"]),
    (&["rules", "test"], &["no-default-rules"]),
];

/// Whether the option of this name of a command is the one that the key means.
pub(super) fn is_meant(command: &[&str], name: &str) -> bool {
    !OTHERS.iter().any(|(path, names)| *path == command && names.contains(&name))
}

/// The key of a name.
pub(super) fn of_name(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction, Command, CommandFactory};

    use super::*;
    use crate::args::Cli;

    fn program() -> Command {
        let mut program = Cli::command();
        program.build();
        program
    }

    /// The options of a command that have long names, but for those that clap itself adds.
    fn options(command: &Command) -> impl Iterator<Item = (&str, &Arg)> {
        let named = command.get_arguments().filter_map(|option| Some((option.get_long()?, option)));
        named.filter(|(name, _)| !["help", "version"].contains(name))
    }

    #[test]
    fn every_option_of_clean_is_a_key_or_refused_with_a_reason() {
        let program = program();
        for (name, _) in options(program.find_subcommand("clean").unwrap()) {
            let is_refused = REFUSED.iter().any(|(refused, _)| *refused == name);
            assert!(of_name(name).is_some() != is_refused, "--{name} must stand in KEYS or in REFUSED");
        }
    }

    #[test]
    fn every_key_is_an_option_of_clean_and_takes_what_it_takes() {
        let program = program();
        let clean = program.find_subcommand("clean").unwrap();
        for key in KEYS {
            let found = options(clean).find(|(name, _)| *name == key.name);
            let (_, option) = found.unwrap_or_else(|| panic!("`{}` is no option", key.name));
            let is_fitting = match key.kind {
                Kind::Switch => matches!(option.get_action(), ArgAction::SetTrue),
                Kind::List => matches!(option.get_action(), ArgAction::Append),
                Kind::Text | Kind::Number | Kind::Size => matches!(option.get_action(), ArgAction::Set),
            };
            assert!(is_fitting, "`{}` is of another kind", key.name);
        }
    }

    #[test]
    fn options_that_share_the_name_of_a_key_mean_the_same_unless_they_are_listed() {
        let program = program();
        let clean: Vec<_> = options(program.find_subcommand("clean").unwrap()).collect();
        let mut commands: Vec<(Vec<&str>, &Command)> = vec![(Vec::new(), &program)];
        while let Some((path, command)) = commands.pop() {
            for (name, option) in options(command).filter(|(name, _)| of_name(name).is_some() && is_meant(&path, name))
            {
                let (_, other) = clean.iter().find(|(other, _)| *other == name).unwrap();
                let is_same = option.get_id() == other.get_id()
                    && option.get_value_names() == other.get_value_names()
                    && option.get_possible_values() == other.get_possible_values()
                    && option.get_default_values() == other.get_default_values();
                assert!(is_same, "--{name} of {path:?} is not that of clean; list it in OTHERS");
            }
            let below = command.get_subcommands().filter(|below| below.get_name() != "help");
            commands.extend(below.map(|below| ([&path[..], &[below.get_name()]].concat(), below)));
        }
    }

    #[test]
    fn every_exception_is_a_command_with_such_an_option() {
        let program = program();
        for (path, names) in OTHERS {
            let command = path.iter().fold(&program, |command, name| command.find_subcommand(name).unwrap());
            for name in *names {
                assert!(options(command).any(|(option, _)| option == *name), "{path:?} has no --{name}");
            }
        }
    }
}
