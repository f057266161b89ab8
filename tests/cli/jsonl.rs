//! JSON Lines through the program: only the text changes, and every other byte is as it was.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, check_account, hash_of};
use serde_json::{Value, json};

/// How a text is written between its quotes; every character by itself, so that what is left of a text is written the same.
type Escape = fn(char) -> String;

/// As serialisers write it that escape only what they must.
fn least(c: char) -> String {
    let quoted = serde_json::to_string(&c.to_string()).unwrap();
    quoted[1..quoted.len() - 1].to_owned()
}

/// As Python's `json.dumps` writes it.
fn ascii(c: char) -> String {
    if c.is_ascii() { least(c) } else { c.encode_utf16(&mut [0; 2]).iter().map(|u| format!("\\u{u:04x}")).collect() }
}

/// As some PHP writes it, and with capital digits.
fn odd(c: char) -> String {
    match c {
        '/' => "\\/".into(),
        '\n' => "\\u000A".into(),
        c if c.is_ascii() => least(c),
        c => c.encode_utf16(&mut [0; 2]).iter().map(|u| format!("\\u{u:04X}")).collect(),
    }
}

/// Every character by its number.
fn all(c: char) -> String {
    c.encode_utf16(&mut [0; 2]).iter().map(|u| format!("\\u{u:04X}")).collect()
}

fn literal(text: &str, escape: Escape) -> String {
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// A text with chrome and with characters of every length in UTF-8.
fn worldly() -> String {
    format!("Über die Größe: 大きさ 🚌 \"quoted\" \\ and/or\ttab\u{2028}line\u{0}\u{7f}\n\n{WITH_CHROME}")
}

/// A line whose only text is `text`.
fn line(text: &str) -> String {
    format!("{}\n", json!({"url": "https://www.paper.example.co.uk/1", "text": text}))
}

/// Records with large other fields and cheap texts, which fill several batches.
fn several_batches() -> String {
    let pad = "0123456789abcdef".repeat(512);
    let record = |number: usize| match number % 50 {
        49 => line(WITH_CHROME),
        _ => {
            let url = format!("https://news{}.example.org/{number}", number % 3);
            let text = format!("The ferry was late again on day {number}, and nobody knew why.");
            format!("{}\n", json!({"pad": pad, "url": url, "text": text}))
        }
    };
    (0..500).map(record).collect()
}

#[test]
fn every_byte_outside_the_text_is_as_it_was() {
    let dir = Dir::new();
    let texts = [worldly(), WITH_CHROME.to_owned(), WITHOUT_CHROME.to_owned(), String::new()];
    let frames = [
        ("{\"text\":", "}\n"),
        (
            "\t { \"z\" : 1e400 ,\"a\":-0.0, \"big\": 123456789012345678901234567890.10 , \"text\" \t: ",
            " , \"b\":[ ] }  \r\n",
        ),
        ("{\"\\u0074ext\":", ",\"deep\":{\"text\":\"ALSO READ: Not This One\"}}\n"),
        ("{\"same\":1,\"same\":2,\"lone\":\"\\ud800\",\"text\":", ",\"same\":\"\\u00e9\\/é\"}\r\n"),
        ("\n  \n\r\n{\"u\":\"a\u{2028}b\u{2029}c\u{85}d\",\"text\":", ",\"nested\":[[[[{}]]],null,true]}\n\n"),
        ("{\"content\":\"ALSO READ: Some Other Headline Here\",\"text\":", ",\"body\":null}\n"),
    ];
    let escapes: [Escape; 4] = [least, ascii, odd, all];
    let (mut input, mut expected) = ("\u{feff}".to_owned(), "\u{feff}".to_owned());
    for text in &texts {
        let kept = dir.cleaned(text);
        for (before, after) in frames {
            for escape in escapes {
                input += &format!("{before}{}{after}", literal(text, escape));
                expected += &format!("{before}{}{after}", literal(&kept, escape));
            }
        }
    }
    // The last line has no end.
    input += &format!("{{\"text\":{}}}", literal(WITH_CHROME, least));
    expected += &format!("{{\"text\":{}}}", literal(&dir.cleaned(WITH_CHROME), least));
    dir.write("in/a.jsonl", &input);
    dir.clean("out", &[], 0);
    assert_eq!(dir.read("out/a.jsonl"), expected);
    assert_eq!(input.matches('\n').count(), expected.matches('\n').count());
    assert!(input != expected && expected.contains("Not This One"));
}

#[test]
fn rows_account_for_every_record() {
    let dir = Dir::new();
    let (first, second) = (line(&worldly()), format!("{}\r\n", json!({"id": 17, "text": WITHOUT_CHROME})));
    dir.write("in/deep/a.jsonl", format!("{first}\n{second}"));
    dir.clean("out", &[], 0);
    let rows = dir.rows("out");
    let output = dir.read("out/deep/a.jsonl");
    let text_of = |line: &str| serde_json::from_str::<Value>(line).unwrap()["text"].as_str().unwrap().to_owned();
    let kept: Vec<String> = output.lines().filter(|line| !line.is_empty()).map(text_of).collect();
    assert_eq!((rows.len(), kept.len()), (2, 2));
    for ((row, text), kept) in rows.iter().zip([worldly(), WITHOUT_CHROME.to_owned()]).zip(&kept) {
        check_account(row, &text, kept);
        assert_eq!(row["path"], "deep/a.jsonl");
    }
    assert_eq!((&rows[0]["record"], &rows[1]["record"]), (&json!(1), &json!(3)));
    assert_eq!((&rows[0]["bytes_in"], &rows[0]["hash_in"]), (&json!(first.len()), &json!(hash_of(first.as_bytes()))));
    assert_eq!((&rows[1]["bytes_in"], &rows[1]["hash_in"]), (&json!(second.len()), &json!(hash_of(second.as_bytes()))));
    assert_eq!((&rows[0]["site"], &rows[1]["site"]), (&json!("example.co.uk"), &Value::Null));
    assert_eq!(rows[0]["url"], "https://www.paper.example.co.uk/1");
    assert_eq!((rows[0].get("id"), &rows[1]["id"]), (None, &json!("17")));
    assert_eq!((&rows[0]["status"], &rows[1]["status"]), (&json!("cleaned"), &json!("unchanged")));
}

#[test]
fn the_summary_counts_by_site() {
    let dir = Dir::new();
    let of = |url: &str, text: &str| format!("{}\n", json!({"url": url, "text": text}));
    let lines = [
        of("https://www.paper.example.co.uk/1", WITH_CHROME),
        of("http://blog.paper.example.co.uk:8080/2?x", WITHOUT_CHROME),
        of("https://other.example/", WITH_CHROME),
        of("no address", WITH_CHROME),
    ];
    dir.write("in/a.jsonl", lines.concat());
    dir.clean("out", &[], 0);
    let sites = dir.summary("out")["by_site"].clone();
    let names: Vec<_> = sites.as_object().unwrap().keys().cloned().collect();
    assert_eq!(names, ["example.co.uk", "other.example"]);
    assert_eq!(sites["example.co.uk"]["documents"], 2, "{sites}");
    assert_eq!(sites["other.example"]["documents"], 1, "{sites}");
}

#[test]
fn the_text_is_found_under_its_usual_names() {
    let dir = Dir::new();
    let kept = dir.cleaned(WITH_CHROME);
    for name in ["text", "content", "body", "raw_content", "maintext", "article"] {
        let of = |text: &str| format!("{{\"other\":{},{:?}:{}}}\n", json!(WITH_CHROME), name, literal(text, ascii));
        let (status, stdout, stderr) = dir.pipe(&["clean"], of(WITH_CHROME).as_bytes());
        assert_eq!((status, String::from_utf8(stdout).unwrap()), (0, of(&kept)), "{stderr}");
    }
}

#[test]
fn fields_can_be_named() {
    let dir = Dir::new();
    let kept = dir.cleaned(WITH_CHROME);
    let of = |text: &str| {
        let text = literal(text, least);
        let page = "{\"at\":\"https://a.b.example.org/x\",\"key\":\"k-1\"}";
        format!("{{\"text\":\"ALSO READ: Keep Me\",\"meta\":{{\"x\":0,\"body\":{text}}},\"page\":{page}}}\n")
    };
    dir.write("in/a.jsonl", of(WITH_CHROME));
    let names = ["--text-field", "meta.body", "--url-field", "page.at", "--id-field", "page.key"];
    dir.clean("out", &names, 0);
    assert_eq!(dir.read("out/a.jsonl"), of(&kept));
    let row = dir.row("out", "a.jsonl");
    assert_eq!((&row["url"], &row["site"]), (&json!("https://a.b.example.org/x"), &json!("example.org")));
    assert_eq!(row["id"], "k-1");
    let fields = &dir.summary("out")["options"]["fields"];
    assert_eq!(*fields, json!({"id": "page.key", "text": "meta.body", "url": "page.at"}));
}

#[test]
fn records_without_a_text_pass() {
    let dir = Dir::new();
    let lines = [
        "{\"title\":\"ALSO READ: Some Other Headline Here\"}",
        "{\"text\":null}",
        "{\"text\":[\"ALSO READ: Some Other Headline Here\"]}",
        "{\"text\":17}",
        "{}",
        "[\"ALSO READ: Some Other Headline Here\"]",
        "null",
        "\"ALSO READ: Some Other Headline Here\"",
    ];
    let input = format!("{}{}\n", line(WITHOUT_CHROME), lines.join("\n"));
    dir.write("in/a.jsonl", &input);
    let stderr = dir.clean("out", &[], 0);
    assert_eq!(dir.read("out/a.jsonl"), input);
    let rows = dir.rows("out");
    assert_eq!(rows.len(), lines.len() + 1);
    for row in &rows[1..] {
        assert_eq!((&row["status"], &row["reason"]), (&json!("unchanged"), &json!("no_text")), "{row}");
    }
    assert!(stderr.contains("8 records have no text"), "{stderr}");
}

#[test]
fn a_text_that_is_there_twice_is_not_touched() {
    let dir = Dir::new();
    let text = literal(WITH_CHROME, least);
    let input = format!("{{\"text\":{text},\"a\":1,\"text\":{text}}}\n");
    dir.write("in/a.jsonl", &input);
    dir.clean("out", &[], 0);
    assert_eq!(dir.read("out/a.jsonl"), input);
    let row = dir.row("out", "a.jsonl");
    assert_eq!((&row["status"], &row["reason"]), (&json!("unchanged"), &json!("duplicate_field")));
    assert!(row["warnings"][0].as_str().unwrap().contains("twice"), "{row}");
}

#[test]
fn half_of_a_surrogate_pair_stays_as_its_escape() {
    let dir = Dir::new();
    let kept = dir.cleaned(WITH_CHROME);
    let of = |text: &str| {
        let text = literal(text, least);
        let inner = &text[1..text.len() - 1];
        format!("{{\"text\":\"\\uD83D {inner}\\udC00\\uD83D\\u0041\"}}\n")
    };
    dir.write("in/a.jsonl", of(WITH_CHROME));
    dir.clean("out", &[], 0);
    assert_eq!(dir.read("out/a.jsonl"), of(&kept));
    let row = dir.row("out", "a.jsonl");
    assert_eq!(row["status"], "cleaned");
    assert!(row["warnings"][0].as_str().unwrap().contains("3 lone surrogates"), "{row}");
    let text = |text: &str| format!("\u{fffd} {text}\u{fffd}\u{fffd}A");
    check_account(&row, &text(WITH_CHROME), &text(&kept));
}

/// Lines that are no JSON, among others that are.
fn with_bad_lines() -> (String, String, String) {
    let bad = [
        "{\"text\": \"never closed\n",
        "{\"text\":\"a\"} {\"text\":\"b\"}\r\n",
        "plain prose, not JSON\n",
        "{\"a\":01}\n",
    ];
    let good = [line(WITH_CHROME), line(WITHOUT_CHROME), "\n".to_owned(), line(WITH_CHROME), line("short")];
    let mixed = good.iter().zip(bad).flat_map(|(good, bad)| [good.clone(), bad.to_owned()]).collect::<String>();
    (mixed + &good[4], good.concat(), bad.concat())
}

#[test]
fn lines_that_are_not_json_go_to_quarantine() {
    let dir = Dir::new();
    let (mixed, good, bad) = with_bad_lines();
    dir.write("in/sub/a.jsonl", &mixed);
    dir.write("good/sub/a.jsonl", &good);
    let stderr = dir.clean("out", &[], 3);
    dir.run(&["clean", "good", "--out", "expected"]);
    assert!(stderr.contains("failed: sub/a.jsonl, record 2: "), "{stderr}");
    assert_eq!(dir.read("out/sub/a.jsonl"), dir.read("expected/sub/a.jsonl"));
    assert_eq!(dir.read("out/quarantine/sub/a.jsonl"), bad);
    assert_eq!(dir.tree("out/quarantine").len(), 1);
    let failed: Vec<Value> = dir.rows("out").into_iter().filter(|row| row["status"] == "failed").collect();
    assert_eq!(failed.len(), 4);
    for (row, number) in failed.iter().zip([2, 4, 6, 8]) {
        assert_eq!((&row["record"], &row["reason"]), (&json!(number), &json!("not_json")));
        let aside = &row["quarantine"];
        assert_eq!((&aside["path"], &aside["of"]), (&json!("quarantine/sub/a.jsonl"), &json!("file")));
        let at = |name: &str| usize::try_from(aside[name].as_u64().unwrap()).unwrap();
        let bytes = &mixed.as_bytes()[at("offset")..at("offset") + at("bytes")];
        assert!(bad.as_bytes().windows(bytes.len()).any(|window| window == bytes), "{row}");
        assert_eq!((&row["bytes_in"], &row["hash_in"]), (&json!(bytes.len()), &json!(hash_of(bytes))));
    }
    assert_eq!(dir.summary("out")["documents"]["failed"], 4);
}

#[test]
fn a_stream_gives_the_same_bytes_and_bad_lines_stay_in_their_place() {
    let dir = Dir::new();
    let (mixed, good, _) = with_bad_lines();
    dir.write("in/a.jsonl", &good);
    dir.clean("out", &[], 0);
    let (status, stdout, stderr) = dir.pipe(&["clean", "-", "--report", "rows.jsonl"], good.as_bytes());
    assert_eq!((status, String::from_utf8(stdout).unwrap()), (0, dir.read("out/a.jsonl")), "{stderr}");
    let of_stream: Vec<Value> = dir.read("rows.jsonl").lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    let mut of_tree = dir.rows("out");
    of_tree.iter_mut().for_each(|row| row["path"] = Value::Null);
    assert_eq!(of_stream, of_tree);

    let kept = dir.cleaned(WITH_CHROME);
    let expected = mixed.replace(&literal(WITH_CHROME, least), &literal(&kept, least));
    assert!(expected != mixed);
    let (status, stdout, stderr) = dir.pipe(&["clean"], mixed.as_bytes());
    assert_eq!((status, String::from_utf8(stdout).unwrap()), (3, expected.clone()), "{stderr}");
    assert!(stderr.contains("record 2"), "{stderr}");
    dir.write("mixed.jsonl", &mixed);
    let (status, stdout, _) = dir.run(&["clean", "mixed.jsonl"]);
    assert_eq!((status, stdout), (3, expected));
}

#[test]
fn threads_change_nothing_over_several_batches() {
    let dir = Dir::new();
    let input = several_batches();
    assert!(input.len() > 3 << 20);
    dir.write("in/a.jsonl", &input);
    dir.clean("one", &["-j1"], 0);
    dir.clean("four", &["-j4"], 0);
    assert!(dir.bytes("one/a.jsonl") == dir.bytes("four/a.jsonl"));
    assert!(dir.bytes("one/report.jsonl") == dir.bytes("four/report.jsonl"));
    let expected = input.replace(
        &serde_json::to_string(WITH_CHROME).unwrap(),
        &serde_json::to_string(&dir.cleaned(WITH_CHROME)).unwrap(),
    );
    assert!(dir.read("one/a.jsonl") == expected && expected != input);
    let numbers: Vec<u64> = dir.rows("one").iter().map(|row| row["record"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (1..=500).collect::<Vec<_>>());
    for threads in ["1", "4"] {
        let (status, stdout, _) = dir.pipe(&["clean", "--threads", threads], input.as_bytes());
        assert!(status == 0 && stdout == expected.as_bytes());
    }
}

#[test]
fn larger_records_pass_through() {
    let dir = Dir::new();
    let text = WITH_CHROME.repeat(8);
    let (above, huge) = (line(&text), line(&WITH_CHROME.repeat(4000)));
    assert!(text.len() > 4096 && huge.len() > 2 << 20);
    let input = [line(WITH_CHROME), above.clone(), line(WITHOUT_CHROME), huge.clone(), line(WITH_CHROME)].concat();
    dir.write("in/a.jsonl", &input);
    dir.clean("out", &["--max-record", "4k"], 0);
    let kept = line(&dir.cleaned(WITH_CHROME));
    let expected = [kept.clone(), above.clone(), line(WITHOUT_CHROME), huge.clone(), kept].concat();
    assert!(dir.read("out/a.jsonl") == expected);
    let rows = dir.rows("out");
    let statuses: Vec<&str> = rows.iter().map(|row| row["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["cleaned", "kept_whole", "unchanged", "kept_whole", "cleaned"]);
    for (row, line) in [(&rows[1], above), (&rows[3], huge)] {
        assert_eq!(row["reason"], "too_large");
        assert_eq!((&row["bytes_in"], &row["hash_in"]), (&json!(line.len()), &json!(hash_of(line.as_bytes()))));
    }
    check_account(&rows[1], &text, &text);
    assert_eq!(rows[4]["record"], 5);
}

#[test]
fn json_lines_are_known_without_their_name() {
    let dir = Dir::new();
    let kept = line(&dir.cleaned(WITH_CHROME));
    dir.write("in/dump", line(WITH_CHROME));
    dir.write("in/notes.txt", line(WITH_CHROME));
    dir.write("in/one.json", line(WITH_CHROME));
    dir.clean("out", &[], 0);
    for name in ["dump", "notes.txt", "one.json"] {
        assert_eq!(dir.read(&format!("out/{name}")), kept, "{name}");
        assert_eq!(dir.row("out", name)["record"], 1);
    }
    let (_, stdout, _) = dir.pipe(&["clean", "--format", "text"], line(WITH_CHROME).as_bytes());
    assert!(String::from_utf8(stdout).unwrap() != kept);
    // The first line may be longer than what is looked at.
    let long = format!("{}\n{}", json!({"pad": "x".repeat(1 << 17), "text": WITH_CHROME}), line(WITH_CHROME));
    let expected = format!("{}\n{kept}", json!({"pad": "x".repeat(1 << 17), "text": dir.cleaned(WITH_CHROME)}));
    assert!(dir.pipe(&["clean"], long.as_bytes()).1 == expected.as_bytes());
}

#[test]
fn a_value_over_many_lines_is_no_json_lines_and_says_so() {
    let dir = Dir::new();
    let pretty = serde_json::to_string_pretty(&json!([{"text": WITH_CHROME}])).unwrap();
    dir.write("in/a.jsonl", &pretty);
    dir.clean("out", &[], 3);
    let kept = if dir.path("out/a.jsonl").exists() { dir.read("out/a.jsonl") } else { String::new() };
    let aside = dir.read("out/quarantine/a.jsonl");
    // Nothing is lost and nothing is made up.
    assert_eq!(kept.len() + aside.len(), pretty.len());
    assert!(pretty.lines().all(|line| kept.contains(line) || aside.contains(line)));
}

#[test]
fn an_empty_file_comes_out_empty() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", "");
    dir.write("in/b.jsonl", "\n\n \n");
    dir.clean("out", &[], 0);
    assert_eq!((dir.read("out/a.jsonl"), dir.read("out/b.jsonl")), (String::new(), "\n\n \n".to_owned()));
    let row = dir.row("out", "a.jsonl");
    assert_eq!((&row["status"], &row["reason"]), (&json!("unchanged"), &json!("empty")));
}

#[test]
fn a_title_of_the_record_is_known_when_the_text_quotes_it() {
    let dir = Dir::new();
    let headline = "Council approves four new bus routes";
    let body = WITHOUT_CHROME.trim_end();
    let record = |title: &str| {
        let text = format!("{body}\n\n2 thoughts on {headline}\n");
        serde_json::json!({"title": title, "text": text}).to_string()
    };
    dir.write("in.jsonl", format!("{}\n{}\n", record(headline), record("Another title of another record")));
    let (status, stdout, stderr) = dir.run(&["clean", "in.jsonl"]);
    assert_eq!(status, 0, "{stderr}");
    let texts: Vec<String> = stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned())
        .collect();
    assert!(!texts[0].contains(headline), "{}", texts[0]);
    assert!(texts[1].contains(headline), "{}", texts[1]);
}
