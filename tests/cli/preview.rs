//! `clean --dry-run`, `--diff` and `--check`: what would be done, and nothing written.

use std::fs;
use std::process::{Command, Stdio};

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use dechrome::formats::compression::{Codec, encode};
use serde_json::{Value, json};

/// All formats, some of it broken, some of it no input at all.
fn mixed() -> Dir {
    let dir = Dir::new();
    dir.write("in/a/story.txt", WITH_CHROME);
    dir.write("in/a/none.txt", WITHOUT_CHROME);
    dir.write("in/b.txt", format!("{WITHOUT_CHROME}\nLeave a Reply\nCancel reply\n"));
    dir.write("in/binary.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0");
    dir.write("in/photo.jpg", [0xff, 0xd8, 0]);
    let line = |text: &str| format!("{}\n", json!({"url": "https://example.org/a", "text": text}));
    let lines = [line(WITH_CHROME), "{not JSON\n".into(), line(WITHOUT_CHROME), "{\"other\": 1}\n".into()].concat();
    dir.write("in/lines.jsonl", &lines);
    let mut packed = Vec::new();
    encode(Codec::Gzip, lines.repeat(60).as_bytes(), &mut packed).unwrap();
    dir.write("in/many.jsonl.gz", packed);
    dir.write("in/table.csv", format!("id,text\n1,\"{}\"\n2,short\n", WITH_CHROME.replace('"', "\"\"")));
    dir.write("in/no-text.csv", "id,price\n1,2\n");
    dir
}

/// Runs the program, which must leave every file as it was.
#[track_caller]
fn untouched(dir: &Dir, args: &[&str]) -> (i32, String, String) {
    let before = dir.tree(".");
    let found = dir.run(args);
    assert!(dir.tree(".") == before, "{args:?} wrote something");
    found
}

fn failures(stderr: &str) -> Vec<&str> {
    stderr.lines().filter(|line| line.starts_with("failed: ")).collect()
}

/// The lines that tell what was counted under this name.
fn counted(summary: &Value, under: &str) -> Vec<String> {
    let plural = |value: &Value, what: &str| match value.as_u64().unwrap() {
        1 => format!("1 {what}"),
        number => format!("{} {what}s", dechrome::report::terminal::count(number)),
    };
    let told = |(name, counted): (&String, &Value)| {
        let (documents, bytes) = (plural(&counted["documents"], "document"), plural(&counted["bytes"], "byte"));
        format!("{} × {name}, in {documents}, {bytes}", counted["removals"])
    };
    summary[under].as_object().unwrap().iter().map(told).collect()
}

#[test]
fn a_dry_run_tells_the_numbers_that_the_run_then_has() {
    for more in [&[][..], &["--preset", "recall"], &["--shard", "1/2"], &["--explode"], &["-j", "7"]] {
        let dir = mixed();
        let (status, stdout, stderr) = untouched(&dir, &[&["clean", "in", "--dry-run", "--out", "out"], more].concat());
        assert!(!dir.path("out").exists());
        let (ran, _, said) = dir.run(&[&["clean", "in", "--out", "out"], more].concat());
        assert_eq!(status, ran, "{more:?}: {stderr}");
        assert_eq!(failures(&stderr), failures(&said), "{more:?}");
        let told: Vec<&str> = stdout.lines().map(str::trim).collect();
        let said: Vec<&str> = said.lines().filter(|line| !line.starts_with("failed: ")).collect();
        assert_eq!(told[..2], said[..2], "{more:?}");
        for line in counted(&dir.summary("out"), "by_category") {
            assert!(told.contains(&line.as_str()), "{more:?}: {line:?} is not in\n{stdout}");
        }
        assert_eq!(told.last(), Some(&"nothing was written"));
    }
}

#[test]
fn a_dry_run_names_what_would_become_of_each_input_when_asked() {
    let dir = mixed();
    let (status, stdout, stderr) = untouched(&dir, &["clean", "in", "--dry-run", "-v", "--out", "out"]);
    assert_eq!(status, 3, "{stderr}");
    for line in [
        "in/a/none.txt → out/a/none.txt: unchanged",
        "in/a/story.txt → out/a/story.txt: 1 removal, 37 of 526 bytes",
        "in/lines.jsonl → out/lines.jsonl: 1 removal in 1 of 4 records, 37 of 872 bytes",
        "skipped: photo.jpg (unknown extension)",
    ] {
        assert!(stdout.lines().any(|found| found == line), "{line:?} is not in\n{stdout}");
    }
    assert!(!stdout.contains("binary.txt") && stderr.contains("failed: binary.txt: "), "{stdout}{stderr}");
    let (_, quiet, _) = untouched(&dir, &["clean", "in", "--dry-run"]);
    assert!(!quiet.contains("in/a") && quiet.contains("1 other file would be skipped"), "{quiet}");
}

#[test]
fn a_dry_run_makes_the_checks_of_a_run() {
    let dir = mixed();
    dir.write("full/notes.txt", "mine");
    dir.clean("done", &["-q"], 3);
    for (out, more, says) in [
        ("full", &[][..], "not empty"),
        ("in", &[], "choose a directory"),
        ("done", &[], "--overwrite"),
        ("full", &["--overwrite"], "no report of dechrome"),
    ] {
        let (status, stdout, stderr) = untouched(&dir, &[&["clean", "in", "--dry-run", "--out", out], more].concat());
        assert_eq!((status, stdout.as_str()), (2, ""), "{out}");
        assert!(stderr.contains(says), "{stderr}");
    }
    let (status, _, _) = untouched(&dir, &["clean", "in", "--dry-run", "--out", "done", "--overwrite"]);
    assert_eq!(status, 3);
}

#[test]
fn options_that_speak_of_what_is_written_are_refused() {
    let dir = mixed();
    for wished in ["--dry-run", "--diff", "--check"] {
        for (more, says) in [
            (&["--out", "out", "--resume"][..], "--resume"),
            (&["--report", "r.jsonl"], "--report"),
            (&["--overwrite"], "add --out DIR"),
            (&["-"], "cannot stand beside"),
            (&["nowhere"], "nowhere"),
        ] {
            let (status, stdout, stderr) = untouched(&dir, &[&["clean", "in", wished], more].concat());
            assert_eq!((status, stdout.as_str()), (2, ""), "{wished} {more:?}");
            assert!(stderr.contains(says), "{says:?} is not in {stderr}");
        }
    }
}

#[test]
fn standard_input_and_a_lone_file_can_be_looked_at_first() {
    let dir = Dir::new();
    dir.write("a.txt", WITH_CHROME);
    let piped = |args: &[&str]| {
        let (status, stdout, stderr) = dir.pipe(args, WITH_CHROME.as_bytes());
        (status, String::from_utf8(stdout).unwrap(), stderr)
    };
    let (status, told, _) = untouched(&dir, &["clean", "a.txt", "--dry-run"]);
    assert_eq!((status, &piped(&["clean", "--dry-run"]).1), (0, &told));
    assert!(told.starts_with("1 document: 1 cleaned\n6 of 90 words removed"), "{told}");
    let (status, told, _) = piped(&["clean", "-", "--check", "-q"]);
    let line = "6: also-read (cross-promo): ALSO READ: Some Other Headline Here\n";
    assert_eq!((status, told), (1, format!("standard input:{line}")));
    let (status, told, _) = untouched(&dir, &["clean", "a.txt", "--check", "-q"]);
    assert_eq!((status, told), (1, format!("a.txt:{line}")));
    let (_, told, _) = piped(&["clean", "--diff"]);
    let (_, named, _) = untouched(&dir, &["clean", "a.txt", "--diff"]);
    assert!(told.starts_with("--- a/-\n+++ b/-\n@@ -3,7 +3,5 @@\n"), "{told}");
    assert_eq!(named, told.replace("/-\n", "/a.txt\n"));
    let lines = format!("{}\n{{no\n", json!({"text": WITH_CHROME}));
    let (status, told, stderr) = dir.pipe(&["clean", "--check"], lines.as_bytes());
    assert_eq!((status, String::from_utf8(told).unwrap()), (3, format!("standard input:record 1:line {line}")));
    assert!(
        stderr.starts_with("failed: standard input, record 2: ") && stderr.ends_with("of 2 documents\n"),
        "{stderr}"
    );
}

#[test]
fn the_diff_applied_to_the_input_gives_the_output() {
    let dir = Dir::new();
    dir.write("in/a/with two words.txt", WITH_CHROME);
    dir.write("in/b/none.txt", WITHOUT_CHROME);
    dir.write("in/b/windows.txt", WITH_CHROME.replace('\n', "\r\n"));
    dir.write("in/c.txt", format!("{WITH_CHROME}\nLeave a Reply"));
    dir.write("in/d.txt", WITH_CHROME.trim_end());
    dir.write("in/all.txt", "Leave a Reply\n");
    dir.write("in/long.txt", [WITH_CHROME, WITHOUT_CHROME, WITHOUT_CHROME, WITH_CHROME].concat());
    let (status, diff, stderr) = untouched(&dir, &["clean", "in", "--diff"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    dir.clean("out", &["-q"], 0);
    let headings: Vec<&str> = diff.lines().filter_map(|line| line.strip_prefix("--- ")).collect();
    assert_eq!(
        headings,
        ["a/a/with two words.txt\t", "a/all.txt", "a/b/windows.txt", "a/c.txt", "a/d.txt", "a/long.txt"]
    );
    dir.write("changes.diff", &diff);
    let mut patch = Command::new("patch");
    patch.args(["-s", "-p1", "--binary", "-i", "../changes.diff"]).current_dir(dir.path("in"));
    // Not every machine has it; that diffs can be applied is a property of its own.
    let Ok(done) = patch.stdin(Stdio::null()).output() else { return };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    let mut out = dir.tree("out");
    out.retain(|path, _| !["report.jsonl", "summary.json"].iter().any(|own| path.as_os_str() == *own));
    let patched = dir.tree("in");
    for (path, bytes) in out {
        assert_eq!(String::from_utf8_lossy(&patched[&path]), String::from_utf8_lossy(&bytes), "{}", path.display());
    }
}

#[test]
fn previews_come_in_order_whatever_the_threads() {
    let dir = mixed();
    for wished in [&["--diff"][..], &["--check"], &["--dry-run", "-v"], &["--diff", "--check"]] {
        let told = |threads| untouched(&dir, &[&["clean", "in", "-j", threads], wished].concat());
        let (status, stdout, _) = told("1");
        assert_eq!((status, stdout), (told("4").0, told("4").1), "{wished:?}");
    }
    let (_, diff, _) = untouched(&dir, &["clean", "in", "--diff"]);
    assert!(diff.contains("\n--- a/lines.jsonl#record 1\t\n+++ b/lines.jsonl#record 1\t\n@@ "), "{diff}");
    assert!(diff.find("many.jsonl.gz#record 5\t").unwrap() < diff.find("many.jsonl.gz#record 9\t").unwrap());
}

#[test]
fn a_check_names_what_it_found_and_ends_accordingly() {
    let dir = mixed();
    let (status, stdout, stderr) = untouched(&dir, &["clean", "in/a", "in/table.csv", "--check"]);
    let found = "also-read (cross-promo): ALSO READ: Some Other Headline Here\n";
    assert_eq!(stdout, format!("in/a/story.txt:6: {found}in/table.csv:record 1:line 6: {found}"));
    assert_eq!((status, stderr.as_str()), (1, "chrome in 2 places of 4 documents\n"));
    let (status, stdout, stderr) = untouched(&dir, &["clean", "in/a/none.txt", "--check"]);
    assert_eq!((status, stdout.as_str(), stderr.as_str()), (0, "", "no chrome in 1 document\n"));
    let (status, _, stderr) = untouched(&dir, &["clean", "in/a", "in/binary.txt", "--check", "-q"]);
    assert!(status == 3 && failures(&stderr).len() == 1, "what failed goes before what was found: {stderr}");
    let (status, both, _) = untouched(&dir, &["clean", "in/a", "--check", "--diff"]);
    let (_, diff, _) = untouched(&dir, &["clean", "in/a", "--diff"]);
    assert_eq!((status, both), (1, format!("in/a/story.txt:6: {found}{diff}")));
}

#[test]
fn what_is_kept_whole_is_told() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME.repeat(9));
    let (status, stdout, stderr) = untouched(&dir, &["clean", "in", "--check", "--max-record", "1k"]);
    assert_eq!((status, stdout.as_str()), (0, ""));
    assert_eq!(stderr, "kept whole: a.txt (too_large)\nno chrome in 1 document\n");
}

#[cfg(feature = "html")]
#[test]
fn of_a_page_the_line_is_that_of_its_text() {
    let dir = Dir::new();
    let paragraph = "<p>The bridge is open again after two years of work, the town said on Monday evening.</p>\n";
    let page = format!("<!doctype html><html><body>{}<p>Leave a Reply</p></body></html>\n", paragraph.repeat(5));
    dir.write("page.html", page);
    let (status, stdout, stderr) = untouched(&dir, &["clean", "page.html", "--check", "--html-text", "full"]);
    assert!(status == 1 && stdout.starts_with("page.html:text line "), "{stdout}{stderr}");
}

#[cfg(unix)]
#[test]
fn names_and_texts_cannot_forge_lines_or_steer_a_terminal() {
    use std::os::unix::ffi::OsStrExt;
    let dir = Dir::new();
    let odd = dir.path("in").join(std::ffi::OsStr::from_bytes(b"a\nb.txt:1: \"\xff\x1b[2J.txt"));
    fs::create_dir_all(dir.path("in")).unwrap();
    fs::write(odd, WITH_CHROME.replace("Some Other", "Some \u{1b}]0;x\u{7} Other")).unwrap();
    let (_, found, _) = untouched(&dir, &["clean", "in", "--check"]);
    assert_eq!(found.lines().count(), 1, "{found}");
    assert!(found.contains("a\\nb.txt:1: ") && !found.contains('\u{1b}'), "{found:?}");
    let (_, told, _) = untouched(&dir, &["clean", "in", "--dry-run", "-v"]);
    assert!(!told.contains('\u{1b}') && told.contains("in/a\\nb.txt"), "{told:?}");
    let (_, diff, _) = untouched(&dir, &["clean", "in", "--diff"]);
    assert!(diff.starts_with("--- \"a/a\\nb.txt:1: \\\"\\377\\033[2J.txt\"\n+++ \"b/a\\nb"), "{diff:?}");
    assert!(diff.contains("-ALSO READ: Some \u{1b}]0;x\u{7} Other"), "in a pipe, bytes are as they are: {diff:?}");
}

/// The program with these variables; what it prints.
fn with(dir: &Dir, args: &[&str], variables: &[(&str, &str)]) -> String {
    let mut command = dir.dechrome(args);
    command.envs(variables.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn colour_is_for_terminals_unless_somebody_insists() {
    let dir = Dir::new();
    dir.write("a.txt", WITH_CHROME);
    let diff = &["clean", "a.txt", "--diff"][..];
    let check = &["clean", "a.txt", "--check"][..];
    for args in [diff, check, &["explain", "a.txt"]] {
        let always = &[args, &["--color", "always"]].concat();
        let never = &[args, &["--color=never"]].concat();
        for (args, variables, is_colored) in [
            (args, &[][..], false),
            (always, &[], true),
            (always, &[("NO_COLOR", "1")], true),
            (args, &[("CLICOLOR_FORCE", "1")], true),
            (args, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], true),
            (args, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false),
            (never, &[("CLICOLOR_FORCE", "1")], false),
        ] {
            let printed = with(&dir, args, variables);
            assert!(!printed.is_empty());
            assert_eq!(printed.contains('\u{1b}'), is_colored, "{args:?} {variables:?}: {printed}");
        }
    }
    let colored = with(&dir, &[diff, &["--color", "always"]].concat(), &[]);
    for line in ["\u{1b}[36m@@ -3,7 +3,5 @@\u{1b}[0m\n", "\u{1b}[31m-ALSO READ: Some Other Headline Here\u{1b}[0m\n"] {
        assert!(colored.contains(line), "{line:?} is not in {colored:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_of_the_diff_that_goes_away_is_a_quiet_end() {
    let dir = Dir::new();
    for number in 0..300 {
        dir.write(&format!("in/{number}.txt"), WITH_CHROME.repeat(9));
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_dechrome"));
    command.args(["clean", "in", "--diff"]).current_dir(dir.path(".")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
