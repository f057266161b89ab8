//! Places in a text, as editors count them.

use std::fmt;

/// A place in a file, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    line: usize,
    column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A text whose bytes have places.
pub(super) struct Source<'s> {
    pub(super) text: &'s str,
    line_starts: Vec<usize>,
}

impl<'s> Source<'s> {
    pub(super) fn new(text: &'s str) -> Source<'s> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Source { text, line_starts: std::iter::once(0).chain(breaks).collect() }
    }

    pub(super) fn place(&self, at: usize) -> Place {
        let line = self.line_starts.partition_point(|&start| start <= at);
        let start = self.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or_default();
        Place { line, column: before.chars().count() + 1 }
    }

    /// The place of a byte behind text that is valid.
    pub(super) fn of_lossy(bytes: &[u8], valid: usize) -> Place {
        let text = bytes.get(..valid).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default();
        let source = Source::new(text);
        source.place(source.text.len())
    }
}
