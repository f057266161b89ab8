//! How many columns a text takes on a terminal, and what is left of it where there are fewer.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::look::Look;

/// The columns that an escaped text takes.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// The text with blanks behind it, up to so many columns.
pub(super) fn padded(text: &str, wanted: usize) -> String {
    format!("{text}{:1$}", "", wanted.saturating_sub(columns(text)))
}

/// The text, or its beginning and its end where it takes more columns than these.
pub(super) fn shortened(text: &str, most: usize, look: Look) -> String {
    if columns(text) <= most {
        return text.to_owned();
    }
    let ellipsis = look.ellipsis();
    let room = most.saturating_sub(ellipsis.len().min(columns(ellipsis)));
    let head = taken(text.chars(), room - room / 2);
    let tail: String = taken(text.chars().rev(), room / 2).chars().rev().collect();
    format!("{head}{ellipsis}{tail}")
}

/// The first characters that have room in so many columns.
fn taken(chars: impl Iterator<Item = char>, room: usize) -> String {
    let mut used = 0;
    chars
        .take_while(|char| {
            used += char.width().unwrap_or(0);
            used <= room
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_shortened_in_the_middle() {
        let look = Look::default();
        assert_eq!(shortened("also-read", 9, look), "also-read");
        assert_eq!(shortened("a-very-long-name-of-a-rule", 11, look), "a-ver…-rule");
        assert_eq!(shortened("a-very-long-name", 9, Look { unicode: false, ..look }), "a-v...ame");
        assert_eq!(shortened("abc", 0, look), "…");
    }

    #[test]
    fn wide_characters_take_two_columns() {
        let short = shortened("関連記事一覧表", 8, Look::default());
        assert_eq!(short, "関連…表");
        assert!(columns(&short) <= 8);
        assert_eq!(padded("記事", 6), "記事  ");
    }
}
