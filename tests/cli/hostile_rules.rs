//! Rules that somebody else wrote: what they hold stays text, where they lie is looked at first, and what they take is limited.

use crate::support::{Dir, WITHOUT_CHROME};

/// A rule whose texts would rule the terminal.
const ESCAPES: &str = r#"format = 1
category = "house"
lang = "en"

[[rule]]
id = "house-mark"
strength = "alone"
form = "line"
pattern = 'zebra gazette'
why = "A test \u001b]0;title\u0007 of \u001b[2J\u202e escapes."
hit = ["Zebra gazette"]
miss = ["\u001b[31mA zebra gazette"]
"#;

/// Characters that a terminal acts on.
fn rules_the_terminal(text: &str) -> bool {
    text.chars().any(|c| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c))
}

#[test]
fn what_rules_hold_is_shown_without_its_escapes() {
    let dir = Dir::new();
    dir.write("own.toml", ESCAPES);
    dir.write(
        "broken.toml",
        ESCAPES.replace("house-mark", "red\\u001b[31m\\u202e").replace("zebra gazette'", "Zebra {\u{9b}'"),
    );
    dir.write("in.txt", WITHOUT_CHROME);
    for (args, status) in [
        (&["rules", "show", "house-mark", "--rules", "own.toml"][..], 0),
        (&["rules", "check", "own.toml", "-v"], 0),
        (&["rules", "list", "--rules", "own.toml"], 0),
        (&["rules", "test", "own.toml"], 0),
        (&["rules", "check", "broken.toml"], 2),
        (&["clean", "in.txt", "--rules", "broken.toml"], 2),
        (&["clean", "in.txt", "--rules", "no\u{1b}[31mwhere.toml"], 2),
    ] {
        let (found, stdout, stderr) = dir.run(args);
        assert_eq!(found, status, "{args:?}: {stderr}");
        assert!(!rules_the_terminal(&stdout) && !rules_the_terminal(&stderr), "{args:?}: {stdout:?}{stderr:?}");
    }
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_taken_for_rules() {
    use std::os::unix::{fs::symlink, net::UnixListener};

    let dir = Dir::new();
    dir.write("in.txt", WITHOUT_CHROME);
    let _socket = UnixListener::bind(dir.path("socket.toml")).unwrap();
    symlink("/dev/zero", dir.path("zero.toml")).unwrap();
    symlink("loop.toml", dir.path("loop.toml")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(dir.path("pipe.toml")).status().unwrap().success());
    for (path, says) in [
        ("socket.toml", "is neither a file nor a directory; name a rule file"),
        ("zero.toml", "is neither a file nor a directory; name a rule file"),
        ("pipe.toml", "is neither a file nor a directory; name a rule file"),
        ("/dev/null", "is neither a file nor a directory; name a rule file"),
        ("loop.toml", "cannot be read: "),
        ("nowhere.toml", "cannot be read: "),
        // In a directory they are passed over, and links are not followed.
        (".", "holds no *.toml file; name a directory with rule files"),
    ] {
        let (status, stdout, stderr) = dir.run(&["clean", "in.txt", "--rules", path]);
        assert_eq!((status, stdout.as_str()), (2, ""), "{path}: {stderr}");
        assert!(stderr.contains(says), "{path}: {stderr}");
    }
}

#[test]
fn a_rule_that_matches_everything_is_told_and_takes_nothing() {
    let dir = Dir::new();
    let rules = |strength: &str| {
        let without = ESCAPES.replace("\\u001b[2J\\u202e ", "").replace("\\u001b]0;title\\u0007 ", "");
        without.replace("pattern = 'zebra gazette'", "regex = '.+'").replace("alone", strength)
    };
    dir.write("in/a.txt", WITHOUT_CHROME.repeat(5));
    dir.write("alone.toml", rules("alone"));
    let (status, _, stderr) = dir.run(&["rules", "check", "alone.toml"]);
    assert!(status == 2 && stderr.contains("rule `house-mark`: matches ordinary text ("), "{stderr}");
    dir.write("supported.toml", rules("supported"));
    for own in ["alone.toml", "supported.toml"] {
        dir.clean(&format!("out-{own}"), &["--rules", own, "--no-default-rules"], 0);
        assert_eq!(dir.read(&format!("out-{own}/a.txt")), dir.read("in/a.txt"));
        assert!(dir.read(&format!("out-{own}/report.jsonl")).contains("rule `house-mark` held back"), "{own}");
    }
}
