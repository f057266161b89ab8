//! Inputs that are not what they should be: one of them never stops the others.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::{Dir, WITHOUT_CHROME, check_account};
use serde_json::json;

#[test]
fn links_and_fifos_in_a_tree_are_skipped_and_named() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITHOUT_CHROME);
    dir.write("secret/b.txt", "not to be found");
    symlink(dir.path("secret"), dir.path("in/dir.txt")).unwrap();
    symlink(dir.path("secret/b.txt"), dir.path("in/link.txt")).unwrap();
    symlink(dir.path("in"), dir.path("in/loop")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(dir.path("in/pipe.txt")).status().unwrap().success());
    let mut command = dir.dechrome(&["clean", "in", "--out", "out"]);
    command.timeout(std::time::Duration::from_secs(20));
    assert_eq!(crate::support::outcome(&mut command).0, 0);
    assert_eq!(dir.names("out"), ["a.txt", "report.jsonl", "summary.json"]);
    let skipped = json!([
        {"path": "dir.txt", "reason": "symlink"},
        {"path": "link.txt", "reason": "symlink"},
        {"path": "loop", "reason": "symlink"},
        {"path": "pipe.txt", "reason": "not_a_regular_file"},
    ]);
    assert_eq!(dir.summary("out")["skipped"], skipped);
}

#[test]
fn a_link_named_itself_is_followed() {
    let dir = Dir::new();
    dir.write("real.txt", WITHOUT_CHROME);
    symlink(dir.path("real.txt"), dir.path("link.txt")).unwrap();
    assert_eq!(dir.run(&["clean", "link.txt"]).1, WITHOUT_CHROME);
    assert_eq!(dir.run(&["clean", "link.txt", "--out", "out"]).0, 0);
    assert_eq!(dir.read("out/link.txt"), WITHOUT_CHROME);
}

#[test]
fn a_binary_file_fails_alone() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITHOUT_CHROME);
    let binary = b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0";
    dir.write("in/b.txt", binary);
    dir.write("in/c.txt", WITHOUT_CHROME);
    let (status, _, stderr) = dir.run(&["clean", "in", "--out", "out", "-q"]);
    assert_eq!(status, 3, "{stderr}");
    assert!(stderr.starts_with("failed: b.txt: "), "{stderr}");
    assert_eq!(dir.names("out"), ["a.txt", "c.txt", "quarantine", "report.jsonl", "summary.json"]);
    assert_eq!(std::fs::read(dir.path("out/quarantine/b.txt")).unwrap(), binary);
    let row = dir.row("out", "b.txt");
    assert_eq!(row["status"], "failed");
    assert!(row["reason"] == "binary" || row["reason"] == "not_text", "{row}");
    assert!(row["bytes_text"].is_null() && row["warnings"][0].is_string());
    assert_eq!(dir.summary("out")["failed"][0]["path"], "b.txt");
    assert_eq!(dir.run(&["explain", "in/b.txt"]).0, 3);
    assert_eq!(dir.run(&["clean", "in/b.txt"]).0, 3);
}

#[test]
fn utf_16_becomes_utf_8_without_byte_order_mark() {
    let dir = Dir::new();
    let text = format!("Über die Brücke. {WITHOUT_CHROME}");
    let units = || text.encode_utf16();
    dir.write("in/le.txt", [&b"\xff\xfe"[..], &units().flat_map(u16::to_le_bytes).collect::<Vec<_>>()].concat());
    dir.write("in/be.txt", [&b"\xfe\xff"[..], &units().flat_map(u16::to_be_bytes).collect::<Vec<_>>()].concat());
    dir.write("in/bom8.txt", format!("\u{feff}{text}"));
    assert_eq!(dir.run(&["clean", "in", "--out", "out"]).0, 0);
    for (name, label) in [("le.txt", "UTF-16LE"), ("be.txt", "UTF-16BE"), ("bom8.txt", "UTF-8")] {
        let row = dir.row("out", name);
        assert_eq!(row["encoding"], json!({"label": label, "source": "bom", "replacements": 0}));
        assert_eq!(dir.read(&format!("out/{name}")), text);
        check_account(&row, &text, &text);
        assert_eq!(row["bytes_in"], fs::metadata(dir.path(&format!("in/{name}"))).unwrap().len());
    }
}

/// Whether the tests run as somebody who may read everything.
fn modes_do_not_matter(dir: &Dir) -> bool {
    let path = dir.write("probe", "x");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    fs::read(&path).is_ok()
}

#[test]
fn what_cannot_be_read_fails_alone() {
    let dir = Dir::new();
    if modes_do_not_matter(&dir) {
        return;
    }
    dir.write("in/a.txt", WITHOUT_CHROME);
    for (name, locked) in [("in/b.txt", "in/b.txt"), ("in/c/d.txt", "in/c")] {
        dir.write(name, WITHOUT_CHROME);
        fs::set_permissions(dir.path(locked), fs::Permissions::from_mode(0o000)).unwrap();
    }
    let (status, _, stderr) = dir.run(&["clean", "in", "--out", "out"]);
    assert_eq!(status, 3, "{stderr}");
    assert!(stderr.contains("failed: b.txt: ") && stderr.contains("failed: c: "), "{stderr}");
    assert_eq!(dir.row("out", "c")["reason"], "unreadable");
    fs::set_permissions(dir.path("in/c"), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn names_that_are_not_utf_8_are_kept() {
    let dir = Dir::new();
    let name = OsStr::from_bytes(b"caf\xe9 100%.txt");
    fs::create_dir(dir.path("in")).unwrap();
    fs::write(dir.path("in").join(name), WITHOUT_CHROME).unwrap();
    assert_eq!(dir.run(&["clean", "in", "--out", "out"]).0, 0);
    assert_eq!(fs::read_to_string(dir.path("out").join(name)).unwrap(), WITHOUT_CHROME);
    let row = dir.row("out", "caf%E9 100%25.txt");
    assert_eq!(row["path_raw"], "636166e920313030252e747874");
    // The file can be found again by its row, and is replaced.
    assert_eq!(dir.run(&["clean", "in", "--out", "out", "--overwrite"]).0, 0);
    assert_eq!(dir.tree("out").len(), 3);
}

#[test]
fn control_characters_never_reach_the_terminal() {
    let dir = Dir::new();
    let bad = "\u{1b}[2J\u{9b}31m\u{202e}evil\u{2028}\r";
    dir.write(&format!("in/{bad}.jpg"), "x");
    dir.write("in/a.txt", format!("Text {bad} text.\n\nALSO READ: {bad}\n"));
    let missing = format!("{bad}.txt");
    let runs = [
        dir.run(&["clean", "in", "--out", "out", "-v", "--color", "never"]),
        dir.run(&["clean", "in", "--out", &format!("{bad}out"), "--color", "never"]),
        dir.run(&["clean", &missing, "--color", "never"]),
        dir.run(&["explain", "in/a.txt", "--color", "never"]),
        dir.run(&["explain", "in/a.txt", "--json"]),
        dir.run(&["rules", "show", bad, "--color", "never"]),
        dir.run(&["clean", "in", "--encoding", bad, "--out", "x", "--color", "never"]),
        dir.run(&["clean", "in", bad, "--out", "y", "--color", "never"]),
        dir.run(&["clean", &format!("--{bad}"), "--color", "never"]),
    ];
    for (number, (_, stdout, stderr)) in runs.iter().enumerate() {
        let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2028}');
        assert!(!stdout.contains(steers) && !stderr.contains(steers), "{number}: {stdout:?} {stderr:?}");
    }
}
