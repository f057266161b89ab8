//! The account of a cleaned text.

use crate::{Cleaned, Cleaner, Outcome, restore};

/// Kept text and removals are the text, with nothing over and nothing missing, and every offset finds its way back.
pub(super) fn check(text: &str, cleaned: &Cleaned<'_>) {
    let mut kept = String::new();
    let mut at = 0;
    for removal in cleaned.removals() {
        let range = removal.range.clone();
        assert!(at <= range.start, "removals overlap or are out of order");
        assert!(range.start < range.end, "a removal is empty");
        assert!(text.is_char_boundary(range.start) && text.is_char_boundary(range.end), "a character is split");
        kept.push_str(&text[at..range.start]);
        at = range.end;
    }
    kept.push_str(&text[at..]);
    assert_eq!(kept, cleaned.text(), "the kept text is not the text without the removals");
    let removed = || cleaned.removals().iter().map(|removal| (removal.range.clone(), &text[removal.range.clone()]));
    assert_eq!(restore(&kept, removed()).as_deref(), Some(text), "what was removed does not go back");
    if cleaned.outcome() == Outcome::Unchanged {
        assert!(cleaned.removals().is_empty(), "a text without changes has removals");
    }
    let counts = cleaned.counts();
    assert!(counts.words_removed <= counts.words && counts.lines_removed <= counts.lines);
    for (at, letter) in cleaned.text().char_indices().step_by(7) {
        assert_eq!(text[cleaned.raw_offset(at)..].chars().next(), Some(letter), "an offset leads elsewhere");
    }
}

/// Cleaning what was cleaned changes nothing.
pub(super) fn check_twice(cleaner: &Cleaner, cleaned: &Cleaned<'_>, title: Option<&str>) {
    let again = cleaner.clean_titled(cleaned.text(), title);
    assert_eq!(again.text(), cleaned.text(), "cleaning twice is not cleaning once");
}
