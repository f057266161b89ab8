//! Literals that texts hold somewhere, found at each of their bytes by the same tables as those they begin with.
//!
//! The texts are at most some eighty bytes long, and nearly every byte is turned away by two bits; so this is about as fast
//! as an automaton, and unlike one it can be made by the build script.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::index::PatternId;
use super::prefixes::{Prefixes, key};
use crate::rules::template::Text;

/// Literals of so few bytes are looked for as whole words.
const SHORT_LITERAL: usize = 4;
/// How many bytes of text are lower-cased without asking for memory.
const BUFFER_BYTES: usize = 128;

/// Literals that a text holds anywhere, and the patterns behind each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inner {
    /// The beginnings of the literals, with their numbers.
    pub(crate) beginnings: Prefixes,
    pub(crate) literals: Cow<'static, [Text]>,
    /// For each literal, where its patterns begin; one more for the end.
    pub(crate) starts: Cow<'static, [u32]>,
    pub(crate) patterns: Cow<'static, [PatternId]>,
}

impl Inner {
    /// A table of literals with their patterns; `None` without any.
    pub(super) fn new(literals: BTreeMap<Text, Vec<PatternId>>) -> Option<Inner> {
        if literals.is_empty() {
            return None;
        }
        let (mut beginnings, mut texts, mut starts, mut patterns) = (Vec::new(), Vec::new(), vec![0], Vec::new());
        for (literal, mut behind) in literals {
            let literal = literal.to_ascii_lowercase();
            beginnings.push((key(literal.as_bytes()), texts.len() as u32));
            texts.push(Text::Owned(literal));
            patterns.append(&mut behind);
            starts.push(patterns.len() as u32);
        }
        Some(Inner {
            beginnings: Prefixes::new(&beginnings),
            literals: texts.into(),
            starts: starts.into(),
            patterns: patterns.into(),
        })
    }

    /// Adds the patterns of the literals that a text holds, whatever the case of its ASCII letters.
    pub(super) fn find(&self, text: &str, found: &mut Vec<PatternId>) {
        let mut buffer = [0; BUFFER_BYTES];
        match buffer.get_mut(..text.len()) {
            Some(buffer) => {
                buffer.copy_from_slice(text.as_bytes());
                buffer.make_ascii_lowercase();
                self.find_lowered(buffer, found);
            }
            None => self.find_lowered(text.to_ascii_lowercase().as_bytes(), found),
        }
    }

    fn find_lowered(&self, text: &[u8], found: &mut Vec<PatternId>) {
        let mut literals = Vec::new();
        self.beginnings.each_beginning(text, |at| {
            self.beginnings.find(&text[at..], &mut literals);
            for literal in literals.drain(..) {
                if self.stands(literal as usize, text, at) {
                    let patterns = self.starts[literal as usize] as usize..self.starts[literal as usize + 1] as usize;
                    found.extend_from_slice(&self.patterns[patterns]);
                }
            }
        });
    }

    /// Whether a literal whose beginning stands somewhere stands there as a whole; a very short one stands for a whole word.
    fn stands(&self, literal: usize, text: &[u8], at: usize) -> bool {
        let literal = self.literals[literal].as_bytes();
        if !text[at..].starts_with(literal) {
            return false;
        }
        let letter = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphabetic);
        let inside = letter(Some(at + literal.len())) || letter(at.checked_sub(1));
        !(inside && literal.len() <= SHORT_LITERAL && letter(Some(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<PatternId> {
        let literals = ["am", "continue reading here", "gepostet", "関連記事", "reading"];
        let literals = literals.into_iter().zip(0..).map(|(literal, number)| (Text::Borrowed(literal), vec![number]));
        let inner = Inner::new(literals.collect()).unwrap();
        let mut found = Vec::new();
        inner.find(text, &mut found);
        found.sort_unstable();
        found
    }

    #[test]
    fn literals_are_found_wherever_they_stand() {
        assert_eq!(found("Gepostet AM Montag"), [0, 2]);
        assert_eq!(found("to continue Reading here"), [1, 4]);
        assert_eq!(found("to continue reading there"), [4]);
        assert_eq!(found("見る：関連記事"), [3]);
        assert_eq!(found(&format!("{} gepostet", "x".repeat(200))), [2]);
    }

    #[test]
    fn short_literals_are_whole_words() {
        assert_eq!(found("the same ham"), [] as [PatternId; 0]);
        assert_eq!(found("am"), [0]);
        assert_eq!(found("3am"), [0]);
    }
}
