//! Mistakes in rule files, collected so that one look shows them all.

use std::fmt;
use std::path::PathBuf;

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

/// Every mistake that was found in a set of rule files, in the order of files and lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleErrors {
    errors: Vec<RuleError>,
}

impl RuleErrors {
    pub(crate) fn new(mut errors: Vec<RuleError>) -> RuleErrors {
        errors.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
        errors.dedup();
        RuleErrors { errors }
    }

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
        Ok(())
    }
}

impl std::error::Error for RuleErrors {}
