//! Which literal text a pattern cannot do without: what decides, before the pattern itself runs, whether it is worth it.

use super::{Node, Prefix, Slot, Text};
use crate::text::chars::is_spaced_word;

/// The most literals one pattern puts into the index.
const MAX_LITERALS: usize = 2048;
/// How many beginnings of one pattern are made longer; where there are more, they stay as they are.
const MAX_OPEN: usize = 64;

/// The most words that one pattern may ask for one of.
const MAX_REQUIRED: usize = 48;
/// The fewest letters of such a word.
const MIN_REQUIRED: usize = 3;

/// Where in a line to look for a pattern's literals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// A match begins with one of these.
    Prefixes(Beginnings),
    /// A match holds one of these somewhere.
    Inner(Vec<Text>),
    /// A match may hold no literal at all.
    Nothing,
}

/// The ways a match may begin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beginnings {
    /// With this text.
    pub(crate) literals: Vec<Prefix>,
    /// With a figure.
    pub(crate) figure: bool,
    /// With the name of a month or a weekday.
    pub(crate) calendar: bool,
}

/// What a list of this name holds; `None` for a list that does not exist.
pub(crate) type Words<'w> = dyn Fn(&str) -> Option<&'w [&'w Text]> + 'w;

/// Finds the literals of a pattern; `words` looks up word lists.
pub(crate) fn anchor<'n>(node: &'n Node, words: &Words<'n>) -> Anchor {
    let mut set = Prefixes::new();
    set.append(node, words);
    if let Some(prefixes) = set.finish() {
        return Anchor::Prefixes(prefixes);
    }
    match inner(node, words) {
        Some(literals) => Anchor::Inner(literals.into_iter().cloned().collect()),
        None => Anchor::Nothing,
    }
}

/// A word of which every match holds at least one: the longest such set of some ASCII words of three letters or more.
pub(crate) fn required<'n>(node: &'n Node, words: &Words<'n>) -> Vec<String> {
    let telling = |set: &[&Text]| {
        set.len() <= MAX_REQUIRED
            && set.iter().all(|word| word.len() >= MIN_REQUIRED && word.bytes().all(|b| b.is_ascii_lowercase()))
    };
    let found = inner_where(node, words, &telling).unwrap_or_default();
    found.into_iter().map(|word| word.to_string()).collect()
}

/// The ways a match may begin, as far as they are known.
struct Prefixes {
    open: Vec<Prefix>,
    closed: Vec<Prefix>,
    figure: bool,
    calendar: bool,
}

impl Prefixes {
    fn new() -> Prefixes {
        Prefixes { open: vec![Prefix::default()], closed: Vec::new(), figure: false, calendar: false }
    }

    /// The beginnings, if each of them says something.
    fn finish(mut self) -> Option<Beginnings> {
        self.closed.append(&mut self.open);
        for prefix in &mut self.closed {
            *prefix = prefix.trimmed();
        }
        self.closed.sort_unstable();
        self.closed.dedup();
        let telling = self.closed.first().is_none_or(|prefix| !prefix.is_empty());
        let Prefixes { closed: literals, figure, calendar, .. } = self;
        (telling && literals.len() <= MAX_LITERALS).then_some(Beginnings { literals, figure, calendar })
    }

    fn append(&mut self, node: &Node, words: &Words<'_>) {
        if self.open.is_empty() {
            return;
        }
        if self.open.len() > MAX_OPEN {
            self.close_begun();
        }
        match node {
            Node::Literal(text) => self.push(text),
            Node::Blank => self.blank(),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.append(node, words)),
            Node::Choice(nodes) => self.branch(nodes.iter(), words, false),
            Node::Optional(node) => self.branch(std::iter::once(&**node), words, true),
            Node::Slot(Slot::List(name)) => self.list(words(name).unwrap_or_default()),
            Node::Slot(slot) => self.slot(slot),
        }
    }

    /// Closes the beginnings that have begun; whether any has not.
    fn close_begun(&mut self) -> bool {
        let Prefixes { open, closed, .. } = self;
        open.retain(|prefix| {
            if !prefix.is_empty() {
                closed.push(*prefix);
            }
            prefix.is_empty()
        });
        !open.is_empty()
    }

    /// A slot says how a match begins only where nothing stands before it.
    fn slot(&mut self, slot: &Slot) {
        if !self.close_begun() {
            return;
        }
        self.open.clear();
        match slot {
            Slot::Number | Slot::Time => self.figure = true,
            Slot::Date => (self.figure, self.calendar) = (true, true),
            Slot::Handle => self.closed.push(Prefix::new("@")),
            _ => self.closed.push(Prefix::default()),
        }
    }

    fn push(&mut self, text: &str) {
        // A blank between two words must be there; beside punctuation it may be missing.
        let loose = !text.chars().next().is_some_and(is_spaced_word);
        let Prefixes { open, closed, .. } = self;
        open.retain_mut(|prefix| {
            if loose && prefix.last_byte() == Some(b' ') {
                closed.push(*prefix);
                return false;
            }
            let (longer, whole) = prefix.followed_by(text);
            *prefix = longer;
            if !whole {
                closed.push(longer);
            }
            whole
        });
    }

    fn blank(&mut self) {
        let Prefixes { open, closed, .. } = self;
        open.retain_mut(|prefix| {
            if prefix.is_empty() || prefix.last_byte() == Some(b' ') {
                return true;
            }
            let (longer, whole) = prefix.followed_by(" ");
            let goes_on = whole && prefix.ends_in_spaced_word();
            if goes_on {
                *prefix = longer;
            } else {
                closed.push(*prefix);
            }
            goes_on
        });
    }

    fn branch<'n>(&mut self, nodes: impl Iterator<Item = &'n Node>, words: &Words<'_>, or_nothing: bool) {
        let before = std::mem::take(&mut self.open);
        let mut after = if or_nothing { before.clone() } else { Vec::new() };
        for node in nodes {
            self.open.clone_from(&before);
            self.append(node, words);
            after.append(&mut self.open);
        }
        after.sort_unstable();
        after.dedup();
        self.open = after;
    }

    fn list(&mut self, entries: &[&Text]) {
        if !self.close_begun() || entries.is_empty() {
            return;
        }
        self.open.clear();
        for entry in entries {
            let (prefix, whole) = Prefix::default().followed_by(entry);
            if whole { self.open.push(prefix) } else { self.closed.push(prefix) }
        }
    }
}

/// Literals of which every match holds at least one, the longest such set there is.
fn inner<'n>(node: &'n Node, words: &Words<'n>) -> Option<Vec<&'n Text>> {
    inner_where(node, words, &|set| set.len() <= MAX_LITERALS)
}

/// Like [`inner`], among the sets that `good` accepts.
fn inner_where<'n>(node: &'n Node, words: &Words<'n>, good: &dyn Fn(&[&Text]) -> bool) -> Option<Vec<&'n Text>> {
    static URL: Text = Text::Borrowed(".");
    static EMAIL: [Text; 2] = [Text::Borrowed("@"), Text::Borrowed("[at]")];
    let found = match node {
        Node::Literal(text) => Some(vec![text]),
        Node::Blank | Node::Optional(_) => None,
        // Asked before it is copied: most lists are longer than what a few words may be.
        Node::Slot(Slot::List(name)) => words(name).filter(|list| good(list)).map(<[_]>::to_vec),
        Node::Slot(Slot::Url) => Some(vec![&URL]),
        Node::Slot(Slot::Email) => Some(EMAIL.iter().collect()),
        Node::Slot(_) => None,
        Node::Choice(nodes) => {
            let sets: Option<Vec<_>> = nodes.iter().map(|node| inner_where(node, words, good)).collect();
            sets.map(|sets| sets.concat())
        }
        Node::Sequence(nodes) => nodes
            .iter()
            .filter_map(|node| inner_where(node, words, good))
            .filter(|set| !set.is_empty())
            .max_by_key(|set| shortest(set)),
    };
    found.filter(|set| good(set))
}

fn shortest(set: &[&Text]) -> usize {
    set.iter().map(|literal| literal.chars().filter(|c| c.is_alphanumeric()).count()).min().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::Template;
    use super::*;

    fn of(pattern: &str) -> Anchor {
        let piece = [&Text::Borrowed("story"), &Text::Borrowed("post")];
        let words = |name: &str| (name == "piece").then_some(&piece[..]);
        anchor(Template::new(pattern).unwrap().node(), &words)
    }

    fn prefixes(list: &[&str]) -> Anchor {
        Anchor::Prefixes(Beginnings {
            literals: list.iter().map(|text| Prefix::new(text)).collect(),
            ..Beginnings::default()
        })
    }

    #[test]
    fn patterns_that_begin_with_words_have_prefixes() {
        assert_eq!(of("(kindly|please)? share this"), prefixes(&["kindly share th", "please share th", "share this"]));
        assert_eq!(of("{piece} by"), prefixes(&["post by", "story by"]));
        assert_eq!(of("read more: {any:9}"), prefixes(&["read more:"]));
        assert_eq!(of("関連 記事"), prefixes(&["関連"]));
        assert_eq!(of("in, {any:3}"), prefixes(&["in,"]));
    }

    #[test]
    fn patterns_that_begin_with_figures_say_so() {
        assert_eq!(
            of("{n} thought(s)? on {title}"),
            Anchor::Prefixes(Beginnings { figure: true, ..Beginnings::default() })
        );
        let mixed = Beginnings {
            literals: vec![Prefix::new("one thought on"), Prefix::new("one thoughts on")],
            figure: true,
            calendar: false,
        };
        assert_eq!(of("({n}|one) thought(s)? on {title}"), Anchor::Prefixes(mixed));
        assert_eq!(of("{date} at"), Anchor::Prefixes(Beginnings { figure: true, calendar: true, literals: vec![] }));
    }

    #[test]
    fn other_patterns_are_found_by_what_they_hold() {
        assert_eq!(of("{name} (shares|likes)"), Anchor::Inner(vec!["shares".into(), "likes".into()]));
        assert_eq!(of("{name} {date}"), Anchor::Nothing);
    }
}
