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
///
/// A span that begins right behind an opening bracket never leaves a half bracket: it ends with the bracket that closes it,
/// whatever the rule asks for.
pub(super) fn span_end(line: &str, start: usize, pattern_end: usize, until: Until) -> Option<Range<usize>> {
    // Looking no further than the reach keeps the time linear in the line, however many spans begin in it.
    let reach = pattern_end + reach(&line[pattern_end..]);
    let near = &line[..reach];
    let bracketed = line[..start].chars().next_back().is_some_and(|c| closing_bracket(c).is_some());
    let range = match until {
        Until::Bracket => bracket(near, start, pattern_end)?,
        _ if bracketed => bracket(near, start, pattern_end)?,
        Until::Line => start..whole_or_none(line, reach, near.len())?.max(pattern_end),
        Until::Sentence => start..sentence_border(line, near, pattern_end)?,
    };
    Some(with_blank(line, range))
}

/// The bytes of the characters within reach.
fn reach(rest: &str) -> usize {
    rest.char_indices().nth(MAX_REACH).map_or(rest.len(), |(at, _)| at)
}

/// The end of the line without its white space, if the line ends within reach.
fn whole_or_none(line: &str, reach: usize, end: usize) -> Option<usize> {
    (reach == line.len()).then(|| line[..end].trim_end_matches(is_blank).len())
}

fn sentence_border(line: &str, near: &str, pattern_end: usize) -> Option<usize> {
    let last = line[..pattern_end].chars().next_back().filter(|&c| is_sentence_end(c) || is_closing(c));
    let from = pattern_end - last.map_or(0, char::len_utf8);
    let end = match sentence_end(near, from) {
        // The reach may have cut a word with a stop inside; only where the line ends, too, is it the end of a sentence.
        Some(end) if end < near.len() || near.len() == line.len() => end,
        _ => whole_or_none(line, near.len(), near.len())?,
    };
    let end = end.max(pattern_end);
    Some(pattern_end + line[pattern_end..end].trim_end_matches(is_blank).len())
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
    fn a_span_behind_a_bracket_takes_the_whole_bracket() {
        let line = "It is open (see our dossier on bridges) again. It rained.";
        assert_eq!(
            cut(line, "see our", "see our dossier", Until::Sentence).as_deref(),
            Some("It is open again. It rained.")
        );
        assert_eq!(
            cut(line, "see our", "see our dossier", Until::Line).as_deref(),
            Some("It is open again. It rained.")
        );
    }

    #[test]
    fn many_brackets_that_never_close_cost_no_more_than_their_number() {
        let line = "see our page (read more: ".repeat(20_000);
        let found = line.match_indices("read more").filter_map(|(at, _)| span_end(&line, at, at + 9, Until::Bracket));
        assert_eq!(found.count(), 0);
    }

    #[test]
    fn a_border_out_of_reach_is_no_border() {
        let line = format!("See also: {}.", "word ".repeat(60));
        assert_eq!(cut(&line, "See also", "See also:", Until::Sentence), None);
    }
}
