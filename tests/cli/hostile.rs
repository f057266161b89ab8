//! Inputs made to break what reads them. Each is answered for, and none stops the others.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixListener;
use std::time::Duration;

use dechrome::formats::compression::Codec;
use serde_json::json;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, outcome};

/// Cleans `in` beside an ordinary text, which must come out whatever else there is; gives the status.
fn clean_beside_a_text(dir: &Dir) -> i32 {
    dir.write("in/ordinary.txt", WITHOUT_CHROME);
    let mut command = dir.dechrome(&["clean", "in", "--out", "out", "-q"]);
    command.timeout(Duration::from_secs(120));
    let (status, _, stderr) = outcome(&mut command);
    assert!(status == 0 || status == 3, "{status}: {stderr}");
    assert_eq!(dir.read("out/ordinary.txt"), WITHOUT_CHROME);
    assert_eq!(dir.run(&["restore", "out", "--verify"]).0, 0);
    status
}

#[test]
#[cfg(feature = "html")]
fn a_tag_of_very_many_attributes_costs_its_surplus_only() {
    let dir = Dir::new();
    let attributes = " a=\"b\"".repeat(100_000);
    dir.write("in/page.html", format!("<html><body><p{attributes}>The ferry runs again.</p></body></html>"));
    assert_eq!(clean_beside_a_text(&dir), 0);
    assert_eq!(dir.read("out/page.html"), "The ferry runs again.\n");
}

#[test]
#[cfg(feature = "html")]
fn elements_deep_down_by_the_thousand_are_read_without_a_tree() {
    let dir = Dir::new();
    let (deep, many) = ("<div>".repeat(400), "<p>The ferry runs.</p>".repeat(50_000));
    dir.write("in/page.html", format!("<html><body>{deep}{many}"));
    assert_eq!(clean_beside_a_text(&dir), 0);
    assert_eq!(dir.read("out/page.html").matches("The ferry runs.").count(), 50_000);
    assert!(dir.row("out", "page.html")["warnings"][0].as_str().unwrap().starts_with("too_complex"));
}

#[test]
fn sockets_and_directories_with_the_name_of_a_text_are_no_texts() {
    let dir = Dir::new();
    dir.write("in/directory.txt/inner.txt", WITHOUT_CHROME);
    let _socket = UnixListener::bind(dir.path("in/socket.txt")).unwrap();
    assert_eq!(clean_beside_a_text(&dir), 0);
    assert_eq!(dir.read("out/directory.txt/inner.txt"), WITHOUT_CHROME);
    assert_eq!(dir.summary("out")["skipped"], json!([{"path": "socket.txt", "reason": "not_a_regular_file"}]));
}

#[test]
fn every_byte_may_stand_in_a_name() {
    let dir = Dir::new();
    fs::create_dir_all(dir.path("in/deep")).unwrap();
    let names: Vec<Vec<u8>> = (1..=255).filter(|b| *b != b'/').map(|b| [&[b'x', b], &b".txt"[..]].concat()).collect();
    for name in &names {
        fs::write(dir.path("in/deep").join(OsStr::from_bytes(name)), WITH_CHROME).unwrap();
    }
    assert_eq!(clean_beside_a_text(&dir), 0);
    assert_eq!(dir.rows("out").len(), names.len() + 1);
    for name in &names {
        let kept = fs::read_to_string(dir.path("out/deep").join(OsStr::from_bytes(name))).unwrap();
        assert!(!kept.contains("ALSO READ"), "{name:?}");
    }
}

#[test]
fn names_that_differ_in_case_or_in_marks_alone_are_files_of_their_own() {
    let dir = Dir::new();
    let names = [
        "Case.txt",
        "case.txt",
        "caf\u{e9}.txt",
        "cafe\u{301}.txt",
        "CON.txt",
        "nul",
        "dot..txt",
        "-.txt",
        "--out.txt",
    ];
    for (number, name) in names.iter().enumerate() {
        dir.write(&format!("in/{name}"), format!("{number}: {WITHOUT_CHROME}"));
    }
    assert_eq!(clean_beside_a_text(&dir), 0);
    for (number, name) in names.iter().enumerate().filter(|(_, name)| name.contains(".txt")) {
        assert_eq!(dir.read(&format!("out/{name}")), format!("{number}: {WITHOUT_CHROME}"));
    }
}

#[test]
fn names_that_dechrome_gives_are_names_as_any_below_the_top() {
    let dir = Dir::new();
    let line = format!("{}\n", json!({"text": WITHOUT_CHROME}));
    for name in ["deep/report.jsonl", "deep/.dechrome-running.jsonl", "deep/quarantine/report.jsonl"] {
        dir.write(&format!("in/{name}"), &line);
    }
    dir.write("in/.dechrome-AbCdEfGhIjKl.tmp.txt", WITHOUT_CHROME);
    assert_eq!(clean_beside_a_text(&dir), 0);
    for name in ["deep/report.jsonl", "deep/.dechrome-running.jsonl", "deep/quarantine/report.jsonl"] {
        assert_eq!(dir.read(&format!("out/{name}")), line);
    }
    assert_eq!(dir.read("out/.dechrome-AbCdEfGhIjKl.tmp.txt"), WITHOUT_CHROME);
}

#[test]
fn hard_links_of_one_file_are_cleaned_each() {
    let dir = Dir::new();
    let first = dir.write("in/first.txt", WITH_CHROME);
    fs::hard_link(&first, dir.path("in/second.txt")).unwrap();
    assert_eq!(clean_beside_a_text(&dir), 0);
    assert_eq!(dir.bytes("out/first.txt"), dir.bytes("out/second.txt"));
    assert_eq!(dir.read("in/first.txt"), WITH_CHROME);
}

#[test]
fn a_tree_deeper_than_a_path_may_be_is_cleaned_as_far_as_it_can_be_named() {
    let dir = Dir::new();
    let levels = "dddd/".repeat(400);
    for part in ["upper", "middle", "lower"] {
        dir.write(&format!("{part}/{levels}a.txt"), WITHOUT_CHROME);
    }
    // The whole cannot be named by one path, so its parts are put into each other.
    fs::rename(dir.path("lower"), dir.path(&format!("middle/{levels}dddd"))).unwrap();
    fs::rename(dir.path("middle"), dir.path(&format!("upper/{levels}dddd"))).unwrap();
    fs::create_dir(dir.path("in")).unwrap();
    fs::rename(dir.path("upper"), dir.path("in/dddd")).unwrap();
    let status = clean_beside_a_text(&dir);
    let rows = dir.rows("out");
    let failed = rows.iter().filter(|row| row["status"] == "failed").count();
    assert_eq!(status, if failed > 0 { 3 } else { 0 });
    assert!(rows.iter().any(|row| row["path"] == format!("dddd/{levels}a.txt") && row["status"] == "unchanged"));
    assert!(failed > 0 || rows.len() == 4, "what could not be reached is not named");
}

#[test]
fn a_bomb_of_each_compression_is_put_aside() {
    let dir = Dir::new();
    let nothing = vec![b'a'; 80 << 20];
    let codecs =
        [(Codec::Gzip, "gz"), (Codec::Zstd, "zst"), (Codec::Bzip2, "bz2"), (Codec::Xz, "xz"), (Codec::Lz4, "lz4")];
    for (codec, extension) in codecs {
        dir.write(&format!("in/bomb.txt.{extension}"), crate::compressed::packed(codec, &[&nothing]));
    }
    assert_eq!(clean_beside_a_text(&dir), 3);
    for (_, extension) in codecs {
        let row = dir.row("out", &format!("bomb.txt.{extension}"));
        assert_eq!((&row["status"], &row["reason"]), (&json!("failed"), &json!("bomb")), "{row}");
        let name = format!("bomb.txt.{extension}");
        assert_eq!(dir.bytes(&format!("out/quarantine/{name}")), dir.bytes(&format!("in/{name}")));
    }
}

#[test]
fn lengths_that_lie_cost_no_memory_and_no_bytes() {
    let dir = Dir::new();
    let zstd = [&b"\x28\xB5\x2F\xFD\xE0"[..], &(1_u64 << 62).to_le_bytes(), &[9, 0, 0, b'a']].concat();
    let footer = [&b"PAR1"[..], &u32::MAX.to_le_bytes(), b"PAR1"].concat();
    let warc = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 18446744073709551615\r\n\r\ntext\r\n\r\n";
    for (name, bytes) in [("a.txt.zst", zstd.as_slice()), ("b.parquet", &footer), ("c.wet", warc)] {
        dir.write(&format!("in/{name}"), bytes);
    }
    assert_eq!(clean_beside_a_text(&dir), 3);
    for name in ["a.txt.zst", "c.wet"] {
        assert_eq!(dir.bytes(&format!("out/quarantine/{name}")), dir.bytes(&format!("in/{name}")));
    }
}

#[test]
fn hidden_characters_stay_and_are_told() {
    let dir = Dir::new();
    let hidden: String = "do as I say".bytes().filter_map(|b| char::from_u32(0xE0000 + u32::from(b))).collect();
    let text = format!("{WITHOUT_CHROME}Goodbye{hidden}.\n");
    dir.write("in/hidden.txt", &text);
    assert_eq!(clean_beside_a_text(&dir), 0);
    assert_eq!(dir.read("out/hidden.txt"), text);
    let warnings = dir.row("out", "hidden.txt")["warnings"].to_string();
    assert!(warnings.contains("11 invisible characters"), "{warnings}");
}

#[test]
fn a_file_of_holes_is_read_to_its_end_and_put_aside() {
    let dir = Dir::new();
    let mut file = fs::File::create(dir.write("in/holes.txt", "")).unwrap();
    file.write_all(b"The ferry runs again.\n").unwrap();
    file.set_len(40 << 20).unwrap();
    assert_eq!(clean_beside_a_text(&dir), 3);
    assert_eq!(dir.row("out", "holes.txt")["reason"], "binary");
    assert_eq!(fs::metadata(dir.path("out/quarantine/holes.txt")).unwrap().len(), 40 << 20);
}
