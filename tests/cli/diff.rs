//! `diff`: what other rules would newly remove and give back.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use serde_json::{Value, json};

/// A rule that removes a line no built-in rule knows, and one that is switched off.
const NEW: &str = r#"format = 1
category = "house"
lang = "any"

[[rule]]
id = "house-mark"
strength = "alone"
form = "line"
pattern = ['zebra crossing gazette {n}']
why = "The mark of a house."
hit = ["Zebra crossing gazette 7"]
miss = ["The zebra crossing gazette was not read."]

[[rule]]
id = "also-read"
disabled = true
"#;

/// The first of the two.
fn only_removing() -> String {
    NEW.split("[[rule]]").take(2).collect::<Vec<_>>().join("[[rule]]")
}

fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("new.toml", NEW);
    for n in 0..40 {
        dir.write(
            &format!("in/{n:02}.txt"),
            format!("{WITHOUT_CHROME}\nZebra crossing gazette {n}\n\n{WITHOUT_CHROME}"),
        );
    }
    dir.write("in/b/chrome.txt", WITH_CHROME);
    dir.write("in/b/none.txt", WITHOUT_CHROME);
    dir
}

fn told(dir: &Dir, args: &[&str]) -> Value {
    let (status, stdout, stderr) = dir.run(&[&["diff", "in", "--json"], args].concat());
    assert_eq!((status, stderr.as_str()), (0, ""));
    serde_json::from_str(&stdout).unwrap()
}

#[test]
fn what_goes_and_what_comes_back_is_told_by_rule() {
    let dir = ready();
    let (status, stdout, stderr) = dir.run(&["diff", "in", "--rules", "new.toml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let lines: Vec<&str> = stdout.lines().map(str::trim).collect();
    for line in [
        "newly removed",
        "40         40    160  house-mark (house)",
        "given back",
        "1          1      6  also-read (cross-promo)",
        "“ALSO READ: Some Other Headline Here” b/chrome.txt",
        "42 documents, 41 changed",
        "newly removed: 160 words in 40 documents",
        "given back: 6 words in 1 document",
    ] {
        assert!(lines.contains(&line), "{line:?} is not in:\n{stdout}");
    }
    assert_eq!(dir.names("."), ["in", "new.toml"], "nothing is written");
}

#[test]
fn json_says_the_same_whatever_the_threads() {
    let dir = ready();
    let found = told(&dir, &["--rules", "new.toml", "--documents", "-j", "1"]);
    assert_eq!(found["documents"]["changed"], 41);
    assert_eq!((&found["removed"]["words"], &found["given_back"]["words"]), (&160.into(), &6.into()));
    assert_eq!(found["removed"]["rules"][0]["samples"].as_array().unwrap().len(), 2);
    let changed = found["changed"].as_array().unwrap();
    assert_eq!(
        changed[3],
        json!({
            "path": "03.txt",
            "removed": [{"line": 6, "rule": "house-mark", "text": "Zebra crossing gazette 3"}],
            "given_back": [],
        })
    );
    for threads in ["2", "7"] {
        assert_eq!(told(&dir, &["--rules", "new.toml", "--documents", "-j", threads]), found);
    }
}

#[test]
fn documents_are_listed_when_asked_for() {
    let dir = ready();
    let (_, stdout, _) = dir.run(&["diff", "in/03.txt", "in/b", "--rules", "new.toml", "--documents"]);
    let begin = "03.txt\n    6 - Zebra crossing gazette 3  house-mark\n\n\
                 b/chrome.txt\n    6 + ALSO READ: Some Other Headline Here  also-read\n";
    assert!(stdout.starts_with(begin), "{stdout}");
}

#[test]
fn the_same_rules_change_nothing() {
    let dir = ready();
    dir.write("old/rules.toml", only_removing());
    dir.write("new.toml", only_removing());
    let found = told(&dir, &["--no-default-rules", "--base", "old", "--rules", "new.toml"]);
    assert_eq!(found["documents"]["changed"], 0);
    let (_, stdout, _) = dir.run(&["diff", "in", "--no-default-rules", "--base", "old", "--rules", "new.toml"]);
    assert!(stdout.starts_with("42 documents, 0 changed\n"), "{stdout}");
}

#[test]
fn new_rules_alone_give_back_what_only_built_in_ones_removed() {
    let dir = ready();
    dir.write("new.toml", only_removing());
    let found = told(&dir, &["--no-default-rules", "--rules", "new.toml"]);
    assert_eq!(
        (&found["given_back"]["rules"][0]["rule"], &found["removed"]["documents"]),
        (&"also-read".into(), &40.into())
    );
}

#[test]
fn inputs_that_fail_are_named_and_the_others_compared() {
    let dir = ready();
    dir.write("in/bad.txt", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0");
    let (status, stdout, stderr) = dir.run(&["diff", "in", "--rules", "new.toml"]);
    assert_eq!(status, 3, "{stderr}");
    assert!(
        stderr.starts_with("failed: bad.txt: ") && stdout.contains("43 documents, 41 changed, 1 failed"),
        "{stdout}"
    );
}

#[test]
fn mistakes_of_usage_are_told_before_anything_is_read() {
    let dir = ready();
    for (args, says) in [
        (&["diff", "in"][..], "--rules"),
        (&["diff", "nowhere", "--rules", "new.toml"], "nowhere"),
        (&["diff", "in", "--rules", "in"], "no *.toml"),
        (&["diff", "-", "--rules", "new.toml"], "standard input"),
        (&["diff", "in", "--rules", "new.toml", "--samples", "1000"], "1000"),
    ] {
        let (status, stdout, stderr) = dir.run(args);
        assert_eq!((status, stdout.as_str()), (2, ""), "{args:?}");
        assert!(stderr.contains(says), "{says:?} is not in {stderr}");
    }
}

#[test]
fn what_is_kept_by_default_can_be_dropped() {
    let dir = ready();
    dir.write("new.toml", only_removing().replace("category = \"house\"", "category = \"byline\""));
    assert_eq!(told(&dir, &["--rules", "new.toml"])["documents"]["changed"], 0);
    // The category is known to both sides, the rule only to the new one.
    for target in ["byline", "house-mark"] {
        assert_eq!(told(&dir, &["--rules", "new.toml", "--drop", target])["documents"]["changed"], 40);
    }
    let (status, _, stderr) = dir.run(&["diff", "in", "--rules", "new.toml", "--keep", "hause-mark"]);
    assert!(status == 2 && stderr.contains("`house-mark`"), "{stderr}");
}

#[test]
fn inputs_of_one_name_are_told_apart_and_none_is_read_twice() {
    let dir = ready();
    dir.write("other/03.txt", dir.read("in/03.txt").replace("gazette 3", "gazette \u{9b}3"));
    let args = ["diff", "in/03.txt", "other/03.txt", "./in/03.txt", "--rules", "new.toml", "--documents"];
    let (_, stdout, _) = dir.run(&args);
    for part in ["in/03.txt\n    6 - Zebra crossing gazette 3 ", "other/03.txt\n", "2 documents, "] {
        assert!(stdout.contains(part), "{part:?} is not in {stdout}");
    }
    assert!(!stdout.contains('\u{9b}'), "{stdout}");
}
