//! Mistakes of the caller: each is told with what to do, ends with status 2, and writes nothing.

use std::fs;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};

/// A directory with a small tree, and the same as a list of all its files.
fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("other/in/a.txt", WITHOUT_CHROME);
    dir.write("full/notes.txt", "mine");
    dir
}

/// Runs the program, which must refuse, name all of `said`, and leave every file as it was.
#[track_caller]
fn refused(dir: &Dir, args: &[&str], said: &[&str]) {
    let before = dir.tree(".");
    let (status, stdout, stderr) = dir.run(args);
    assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
    assert!(stderr.starts_with("error: "), "{stderr}");
    for word in said {
        assert!(stderr.contains(word), "`{word}` is not said in: {stderr}");
    }
    assert!(dir.tree(".") == before, "something was written");
}

#[test]
fn a_missing_input_is_named() {
    refused(&ready(), &["clean", "in", "nowhere/b.txt", "--out", "out"], &["nowhere/b.txt", "check its name"]);
    refused(&ready(), &["clean", "nowhere.txt"], &["nowhere.txt"]);
    refused(&ready(), &["explain", "nowhere.txt"], &["nowhere.txt"]);
    assert!(!ready().path("out").exists());
}

#[test]
fn out_needs_inputs_and_several_inputs_need_out() {
    refused(&ready(), &["clean", "--out", "out"], &["no INPUT"]);
    refused(&ready(), &["clean", "-", "--out", "out"], &["standard input", "--out"]);
    refused(&ready(), &["clean", "in/a.txt", "full/notes.txt"], &["add --out DIR"]);
    refused(&ready(), &["clean", "in"], &["`in`", "directory", "add --out DIR"]);
    refused(&ready(), &["clean", "in/a.txt", "--overwrite"], &["--out"]);
    refused(&ready(), &["clean", "in", "--out", "out", "--report", "r.jsonl"], &["--report"]);
}

#[test]
fn an_output_that_is_or_holds_an_input_is_refused() {
    for out in ["in", "./in/", ".", "in/../in"] {
        for overwrite in [&[][..], &["--overwrite"]] {
            let args = [&["clean", "in", "--out", out], overwrite].concat();
            refused(&ready(), &args, &["INPUT `in`", "choose a directory"]);
        }
    }
    refused(&ready(), &["clean", "in/a.txt", "--out", "in"], &["in/a.txt"]);
}

#[cfg(unix)]
#[test]
fn links_do_not_hide_that_an_output_holds_an_input() {
    let dir = ready();
    std::os::unix::fs::symlink(dir.path("in"), dir.path("link")).unwrap();
    refused(&dir, &["clean", "in", "--out", "link"], &["choose a directory"]);
    refused(&dir, &["clean", "link", "--out", "in"], &["choose a directory"]);
    std::os::unix::fs::symlink(dir.path("nowhere"), dir.path("dangling")).unwrap();
    refused(&dir, &["clean", "in", "--out", "dangling"], &["leads nowhere"]);
}

#[test]
fn a_directory_of_others_is_left_alone() {
    let dir = ready();
    refused(&dir, &["clean", "in", "--out", "full"], &["`full`", "not empty", "--overwrite"]);
    refused(&dir, &["clean", "in", "--out", "full", "--overwrite"], &["no report of dechrome"]);
    refused(&dir, &["clean", "in", "--out", "full/notes.txt"], &["not a directory"]);
    assert_eq!(dir.run(&["clean", "in", "--out", "done"]).0, 0);
    refused(&dir, &["clean", "in", "--out", "done"], &["`done`", "earlier run", "--resume", "--overwrite"]);
    dir.write("full/report.jsonl", "{\"mine\": true}\n");
    refused(&dir, &["clean", "in", "--out", "full", "--overwrite"], &["no report of dechrome"]);
    assert_eq!(dir.read("full/notes.txt"), "mine");
}

#[test]
fn two_inputs_of_one_name_are_refused() {
    refused(&ready(), &["clean", "in", "other/in", "--out", "out"], &["`in`", "`other/in`", "rename one"]);
    refused(&ready(), &["clean", "in", "in/", "--out", "out"], &["`in/`"]);
}

#[test]
fn names_of_the_report_are_not_for_inputs() {
    let dir = ready();
    dir.write("data/report.jsonl", "text");
    dir.write("tree/summary.json/a.txt", "text");
    refused(&dir, &["clean", "data/report.jsonl", "--out", "out"], &["report.jsonl", "rename it"]);
    refused(&dir, &["clean", "in", "tree/summary.json", "--out", "out"], &["summary.json", "rename it"]);
    refused(&dir, &["clean", "tree", "--out", "out"], &["summary.json", "rename it"]);
    refused(&dir, &["clean", "data", "--out", "out"], &["report.jsonl", "rename it"]);
    // Those of an earlier run are no inputs, and are skipped.
    assert_eq!(dir.run(&["clean", "in", "--out", "first"]).0, 0);
    assert_eq!(dir.run(&["clean", "first", "--out", "second"]).0, 0);
    assert_eq!(dir.summary("second")["skipped"][0]["reason"], "earlier_report");
}

#[test]
fn an_unknown_encoding_is_named_with_the_nearest_one() {
    refused(
        &ready(),
        &["clean", "in", "--out", "out", "--encoding", "windows-1522"],
        &["windows-1522", "`windows-1252`?"],
    );
    refused(&ready(), &["explain", "in/a.txt", "--encoding", "klingon"], &["klingon", "labels"]);
}

#[test]
fn numbers_of_threads_are_checked() {
    for threads in ["0", "-1", "many", "100000"] {
        refused(&ready(), &["clean", "in", "--out", "out", &format!("--threads={threads}")], &["from 1 to 1024"]);
    }
}

#[test]
fn a_mistaken_rule_or_category_is_named_with_those_that_may_be_meant() {
    refused(&ready(), &["clean", "in", "--out", "out", "--keep", "newsleter"], &["did you mean `newsletter`?"]);
    refused(&ready(), &["clean", "in", "--out", "out", "--drop", "bylines"], &["did you mean `byline`?"]);
    let unlike = ["no category `sharing`", "the categories are", " share,", "`dechrome rules list`"];
    refused(&ready(), &["clean", "in", "--out", "out", "--keep", "sharing"], &unlike);
    refused(&ready(), &["rules", "show", "leave-a-replay"], &["did you mean `leave-a-reply`?"]);
    refused(
        &ready(),
        &["rules", "show", "share"],
        &["`share`, which is a category", "dechrome rules list | grep share"],
    );
    refused(&ready(), &["rules", "show", "doubled"], &["there is no rule `doubled`"]);
    refused(&ready(), &["rules", "show", "a-reply"], &["did you mean one of", "leave-a-reply"]);
    refused(&ready(), &["rules", "show", ""], &["`dechrome rules list` names them all"]);
    refused(&ready(), &["clean", "in", "--out", "out", "--lang", "english"], &["`english`", "codes", " en "]);
}

#[test]
fn values_that_will_not_do_are_named_with_those_that_would() {
    refused(&ready(), &["clean", "in", "--out", "out", "--preset", "strict"], &["strict", "--preset", "precision"]);
    refused(&ready(), &["clean", "in", "--out", "out", "--format", "json"], &["json", "--format", "'jsonl'"]);
    refused(&ready(), &["clean", "in", "--out", "out", "--text-field", "a..b"], &["a..b", "--text-field", "meta.url"]);
    refused(&ready(), &["clean", "in", "--out", "out", "--max-record", "1T"], &["1T", "--max-record", "64M"]);
    refused(&ready(), &["completions", "tcsh"], &["tcsh", "bash", "zsh"]);
}

#[test]
fn a_file_in_the_place_of_a_command_is_to_be_cleaned() {
    refused(&ready(), &["in/a.txt"], &["unrecognized subcommand 'in/a.txt'", "write `dechrome clean` in front of it"]);
    let (_, _, stderr) = ready().run(&["nowhere"]);
    assert!(!stderr.contains("in front of it"), "{stderr}");
}

#[test]
fn unknown_flags_and_commands_are_refused() {
    refused(&ready(), &["clean", "in", "--outt", "out"], &["--outt", "--out"]);
    refused(&ready(), &["claen", "in"], &["claen", "clean"]);
    refused(&ready(), &["clean", "in", "--out", "out", "-q", "-v"], &["cannot be used with"]);
}

#[test]
fn a_report_must_not_replace_its_input() {
    let dir = ready();
    refused(&dir, &["clean", "in/a.txt", "--report", "in/../in/a.txt"], &["INPUT itself"]);
    refused(&dir, &["clean", "in/a.txt", "--report", "nowhere/r.json"], &["does not exist"]);
    refused(&dir, &["clean", "in/a.txt", "--report", "in"], &["is a directory"]);
}

#[cfg(unix)]
#[test]
fn a_fifo_is_never_opened() {
    let dir = ready();
    let made = std::process::Command::new("mkfifo").arg(dir.path("pipe")).status().unwrap();
    assert!(made.success());
    for args in [&["clean", "pipe"][..], &["clean", "pipe", "--out", "out"], &["explain", "pipe"]] {
        let mut command = dir.dechrome(args);
        command.timeout(std::time::Duration::from_secs(20));
        let (status, _, stderr) = crate::support::outcome(&mut command);
        assert_eq!(status, 2, "{stderr}");
        assert!(stderr.contains("`pipe`") && stderr.contains("use `-`"), "{stderr}");
    }
    fs::remove_file(dir.path("pipe")).unwrap();
}
