//! The stages of cleaning one by one, for benches alone: `cargo bench --features stages`.
//!
//! Nothing here is part of the library's interface. A build without the feature `stages` has no such module.

use std::borrow::Cow;

use crate::clean::{self, Removal};
use crate::matching::{LineContext, Matcher, Scratch};
use crate::rules::RuleSet;
use crate::text::fold::Folded;
use crate::text::lines::lines;
use crate::text::survey::Survey;

/// Folds lines.
#[derive(Debug, Default)]
pub struct Folding {
    folded: Folded,
}

impl Folding {
    /// Folds every line of a text; how many bytes the folded lines have.
    pub fn lines(&mut self, text: &str) -> usize {
        let mut bytes = 0;
        for line in lines(text) {
            self.folded.refold(&text[line.content()]);
            bytes += self.folded.text().len();
        }
        bytes
    }
}

/// Matches lines with the built-in rules, and remembers none of them.
#[derive(Debug)]
pub struct Matching {
    matcher: Matcher,
    scratch: Scratch,
}

impl Default for Matching {
    fn default() -> Matching {
        Matching { matcher: Matcher::new(RuleSet::builtin()), scratch: Scratch::default() }
    }
}

impl Matching {
    /// Matches every line of a text; how many hits there are.
    pub fn lines(&mut self, text: &str) -> usize {
        let traits = self.matcher.traits(text, &Survey::of(text));
        let mut hits = Vec::new();
        for line in lines(text) {
            let line = LineContext { raw: &text[line.content()], title: None, traits };
            self.matcher.hits(line, &mut self.scratch, &mut hits);
        }
        hits.len()
    }
}

/// The text without what removals take away.
pub fn cut<'t>(text: &'t str, removals: &[Removal]) -> Cow<'t, str> {
    clean::cut(text, removals)
}
