//! `--resume` goes on with a run that was stopped, and comes to what an uninterrupted run comes to.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use dechrome::formats::compression::{Codec, encode};
use serde_json::{Value, json};

/// Lines of several batches: large other fields, cheap texts, and some that are no JSON.
fn lines(count: usize) -> String {
    with_bad(count, "{not JSON\n")
}

fn with_bad(count: usize, bad: &str) -> String {
    let pad = "0123456789abcdef".repeat(512);
    let line = |number: usize| match number % 50 {
        25 => bad.to_owned(),
        0 => format!("{}\n", json!({"number": number, "text": WITH_CHROME})),
        _ => format!("{}\n", json!({"number": number, "pad": pad, "text": format!("It rained on day {number}.")})),
    };
    (0..count).map(line).collect()
}

/// Containers of several batches between documents.
fn inputs(dir: &Dir) {
    inputs_with_bad(dir, "{not JSON\n");
}

fn inputs_with_bad(dir: &Dir, bad: &str) {
    for number in 0..40 {
        dir.write(&format!("in/a/{number}.txt"), format!("{WITH_CHROME}\n{number}\n"));
        dir.write(&format!("in/z/{number}.txt"), format!("{WITHOUT_CHROME}\n{number}\n"));
    }
    dir.write("in/m.jsonl", with_bad(900, bad));
    let mut packed = Vec::new();
    encode(Codec::Gzip, with_bad(500, bad).as_bytes(), &mut packed).unwrap();
    dir.write("in/n/deep.jsonl.gz", packed);
}

/// A run that goes on with what is there; it is not waited for.
fn begin(dir: &Dir, more: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dechrome"));
    command.args(["clean", "in", "--out", "out", "--resume", "-q"]).args(more).current_dir(dir.path("."));
    command.stderr(Stdio::null()).spawn().unwrap()
}

/// Kills a run as soon as its journal has so many lines with this.
fn kill_at(dir: &Dir, more: &[&str], mark: &str, count: usize) {
    assert!(kills_at(dir, more, mark, count), "no {count} × {mark}");
}

/// The same; whether the run was not faster.
fn kills_at(dir: &Dir, more: &[&str], mark: &str, count: usize) -> bool {
    let mut child = begin(dir, more);
    let journal = dir.path("out/.dechrome-running.jsonl");
    let limit = Instant::now() + Duration::from_secs(60);
    loop {
        let found = fs::read_to_string(&journal).unwrap_or_default().matches(mark).count();
        assert!(Instant::now() < limit, "no {count} × {mark}");
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if found >= count {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    true
}

/// The tree without the summary, and the summary without what may differ.
fn outcome(dir: &Dir, out: &str) -> (BTreeMap<PathBuf, Vec<u8>>, Value) {
    let mut tree = dir.tree(out);
    let summary = tree.remove(Path::new("summary.json")).unwrap_or_else(|| panic!("{out} is not finished"));
    let mut summary: Value = serde_json::from_slice(&summary).unwrap();
    summary["timings"].take();
    (tree, summary)
}

/// Checks that two outputs are the same, and says what differs.
fn same(dir: &Dir, out: &str, expected: &str) {
    let ((tree, summary), (good, good_summary)) = (outcome(dir, out), outcome(dir, expected));
    let names = |tree: &BTreeMap<PathBuf, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&tree), names(&good));
    let different: Vec<_> = tree.iter().filter(|(path, bytes)| good[*path] != **bytes).map(|(path, _)| path).collect();
    assert!(different.is_empty(), "{different:?}");
    assert_eq!(summary, good_summary);
}

#[test]
fn a_run_that_was_killed_inside_a_container_goes_on_there() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("whole", &[], 3);
    assert!(dir.tree("whole").contains_key(Path::new("quarantine/n/deep.jsonl.gz")));
    // Ends of parts of the first container, and of the second one.
    let mut killed = 0;
    for count in [1, 2, 3, 4, 6, 8, 10] {
        // Near its end a run may be faster than its murderer.
        killed += u32::from(kills_at(&dir, &[], "{\"at\":", count));
        dir.clean("out", &["--resume"], 3);
        same(&dir, "out", "whole");
        fs::remove_dir_all(dir.path("out")).unwrap();
    }
    assert!(killed >= 3, "{killed}");
    // And all of that in one run.
    for _ in 0..4 {
        kill_at(&dir, &[], "{\"at\":", 2);
    }
    dir.clean("out", &["--resume"], 3);
    same(&dir, "out", "whole");
}

#[test]
fn a_run_may_be_killed_at_any_time() {
    let dir = Dir::new();
    // Without what goes to quarantine; see the test after this one.
    inputs_with_bad(&dir, "{\"text\":7}\n");
    for (whole, more) in [("plain", &[][..]), ("files", &["--explode"][..])] {
        let start = Instant::now();
        dir.clean(whole, more, 0);
        let millis = start.elapsed().as_millis() as u64;
        for number in 0..10 {
            // Twice, at times that are spread over the run, and to the end.
            for part in [number, number * 3 % 10] {
                let mut child = begin(&dir, more);
                std::thread::sleep(Duration::from_millis(5 + millis * part / 12));
                // Where the run was done already, the rest is a run after a finished one.
                child.kill().unwrap();
                child.wait().unwrap();
                if dir.path("out/summary.json").exists() {
                    break;
                }
            }
            dir.clean("out", &[&["--resume"], more].concat(), 0);
            same(&dir, "out", whole);
            fs::remove_dir_all(dir.path("out")).unwrap();
        }
    }
}

#[test]
fn a_run_that_was_killed_behind_a_container_with_bad_lines_goes_on() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", lines(30));
    for number in 0..100 {
        dir.write(&format!("in/z/{number}.txt"), WITH_CHROME.repeat(20));
    }
    dir.clean("whole", &[], 3);
    for more in [&["-j1"][..], &["-j1", "--explode"][..]] {
        let mut child = begin(&dir, more);
        while !dir.path("out/quarantine/a.jsonl").exists() {
            assert!(child.try_wait().unwrap().is_none());
            std::thread::sleep(Duration::from_millis(1));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        dir.clean("out", &[&["--resume"], more].concat(), 3);
        fs::remove_dir_all(dir.path("out")).unwrap();
    }
}

#[test]
fn a_finished_run_sees_what_changed_since() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("out", &[], 3);
    let written = |name: &str| fs::metadata(dir.path(name)).unwrap().modified().unwrap();
    let before = written("out/a/1.txt");
    dir.clean("out", &["--resume"], 3);
    assert_eq!(written("out/a/1.txt"), before);
    dir.write("in/a/2.txt", WITHOUT_CHROME);
    dir.write("in/a/new.txt", WITH_CHROME);
    dir.write("in/m.jsonl", lines(300));
    dir.write("in/o.jsonl", lines(30));
    fs::remove_file(dir.path("in/a/3.txt")).unwrap();
    fs::remove_dir_all(dir.path("in/n")).unwrap();
    dir.clean("out", &["--resume"], 3);
    dir.clean("fresh", &[], 3);
    same(&dir, "out", "fresh");
    assert_eq!(written("out/a/1.txt"), before);
}

#[test]
fn inputs_that_changed_while_the_run_was_stopped_are_seen() {
    let dir = Dir::new();
    inputs(&dir);
    kill_at(&dir, &[], "\"done\":", 40);
    dir.write("in/a/2.txt", WITHOUT_CHROME);
    dir.write("in/a/new.txt", WITH_CHROME);
    fs::remove_file(dir.path("in/a/3.txt")).unwrap();
    dir.clean("out", &["--resume"], 3);
    dir.clean("fresh", &[], 3);
    same(&dir, "out", "fresh");
}

#[test]
fn a_container_that_changed_while_the_run_was_stopped_leaves_nothing() {
    let dir = Dir::new();
    inputs(&dir);
    kill_at(&dir, &[], "{\"at\":", 3);
    dir.write("in/m.jsonl", lines(60));
    dir.clean("out", &["--resume"], 3);
    dir.clean("fresh", &[], 3);
    same(&dir, "out", "fresh");
}

#[test]
fn a_resumed_run_that_is_stopped_before_where_the_first_one_came_to_can_be_resumed() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("out", &[], 3);
    // The container has a new date and is read again, and behind it stand documents of which the finished run tells.
    let container = fs::File::options().write(true).open(dir.path("in/m.jsonl")).unwrap();
    container.set_modified(std::time::SystemTime::now()).unwrap();
    dir.clean("whole", &[], 3);
    kill_at(&dir, &[], "{\"at\":", 4);
    dir.clean("out", &["--resume"], 3);
    same(&dir, "out", "whole");
}

#[test]
fn other_options_start_again_and_say_so() {
    let dir = Dir::new();
    inputs(&dir);
    kill_at(&dir, &[], "{\"at\":", 3);
    let stderr = dir.clean("out", &["--resume", "--preset", "recall"], 3);
    assert!(stderr.contains("other rules or options"), "{stderr}");
    dir.clean("fresh", &["--preset", "recall"], 3);
    same(&dir, "out", "fresh");
}

#[test]
fn there_need_be_nothing_to_resume() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", lines(20));
    dir.clean("out/deep", &["--resume"], 0);
    dir.clean("fresh", &[], 0);
    same(&dir, "out/deep", "fresh");
}

#[test]
fn files_of_others_survive() {
    let dir = Dir::new();
    inputs(&dir);
    dir.clean("whole", &[], 3);
    kill_at(&dir, &[], "{\"at\":", 3);
    let others = ["out/mine.txt", "out/a/mine.txt", "out/quarantine/mine.txt", "out/m.jsonl.bak"];
    others.iter().for_each(|name| drop(dir.write(name, "mine")));
    dir.clean("out", &["--resume"], 3);
    for name in others {
        assert_eq!(dir.read(name), "mine", "{name}");
        fs::remove_file(dir.path(name)).unwrap();
    }
    same(&dir, "out", "whole");
}
