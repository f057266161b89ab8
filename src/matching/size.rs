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

/// The most words (in unspaced scripts, characters) a match can have; `words` looks up word lists.
pub(crate) fn most_words<'w>(node: &Node, words: &dyn Fn(&str) -> Option<&'w [String]>) -> usize {
    match node {
        Node::Literal(text) => count(text),
        Node::Blank => 0,
        Node::Optional(node) => most_words(node, words),
        Node::Choice(nodes) => nodes.iter().map(|node| most_words(node, words)).max().unwrap_or(0),
        Node::Sequence(nodes) => nodes.iter().map(|node| most_words(node, words)).sum(),
        Node::Slot(slot) => match slot {
            Slot::Number | Slot::Url | Slot::Email | Slot::Handle => 2,
            Slot::Time => 4,
            Slot::Name => NAME_WORDS,
            Slot::Date => DATE_WORDS,
            Slot::Title => TITLE_WORDS,
            Slot::Any(most) => usize::from(*most),
            Slot::List(name) => words(name).unwrap_or_default().iter().map(|word| count(word)).max().unwrap_or(0),
        },
    }
}

fn count(text: &str) -> usize {
    text.split(' ').count() + text.chars().filter(|&c| is_unspaced(c)).count()
}
