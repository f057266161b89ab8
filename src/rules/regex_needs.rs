//! The words that a match of a regular expression cannot do without.

use regex_syntax::hir::{Class, Hir, HirKind};

use super::template::{Bounds, Needs};
use crate::text::chars::is_spaced_word;

/// More characters of a class than these are not looked at one by one.
const MAX_CLASS: usize = 64;

/// What every match holds; as deep as the nesting of regular expressions goes.
pub(super) fn needs(hir: &Hir, bounds: Bounds) -> Needs {
    match hir.kind() {
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).map_or_else(|_| Needs::default(), |text| Needs::of_text(text, bounds))
        }
        // What is repeated stands beside itself.
        HirKind::Repetition(repetition) if repetition.min > 0 => needs(&repetition.sub, Bounds::UNKNOWN),
        HirKind::Capture(capture) => needs(&capture.sub, bounds),
        HirKind::Alternation(parts) => Needs::any(parts.iter().map(|part| needs(part, bounds))),
        HirKind::Concat(parts) => {
            let mut all = Needs::default();
            for (at, part) in parts.iter().enumerate() {
                let begins = parts_words(parts[..at].iter().rev(), Side::Last, bounds.begins);
                let ends = parts_words(parts[at + 1..].iter(), Side::First, bounds.ends);
                all.and(needs(part, Bounds { begins, ends }));
            }
            all
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) | HirKind::Repetition(_) => Needs::default(),
    }
}

/// Which character of a part matters: the one that stands beside its neighbour.
#[derive(Clone, Copy)]
enum Side {
    First,
    Last,
}

/// Whether no word goes on into these parts, the nearest one first; `beyond` says so for what stands beyond them.
fn parts_words<'h>(parts: impl Iterator<Item = &'h Hir>, side: Side, beyond: bool) -> bool {
    for part in parts {
        let (parts, may_be_empty) =
            (is_no_word(part, side), part.properties().minimum_len().is_none_or(|least| least == 0));
        if !parts || !may_be_empty {
            return parts;
        }
    }
    beyond
}

/// Whether the first or last character of what a part matches is of no word, where it matches something.
fn is_no_word(part: &Hir, side: Side) -> bool {
    match part.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).is_ok_and(|text| match side {
            Side::First => !text.starts_with(is_spaced_word),
            Side::Last => !text.ends_with(is_spaced_word),
        }),
        HirKind::Class(Class::Unicode(class)) => {
            class.ranges().iter().map(|range| range.len()).sum::<usize>() <= MAX_CLASS
                && class.ranges().iter().all(|range| !(range.start()..=range.end()).any(is_spaced_word))
        }
        HirKind::Class(Class::Bytes(_)) => false,
        HirKind::Repetition(repetition) => is_no_word(&repetition.sub, side),
        HirKind::Capture(capture) => is_no_word(&capture.sub, side),
        HirKind::Alternation(parts) => parts.iter().all(|part| is_no_word(part, side)),
        HirKind::Concat(parts) => match side {
            Side::First => parts_words(parts.iter(), side, true),
            Side::Last => parts_words(parts.iter().rev(), side, true),
        },
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn of(pattern: &str) -> (String, Vec<String>) {
        let needs = needs(&regex_syntax::parse(pattern).unwrap(), Bounds::WHOLE);
        let told = |tokens: &std::collections::BTreeSet<String>| tokens.iter().cloned().collect::<Vec<_>>().join(" ");
        let choices =
            needs.choices.iter().map(|choice| choice.iter().map(told).collect::<Vec<_>>().join("|")).collect();
        (told(&needs.all), choices)
    }

    #[test]
    fn words_between_marks_are_needed() {
        assert_eq!(of("[^()]{20,}[.!?] ?\\((ap photo|credit|photo)[^()]*\\)").1, [] as [String; 0]);
        assert_eq!(of("[^()]{20,}[.!?] ?\\((ap photo|credit)( [^()]*)?\\)").1, ["ap photo|credit"]);
        assert_eq!(of("read more").0, "more read");
    }

    #[test]
    fn words_that_may_go_on_are_not() {
        assert_eq!(of("[a-z]+photo [a-z]+"), (String::new(), Vec::new()));
        assert_eq!(of("photos? of"), ("of".to_owned(), Vec::new()));
        assert_eq!(of("(ab)+ of"), ("of".to_owned(), Vec::new()));
    }
}
