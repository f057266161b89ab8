//! Mistakes in rule files, collected so that one look shows them all.

use std::fmt;
use std::path::PathBuf;

/// The most mistakes that are told: a file with more has one mistake many times, or is no rule file.
const MAX_MISTAKES: usize = 500;
/// How much of a text from a rule file a mistake may quote, in characters.
const MAX_QUOTED: usize = 1000;

/// One mistake in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1; 0 where the file could not be read at all.
    pub line: usize,
    /// The rule, where it is known.
    pub rule: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub help: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if let Some(rule) = &self.rule {
            write!(f, ": rule `{rule}`")?;
        }
        write!(f, ": {}", self.what)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", self.help) }
    }
}

impl std::error::Error for RuleError {}

/// Every mistake that was found in a set of rule files, up to five hundred, in the order of files and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleErrors {
    errors: Vec<RuleError>,
    /// Whether looking for mistakes ended before the files did.
    more: bool,
}

/// Mistakes as they are found, as many as are told.
#[derive(Debug, Default)]
pub(super) struct Mistakes {
    found: Vec<RuleError>,
}

impl Mistakes {
    /// Adds a mistake, unless there are enough.
    pub(super) fn push(&mut self, mistake: RuleError) {
        if self.is_full() {
            return;
        }
        let RuleError { file, line, rule, what, help } = mistake;
        let (rule, what, help) = (rule.map(quoted), quoted(what), quoted(help));
        self.found.push(RuleError { file, line, rule, what, help });
    }

    /// Whether there are so many that looking for more is of no use.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= MAX_MISTAKES
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The mistakes, in the order in which they were found.
    pub(super) fn into_found(self) -> Vec<RuleError> {
        self.found
    }

    /// The mistakes in the order of files and lines.
    pub(super) fn into_errors(self) -> RuleErrors {
        let more = self.is_full();
        let Mistakes { found: mut errors } = self;
        errors.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        errors.dedup();
        RuleErrors { errors, more }
    }
}

/// A text without what is too much of it to be shown.
fn quoted(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_QUOTED) {
        text.truncate(at);
        text.push('…');
    }
    text
}

impl RuleErrors {
    /// The mistakes, by file and line.
    pub fn iter(&self) -> impl Iterator<Item = &RuleError> {
        self.errors.iter()
    }

    /// How many there are; never 0.
    pub fn count(&self) -> usize {
        self.errors.len()
    }
}

impl fmt::Display for RuleErrors {
    /// Writes a mistake a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, error) in self.errors.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        if self.more { write!(f, "\nthere may be more mistakes than these; mend them first") } else { Ok(()) }
    }
}

impl std::error::Error for RuleErrors {}
