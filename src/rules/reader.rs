//! Reading TOML tables key by key, so that every mistake is reported with its line, not only the first.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Mistakes, RuleError};
use super::near::nearest;

/// What to do about mistakes of syntax.
const SYNTAX_HELP: &str = "mend it; texts with quotes or backslashes stand best in '…' or '''…'''";

/// A rule file's text, and the mistakes found in it so far.
pub(super) struct Source<'s> {
    pub(super) path: PathBuf,
    pub(super) text: &'s str,
    line_starts: Vec<usize>,
}

impl<'s> Source<'s> {
    pub(super) fn new(path: &Path, text: &'s str) -> Source<'s> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(at, _)| at + 1);
        Source { path: path.to_owned(), text, line_starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The line of a byte, counted from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= at)
    }

    pub(super) fn error(
        &self,
        line: usize,
        rule: Option<&str>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) -> RuleError {
        RuleError { file: self.path.clone(), line, rule: rule.map(str::to_owned), what: what.into(), help: help.into() }
    }

    /// The file's table; mistakes of syntax are added to `errors`.
    pub(super) fn parse(&self, errors: &mut Mistakes) -> Option<Spanned<DeTable<'s>>> {
        let (table, mistakes) = DeTable::parse_recoverable(self.text);
        for mistake in &mistakes {
            let line = mistake.span().map_or(1, |span| self.line(span.start));
            errors.push(self.error(line, None, format!("not TOML: {}", mistake.message().trim()), SYNTAX_HELP));
        }
        mistakes.is_empty().then_some(table)
    }
}

/// One table being read: what was asked for is known, the rest is a mistake.
pub(super) struct Fields<'t, 's, 'e> {
    source: &'e Source<'s>,
    table: &'t DeTable<'s>,
    line: usize,
    rule: Option<String>,
    known: Vec<&'static str>,
    errors: &'e mut Mistakes,
}

impl<'t, 's, 'e> Fields<'t, 's, 'e> {
    pub(super) fn new(
        source: &'e Source<'s>,
        table: &'t DeTable<'s>,
        line: usize,
        errors: &'e mut Mistakes,
    ) -> Fields<'t, 's, 'e> {
        let rule = find(table, "id").and_then(|value| value.get_ref().as_str()).map(str::to_owned);
        Fields { source, table, line, rule, known: Vec::new(), errors }
    }

    pub(super) fn error(&mut self, line: usize, what: impl Into<String>, help: impl Into<String>) {
        self.errors.push(self.source.error(line, self.rule.as_deref(), what, help));
    }

    /// A mistake in the table as a whole.
    pub(super) fn error_here(&mut self, what: impl Into<String>, help: impl Into<String>) {
        self.error(self.line, what, help);
    }

    /// The value of a key, with its line.
    pub(super) fn value(&mut self, key: &'static str) -> Option<(&'t DeValue<'s>, usize)> {
        self.known.push(key);
        find(self.table, key).map(|value| (value.get_ref(), self.source.line(value.span().start)))
    }

    pub(super) fn string(&mut self, key: &'static str) -> Option<(String, usize)> {
        let (value, line) = self.value(key)?;
        match value.as_str() {
            Some(text) => Some((text.to_owned(), line)),
            None => {
                self.error(line, format!("`{key}` is {}", kind(value)), "write a string");
                None
            }
        }
    }

    pub(super) fn boolean(&mut self, key: &'static str) -> bool {
        let Some((value, line)) = self.value(key) else { return false };
        value.as_bool().unwrap_or_else(|| {
            self.error(line, format!("`{key}` is {}", kind(value)), "write true or false");
            false
        })
    }

    pub(super) fn integer(&mut self, key: &'static str) -> Option<(i64, usize)> {
        let (value, line) = self.value(key)?;
        let number = value.as_integer().and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
        if number.is_none() {
            self.error(line, format!("`{key}` is {}", kind(value)), "write a whole number");
        }
        number.map(|n| (n, line))
    }

    /// A string, or an array of strings, each with its line.
    pub(super) fn strings(&mut self, key: &'static str) -> Vec<(String, usize)> {
        let Some((value, line)) = self.value(key) else { return Vec::new() };
        if let Some(text) = value.as_str() {
            return vec![(text.to_owned(), line)];
        }
        let Some(items) = value.as_array() else {
            self.error(line, format!("`{key}` is {}", kind(value)), "write a string or an array of strings");
            return Vec::new();
        };
        let mut strings = Vec::with_capacity(items.len());
        for item in items.iter() {
            let line = self.source.line(item.span().start);
            match item.get_ref().as_str() {
                Some(text) => strings.push((text.to_owned(), line)),
                None => self.error(line, format!("`{key}` holds {}", kind(item.get_ref())), "write strings only"),
            }
        }
        strings
    }

    /// One of several words; `T` is what the word stands for.
    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let (word, line) = self.string(key)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == word) {
            return Some(*choice);
        }
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        self.error(line, format!("`{key}` is \"{word}\""), format!("write one of {}", names.join(", ")));
        None
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(mut self) {
        let known = std::mem::take(&mut self.known);
        for key in self.table.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            if self.errors.is_full() {
                break;
            }
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the keys here are {}", known.join(", ")),
            };
            let line = self.source.line(key.span().start);
            self.error(line, format!("unknown key `{name}`"), help);
        }
    }
}

fn find<'f, 's>(table: &'f DeTable<'s>, key: &str) -> Option<&'f Spanned<DeValue<'s>>> {
    table.iter().find(|(name, _)| name.get_ref().as_ref() == key).map(|(_, value)| value)
}

/// What a value is, for a message.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
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
