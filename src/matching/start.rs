//! What a text begins with, folded, without folding it: nearly every line begins with characters that fold one by one.

use crate::rules::template::MAX_PREFIX;
use crate::text::chars::unicode::{ATTACHED, BLANK, EDGE, IGNORABLE, WORD};
use crate::text::chars::{class, simple_fold};
use crate::text::fold::begins_plain;

/// Room for the beginning: a character may begin in the last byte of what is compared.
const START_BYTES: usize = MAX_PREFIX + 5;

/// The first four bytes of a text folded, if they are letters, figures and single blanks of ASCII: enough to turn most texts
/// away.
#[inline]
pub(super) fn first_four(raw: &str) -> Option<[u8; 4]> {
    let bytes = raw.as_bytes();
    let four: &[u8; 4] = bytes.first_chunk()?;
    // What attaches to the fourth is not ASCII; a blank before a mark may be dropped.
    let plain = |at: usize| four[at].is_ascii_alphanumeric() || (at > 0 && four[at] == b' ' && four[at - 1] != b' ');
    let behind = bytes.get(4).is_none_or(|behind| match four[3] {
        b' ' => behind.is_ascii_alphanumeric(),
        _ => behind.is_ascii(),
    });
    ((0..4).all(plain) && behind).then(|| four.map(|byte| byte.to_ascii_lowercase()))
}

/// The folded beginning of a text, a little more than is compared.
pub(super) struct Start {
    bytes: [u8; START_BYTES],
    length: usize,
}

impl Start {
    /// The beginning of a text that begins with a letter, a figure or a quotation mark, if its characters fold one by one.
    pub(super) fn of(raw: &str) -> Option<Start> {
        if let Some(bytes) = raw.as_bytes().first_chunk::<START_BYTES>()
            && begins_plain(bytes)
        {
            return Some(Start { bytes: bytes.map(|byte| byte.to_ascii_lowercase()), length: START_BYTES - 1 });
        }
        let mut start = Start { bytes: [0; START_BYTES], length: 0 };
        let mut rest = raw.chars();
        // One character more than is compared, since it may attach to the last one that is.
        while start.length <= MAX_PREFIX {
            let Some(c) = rest.next() else { break };
            if c.is_ascii() { start.add_ascii(c as u8)? } else { start.add_foreign(c)? }
        }
        (start.length > 0).then_some(start)
    }

    /// Its bytes: whole characters.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn before(&self) -> Option<u8> {
        self.length.checked_sub(1).map(|last| self.bytes[last])
    }

    fn add_ascii(&mut self, byte: u8) -> Option<()> {
        let folds = match byte {
            byte if byte.is_ascii_alphanumeric() => true,
            b'"' => true,
            b' ' | b':' => self.before().is_some_and(|before| before != b' '),
            b'\'' | b',' | b'.' | b'-' | b'(' | b')' | b'&' | b'@' | b'/' | b'%' | b'$' => self.length > 0,
            _ => false,
        };
        self.bytes[self.length] = byte.to_ascii_lowercase();
        self.length += 1;
        folds.then_some(())
    }

    fn add_foreign(&mut self, c: char) -> Option<()> {
        const SPECIAL: u16 = ATTACHED | IGNORABLE | BLANK | EDGE;
        let folded = simple_fold(c)?;
        let begins = self.length > 0 || folded == '"' || class(folded) & WORD != 0;
        let special = (class(c) | class(folded)) & SPECIAL != 0 && folded != '-';
        if !begins || special || matches!(folded, ';' | '?') {
            return None;
        }
        self.length += folded.encode_utf8(&mut self.bytes[self.length..]).len();
        Some(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::text::fold::Folded;

    #[test]
    fn a_start_is_what_folding_yields() {
        for raw in ["The post “Bridge” – open", "Читайте также: да", "Écoutez l’émission", "關連記事を読む", "a b", "Ω"]
        {
            let folded = Folded::new(raw);
            let start = Start::of(raw).unwrap();
            assert!(folded.text().as_bytes().starts_with(start.bytes()), "{raw}");
            assert!(start.bytes().len() >= folded.text().len().min(MAX_PREFIX - 2), "{raw}");
        }
    }

    #[test]
    fn what_folds_otherwise_has_none() {
        for raw in ["", "• Share", "cafe\u{301}", "a  b", "a :", "Ｒead", "- a", "\u{ad}a", "İlgi", "What ?"] {
            let is_known =
                Start::of(raw).is_none_or(|start| Folded::new(raw).text().as_bytes().starts_with(start.bytes()));
            assert!(is_known, "{raw}");
        }
        assert!(Start::of("• Share").is_none() && Start::of("cafe\u{301}").is_none());
    }

    #[test]
    fn four_bytes_fold_as_the_text_does() {
        assert_eq!(first_four("The post"), Some(*b"the "));
        for raw in ["The", "The :", "The  post", "Thé post", "cafe\u{301}", "“The"] {
            assert_eq!(first_four(raw), None, "{raw}");
        }
    }
}
