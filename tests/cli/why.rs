//! `why`: where a phrase went, and by which rule.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, outcome};
use serde_json::{Value, json};

fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b.txt", format!("{WITHOUT_CHROME}\n𝗙𝗼𝗹𝗹𝗼𝘄 𝗢𝘂𝗿 𝗪𝗵𝗮𝘁𝘀𝗔𝗽𝗽 𝗖𝗵𝗮𝗻𝗻𝗲𝗹\n\nLeave a Reply\n"));
    dir.clean("out", &["-q"], 0);
    dir
}

fn why(dir: &Dir, args: &[&str], status: i32) -> String {
    let (found, stdout, stderr) = dir.run(&[&["why"], args].concat());
    assert_eq!((found, stderr.as_str()), (status, ""), "{args:?}: {stdout}");
    stdout
}

fn json_of(dir: &Dir, args: &[&str], status: i32) -> Value {
    serde_json::from_str(&why(dir, &[args, &["--json"]].concat(), status)).unwrap()
}

#[test]
fn a_removed_phrase_is_found_with_its_rule_and_its_reason() {
    let dir = ready();
    let shown = why(&dir, &["also read", "out"], 0);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(lines[0], "removed: a.txt:6");
    assert_eq!(lines[1], "    »ALSO READ«: Some Other Headline Here\\n\\n…");
    assert_eq!(lines[2], "    also-read (cross-promo, alone): alone +100");
    assert_eq!(lines[3], "        Label and headline of another story.");
    assert_eq!(lines.len(), 4, "{shown}");
}

#[test]
fn phrase_and_text_are_compared_as_rules_see_them() {
    let dir = ready();
    for phrase in ["Follow our WhatsApp", "follow  OUR\nwhatsapp", "Ｆollow our what\u{200b}sapp channel"] {
        let found = json_of(&dir, &[phrase, "out"], 0);
        assert_eq!((&found["found"], &found["finds"][0]["path"]), (&1.into(), &"b.txt".into()), "{phrase}");
        assert_eq!((&found["finds"][0]["line"], &found["finds"][0]["fate"]), (&6.into(), &"removed".into()));
        assert!(found["finds"][0]["found"].as_str().unwrap().starts_with("𝗙𝗼𝗹𝗹𝗼𝘄 𝗢𝘂𝗿"), "{found}");
    }
}

#[test]
fn a_phrase_may_span_removals_and_names_all_their_rules() {
    let found = json_of(&ready(), &["whatsapp channel leave a reply", "out"], 0);
    let rules: Vec<&str> =
        found["finds"][0]["removed_by"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
    assert!(rules.len() == 2 && rules[1] == "leave-a-reply", "{found}");
    assert!(found["finds"][0]["removed_by"][1]["why"].as_str().is_some_and(|why| !why.is_empty()), "{found}");
}

#[test]
fn a_kept_phrase_is_found_in_the_output() {
    let dir = ready();
    let shown = why(&dir, &["Drivers are being trained", "out"], 0);
    let kept = dir.read("out/a.txt");
    let line = kept.lines().position(|line| line.starts_with("Drivers")).unwrap() + 1;
    assert!(shown.starts_with(&format!("kept: a.txt:{line}\n")), "{shown}");
    assert!(shown.contains("»Drivers are being trained« already"), "{shown}");
    assert_eq!(why(&dir, &["Drivers are being trained", "out/report.jsonl"], 0), shown);
}

#[test]
fn a_phrase_that_a_cut_runs_through_is_told_as_both() {
    let found = json_of(&ready(), &["transport office said. also read: some other", "out"], 0);
    let find = &found["finds"][0];
    assert_eq!(
        (&find["fate"], &find["line"], &find["removed_by"][0]["rule"]),
        (&"in_part".into(), &4.into(), &"also-read".into())
    );
}

#[test]
fn records_are_found_where_they_are() {
    let dir = Dir::new();
    let record = |text: &str| json!({"url": "https://a.example/", "body_text": text}).to_string() + "\n";
    let kept = "An extra sentence stands in the third record only, so that it can be found by itself.";
    let records = [WITH_CHROME, WITHOUT_CHROME, &format!("{WITH_CHROME}\n{kept}\n")].map(record).concat();
    dir.write("in/dump.jsonl", records);
    dir.clean("out", &["-q", "--text-field", "body_text"], 0);
    let shown = why(&dir, &["some other headline", "out"], 0);
    assert!(shown.contains("removed: dump.jsonl, record 1, line 6\n"), "{shown}");
    let shown = why(&dir, &["stands in the third record", "out"], 0);
    assert!(shown.starts_with("kept: dump.jsonl, record 3, line "), "{shown}");
    let both = json_of(&dir, &["the whole plan", "out", "--kept"], 0);
    assert_eq!((&both["found"], &both["finds"][1]["record"]), (&2.into(), &3.into()));
}

#[test]
fn records_behind_those_in_quarantine_keep_their_numbers() {
    let dir = Dir::new();
    let good = json!({"text": WITHOUT_CHROME}).to_string();
    let last = json!({"text": format!("{WITH_CHROME}\nA lantern hung above the last of all records.\n")}).to_string();
    dir.write("in/dump.jsonl", format!("torn\n{good}\ntorn\ntorn\n{last}\n"));
    dir.clean("out", &["-q"], 3);
    let found = json_of(&dir, &["transport office said. also read", "out"], 0);
    assert_eq!((&found["finds"][0]["record"], &found["outputs_not_seen"]), (&5.into(), &0.into()), "{found}");
    let found = json_of(&dir, &["a lantern hung", "out"], 0);
    assert_eq!((&found["finds"][0]["record"], &found["finds"][0]["fate"]), (&5.into(), &"kept".into()), "{found}");
}

#[test]
fn outputs_of_every_kind_are_looked_at() {
    let dir = Dir::new();
    let kept = "A lantern hung above the door of the harbour office, and nobody knew who lit it every evening.";
    let text = format!("{WITH_CHROME}\n{kept}\n");
    let csv = |text: &str| format!("id,text\n1,\"{}\"\n", text.replace('"', "\"\""));
    let page =
        format!("<html><body><article><h1>Harbour</h1><p>{kept}</p><p>{}</p></article></body></html>", WITHOUT_CHROME);
    dir.write("in/table.csv", csv(&text));
    dir.write("in/page.html", page);
    dir.write("in/plain.txt", &text);
    let latin: Vec<u8> = text.replace("lantern", "l\u{e4}ntern").chars().map(|c| c as u8).collect();
    dir.write("in/latin.txt", latin);
    dir.write("in/nul.txt", text.replace(" lantern", " lantern\0"));
    dir.clean("out", &["-q"], 0);
    let found = json_of(&dir, &["hung above the door", "out"], 0);
    let paths: Vec<&str> = found["finds"].as_array().unwrap().iter().map(|it| it["path"].as_str().unwrap()).collect();
    let expected = if cfg!(feature = "html") {
        &["latin.txt", "nul.txt", "page.html", "plain.txt", "table.csv"][..]
    } else {
        &paths[..]
    };
    assert_eq!((&paths[..], &found["outputs_not_seen"]), (expected, &0.into()), "{found}");
    dir.clean("packed", &["-q", "--compress", "gzip"], 0);
    assert_eq!(json_of(&dir, &["hung above the door", "packed"], 0)["found"], found["found"]);
    dir.write("dump/dump.jsonl", json!({"id": "a", "text": text}).to_string() + "\n");
    assert_eq!(dir.run(&["clean", "dump", "--out", "files", "-q", "--explode"]).0, 0);
    let found = json_of(&dir, &["hung above the door", "files"], 0);
    assert_eq!((&found["found"], &found["outputs_not_seen"]), (&1.into(), &0.into()), "{found}");
}

#[test]
fn quarantine_is_looked_at_too() {
    let dir = Dir::new();
    dir.write("in/dump.jsonl", format!("{}\nnot a record but a torn line\n", json!({"text": WITH_CHROME})));
    dir.clean("out", &["-q"], 3);
    let shown = why(&dir, &["a torn line", "out"], 0);
    assert!(shown.starts_with("in quarantine: quarantine/dump.jsonl, byte 17\n"), "{shown}");
}

#[test]
fn only_so_many_finds_are_shown() {
    let dir = Dir::new();
    for number in 0..30 {
        dir.write(&format!("in/{number:02}.txt"), WITH_CHROME);
    }
    dir.clean("out", &["-q"], 0);
    let count = |args: &[&str]| why(&dir, args, 0).matches("removed: ").count();
    assert_eq!((count(&["also read", "out"]), count(&["also read", "out", "--limit", "0"])), (20, 30));
    let shown = why(&dir, &["also read", "out", "--limit", "1"], 0);
    assert!(shown.ends_with("and 29 more (--limit 0 shows all)\n"), "{shown}");
}

#[test]
fn what_is_nowhere_is_told_with_the_nearest() {
    let dir = ready();
    let shown = why(&dir, &["please leave a reply below", "out"], 1);
    assert!(
        shown.starts_with("not found: “please leave a reply below”\nthe longest part of it that was found:\n"),
        "{shown}"
    );
    assert!(shown.contains("»Leave a Reply«") && shown.contains("leave-a-reply"), "{shown}");
    assert_eq!(why(&dir, &["quince", "out"], 1), "not found: “quince”\n");
    assert_eq!(why(&dir, &["ferr quince", "out"], 1), "not found: “ferr quince”\n", "a part of “ferry” is no word");
    let told = json_of(&dir, &["please leave a reply below", "out"], 1);
    assert_eq!((&told["found"], &told["nearest"]["found"]), (&0.into(), &"Leave a Reply".into()));
}

#[test]
fn own_rules_tell_their_own_reason() {
    let dir = Dir::new();
    let own = "format = 1\ncategory = 'own'\nlang = 'en'\n[[rule]]\nid = 'bus-depot'\nstrength = 'alone'\nform = 'line'\n\
               pattern = 'mind the depot'\nwhy = 'It is printed below each of our pages.'\nhit = 'Mind the depot'\n\
               miss = 'Mind the depot on Mill Street, they said.'\n";
    dir.write("own.toml", own);
    dir.write("in/a.txt", format!("{WITHOUT_CHROME}\nMind the depot\n"));
    dir.clean("out", &["-q", "--rules", "own.toml"], 0);
    assert!(why(&dir, &["mind the depot", "out"], 0).contains("not a rule of this set"));
    let shown = why(&dir, &["mind the depot", "out", "--rules", "own.toml"], 0);
    assert!(shown.contains("It is printed below each of our pages."), "{shown}");
}

#[test]
fn a_report_without_texts_says_so() {
    let dir = ready();
    let mut rows = dir.rows("out");
    for row in &mut rows {
        for removal in row["removed"].as_array_mut().unwrap() {
            removal.as_object_mut().unwrap().remove("text");
        }
    }
    dir.write("spans/report.jsonl", rows.iter().map(|row| format!("{row}\n")).collect::<String>());
    let (status, stdout, _) = dir.run(&["why", "also read", "spans"]);
    assert_eq!(status, 1);
    assert!(stdout.contains("the report holds no texts: "), "{stdout}");
}

#[test]
fn what_no_longer_fits_is_told_and_looked_at_all_the_same() {
    let dir = ready();
    dir.write("out/a.txt", "Somebody wrote a wholly new text here.\n");
    std::fs::remove_file(dir.path("out/b.txt")).unwrap();
    let (status, stdout, stderr) = dir.run(&["why", "wholly new text", "out"]);
    assert!(status == 0 && stdout.starts_with("kept: a.txt:1\n"), "{stdout}");
    assert!(
        stderr.contains("a.txt: it and the report do not make up the input") && stderr.contains("1 more"),
        "{stderr}"
    );
}

#[test]
fn nothing_in_a_report_steers_the_terminal() {
    let dir = Dir::new();
    let bad = "\u{1b}]0;title\u{7}\u{202e}";
    let row = json!({
        "schema": 1, "path": format!("a{bad}.txt"), "record": null, "status": "cleaned", "words": 3, "words_removed": 2,
        "bytes_text": 60, "bytes_kept": 30, "warnings": [],
        "removed": [{"start": 0, "end": 9 + bad.len(), "line": 1, "rule": bad, "category": bad, "evidence": {bad: 9},
                     "text": format!("read {bad}more")}],
    });
    dir.write("report.jsonl", format!("{row}\n"));
    for more in [&[][..], &["--json"]] {
        let shown = why(&dir, &[&["read ", "report.jsonl"], more].concat(), 0);
        assert!(shown.chars().all(|char| char == '\n' || dechrome::report::terminal::is_harmless(char)), "{shown}");
    }
}

#[test]
fn colour_marks_the_phrase_instead_of_quotation_marks() {
    let dir = ready();
    let (_, shown, _) = outcome(&mut dir.dechrome(&["why", "also read", "out", "--color", "always"]));
    assert!(shown.contains('\u{1b}') && !shown.contains('»'), "{shown}");
    let (_, shown, _) = outcome(dir.dechrome(&["why", "also read", "out"]).env("TERM", "dumb"));
    assert!(shown.contains(">>ALSO READ<<"), "{shown}");
}

#[test]
fn mistakes_end_with_status_two() {
    let dir = ready();
    dir.write("text.jsonl", "a plain text\n");
    let long = "word ".repeat(3000);
    for (args, says) in [
        (["why", " \u{200b} ", "out"], "holds nothing that can be looked for"),
        (["why", &long, "out"], "longer than 10,000 bytes"),
        (["why", "phrase", "text.jsonl"], "`text.jsonl`, line 1: no row"),
        (["why", "phrase", "in"], "report.jsonl` cannot be read"),
    ] {
        let (status, stdout, stderr) = dir.run(&args);
        assert!(status == 2 && stdout.is_empty() && stderr.contains(says), "{says}: {stdout}{stderr}");
    }
}
