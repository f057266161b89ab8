//! Cleaning trees: what is written, what the report says, and that nothing depends on threads or order.

use std::fs;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, check_account};
use serde_json::json;

fn small_tree(dir: &Dir) {
    dir.write("in/b/story.txt", WITH_CHROME);
    dir.write("in/b.txt", WITHOUT_CHROME);
    dir.write("in/a/deep/er/NOTE.MD", WITHOUT_CHROME);
    dir.write("in/a/x.text", "");
    dir.write("in/photo.jpg", [0xff, 0xd8, 0]);
    fs::create_dir_all(dir.path("in/empty")).unwrap();
}

#[test]
fn a_tree_becomes_the_same_tree_with_report_and_summary() {
    let dir = Dir::new();
    small_tree(&dir);
    let (status, stdout, stderr) = dir.run(&["clean", "in", "--out", "out"]);
    assert_eq!((status, stdout.as_str()), (0, ""), "{stderr}");
    assert!(
        stderr.contains("4 documents: 1 cleaned, 3 unchanged") && stderr.contains("1 other file skipped"),
        "{stderr}"
    );
    assert_eq!(dir.names("out"), ["a", "b", "b.txt", "report.jsonl", "summary.json"]);
    assert_eq!(dir.read("out/b.txt"), WITHOUT_CHROME);
    assert!(!dir.read("out/b/story.txt").contains("ALSO READ"));
    let paths: Vec<_> = dir.rows("out").into_iter().map(|row| row["path"].clone()).collect();
    assert_eq!(paths, ["a/deep/er/NOTE.MD", "a/x.text", "b/story.txt", "b.txt"]);
}

#[test]
fn rows_have_exactly_the_published_fields() {
    let dir = Dir::new();
    small_tree(&dir);
    dir.run(&["clean", "in", "--out", "out"]);
    let report = dir.read("out/report.jsonl");
    let row = report.lines().find(|line| line.contains("story.txt")).unwrap();
    let fields = [
        "schema",
        "path",
        "record",
        "url",
        "site",
        "status",
        "reason",
        "encoding",
        "lang",
        "bytes_in",
        "bytes_text",
        "bytes_kept",
        "hash_in",
        "hash_text",
        "hash_kept",
        "lines",
        "lines_removed",
        "words",
        "words_removed",
        "removed",
        "warnings",
    ];
    let places: Vec<_> = fields.iter().map(|field| row.find(&format!("\"{field}\":"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{row}");
    let row = dir.row("out", "b/story.txt");
    assert_eq!(row.as_object().unwrap().len(), fields.len());
    assert_eq!((&row["schema"], &row["status"]), (&json!(1), &json!("cleaned")));
    assert_eq!(row["encoding"], json!({"label": "UTF-8", "source": "utf8", "replacements": 0}));
    assert!(row["record"].is_null() && row["url"].is_null() && row["site"].is_null() && row["reason"].is_null());
}

#[test]
fn every_byte_is_accounted_for() {
    let dir = Dir::new();
    small_tree(&dir);
    dir.write("in/c.txt", format!("{WITHOUT_CHROME}\nÜber 大きさ.\n\n{WITH_CHROME}").replace('\n', "\r\n"));
    dir.run(&["clean", "in", "--out", "out"]);
    for row in dir.rows("out") {
        let path = row["path"].as_str().unwrap();
        check_account(&row, &dir.read(&format!("in/{path}")), &dir.read(&format!("out/{path}")));
    }
    let summary = dir.summary("out");
    let bytes = &summary["bytes"];
    let number = |name: &str| bytes[name].as_u64().unwrap();
    assert_eq!(number("text"), number("kept") + number("removed"));
    assert_eq!(summary["documents"], json!({"total": 5, "cleaned": 2, "unchanged": 3, "kept_whole": 0, "failed": 0}));
    assert_eq!(summary["skipped"], json!([{"path": "photo.jpg", "reason": "unknown_extension"}]));
}

#[test]
fn threads_and_the_order_of_creation_change_nothing() {
    let dir = Dir::new();
    let count = 300;
    for number in 0..count {
        // 7 has no common divisor with 300, so this is another order.
        for (tree, number) in [("in/same", number), ("shuffled/same", number * 7 % count)] {
            let text = if number % 3 == 0 { WITH_CHROME } else { WITHOUT_CHROME };
            dir.write(&format!("{tree}/{}/{number}.txt", number % 7), format!("{text}\n{number}\n"));
        }
    }
    for (input, out, threads) in
        [("in/same", "one", "1"), ("in/same", "two", "2"), ("in/same", "many", "16"), ("shuffled/same", "other", "2")]
    {
        let (status, _, stderr) = dir.run(&["clean", input, "--out", out, "--threads", threads]);
        assert_eq!(status, 0, "{stderr}");
    }
    let tree = |out: &str| {
        let mut tree = dir.tree(out);
        let summary = tree.remove(std::path::Path::new("summary.json")).unwrap();
        let mut summary: serde_json::Value = serde_json::from_slice(&summary).unwrap();
        summary["timings"].take();
        summary["options"].take();
        (tree, summary)
    };
    let one = tree("one");
    assert_eq!(one.0.len(), 301);
    for out in ["two", "many", "other"] {
        assert!(tree(out) == one, "{out} differs");
    }
}

#[test]
fn several_inputs_stand_under_their_own_names() {
    let dir = Dir::new();
    dir.write("x/news/a.txt", WITH_CHROME);
    dir.write("y/blog/a.txt", WITHOUT_CHROME);
    dir.write("y/single.log", WITHOUT_CHROME);
    let (status, _, stderr) = dir.run(&["clean", "y/single.log", "x/news/", "y/blog", "--out", "out/deep/er"]);
    assert_eq!(status, 0, "{stderr}");
    let paths: Vec<_> = dir.rows("out/deep/er").into_iter().map(|row| row["path"].clone()).collect();
    assert_eq!(paths, ["blog/a.txt", "news/a.txt", "single.log"]);
    assert_eq!(dir.read("out/deep/er/single.log"), WITHOUT_CHROME);
}

#[test]
fn a_single_file_goes_into_the_directory() {
    let dir = Dir::new();
    dir.write("story", WITH_CHROME);
    assert_eq!(dir.run(&["clean", "story", "--out", "out"]).0, 0);
    assert_eq!(dir.names("out"), ["report.jsonl", "story", "summary.json"]);
}

#[test]
fn an_output_inside_an_input_is_not_cleaned_again() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    for _ in 0..2 {
        let (status, _, stderr) = dir.run(&["clean", "in", "--out", "in/out", "--overwrite"]);
        assert_eq!(status, 0, "{stderr}");
        assert_eq!(dir.names("in/out"), ["a.txt", "report.jsonl", "summary.json"]);
        assert_eq!(dir.summary("in/out")["skipped"], json!([{"path": "out", "reason": "output_directory"}]));
    }
}

#[test]
fn an_empty_tree_is_no_mistake() {
    let dir = Dir::new();
    fs::create_dir(dir.path("in")).unwrap();
    let (status, _, stderr) = dir.run(&["clean", "in", "--out", "out"]);
    assert_eq!(status, 0);
    assert!(stderr.contains("nothing to clean"), "{stderr}");
    assert_eq!(dir.names("out"), ["report.jsonl", "summary.json"]);
}

#[test]
fn what_is_larger_than_a_record_passes_through() {
    let dir = Dir::new();
    let line = "A long line of prose that goes on and on, with ünïcödé in it, until the file is large.\n";
    let large = format!("\u{feff}{}", line.repeat(17 * 1024 * 1024 / line.len() + 1));
    dir.write("in/large.txt", &large);
    dir.write("in/small.txt", WITHOUT_CHROME);
    assert_eq!(dir.run(&["clean", "in", "--out", "out"]).0, 0);
    let row = dir.row("out", "large.txt");
    assert_eq!((&row["status"], &row["reason"]), (&json!("kept_whole"), &json!("too_large")));
    let text = large.trim_start_matches('\u{feff}');
    assert!(dir.read("out/large.txt") == text);
    check_account(&row, text, text);
}

#[test]
fn quiet_says_nothing_and_progress_can_be_had_in_a_pipe() {
    let dir = Dir::new();
    small_tree(&dir);
    let (_, stdout, stderr) = dir.run(&["clean", "in", "--out", "quiet", "-q"]);
    assert_eq!((stdout.as_str(), stderr.as_str()), ("", ""));
    let (_, _, stderr) = dir.run(&["clean", "in", "--out", "loud", "--progress", "always"]);
    assert!(stderr.contains("; 5 of 5 files\n") || stderr.contains("; 5 files\n"), "{stderr}");
    let (_, _, stderr) = dir.run(&["clean", "in", "--out", "verbose", "-v"]);
    assert!(stderr.contains("skipped: photo.jpg (unknown extension)"), "{stderr}");
}
