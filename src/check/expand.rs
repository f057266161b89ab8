//! Texts that a pattern stands for.

use super::probe::TITLE;
use crate::rules::template::{Node, Slot, Text};
use crate::rules::{Form, Rule, RuleSet, Template, Until};

/// A word that no pattern knows.
const WORD: &str = "quorvex";
/// At most so many texts of a pattern are tried.
const MAX_TRIED: u64 = 4000;

/// The texts of one pattern, by number.
pub(super) struct Expansions<'n> {
    node: &'n Node,
    words: Words<'n>,
}

/// The word lists that a pattern asks for, as its rule sees them.
struct Words<'n> {
    lists: Vec<(&'n str, Vec<&'n Text>)>,
}

impl<'n> Expansions<'n> {
    pub(super) fn new(template: &'n Template, rule: &'n Rule, set: &'n RuleSet) -> Expansions<'n> {
        let words = |name| (name, set.vocabulary().words(name, &rule.langs));
        let lists = template.lists().into_iter().map(words).collect();
        Expansions { node: template.node(), words: Words { lists } }
    }

    /// All texts, or many that are spread over them.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        let count = self.words.count(self.node);
        let tried = count.min(MAX_TRIED);
        let step = if count <= MAX_TRIED { 1 } else { spreading_step(count) };
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
            Node::Slot(Slot::Any(_)) => 2,
            Node::Slot(Slot::List(name)) => self.list(name).len() as u64,
            Node::Slot(slot) => samples(slot).len() as u64,
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
            Node::Slot(Slot::Any(words)) => {
                let count = if number == 0 { 1 } else { usize::from(*words) };
                out.push_str(&vec![WORD; count].join(" "));
            }
            Node::Slot(Slot::List(name)) => out.extend(nth(self.list(name), number).map(|word| &***word)),
            Node::Slot(slot) => out.extend(nth(samples(slot), number).copied()),
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

    fn list(&self, name: &str) -> &[&Text] {
        self.lists.iter().find(|(list, _)| *list == name).map_or(&[], |(_, words)| words)
    }
}

/// A step whose multiples are spread over so many numbers, and meet none twice: the golden section, or the next number that
/// has no divisor in common with the count.
fn spreading_step(count: u64) -> u64 {
    let golden = (u128::from(count) * 618_034 / 1_000_000) as u64;
    (golden.max(1)..count).find(|&step| greatest_common_divisor(step, count) == 1).unwrap_or(1)
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn nth<T>(items: &[T], number: u64) -> Option<&T> {
    usize::try_from(number).ok().and_then(|at| items.get(at))
}

/// What may stand in a slot: one of each kind.
fn samples(slot: &Slot) -> &'static [&'static str] {
    match slot {
        Slot::Number => &["12", "1,204"],
        Slot::Name => &["Orvelia", "Orvelia Quandt", "Orvelia Anna Quandt"],
        Slot::Date => &["12 May 2024", "2024-05-12"],
        Slot::Time => &["10:30", "9 pm"],
        Slot::Url => &["https://www.example.com/a"],
        Slot::Email => &["desk@example.com"],
        Slot::Handle => &["@example"],
        Slot::Title => &[TITLE],
        Slot::Any(_) | Slot::List(_) => &[],
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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn texts(pattern: &str) -> Vec<String> {
        let set = RuleSet::builtin();
        let template = Template::new(pattern).unwrap();
        let rule = set.rules()[0].clone();
        Expansions::new(&template, &rule, &set).texts().collect()
    }

    #[test]
    fn every_text_is_spelt_out_once() {
        let found = texts("(the|a)? (big|old)? bridge");
        let distinct: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        assert_eq!((found.len(), distinct.len()), (9, 9));
        assert!(distinct.contains("bridge") && distinct.contains("a old bridge"), "{distinct:?}");
        assert_eq!(texts("see {any:3}"), ["see quorvex", "see quorvex quorvex quorvex"]);
    }

    #[test]
    fn of_too_many_texts_some_are_spelt_out_that_differ() {
        let found = texts(&vec!["(a|b|c|d)"; 20].join(" "));
        let distinct: BTreeSet<&String> = found.iter().collect();
        assert_eq!((found.len(), distinct.len()), (4000, 4000));
        assert!(found.iter().any(|text| text.starts_with('d')) && found.iter().any(|text| text.ends_with('d')));
    }
}
