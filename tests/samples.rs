//! The samples, through the program: what is kept, and what the report says of every document.
//!
//! `BLESS=1 cargo test --test samples` writes `samples/report` anew; read its diff. `samples/expected` is written by hand
//! and never blessed.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

fn samples(directory: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("samples").join(directory)
}

/// The files below a directory by their path relative to it.
fn tree(root: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut directories = vec![root.to_owned()];
    while let Some(directory) = directories.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                directories.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

fn cleaned() -> (BTreeMap<String, String>, BTreeMap<String, Value>) {
    let out = tempfile::tempdir().unwrap();
    let mut command = Command::cargo_bin("dechrome").unwrap();
    command.arg("clean").arg(samples("in")).arg("--out").arg(out.path()).assert().success();
    let mut files = tree(out.path());
    let report = files.remove("report.jsonl").unwrap();
    files.remove("summary.json").unwrap();
    let rows = report.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    (files, rows.map(|row| (row["path"].as_str().unwrap().to_owned(), row)).collect())
}

#[test]
fn samples_come_out_as_expected() {
    let (files, _) = cleaned();
    let expected = tree(&samples("expected"));
    assert_eq!(files.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for (name, expected) in &expected {
        assert_eq!(&files[name], expected, "{name}");
    }
}

#[test]
fn the_report_says_what_was_removed_and_why() {
    let (_, rows) = cleaned();
    let directory = samples("report");
    for (name, row) in &rows {
        let file = directory.join(name).with_extension("json");
        let shown = serde_json::to_string_pretty(row).unwrap() + "\n";
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(&file, &shown).unwrap();
        }
        assert_eq!(fs::read_to_string(&file).unwrap_or_default(), shown, "{name}");
    }
    assert_eq!(tree(&directory).len(), rows.len(), "samples/report holds the row of a sample that is gone");
}

#[test]
fn samples_with_nothing_to_remove_are_untouched() {
    let (_, rows) = cleaned();
    for name in ["poem/notice-on-a-gate.txt", "recipe/four-tin-seed-loaf.txt", "tech/banners-and-buttons.txt"] {
        assert_eq!(rows[name]["status"], "unchanged", "{name}");
    }
}

#[test]
fn every_byte_of_every_sample_is_accounted_for() {
    let (files, rows) = cleaned();
    for (name, text) in tree(&samples("in")) {
        let row = &rows[&name];
        let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let removed = row["removed"].as_array().unwrap();
        let taken: usize = removed.iter().map(|removal| number(&removal["end"]) - number(&removal["start"])).sum();
        assert_eq!(number(&row["bytes_text"]), number(&row["bytes_kept"]) + taken, "{name}");
        let mut kept = text.clone();
        for removal in removed.iter().rev() {
            let range = number(&removal["start"])..number(&removal["end"]);
            assert_eq!(&text[range.clone()], removal["text"].as_str().unwrap(), "{name}");
            kept.replace_range(range, "");
        }
        assert_eq!(kept, files[&name], "{name}");
    }
}
