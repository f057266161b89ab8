//! The few lines that end a run.

use crate::report::{Summary, Totals};

/// A count with a comma between thousands.
///
/// ```
/// assert_eq!(dechrome::report::terminal::count(1234567), "1,234,567");
/// ```
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The end of a run in two or three lines, without colour.
pub fn totals_text(summary: &Summary) -> String {
    let mut out = format!("{}\n{}\n", documents_line(&summary.totals), words_line(&summary.totals));
    if let Some(verified) = &summary.verified {
        out.push_str(&format!("{}, {} read again\n", plural(verified.files, "file"), plural(verified.bytes, "byte")));
    }
    if summary.skipped_total() > 0 {
        let skipped = plural(summary.skipped_total(), "other file");
        out.push_str(&format!("{skipped} skipped, each named in summary.json\n"));
    }
    out
}

pub(super) fn documents_line(totals: &Totals) -> String {
    let documents = &totals.documents;
    let parts = [
        (documents.cleaned, "cleaned"),
        (documents.unchanged, "unchanged"),
        (documents.kept_whole, "kept whole"),
        (documents.failed, "failed"),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", count(*number)))
        .collect();
    let total = plural(documents.total, "document");
    if told.is_empty() { total } else { format!("{total}: {}", told.join(", ")) }
}

pub(super) fn words_line(totals: &Totals) -> String {
    let words = &totals.words;
    format!(
        "{} of {} removed ({:.1} %), {} of {}",
        count(words.removed),
        plural(words.total, "word"),
        words.percent_removed(),
        count(totals.bytes.removed),
        plural(totals.bytes.text, "byte"),
    )
}

/// A count with its noun.
pub(super) fn plural(number: u64, what: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {what}{ending}", count(number))
}
