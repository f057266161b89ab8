//! What holds wherever a phrase stands and however it is written.

#![allow(clippy::expect_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::json;

use super::{Fate, Find, Hunt, Phrase};
use crate::report::read::ReportedRow;

/// A document in pieces, every other one removed, as its row and its kept text.
fn row_and_kept(pieces: &[String]) -> (String, String) {
    let (mut kept, mut removed, mut at) = (String::new(), Vec::new(), 0);
    for (number, piece) in pieces.iter().enumerate().filter(|(_, piece)| !piece.is_empty()) {
        let end = at + piece.len();
        if number % 2 == 0 {
            kept.push_str(piece);
        } else {
            let line = pieces.concat()[..at].matches('\n').count() + 1;
            removed.push(json!({
                "start": at, "end": end, "line": line, "rule": format!("rule-{number}"), "category": "c", "text": piece
            }));
        }
        at = end;
    }
    let row = json!({
        "schema": 1, "path": "a.txt", "status": "cleaned", "words": 0, "words_removed": 0, "bytes_text": at,
        "bytes_kept": kept.len(), "removed": removed
    });
    (row.to_string() + "\n", kept)
}

/// All finds in removals and outputs.
fn finds(phrase: &Phrase, row: &str, kept: &str) -> Vec<Find> {
    let mut finds = Vec::new();
    let mut hunt = Hunt::new(phrase, u64::MAX);
    hunt.in_removals(&mut row.as_bytes(), &mut |find| finds.push(find.clone())).expect("a report");
    let row: ReportedRow<'_> = serde_json::from_str(row).expect("a row");
    assert!(hunt.in_kept(&row, kept, &mut |find| finds.push(find.clone())), "row and kept text fit");
    assert_eq!(hunt.found, finds.len() as u64);
    finds
}

proptest! {
    #[test]
    fn a_phrase_is_found_wherever_cuts_run(
        filler in "[a-e éü\n]{0,30}",
        behind in "[a-e éü\n]{0,30}",
        cuts in prop::collection::vec(0_usize..100, 0..6),
        phrase in prop::sample::select(vec!["Zwölf Boxer", "zwölf\n\nboxer", "ZWÖLF  𝗕𝗼𝘅𝗲𝗿", "zw\u{200b}ölf boxer\u{301}"]),
    ) {
        let text = format!("{filler}{phrase}{behind}");
        let mut cuts: Vec<usize> = cuts.into_iter().filter(|&at| text.is_char_boundary(at)).collect();
        cuts.extend([0, text.len()]);
        cuts.sort_unstable();
        let pieces: Vec<String> = cuts.windows(2).filter_map(|pair| text.get(pair[0]..pair[1])).map(str::to_owned).collect();
        let (row, kept) = row_and_kept(&pieces);
        let wanted = Phrase::new(phrase).expect("a phrase");
        let found = finds(&wanted, &row, &kept);
        let start = filler.len() as u64;
        let find = found.iter().find(|find| find.start == Some(start));
        prop_assert!(find.is_some(), "{pieces:?}: {found:?}");
        let find = find.expect("just checked");
        prop_assert_eq!(&find.excerpt.found, phrase);
        prop_assert_eq!(find.fate == Fate::Kept, find.removed_by.is_empty());
        let line = filler.matches('\n').count() as u64 + 1;
        prop_assert!(find.fate == Fate::Kept || find.line == Some(line));
    }

    #[test]
    fn no_text_and_no_phrase_stop_it(
        pieces in prop::collection::vec("\\PC{0,12}|[ \n\t\u{300}ﬁ]{0,4}", 0..8),
        phrase in "\\PC{1,6}|[ \n\u{300}ﬁ]{1,3}",
    ) {
        let (row, kept) = row_and_kept(&pieces);
        if let Some(phrase) = Phrase::new(&phrase) {
            finds(&phrase, &row, &kept);
        }
    }
}
