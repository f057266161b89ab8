//! What `dechrome restore` refuses: an output or a row that was changed since, by the file's name; all others come back.

use std::fs;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use serde_json::json;

fn wet(id: u32, block: &str) -> String {
    use std::fmt::Write;
    let mut head = String::from("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\n");
    write!(head, "WARC-Record-ID: <urn:x:{id}>\r\nContent-Length: {}\r\n\r\n", block.len()).unwrap();
    head + block + "\r\n\r\n"
}

/// A finished run over a text, lines, a table and an archive.
fn finished() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write(
        "in/b.jsonl",
        [json!({"text": WITH_CHROME, "x": 1}), json!({"text": "Short."})].map(|it| it.to_string() + "\n").concat(),
    );
    dir.write("in/c.wet", wet(1, WITH_CHROME) + &wet(2, WITHOUT_CHROME));
    dir.write("in/d.csv", format!("id,text\n1,\"{WITH_CHROME}\"\n"));
    dir.write("in/e.txt", WITHOUT_CHROME);
    dir.clean("out", &[], 0);
    dir
}

/// Expects that these files are refused, with these words, and that all others come back.
fn check_refused(dir: &Dir, refused: &[&str], says: &str) {
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 3, "{refused:?}: {stderr}");
    let told: Vec<&str> = stderr.lines().filter(|line| line.starts_with("refused: ")).collect();
    assert_eq!(told.len(), refused.len(), "{stderr}");
    for (line, name) in told.iter().zip(refused) {
        assert!(line.starts_with(&format!("refused: `{name}`")), "{name}: {stderr}");
    }
    assert!(stderr.contains(says), "{says}: {stderr}");
    for name in ["a.txt", "b.jsonl", "c.wet", "d.csv", "e.txt"] {
        let back = fs::read(dir.path(&format!("back/{name}"))).ok();
        let expected = (!refused.contains(&name)).then(|| dir.bytes(&format!("in/{name}")));
        assert!(back == expected, "{name}: {stderr}");
    }
    let (status, _, verified) = dir.run(&["restore", "out", "--verify"]);
    assert_eq!(status, 3);
    let told_there: Vec<&str> = verified.lines().filter(|line| line.starts_with("refused: ")).collect();
    assert_eq!(told_there, told);
}

fn edit(dir: &Dir, name: &str, from: &str, to: &str) {
    let path = format!("out/{name}");
    let text = dir.read(&path);
    assert!(text.contains(from), "{name} has no {from}");
    dir.write(&path, text.replacen(from, to, 1));
}

#[test]
fn a_changed_output_is_refused() {
    for (name, from, to) in [
        ("a.txt", "council", "Council"),
        ("a.txt", "Council approves", "The council approves"),
        ("e.txt", "ferry", "fairy"),
        ("b.jsonl", "council", "Council"),
        ("b.jsonl", "\"x\":1", "\"x\":2"),
        ("b.jsonl", "Short.", "Shirt."),
        ("b.jsonl", "}\n{", "}\n\n{"),
        ("b.jsonl", "}\n{", "}\n{\"text\":\"New.\"}\n{"),
        ("c.wet", "urn:x:1", "urn:x:7"),
        ("c.wet", "council", "Council"),
        ("d.csv", "id,", "ID,"),
        ("d.csv", "council", "Council"),
    ] {
        let dir = finished();
        edit(&dir, name, from, to);
        check_refused(&dir, &[name], "refused");
    }
}

#[test]
fn any_flipped_byte_of_an_output_is_refused() {
    let dir = finished();
    for name in ["a.txt", "b.jsonl", "c.wet", "d.csv"] {
        let whole = dir.bytes(&format!("out/{name}"));
        for at in (0..whole.len()).step_by(whole.len() / 24) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            dir.write(&format!("out/{name}"), &bytes);
            let (status, _, stderr) = dir.run(&["restore", "out", "--verify"]);
            assert!(status == 3 && stderr.contains(&format!("refused: `{name}`")), "{name}, byte {at}: {stderr}");
        }
        for bytes in [&whole[..whole.len() - 1], &[&whole[..], b"\n"].concat()] {
            dir.write(&format!("out/{name}"), bytes);
            assert_eq!(dir.run(&["restore", "out", "--verify"]).0, 3, "{name} of {} bytes", bytes.len());
        }
        dir.write(&format!("out/{name}"), &whole);
    }
    assert_eq!(dir.run(&["restore", "out", "--verify"]).0, 0);
}

#[test]
fn a_missing_output_is_refused() {
    let dir = finished();
    fs::remove_file(dir.path("out/b.jsonl")).unwrap();
    check_refused(&dir, &["b.jsonl"], "the output is missing");
}

#[test]
fn an_edited_row_is_refused_with_its_line() {
    for (from, to, refused, says) in [
        ("ALSO READ: Some", "ALSO READ: None", "a.txt", "(line 1 of the report): kept text and removals"),
        ("\"hash_kept\":\"blake3:", "\"hash_kept\":\"blake3:0", "a.txt", "(line 1 of the report)"),
        ("\"path\":\"a.txt\"", "\"path\":\"../a.txt\"", "../a.txt", "leads out of the directory"),
        ("\"path\":\"a.txt\"", "\"path\":\"/a.txt\"", "/a.txt", "leads out of the directory"),
    ] {
        let dir = finished();
        edit(&dir, "report.jsonl", from, to);
        let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
        assert!(status == 3 && stderr.contains(&format!("refused: `{refused}`")), "{stderr}");
        assert!(stderr.contains(says), "{stderr}");
        assert!(!dir.path("back/a.txt").exists() && !dir.path("a.txt").exists());
        assert!(dir.bytes("back/b.jsonl") == dir.bytes("in/b.jsonl"));
    }
}

/// Changes the rows of the report; what is left is written with their ends of lines.
fn edit_rows(dir: &Dir, change: impl FnOnce(&mut Vec<String>)) {
    let mut rows: Vec<String> = dir.read("out/report.jsonl").lines().map(str::to_owned).collect();
    change(&mut rows);
    dir.write("out/report.jsonl", rows.join("\n") + "\n");
}

#[test]
fn rows_that_are_missing_or_double_are_refused() {
    let dir = finished();
    edit_rows(&dir, |rows| drop(rows.remove(2)));
    check_refused(&dir, &["b.jsonl", "report.jsonl"], "record 2: the report has no row for it");
    let dir = finished();
    edit_rows(&dir, |rows| rows.insert(2, rows[1].clone()));
    check_refused(&dir, &["b.jsonl", "report.jsonl"], "the report tells of it twice");
    let dir = finished();
    edit_rows(&dir, |rows| rows.insert(1, rows[0].clone()));
    check_refused(&dir, &["a.txt", "report.jsonl"], "in two places");
    let dir = finished();
    edit_rows(&dir, |rows| rows.push(rows[1].clone()));
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 3 && stderr.contains("refused: `b.jsonl` (line 8 of the report)"), "{stderr}");
    assert!(dir.bytes("back/b.jsonl") == dir.bytes("in/b.jsonl"));
}

#[test]
fn a_missing_row_of_a_file_shows() {
    let dir = finished();
    edit_rows(&dir, |rows| drop(rows.remove(0)));
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 3 && stderr.contains("a.txt: no row of the report lists it"), "{stderr}");
    assert!(stderr.contains("refused: `report.jsonl`: it has 6 rows"), "{stderr}");
}

#[test]
fn a_report_that_is_cut_off_is_named_with_the_line() {
    let dir = finished();
    let report = dir.read("out/report.jsonl");
    let end = report.match_indices('\n').nth(2).unwrap().0;
    dir.write("out/report.jsonl", &report[..end - 10]);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 3, "{stderr}");
    assert!(stderr.contains("refused: `report.jsonl`: line 3: the row is cut off"), "{stderr}");
    assert!(stderr.contains("refused: `b.jsonl`"), "{stderr}");
    assert_eq!(dir.read("back/a.txt"), WITH_CHROME);
    assert_eq!(dir.names("back"), ["a.txt"]);
}

#[test]
fn a_report_of_another_version_restores_nothing() {
    let dir = finished();
    edit(&dir, "report.jsonl", "\"schema\":1", "\"schema\":9");
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 3 && stderr.contains("line 1: the row has schema 9"), "{stderr}");
    assert_eq!(dir.tree("back").len(), 0);
}

#[test]
fn a_report_without_texts_restores_only_what_lost_nothing() {
    let dir = finished();
    edit_rows(&dir, |rows| rows.iter_mut().for_each(|row| *row = row.replace("\"text\":\"", "\"other\":\"")));
    check_refused(&dir, &["a.txt", "b.jsonl", "c.wet", "d.csv"], "the report holds no removed texts");
}

#[test]
fn a_foreign_file_is_told() {
    let dir = finished();
    dir.write("out/sub/mine.txt", "mine");
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 0 && stderr.contains("sub/mine.txt: no row of the report lists it"), "{stderr}");
    assert!(!dir.path("back/sub").exists());
}

#[test]
fn without_a_summary_rows_must_do_and_that_is_said() {
    let dir = finished();
    fs::remove_file(dir.path("out/summary.json")).unwrap();
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 0 && stderr.contains("there is no summary.json"), "{stderr}");
    assert!(dir.tree("back") == dir.tree("in"));
    edit(&dir, "b.jsonl", "\"x\":1", "\"x\":2");
    edit(&dir, "d.csv", "council", "Council");
    fs::remove_dir_all(dir.path("back")).unwrap();
    check_refused(&dir, &["b.jsonl", "d.csv"], "record 1");
}

#[test]
fn changed_quarantine_is_refused() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", json!({"text": "Short."}).to_string() + "\nnot JSON\n");
    dir.write("in/b.txt", b"\x00\x01\x02\x03binary\x00\x00\x00\x00");
    dir.clean("out", &[], 3);
    for name in ["a.jsonl", "b.txt"] {
        let mut bytes = dir.bytes(&format!("out/quarantine/{name}"));
        bytes[4] ^= 1;
        dir.write(&format!("out/quarantine/{name}"), bytes);
    }
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!((status, stderr.matches("what was put aside in quarantine").count()), (3, 2), "{stderr}");
    assert_eq!(dir.tree("back").len(), 0);
    fs::remove_dir_all(dir.path("out/quarantine")).unwrap();
    assert_eq!(dir.run(&["restore", "out", "--verify"]).0, 3);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let dir = finished();
    dir.write("elsewhere/a.txt", dir.bytes("out/a.txt"));
    fs::remove_file(dir.path("out/a.txt")).unwrap();
    std::os::unix::fs::symlink(dir.path("elsewhere/a.txt"), dir.path("out/a.txt")).unwrap();
    check_refused(&dir, &["a.txt"], "no regular file");
    let dir = Dir::new();
    dir.write("in/sub/a.txt", WITH_CHROME);
    dir.clean("out", &[], 0);
    fs::rename(dir.path("out/sub"), dir.path("sub")).unwrap();
    std::os::unix::fs::symlink(dir.path("sub"), dir.path("out/sub")).unwrap();
    assert_eq!(dir.run(&["restore", "out", "--out", "back"]).0, 3);
    assert_eq!(dir.tree("back").len(), 0);
}

#[test]
fn names_cannot_steer_the_terminal() {
    let dir = finished();
    edit(&dir, "report.jsonl", "\"path\":\"a.txt\"", "\"path\":\"a\\u001b[2J.txt\"");
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 3 && !stderr.contains('\u{1b}') && stderr.contains("[2J"), "{stderr:?}");
}

#[test]
fn where_to_restore_must_be_empty_and_elsewhere() {
    let dir = finished();
    dir.write("full/a.txt", "mine");
    for (args, says) in [
        (["restore", "out", "--out", "full"], "is not empty"),
        (["restore", "out", "--out", "out/back"], "which is restored from"),
        (["restore", "out", "--out", "full/a.txt"], "is not a directory"),
        (["restore", "in", "--out", "back"], "holds no report.jsonl"),
        (["restore", "nowhere", "--out", "back"], "holds no report.jsonl"),
    ] {
        let (status, _, stderr) = dir.run(&args);
        assert!(status == 2 && stderr.contains(says), "{args:?}: {stderr}");
    }
    assert!(!dir.path("back").exists() && dir.read("full/a.txt") == "mine");
    assert_eq!(dir.run(&["restore", "out"]).0, 2);
    dir.write("out/.dechrome-running.jsonl", "");
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 2 && stderr.contains("did not finish"), "{stderr}");
}

#[test]
fn what_was_put_aside_is_as_it_was_or_refused() {
    let dir = Dir::new();
    dir.write("in/x.warc", "WARC/1.0\r\nnothing more\r\n");
    dir.clean("out", &[], 3);
    assert_eq!(dir.run(&["restore", "out", "--verify"]).0, 0);
    // Of the same length.
    edit(&dir, "quarantine/x.warc", "nothing", "Nothing");
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 3 && stderr.contains("refused: `x.warc`"), "{status}: {stderr}");
    assert!(!dir.path("back/x.warc").exists());
}

#[test]
fn rows_that_were_exchanged_do_not_pass() {
    let dir = Dir::new();
    let prose = "The bridge is open again, after two years of work that cost the town three million euros.\n";
    dir.write("in/a.txt", format!("{prose}\nShare on Facebook\n"));
    dir.write("in/b.txt", format!("{prose}\nShare on Twitter\n"));
    dir.clean("out", &[], 0);
    let report = dir.read("out/report.jsonl");
    let rows: Vec<&str> = report.lines().collect();
    let exchanged = [rows[1].replace("\"b.txt\"", "\"a.txt\""), rows[0].replace("\"a.txt\"", "\"b.txt\"")];
    dir.write("out/report.jsonl", exchanged.join("\n") + "\n");
    let (status, _, stderr) = dir.run(&["restore", "out", "--verify"]);
    assert!(status == 3 && stderr.contains("refused: `report.jsonl`: it is not what the run wrote"), "{stderr}");
}

#[test]
fn a_summary_that_was_cut_off_is_told() {
    let dir = finished();
    let summary = dir.read("out/summary.json");
    dir.write("out/summary.json", &summary[..summary.len() / 2]);
    let (status, _, stderr) = dir.run(&["restore", "out", "--verify"]);
    assert!(status == 3 && stderr.contains("refused: `summary.json`: it is no summary"), "{stderr}");
}
