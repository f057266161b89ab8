//! Attributes as the toolkit dolma reads them: removals are marked with spans, and nothing is cut.
//!
//! An attributes file stands beside a file of documents and has a line for each of its lines, with the same `id`:
//!
//! ```json
//! {"id": "a", "attributes": {"dechrome__chrome__all": [[10, 42, 1.0]], "dechrome__chrome__share": [[10, 42, 1.0]]}}
//! ```
//!
//! What dolma 1.2 asks for: names of attributes are `experiment__tagger__type` and valid names of variables
//! (`core/data_types.py`, `Span.from_spec`; `core/utils.py`, `make_variable_name`); a span is `[start, end, score]`, where
//! both ends count Unicode code points (`src/shard.rs` goes through `char_indices`, taggers in Python index a `str`); ids
//! are compared as JSON values, and one that is missing is `null` (`src/shard.rs`).

use std::collections::BTreeMap;
use std::io::Write;

use crate::clean::{BLANK, Removal};

/// What the names of all attributes begin with.
const PREFIX: &str = "dechrome__chrome__";
/// The evidence that a rule of strength `alone` gives by itself, which makes a score of 1.
const CERTAIN: i32 = 100;

/// The attribute that holds all removals, those of blank lines among them: to cut its spans is to clean the text.
pub const ALL: &str = "dechrome__chrome__all";

/// The name of the attribute with the removals of a category.
pub fn attribute(category: &str) -> String {
    let is_of_name = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let name: String = category.chars().map(|c| if is_of_name(&c) { c } else { '_' }).collect();
    format!("{PREFIX}{name}")
}

/// A marked stretch of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The first code point.
    pub start: usize,
    /// The code point behind the last.
    pub end: usize,
    /// How much speaks for the removal, as a share of what suffices always, at most 1.
    pub score: f64,
}

/// The spans of removals from a text, in their order.
///
/// Blank lines go with other removals, so they have the score of the one that they touch.
pub fn spans(text: &str, removals: &[Removal]) -> Vec<Span> {
    let (mut at, mut points) = (0, 0);
    let mut point_of = |byte: usize| {
        points += text.get(at..byte).map_or(0, |between| between.chars().count());
        at = byte;
        points
    };
    let scores = scores(removals);
    let span = |(removal, score): (&Removal, i32)| {
        let (start, end) = (point_of(removal.range.start), point_of(removal.range.end));
        Span { start, end, score: f64::from(score) / f64::from(CERTAIN) }
    };
    removals.iter().zip(scores).map(span).collect()
}

fn scores(removals: &[Removal]) -> Vec<i32> {
    let own = |removal: &Removal| match &*removal.rule {
        BLANK => None,
        _ => Some(removal.evidence.iter().fold(0i32, |sum, one| sum.saturating_add(one.weight)).clamp(0, CERTAIN)),
    };
    let mut scores: Vec<Option<i32>> = removals.iter().map(own).collect();
    let touches = |before: usize| removals[before].range.end == removals[before + 1].range.start;
    for number in 1..removals.len() {
        if scores[number].is_none() && touches(number - 1) {
            scores[number] = scores[number - 1];
        }
    }
    for number in (1..removals.len()).rev() {
        if scores[number - 1].is_none() && touches(number - 1) {
            scores[number - 1] = scores[number];
        }
    }
    scores.into_iter().map(|score| score.unwrap_or(0)).collect()
}

/// Appends the line of a document: its id as it stands in its record, and the spans of all removals.
pub fn write_attributes(id: &[u8], text: &str, removals: &[Removal], out: &mut Vec<u8>) {
    let spans = spans(text, removals);
    let mut by_category: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    for (removal, span) in removals.iter().zip(&spans) {
        by_category.entry(attribute(&removal.category)).or_default().push(*span);
    }
    open(id, out);
    list(ALL, &spans, out);
    // A category of a user's may have that name; its spans are among all.
    for (name, spans) in by_category.iter().filter(|(name, _)| *name != ALL) {
        out.push(b',');
        list(name, spans, out);
    }
    out.extend_from_slice(b"}}\n");
}

/// Appends the line of a document that was not looked at, so that later lines stand beside their own documents.
pub fn write_unmarked(id: &[u8], out: &mut Vec<u8>) {
    open(id, out);
    list(ALL, &[], out);
    out.extend_from_slice(b"}}\n");
}

fn open(id: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":");
    out.extend_from_slice(if id.is_empty() { b"null" } else { id });
    out.extend_from_slice(b",\"attributes\":{");
}

fn list(name: &str, spans: &[Span], out: &mut Vec<u8>) {
    // Writing to memory cannot fail.
    let _ = write!(out, "\"{name}\":[");
    for (number, Span { start, end, score }) in spans.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        let _ = write!(out, "{comma}[{start},{end},{score:?}]");
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cleaner;

    const TEXT: &str = "\
Die Brücke ist nach zwei Jahren 🚌 wieder offen, sagte die Stadt am Montag in einer Mitteilung.

ALSO READ: Storm Closes Harbour For Third Day

Die Bürgermeisterin dankte allen, die so lange auf diesen Tag gewartet hatten, für ihre Geduld.

Leave a Reply
";

    #[test]
    fn cutting_every_span_gives_the_cleaned_text() {
        let cleaner = Cleaner::new();
        let cleaned = cleaner.clean(TEXT);
        let spans = spans(TEXT, cleaned.removals());
        assert!(spans.len() > 2);
        let is_cut = |at: usize| spans.iter().any(|span| (span.start..span.end).contains(&at));
        let kept: String = TEXT.chars().enumerate().filter(|(at, _)| !is_cut(*at)).map(|(_, c)| c).collect();
        assert_eq!(kept, cleaned.text());
        assert!(spans.iter().all(|span| span.score > 0.0 && span.score <= 1.0), "{spans:?}");
    }

    #[test]
    fn a_line_is_json_and_has_the_id_as_it_stands() {
        let cleaner = Cleaner::new();
        let cleaned = cleaner.clean(TEXT);
        let mut out = Vec::new();
        write_attributes(b"\"\\u00e9\"", TEXT, cleaned.removals(), &mut out);
        write_unmarked(b"", &mut out);
        let text = String::from_utf8_lossy(&out);
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("{\"id\":\"\\u00e9\",\"attributes\":{\"dechrome__chrome__all\":[["), "{text}");
        assert!(lines[0].contains("\"dechrome__chrome__cross_promo\":[[") && lines[0].contains(",1.0]"), "{text}");
        assert_eq!(lines[1], "{\"id\":null,\"attributes\":{\"dechrome__chrome__all\":[]}}");
        assert!(lines.iter().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{text}");
    }

    #[test]
    fn a_category_called_all_takes_no_name_twice() {
        let removal = |range, category: &str| Removal {
            range,
            line: 1,
            rule: "r".into(),
            category: category.to_owned().into(),
            evidence: Vec::new().into(),
        };
        let mut out = Vec::new();
        write_attributes(b"1", "abcdef", &[removal(0..2, "all"), removal(3..4, "share")], &mut out);
        let text = String::from_utf8_lossy(&out);
        assert_eq!(text.matches("__all\"").count(), 1, "{text}");
        assert!(text.contains("__all\":[[0,2,") && text.contains("[3,4,"), "{text}");
    }

    #[test]
    fn names_are_those_of_variables() {
        assert_eq!(attribute("cross-promo"), "dechrome__chrome__cross_promo");
        assert_eq!(attribute("a\"é.b"), "dechrome__chrome__a___b");
    }
}
