//! `--overwrite` replaces what dechrome wrote, and nothing else.

use std::fs;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};

const AGAIN: [&str; 5] = ["clean", "in", "--out", "out", "--overwrite"];

/// A directory with an input that was cleaned once.
fn cleaned() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/sub/deep/b.txt", WITHOUT_CHROME);
    assert_eq!(dir.run(&["clean", "in", "--out", "out"]).0, 0);
    dir
}

#[cfg(unix)]
#[test]
fn two_runs_do_not_write_to_one_directory() {
    use rustix::fs::{FlockOperation, flock};
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    std::fs::create_dir(dir.path("out")).unwrap();
    // What another run does first.
    let other = std::fs::File::open(dir.path("out")).unwrap();
    flock(&other, FlockOperation::NonBlockingLockExclusive).unwrap();
    for more in [&[][..], &["--resume"], &["--overwrite"]] {
        let stderr = dir.clean("out", more, 2);
        assert!(stderr.contains("another run is writing, or has just written, to `"), "{stderr}");
        assert!(dir.names("out").is_empty());
    }
    drop(other);
    dir.clean("out", &[], 0);
}

#[test]
fn a_finished_output_is_replaced_and_stale_files_go() {
    let dir = cleaned();
    fs::remove_dir_all(dir.path("in/sub")).unwrap();
    dir.write("in/c.txt", WITHOUT_CHROME);
    let (status, _, stderr) = dir.run(&AGAIN);
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(dir.names("out"), ["a.txt", "c.txt", "report.jsonl", "summary.json"]);
}

#[test]
fn a_file_may_become_a_directory_and_the_other_way_round() {
    let dir = cleaned();
    fs::remove_dir_all(dir.path("in")).unwrap();
    dir.write("in/a.txt/x.txt", WITHOUT_CHROME);
    dir.write("in/sub.txt", WITHOUT_CHROME);
    assert_eq!(dir.run(&AGAIN).0, 0);
    assert_eq!(dir.names("out"), ["a.txt", "report.jsonl", "sub.txt", "summary.json"]);
    assert_eq!(dir.read("out/a.txt/x.txt"), WITHOUT_CHROME);
}

#[test]
fn files_of_others_stay_and_are_not_written_over() {
    let dir = cleaned();
    dir.write("out/sub/mine.txt", "mine");
    dir.write("out/also.txt", "mine");
    dir.write("in/also.txt", WITHOUT_CHROME);
    let (status, _, stderr) = dir.run(&AGAIN);
    assert_eq!(status, 3, "{stderr}");
    assert!(stderr.contains("failed: also.txt: ") && stderr.contains("did not write"), "{stderr}");
    assert_eq!((dir.read("out/sub/mine.txt"), dir.read("out/also.txt")), ("mine".into(), "mine".into()));
    assert_eq!(dir.row("out", "also.txt")["reason"], "unwritable");
    // What failed is not dechrome's, so the next run does not delete it either.
    assert_eq!(dir.run(&AGAIN).0, 3);
    assert_eq!(dir.read("out/also.txt"), "mine");
}

#[test]
fn a_report_cannot_point_outside() {
    let dir = cleaned();
    let victim = dir.write("victim.txt", "mine");
    let row = |path: &str| format!("{{\"schema\":1,\"path\":{path:?},\"status\":\"cleaned\"}}\n");
    let absolute = victim.to_str().unwrap();
    let raw = "{\"schema\":1,\"path\":\"x\",\"path_raw\":\"2e2e2f76696374696d2e747874\",\"status\":\"cleaned\"}\n";
    let paths = ["../victim.txt", "sub/../../victim.txt", absolute, "./../victim.txt", "sub"];
    dir.write("out/report.jsonl", paths.map(row).concat() + raw + "{torn");
    assert_eq!(dir.run(&AGAIN).0, 3, "a.txt is listed no more, so it is foreign");
    assert_eq!(dir.read("victim.txt"), "mine");
}

#[cfg(unix)]
#[test]
fn links_in_the_output_are_not_followed() {
    let dir = cleaned();
    dir.write("elsewhere/deep/b.txt", "mine");
    fs::remove_dir_all(dir.path("out/sub")).unwrap();
    std::os::unix::fs::symlink(dir.path("elsewhere"), dir.path("out/sub")).unwrap();
    let (status, _, stderr) = dir.run(&AGAIN);
    assert_eq!(status, 3, "{stderr}");
    assert_eq!(dir.read("elsewhere/deep/b.txt"), "mine");
}

#[test]
fn a_stopped_run_is_known_and_can_be_started_again() {
    let dir = cleaned();
    // As a killed run leaves it: a marker that lists names, some of them written, and a temporary file.
    fs::remove_file(dir.path("out/report.jsonl")).unwrap();
    fs::remove_file(dir.path("out/summary.json")).unwrap();
    dir.write("out/.dechrome-running.jsonl", "{\"path\":\"a.txt\"}\n{\"path\":\"sub/deep/b.txt\"}\n{\"path\":\"z.t");
    dir.write("out/sub/.dechrome-0123456789ab.tmp", "half");
    fs::remove_dir_all(dir.path("in/sub")).unwrap();
    let (status, _, stderr) = dir.run(&AGAIN[..4]);
    assert!(status == 2 && stderr.contains("did not finish"), "{stderr}");
    let (status, _, stderr) = dir.run(&AGAIN);
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(dir.names("out"), ["a.txt", "report.jsonl", "summary.json"]);
}

#[test]
fn a_mistake_is_found_before_anything_is_deleted() {
    let dir = cleaned();
    let before = dir.tree("out");
    let wrong = [&AGAIN[..], &["--encoding", "klingon"]].concat();
    assert_eq!(dir.run(&wrong).0, 2);
    assert!(dir.tree("out") == before);
}

#[cfg(unix)]
#[test]
fn a_killed_run_leaves_whole_files_only_and_can_be_run_again() {
    let dir = Dir::new();
    for number in 0..2000 {
        dir.write(&format!("in/{}/{number}.txt", number % 20), WITH_CHROME);
    }
    assert_eq!(dir.run(&["clean", "in", "--out", "good"]).0, 0);
    let good = dir.tree("good");
    for millis in [1, 3, 6, 10, 15, 25, 40] {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_dechrome"))
            .args(AGAIN)
            .arg("-q")
            .current_dir(dir.path("."))
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(millis));
        child.kill().unwrap();
        child.wait().unwrap();
        if dir.path("out").exists() {
            let written = dir.tree("out").into_iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "txt"));
            assert!(written.into_iter().all(|(path, bytes)| good[&path] == bytes));
        }
    }
    assert_eq!(dir.run(&AGAIN).0, 0);
    let mut again = dir.tree("out");
    let summary = std::path::Path::new("summary.json");
    again.insert(summary.to_owned(), good[summary].clone());
    assert!(again == good);
}

#[cfg(unix)]
#[test]
fn a_signal_stops_a_run_early() {
    let dir = Dir::new();
    for number in 0..3000 {
        dir.write(&format!("in/{}/{number}.txt", number % 20), WITH_CHROME);
    }
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_dechrome"))
        .args(["clean", "in", "--out", "out", "-q", "--threads", "1"])
        .stderr(std::process::Stdio::null())
        .current_dir(dir.path("."))
        .spawn()
        .unwrap();
    while !dir.path("out/0").exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap().code();
    let names = dir.names("out");
    // On a fast machine it may have been done already.
    let finished = names.iter().any(|name| name == "report.jsonl");
    assert_eq!(status, Some(if finished { 0 } else { 4 }), "{sent} {names:?}");
    assert!(names.iter().all(|name| !name.ends_with(".tmp")), "{names:?}");
    assert_eq!(dir.run(&["clean", "in", "--out", "out", "--overwrite"]).0, 0);
    assert_eq!(dir.tree("out").len(), 3002);
}
