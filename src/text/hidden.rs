//! Characters that nobody sees and that can spell a text of their own.
//!
//! Tag characters repeat ASCII, variation selectors number from 17 to 256: both are used to hide text in text, from
//! readers and not from programs. They stay, as all that no rule takes; a careful reader should know of them.

/// The first byte of both kinds, U+E0000 to U+E01EF, in UTF-8.
const LEAD: u8 = 0xF3;

/// The flag that tag characters make the flag of a region of.
const FLAG: char = '\u{1F3F4}';

/// So many tags such a flag has at most: five letters of the region, and the end.
const FLAG_TAGS: usize = 6;

/// How many characters of a text can spell a hidden one: tags that make no flag, selectors that stand behind others.
pub(crate) fn hidden_characters(text: &str) -> usize {
    let (mut hidden, mut allowed, mut end) = (0, 0_usize, None);
    for at in memchr::memchr_iter(LEAD, text.as_bytes()) {
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()).filter(|c| can_spell(*c)) else { continue };
        if end != Some(at) {
            let behind_flag = text.get(..at).is_some_and(|before| before.ends_with(FLAG));
            allowed = if behind_flag { FLAG_TAGS } else { usize::from(is_selector(c)) };
        }
        end = Some(at + c.len_utf8());
        match allowed.checked_sub(1) {
            Some(left) => allowed = left,
            None => hidden += 1,
        }
    }
    hidden
}

fn can_spell(c: char) -> bool {
    matches!(c, '\u{E0001}' | '\u{E0020}'..='\u{E007F}') || is_selector(c)
}

fn is_selector(c: char) -> bool {
    matches!(c, '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_spell_a_text_is_counted() {
        let spelt: String = "say so".bytes().filter_map(|b| char::from_u32(0xE0000 + u32::from(b))).collect();
        assert_eq!(hidden_characters(&format!("A {spelt} story")), 6);
        let selected: String = "say so".bytes().filter_map(|b| char::from_u32(0xE0100 + u32::from(b))).collect();
        assert_eq!(hidden_characters(&format!("x{selected}")), 5);
    }

    #[test]
    fn flags_and_variants_of_ideographs_are_not_counted() {
        let wales = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0077}\u{E006C}\u{E0073}\u{E007F}";
        assert_eq!(
            hidden_characters(&format!("{wales}{wales} \u{8FBB}\u{E0100}\u{8FBB}\u{E0101} \u{E000}\u{F0000}")),
            0
        );
        assert_eq!(hidden_characters(&format!("{wales}\u{E0068}")), 1);
    }
}
