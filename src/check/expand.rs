//! Texts that a pattern stands for.

use std::sync::Arc;

use super::probe::TITLE;
use crate::rules::template::{Node, Slot};
use crate::rules::{Form, Rule, RuleSet, Until};

/// A word that no pattern knows.
const WORD: &str = "quorvex";
/// At most so many texts of a pattern are tried.
const MAX_TRIED: u64 = 4000;
/// A prime that spreads those that are tried over all.
const STRIDE: u64 = 1_000_003;

/// The texts of one pattern, by number.
pub(super) struct Expansions<'n> {
    node: &'n Node,
    words: Words<'n>,
}

/// The word lists as a rule sees them.
struct Words<'n> {
    set: &'n RuleSet,
    langs: &'n [Arc<str>],
}

impl<'n> Expansions<'n> {
    pub(super) fn new(node: &'n Node, rule: &'n Rule, set: &'n RuleSet) -> Expansions<'n> {
        Expansions { node, words: Words { set, langs: &rule.langs } }
    }

    /// All texts, or many that are spread over them.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        let count = self.words.count(self.node);
        let tried = count.min(MAX_TRIED);
        // Multiples of a prime that does not divide the count never meet.
        let step = if count <= MAX_TRIED || count.is_multiple_of(STRIDE) { 1 } else { STRIDE };
        (0..tried).map(move |at| {
            let number = u128::from(at) * u128::from(step) % u128::from(count.max(1));
            let mut text = String::new();
            self.words.write(self.node, number as u64, &mut text);
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        })
    }
}

impl Words<'_> {
    /// How many texts a node stands for.
    fn count(&self, node: &Node) -> u64 {
        match node {
            Node::Literal(_) | Node::Blank => 1,
            Node::Slot(slot) => self.samples(slot).len() as u64,
            Node::Optional(node) => self.count(node).saturating_add(1),
            Node::Choice(nodes) => nodes.iter().fold(0, |sum: u64, node| sum.saturating_add(self.count(node))),
            Node::Sequence(nodes) => {
                nodes.iter().fold(1, |product: u64, node| product.saturating_mul(self.count(node)))
            }
        }
    }

    /// Writes the text of this number.
    fn write(&self, node: &Node, mut number: u64, out: &mut String) {
        match node {
            Node::Literal(text) => out.push_str(text),
            Node::Blank => out.push(' '),
            Node::Slot(slot) => {
                let samples = self.samples(slot);
                out.extend(usize::try_from(number).ok().and_then(|at| samples.get(at)).map(String::as_str));
            }
            Node::Optional(node) => {
                if number > 0 {
                    self.write(node, number - 1, out);
                }
            }
            Node::Choice(nodes) => {
                for node in nodes {
                    let count = self.count(node);
                    if number < count {
                        return self.write(node, number, out);
                    }
                    number -= count;
                }
            }
            Node::Sequence(nodes) => {
                for node in nodes {
                    let count = self.count(node).max(1);
                    self.write(node, number % count, out);
                    number /= count;
                }
            }
        }
    }

    /// What may stand in a slot: the shortest and the longest, and one of each kind.
    fn samples(&self, slot: &Slot) -> Vec<String> {
        let texts: &[&str] = match slot {
            Slot::Number => &["12", "1,204"],
            Slot::Name => &["Orvelia", "Orvelia Quandt", "Orvelia Anna Quandt"],
            Slot::Date => &["12 May 2024", "2024-05-12"],
            Slot::Time => &["10:30", "9 pm"],
            Slot::Url => &["https://www.example.com/a"],
            Slot::Email => &["desk@example.com"],
            Slot::Handle => &["@example"],
            Slot::Title => &[TITLE],
            Slot::Any(words) => return vec![WORD.to_owned(), vec![WORD; usize::from(*words)].join(" ")],
            Slot::List(name) => {
                let words = self.set.vocabulary().words(name, self.langs);
                return words.into_iter().map(ToString::to_string).collect();
            }
        };
        texts.iter().map(|&text| text.to_owned()).collect()
    }
}

/// A line in which a rule of this form can match the text.
pub(super) fn line_with(text: &str, rule: &Rule) -> String {
    match rule.form {
        Form::Line | Form::Block | Form::Tail => text.to_owned(),
        Form::Start => format!("{text} {WORD} {WORD} {WORD}"),
        Form::End => format!("{WORD} {WORD} {WORD} {text}"),
        Form::Span if rule.until == Until::Bracket => format!("({text})"),
        Form::Span => format!("{text} {WORD}."),
    }
}
