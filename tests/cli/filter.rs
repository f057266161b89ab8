//! One document to standard output.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, check_account, outcome};
use dechrome::formats::compression::{Codec, encode};
use serde_json::Value;

fn filter(dir: &Dir, args: &[&str], input: impl Into<Vec<u8>>) -> (i32, String, String) {
    outcome(dir.dechrome(args).write_stdin(input))
}

#[test]
fn standard_input_becomes_standard_output() {
    let dir = Dir::new();
    for args in [&["clean"][..], &["clean", "-"]] {
        assert_eq!(filter(&dir, args, WITHOUT_CHROME), (0, WITHOUT_CHROME.to_owned(), String::new()));
        let (status, kept, stderr) = filter(&dir, args, WITH_CHROME);
        assert_eq!((status, stderr.as_str()), (0, ""));
        assert!(!kept.contains("ALSO READ") && kept.contains("Drivers are being trained"), "{kept}");
    }
    assert_eq!(filter(&dir, &["clean"], ""), (0, String::new(), String::new()));
    assert_eq!(filter(&dir, &["clean"], "no line end"), (0, "no line end".to_owned(), String::new()));
}

#[test]
fn the_row_is_written_where_it_is_wanted() {
    let dir = Dir::new();
    for (args, path) in [
        (&["clean", "--report", "row.json"][..], Value::Null),
        (&["clean", "a.txt", "--report", "row.json"], Value::from("a.txt")),
    ] {
        dir.write("a.txt", WITH_CHROME);
        let (status, kept, stderr) = filter(&dir, args, WITH_CHROME);
        assert_eq!(status, 0, "{stderr}");
        let row: Value = serde_json::from_str(&dir.read("row.json")).unwrap();
        assert_eq!(row["path"], path);
        assert_eq!(row["status"], "cleaned");
        check_account(&row, WITH_CHROME, &kept);
    }
    assert_eq!(dir.names("."), ["a.txt", "row.json"]);
}

#[test]
fn a_table_of_which_nothing_can_be_decompressed_ends() {
    let dir = Dir::new();
    let mut packed = Vec::new();
    encode(Codec::Zstd, format!("id,text\n{}", "1,It rained.\n".repeat(99)).as_bytes(), &mut packed).unwrap();
    // The first block is of a kind that there is not.
    packed[6..12].fill(0xff);
    let (status, out, stderr) =
        outcome(dir.dechrome(&["clean", "--format", "csv"]).write_stdin(packed).timeout(Duration::from_secs(60)));
    assert_eq!((status, out.as_str()), (3, ""), "{stderr}");
    assert!(stderr.contains("its bytes are damaged"), "{stderr}");
}

#[test]
fn damage_of_an_archive_is_told_whoever_sends_it() {
    let dir = Dir::new();
    let record = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 8\r\n\r\nA story.\r\n\r\n";
    // More than comes at once.
    let archive = format!("{record}{}\n{record}", "x".repeat(300_000));
    let (status, out, stderr) = filter(&dir, &["clean", "--format", "warc", "--report", "rows.jsonl"], &*archive);
    assert_eq!(status, 3, "{stderr}");
    assert!(out == archive, "{}", out.len());
    let rows = dir.read("rows.jsonl");
    let statuses: Vec<Value> =
        rows.lines().map(|row| serde_json::from_str::<Value>(row).unwrap()["status"].take()).collect();
    assert_eq!(statuses, ["unchanged", "failed", "unchanged"]);
}

#[test]
fn one_file_needs_no_directory() {
    let dir = Dir::new();
    dir.write("in/a.log", WITHOUT_CHROME);
    assert_eq!(dir.run(&["clean", "in/a.log"]), (0, WITHOUT_CHROME.to_owned(), String::new()));
}

#[test]
fn a_byte_order_mark_goes() {
    let dir = Dir::new();
    assert_eq!(filter(&dir, &["clean"], format!("\u{feff}{WITHOUT_CHROME}")).1, WITHOUT_CHROME);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_never_success() {
    let dir = Dir::new();
    dir.write("a.txt", WITH_CHROME);
    let runs: [&[&str]; 6] = [
        &["clean", "a.txt"],
        &["explain", "a.txt"],
        &["explain", "a.txt", "--json"],
        &["rules", "test"],
        &["--help"],
        &["--version"],
    ];
    for args in runs {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = plain(&dir, args).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(4), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("standard output"), "{args:?}: {output:?}");
    }
    let (status, _, stderr) = dir.run(&["clean", "a.txt", "--report", "/dev/full"]);
    assert_eq!(status, 4, "{stderr}");
    assert!(stderr.contains("/dev/full"), "{stderr}");
}

/// The program as a plain command, whose streams can be set.
fn plain(dir: &Dir, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dechrome"));
    command.args(args).current_dir(dir.path(".")).stderr(Stdio::piped());
    command
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_a_quiet_end() {
    let dir = Dir::new();
    dir.write("a.txt", WITHOUT_CHROME.repeat(10_000));
    for args in [&["clean", "a.txt"][..], &["explain", "a.txt"], &["explain", "a.txt", "--json"]] {
        let mut child = plain(&dir, args).stdout(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]), "{args:?}");
    }
}
