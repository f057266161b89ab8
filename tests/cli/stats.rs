//! `rules stats`: what each rule came to in reports.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, outcome};
use serde_json::Value;

/// Three documents with the same line of chrome, one of them with a second one and a title printed twice, and one without.
fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b.txt", WITH_CHROME.replace("Headline Here", "\u{202e}Headline"));
    dir.write("in/c.txt", WITHOUT_CHROME);
    let title = WITH_CHROME.lines().next().unwrap();
    dir.write("in/d.txt", format!("{title}\n\n{WITH_CHROME}\nLeave a Reply\n"));
    assert_eq!(dir.run(&["clean", "in", "--out", "out", "-q"]).0, 0);
    dir
}

fn json(dir: &Dir, args: &[&str]) -> Value {
    let (status, stdout, stderr) = dir.run(&[&["rules", "stats"], args, &["--json"]].concat());
    assert_eq!((status, stderr.as_str()), (0, ""));
    serde_json::from_str(&stdout).unwrap()
}

fn hit<'j>(stats: &'j Value, rule: &str) -> &'j Value {
    stats["hit"].as_array().unwrap().iter().find(|hit| hit["rule"] == rule).unwrap()
}

fn unused(stats: &Value, rule: &str) -> bool {
    stats["unused"].as_array().unwrap().iter().any(|unused| unused["rule"] == rule)
}

#[test]
fn rules_stand_in_the_order_of_their_words_with_samples_below() {
    let (status, stdout, stderr) = ready().run(&["rules", "stats", "out"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let lines: Vec<&str> = stdout.lines().collect();
    assert_eq!(lines[0].split_whitespace().collect::<Vec<_>>(), ["hits", "documents", "words", "share", "rule"]);
    assert!(lines[1].contains("3          3     17") && lines[1].ends_with("also-read (cross-promo, en)"), "{stdout}");
    assert!(lines[2].trim().starts_with("“ALSO READ: Some Other Headline Here” a.txt"), "{stdout}");
    assert!(lines[3].contains("“ALSO READ: Some Other \\u{202e}Headline” b.txt"), "{stdout}");
    assert!(stdout.contains("doubled-title (duplicate, needs no rule)"), "{stdout}");
    assert!(stdout.contains("4 documents, 0 failed; "), "{stdout}");
    assert!(!lines.last().unwrap().contains("not known"), "{stdout}");
}

#[test]
fn json_says_the_same() {
    let dir = ready();
    let stats = json(&dir, &["out"]);
    assert_eq!((&stats["schema"], &stats["documents"]), (&1.into(), &4.into()));
    let rows = dir.rows("out");
    let removed: u64 = rows.iter().map(|row| row["words_removed"].as_u64().unwrap()).sum();
    assert_eq!(stats["words_removed"], removed);
    let also_read = hit(&stats, "also-read");
    assert_eq!(
        (&also_read["hits"], &also_read["documents"], &also_read["kind"]),
        (&3.into(), &3.into(), &"rule".into())
    );
    assert_eq!((also_read["samples"].as_array().unwrap().len(), &also_read["lang"][0]), (2, &"en".into()));
    let percents: f64 = stats["hit"].as_array().unwrap().iter().map(|hit| hit["percent"].as_f64().unwrap()).sum();
    assert!((percents - 100.0).abs() < 0.1, "{percents}");
    assert_eq!(hit(&stats, "doubled-title")["kind"], "context");
    assert_eq!(hit(&stats, "blank")["kind"], "blank");
    assert!(hit(&json(&dir, &["out", "--samples", "0"]), "also-read")["samples"].as_array().unwrap().is_empty());
}

#[test]
fn several_reports_add_up_wherever_they_come_from() {
    let dir = ready();
    let once = json(&dir, &["out"]);
    let twice = json(&dir, &["out", "out/report.jsonl"]);
    assert_eq!(hit(&twice, "also-read")["hits"], 2 * hit(&once, "also-read")["hits"].as_u64().unwrap());
    assert_eq!(hit(&twice, "also-read")["samples"], hit(&once, "also-read")["samples"]);
    let report = dir.read("out/report.jsonl");
    let (status, stdout, _) = outcome(dir.dechrome(&["rules", "stats", "-", "--json"]).write_stdin(report));
    assert_eq!((status, serde_json::from_str::<Value>(&stdout).unwrap()), (0, once));
}

#[test]
fn rules_that_never_hit_are_listed() {
    let dir = ready();
    let stats = json(&dir, &["out"]);
    assert!(unused(&stats, "headline-tail") && !unused(&stats, "also-read") && !unused(&stats, "doubled-title"));
    let (status, stdout, _) = dir.run(&["rules", "stats", "out", "--unused"]);
    assert_eq!((status, stdout.lines().count()), (0, stats["unused"].as_array().unwrap().len()));
    assert!(stdout.lines().any(|line| line.starts_with("headline-tail ")), "{stdout}");
    assert!(!stdout.lines().any(|line| line.starts_with("also-read ")), "{stdout}");
}

#[test]
fn rules_of_another_set_are_marked() {
    let dir = ready();
    let stats = json(&dir, &["out", "--no-default-rules"]);
    assert_eq!((&hit(&stats, "also-read")["kind"], stats["unused"].as_array().unwrap().len()), (&"unknown".into(), 5));
    let (_, stdout, _) = dir.run(&["rules", "stats", "out", "--no-default-rules"]);
    assert!(stdout.contains("also-read (cross-promo, not a rule of this set)"), "{stdout}");
    assert!(stdout.contains("not known here: 2 rules"), "{stdout}");
    let own = "format = 1\ncategory = 'own'\nlang = 'en'\n[[rule]]\nid = 'see-also'\nwas = ['also-read']\nstrength = 'alone'\n\
               form = 'start'\npattern = 'also read:'\nwhy = 'A test.'\nhit = 'Also read: it'\nmiss = 'Also'\n";
    dir.write("own.toml", own);
    let stats = json(&dir, &["out", "--no-default-rules", "--rules", "own.toml"]);
    assert_eq!(hit(&stats, "also-read")["now"], "see-also");
    assert!(!unused(&stats, "see-also"));
}

#[test]
fn what_is_no_report_is_named_with_its_line() {
    let dir = ready();
    let report = dir.read("out/report.jsonl");
    dir.write("cut.jsonl", &report[..report.len() - 30]);
    dir.write("other.jsonl", report.clone() + "{\"text\": \"a record of something else\"}\n");
    dir.write("newer.jsonl", report.replace("\"schema\":1", "\"schema\":2"));
    dir.write("empty/x", "");
    for (name, says) in [
        ("cut.jsonl", "`cut.jsonl`, line 4: the row is cut off; "),
        ("other.jsonl", "`other.jsonl`, line 5: no row of a dechrome report; "),
        ("newer.jsonl", "`newer.jsonl`, line 1: the row has schema 2"),
        ("out/summary.json", "summary.json`, line 1: no row"),
        ("empty", "report.jsonl` cannot be read: "),
        ("nowhere", "check its name"),
    ] {
        let (status, stdout, stderr) = dir.run(&["rules", "stats", name]);
        assert_eq!((status, stdout.as_str()), (2, ""), "{name}");
        assert!(stderr.contains(says), "{says:?} is not in {stderr}");
    }
}
