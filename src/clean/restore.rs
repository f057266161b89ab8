//! Undoing: kept text and removals make the text again.

use std::ops::Range;

/// The text that was cleaned, from what was kept of it and what was removed, with the places that it had in that text.
///
/// Returns `None` where a removal has no place: they are not in order, overlap, are not as long as they say, or stand
/// behind the end.
///
/// ```
/// use dechrome::{Cleaner, restore};
///
/// let text = "The bridge is open again, the town said on Monday.\n\nLeave a Reply\n";
/// let cleaned = Cleaner::new().clean(text);
/// let removed: Vec<_> = cleaned.removals().iter().map(|it| (it.range.clone(), &text[it.range.clone()])).collect();
/// assert_eq!(restore(cleaned.text(), removed).as_deref(), Some(text));
/// ```
pub fn restore<'r>(kept: &str, removed: impl IntoIterator<Item = (Range<usize>, &'r str)>) -> Option<String> {
    let mut text = String::with_capacity(kept.len());
    let mut rest = kept;
    for (range, gone) in removed {
        let (before, behind) = rest.split_at_checked(range.start.checked_sub(text.len())?)?;
        if range.len() != gone.len() {
            return None;
        }
        text.push_str(before);
        text.push_str(gone);
        rest = behind;
    }
    text.push_str(rest);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::restore;

    #[test]
    fn removals_may_stand_anywhere() {
        assert_eq!(restore("bd", [(0..1, "a"), (2..3, "c"), (4..5, "e")]).as_deref(), Some("abcde"));
        assert_eq!(restore("", [(0..2, "ab"), (2..3, "c")]).as_deref(), Some("abc"));
        assert_eq!(restore("ab", []).as_deref(), Some("ab"));
    }

    #[test]
    fn what_has_no_place_is_refused() {
        assert_eq!(restore("ab", [(3..4, "x")]), None);
        assert_eq!(restore("ab", [(1..2, "x"), (1..2, "y")]), None);
        assert_eq!(restore("ab", [(1..3, "x")]), None);
        assert_eq!(restore("é", [(1..2, "x")]), None);
        #[allow(clippy::reversed_empty_ranges, reason = "a report may say anything")]
        let turned = restore("ab", [(2..1, "")]);
        assert_eq!(turned.as_deref(), Some("ab"));
    }
}
