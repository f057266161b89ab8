//! From decisions to the kept text: blank lines that go along, one sorted list of ranges, one forward pass.

use std::borrow::Cow;
use std::ops::Range;

use super::cleaned::Removal;
use super::document::Document;
use super::pass::Cause;
use super::weigh::Score;
use crate::text::lines::LineSpan;

/// The rule and category of blank lines that removed lines leave behind.
pub(crate) const BLANK: &str = "blank";

/// A byte range of the document that goes, before the names of who decided are looked up.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    pub(super) range: Range<usize>,
    /// The line it starts on, counted from 1.
    pub(super) line: usize,
    pub(super) cause: Cause,
    pub(super) score: Score,
}

/// Adds the blank lines that go with removed lines: those behind a removed run, and at the document's end those before it.
pub(super) fn with_blanks(document: &Document<'_>, spans: &[LineSpan], mut taken: Vec<Taken>) -> Vec<Taken> {
    if taken.is_empty() {
        return taken;
    }
    // Blank lines stand between the others: those before the first one, and those behind each.
    let mut blank = |numbers: Range<usize>| {
        let spans = spans.iter().enumerate().take(numbers.end).skip(numbers.start);
        taken.extend(spans.map(|(number, span)| Taken {
            range: span.start..span.next,
            line: number + 1,
            cause: Cause::Blank,
            score: Score::single(BLANK, 0),
        }));
    };
    let last_kept = document.lines.iter().rposition(|line| !line.gone);
    let ends_removed = document.lines.last().is_some_and(|line| line.gone);
    if let (None, Some(first)) = (last_kept, document.lines.first()) {
        blank(0..first.number);
    }
    for (index, line) in document.lines.iter().enumerate() {
        let next = document.lines.get(index + 1).map_or(spans.len(), |next| next.number);
        if line.gone || (ends_removed && last_kept == Some(index)) {
            blank(line.number + 1..next);
        }
    }
    disjoint(taken)
}

/// Sorts what goes and takes from each what an earlier one has, so that every byte is counted once.
fn disjoint(mut taken: Vec<Taken>) -> Vec<Taken> {
    taken.sort_by_key(|taken| (taken.range.start, taken.range.end));
    let mut behind = 0;
    taken.retain_mut(|taken| {
        taken.range.start = taken.range.start.max(behind);
        behind = behind.max(taken.range.end);
        !taken.range.is_empty()
    });
    taken
}

/// The text without the removed ranges, which are sorted and disjoint; borrowed when there are none.
pub(crate) fn cut<'t>(text: &'t str, removals: &[Removal]) -> Cow<'t, str> {
    if removals.is_empty() {
        return Cow::Borrowed(text);
    }
    let removed: usize = removals.iter().map(|removal| removal.range.len()).sum();
    let mut kept = String::with_capacity(text.len() - removed);
    let mut at = 0;
    for removal in removals {
        kept.push_str(&text[at..removal.range.start]);
        at = removal.range.end;
    }
    kept.push_str(&text[at..]);
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str =
        "The council met on Monday evening and voted, after a long debate, to rebuild the old bridge.\n";

    /// The removals of a text, each with its line, its rule and its bytes, and what is left.
    fn cleaned(text: &str) -> (Vec<(usize, String, String)>, String) {
        let cleaner = crate::Cleaner::new();
        let cleaned = cleaner.clean(text);
        let told = |it: &Removal| (it.line, it.rule.to_string(), text[it.range.clone()].to_owned());
        (cleaned.removals().iter().map(told).collect(), cleaned.text().to_owned())
    }

    fn taken(range: Range<usize>) -> Taken {
        Taken { range, line: 1, cause: Cause::Blank, score: Score::single(BLANK, 0) }
    }

    fn removal(range: Range<usize>) -> Removal {
        Removal { range, line: 1, rule: "a".into(), category: "b".into(), evidence: Vec::new().into() }
    }

    fn line(number: usize, rule: &str, text: &str) -> (usize, String, String) {
        (number, rule.to_owned(), text.to_owned())
    }

    #[test]
    fn blank_lines_behind_a_removed_line_go_and_those_before_it_stay() {
        let (removed, kept) = cleaned(&format!("{PROSE}\nLeave a Reply\n\n \n{PROSE}\n{PROSE}"));
        assert_eq!(removed, [line(3, "leave-a-reply", "Leave a Reply\n"), line(4, BLANK, "\n"), line(5, BLANK, " \n")]);
        assert_eq!(kept, format!("{PROSE}\n{PROSE}\n{PROSE}"));
    }

    #[test]
    fn at_the_end_the_blank_lines_before_a_removed_line_go_too() {
        let (removed, kept) = cleaned(&format!("{PROSE}\n{PROSE}\n\nLeave a Reply\n\n"));
        let lines: Vec<usize> = removed.iter().map(|(line, ..)| *line).collect();
        assert_eq!(lines, [4, 5, 6, 7]);
        assert_eq!(kept, format!("{PROSE}\n{PROSE}"));
        // Where the last line stays, blank lines at the end stay with it.
        let text = format!("{PROSE}\n\n");
        assert_eq!(cleaned(&text), (Vec::new(), text));
    }

    #[test]
    fn of_a_text_that_goes_altogether_nothing_is_left() {
        let (removed, kept) = cleaned("\n\nLeave a Reply\n\n");
        assert_eq!((removed.len(), kept.as_str()), (4, ""));
        assert_eq!(removed[0], line(1, BLANK, "\n"));
    }

    #[test]
    fn every_byte_goes_once_and_what_is_empty_is_no_removal() {
        let ranges = |all: Vec<Taken>| -> Vec<_> {
            disjoint(all).into_iter().map(|taken| (taken.range.start, taken.range.end)).collect()
        };
        let given = [8..9, 0..4, 2..6, 3..5, 0..1, 7..7, 6..8].map(taken);
        assert_eq!(ranges(given.to_vec()), [(0, 1), (1, 4), (4, 6), (6, 8), (8, 9)]);
        assert_eq!(ranges(vec![taken(0..9), taken(3..5)]), [(0, 9)]);
    }

    #[test]
    fn what_is_cut_is_what_the_ranges_say() {
        assert!(matches!(cut("bridge", &[]), Cow::Borrowed("bridge")));
        assert_eq!(cut("the old bridge", &[removal(0..4), removal(8..9)]), "old ridge");
        assert_eq!(cut("bridge", &[removal(0..6)]), "");
    }
}
