//! Whether the numbers of a row can be true together. A row that was edited by hand shows by numbers that cannot.

use super::read::{ReportedRemoval, ReportedRow};

/// What cannot be true of a row; nothing for every row that a run wrote.
pub(super) fn mistake_of(row: &ReportedRow<'_>) -> Option<String> {
    let mut end_before = 0;
    for (number, removal) in (1..).zip(&row.removed) {
        if let Some(mistake) = mistake_of_removal(removal, end_before, row.bytes_text) {
            return Some(format!("removal {number} {mistake}"));
        }
        end_before = removal.end;
    }
    match (row.bytes_text, row.bytes_kept) {
        (Some(text), Some(kept)) if kept > text => Some("more bytes were kept than there were".to_owned()),
        _ => None,
    }
}

fn mistake_of_removal(removal: &ReportedRemoval<'_>, end_before: u64, size: Option<u64>) -> Option<&'static str> {
    let ReportedRemoval { start, end, .. } = *removal;
    if end < start {
        Some("ends before it begins")
    } else if start < end_before {
        Some("begins before the one in front of it ends")
    } else if size.is_some_and(|size| end > size) {
        Some("reaches beyond the end of the text")
    } else if removal.text.as_ref().is_some_and(|text| text.len() as u64 != end - start) {
        Some("has a text of another length than its range")
    } else {
        None
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn told(removed: &str) -> Option<String> {
        let row = format!(
            r#"{{"schema":1,"path":"a","status":"cleaned","bytes_text":10,"bytes_kept":4,"words":2,"words_removed":1,"removed":[{removed}]}}"#
        );
        mistake_of(&serde_json::from_str(&row).expect("a row"))
    }

    fn removal(start: u64, end: u64, text: &str) -> String {
        format!(r#"{{"start":{start},"end":{end},"rule":"r","category":"c","text":"{text}"}}"#)
    }

    #[test]
    fn numbers_that_cannot_be_true_are_told() {
        assert_eq!(told(&[removal(0, 3, "abc"), removal(3, 6, "def")].join(",")), None);
        assert_eq!(told(r#"{"start":0,"end":3,"rule":"r","category":"c"}"#), None);
        for (removed, says) in [
            (removal(3, 2, ""), "removal 1 ends before it begins"),
            (removal(8, 11, "abc"), "removal 1 reaches beyond"),
            (removal(0, 3, "ab"), "removal 1 has a text of another length"),
            ([removal(4, 6, "ab"), removal(0, 3, "abc")].join(","), "removal 2 begins before"),
            (removal(0, u64::MAX, "ab"), "removal 1 reaches beyond"),
        ] {
            let mistake = told(&removed).unwrap_or_default();
            assert!(mistake.starts_with(says), "{mistake}");
        }
    }
}
