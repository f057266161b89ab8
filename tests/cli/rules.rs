//! `rules`, and the flags that choose them.

use crate::support::{Dir, WITHOUT_CHROME};
use serde_json::Value;

/// A rule of one's own that removes a line no built-in rule knows.
const OWN: &str = r#"format = 1
category = "house"
about = "Lines of one house only."

[[rule]]
id = "house-mark"
lang = "any"
strength = "alone"
form = "line"
pattern = ['zebra crossing gazette quorum']
why = "The mark of a house."
hit = ["Zebra crossing gazette quorum"]
miss = ["The zebra crossing gazette quorum was not reached."]
"#;

fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("own.toml", OWN);
    dir.write(
        "broken.toml",
        OWN.replace("strength = \"alone\"", "strenth = \"alone\"").replace("[[rule]]", "[[rule]]\nid = 7"),
    );
    dir.write(
        "wrong.toml",
        OWN.replace("miss = [\"The zebra", "miss = [\"Zebra crossing gazette quorum\", \"The zebra"),
    );
    dir.write("a.txt", format!("{WITHOUT_CHROME}\nZebra crossing gazette quorum\n\n{WITHOUT_CHROME}"));
    dir
}

#[test]
fn the_list_is_one_rule_a_line_and_the_judgements_behind_them() {
    let dir = ready();
    let (status, stdout, stderr) = dir.run(&["rules", "list"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let (status, json, _) = dir.run(&["rules", "list", "--json"]);
    assert_eq!(status, 0);
    let rules: Value = serde_json::from_str(&json).unwrap();
    let judgements: Vec<&str> = stdout.lines().skip(rules.as_array().unwrap().len()).collect();
    assert!(judgements.iter().all(|line| line.contains("judgement")), "{judgements:?}");
    assert!(judgements.iter().any(|line| line.starts_with("headline-tail")), "{judgements:?}");
    for (rule, line) in rules.as_array().unwrap().iter().zip(stdout.lines()) {
        assert!(line.starts_with(rule["id"].as_str().unwrap()), "{line}");
    }
}

#[test]
fn the_built_in_rules_pass_their_tests() {
    let (status, stdout, stderr) = ready().run(&["rules", "test"]);
    assert_eq!(status, 0, "{stdout}{stderr}");
    assert!(stdout.ends_with("all passed\n"), "{stdout}");
}

#[test]
fn an_unknown_rule_is_a_mistake() {
    let (status, stdout, stderr) = ready().run(&["rules", "show", "no-such-rule-at-all"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.contains("no-such-rule-at-all") && stderr.contains("rules list"), "{stderr}");
}

#[test]
fn rules_of_ones_own_are_used_checked_and_shown() {
    let dir = ready();
    let own = ["--no-default-rules", "--rules", "own.toml"];
    let (status, kept, stderr) = dir.run(&[&["clean", "a.txt"], &own[..]].concat());
    assert_eq!(status, 0, "{stderr}");
    assert!(!kept.contains("quorum") && kept.contains("ferry"), "{kept}");
    let (_, kept, _) = dir.run(&[&["clean", "a.txt", "--keep", "house-mark"], &own[..]].concat());
    assert_eq!(kept, dir.read("a.txt"));
    let (status, stdout, _) = dir.run(&["rules", "check", "own.toml"]);
    assert_eq!((status, stdout.as_str()), (0, "1 rule in 1 file, no mistakes\n"));
    let (status, stdout, _) = dir.run(&["rules", "test", "own.toml"]);
    assert_eq!((status, stdout.as_str()), (0, "1 hit, 1 miss, 0 cases of 1 rule: all passed\n"));
    let (status, stdout, _) = dir.run(&["rules", "show", "house-mark", "--rules", "own.toml"]);
    assert!(status == 0 && stdout.contains("own.toml:5") && stdout.contains("zebra crossing"), "{stdout}");
}

#[test]
fn mistakes_in_rules_stop_everything_before_it_begins() {
    let dir = ready();
    for args in [
        &["clean", "a.txt", "--out", "out", "--rules", "broken.toml"][..],
        &["explain", "a.txt", "--rules", "broken.toml"],
        &["rules", "check", "broken.toml"],
        &["rules", "test", "broken.toml"],
        &["rules", "check", "nowhere.toml"],
    ] {
        let (status, stdout, stderr) = dir.run(args);
        assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains(".toml"), "{stderr}");
    }
    assert!(!dir.path("out").exists());
}

#[test]
fn a_failing_example_is_told() {
    let (status, stdout, stderr) = ready().run(&["rules", "test", "wrong.toml"]);
    assert_eq!(status, 1, "{stdout}{stderr}");
    assert!(stdout.contains("house-mark") && stdout.ends_with("1 failed\n"), "{stdout}");
}

#[test]
fn unknown_targets_are_named_with_the_nearest_one() {
    let dir = ready();
    for flag in ["--keep", "--drop"] {
        let (status, _, stderr) =
            dir.run(&["clean", "a.txt", "--out", "out", "--rules", "own.toml", flag, "hause-mark"]);
        assert_eq!(status, 2, "{stderr}");
        assert!(stderr.contains("hause-mark") && stderr.contains("`house-mark`"), "{stderr}");
    }
    let (status, _, _) = dir.run(&["clean", "a.txt", "--rules", "own.toml", "--keep", "house", "--drop", "house"]);
    assert_eq!(status, 2);
    assert!(!dir.path("out").exists());
}
