//! A template as a small program: what the machine runs.

use std::collections::HashMap;
use std::sync::Arc;

use crate::rules::template::{Node, Slot};

/// One step of a program. Targets are indices into the program.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// These bytes.
    Literal(Box<str>),
    /// A blank, where one is needed.
    Blank,
    /// First try one target, then the other.
    Split(u32, u32),
    /// Go on at the target.
    Jump(u32),
    /// A kind of thing.
    Slot(Slot),
    /// An entry of a word list.
    List(Arc<WordList>),
    /// The pattern is at its end.
    Match,
}

/// The words of a list, found by their first byte.
#[derive(Debug, Default)]
pub(crate) struct WordList {
    by_first: HashMap<u8, Vec<String>, foldhash::fast::FixedState>,
}

impl WordList {
    /// A list of folded words.
    pub(crate) fn new(words: Vec<String>) -> WordList {
        let mut list = WordList::default();
        for word in words {
            list.by_first.entry(word.as_bytes()[0]).or_default().push(word);
        }
        for words in list.by_first.values_mut() {
            words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        }
        list
    }

    /// The words that `text` begins with, longest first.
    pub(crate) fn beginning<'l>(&'l self, text: &'l str) -> impl Iterator<Item = &'l str> {
        let words = text.as_bytes().first().and_then(|first| self.by_first.get(first)).map_or(&[][..], Vec::as_slice);
        words.iter().map(String::as_str).filter(move |word| text.starts_with(*word))
    }
}

/// A compiled template.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    steps: Vec<Step>,
}

impl Program {
    /// Compiles a template; `list` looks up its word lists.
    pub(crate) fn new(node: &Node, list: &mut dyn FnMut(&str) -> Arc<WordList>) -> Program {
        let mut program = Program { steps: Vec::new() };
        program.add(node, list);
        program.steps.push(Step::Match);
        program
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether a match depends on the document's title.
    pub(crate) fn asks_title(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Slot(Slot::Title)))
    }

    fn here(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX)
    }

    fn add(&mut self, node: &Node, list: &mut dyn FnMut(&str) -> Arc<WordList>) {
        match node {
            Node::Literal(text) => self.steps.push(Step::Literal(text.as_str().into())),
            Node::Blank => self.steps.push(Step::Blank),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.add(node, list)),
            Node::Choice(nodes) => self.add_choice(nodes, list),
            Node::Optional(node) => {
                let split = self.steps.len();
                self.steps.push(Step::Match);
                self.add(node, list);
                self.steps[split] = Step::Split(split as u32 + 1, self.here());
            }
            Node::Slot(Slot::List(name)) => {
                let words = list(name);
                self.steps.push(Step::List(words));
            }
            Node::Slot(slot) => self.steps.push(Step::Slot(slot.clone())),
        }
    }

    fn add_choice(&mut self, nodes: &[Node], list: &mut dyn FnMut(&str) -> Arc<WordList>) {
        let mut jumps = Vec::new();
        for (n, node) in nodes.iter().enumerate() {
            let last = n + 1 == nodes.len();
            let split = self.steps.len();
            if !last {
                self.steps.push(Step::Match);
            }
            self.add(node, list);
            if !last {
                jumps.push(self.steps.len());
                self.steps.push(Step::Match);
                self.steps[split] = Step::Split(split as u32 + 1, self.here());
            }
        }
        let end = self.here();
        for jump in jumps {
            self.steps[jump] = Step::Jump(end);
        }
    }
}
