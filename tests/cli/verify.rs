//! What a run can answer for: outputs that are read again, inputs that move while they are read, mistakes of the program.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use dechrome::Cleaner;
use dechrome::formats::FieldNames;
use dechrome::pipeline::{
    Durability, Existing, Naming, Observer, Plan, Run, RunError, Seen, Settings, Silent, View, note_panic, run,
};
use dechrome::report::Summary;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};

/// A sentence that makes the program panic where a test wants that.
const MINE: &str = "A sentence over which the program makes a mistake.";

fn line(text: &str) -> String {
    serde_json::json!({ "text": text }).to_string() + "\n"
}

fn row(text: &str) -> String {
    format!("1,\"{}\"\n", text.replace('"', "\"\""))
}

fn record(text: &str) -> String {
    let header = format!("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: {}\r\n\r\n", text.len());
    header + text + "\r\n\r\n"
}

/// One input of each kind that holds these texts.
fn write_inputs(dir: &Dir, texts: &[&str]) {
    let all = |one: fn(&str) -> String| texts.iter().map(|text| one(text)).collect::<String>();
    dir.write("in/a.txt", texts.concat());
    dir.write("in/b.jsonl", all(line));
    dir.write("in/c.csv", "id,text\n".to_owned() + &all(row));
    dir.write("in/d.warc", all(record));
}

/// Cleans `in` to `out` through the library.
fn cleaned(dir: &Dir, view: Option<&dyn View>, observer: &dyn Observer, verify: bool) -> Result<Summary, RunError> {
    let (cleaner, fields) = (Cleaner::new(), FieldNames::default());
    let plan = Plan::new(&[dir.path("in")], &dir.path("out"), Existing::Refuse, Naming::default()).unwrap();
    run(&Run {
        plan: &plan,
        settings: Settings { view, verify, ..Settings::new(&cleaner, &fields) },
        shard: None,
        threads: NonZeroUsize::new(2).unwrap(),
        sync: Durability::default(),
        options: &Default::default(),
        observer,
        stop: &AtomicBool::new(false),
    })
}

#[test]
fn what_was_written_is_read_again() {
    let dir = Dir::new();
    write_inputs(&dir, &[WITH_CHROME, WITHOUT_CHROME]);
    dir.write("in/bad.txt", b"\0\x01\x02\0\0\x03".repeat(40));
    dir.write("in/bad.jsonl", line(WITH_CHROME) + "no record\n");
    let stderr = dir.clean("out", &["--verify"], 3);
    assert!(stderr.contains("7 files, ") && stderr.contains(" read again"), "{stderr}");
    assert_eq!(dir.summary("out")["verified"]["files"], 7);
    dir.clean("plain", &[], 3);
    assert_eq!(dir.summary("plain")["verified"], serde_json::Value::Null);
    let (mut out, mut plain) = (dir.tree("out"), dir.tree("plain"));
    [&mut out, &mut plain].into_iter().for_each(|tree| drop(tree.remove(Path::new("summary.json"))));
    assert_eq!(out, plain);
}

#[test]
fn every_way_of_compressing_outputs_is_read_again() {
    let dir = Dir::new();
    write_inputs(&dir, &[WITH_CHROME, WITHOUT_CHROME]);
    for how in ["gzip", "zstd", "bzip2", "xz", "lz4"] {
        dir.clean(how, &["--verify", "--compress", how], 0);
        assert_eq!(dir.summary(how)["verified"]["files"], 4, "{how}");
    }
    dir.clean("exploded", &["--verify", "--explode", "--compress", "zstd"], 0);
    assert_eq!(dir.summary("exploded")["verified"]["files"], 7);
}

/// Changes a byte of a file, and nothing else that could be seen without reading it.
fn spoil(path: &Path) {
    let time = fs::metadata(path).unwrap().modified().unwrap();
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(path, bytes).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn what_an_earlier_run_wrote_is_read_again_before_it_is_taken_over() {
    let dir = Dir::new();
    write_inputs(&dir, &[WITH_CHROME, WITHOUT_CHROME]);
    dir.write("in/bad.jsonl", line(WITH_CHROME) + "no record\n");
    for (more, spoilt) in [
        (&[][..], &["a.txt", "b.jsonl", "c.csv", "d.warc", "bad.jsonl", "quarantine/bad.jsonl"][..]),
        (&["--explode"], &["b.jsonl/000000/000000001.txt"]),
        (&["--compress", "gzip"], &["b.jsonl.gz"]),
    ] {
        let with = |option: &'static [&'static str]| [more, option].concat();
        let out = format!("out{}", more.concat());
        dir.clean(&out, &with(&[]), 3);
        let good = dir.tree(&out);
        for name in spoilt {
            spoil(&dir.path(&format!("{out}/{name}")));
            dir.clean(&out, &with(&["--resume"]), 3);
            assert_ne!(dir.bytes(&format!("{out}/{name}")), good[Path::new(name)], "{name}");
            let stderr = dir.clean(&out, &with(&["--resume", "--verify", "-v"]), 3);
            assert!(stderr.contains(", 1 done again") || out != "out", "{name}: {stderr}");
            assert_eq!(dir.bytes(&format!("{out}/{name}")), good[Path::new(name)], "{name}");
        }
    }
}

/// Changes what is being written before it gets its name.
struct Spoiler(PathBuf);

impl Observer for Spoiler {
    fn documents(&self, _: u64, _: u64) {
        let entries = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().path());
        for temp in entries.filter(|path| path.extension().is_some_and(|extension| extension == "tmp")) {
            let mut file = fs::File::options().write(true).open(temp).unwrap();
            file.seek(SeekFrom::Start(3)).unwrap();
            file.write_all(b"#").unwrap();
        }
    }
}

#[test]
fn an_output_that_does_not_hold_gets_no_name_and_its_input_is_kept() {
    let dir = Dir::new();
    dir.write("in/b.jsonl", line(WITH_CHROME) + &line(WITHOUT_CHROME));
    let summary = cleaned(&dir, None, &Spoiler(dir.path("out")), true).unwrap();
    assert_eq!(summary.totals.reasons.get("unverified"), Some(&1));
    assert_eq!((summary.failed.len(), dir.path("out/b.jsonl").exists()), (1, false));
    assert_eq!(dir.bytes("out/quarantine/b.jsonl"), dir.bytes("in/b.jsonl"));
    let row = dir.rows("out").pop().unwrap();
    assert_eq!((&row["reason"], &row["quarantine"]["of"]), (&"unverified".into(), &"file".into()));
    assert_eq!(row["quarantine"]["bytes"], dir.bytes("in/b.jsonl").len());
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(dir.bytes("back/b.jsonl"), dir.bytes("in/b.jsonl"));
}

#[test]
fn a_stream_cannot_be_read_again() {
    let dir = Dir::new();
    dir.write("a.txt", WITH_CHROME);
    let (status, _, stderr) = dir.run(&["clean", "a.txt", "--verify"]);
    assert!(status == 2 && stderr.contains("--verify reads again what was written to an output directory"), "{stderr}");
    let (status, _, stderr) = dir.run(&["clean", "a.txt", "--verify", "--dry-run"]);
    assert_eq!(status, 0, "{stderr}");
    dir.write("dechrome.toml", "verify = true\n");
    let (status, _, stderr) = dir.run(&["clean", "a.txt", "--out", "out"]);
    assert!(status == 0 && stderr.contains("1 file, ") && stderr.contains("read again"), "{stderr}");
}

/// Does something to the file that a text is from, while that is being worked on.
struct Meddler(fn(&Path));

impl std::fmt::Debug for Meddler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a meddler")
    }
}

impl View for Meddler {
    fn text(&self, seen: &Seen<'_>, _: &mut Vec<u8>) {
        (self.0)(seen.source.unwrap());
    }
}

fn grow(path: &Path) {
    fs::File::options().append(true).open(path).unwrap().write_all(b"and more\n").unwrap();
}

fn shrink(path: &Path) {
    fs::File::options().write(true).open(path).unwrap().set_len(5).unwrap();
}

fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}

fn replace(path: &Path) {
    let other = path.with_file_name("other");
    fs::copy(path, &other).unwrap();
    fs::rename(other, path).unwrap();
}

#[test]
fn inputs_that_move_while_they_are_read_are_named() {
    for (meddle, says) in [
        (grow as fn(&Path), "it grew from"),
        (shrink, "it shrank from"),
        (remove, "it was removed while it was read"),
        (replace, "another file took its place while it was read"),
    ] {
        for (name, text) in [("a.txt", WITH_CHROME.to_owned()), ("b.jsonl", line(WITH_CHROME))] {
            let dir = Dir::new();
            dir.write(&format!("in/{name}"), text);
            let summary = cleaned(&dir, Some(&Meddler(meddle)), &Silent, false).unwrap();
            let changed: Vec<_> = summary.changed.iter().map(|it| (it.path.as_str(), &*it.reason)).collect();
            assert_eq!(changed, [(name, "changed")], "{says}");
            assert!(!summary.is_whole() && dir.read("out/summary.json").contains(says), "{says}");
            assert!(name != "a.txt" || dir.row("out", name)["warnings"].to_string().contains(says), "{says}");
            assert_eq!(dir.summary("out")["documents"]["cleaned"], 1);
        }
    }
}

/// Panics over some texts.
#[derive(Debug)]
struct Panicking;

impl View for Panicking {
    fn text(&self, seen: &Seen<'_>, _: &mut Vec<u8>) {
        assert!(!seen.text.contains(MINE), "a made-up mistake");
    }
}

#[test]
fn a_mistake_of_the_program_fails_one_document_and_tells_its_place() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        note_panic(panic);
        usual(panic);
    }));
    let dir = Dir::new();
    write_inputs(&dir, &[WITH_CHROME, WITHOUT_CHROME]);
    write_inputs_of_a_mistake(&dir);
    let summary = cleaned(&dir, Some(&Panicking), &Silent, true).unwrap();
    assert_eq!(summary.totals.reasons.get("panicked"), Some(&4));
    assert_eq!(summary.totals.documents.total, 7 + 1 + 9);
    for (name, aside) in
        [("x.txt", MINE.to_owned()), ("x.jsonl", line(MINE)), ("x.csv", row(MINE)), ("x.warc", record(MINE))]
    {
        assert_eq!(dir.read(&format!("out/quarantine/{name}")), aside);
        assert!(!dir.path(&format!("out/{name}")).exists() || !dir.read(&format!("out/{name}")).contains(MINE));
    }
    let told = dir.row("out", "x.txt")["warnings"][0].as_str().unwrap().to_owned();
    assert!(
        told.starts_with("this is a mistake in dechrome, please report it: a made-up mistake (at tests/cli/"),
        "{told}"
    );
}

fn write_inputs_of_a_mistake(dir: &Dir) {
    dir.write("in/x.txt", MINE);
    let texts = [WITHOUT_CHROME, MINE, WITH_CHROME];
    let all = |one: fn(&str) -> String| texts.iter().map(|text| one(text)).collect::<String>();
    dir.write("in/x.jsonl", all(line));
    dir.write("in/x.csv", "id,text\n".to_owned() + &all(row));
    dir.write("in/x.warc", all(record));
}

/// Panics when it is told of something.
struct Clumsy;

impl Observer for Clumsy {
    fn documents(&self, _: u64, _: u64) {
        panic!("a made-up mistake elsewhere");
    }
}

#[test]
fn a_mistake_elsewhere_ends_the_run_which_can_be_gone_on_with() {
    let dir = Dir::new();
    write_inputs(&dir, &[WITH_CHROME, WITHOUT_CHROME]);
    let error = cleaned(&dir, None, &Clumsy, false).unwrap_err().to_string();
    assert!(error.contains("a made-up mistake elsewhere") && error.contains("--resume"), "{error}");
    assert!(!dir.path("out/summary.json").exists());
    let plan = Plan::new(&[dir.path("in")], &dir.path("out"), Existing::Refuse, Naming::default());
    assert!(plan.unwrap_err().to_string().contains("did not finish"));
    dir.clean("out", &["--overwrite"], 0);
}

#[test]
fn a_file_of_which_nothing_is_left_to_tell_has_a_row() {
    let dir = Dir::new();
    dir.write("in/blank.jsonl", "\n\n");
    dir.clean("out", &["--explode"], 0);
    assert_eq!(dir.row("out", "blank.jsonl")["reason"], "no_text");
}
