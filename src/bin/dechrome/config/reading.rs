//! Reading a configuration file key by key, so that all its mistakes are told at once.

use clap::{Command, CommandFactory};
use dechrome::report::terminal::Escaped;
use dechrome::rules::nearest;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{Entry, Value};
use super::key::{self, CONTRARY, KEYS, Key, Kind, REFUSED};
use super::option;
use super::place::{Place, Source};
use crate::args::Cli;

/// How many mistakes are told; the others show when these are mended.
const MOST_MISTAKES: usize = 20;
/// The most entries of a list.
const MOST_ENTRIES: usize = 1_000;
/// How much of a name or value a message shows, in characters.
const SHOWN_CHARS: usize = 60;

/// The entries of a file in their order, or what is wrong with it.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Entry>, String> {
    let (source, program) = (Source::new(text), Cli::command());
    let mut reading = Reading { source, program, entries: Vec::new(), mistakes: Vec::new() };
    reading.read();
    if reading.mistakes.is_empty() { Ok(reading.entries) } else { Err(told(name, reading.mistakes)) }
}

/// A mistake, with what to write instead.
struct Mistake {
    place: Place,
    what: String,
    help: String,
}

fn told(name: &str, mut mistakes: Vec<Mistake>) -> String {
    mistakes.sort_by_key(|mistake| mistake.place);
    let mut told = "the configuration has mistakes:".to_owned();
    for Mistake { place, what, help } in mistakes.iter().take(MOST_MISTAKES) {
        let mark = if help.is_empty() { "" } else { "; " };
        told.push_str(&format!("\n{name}:{place}: {what}{mark}{help}"));
    }
    if mistakes.len() > MOST_MISTAKES {
        told.push_str(&format!("\n{name}: and more"));
    }
    told
}

/// A file being read.
struct Reading<'s> {
    source: Source<'s>,
    /// The program's definition, to ask it what its options take.
    program: Command,
    entries: Vec<Entry>,
    mistakes: Vec<Mistake>,
}

impl<'s> Reading<'s> {
    fn read(&mut self) {
        let (table, mistakes) = DeTable::parse_recoverable(self.source.text);
        for mistake in mistakes.iter().take(MOST_MISTAKES + 1) {
            let at = mistake.span().map_or(0, |span| span.start);
            self.mistake(at, format!("not TOML: {}", mistake.message().trim()), "");
        }
        if !mistakes.is_empty() {
            return;
        }
        self.read_table(table.get_ref());
        self.refuse_contraries();
        self.entries.sort_by_key(|entry| entry.place);
    }

    fn mistake(&mut self, at: usize, what: impl Into<String>, help: impl Into<String>) {
        let place = self.source.place(at);
        self.mistakes.push(Mistake { place, what: what.into(), help: help.into() });
    }

    fn read_table(&mut self, table: &DeTable<'s>) {
        for (name, value) in table {
            if self.mistakes.len() > MOST_MISTAKES {
                break;
            }
            let (at, name) = (name.span().start, name.get_ref().as_ref());
            let Some(key) = key::of_name(name) else {
                self.refuse_key(at, name, value.get_ref());
                continue;
            };
            if let Some(values) = self.values(key, value) {
                self.entries.push(Entry { key, place: self.source.place(at), values });
            }
        }
    }

    fn refuse_key(&mut self, at: usize, name: &str, value: &DeValue<'_>) {
        if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return self.mistake(at, format!("`{name}` cannot stand here"), *why);
        }
        let names = || KEYS.iter().map(|key| key.name);
        // Of a name that is far longer than any key, none is near.
        let near = if name.len() > SHOWN_CHARS { None } else { nearest(&name.replace('_', "-"), names()) };
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if matches!(value, DeValue::Table(_)) => "keys stand at the top level, in no table".to_owned(),
            None => format!("the keys are {}", names().collect::<Vec<_>>().join(", ")),
        };
        self.mistake(at, format!("unknown key `{}`", short(name)), help);
    }

    /// The values of a key, as the command line would have them.
    fn values(&mut self, key: &'static Key, value: &Spanned<DeValue<'s>>) -> Option<Vec<Value>> {
        if let (Kind::List, DeValue::Array(items)) = (key.kind, value.get_ref()) {
            if items.len() > MOST_ENTRIES {
                let help = format!("name no more than {MOST_ENTRIES}; a category stands for all its rules");
                self.mistake(value.span().start, format!("`{}` holds {} entries", key.name, items.len()), help);
                return None;
            }
            // All of them are read, so that all their mistakes are told.
            let values: Vec<_> = items.iter().map(|item| self.value(key, item)).collect();
            return values.into_iter().collect();
        }
        self.value(key, value).map(|value| vec![value])
    }

    fn value(&mut self, key: &'static Key, value: &Spanned<DeValue<'s>>) -> Option<Value> {
        let at = value.span().start;
        let Some(text) = text_of(key.kind, value.get_ref()) else {
            self.mistake(at, format!("`{}` is {}", key.name, sort_of(value.get_ref())), wanted(key.kind));
            return None;
        };
        if text.is_empty() {
            self.mistake(at, format!("`{}` is empty", key.name), "write a value, or leave the key out");
            return None;
        }
        if let Some(help) = option::refusal(&mut self.program, key, &text) {
            self.mistake(at, format!("`{}` is `{}`", key.name, short(&text)), help);
            return None;
        }
        Some(Value { text, place: self.source.place(at) })
    }

    /// What one key says and the other denies.
    fn refuse_contraries(&mut self) {
        for (one, other) in CONTRARY {
            let find = |name: &str| self.entries.iter().find(|entry| entry.key.name == name && !entry.is_off());
            let (Some(one), Some(other)) = (find(one), find(other)) else { continue };
            let (first, second) = (one.key.name, other.key.name);
            let said = |value: &&Value| one.values.iter().any(|said| said.text == value.text);
            let Some(value) = other.values.iter().find(said) else { continue };
            let what = match other.key.kind {
                Kind::List => format!("`{}` stands under `{first}` and `{second}`", short(&value.text)),
                _ => format!("`{first}` and `{second}` contradict each other"),
            };
            self.mistakes.push(Mistake { place: value.place, what, help: "choose one".to_owned() });
        }
    }
}

/// A name or value as a message shows it.
fn short(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN_CHARS).collect();
    let rest = if shown.len() < text.len() { "…" } else { "" };
    format!("{}{rest}", Escaped(&shown))
}

fn text_of(kind: Kind, value: &DeValue<'_>) -> Option<String> {
    let number = || value.as_integer().and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
    match kind {
        Kind::Switch => value.as_bool().map(|on| on.to_string()),
        Kind::Number => number().map(|number| number.to_string()),
        Kind::Size => number().map(|number| number.to_string()).or_else(|| value.as_str().map(str::to_owned)),
        Kind::Text | Kind::List => value.as_str().map(str::to_owned),
    }
}

/// What to write.
fn wanted(kind: Kind) -> &'static str {
    match kind {
        Kind::Switch => "write true or false",
        Kind::Number => "write a whole number",
        Kind::Size => "write a whole number, or a string such as \"64M\"",
        Kind::Text => "write a string",
        Kind::List => "write a string or an array of strings",
    }
}

/// What a value is.
fn sort_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
