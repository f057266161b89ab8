//! What a rule says twice.

use std::collections::BTreeSet;

use super::{Finding, Severity};
use crate::rules::template::{Node, Slot};
use crate::rules::{Matchers, Rule};

/// Patterns that a rule has twice, and alternatives that a choice has twice.
pub(super) fn findings(rule: &Rule) -> Vec<Finding> {
    let mut seen = BTreeSet::new();
    let twice = rule.patterns().into_iter().enumerate().filter(|(at, _)| !seen.insert(normal_pattern(rule, *at)));
    let mut found: Vec<Finding> = twice
        .map(|(_, pattern)| {
            let what = format!("`{pattern}` says the same as a pattern before it");
            Finding::of(Severity::Warning, rule, what, "remove one of them")
        })
        .collect();
    let Matchers::Templates(templates) = &rule.matchers else { return found };
    for template in templates {
        let mut alternatives = BTreeSet::new();
        collect_doubled(template.node(), &mut alternatives);
        found.extend(alternatives.into_iter().map(|alternative| {
            let what = format!("`{alternative}` stands twice in a choice of `{}`", template.source());
            Finding::of(Severity::Warning, rule, what, "remove one of them")
        }));
    }
    found
}

/// A pattern in a form that is the same for patterns that say the same.
pub(super) fn normal_pattern(rule: &Rule, at: usize) -> String {
    match &rule.matchers {
        Matchers::Templates(templates) => templates.get(at).map(|it| normal(it.node())).unwrap_or_default(),
        Matchers::Regexes(regexes) => regexes.get(at).cloned().unwrap_or_default(),
    }
}

/// A pattern as it could be written, its alternatives sorted.
fn normal(node: &Node) -> String {
    match node {
        Node::Literal(text) => text.to_string(),
        Node::Blank => " ".to_owned(),
        Node::Sequence(nodes) => nodes.iter().map(normal).collect(),
        Node::Choice(nodes) => match nodes.iter().map(normal).collect::<BTreeSet<_>>() {
            alternatives if alternatives.len() == 1 => alternatives.into_iter().collect(),
            alternatives => format!("({})", alternatives.into_iter().collect::<Vec<_>>().join("|")),
        },
        Node::Optional(node) => match normal(node) {
            text if text.starts_with(['(', '{']) => format!("{text}?"),
            text if text.contains(' ') => format!("({text})?"),
            text => format!("{text}?"),
        },
        Node::Slot(slot) => slot_name(slot),
    }
}

fn slot_name(slot: &Slot) -> String {
    let name = match slot {
        Slot::Number => "n",
        Slot::Name => "name",
        Slot::Date => "date",
        Slot::Time => "time",
        Slot::Url => "url",
        Slot::Email => "email",
        Slot::Handle => "handle",
        Slot::Title => "title",
        Slot::Any(words) => return format!("{{any:{words}}}"),
        Slot::List(name) => name,
    };
    format!("{{{name}}}")
}

fn collect_doubled(node: &Node, found: &mut BTreeSet<String>) {
    match node {
        Node::Choice(nodes) => {
            let mut seen = BTreeSet::new();
            found.extend(nodes.iter().map(normal).filter(|alternative| !seen.insert(alternative.clone())));
            nodes.iter().for_each(|node| collect_doubled(node, found));
        }
        Node::Sequence(nodes) => nodes.iter().for_each(|node| collect_doubled(node, found)),
        Node::Optional(node) => collect_doubled(node, found),
        Node::Literal(_) | Node::Blank | Node::Slot(_) => {}
    }
}
