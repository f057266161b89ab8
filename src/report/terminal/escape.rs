//! The one place where text of others is made harmless before a terminal sees it.
//!
//! Names and texts come from the web. Raw, they could move the cursor, rewrite what stands above, change the window's
//! title or turn the reading direction of a whole line.

use std::fmt::{self, Write as _};

/// Text that displays with every control character, direction mark and line separator spelt out.
///
/// # Example
/// ```
/// use dechrome::report::terminal::Escaped;
///
/// assert_eq!(Escaped("a\u{1b}[31mb").to_string(), "a\\u{1b}[31mb");
/// assert_eq!(Escaped("ใหม่ café\t").to_string(), "ใหม่ café\\t");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut clean_from = 0;
        for (at, char) in self.0.char_indices().filter(|&(_, char)| !is_harmless(char)) {
            f.write_str(&self.0[clean_from..at])?;
            match char {
                '\t' => f.write_str("\\t")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                _ => write!(f, "\\u{{{:x}}}", u32::from(char))?,
            }
            clean_from = at + char.len_utf8();
        }
        f.write_str(&self.0[clean_from..])
    }
}

/// Whether a terminal may see a character as it is: not so C0, DEL, C1, direction marks, line and paragraph
/// separators.
pub fn is_harmless(char: char) -> bool {
    !matches!(
        char,
        '\0'..='\x1f'
            | '\x7f'..='\u{9f}'
            | '\u{61c}'
            | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{206f}'
            | '\u{feff}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Spells out, inside finished JSON, what a terminal must not see; the JSON means the same as before.
pub fn escape_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        // JSON itself has no control characters but the white space between its parts.
        if is_harmless(char) || char == '\n' {
            out.push(char);
            continue;
        }
        for unit in char.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_a_terminal_is_left() {
        let bad: String =
            ('\0'..='\u{9f}').filter(|c| c.is_control()).chain("\u{202e}\u{2028}\u{2066}".chars()).collect();
        let shown = Escaped(&bad).to_string();
        assert!(shown.chars().all(|c| c.is_ascii_graphic()), "{shown}");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let text = "a\u{202e}b\u{9b}c\u{1b}\u{e0041}\"\\";
        let json = escape_json(&serde_json::to_string(text).expect("json"));
        assert!(json.chars().all(is_harmless), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).expect("json"), text);
    }
}
