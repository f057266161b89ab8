//! A template as a small program: what the machine runs.

use std::sync::Arc;

use crate::rules::template::{Node, Slot, Text};
use crate::text::chars::{is_spaced_word, is_unspaced};

/// One step of a program. Targets are indices into the program.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// These bytes.
    Literal(Text),
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
    /// One of several literals, wherever it ends.
    OneOf(Arc<WordList>),
    /// The pattern is at its end.
    Match,
}

/// The words of a list, found by their first two bytes.
#[derive(Debug, Default)]
pub(crate) struct WordList {
    /// Sorted by their first bytes; those of the same ones by length, the longest first.
    words: Vec<Text>,
    /// The first bytes that occur, sorted; a word of one byte has a zero behind it.
    firsts: Vec<[u8; 2]>,
    /// For each of them, where its words begin; one more for the end.
    starts: Vec<u32>,
    /// Whether there are words of one byte.
    has_single: bool,
}

/// The first two bytes of a text.
fn firsts(text: &str) -> [u8; 2] {
    let bytes = text.as_bytes();
    [bytes.first().copied().unwrap_or_default(), bytes.get(1).copied().unwrap_or_default()]
}

impl WordList {
    /// A list of folded words.
    pub(crate) fn new(words: Vec<&Text>) -> WordList {
        let mut list = WordList { words: words.into_iter().cloned().collect(), ..WordList::default() };
        list.words.sort_by(|a, b| firsts(a).cmp(&firsts(b)).then_with(|| b.len().cmp(&a.len())).then_with(|| a.cmp(b)));
        for (at, word) in list.words.iter().enumerate() {
            let first = firsts(word);
            list.has_single |= first[1] == 0;
            if list.firsts.last() != Some(&first) {
                list.firsts.push(first);
                list.starts.push(at as u32);
            }
        }
        list.starts.push(list.words.len() as u32);
        list
    }

    /// The words that `text` begins with, longest first.
    pub(crate) fn beginning<'l>(&'l self, text: &'l str) -> impl Iterator<Item = &'l str> {
        let first = firsts(text);
        let single = self.has_single && first[1] != 0;
        let words = self.words_from(first).iter().chain(if single { self.words_from([first[0], 0]) } else { &[] });
        words.map(|word| &**word).filter(move |word| text.starts_with(*word))
    }

    fn words_from(&self, first: [u8; 2]) -> &[Text] {
        let Ok(at) = self.firsts.binary_search(&first) else { return &[] };
        &self.words[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// A template to run.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    steps: Vec<Step>,
}

impl Program {
    /// The program of a template; `lists` are its word lists, in the order in which it names them.
    pub(crate) fn new(node: &Node, lists: &[Arc<WordList>]) -> Program {
        let mut steps = Steps { steps: Vec::with_capacity(step_count(node) + 1), lists: lists.iter() };
        steps.add(node);
        steps.steps.push(Step::Match);
        Program { steps: steps.steps }
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }
}

/// Whether a match depends on the document's title.
pub(super) fn asks_title(node: &Node) -> bool {
    match node {
        Node::Literal(_) | Node::Blank => false,
        Node::Slot(slot) => *slot == Slot::Title,
        Node::Choice(nodes) | Node::Sequence(nodes) => nodes.iter().any(asks_title),
        Node::Optional(node) => asks_title(node),
    }
}

/// A program in the making.
struct Steps<'p> {
    steps: Vec<Step>,
    /// The word lists that have not been asked for yet.
    lists: std::slice::Iter<'p, Arc<WordList>>,
}

impl Steps<'_> {
    fn here(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX)
    }

    fn add(&mut self, node: &Node) {
        match node {
            Node::Literal(text) => self.steps.push(Step::Literal(text.clone())),
            Node::Blank => self.steps.push(Step::Blank),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.add(node)),
            Node::Choice(nodes) => self.add_choice(nodes),
            Node::Optional(node) => {
                let split = self.steps.len();
                self.steps.push(Step::Match);
                self.add(node);
                self.steps[split] = Step::Split(split as u32 + 1, self.here());
            }
            Node::Slot(Slot::List(_)) => {
                let words = self.lists.next().cloned().unwrap_or_default();
                self.steps.push(Step::List(words));
            }
            Node::Slot(slot) => self.steps.push(Step::Slot(slot.clone())),
        }
    }

    /// Literals among the alternatives are looked for in one step; the others one behind the other.
    fn add_choice(&mut self, nodes: &[Node]) {
        let plain: Vec<Text> = nodes.iter().filter_map(plain_text).collect();
        if plain.len() < MIN_PLAIN {
            return self.add_alternatives(nodes.iter().map(Alternative::Node).collect());
        }
        let literals = Alternative::Literals(plain);
        let others = nodes.iter().filter(|node| plain_text(node).is_none()).map(Alternative::Node);
        self.add_alternatives(std::iter::once(literals).chain(others).collect());
    }

    fn add_alternatives(&mut self, alternatives: Vec<Alternative<'_>>) {
        let mut jumps = Vec::new();
        let count = alternatives.len();
        for (n, alternative) in alternatives.into_iter().enumerate() {
            let last = n + 1 == count;
            let split = self.steps.len();
            if !last {
                self.steps.push(Step::Match);
            }
            match alternative {
                Alternative::Node(node) => self.add(node),
                Alternative::Literals(texts) => {
                    self.steps.push(Step::OneOf(Arc::new(WordList::new(texts.iter().collect()))));
                }
            }
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

/// From so many literals on, looking for them in one step is worth a list.
const MIN_PLAIN: usize = 4;

/// A part of a choice.
enum Alternative<'n> {
    Node(&'n Node),
    Literals(Vec<Text>),
}

/// The text of a node that is one: literals with blanks between words, where nothing but a blank will do.
fn plain_text(node: &Node) -> Option<Text> {
    let nodes = match node {
        Node::Literal(text) => return Some(text.clone()),
        Node::Sequence(nodes) => nodes,
        _ => return None,
    };
    let in_word = |c: char| is_spaced_word(c) && !is_unspaced(c);
    let mut text = String::new();
    for (at, node) in nodes.iter().enumerate() {
        match node {
            Node::Literal(literal) => text.push_str(literal),
            Node::Blank => {
                let Some(Node::Literal(next)) = nodes.get(at + 1) else { return None };
                if !text.ends_with(in_word) || !next.starts_with(in_word) {
                    return None;
                }
                text.push(' ');
            }
            _ => return None,
        }
    }
    (!text.is_empty()).then_some(Text::Owned(text))
}

/// How many steps a node becomes.
fn step_count(node: &Node) -> usize {
    match node {
        Node::Literal(_) | Node::Blank | Node::Slot(_) => 1,
        Node::Sequence(nodes) => nodes.iter().map(step_count).sum(),
        Node::Choice(nodes) => nodes.iter().map(|node| step_count(node) + 2).sum::<usize>().saturating_sub(2),
        Node::Optional(node) => step_count(node) + 1,
    }
}
