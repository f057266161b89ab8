//! Where a span ends, and what goes with it.

use std::ops::Range;

use crate::rules::Until;
use crate::text::chars::{closing_bracket, is_blank, is_closing, is_sentence_end};
use crate::text::sentence::sentence_end;

/// A span whose border is further away than this, in characters, is not cut.
const MAX_REACH: usize = 200;

/// The bytes a span takes: from `start`, past the end of its pattern, to the border that the rule asks for.
///
/// One neighbouring blank goes too, the one before if there is one. `None` when there is no border within reach.
pub(super) fn span_end(line: &str, start: usize, pattern_end: usize, until: Until) -> Option<Range<usize>> {
    let range = match until {
        Until::Line => start..line.trim_end_matches(is_blank).len().max(pattern_end),
        Until::Sentence => start..sentence_border(line, pattern_end),
        Until::Bracket => bracket(line, start, pattern_end)?,
    };
    let reach = line.get(pattern_end..range.end).map_or(0, |rest| rest.chars().count());
    (reach <= MAX_REACH).then(|| with_blank(line, range))
}

fn sentence_border(line: &str, pattern_end: usize) -> usize {
    let last = line[..pattern_end].chars().next_back().filter(|&c| is_sentence_end(c) || is_closing(c));
    let from = pattern_end - last.map_or(0, char::len_utf8);
    let end = sentence_end(line, from).unwrap_or(line.len()).max(pattern_end);
    pattern_end + line[pattern_end..end].trim_end_matches(is_blank).len()
}

fn bracket(line: &str, start: usize, pattern_end: usize) -> Option<Range<usize>> {
    let opening = line[..start].chars().next_back()?;
    let closing = closing_bracket(opening)?;
    let mut depth = 1;
    for (at, c) in line[start..].char_indices() {
        if c == opening {
            depth += 1;
        } else if c == closing {
            depth -= 1;
        }
        let end = start + at + c.len_utf8();
        if depth == 0 {
            return (end >= pattern_end).then_some(start - opening.len_utf8()..end);
        }
    }
    None
}

fn with_blank(line: &str, range: Range<usize>) -> Range<usize> {
    let before = line[..range.start].chars().next_back().filter(|&c| is_blank(c));
    if let Some(blank) = before {
        return range.start - blank.len_utf8()..range.end;
    }
    let after = line[range.end..].chars().next().filter(|&c| is_blank(c));
    range.start..range.end + after.map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str, from: &str, pattern: &str, until: Until) -> Option<String> {
        let start = line.find(from)?;
        let range = span_end(line, start, start + pattern.len(), until)?;
        Some(format!("{}{}", &line[..range.start], &line[range.end..]))
    }

    #[test]
    fn spans_end_at_their_border() {
        let line = "He left. The post Gone appeared first on Example. She stayed.";
        assert_eq!(
            cut(line, "The post", "The post Gone appeared first on Example", Until::Sentence).as_deref(),
            Some("He left. She stayed.")
        );
        let line = "He left (see also: She stayed (again)) at noon.";
        assert_eq!(cut(line, "see also", "see also:", Until::Bracket).as_deref(), Some("He left at noon."));
        let line = "He left. See also: She stayed. And more";
        assert_eq!(cut(line, "See also", "See also:", Until::Line).as_deref(), Some("He left."));
    }

    #[test]
    fn a_border_out_of_reach_is_no_border() {
        let line = format!("See also: {}.", "word ".repeat(60));
        assert_eq!(cut(&line, "See also", "See also:", Until::Sentence), None);
    }
}
