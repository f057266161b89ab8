//! Which literal text a pattern cannot do without: what decides, before the pattern itself runs, whether it is worth it.

use super::{Beginnings, Bounds, Node, Opening, Prefix, Slot, Text};
use crate::text::chars::is_spaced_word;

/// The most literals one pattern puts into the index.
const MAX_LITERALS: usize = 2048;
/// How many beginnings of one pattern are made longer; where there are more, they stay as they are.
const MAX_OPEN: usize = 32;
/// The same where beginnings are told in detail, and how many there may be once a word list is added to those that have begun.
const MAX_OPEN_FINE: usize = 512;

/// The most texts behind the figure or the date that a pattern begins with.
const MAX_OPENINGS: usize = 512;

/// Room for the beginnings of nearly every pattern.
const USUAL: usize = 64;

/// Where in a line to look for a pattern's literals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// A match begins with one of these.
    Prefixes(Beginnings),
    /// A match holds one of these somewhere.
    Inner(Vec<Held>),
    /// A match may hold no literal at all.
    Nothing,
}

/// A literal that a match holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Held {
    pub(crate) text: Text,
    /// Whether words begin and end at its edges.
    pub(crate) bounds: Bounds,
}

/// What a list of this name holds; `None` for a list that does not exist.
pub(crate) type Words<'w> = dyn Fn(&str) -> Option<&'w [&'w Text]> + 'w;

/// How much is told of beginnings: the longer they are, the more of them there are, and the fewer texts begin so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    Usual,
    Fine,
}

/// Finds the literals of a pattern; `words` looks up word lists.
pub(crate) fn anchor<'n>(node: &'n Node, words: &Words<'n>, detail: Detail) -> Anchor {
    let mut set = Prefixes::new(detail);
    set.append(node, words);
    if let Some(prefixes) = set.finish() {
        return Anchor::Prefixes(prefixes);
    }
    let inner = Inner { words, most: MAX_LITERALS, telling: &|_| true };
    match inner.literals(node) {
        Some(literals) => Anchor::Inner(literals),
        None => Anchor::Nothing,
    }
}

/// Whether every match holds a literal that is not ASCII: then no ASCII text matches.
pub(crate) fn is_foreign<'n>(node: &'n Node, words: &Words<'n>) -> bool {
    let telling = |literal: &str| !literal.is_ascii();
    Inner { words, most: MAX_LITERALS, telling: &telling }.size(node).is_some_and(|size| size.literals > 0)
}

/// Whether every match holds a figure.
pub(crate) fn needs_figure<'n>(node: &'n Node, words: &Words<'n>) -> bool {
    let has_figure = |text: &str| text.contains(char::is_numeric);
    match node {
        Node::Literal(text) => has_figure(text),
        Node::Blank | Node::Optional(_) => false,
        Node::Sequence(nodes) => nodes.iter().any(|node| needs_figure(node, words)),
        Node::Choice(nodes) => nodes.iter().all(|node| needs_figure(node, words)),
        Node::Slot(Slot::List(name)) => {
            words(name).is_some_and(|words| !words.is_empty() && words.iter().all(|word| has_figure(word)))
        }
        // A date in words has one, too.
        Node::Slot(slot) => matches!(slot, Slot::Number | Slot::Time | Slot::Date),
    }
}

/// The ways a match may begin, as far as they are known.
struct Prefixes {
    /// Those that the next node makes longer, from `base` on; those before belong to the choices round it. One stack for all
    /// of them spares a vector for each alternative.
    stack: Vec<Prefix>,
    base: usize,
    closed: Vec<Prefix>,
    figure: bool,
    calendar: bool,
    detail: Detail,
}

impl Prefixes {
    fn new(detail: Detail) -> Prefixes {
        let (mut stack, closed) = (Vec::with_capacity(USUAL), Vec::with_capacity(USUAL));
        stack.push(Prefix::default());
        Prefixes { stack, base: 0, closed, figure: false, calendar: false, detail }
    }

    /// The beginnings, if each of them says something.
    fn finish(self) -> Option<Beginnings> {
        let Prefixes { stack, closed, figure, calendar, .. } = self;
        let (mut whole, mut all) = (trimmed(stack), trimmed(closed));
        // What is still open is all of a match, unless another one goes on behind it.
        whole.retain(|prefix| all.binary_search(prefix).is_err());
        all = trimmed([&*all, &*whole].concat());
        whole.retain(|prefix| prefix.opening().is_none());
        let telling = all.first().is_none_or(|prefix| !prefix.is_empty());
        let (openings, literals): (Vec<Prefix>, Vec<Prefix>) =
            all.into_iter().partition(|prefix| prefix.opening().is_some());
        let openings = shortest(openings);
        let few = literals.len() <= MAX_LITERALS;
        (telling && few).then_some(Beginnings { literals, whole, figure, calendar, openings })
    }

    fn most_open(&self) -> usize {
        match self.detail {
            Detail::Usual => MAX_OPEN,
            Detail::Fine => MAX_OPEN_FINE,
        }
    }

    /// How many beginnings are open.
    fn open(&self) -> usize {
        self.stack.len() - self.base
    }

    fn append(&mut self, node: &Node, words: &Words<'_>) {
        if self.open() == 0 {
            return;
        }
        if self.open() > self.most_open() {
            self.close_begun();
        }
        match node {
            Node::Literal(text) => self.push(text),
            Node::Blank => self.blank(),
            Node::Sequence(nodes) => nodes.iter().for_each(|node| self.append(node, words)),
            Node::Choice(nodes) => self.branch(nodes, words, false),
            Node::Optional(node) => self.branch(std::slice::from_ref(&**node), words, true),
            Node::Slot(Slot::List(name)) => self.list(words(name).unwrap_or_default()),
            Node::Slot(slot) => self.slot(slot),
        }
    }

    /// Asks of each open beginning how it goes on, and what of it is closed.
    fn each(&mut self, step: impl Fn(Prefix) -> (Option<Prefix>, Option<Prefix>)) {
        let mut kept = self.base;
        for at in self.base..self.stack.len() {
            let (open, closed) = step(self.stack[at]);
            self.closed.extend(closed);
            if let Some(open) = open {
                self.stack[kept] = open;
                kept += 1;
            }
        }
        self.stack.truncate(kept);
    }

    /// Closes the beginnings that have begun; whether any has not.
    fn close_begun(&mut self) -> bool {
        self.each(|prefix| if prefix.is_empty() { (Some(prefix), None) } else { (None, Some(prefix)) });
        self.open() > 0
    }

    /// A slot says how a match begins only where nothing stands before it.
    fn slot(&mut self, slot: &Slot) {
        if !self.close_begun() {
            return;
        }
        self.stack.truncate(self.base);
        match slot {
            Slot::Number => self.open_with(Opening::Number),
            Slot::Time => self.open_with(Opening::Time),
            Slot::Date => self.open_with(Opening::Date),
            Slot::Handle => self.closed.push(Prefix::new("@")),
            _ => self.closed.push(Prefix::default()),
        }
    }

    /// These take in one text at most wherever they begin, so that what stands behind can be looked up.
    fn open_with(&mut self, opening: Opening) {
        self.figure = true;
        self.calendar |= opening == Opening::Date;
        self.stack.push(Prefix::opened(opening));
    }

    fn push(&mut self, text: &str) {
        // A blank between two words must be there; beside punctuation it may be missing.
        let loose = !text.chars().next().is_some_and(is_spaced_word);
        let added = Prefix::new(text);
        self.each(|prefix| {
            if loose && prefix.last_byte() == Some(b' ') {
                return (None, Some(prefix));
            }
            if let Some(longer) = prefix.with(added, text.len()) {
                return (Some(longer), None);
            }
            match prefix.followed_by(text) {
                (longer, true) => (Some(longer), None),
                (longer, false) => (None, Some(longer)),
            }
        });
    }

    fn blank(&mut self) {
        self.each(|prefix| match prefix.last_byte() {
            None | Some(b' ') => (Some(prefix), None),
            Some(_) if prefix.is_bare() => (Some(prefix), None),
            Some(_) if !prefix.ends_in_spaced_word() => (None, Some(prefix)),
            Some(_) => match prefix.followed_by(" ") {
                (longer, true) => (Some(longer), None),
                (_, false) => (None, Some(prefix)),
            },
        });
    }

    fn branch(&mut self, nodes: &[Node], words: &Words<'_>, or_nothing: bool) {
        let before = self.base..self.stack.len();
        if or_nothing {
            self.stack.extend_from_within(before.clone());
        }
        for node in nodes {
            self.base = self.stack.len();
            self.stack.extend_from_within(before.clone());
            self.append(node, words);
        }
        self.base = before.start;
        self.stack.drain(before);
        self.stack[self.base..].sort_unstable();
        self.dedup();
    }

    /// Makes equal neighbours among the open beginnings one.
    fn dedup(&mut self) {
        let mut kept = self.base;
        for at in self.base..self.stack.len() {
            if kept == self.base || self.stack[kept - 1] != self.stack[at] {
                self.stack[kept] = self.stack[at];
                kept += 1;
            }
        }
        self.stack.truncate(kept);
    }

    /// A list goes on only with what has not begun, but for a figure or a date, unless beginnings are told in detail: longer ones
    /// would be too many.
    fn list(&mut self, entries: &[&Text]) {
        if entries.is_empty() {
            self.close_begun();
            return;
        }
        let all = self.detail == Detail::Fine && self.open() * entries.len() <= MAX_OPEN_FINE;
        let goes_on = |prefix: &Prefix| all || prefix.is_empty() || prefix.is_bare();
        let mut open: Vec<Prefix> = self.stack[self.base..].iter().copied().filter(goes_on).collect();
        open.sort_unstable();
        open.dedup();
        self.each(|prefix| if open.contains(&prefix) { (None, None) } else { (None, Some(prefix)) });
        for before in open {
            for entry in entries {
                let (prefix, whole) = before.followed_by(entry);
                if whole { self.stack.push(prefix) } else { self.closed.push(prefix) }
            }
        }
    }
}

/// Prefixes without blanks at their ends, sorted, each once.
fn trimmed(mut prefixes: Vec<Prefix>) -> Vec<Prefix> {
    prefixes.iter_mut().for_each(|prefix| *prefix = prefix.trimmed());
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes
}

/// Openings, sorted, without those that say no more than a bare one among them; nothing but bare ones, where they are too many.
fn shortest(mut openings: Vec<Prefix>) -> Vec<Prefix> {
    let too_many = openings.len() > MAX_OPENINGS;
    let bare: Vec<Prefix> = openings.iter().copied().filter(|prefix| prefix.is_bare()).collect();
    let told = |prefix: &Prefix| bare.iter().any(|bare| bare.opening() == prefix.opening());
    openings.retain(|prefix| prefix.is_bare() || !told(prefix));
    if too_many {
        openings = openings.iter().filter_map(|prefix| prefix.opening()).map(Prefix::opened).collect();
        openings.dedup();
    }
    openings
}

/// Looks for literals of which every match holds at least one: the longest such set there is.
struct Inner<'f, 'n> {
    words: &'f Words<'n>,
    /// The most literals of a set.
    most: usize,
    /// What is asked of each.
    telling: &'f dyn Fn(&str) -> bool,
}

/// What there is to choose a set by.
#[derive(Clone, Copy)]
struct Size {
    literals: usize,
    /// The letters and figures of the literal that has the fewest.
    shortest: usize,
}

impl<'n> Inner<'_, 'n> {
    fn literals(&self, node: &'n Node) -> Option<Vec<Held>> {
        let size = self.size(node)?;
        let mut found = Vec::with_capacity(size.literals);
        self.collect(node, Bounds::WHOLE, &mut found);
        Some(found)
    }

    /// The size of a node's set, if it has one. Sets are measured before one is put together, since most are not chosen.
    fn size(&self, node: &Node) -> Option<Size> {
        match node {
            Node::Literal(text) => self.size_of(std::iter::once(&**text)),
            Node::Blank | Node::Optional(_) => None,
            Node::Slot(Slot::List(name)) => self.size_of((self.words)(name)?.iter().map(|word| &***word)),
            Node::Slot(slot) => match slot_literals(slot) {
                [] => None,
                literals => self.size_of(literals.iter().map(|literal| &**literal)),
            },
            Node::Choice(nodes) => self.sum(nodes.iter().map(|node| self.size(node))),
            Node::Sequence(nodes) => self.best(nodes).map(|(_, size)| size),
        }
    }

    fn size_of<'t>(&self, literals: impl Iterator<Item = &'t str>) -> Option<Size> {
        self.sum(
            literals.map(|literal| (self.telling)(literal).then(|| Size { literals: 1, shortest: letters(literal) })),
        )
    }

    fn sum(&self, sizes: impl Iterator<Item = Option<Size>>) -> Option<Size> {
        let mut sum = Size { literals: 0, shortest: usize::MAX };
        for size in sizes {
            let size = size?;
            sum.literals += size.literals;
            sum.shortest = sum.shortest.min(size.shortest);
            if sum.literals > self.most {
                return None;
            }
        }
        Some(sum)
    }

    /// The node of a sequence with the longest literals, by its place.
    fn best(&self, nodes: &[Node]) -> Option<(usize, Size)> {
        let sized = nodes.iter().enumerate().filter_map(|(at, node)| Some((at, self.size(node)?)));
        sized.filter(|(_, size)| size.literals > 0).max_by_key(|(_, size)| size.shortest)
    }

    fn collect(&self, node: &'n Node, bounds: Bounds, found: &mut Vec<Held>) {
        let held = |text: &Text, bounds| Held { text: text.clone(), bounds };
        match node {
            Node::Literal(text) => found.push(held(text, bounds)),
            Node::Blank | Node::Optional(_) => {}
            Node::Slot(Slot::List(name)) => {
                // An entry ends where a word ends.
                let bounds = Bounds { ends: true, ..bounds };
                found.extend((self.words)(name).unwrap_or_default().iter().map(|entry| held(entry, bounds)));
            }
            Node::Slot(slot) => found.extend(slot_literals(slot).iter().map(|text| held(text, Bounds::UNKNOWN))),
            Node::Choice(nodes) => nodes.iter().for_each(|node| self.collect(node, bounds, found)),
            Node::Sequence(nodes) => {
                if let Some((best, _)) = self.best(nodes) {
                    self.collect(&nodes[best], bounds.of_part(nodes, best), found);
                }
            }
        }
    }
}

/// The literals of which what fills a slot holds one; none where that is not known, and for word lists.
fn slot_literals(slot: &Slot) -> &'static [Text] {
    match slot {
        Slot::Url => &[Text::Borrowed(".")],
        Slot::Email => &[Text::Borrowed("@"), Text::Borrowed("[at]")],
        _ => &[],
    }
}

fn letters(literal: &str) -> usize {
    if literal.is_ascii() {
        return literal.bytes().filter(u8::is_ascii_alphanumeric).count();
    }
    literal.chars().filter(|c| c.is_alphanumeric()).count()
}

#[cfg(test)]
mod tests {
    use super::super::Template;
    use super::*;

    fn of(pattern: &str) -> Anchor {
        let piece = [&Text::Borrowed("story"), &Text::Borrowed("post")];
        let words = |name: &str| (name == "piece").then_some(&piece[..]);
        anchor(Template::new(pattern).unwrap().node(), &words, Detail::Usual)
    }

    fn prefixes(list: &[&str]) -> Anchor {
        Anchor::Prefixes(begin(list, &[]))
    }

    fn begin(list: &[&str], whole: &[&str]) -> Beginnings {
        let of = |list: &[&str]| list.iter().map(|text| Prefix::new(text)).collect();
        Beginnings { literals: of(list), whole: of(whole), ..Beginnings::default() }
    }

    #[test]
    fn patterns_that_begin_with_words_have_prefixes() {
        let texts = ["kindly share th", "please share th", "share this"];
        assert_eq!(of("(kindly|please)? share this"), Anchor::Prefixes(begin(&texts, &["share this"])));
        let texts = ["post by", "story by"];
        assert_eq!(of("{piece} by"), Anchor::Prefixes(begin(&texts, &texts)));
        assert_eq!(of("read more: {any:9}"), prefixes(&["read more:"]));
        assert_eq!(of("関連 記事"), prefixes(&["関連"]));
        assert_eq!(of("in, {any:3}"), prefixes(&["in,"]));
    }

    fn behind(opening: Opening, texts: &[&str]) -> Vec<Prefix> {
        texts.iter().map(|text| Prefix::opened(opening).followed_by(text).0).collect()
    }

    #[test]
    fn patterns_that_begin_with_figures_say_what_stands_behind() {
        let openings = behind(Opening::Number, &["thought on", "thoughts on"]);
        let figures = Beginnings { figure: true, openings, ..Beginnings::default() };
        assert_eq!(of("{n} thought(s)? on {title}"), Anchor::Prefixes(figures.clone()));
        let literals = vec![Prefix::new("one thought on"), Prefix::new("one thoughts on")];
        assert_eq!(of("({n}|one) thought(s)? on {title}"), Anchor::Prefixes(Beginnings { literals, ..figures }));
        let openings = behind(Opening::Date, &["at"]);
        let dates = Beginnings { figure: true, calendar: true, openings, ..Beginnings::default() };
        assert_eq!(of("{date} at"), Anchor::Prefixes(dates));
    }

    #[test]
    fn what_stands_behind_a_figure_is_told_once() {
        let bare = Beginnings { figure: true, openings: behind(Opening::Number, &[""]), ..Beginnings::default() };
        assert_eq!(of("{n} (comments|likes)?"), Anchor::Prefixes(bare.clone()));
        assert_eq!(of("{n} {any:2} likes"), Anchor::Prefixes(bare));
        let openings = behind(Opening::Number, &["post likes", "posts likes", "story likes"]);
        let listed = Beginnings { figure: true, openings, ..Beginnings::default() };
        assert_eq!(of("{n} (posts|{piece}) likes"), Anchor::Prefixes(listed));
    }

    #[test]
    fn beginnings_that_are_all_of_a_match_are_told() {
        let whole = |pattern: &str| match of(pattern) {
            Anchor::Prefixes(beginnings) => beginnings.whole.iter().map(|prefix| prefix.text()).collect(),
            _ => Vec::new(),
        };
        // Behind "send" and a blank the colon is not looked at.
        assert_eq!(whole("(share|send (this)?)(:)?"), ["send this", "send this:", "share", "share:"]);
        assert_eq!(whole("(share|share {any:2}|send)"), ["send"]);
        assert_eq!(whole("share this very long story"), [] as [&str; 0]);
    }

    #[test]
    fn figures_that_a_match_needs_are_seen() {
        let needs = |pattern: &str| needs_figure(Template::new(pattern).unwrap().node(), &|_| None);
        assert!(needs("{name} - {date}") && needs("({n}|{time}) ago") && needs("top 10"));
        assert!(!needs("({n}|one) ago") && !needs("more {n}?"));
    }

    #[test]
    fn other_patterns_are_found_by_what_they_hold() {
        let held = |text: &'static str| Held { text: text.into(), bounds: Bounds::WHOLE };
        assert_eq!(of("{name} (shares|likes)"), Anchor::Inner(vec![held("shares"), held("likes")]));
        assert_eq!(of("{name} {date}"), Anchor::Nothing);
    }
}
