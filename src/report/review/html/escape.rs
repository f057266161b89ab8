//! The one place where text of others is made harmless before it stands in a page.
//!
//! Names and texts come from the web. What could be read as markup is escaped; what could turn the reading direction,
//! or hide, is spelt out, as the page's script does it with the texts it shows.

use std::fmt::{self, Write as _};

use serde::Serialize;

use crate::report::terminal::{escape_json, is_harmless};

/// Text between tags, or in a quoted attribute, on one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Html<'a>(pub(super) &'a str);

/// Text between tags that may have several lines.
#[derive(Clone, Copy, Debug)]
pub(super) struct HtmlLines<'a>(pub(super) &'a str);

impl fmt::Display for Html<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| write_char(f, char))
    }
}

impl fmt::Display for HtmlLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '\n' | '\t' => f.write_char(char),
            char => write_char(f, char),
        })
    }
}

fn write_char(f: &mut fmt::Formatter<'_>, char: char) -> fmt::Result {
    match char {
        '&' => f.write_str("&amp;"),
        '<' => f.write_str("&lt;"),
        '>' => f.write_str("&gt;"),
        '"' => f.write_str("&quot;"),
        '\'' => f.write_str("&#39;"),
        char if is_harmless(char) => f.write_char(char),
        char => write!(f, "‹U+{:04X}›", u32::from(char)),
    }
}

/// JSON that a block of data in a page holds: nothing in it ends the block or begins anything.
pub(in crate::report::review) fn data_json(value: &impl Serialize) -> String {
    // What is written has neither maps with odd keys nor anything else that cannot be JSON.
    let json = escape_json(&serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned()));
    let mut out = String::with_capacity(json.len() + json.len() / 16);
    for char in json.chars() {
        match char {
            // Only texts hold these.
            '<' | '>' | '&' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(char));
            }
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    const HOSTILE: &str = "</script><script>alert(1)</script><!--\u{202e}&amp;\u{2028}'\"\u{1b}[2J\0]]>";

    #[test]
    fn nothing_is_left_that_markup_is_made_of() {
        let shown = Html(HOSTILE).to_string();
        assert!(!shown.contains(['<', '>', '"', '\'', '\u{202e}', '\u{1b}', '\0', '\u{2028}']), "{shown}");
        assert!(shown.contains("‹U+202E›&amp;amp;‹U+2028›"), "{shown}");
        assert_eq!(HtmlLines("a\n\tb\r").to_string(), "a\n\tb‹U+000D›");
    }

    #[test]
    fn data_means_what_it_meant() {
        let json = data_json(&HOSTILE);
        assert!(!json.contains(['<', '>', '&', '\u{202e}', '\u{2028}']), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).expect("json"), HOSTILE);
    }
}
