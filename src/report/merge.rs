//! Joining the reports of the parts of a run into the report of the whole.

use std::cmp::Ordering;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use super::read::{ReportError, ReportedRow, read_rows};
use super::summary::{MOST_NAMED, Named, OptionsUsed, Verified};
use super::{DocumentName, Summary, Totals};

/// Why reports could not be joined.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// A report cannot be read, or is none.
    #[error("report {part}: {error}")]
    Report {
        /// Which of the reports, counted from 1.
        part: usize,
        /// What is wrong.
        error: ReportError,
    },
    /// Two reports are of runs that would not have written the same.
    #[error("report {part} was made with other rules or options than report 1; join only the parts of one run")]
    OtherRun {
        /// Which of the reports, counted from 1.
        part: usize,
    },
    /// Two reports have rows of one document.
    #[error(
        "reports {first} and {second} both have `{path}`; a part was named twice, or the runs were no parts of one"
    )]
    Twice {
        /// The one.
        first: usize,
        /// The other.
        second: usize,
        /// The document.
        path: String,
    },
    /// The joined report cannot be written.
    #[error("cannot write the report: {0}")]
    Write(#[from] io::Error),
}

/// A report that is being read, with its next row.
struct Part<'r> {
    number: usize,
    reader: &'r mut dyn BufRead,
    line: Vec<u8>,
    path: PathBuf,
    shown: String,
}

impl Part<'_> {
    /// Reads the next row; `false` at the end.
    fn advance(&mut self, totals: &mut Totals) -> Result<bool, MergeError> {
        self.line.clear();
        if self.reader.read_until(b'\n', &mut self.line)? == 0 {
            return Ok(false);
        }
        let (path, shown) = (&mut self.path, &mut self.shown);
        let take = |row: &ReportedRow<'_>| {
            totals.add_reported(row);
            shown.clear();
            shown.push_str(row.path.as_deref().unwrap_or_default());
            *path = DocumentName::to_path(shown, row.path_raw.as_deref()).unwrap_or_else(|| PathBuf::from(&*shown));
        };
        read_rows(&mut &self.line[..], take).map_err(|error| MergeError::Report { part: self.number, error })?;
        Ok(true)
    }
}

/// Joins reports, each of which is in the order of its paths, into one that is; gives the sums over all rows.
///
/// Memory goes with the longest row and the number of reports.
///
/// # Errors
/// When a report cannot be read, two have one document, or the joined report cannot be written.
pub fn merge_reports(reports: &mut [Box<dyn BufRead>], out: &mut dyn Write) -> Result<Totals, MergeError> {
    let mut totals = Totals::default();
    let mut parts = Vec::new();
    for (at, reader) in reports.iter_mut().enumerate() {
        let (line, path, shown) = (Vec::new(), PathBuf::new(), String::new());
        let mut part = Part { number: at + 1, reader, line, path, shown };
        if part.advance(&mut totals)? {
            parts.push(part);
        }
    }
    while let Some(first) = first_of(&parts)? {
        let part = &mut parts[first];
        out.write_all(&part.line)?;
        if !part.advance(&mut totals)? {
            parts.swap_remove(first);
        }
    }
    Ok(totals.settled())
}

/// The part whose row comes first.
fn first_of(parts: &[Part<'_>]) -> Result<Option<usize>, MergeError> {
    let mut first: Option<usize> = None;
    for (at, part) in parts.iter().enumerate() {
        let Some(best) = first else {
            first = Some(at);
            continue;
        };
        match part.path.cmp(&parts[best].path) {
            Ordering::Less => first = Some(at),
            Ordering::Greater => {}
            Ordering::Equal => {
                let (first, second) = (parts[best].number.min(part.number), parts[best].number.max(part.number));
                return Err(MergeError::Twice { first, second, path: part.shown.clone() });
            }
        }
    }
    Ok(first)
}

/// Joins summaries; `totals` are the sums over the joined report.
///
/// # Errors
/// When they are of runs that would not have written the same.
pub fn merge_summaries(summaries: &[Summary], totals: Totals) -> Result<Option<Summary>, MergeError> {
    let Some(first) = summaries.first() else { return Ok(None) };
    let whole = |summary: &Summary| OptionsUsed { shard: None, ..summary.options.clone() };
    let fingerprint = |summary: &Summary| whole(summary).fingerprint(&summary.rules);
    if let Some(other) = summaries.iter().position(|summary| fingerprint(summary) != fingerprint(first)) {
        return Err(MergeError::OtherRun { part: other + 1 });
    }
    let verified: Option<Vec<Verified>> = summaries.iter().map(|summary| summary.verified).collect();
    let mut joined = Summary { totals, ..Summary::new(first.rules.clone(), whole(first)) };
    joined.program = first.program.clone();
    // The whole was read again only if every part was.
    joined.verified = verified.map(|parts| {
        parts.into_iter().fold(Verified::default(), |mut sum, part| {
            sum += part;
            sum
        })
    });
    for summary in summaries {
        joined.skipped.extend(summary.skipped.iter().cloned());
        joined.failed.extend(summary.failed.iter().cloned());
        joined.changed.extend(summary.changed.iter().cloned());
        joined.notes.extend(summary.notes.iter().cloned());
        joined.containers.extend(summary.containers.iter().cloned());
        joined.skipped_left_out += summary.skipped_left_out;
        joined.failed_left_out += summary.failed_left_out;
        joined.changed_left_out += summary.changed_left_out;
        for (kind, count) in &summary.passed_by {
            *joined.passed_by.entry(kind.clone()).or_default() += count;
        }
        joined.timings.seconds += summary.timings.seconds;
        joined.timings.threads = joined.timings.threads.max(summary.timings.threads);
    }
    joined.skipped_left_out += in_order(&mut joined.skipped);
    joined.failed_left_out += in_order(&mut joined.failed);
    joined.changed_left_out += in_order(&mut joined.changed);
    in_order(&mut joined.notes);
    joined.containers.sort_by_cached_key(|used| DocumentName::to_path(&used.path, None).unwrap_or_default());
    joined.containers.truncate(MOST_NAMED);
    let rate = |amount: f64| (amount / joined.timings.seconds.max(1e-9) * 1000.0).round() / 1000.0;
    joined.timings.documents_per_second = rate(joined.totals.documents.total as f64);
    joined.timings.megabytes_per_second = rate(joined.totals.bytes.input as f64 / 1e6);
    Ok(Some(joined))
}

/// Sorts a list by its paths, and keeps the first; gives how many that leaves out.
fn in_order(named: &mut Vec<Named>) -> u64 {
    let path = |one: &Named| DocumentName::to_path(&one.path, one.path_raw.as_deref()).unwrap_or_default();
    // Of one path, the order of the report stays.
    named.sort_by_cached_key(path);
    let left_out = named.len().saturating_sub(MOST_NAMED);
    named.truncate(MOST_NAMED);
    left_out as u64
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::report::row::NO_TEXT;
    use crate::report::{RecordInfo, Row};

    fn report(names: &[(&str, u64)]) -> Box<dyn BufRead> {
        let mut bytes = Vec::new();
        for (name, record) in names {
            let name = DocumentName { path: (*name).into(), raw: None };
            let info = RecordInfo { number: *record, ..RecordInfo::default() };
            let row = Row::unchanged(Some(&name), NO_TEXT, b"x").of_record(&info);
            serde_json::to_writer(&mut bytes, &row).expect("json");
            bytes.push(b'\n');
        }
        Box::new(io::Cursor::new(bytes))
    }

    fn merged(parts: &[&[(&str, u64)]]) -> Result<(Vec<String>, Totals), MergeError> {
        let mut out = Vec::new();
        let mut reports: Vec<_> = parts.iter().map(|part| report(part)).collect();
        let totals = merge_reports(&mut reports, &mut out)?;
        let mut rows = Vec::new();
        let name = |row: &ReportedRow<'_>| format!("{}:{}", row.path.as_deref().unwrap_or(""), row.record.unwrap_or(0));
        read_rows(&mut &out[..], |row| rows.push(name(row))).expect("rows");
        Ok((rows, totals))
    }

    #[test]
    fn rows_come_out_in_the_order_of_one_run() {
        let parts: [&[(&str, u64)]; 3] = [&[("a/b", 1), ("a/b", 2), ("c", 1)], &[], &[("a.txt", 1), ("b", 1)]];
        let (rows, totals) = merged(&parts).expect("joined");
        assert_eq!(rows, ["a/b:1", "a/b:2", "a.txt:1", "b:1", "c:1"]);
        assert_eq!(totals.documents.unchanged, 5);
    }

    #[test]
    fn a_document_in_two_parts_is_refused() {
        let error = merged(&[&[("a", 1)], &[("b", 1)], &[("b", 1)]]).expect_err("twice").to_string();
        assert!(error.starts_with("reports 2 and 3 both have `b`"), "{error}");
    }
}
