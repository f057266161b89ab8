//! `--shard` divides a run, and `dechrome report merge` joins what the parts reported.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use dechrome::formats::compression::{Codec, encode};
use serde_json::{Value, json};

/// Everything that a row or a list of the summary may tell of, under names whose order is not that of their bytes.
fn inputs(dir: &Dir) {
    for number in 0..12 {
        dir.write(&format!("in/a/{number}.txt"), format!("{WITH_CHROME}\n{number}\n"));
        dir.write(&format!("in/a-{number}.txt"), format!("{WITHOUT_CHROME}\n{number}\n"));
        dir.write(&format!("in/pictures/{number}.jpg"), "not looked at");
        dir.write(&format!("in/z/{number}.txt"), b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0");
        dir.write(&format!("in/tables/{number}.csv"), format!("a,b\n{number},2\n"));
        let of = |text: &str| json!({"url": format!("https://paper{}.example/1", number % 4), "text": text});
        let lines = format!("{}\n{}\nnot JSON\n{{}}\n", of(WITH_CHROME), of(WITHOUT_CHROME));
        dir.write(&format!("in/lines/{number}.jsonl"), &lines);
        let mut packed = Vec::new();
        encode(Codec::Gzip, lines.as_bytes(), &mut packed).unwrap();
        dir.write(&format!("in/lines/{number}.gz"), [&packed[..], b"garbage"].concat());
        dir.write(&format!("in/torn/{number}.jsonl.gz"), &packed[..packed.len() - 9]);
    }
}

fn shards(dir: &Dir, count: usize, more: &[&str]) -> Vec<String> {
    let clean = |index: usize| {
        let (out, shard) = (format!("part{index}"), format!("{index}/{count}"));
        let args = [&["clean", "in", "--out", &out, "--shard", &shard], more].concat();
        let (status, _, stderr) = dir.run(&args);
        assert!(status == 0 || status == 3, "{stderr}");
        assert_eq!(dir.summary(&out)["options"]["shard"], shard);
        out
    };
    (1..=count).map(clean).collect()
}

fn merge(dir: &Dir, parts: &[String], status: i32) -> String {
    let mut args = vec!["report", "merge", "--out", "merged"];
    args.extend(parts.iter().map(String::as_str));
    let (found, _, stderr) = dir.run(&args);
    assert_eq!(found, status, "{stderr}");
    stderr
}

/// The summary but for how long it took, and for what `--resume` wants to know of single runs.
fn lasting(dir: &Dir, out: &str) -> Value {
    let mut summary = dir.summary(out);
    summary["timings"].take();
    summary["containers"].take();
    summary
}

/// The outputs and what was put aside, without the reports.
fn outputs(dir: &Dir, out: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut tree = dir.tree(out);
    for name in ["report.jsonl", "summary.json"] {
        assert!(tree.remove(Path::new(name)).is_some(), "{out} has no {name}");
    }
    tree
}

#[test]
fn parts_together_are_what_one_run_gives() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("whole", &[], 3);
    let whole = outputs(&dir, "whole");
    let parts = shards(&dir, 3, &[]);
    let mut joined = BTreeMap::new();
    for part in &parts {
        let of_part = outputs(&dir, part);
        assert!(of_part.len() > whole.len() / 6, "{part} has {} files", of_part.len());
        for (path, bytes) in of_part {
            assert!(whole[&path] == bytes, "{}", path.display());
            assert!(joined.insert(path.clone(), bytes).is_none(), "{} is there twice", path.display());
        }
    }
    assert!(joined == whole);
    merge(&dir, &parts, 0);
    assert!(dir.bytes("merged/report.jsonl") == dir.bytes("whole/report.jsonl"));
    assert_eq!(dir.names("merged"), ["report.jsonl", "summary.json"]);
    let (merged, expected) = (lasting(&dir, "merged"), lasting(&dir, "whole"));
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(merged[name], *value, "{name}");
    }
    assert_eq!(merged.as_object().unwrap().len(), expected.as_object().unwrap().len());
    for list in ["skipped", "failed", "notes"] {
        assert_eq!(merged[list].as_array().unwrap().len() % 12, 0, "{list}");
        assert!(!merged[list].as_array().unwrap().is_empty(), "{list}");
    }
    assert_eq!(merged["by_site"].as_object().unwrap().len(), 4);
}

#[test]
fn containers_are_joined_in_order() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("whole", &[], 3);
    merge(&dir, &shards(&dir, 3, &[]), 0);
    let names = |out: &str| -> Vec<Value> {
        let containers = dir.summary(out)["containers"].clone();
        containers.as_array().unwrap().iter().map(|one| one["path"].clone()).collect()
    };
    assert_eq!(names("merged"), names("whole"));
}

#[test]
fn the_order_of_parts_does_not_matter() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("whole", &[], 3);
    let mut parts = shards(&dir, 3, &[]);
    parts.rotate_left(1);
    merge(&dir, &parts, 0);
    assert!(dir.bytes("merged/report.jsonl") == dir.bytes("whole/report.jsonl"));
    assert_eq!(lasting(&dir, "merged"), lasting(&dir, "whole"));
}

#[test]
fn files_that_come_and_go_do_not_move_others() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("before", &["--shard", "2/3"], 3);
    std::fs::remove_dir_all(dir.path("in/a")).unwrap();
    dir.write("in/0.txt", WITH_CHROME);
    dir.write("in/m.txt", WITH_CHROME);
    dir.clean("after", &["--shard", "2/3"], 3);
    let is_old = |path: &Path| !path.starts_with("a") && path != Path::new("0.txt") && path != Path::new("m.txt");
    let (before, after) = (outputs(&dir, "before"), outputs(&dir, "after"));
    assert!(before.iter().filter(|(path, _)| is_old(path)).eq(after.iter().filter(|(path, _)| is_old(path))));
    assert!(after.len() > 10);
}

#[test]
fn records_that_become_files_go_with_their_container() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("whole", &["--explode"], 3);
    let whole = outputs(&dir, "whole");
    let parts = shards(&dir, 3, &["--explode"]);
    assert_eq!(parts.iter().map(|part| outputs(&dir, part).len()).sum::<usize>(), whole.len());
    assert!(parts.iter().flat_map(|part| outputs(&dir, part)).all(|(path, bytes)| whole[&path] == bytes));
    merge(&dir, &parts, 0);
    assert!(dir.bytes("merged/report.jsonl") == dir.bytes("whole/report.jsonl"));
    assert_eq!(lasting(&dir, "merged"), lasting(&dir, "whole"));
}

#[test]
fn a_part_may_be_empty() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.clean("whole", &[], 0);
    let parts = shards(&dir, 4, &[]);
    let with_output: Vec<_> = parts.iter().filter(|part| dir.path(&format!("{part}/a.txt")).exists()).collect();
    assert_eq!(with_output.len(), 1);
    merge(&dir, &parts, 0);
    assert_eq!(dir.read("merged/report.jsonl"), dir.read("whole/report.jsonl"));
    assert_eq!(lasting(&dir, "merged"), lasting(&dir, "whole"));
}

#[test]
fn what_names_no_part_is_refused_with_a_hint() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    for shard in ["0/3", "4/3", "1/0", "1", "a/b", "1/2/3", "-1/2", ""] {
        let (status, _, stderr) = dir.run(&["clean", "in", "--out", "out", &format!("--shard={shard}")]);
        assert_eq!(status, 2, "{shard}");
        assert!(stderr.contains("--shard") && stderr.contains("2/8"), "{shard}: {stderr}");
        assert!(!dir.path("out").exists());
    }
    let (status, _, stderr) = dir.run(&["clean", "in/a.txt", "--shard", "1/2"]);
    assert!(status == 2 && stderr.contains("--out"), "{stderr}");
}

#[test]
fn a_part_that_is_named_twice_is_refused() {
    let dir = Dir::new();
    inputs(&dir);
    let parts = shards(&dir, 2, &[]);
    let before = dir.tree(".");
    for twice in [[&parts[..], &parts[1..]].concat(), [&parts[..1], &parts[..1]].concat()] {
        let stderr = merge(&dir, &twice, 2);
        assert!(stderr.contains("named twice") && stderr.contains(&twice[twice.len() - 1]), "{stderr}");
        assert!(dir.tree(".") == before, "something was written");
    }
}

#[test]
fn parts_of_different_runs_are_refused() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("part1", &["--shard", "1/2"], 3);
    dir.clean("part2", &["--shard", "2/2", "--preset", "recall"], 3);
    let before = dir.tree(".");
    let stderr = merge(&dir, &["part1".to_owned(), "part2".to_owned()], 2);
    assert!(stderr.contains("part2") && stderr.contains("options"), "{stderr}");
    let stderr = merge(&dir, &["part1".to_owned(), "in".to_owned()], 2);
    assert!(stderr.contains("in/summary.json"), "{stderr}");
    assert!(dir.tree(".") == before, "something was written");
    // A report that is there already is not replaced.
    dir.write("merged/report.jsonl", "mine");
    let stderr = merge(&dir, &["part1".to_owned()], 2);
    assert!(stderr.contains("exists") && dir.read("merged/report.jsonl") == "mine", "{stderr}");
}

#[test]
fn a_part_that_was_stopped_goes_on() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("whole", &["--shard", "1/2"], 3);
    dir.clean("out", &["--shard", "1/2", "--resume"], 3);
    dir.write("in/a/0.txt", WITHOUT_CHROME);
    dir.write("in/a/1.txt", WITHOUT_CHROME);
    dir.clean("changed", &["--shard", "1/2"], 3);
    dir.clean("out", &["--shard", "1/2", "--resume"], 3);
    assert!(outputs(&dir, "out") == outputs(&dir, "changed"));
    assert!(dir.bytes("out/report.jsonl") == dir.bytes("changed/report.jsonl"));
    // Another part is another run.
    dir.clean("other", &["--shard", "2/2"], 3);
    dir.clean("out", &["--shard", "2/2", "--resume"], 3);
    assert!(outputs(&dir, "out") == outputs(&dir, "other"));
    assert!(dir.bytes("out/report.jsonl") == dir.bytes("other/report.jsonl"));
}
