//! The folded view: its map leads back, in order and to borders of characters, and what it shows of a part is there.

use super::Choices;
use crate::text::fold::{Folded, inside_edges, inside_start, loosened};
use crate::text::lines::lines;

/// Folds a text, and looks at parts of it.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let picks = [choices.number(), choices.number()];
    let raw = String::from_utf8_lossy(choices.rest());
    let folded = Folded::new(&raw);
    check_map(&raw, &folded);
    check_part(&raw, &folded, picks);
    check_edges(folded.text());
    check_lines(&raw);
    let mut again = Folded::new("something ﬁrst");
    again.refold(&raw);
    assert_eq!(again, folded, "buffers that were used give another view");
}

fn check_map(raw: &str, folded: &Folded) {
    let text = folded.text();
    assert_eq!(folded.origin(text.len()), raw.len(), "the end is not the end");
    let mut before = 0;
    for at in 0..text.len() {
        let origin = folded.origin(at);
        assert!(before <= origin, "the map goes back");
        assert!(raw.is_char_boundary(origin), "the map leads into a character");
        before = origin;
    }
    for (at, letter) in text.char_indices() {
        let end = folded.end_origin(at + letter.len_utf8());
        assert!(folded.origin(at) < end && raw.is_char_boundary(end), "a character comes of nothing");
    }
    assert!(!text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  "), "blanks are left");
    assert_eq!(folded.of_part(0..raw.len()), text, "the whole is not the whole");
}

/// A part of the view, and the part of the original that it says it is of, folded by itself.
fn check_part(raw: &str, folded: &Folded, picks: [usize; 2]) {
    let text = folded.text();
    let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let [one, other] = picks.map(|pick| borders[pick % borders.len()]);
    let (start, end) = (one.min(other), one.max(other));
    if start == end {
        return;
    }
    let original = &raw[folded.origin(start)..folded.end_origin(end)];
    let alone = Folded::new(original);
    let part = text[start..end].trim_matches(' ');
    assert!(alone.text().contains(part), "{part:?} is not in {:?}, which {original:?} folds to", alone.text());
    let _ = folded.of_part(folded.origin(start)..folded.end_origin(end));
}

fn check_edges(text: &str) {
    let inside = inside_edges(text);
    assert!(inside.start <= inside.end && inside.end <= text.len(), "edges cross");
    assert!(text.is_char_boundary(inside.start) && text.is_char_boundary(inside.end), "an edge splits a character");
    let (outer, inner) = inside_start(text);
    assert!(outer <= inner && text.is_char_boundary(outer) && text.is_char_boundary(inner));
    if let Some(loose) = loosened(text) {
        assert!(loose.chars().count() <= text.chars().count(), "a looser view is longer");
    }
}

fn check_lines(text: &str) {
    let mut at = 0;
    for line in lines(text) {
        assert_eq!(line.start, at, "a gap between lines");
        assert!(
            line.start <= line.end && line.end <= line.next && line.start < line.next,
            "a line ends before it begins"
        );
        at = line.next;
    }
    assert_eq!(at, text.len(), "something stands behind the last line");
}
