//! How many words a template can take in, so that longer lines need not be tried.

use crate::rules::template::{Node, Slot};
use crate::text::chars::is_unspaced;

/// What a regular expression is taken to reach: any line that is matched at all.
pub(crate) const MAX_WORDS: usize = 2000;
/// The most characters a name may have in an unspaced script.
const NAME_WORDS: usize = 8;
/// The most words of a title.
const TITLE_WORDS: usize = 50;
/// The most words of a date in an unspaced script.
const DATE_WORDS: usize = 16;

/// The most words (in unspaced scripts, characters) a match can have; `list` says how many an entry of a word list has.
pub(crate) fn most_words(node: &Node, list: &dyn Fn(&str) -> usize) -> usize {
    match node {
        // A literal has no blank in it.
        Node::Literal(text) => 1 + unspaced(text),
        Node::Blank => 0,
        Node::Optional(node) => most_words(node, list),
        Node::Choice(nodes) => nodes.iter().map(|node| most_words(node, list)).max().unwrap_or(0),
        Node::Sequence(nodes) => nodes.iter().map(|node| most_words(node, list)).sum(),
        Node::Slot(slot) => match slot {
            Slot::Number | Slot::Url | Slot::Email | Slot::Handle => 2,
            Slot::Time => 4,
            Slot::Name => NAME_WORDS,
            Slot::Date => DATE_WORDS,
            Slot::Title => TITLE_WORDS,
            Slot::Any(most) => usize::from(*most),
            Slot::List(name) => list(name),
        },
    }
}

/// The words of a text; each character of an unspaced script counts as one more.
pub(super) fn count(text: &str) -> usize {
    text.split(' ').count() + unspaced(text)
}

fn unspaced(text: &str) -> usize {
    if text.is_ascii() { 0 } else { text.chars().filter(|&c| is_unspaced(c)).count() }
}
