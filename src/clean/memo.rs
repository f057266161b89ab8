//! Hits of short lines that have been looked for before: pages of one site, and of sites that share a theme, print the same
//! labels again and again.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;

use crate::matching::Hit;

/// Longer lines seldom stand on two pages.
const MAX_BYTES: usize = 64;
/// How many lines are remembered, a power of two.
const LINES: usize = 4096;

/// Lines with their hits. Each line has one place, by its hash, and the last one that asked for the place has it.
#[derive(Debug, Default)]
pub(super) struct Memo {
    lines: Vec<Remembered>,
}

/// A line with its hits; at first the empty line, which has none.
#[derive(Clone, Debug, Default)]
struct Remembered {
    text: String,
    hits: Vec<Hit>,
}

impl Memo {
    /// The hits of a line, if it is remembered.
    pub(super) fn hits(&self, line: &str) -> Option<Vec<Hit>> {
        if line.len() > MAX_BYTES {
            return None;
        }
        let remembered = self.lines.get(place(line))?;
        (remembered.text == line).then(|| remembered.hits.clone())
    }

    /// Remembers the hits of a line, which must depend on nothing else.
    pub(super) fn remember(&mut self, line: &str, hits: &[Hit]) {
        if line.len() > MAX_BYTES {
            return;
        }
        if self.lines.is_empty() {
            self.lines.resize_with(LINES, Remembered::default);
        }
        if let Some(remembered) = self.lines.get_mut(place(line)) {
            remembered.text.clear();
            remembered.text.push_str(line);
            remembered.hits.clear();
            remembered.hits.extend_from_slice(hits);
        }
    }
}

/// The place of a line.
fn place(line: &str) -> usize {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(line.as_bytes());
    hasher.finish() as usize & (LINES - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_remembered_until_another_takes_its_place() {
        let mut memo = Memo::default();
        let hits = vec![Hit { rule: 3, range: 0..4 }];
        assert_eq!(memo.hits("Menu"), None);
        memo.remember("Menu", &hits);
        assert_eq!(memo.hits("Menu"), Some(hits.clone()));
        for number in 0..LINES * 20 {
            let line = format!("Page {number}");
            assert_eq!(memo.hits(&line), None);
            memo.remember(&line, &[]);
            assert_eq!(memo.hits(&line), Some(Vec::new()));
        }
        assert_eq!(memo.hits("Menu"), None);
        memo.remember(&"x".repeat(MAX_BYTES + 1), &hits);
        assert_eq!(memo.hits(&"x".repeat(MAX_BYTES + 1)), None);
    }
}
