//! The punctuation and the scripts that a match cannot do without: texts without them need not be looked at any further.

use super::literals::Words;
use super::{Node, Slot};

/// A set of ASCII punctuation marks and of groups of other characters, as bits.
///
/// A group is what begins with the same bytes of UTF-8, or nearly: mostly a script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Marks(pub(crate) u64);

/// Marks that stand in half of all lines.
const COMMON: &[u8] = b".,-'\"";
/// How much a common mark weighs against rare ones.
const COMMON_WEIGHT: u32 = 8;

/// The first bytes of each group, from the first to the last one.
const GROUPS: &[(u8, u8)] = &[
    LATIN_1,
    LATIN,
    ATTACHED,
    GREEK,
    (0xd0, 0xd4),
    (0xd5, 0xd7),
    (0xd8, 0xdb),
    (0xdc, 0xdf),
    (0xe0, 0xe0),
    (0xe1, 0xe1),
    (0xe2, 0xe2),
    (0xe3, 0xe3),
    (0xe4, 0xe9),
    (0xea, 0xed),
    (0xee, 0xef),
    (0xf0, 0xff),
];
const LATIN_1: (u8, u8) = (0xc2, 0xc2);
const LATIN: (u8, u8) = (0xc3, 0xc9);
/// Mostly marks that attach to letters.
const ATTACHED: (u8, u8) = (0xca, 0xcd);
const GREEK: (u8, u8) = (0xce, 0xcf);
/// How many ASCII marks there are.
const ASCII_MARKS: usize = 32;

/// For each byte, the set of what begins with it.
static BITS: [u64; 256] = {
    let mut bits = [0; 256];
    let (mut byte, mut number) = (0, 0);
    while byte < 128 {
        if (byte as u8).is_ascii_punctuation() {
            bits[byte] = 1 << number;
            number += 1;
        }
        byte += 1;
    }
    let mut group = 0;
    while group < GROUPS.len() {
        let mut byte = GROUPS[group].0 as usize;
        while byte <= GROUPS[group].1 as usize {
            bits[byte] = 1 << (ASCII_MARKS + group);
            byte += 1;
        }
        group += 1;
    }
    bits
};

impl Marks {
    /// The marks of a folded text.
    pub(crate) fn of(text: &str) -> Marks {
        Marks(text.bytes().fold(0, |bits, byte| bits | BITS[usize::from(byte)]))
    }

    /// Whether all of some marks are among these.
    pub(crate) fn hold(self, needed: Marks) -> bool {
        self.0 & needed.0 == needed.0
    }

    /// The set of one folded character, if it is a mark or not ASCII.
    pub(crate) fn of_char(c: char) -> Option<Marks> {
        let bits = BITS[usize::from(c.encode_utf8(&mut [0; 4]).as_bytes()[0])];
        (bits != 0).then_some(Marks(bits))
    }

    /// The rarest mark of a literal.
    pub(crate) fn rarest(text: &str) -> Option<Marks> {
        text.chars().filter_map(Marks::of_char).min_by_key(|marks| marks.weight())
    }

    /// Whether a text with these marks may be a match that needs one of `needed`.
    pub(crate) fn may_hold(self, needed: Marks) -> bool {
        needed.0 == 0 || self.0 & needed.0 != 0
    }

    /// Both sets together.
    pub(crate) fn or(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    /// The marks of both sets.
    pub(crate) fn and(self, other: Marks) -> Marks {
        Marks(self.0 & other.0)
    }

    /// How common texts are that hold one of them.
    pub(crate) fn weight(self) -> u32 {
        let latin = BITS[usize::from(LATIN.0)];
        let common = COMMON.iter().fold(latin, |common, &mark| common | BITS[usize::from(mark)]);
        self.0.count_ones() + (self.0 & common).count_ones() * COMMON_WEIGHT
    }
}

/// Marks of which every match holds at least one; none, where that is not known.
pub(crate) fn needed_marks<'n>(node: &'n Node, words: &Words<'n>) -> Marks {
    needed(node, words).unwrap_or_default()
}

fn needed<'n>(node: &'n Node, words: &Words<'n>) -> Option<Marks> {
    match node {
        Node::Literal(text) => Marks::rarest(text),
        Node::Blank | Node::Optional(_) => None,
        Node::Sequence(nodes) => nodes.iter().filter_map(|node| needed(node, words)).min_by_key(|it| it.weight()),
        Node::Choice(nodes) => any(nodes.iter().map(|node| needed(node, words))),
        Node::Slot(Slot::List(name)) => any(words(name)?.iter().map(|word| Marks::rarest(word))),
        Node::Slot(Slot::Handle) => Marks::rarest("@"),
        Node::Slot(Slot::Url) => Marks::rarest("."),
        Node::Slot(_) => None,
    }
}

/// The marks of several alternatives.
pub(crate) fn any(sets: impl Iterator<Item = Option<Marks>>) -> Option<Marks> {
    sets.reduce(|all, set| Some(all?.or(set?))).flatten()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::Template;
    use super::*;

    fn of(pattern: &str) -> Marks {
        needed_marks(Template::new(pattern).unwrap().node(), &|_| None)
    }

    #[test]
    fn the_rarest_marks_are_needed() {
        assert_eq!(of("{any:4} \\| (more|less) - {any:4}"), Marks::of("|"));
        assert_eq!(of("{name} (,|\\|) {date}"), Marks::of(",|"));
        assert_eq!(of("share (this,)? now"), Marks::default());
        assert_eq!(of("(more|less|、)"), Marks::default());
    }

    #[test]
    fn a_text_without_them_is_turned_away() {
        let needed = of("{any:4} \\| more");
        assert!(Marks::of("sports | more").may_hold(needed) && !Marks::of("sports, more").may_hold(needed));
        assert!(Marks::of("關連").may_hold(Marks::of_char('記').unwrap()));
        assert!(Marks::of("").may_hold(Marks::default()));
    }
}
