//! What would be removed, a line each, as compilers and linters name what they find.

use std::fmt::Write as _;

use super::Escaped;
use super::style::{QUIET, STRONG};
use crate::report::Row;
use crate::report::tally::shortened;

/// What a document would lose: `path:line: rule (category): text`, one line each; blank lines are not told.
///
/// `name` is the file it is in. Of a record, its number stands before the line, and the line is that of its text; so it is in
/// the text that was made of a page. It is written with colour; names and texts are escaped.
#[must_use]
pub fn findings_text(name: &str, row: &Row<'_>) -> String {
    let record = row.record.map(|number| format!("record {number}:")).unwrap_or_default();
    let what = match (row.extractor, row.record) {
        (Some(_), _) => "text line ",
        (None, Some(_)) => "line ",
        (None, None) => "",
    };
    let mut out = String::new();
    for removed in row.removed.iter().filter(|removed| !removed.is_blank()) {
        let (name, rule, category) = (Escaped(name), Escaped(removed.rule), Escaped(removed.category));
        let text = shortened(&removed.text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "));
        let text = Escaped(&text);
        let line = removed.line;
        // Writing to a string cannot fail.
        let _ =
            writeln!(out, "{STRONG}{name}:{record}{what}{line}:{STRONG:#} {rule} {QUIET}({category}){QUIET:#}: {text}");
    }
    out
}
