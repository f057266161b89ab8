//! The text round a find.

use std::ops::Range;

use serde::Serialize;

/// How many characters are shown before and behind a find.
const ROUND: usize = 60;
/// How many characters of the find itself are shown at its beginning and at its end.
const OF_FIND: usize = 200;

/// A find with the text round it, as it stands in the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// What stands before it.
    pub before: String,
    /// What was found; of a long one, beginning and end.
    pub found: String,
    /// What stands behind it.
    pub after: String,
}

impl Excerpt {
    /// The text round a range of it that lies on borders of characters.
    pub(super) fn of(text: &str, range: Range<usize>) -> Excerpt {
        let part = |range: Range<usize>| text.get(range).unwrap_or_default();
        Excerpt {
            before: last(part(0..range.start), ROUND).to_owned(),
            found: shortened(part(range.clone())),
            after: first(part(range.end..text.len()), ROUND).to_owned(),
        }
    }
}

fn shortened(text: &str) -> String {
    let (head, tail) = (first(text, OF_FIND), last(text, OF_FIND));
    if head.len() + tail.len() >= text.len() { text.to_owned() } else { format!("{head}…{tail}") }
}

fn first(text: &str, chars: usize) -> &str {
    text.char_indices().nth(chars).and_then(|(at, _)| text.get(..at)).unwrap_or(text)
}

fn last(text: &str, chars: usize) -> &str {
    let before = chars.saturating_sub(1);
    text.char_indices().rev().nth(before).and_then(|(at, _)| text.get(at..)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_find_stands_in_its_context() {
        let text = format!("{}früh genug{}", "ä".repeat(100), "ö".repeat(100));
        let excerpt = Excerpt::of(&text, 200..211);
        assert_eq!(excerpt.found, "früh genug");
        assert_eq!((excerpt.before, excerpt.after), ("ä".repeat(ROUND), "ö".repeat(ROUND)));
        assert_eq!(Excerpt::of("ab", 0..2), Excerpt { found: "ab".into(), ..Excerpt::default() });
    }
}
