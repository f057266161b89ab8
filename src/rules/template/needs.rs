//! The words that a match cannot do without: lines without them need not be compared with the pattern.

use std::collections::BTreeSet;

use super::bounds::Bounds;
use super::literals::Words;
use super::{Marks, Node, Slot, Text};
use crate::text::tokens::whole;

/// The most ways of one choice that are told; of one with more, nothing is known.
const MAX_WAYS: usize = 64;
/// The most choices that are told of one pattern.
const MAX_CHOICES: usize = 3;

/// Tokens that all stand in a match.
pub(crate) type Tokens = BTreeSet<String>;

/// What every match of a pattern holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// Tokens that stand in all of them.
    pub(crate) all: Tokens,
    /// Of each of these choices, one way at least.
    pub(crate) choices: Vec<Vec<Tokens>>,
    /// Marks that stand in all of them.
    pub(crate) marks: Marks,
}

/// What every match of a pattern holds; `words` looks up word lists.
pub(crate) fn needs<'n>(node: &'n Node, words: &Words<'n>) -> Needs {
    of(node, Bounds::WHOLE, words).told()
}

impl Needs {
    /// What a text holds that holds this one.
    pub(crate) fn of_text(text: &str, bounds: Bounds) -> Needs {
        let all = whole(text, bounds.begins, bounds.ends).into_iter().collect();
        Needs { all, choices: Vec::new(), marks: Marks::of(text) }
    }

    /// What a match holds that holds what one of several asks for.
    pub(crate) fn any(ways: impl Iterator<Item = Needs>) -> Needs {
        let (mut choice, mut marks) = (Some(Vec::new()), None);
        for needs in ways {
            marks = Some(marks.map_or(needs.marks, |marks: Marks| marks.and(needs.marks)));
            choice = choice.zip(needs.narrowest()).map(|(mut choice, mut told)| {
                choice.append(&mut told);
                choice
            });
            choice = choice.filter(|choice| choice.len() <= MAX_WAYS);
        }
        let mut choice = choice.unwrap_or_default();
        choice.sort();
        choice.dedup();
        let all = if choice.len() == 1 { choice.remove(0) } else { Tokens::new() };
        let choices = if choice.is_empty() { Vec::new() } else { vec![choice] };
        Needs { all, choices, marks: marks.unwrap_or_default() }
    }

    /// Adds what stands in a match, too.
    pub(crate) fn and(&mut self, mut more: Needs) {
        self.all.append(&mut more.all);
        self.choices.append(&mut more.choices);
        self.marks = self.marks.or(more.marks);
    }

    /// The narrowest of the choices, and all else.
    pub(crate) fn told(mut self) -> Needs {
        self.choices.sort_by_key(Vec::len);
        self.choices.truncate(MAX_CHOICES);
        self
    }

    /// The fewest ways one of which is in every match.
    fn narrowest(self) -> Option<Vec<Tokens>> {
        if self.all.is_empty() {
            return self.choices.into_iter().min_by_key(Vec::len);
        }
        Some(vec![self.all])
    }
}

fn of<'n>(node: &'n Node, bounds: Bounds, words: &Words<'n>) -> Needs {
    match node {
        Node::Literal(text) => Needs::of_text(text, bounds),
        Node::Blank | Node::Optional(_) => Needs::default(),
        Node::Slot(Slot::List(name)) => of_list(words(name).unwrap_or_default(), bounds),
        Node::Slot(Slot::Handle) => Needs { marks: Marks::of("@"), ..Needs::default() },
        Node::Slot(Slot::Url) => Needs { marks: Marks::of("."), ..Needs::default() },
        Node::Slot(_) => Needs::default(),
        Node::Choice(nodes) => Needs::any(nodes.iter().map(|node| of(node, bounds, words))),
        Node::Sequence(nodes) => {
            let mut needs = Needs::default();
            for (at, node) in nodes.iter().enumerate() {
                needs.and(of(node, bounds.of_part(nodes, at), words));
            }
            needs
        }
    }
}

/// Entries of word lists end where words end.
fn of_list(entries: &[&Text], bounds: Bounds) -> Needs {
    if entries.len() > MAX_WAYS {
        return Needs::default();
    }
    Needs::any(entries.iter().map(|entry| Needs::of_text(entry, Bounds { ends: true, ..bounds })))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::Template;
    use super::*;

    /// The needs of a pattern: what all matches hold, then each choice, its ways divided by bars.
    fn of(pattern: &str) -> Vec<String> {
        let piece = [&Text::Borrowed("story"), &Text::Borrowed("blog post")];
        let words = |name: &str| (name == "piece").then_some(&piece[..]);
        let needs = needs(Template::new(pattern).unwrap().node(), &words);
        let told = |tokens: &Tokens| tokens.iter().cloned().collect::<Vec<_>>().join(" ");
        let choices = needs.choices.iter().map(|choice| choice.iter().map(told).collect::<Vec<_>>().join("|"));
        std::iter::once(told(&needs.all)).chain(choices).collect()
    }

    #[test]
    fn what_must_stand_in_a_match_is_told() {
        assert_eq!(of("the {piece} {title} appeared first on {name}"), ["appeared first on the", "blog post|story"]);
        assert_eq!(
            of("(want to|would you like to) read {any:3} \\? (join us|subscribe)"),
            ["read", "like to would you|to want", "join us|subscribe"]
        );
        assert_eq!(of("関連記事 {title}"), ["記事 連記 関連"]);
    }

    #[test]
    fn what_may_be_missing_is_not() {
        assert_eq!(of("(all)? {name} (read|{name})"), [""]);
        assert_eq!(of("share(s)? (this)?"), [""]);
    }

    #[test]
    fn a_word_that_may_go_on_is_not_told() {
        assert_eq!(of("subscri{any:1} now"), ["now"]);
        assert_eq!(of("read more(.)?"), ["more read"]);
        assert_eq!(of("\\(photo: {name}\\)"), ["photo"]);
        assert_eq!(of("{piece}s about(:)? us"), ["about us", "blog post|story"]);
    }
}
