//! Reports: what is written is one line and reads back; what is read, whatever it says, names nothing outside of the output.

use std::sync::LazyLock;

use super::Choices;
use super::names::{is_contained, path_of};
use crate::Cleaner;
use crate::report::read::{ReportedRow, read_rows, read_summary};
use crate::report::row::RecordInfo;
use crate::report::terminal::{Escaped, is_harmless};
use crate::report::{DocumentName, RemovedDetail, Row, Totals};
use crate::text::decode::decode;

static CLEANER: LazyLock<Cleaner> = LazyLock::new(Cleaner::new);

const DETAILS: [RemovedDetail; 3] = [RemovedDetail::Text, RemovedDetail::Spans, RemovedDetail::None];

/// Reads bytes as a report and as a summary, and writes a report about them.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (detail, cut) = (choices.pick(&DETAILS), choices.number());
    let bytes = choices.rest();
    let mut totals = Totals::default();
    let read = read_rows(&mut &bytes[..], |row| {
        check_row(row);
        totals.add_reported(row);
    });
    if let Err(error) = read {
        assert!(error.line > 0 && error.to_string().chars().all(is_harmless), "{error:?} reaches a terminal");
    }
    let _ = read_summary(bytes);
    let (name, text) = bytes.split_at(cut % (bytes.len() + 1));
    check_written(name, text, detail);
    let shown = Escaped(&String::from_utf8_lossy(bytes)).to_string();
    assert!(shown.chars().all(is_harmless), "a terminal sees {shown:?}");
}

fn check_row(row: &ReportedRow<'_>) {
    assert!(row.targets().iter().all(|target| is_contained(target)), "{:?} leads out", row.targets());
    let _ = row.failure();
}

/// A row with everything that others may put into it.
fn check_written(name: &[u8], bytes: &[u8], detail: RemovedDetail) {
    let Ok(decoded) = decode(bytes, None) else { return };
    let cleaned = CLEANER.clean(&decoded.text);
    let odd = String::from_utf8_lossy(name);
    let info =
        RecordInfo { number: 7, url: Some(odd.to_string()), site: Some(odd.to_string()), id: Some(odd.to_string()) };
    let path = path_of(name);
    let document = DocumentName::of(&path);
    let row = Row::cleaned(Some(&document), bytes, decoded.encoding, &decoded.text, &cleaned);
    let row = row.of_record(&info).warned([odd.clone()]).telling(detail);
    let mut line = serde_json::to_vec(&row).expect("a row is JSON");
    assert!(line.iter().all(|byte| *byte >= b' '), "a row is more than a line");
    line.push(b'\n');
    let mut direct = Vec::new();
    row.write_line(&mut direct).expect("a row is JSON");
    assert_eq!(direct, line, "a row is written otherwise than serialised");
    let (mut written, mut reread, mut count) = (Totals::default(), Totals::default(), 0);
    written.add(&row);
    read_rows(&mut &line[..], |read| {
        check_row(read);
        reread.add_reported(read);
        count += 1;
        assert_eq!((read.path.as_deref(), read.path_raw.as_deref()), (row.path, row.path_raw));
        assert_eq!((read.url.as_deref(), read.site.as_deref()), (Some(&*odd), Some(&*odd)));
        assert_eq!(read.warnings, row.warnings);
        assert_eq!(read.targets(), is_contained(&path).then(|| path.clone()).into_iter().collect::<Vec<_>>());
        let ranges = |start: u64, end: u64| start as usize..end as usize;
        let there: Vec<_> = read.removed.iter().map(|it| (ranges(it.start, it.end), it.text.as_deref())).collect();
        let here: Vec<_> = row.removed.iter().map(|it| (it.start..it.end, it.text)).collect();
        assert_eq!(there, here, "other removals than were written");
    })
    .expect("a row that was written can be read");
    assert_eq!((count, written), (1, reread), "the sums of what was written and of what was read differ");
}
