//! Cleaning: kept text and removals add up, cleaning twice is cleaning once, and `explain` shows what cleaning does.

use std::sync::LazyLock;

use super::{Choices, accounting};
use crate::{Cleaner, Preset, Title};

/// By preset, with the title kept and with the title dropped.
static CLEANERS: LazyLock<Vec<(Cleaner, Title)>> = LazyLock::new(|| {
    let titles = [Title::Keep, Title::Drop];
    let each = Preset::ALL.into_iter().flat_map(|preset| titles.map(|title| (preset, title)));
    let built = each.map(|(preset, title)| (Cleaner::builder().preset(preset).title(title).build(), title));
    built.map(|(cleaner, title)| (cleaner.expect("the built-in rules build"), title)).collect()
});

/// Cleans a text, with a title from elsewhere where a byte says so.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (number, is_titled) = (usize::from(choices.byte()) % CLEANERS.len(), choices.flag());
    let text = String::from_utf8_lossy(choices.rest());
    let (cleaner, title) = &CLEANERS[number];
    let known = text.lines().next().filter(|_| is_titled);
    let cleaned = cleaner.clean_titled(&text, known);
    accounting::check(&text, &cleaned);
    // A title that is dropped stands outside the promise that cleaning twice is cleaning once.
    if *title == Title::Keep {
        accounting::check_twice(cleaner, &cleaned, known);
    }
    if known.is_none() {
        let explained = cleaner.explain(&text);
        let removed = explained.lines.iter().flat_map(|line| &line.removed).count();
        assert_eq!(removed, cleaned.removals().len(), "explaining shows other removals than cleaning makes");
    }
}
