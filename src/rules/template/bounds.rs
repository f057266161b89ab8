//! Where in a pattern words are known to begin and to end, so that its literals stand for whole words of the text.

use super::{Node, Slot};
use crate::text::chars::is_spaced_word;

/// Whether words are known to begin and to end at the edges of a part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bounds {
    pub(crate) begins: bool,
    pub(crate) ends: bool,
}

impl Bounds {
    /// Those of a whole pattern: a match begins and ends where words may.
    pub(crate) const WHOLE: Bounds = Bounds { begins: true, ends: true };
    /// Where nothing is known.
    pub(crate) const UNKNOWN: Bounds = Bounds { begins: false, ends: false };

    /// Those of a node in a sequence that has these itself.
    pub(super) fn of_part(self, nodes: &[Node], at: usize) -> Bounds {
        let (before, behind) = (&nodes[..at], &nodes[at + 1..]);
        Bounds { begins: parts_before(before.iter().rev(), self.begins), ends: parts_behind(behind.iter(), self.ends) }
    }
}

/// Whether a word begins behind these nodes, the nearest one first; `first` says so for where they begin.
fn parts_before<'n>(nodes: impl Iterator<Item = &'n Node>, first: bool) -> bool {
    for node in nodes {
        let parts = match node {
            Node::Optional(inner) => {
                if !parts_before(std::iter::once(&**inner), false) {
                    return false;
                }
                continue;
            }
            Node::Blank | Node::Slot(Slot::List(_)) => true,
            Node::Literal(text) => !text.ends_with(is_spaced_word),
            Node::Choice(nodes) => nodes.iter().all(|node| parts_before(std::iter::once(node), false)),
            Node::Sequence(nodes) => parts_before(nodes.iter().rev(), false),
            Node::Slot(_) => false,
        };
        return parts;
    }
    first
}

/// Whether a word ends before these nodes, the nearest one first; `last` says so for where they end.
fn parts_behind<'n>(nodes: impl Iterator<Item = &'n Node>, last: bool) -> bool {
    for node in nodes {
        let parts = match node {
            Node::Optional(inner) => {
                if !parts_behind(std::iter::once(&**inner), false) {
                    return false;
                }
                continue;
            }
            Node::Blank => true,
            Node::Literal(text) => !text.starts_with(is_spaced_word),
            Node::Choice(nodes) => nodes.iter().all(|node| parts_behind(std::iter::once(node), false)),
            Node::Sequence(nodes) => parts_behind(nodes.iter(), false),
            Node::Slot(_) => false,
        };
        return parts;
    }
    last
}
