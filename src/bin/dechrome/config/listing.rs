//! What is in force, key by key, and where it comes from.

use std::ffi::OsStr;

use clap::Arg;
use dechrome::report::terminal::Escaped;

use super::file::{ConfigFile, FILE_NAME};
use super::key::{self, KEYS, Key, Kind};
use super::merge::Asked;
use super::option::{self, default_of, help_of, quoted};

/// How wide the column of values may become, in characters; wider values stand on their own.
const WIDEST: usize = 60;

/// A key with its value as a file would have it, or nothing where only the help can say it, and where it comes from.
struct Line {
    set: String,
    from: String,
}

/// The options in force as a configuration file with remarks.
pub(super) fn listing(file: Option<&ConfigFile>, asked: &Asked<'_>) -> String {
    let read = match file {
        Some(file) => format!("Read from {}.", Escaped(&file.path.to_string_lossy())),
        None if asked.says("no-config") => "No file is read.".to_owned(),
        None => format!("No file is read; {FILE_NAME} in the current directory would be."),
    };
    let lines: Vec<Line> = KEYS.iter().filter_map(|key| line(key, file, asked)).collect();
    let widths = lines.iter().map(|line| line.set.chars().count());
    let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let mut out = format!("# {read} `dechrome config --example` explains the keys.\n\n");
    for Line { set, from } in lines {
        out.push_str(&format!("{set:<width$}  # {from}\n"));
    }
    out
}

fn line(key: &Key, file: Option<&ConfigFile>, asked: &Asked<'_>) -> Option<Line> {
    let name = key.name;
    let option = option::of_clean(asked.program, name)?;
    let is_denied = key::contrary(name).is_some_and(|contrary| key.kind == Kind::Switch && asked.says(contrary));
    if asked.says(name) {
        return Some(Line { set: set(key, &asked.said(name)), from: "the command line".to_owned() });
    }
    let found = file.and_then(|file| Some((file, file.entry(name)?))).filter(|_| !is_denied);
    let Some((file, entry)) = found else { return Some(of_default(key, option)) };
    let values = if key.kind == Kind::List { file.list(entry) } else { Vec::new() };
    let texts = entry.values.iter().map(|value| OsStr::new(&value.text));
    let values: Vec<&OsStr> = if values.is_empty() { texts.collect() } else { values.iter().map(|it| &**it).collect() };
    Some(Line { set: set(key, &values), from: format!("{}:{}", Escaped(&file.path.to_string_lossy()), entry.place) })
}

fn of_default(key: &Key, option: &Arg) -> Line {
    match default_of(key, option) {
        Some(default) => Line { set: format!("{} = {default}", key.name), from: "default".to_owned() },
        None => {
            let told = help_of(option).1.map(|default| format!(": {default}")).unwrap_or_default();
            Line { set: format!("# {}", key.name), from: format!("default{told}") }
        }
    }
}

/// A key and its value as a file has them.
fn set(key: &Key, values: &[&OsStr]) -> String {
    let texts: Vec<String> = values.iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let first = texts.first().map(String::as_str).unwrap_or_default();
    let value = match key.kind {
        Kind::List => format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ")),
        Kind::Switch | Kind::Number => first.to_owned(),
        Kind::Text | Kind::Size => quoted(first),
    };
    format!("{} = {value}", key.name)
}
