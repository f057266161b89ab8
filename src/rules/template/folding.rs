//! What is folded already, which is nearly all that rule files hold, and needs no copy.

use crate::text::chars::unicode::{ATTACHED, BLANK, IGNORABLE};
use crate::text::chars::{class, simple_fold};

/// Whether a text certainly is its own folded view.
pub(super) fn is_folded(text: &str) -> bool {
    let mut before = ' ';
    let folds_to_itself = text.chars().all(|c| {
        let before = std::mem::replace(&mut before, c);
        match c {
            'a'..='z' | '0'..='9' => true,
            ' ' => before != ' ',
            ':' | ';' | '!' | '?' => before != ' ',
            c => class(c) & (ATTACHED | BLANK | IGNORABLE) == 0 && simple_fold(c) == Some(c),
        }
    });
    folds_to_itself && before != ' '
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold::Folded;

    #[test]
    fn what_is_said_to_be_folded_folds_to_itself() {
        for c in (0..0x1_1000).filter_map(char::from_u32) {
            for text in [format!("{c}"), format!("a{c}b"), format!("a {c}"), format!("é{c}"), format!("{c} ?")] {
                if is_folded(&text) {
                    assert_eq!(Folded::new(&text).text(), text);
                }
            }
        }
    }

    #[test]
    fn plain_words_of_any_script_are_folded() {
        for text in ["share this", "c'est", "реклама", "関連記事", "mehr über uns", "e-mail", "a?"] {
            assert!(is_folded(text), "{text}");
        }
        for text in ["Share", "don’t", "a  b", "a ?", " a", "a ", "", "straße", "e\u{301}"] {
            assert!(!is_folded(text), "{text}");
        }
    }
}
