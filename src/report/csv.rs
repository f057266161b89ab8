//! Totals as a table of comma-separated values, in long form: one line for each name of each kind.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::overview::Overview;
use super::{Counted, Status};

/// The columns. What is not known of a name is left empty.
const HEADER: [&str; 6] = ["table", "name", "documents", "removals", "bytes", "words"];

/// The totals as CSV (RFC 4180), with a header.
///
/// Names come from the web; one that a spreadsheet would take for a formula gets an apostrophe in front.
#[must_use]
pub fn totals_csv(overview: &Overview) -> String {
    let mut out = Table(String::new());
    out.line(HEADER.map(Cow::Borrowed));
    let totals = &overview.totals;
    for status in Status::ALL {
        let counted = overview.by_status.get(&status).cloned().unwrap_or_default();
        let words = overview.words.by_status.get(&status).copied().unwrap_or(0);
        out.counted("status", status.as_str(), &counted, Some(words));
    }
    out.all("category", &totals.by_category, overview.words.by_category());
    out.all("rule", &totals.by_rule, overview.words.by_rule());
    out.all("site", &totals.by_site, None);
    out.all("language", &totals.by_lang, Some(&overview.words.by_lang));
    for (table, counts) in [("encoding", &totals.by_encoding), ("reason", &totals.reasons)] {
        counts.iter().for_each(|(name, documents)| out.documents(table, name, *documents));
    }
    out.0
}

/// A table in the making.
struct Table(String);

impl Table {
    fn all(&mut self, table: &str, names: &BTreeMap<String, Counted>, words: Option<&BTreeMap<String, u64>>) {
        for (name, counted) in names {
            self.counted(table, name, counted, words.map(|words| words.get(name).copied().unwrap_or(0)));
        }
    }

    fn counted(&mut self, table: &str, name: &str, counted: &Counted, words: Option<u64>) {
        let Counted { documents, removals, bytes } = counted;
        let numbers = [Some(*documents), Some(*removals), Some(*bytes), words];
        self.numbers(table, name, numbers);
    }

    fn documents(&mut self, table: &str, name: &str, documents: u64) {
        self.numbers(table, name, [Some(documents), None, None, None]);
    }

    fn numbers(&mut self, table: &str, name: &str, numbers: [Option<u64>; 4]) {
        let [documents, removals, bytes, words] =
            numbers.map(|it| it.map(|it| it.to_string()).unwrap_or_default().into());
        self.line([table.into(), cell(name), documents, removals, bytes, words]);
    }

    fn line(&mut self, cells: [Cow<'_, str>; HEADER.len()]) {
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }
}

/// A name as a cell: harmless to spreadsheets, in quotes where it needs them.
fn cell(name: &str) -> Cow<'_, str> {
    let guarded = if is_formula(name) { Cow::Owned(format!("'{name}")) } else { Cow::Borrowed(name) };
    let needs_quotes = |c: char| c == '"' || c == ',' || c.is_control();
    let has_edge = guarded.starts_with(char::is_whitespace) || guarded.ends_with(char::is_whitespace);
    if has_edge || guarded.contains(needs_quotes) {
        return Cow::Owned(format!("\"{}\"", guarded.replace('"', "\"\"")));
    }
    guarded
}

/// Whether a spreadsheet might run a cell (OWASP, "CSV Injection"): one that begins with `=`, `+`, `-` or `@`, as they are or
/// in full width, or with a tab or a carriage return; what a spreadsheet trims may stand in front.
fn is_formula(cell: &str) -> bool {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let is_trimmed = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    cell.starts_with(['\t', '\r']) || cell.trim_start_matches(is_trimmed).starts_with(SIGNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_disarmed() {
        for (name, shown) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "\"'\tx\""),
            ("\r=1", "\"'\r=1\""),
            ("  =1", "'  =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("＝1", "'＝1"),
        ] {
            assert_eq!(cell(name), shown, "{name:?}");
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        for (name, shown) in [
            ("also-read", "also-read"),
            ("a,b", "\"a,b\""),
            ("say \"so\"", "\"say \"\"so\"\"\""),
            ("a\nb", "\"a\nb\""),
            ("a\u{1b}[31m", "\"a\u{1b}[31m\""),
            (" a", "\" a\""),
            ("", ""),
            ("bücher.example", "bücher.example"),
        ] {
            assert_eq!(cell(name), shown, "{name:?}");
        }
    }
}
