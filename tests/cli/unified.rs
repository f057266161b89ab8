//! Diffs hold what they must: whatever is removed of whatever text, applying the diff gives what is kept.

use std::ops::Range;

use dechrome::report::unified::{DiffLook, write_diff};
use proptest::prelude::*;

/// Applies a diff as `patch` does, but strictly: every line must stand where the hunk says.
fn applied(text: &str, diff: &str) -> String {
    let mut old: Vec<&str> = text.split_inclusive('\n').collect();
    let mut lines = diff.split_inclusive('\n').skip(2).peekable();
    let (mut out, mut at) = (String::new(), 0);
    while let Some(head) = lines.next() {
        let mut ranges = head.trim_end().trim_start_matches("@@ ").trim_end_matches(" @@").split(' ').map(range);
        let (removed, added) = (ranges.next().unwrap(), ranges.next().unwrap());
        out.extend(old[at..removed.start].iter().copied());
        assert_eq!(out.split_inclusive('\n').count(), added.start, "where lines come to stand: {head}");
        at = removed.start;
        let before = out.split_inclusive('\n').count();
        while let Some(line) = lines.next_if(|line| !line.starts_with('@')) {
            let mut content = &line[1..];
            if lines.next_if(|line| line.starts_with('\\')).is_some() {
                content = &content[..content.len() - 1];
            }
            if line.starts_with([' ', '-']) {
                assert_eq!(std::mem::take(&mut old[at]), content, "{diff}");
                at += 1;
            }
            if line.starts_with([' ', '+']) {
                out.push_str(content);
            }
        }
        assert_eq!((at - removed.start, removed.end), (removed.len(), at), "{diff}");
        assert_eq!(out.split_inclusive('\n').count() - before, added.len(), "{diff}");
    }
    out.extend(old[at..].iter().copied());
    out
}

/// The lines of `-3,7` or `+1`, counted from 0.
fn range(text: &str) -> Range<usize> {
    let (start, count) = text[1..].split_once(',').unwrap_or((&text[1..], "1"));
    let (start, count): (usize, usize) = (start.parse().unwrap(), count.parse().unwrap());
    // Where there are none, the number is that of the line before.
    let start = if count == 0 { start } else { start - 1 };
    start..start + count
}

/// Texts of short lines, so that borders of all kinds come together, and which of their characters go.
fn texts() -> impl Strategy<Value = (String, Vec<bool>)> {
    let char = prop_oneof![3 => Just('\n'), 2 => Just('a'), 1 => Just('ü'), 1 => Just('@'), 1 => Just('\r')];
    prop::collection::vec((char, prop::bool::weighted(0.2), 1..4_usize), 0..60).prop_map(|parts| {
        let each = parts.iter().flat_map(|(char, goes, times)| std::iter::repeat_n((*char, *goes), *times));
        each.unzip()
    })
}

/// The ranges of the characters that go, and what is left.
fn cut(text: &str, goes: &[bool]) -> (Vec<Range<usize>>, String) {
    let (mut removals, mut kept): (Vec<Range<usize>>, _) = (Vec::new(), String::new());
    for ((at, char), goes) in text.char_indices().zip(goes) {
        match (goes, removals.last_mut()) {
            (true, Some(last)) if last.end == at => last.end += char.len_utf8(),
            (true, _) => removals.push(at..at + char.len_utf8()),
            (false, _) => kept.push(char),
        }
    }
    (removals, kept)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_diff_applied_to_the_text_gives_what_is_kept((text, goes) in texts()) {
        let (removals, kept) = cut(&text, &goes);
        let mut diff = Vec::new();
        write_diff(&mut diff, b"t", &text, &removals, DiffLook::default());
        prop_assert_eq!(diff.is_empty(), text == kept);
        prop_assert_eq!(applied(&text, std::str::from_utf8(&diff).unwrap()), kept);
    }
}
