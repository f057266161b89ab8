//! What happens when the system says no, and when somebody says stop.
#![cfg(unix)]

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dechrome");

/// The tree of a run without what differs from run to run.
fn outputs(dir: &Dir, out: &str) -> std::collections::BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut tree = dir.tree(out);
    tree.remove(Path::new("summary.json"));
    tree
}

/// Runs a line of the shell, in which `$0` is the program.
fn shell(dir: &Dir, line: &str) -> std::process::Output {
    Command::new("sh").args(["-c", line, PROGRAM]).current_dir(dir.path(".")).output().unwrap()
}

/// Starts cleaning `in`, by a line of the shell, and waits until the first output is there.
fn started(dir: &Dir, line: &str) -> Child {
    let mut command = Command::new("sh");
    let mut child =
        command.args(["-c", line, PROGRAM]).stderr(Stdio::null()).current_dir(dir.path(".")).spawn().unwrap();
    while !dir.path("out/0").exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child
}

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn a_limit_on_the_sizes_of_files_stops_a_run_that_can_be_gone_on_with() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b.txt", WITHOUT_CHROME.repeat(1000));
    dir.clean("whole", &[], 0);
    let ended = shell(&dir, "ulimit -f 16; exec \"$0\" clean in --out out -q");
    let stderr = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(ended.status.code(), Some(4), "{stderr}");
    assert!(stderr.contains("b.txt`: File too large") && stderr.contains("--resume"), "{stderr}");
    assert!(!dir.path("out/b.txt").exists());
    dir.clean("out", &["--resume"], 0);
    assert_eq!(outputs(&dir, "out"), outputs(&dir, "whole"));
}

#[test]
fn too_few_open_files_lose_nothing() {
    let dir = Dir::new();
    for number in 0..40 {
        dir.write(&format!("in/{}/{number}.txt", number % 7), WITH_CHROME);
    }
    dir.clean("whole", &[], 0);
    for limit in [4, 5, 6, 7, 8, 9, 10, 12, 16, 24] {
        let ended = shell(&dir, &format!("ulimit -n {limit}; exec \"$0\" clean in --out out -q"));
        let complete =
            outputs(&dir, "whole") == if dir.path("out").exists() { outputs(&dir, "out") } else { [].into() };
        assert!(ended.status.code().is_some_and(|status| (status == 0) == complete), "{limit}: {:?}", ended.status);
        dir.clean("out", &["--resume"], 0);
        assert_eq!(outputs(&dir, "out"), outputs(&dir, "whole"), "{limit}");
        std::fs::remove_dir_all(dir.path("out")).unwrap();
    }
}

#[test]
fn a_hangup_stops_a_run_unless_it_was_to_be_ignored() {
    let dir = Dir::new();
    for number in 0..3000 {
        dir.write(&format!("in/{}/{number}.txt", number % 20), WITH_CHROME);
    }
    let mut child = started(&dir, "trap '' HUP; exec \"$0\" clean in --out out -q --threads 1");
    send("-HUP", &child);
    assert_eq!(child.wait().unwrap().code(), Some(0), "as under nohup");
    std::fs::remove_dir_all(dir.path("out")).unwrap();
    let mut child = started(&dir, "exec \"$0\" clean in --out out -q --threads 1");
    send("-HUP", &child);
    let status = child.wait().unwrap().code();
    // On a fast machine it may have been done already.
    let finished = dir.path("out/report.jsonl").exists();
    assert_eq!(status, Some(if finished { 0 } else { 4 }));
    dir.clean("out", &["--resume"], 0);
    assert_eq!(dir.tree("out").len(), 3002);
}

#[test]
fn what_is_written_down_at_once_is_the_same() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/sub/b.jsonl", format!("{}\nno record\n", serde_json::json!({ "text": WITH_CHROME })));
    dir.write("in/bad.txt", b"\0\x01\x02\0\0\x03".repeat(40));
    dir.clean("out", &[], 3);
    dir.clean("synced", &["--sync"], 3);
    assert_eq!(outputs(&dir, "out"), outputs(&dir, "synced"));
    let (status, _, stderr) = dir.run(&["clean", "in/a.txt", "--sync"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("--sync is about the files of an output directory"), "{stderr}");
}

#[test]
fn a_run_that_was_stopped_before_it_had_said_anything_is_begun_anew() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.clean("whole", &[], 0);
    let run = serde_json::json!({"run": {"fingerprint": dir.summary("whole")["fingerprint"], "rows": ".dechrome-rows-0.jsonl"}});
    for journal in [String::new(), run.to_string(), format!("{run}\n")] {
        dir.write("out/.dechrome-running.jsonl", &journal);
        dir.clean("out", &["--resume"], 0);
        assert_eq!(outputs(&dir, "out"), outputs(&dir, "whole"), "{journal:?}");
        std::fs::remove_dir_all(dir.path("out")).unwrap();
    }
}

#[test]
fn a_journal_that_says_nothing_leaves_the_earlier_one_in_force() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b.txt", WITHOUT_CHROME);
    dir.clean("out", &[], 0);
    let whole = outputs(&dir, "out");
    dir.write("out/.dechrome-running.jsonl", "");
    let stderr = dir.clean("out", &["--resume", "-v"], 0);
    assert!(stderr.contains("2 inputs taken over"), "{stderr}");
    assert_eq!(outputs(&dir, "out"), whole);
}
