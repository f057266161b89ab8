//! Beginnings of matches as numbers, which are compared, sorted and copied in no time.

use super::Text;
use crate::text::chars::is_spaced_word;

/// The most bytes of a prefix that are indexed: what a number of 16 bytes holds and still shows its length.
pub(crate) const MAX_PREFIX: usize = 15;

/// A thing without literal text that a match may begin with. In a prefix it is a control character, which no folded text has;
/// what stands behind it follows, without the blank that may stand between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    Number = 1,
    Time = 2,
    Date = 3,
}

impl Opening {
    pub(crate) const ALL: [Opening; 3] = [Opening::Number, Opening::Time, Opening::Date];

    /// The byte that stands for it.
    pub(crate) fn byte(self) -> u8 {
        self as u8
    }
}

/// Stands behind a prefix that is all of a match: a control character, too.
pub(crate) const END: u8 = 4;

/// At most so many bytes of folded text: the first byte highest, filled up with zeros, which no folded text has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Prefix(u128);

impl Prefix {
    /// What a text begins with, in whole characters.
    pub(crate) fn new(text: &str) -> Prefix {
        Prefix::default().followed_by(text).0
    }

    /// The number: the order of numbers is the order of texts.
    pub(crate) fn key(self) -> u128 {
        self.0
    }

    /// What begins with a thing that is no literal.
    pub(super) fn opened(opening: Opening) -> Prefix {
        Prefix(u128::from(opening.byte()) << (8 * (size_of::<u128>() - 1)))
    }

    /// What it begins with, where that is no literal.
    pub(super) fn opening(self) -> Option<Opening> {
        Opening::ALL.into_iter().find(|opening| self.0.to_be_bytes()[0] == opening.byte())
    }

    /// Whether it is such a thing, and nothing is known of what stands behind.
    pub(super) fn is_bare(self) -> bool {
        self.len() == 1 && self.opening().is_some()
    }

    /// How many bytes it has.
    pub(super) fn len(self) -> usize {
        size_of::<u128>() - self.0.trailing_zeros() as usize / 8
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The prefix with a text behind it, and whether all of the text is in it.
    pub(super) fn followed_by(self, text: &str) -> (Prefix, bool) {
        let begun = self.len();
        let mut end = text.len().min(MAX_PREFIX - begun);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let mut bytes = [0; size_of::<u128>()];
        bytes[..end].copy_from_slice(&text.as_bytes()[..end]);
        (Prefix(self.0 | u128::from_be_bytes(bytes) >> (8 * begun)), end == text.len())
    }

    /// The prefix with the beginning of a text of so many bytes behind it, if all of the text is in it: what
    /// [`Prefix::followed_by`] yields, without looking at the text again for each prefix it is added to.
    pub(super) fn with(self, text: Prefix, length: usize) -> Option<Prefix> {
        let begun = self.len();
        (begun + length <= MAX_PREFIX).then(|| Prefix(self.0 | text.0 >> (8 * begun)))
    }

    /// With the mark behind it that a match ends there; `None` where there is no room for it.
    pub(crate) fn ended(self) -> Option<Prefix> {
        let length = self.len();
        (length < MAX_PREFIX).then(|| Prefix(self.0 | u128::from(END) << (8 * (size_of::<u128>() - 1 - length))))
    }

    /// At most so many bytes of it, in whole characters; one character at least.
    pub(super) fn shortened(self, bytes: usize) -> Prefix {
        let text = self.text();
        let first = text.chars().next().map_or(0, char::len_utf8);
        let end = (0..=bytes.min(text.len())).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
        Prefix::new(&text[..end.max(first)])
    }

    /// Without blanks at its end.
    pub(super) fn trimmed(self) -> Prefix {
        let mut trimmed = self;
        while trimmed.last_byte() == Some(b' ') {
            trimmed.0 &= u128::MAX.checked_shl(8 * (17 - trimmed.len()) as u32).unwrap_or(0);
        }
        trimmed
    }

    /// The last byte; `None` for none at all.
    pub(super) fn last_byte(self) -> Option<u8> {
        // The byte above the zeros that fill the number up.
        (!self.is_empty()).then(|| (self.0 >> (self.0.trailing_zeros() / 8 * 8)) as u8)
    }

    /// Whether it ends in a part of a word of a script that sets blanks between words.
    pub(super) fn ends_in_spaced_word(self) -> bool {
        match self.last_byte() {
            Some(byte) if byte.is_ascii() => is_spaced_word(char::from(byte)),
            _ => self.text().chars().next_back().is_some_and(is_spaced_word),
        }
    }

    /// The first character.
    pub(crate) fn first_char(self) -> Option<char> {
        self.text().chars().next()
    }

    /// The text it stands for.
    pub(crate) fn text(self) -> Text {
        let bytes = self.0.to_be_bytes();
        Text::Owned(String::from_utf8_lossy(&bytes[..self.len()]).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_holds_whole_characters() {
        assert_eq!(Prefix::new("share this story").text(), "share this stor");
        assert_eq!(Prefix::new("関連記事を読む").text(), "関連記事を");
        assert_eq!(Prefix::new("関連 記事を読む").text(), "関連 記事");
        assert_eq!(Prefix::new("").text(), "");
        assert!(Prefix::new("a") < Prefix::new("ab") && Prefix::new("ab") < Prefix::new("b"));
    }

    #[test]
    fn a_shortened_prefix_holds_whole_characters() {
        assert_eq!(Prefix::new("share this").shortened(6), Prefix::new("share "));
        assert_eq!(Prefix::new("関連記事").shortened(8), Prefix::new("関連"));
        assert_eq!(Prefix::new("a").shortened(8), Prefix::new("a"));
        assert_eq!(Prefix::new("関連").shortened(2), Prefix::new("関"));
    }

    #[test]
    fn texts_are_added_up_to_the_end() {
        let (prefix, whole) = Prefix::new("share ").followed_by("this");
        assert_eq!((&*prefix.text(), whole), ("share this", true));
        assert_eq!(Prefix::new("share ").with(Prefix::new("this"), 4), Some(prefix));
        assert_eq!(prefix.with(Prefix::new(" story"), 6), None);
        let (prefix, whole) = prefix.followed_by(" story");
        assert_eq!((&*prefix.text(), whole), ("share this stor", false));
        assert_eq!(Prefix::new("by ").trimmed(), Prefix::new("by"));
        assert_eq!(Prefix::new(" ").trimmed(), Prefix::default());
        assert!(Prefix::new("é").ends_in_spaced_word() && !Prefix::new("é,").ends_in_spaced_word());
    }
}
