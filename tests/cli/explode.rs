//! `--explode`: every record becomes a file, under a name that no record can choose.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, check_account};
use dechrome::formats::compression::{Codec, Decoder, Limits, encode};
use serde_json::{Value, json};

fn line(id: &str, text: &str) -> String {
    format!("{}\n", json!({"id": id, "url": format!("https://a.example/{id}"), "title": id, "text": text}))
}

/// The outputs without the reports.
fn outputs(dir: &Dir, out: &str) -> BTreeMap<PathBuf, String> {
    let tree = dir.tree(out).into_iter().filter(|(path, _)| path.components().count() > 1);
    tree.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap())).collect()
}

#[test]
fn every_record_becomes_a_file() {
    let dir = Dir::new();
    dir.write("in/sub/a.jsonl", [line("1", WITH_CHROME), "\n".to_owned(), line("2", WITHOUT_CHROME)].concat());
    dir.write("in/b.csv", format!("id,text\n7,\"{WITH_CHROME}\"\n8,short\n"));
    dir.write("in/c.txt", WITH_CHROME);
    dir.clean("out", &["--explode"], 0);
    let kept = dir.cleaned(WITH_CHROME);
    let expected = [
        ("b.csv/000000/000000001.txt", &*kept),
        ("b.csv/000000/000000002.txt", "short"),
        ("sub/a.jsonl/000000/000000001.txt", &kept),
        ("sub/a.jsonl/000000/000000003.txt", WITHOUT_CHROME),
    ];
    let expected: BTreeMap<PathBuf, String> = expected.map(|(path, text)| (path.into(), text.to_owned())).into();
    assert_eq!(outputs(&dir, "out"), expected);
    assert_eq!(dir.read("out/c.txt"), kept);
    let row = dir.row("out", "sub/a.jsonl/000000/000000001.txt");
    check_account(&row, WITH_CHROME, &kept);
    assert_eq!((&row["record"], &row["id"], &row["site"]), (&json!(1), &json!("1"), &json!("a.example")));
    check_account(&dir.row("out", "sub/a.jsonl/000000/000000003.txt"), WITHOUT_CHROME, WITHOUT_CHROME);
    assert_eq!(dir.row("out", "b.csv/000000/000000001.txt")["id"], "7");
    assert_eq!(dir.rows("out").len(), 5);
    assert_eq!(dir.summary("out")["options"]["explode"], true);
}

#[test]
fn names_never_come_from_what_a_record_says() {
    let dir = Dir::new();
    let ids =
        ["../../escaped", "/tmp/escaped", "a/b\\c", "..", "", "CON", "\u{202e}txt.exe", "a\0b", &"x".repeat(4000)];
    dir.write("in/a.jsonl", ids.map(|id| line(id, WITHOUT_CHROME)).concat());
    dir.clean("out", &["--explode"], 0);
    let names: Vec<String> = (1..=ids.len()).map(|number| format!("{number:09}.txt")).collect();
    assert_eq!(dir.names("out/a.jsonl/000000"), names);
    assert_eq!(dir.names("out"), ["a.jsonl", "report.jsonl", "summary.json"]);
    assert_eq!(dir.names("."), ["in", "out"]);
    let found: Vec<Value> = dir.rows("out").iter().map(|row| row["id"].clone()).collect();
    assert_eq!(found, ids.map(|id| json!(id)));
}

#[test]
fn a_directory_holds_a_thousand_files() {
    let dir = Dir::new();
    let lines: String = (1..=2001).map(|number| line(&number.to_string(), "Short.")).collect();
    dir.write("in/a.jsonl", lines);
    dir.clean("one", &["--explode", "-j1"], 0);
    assert_eq!(dir.names("one/a.jsonl"), ["000000", "000001", "000002"]);
    assert_eq!(dir.names("one/a.jsonl/000001").len(), 1000);
    assert!(
        dir.path("one/a.jsonl/000001/000001000.txt").exists() && dir.path("one/a.jsonl/000002/000002001.txt").exists()
    );
    dir.clean("four", &["--explode", "-j4"], 0);
    assert!(dir.bytes("one/report.jsonl") == dir.bytes("four/report.jsonl"));
    assert!(outputs(&dir, "one") == outputs(&dir, "four"));
    let paths: Vec<_> = dir.rows("one").iter().map(|row| row["path"].as_str().unwrap().to_owned()).collect();
    assert!(paths.is_sorted() && paths.len() == 2001);
}

#[test]
fn records_without_a_text_and_bad_lines_become_no_file() {
    let dir = Dir::new();
    let lines = [line("1", WITH_CHROME), "not JSON\n".to_owned(), "{\"a\":1}\n".to_owned(), line("4", WITHOUT_CHROME)];
    dir.write("in/a.jsonl", lines.concat());
    dir.clean("out", &["--explode"], 3);
    assert_eq!(dir.names("out/a.jsonl/000000"), ["000000001.txt", "000000004.txt"]);
    assert_eq!(dir.read("out/quarantine/a.jsonl"), lines[1]);
    let rows = dir.rows("out");
    let of = |number: usize| (rows[number].clone(), number + 1);
    for (row, number) in (0..4).map(of) {
        assert_eq!(row["record"], number, "{row}");
    }
    assert_eq!((&rows[1]["status"], &rows[1]["reason"]), (&json!("failed"), &json!("not_json")));
    assert_eq!((&rows[2]["status"], &rows[2]["reason"]), (&json!("unchanged"), &json!("no_text")));
}

#[test]
fn a_compressed_container_gives_compressed_files() {
    let dir = Dir::new();
    let mut packed = Vec::new();
    encode(Codec::Gzip, line("1", WITH_CHROME).as_bytes(), &mut packed).unwrap();
    dir.write("in/a.jsonl.gz", packed);
    dir.clean("plain", &["--explode", "--compress", "none"], 0);
    let plain = outputs(&dir, "plain");
    assert_eq!(plain.len(), 1);
    let (path, text) = plain.first_key_value().unwrap();
    assert_eq!((path.as_path(), text), (Path::new("a.jsonl/000000/000000001.txt"), &dir.cleaned(WITH_CHROME)));
    dir.clean("out", &["--explode"], 0);
    let (_, bytes) = only_file(&dir);
    let mut decoder = Decoder::new(Codec::Gzip, &bytes[..], Limits::default());
    let mut room = vec![0; 1 << 16];
    let size = decoder.read(&mut room).unwrap();
    assert_eq!(room[..size], *dir.cleaned(WITH_CHROME).as_bytes());
}

/// The one file that `a.jsonl.gz` became.
fn only_file(dir: &Dir) -> (PathBuf, Vec<u8>) {
    let mut files = dir.tree("out").into_iter().filter(|(path, _)| path.starts_with("a.jsonl.gz"));
    let file = files.next().unwrap();
    assert_eq!(files.next(), None);
    file
}

#[test]
fn the_name_of_a_compressed_file_says_so() {
    let dir = Dir::new();
    let mut packed = Vec::new();
    encode(Codec::Gzip, line("1", WITH_CHROME).as_bytes(), &mut packed).unwrap();
    dir.write("in/a.jsonl.gz", packed);
    dir.clean("out", &["--explode"], 0);
    let (path, bytes) = only_file(&dir);
    assert_eq!(Codec::of_magic(&bytes).is_some(), path.extension().unwrap() == "gz", "{}", path.display());
}

#[test]
fn what_is_too_large_is_told() {
    let dir = Dir::new();
    let (above, huge) = (WITH_CHROME.repeat(4), "A line of prose.\n".repeat(100_000));
    dir.write(
        "in/a.jsonl",
        [line("1", WITHOUT_CHROME), line("2", &above), line("3", &huge), line("4", WITH_CHROME)].concat(),
    );
    dir.clean("out", &["--explode", "--max-record", "2k"], 3);
    // What is held passes whole; what is not cannot become a file, since nobody looked at where its text stands.
    assert_eq!(dir.read("out/a.jsonl/000000/000000002.txt"), above);
    assert_eq!(dir.row("out", "a.jsonl/000000/000000002.txt")["reason"], "too_large");
    let failed: Vec<_> = dir.rows("out").into_iter().filter(|row| row["status"] == "failed").collect();
    assert_eq!((failed.len(), &failed[0]["record"], &failed[0]["reason"]), (1, &json!(3), &json!("too_large")));
    assert_eq!(dir.names("out/a.jsonl/000000"), ["000000001.txt", "000000002.txt", "000000004.txt"]);
}

#[test]
fn it_needs_a_directory() {
    let dir = Dir::new();
    dir.write("a.jsonl", line("1", WITH_CHROME));
    let (status, _, stderr) = dir.run(&["clean", "a.jsonl", "--explode"]);
    assert!(status == 2 && stderr.contains("--out"), "{stderr}");
}

#[test]
fn records_of_an_archive_become_files() {
    let dir = Dir::new();
    let record = |kind: &str, block: &str| {
        let head =
            format!("WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:x:1>\r\nContent-Type: text/plain\r\n");
        format!(
            "{head}WARC-Target-URI: https://a.example/../../x\r\nContent-Length: {}\r\n\r\n{block}\r\n\r\n",
            block.len()
        )
    };
    dir.write(
        "in/a.wet",
        [record("warcinfo", "x: y\r\n"), record("conversion", WITH_CHROME), record("metadata", "")].concat(),
    );
    dir.clean("out", &["--explode"], 0);
    let expected = BTreeMap::from([(PathBuf::from("a.wet/000000/000000002.txt"), dir.cleaned(WITH_CHROME))]);
    assert_eq!(outputs(&dir, "out"), expected);
    assert_eq!(dir.summary("out")["passed_by"], json!({"warcinfo": 1, "metadata": 1}));
    assert_eq!(dir.row("out", "a.wet/000000/000000002.txt")["site"], "a.example");
}
