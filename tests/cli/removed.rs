//! `--removed`: how much a report tells of what was removed.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use serde_json::{Value, json};

const DETAILS: [&str; 3] = ["text", "spans", "none"];

/// A tree with a file of text, lines of JSON and a line that is none, cleaned into `text`, `spans` and `none`.
fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b.txt", WITHOUT_CHROME);
    dir.write("in/c.jsonl", lines(3));
    dir.write("in/d.txt", b"\0\x01\x02 binary");
    for detail in DETAILS {
        dir.clean(detail, &["--removed", detail], 3);
    }
    dir
}

fn lines(count: usize) -> String {
    let texts = [format!("{WITH_CHROME}\nLeave a Reply\n"), WITHOUT_CHROME.to_owned()];
    let line = |number: usize| {
        let url = format!("https://news{}.example.org/{number}", number % 3);
        format!("{}\n", json!({"id": number, "url": url, "text": texts[number % 2]}))
    };
    (0..count).map(line).collect::<String>() + "no record\n"
}

/// The summary without what differs by intention, and from run to run.
fn sums(dir: &Dir, out: &str) -> Value {
    let mut summary = dir.summary(out);
    for key in ["timings", "fingerprint", "hash_report", "options"] {
        summary[key] = Value::Null;
    }
    summary
}

#[test]
fn outputs_and_sums_are_the_same_however_much_is_told() {
    let dir = ready();
    let told = |out: &str| {
        let mut tree = dir.tree(out);
        tree.retain(|path, _| !["report.jsonl", "summary.json"].iter().any(|name| path.ends_with(name)));
        (tree, sums(&dir, out))
    };
    assert_eq!(told("spans"), told("text"));
    assert_eq!(told("none"), told("text"));
    for detail in DETAILS {
        assert_eq!(dir.summary(detail)["options"]["removed"], detail);
    }
}

#[test]
fn spans_say_all_but_the_text() {
    let dir = ready();
    let (whole, spans) = (dir.row("text", "a.txt"), dir.row("spans", "a.txt"));
    let removed = whole["removed"].as_array().unwrap();
    assert!(removed.len() > 1);
    for (one, span) in removed.iter().zip(spans["removed"].as_array().unwrap()) {
        for key in ["start", "end", "line", "rule", "category", "evidence"] {
            assert_eq!(one[key], span[key], "{span}");
        }
        assert!(span.get("text").is_none() && span["words"].is_u64(), "{span}");
        assert!(one["text"].is_string() && one.get("words").is_none(), "{one}");
    }
}

#[test]
fn what_is_not_told_one_by_one_is_added_up() {
    let dir = ready();
    let row = dir.row("none", "a.txt");
    assert_eq!(row["removed"], json!([]));
    let tally = row["tally"].as_array().unwrap();
    let bytes: u64 = tally.iter().map(|one| one["bytes"].as_u64().unwrap()).sum();
    assert_eq!(row["bytes_text"].as_u64().unwrap(), row["bytes_kept"].as_u64().unwrap() + bytes);
    let rules: Vec<&str> = tally.iter().map(|one| one["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["also-read", "blank"]);
    // Nothing was removed here, and the row says no more than it always does.
    assert_eq!(dir.row("none", "b.txt"), dir.row("text", "b.txt"));
    assert!(dir.read("none/report.jsonl").len() < dir.read("text/report.jsonl").len());
}

#[test]
fn a_report_of_one_file_may_be_small_too() {
    let dir = Dir::new();
    dir.write("a.txt", WITH_CHROME);
    let (status, stdout, _) = dir.run(&["clean", "a.txt", "--report", "r.jsonl", "--removed", "none"]);
    assert_eq!((status, stdout), (0, dir.cleaned(WITH_CHROME)));
    let row: Value = serde_json::from_str(&dir.read("r.jsonl")).unwrap();
    assert_eq!((&row["removed"], &row["tally"][0]["rule"]), (&json!([]), &"also-read".into()));
}

#[test]
fn a_run_goes_on_with_the_same_detail_and_begins_anew_with_another() {
    for detail in DETAILS {
        let dir = Dir::new();
        dir.write("in/a.txt", WITH_CHROME);
        dir.write("in/c.jsonl", lines(40));
        dir.clean("whole", &["--removed", detail], 3);
        dir.clean("out", &["--removed", detail], 3);
        dir.write("in/b.txt", WITHOUT_CHROME);
        let said = dir.clean("out", &["--removed", detail, "--resume"], 3);
        dir.clean("fresh", &["--removed", detail], 3);
        assert_eq!(sums(&dir, "out"), sums(&dir, "fresh"), "{detail}");
        assert_eq!(dir.read("out/report.jsonl"), dir.read("fresh/report.jsonl"), "{detail}: {said}");
    }
    let dir = ready();
    dir.clean("text", &["--removed", "none", "--resume"], 3);
    assert_eq!(dir.read("text/report.jsonl"), dir.read("none/report.jsonl"));
    assert_eq!(sums(&dir, "text"), sums(&dir, "none"));
}

#[test]
fn reports_of_parts_join_into_that_of_the_whole() {
    for detail in DETAILS {
        let dir = ready();
        for (part, out) in [("1/2", "one"), ("2/2", "two")] {
            let (status, _, stderr) = dir.run(&["clean", "in", "--out", out, "--removed", detail, "--shard", part]);
            assert!(status == 0 || status == 3, "{stderr}");
        }
        assert_eq!(dir.run(&["report", "merge", "one", "two", "--out", "joined"]).0, 0);
        assert_eq!(sums(&dir, "joined"), sums(&dir, detail));
        assert_eq!(dir.read("joined/report.jsonl"), dir.read(&format!("{detail}/report.jsonl")));
    }
}

#[test]
fn reports_that_tell_more_and_less_are_not_joined() {
    let dir = ready();
    let (status, _, stderr) = dir.run(&["report", "merge", "text", "none", "--out", "joined"]);
    assert!(status == 2 && stderr.contains("other rules or options"), "{stderr}");
}

#[test]
fn statistics_of_rules_lack_nothing_but_samples() {
    let dir = ready();
    let stats = |out: &str| -> Value {
        let (status, stdout, stderr) = dir.run(&["rules", "stats", out, "--json"]);
        assert_eq!((status, stderr.as_str()), (0, ""));
        serde_json::from_str(&stdout).unwrap()
    };
    let figures = |stats: &Value| -> Vec<Value> {
        let of = |hit: &Value| json!([hit["rule"], hit["hits"], hit["documents"], hit["words"], hit["percent"]]);
        stats["hit"].as_array().unwrap().iter().map(of).collect()
    };
    let whole = stats("text");
    assert_eq!(whole["documents_without_text"], 0);
    for out in ["spans", "none"] {
        let less = stats(out);
        assert_eq!(figures(&less), figures(&whole), "{out}");
        assert_eq!(less["documents_without_text"], 3, "{out}");
        let (_, stdout, _) = dir.run(&["rules", "stats", out]);
        assert!(stdout.contains("no samples of 3 documents: the report was written with --removed"), "{stdout}");
    }
}

#[test]
fn tables_of_totals_are_the_same_whatever_is_told() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b.txt", format!("{WITH_CHROME}\nLeave a Reply\n"));
    let csv = |detail: &str| {
        dir.clean(detail, &["--removed", detail], 0);
        let (status, stdout, stderr) = dir.run(&["report", detail, "--csv"]);
        assert_eq!(status, 0, "{stderr}");
        stdout
    };
    let whole = csv("text");
    assert!(whole.contains("rule,also-read,2,2,"), "{whole}");
    assert_eq!(csv("spans"), whole);
    assert_eq!(csv("none"), whole);
}
