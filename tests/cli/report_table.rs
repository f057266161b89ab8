//! `report`: totals as tables, CSV and JSON.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, outcome};
use serde_json::{Value, json};

/// Three documents with chrome, one without, and one that fails.
fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b.txt", WITH_CHROME);
    dir.write("in/c.txt", format!("{}\nLeave a Reply\n", WITH_CHROME));
    dir.write("in/d.txt", WITHOUT_CHROME);
    dir.write("in/e.txt", b"\x7fELF\0\0\0\x01\x02\0\0\0\xff\xfe");
    dir.clean("out", &["-q"], 3);
    dir
}

fn report(dir: &Dir, args: &[&str]) -> String {
    let (status, stdout, stderr) = dir.run(&[&["report"], args].concat());
    assert_eq!((status, stderr.as_str()), (0, ""), "{args:?}");
    stdout
}

/// A row that says of everything that could be shown what a hostile page might want to be shown.
fn hostile_row(name: &str) -> Value {
    json!({
        "schema": 1, "path": name, "record": null, "url": null, "site": name, "status": "kept_whole", "reason": name,
        "encoding": {"label": name, "source": "utf8", "replacements": 0}, "lang": name,
        "bytes_in": 10, "bytes_text": 10, "bytes_kept": 2, "lines": 1, "lines_removed": 0, "words": 4, "words_removed": 3,
        "removed": [{"start": 0, "end": 8, "line": 1, "rule": name, "category": name, "evidence": {name: 1}, "text": "a b c d "}],
        "warnings": [name],
    })
}

#[test]
fn the_tables_show_what_a_run_came_to() {
    let dir = ready();
    let shown = report(&dir, &["out"]);
    let line = |start: &str| {
        let found = shown.lines().find(|line| line.trim_start().starts_with(start));
        found.unwrap_or_else(|| panic!("{start} is not in\n{shown}")).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(line("cleaned").starts_with("cleaned 3 60.0 % █"), "{shown}");
    assert!(line("unchanged").starts_with("unchanged 1 20.0 % █"), "{shown}");
    assert!(line("failed").starts_with("failed 1 20.0 % █"), "{shown}");
    assert!(line("also-read").starts_with("also-read 3 3 "), "{shown}");
    assert!(line("UTF-8").starts_with("UTF-8 4 100.0 %"), "{shown}");
    assert!(line("binary").starts_with("binary 1 100.0 %"), "{shown}");
    assert!(shown.contains("\nfailed: 1 document\n  e.txt  binary: "), "{shown}");
    assert!(shown.contains(&dir.summary("out")["rules"]["hash"].as_str().unwrap().to_owned()), "{shown}");
    assert!(shown.contains("preset balanced") && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn the_tables_fit_the_width_and_the_locale() {
    let dir = ready();
    for (columns, width) in [("60", 60), ("44", 44), ("nonsense", 80)] {
        let (_, shown, _) = outcome(dir.dechrome(&["report", "out"]).env("COLUMNS", columns).env("LC_ALL", "C.UTF-8"));
        let tables = shown.lines().filter(|line| !line.contains("hash") && !line.contains("dechrome"));
        assert!(tables.clone().all(|line| line.chars().count() <= width), "{columns}\n{shown}");
        assert!(shown.contains('█'), "{shown}");
    }
    for (name, value) in [("LC_ALL", "C"), ("TERM", "dumb")] {
        let (_, shown, _) = outcome(dir.dechrome(&["report", "out"]).env(name, value));
        assert!(shown.contains("####") && shown.is_ascii(), "{name}={value}\n{shown}");
    }
}

#[test]
fn top_says_how_many_lines_a_table_has() {
    let dir = ready();
    let shown = report(&dir, &["out", "--top", "1"]);
    assert!(shown.contains("more (--top 0 shows all)") && !shown.contains("leave-a-reply"), "{shown}");
    let shown = report(&dir, &["out", "--top", "0"]);
    assert!(!shown.contains("--top") && shown.contains("leave-a-reply"), "{shown}");
}

#[test]
fn several_reports_add_up_and_standard_input_is_one() {
    let dir = ready();
    let read = |args: &[&str]| serde_json::from_str::<Value>(&report(&dir, args)).unwrap();
    let (once, twice) = (read(&["out", "--json"]), read(&["out", "out/report.jsonl", "--json"]));
    assert_eq!((&once["documents"]["total"], &twice["documents"]["total"]), (&5.into(), &10.into()));
    assert_eq!(once["by_rule"], dir.summary("out")["by_rule"]);
    assert_eq!(once["failed"]["first"][0]["path"], "e.txt");
    let rows = dir.read("out/report.jsonl");
    let (status, shown, _) = outcome(dir.dechrome(&["report", "-", "--json"]).write_stdin(rows));
    assert_eq!((status, serde_json::from_str::<Value>(&shown).unwrap()), (0, once));
    assert_eq!(dir.run(&["report", "-", "-"]).0, 2);
}

#[test]
fn csv_is_read_back_as_it_was_meant() {
    let dir = ready();
    let csv = report(&dir, &["out", "--csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["table", "name", "documents", "removals", "bytes", "words"]);
    let lines: Vec<Vec<String>> =
        reader.records().map(|line| line.unwrap().iter().map(str::to_owned).collect()).collect();
    let find = |table: &str, name: &str| lines.iter().find(|line| line[0] == table && line[1] == name).unwrap();
    assert_eq!(find("status", "cleaned")[2], "3");
    assert_eq!(find("rule", "also-read")[2..], ["3", "3", "108", "18"]);
    assert_eq!(find("encoding", "UTF-8")[2..], ["4", "", "", ""]);
    assert_eq!(find("reason", "binary")[2], "1");
}

#[test]
fn names_cannot_run_in_a_spreadsheet_or_steer_a_terminal() {
    let dir = Dir::new();
    let names = ["=HYPERLINK(\"http://x\")", " @a", "\u{1b}[31mred\u{202e}\n\r", "a,\"b\"", "-1+1", "\u{feff}=x"];
    let rows: String = names.iter().map(|name| hostile_row(name).to_string() + "\n").collect();
    dir.write("report.jsonl", rows);
    let shown = report(&dir, &["report.jsonl", "--top", "0"]);
    assert!(shown.chars().all(|char| char == '\n' || dechrome::report::terminal::is_harmless(char)), "{shown}");
    assert!(shown.contains("\\u{1b}[31mred\\u{202e}\\n\\r"), "{shown}");
    let json = report(&dir, &["report.jsonl", "--json"]);
    assert!(!json.contains('\u{202e}') && json.contains("\\u202e"), "{json}");
    let csv = report(&dir, &["report.jsonl", "--csv"]);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let cells: Vec<String> = reader.records().map(|line| line.unwrap()[1].to_owned()).collect();
    for name in names {
        let is_formula = name.trim_start_matches(['\u{feff}', ' ']).starts_with(['=', '@', '-']);
        let cell = if is_formula { format!("'{name}") } else { name.to_owned() };
        assert_eq!(cells.iter().filter(|found| **found == cell).count(), 6, "{cell:?} in {cells:?}");
    }
}

#[test]
fn an_empty_run_is_no_mistake() {
    let dir = Dir::new();
    std::fs::create_dir_all(dir.path("in")).unwrap();
    dir.clean("out", &["-q"], 0);
    let shown = report(&dir, &["out"]);
    assert!(shown.contains("  all              0  0.0 %\n"), "{shown}");
    assert!(!shown.contains("\nrules") && !shown.contains("NaN"), "{shown}");
    assert!(report(&dir, &["out", "--csv"]).contains("status,cleaned,0,0,0,0\r\n"));
}

#[test]
fn a_summary_that_is_none_is_told_and_left_out() {
    let dir = ready();
    for (summary, says) in [("[]", "is no summary of a dechrome run"), ("{", "is no summary")] {
        dir.write("out/summary.json", summary);
        let (status, stdout, stderr) = dir.run(&["report", "out"]);
        assert!(status == 0 && stdout.contains("also-read") && !stdout.contains("hash"), "{stdout}");
        assert!(stderr.contains("it is left out") && stderr.contains(says), "{stderr}");
    }
}

#[test]
fn numbers_beyond_all_measure_do_not_stop_it() {
    let dir = Dir::new();
    let mut row = hostile_row("a");
    for key in ["bytes_in", "bytes_text", "bytes_kept", "lines", "words", "words_removed"] {
        row[key] = u64::MAX.into();
    }
    row["removed"] = json!([{"start": 0, "end": u64::MAX, "rule": "r", "category": "c"}]);
    dir.write("report.jsonl", format!("{row}\n{row}\n"));
    let shown = report(&dir, &["report.jsonl"]);
    assert!(shown.contains("18,446,744,073,709,551,615"), "{shown}");
    report(&dir, &["report.jsonl", "--csv"]);
}

#[test]
fn what_is_no_report_is_named_with_its_line_and_a_way_out() {
    let dir = ready();
    let rows = dir.read("out/report.jsonl");
    dir.write("cut.jsonl", &rows[..rows.len() - 30]);
    dir.write("newer.jsonl", rows.replace("\"schema\":1", "\"schema\":7"));
    dir.write("negative.jsonl", rows.replacen("\"start\":", "\"start\":-", 1));
    dir.write("type.jsonl", rows.replacen("\"rule\":\"", "\"rule\":7,\"x\":\"", 1));
    dir.write("order.jsonl", rows.replacen("\"start\":", "\"start\":9", 1));
    dir.write("text.jsonl", "a plain text\n");
    dir.write("empty/x", "");
    for (name, says) in [
        ("cut.jsonl", "REPORT `cut.jsonl`, line 5: the row is cut off; the report was not copied whole"),
        ("newer.jsonl", "line 1: the row has schema 7, and this program reads 1; use the dechrome that wrote"),
        ("negative.jsonl", "line 1: the row is not as dechrome writes it: invalid value: integer `-"),
        ("type.jsonl", "line 1: the row is not as dechrome writes it: invalid type: integer `7`"),
        ("order.jsonl", "line 1: removal 1 ends before it begins; the report was edited"),
        ("text.jsonl", "line 1: no row of a dechrome report"),
        ("empty", "report.jsonl` cannot be read: "),
        ("nowhere", "check its name"),
    ] {
        for more in [&[][..], &["--csv"], &["--json"]] {
            let (status, stdout, stderr) = dir.run(&[&["report", name], more].concat());
            assert_eq!((status, stdout.as_str()), (2, ""), "{name}");
            assert!(stderr.contains(says), "{says:?} is not in {stderr}");
        }
    }
    assert_eq!(dir.run(&["report"]).0, 2);
}
