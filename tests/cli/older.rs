//! Reports that older programs wrote are read, newer ones and edited ones are refused with what to do.

use crate::support::Dir;
use serde_json::Value;

/// A row as the first program wrote it: nothing of records, quarantine or extractors.
const FIRST_ROW: &str = include_str!("older/first-cleaned.json");
/// A row of a document that failed, as the first program wrote it.
const FIRST_FAILED: &str = include_str!("older/first-failed.json");
/// A row of a record, as the programs wrote it that first had them.
const RECORD_ROW: &str = include_str!("older/first-record.json");

/// A summary as the first program wrote it.
const FIRST_SUMMARY: &str = include_str!("older/first-summary.json");

fn old_run() -> Dir {
    let dir = Dir::new();
    dir.write("old/report.jsonl", format!("{FIRST_ROW}\n{FIRST_FAILED}\n"));
    dir.write("old/summary.json", FIRST_SUMMARY);
    dir.write("more/report.jsonl", format!("{RECORD_ROW}\n"));
    dir.write("more/summary.json", FIRST_SUMMARY);
    dir
}

fn refused(dir: &Dir, args: &[&str], says: &[&str]) {
    let (status, stdout, stderr) = dir.run(args);
    assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
    for word in says {
        assert!(stderr.contains(word), "`{word}` is not said in: {stderr}");
    }
}

#[test]
fn older_reports_and_summaries_are_joined() {
    let dir = old_run();
    let (status, _, stderr) = dir.run(&["report", "merge", "old", "more", "--out", "joined"]);
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(dir.read("joined/report.jsonl"), format!("{FIRST_ROW}\n{FIRST_FAILED}\n{RECORD_ROW}\n"));
    let (old, joined): (Value, Value) = (serde_json::from_str(FIRST_SUMMARY).unwrap(), dir.summary("joined"));
    assert_eq!((&joined["by_rule"], &joined["bytes"]["removed"]), (&old["by_rule"], &36.into()));
    assert_eq!((&joined["documents"]["total"], &joined["of_sites"]["documents"]), (&3.into(), &1.into()));
}

#[test]
fn statistics_read_older_rows_and_fields_that_nobody_knows_yet() {
    let dir = old_run();
    let newer =
        FIRST_ROW.replacen('{', r#"{"mood":["glad",{"a":1}],"#, 1).replace(r#""line":3"#, r#""line":3,"depth":0"#);
    dir.write("newer.jsonl", newer + "\n");
    let (status, stdout, stderr) = dir.run(&["rules", "stats", "old", "newer.jsonl", "--json"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let stats: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&stats["documents"], &stats["hit"][0]["hits"]), (&3.into(), &2.into()));
}

#[test]
fn a_newer_schema_is_refused_with_what_to_do() {
    let dir = old_run();
    let newer =
        |text: &str| text.replacen("\"schema\":1", "\"schema\":2", 1).replacen("\"schema\": 1", "\"schema\": 2", 1);
    // Even where nothing else is as it was.
    dir.write("report.jsonl", format!("{FIRST_ROW}\n{}\n", newer(FIRST_ROW).replace("\"removed\"", "\"taken\"")));
    let says = ["line 2", "the row has schema 2, and this program reads 1", "use the dechrome that wrote the report"];
    refused(&dir, &["rules", "stats", "report.jsonl"], &says);
    dir.write("more/summary.json", newer(FIRST_SUMMARY));
    let says = ["more/summary.json", "the summary has schema 2, and this program reads 1"];
    refused(&dir, &["report", "merge", "old", "more", "--out", "joined"], &says);
    assert!(!dir.path("joined").exists());
}

#[test]
fn edited_and_cut_rows_are_told_by_their_line() {
    let dir = old_run();
    for (from, to, says) in [
        ("\"bytes_in\":120", "\"bytes_in\":\"120\"", "the row is not as dechrome writes it: invalid type: string"),
        ("\"cleaned\"", "\"cle\\u001b[2Janed\"", "unknown variant `cle\\u{1b}[2Janed`"),
        ("\"start\":84", "\"start\":-84", "invalid value: integer `-84`"),
        ("\"rule\":\"also-read\",", "", "missing field `rule`"),
        ("\"removed\":[", "\"removed\":7,\"x\":[", "invalid type: integer `7`"),
        (",\"warnings\":[]}", "", "no row of a dechrome report"),
    ] {
        assert!(FIRST_ROW.contains(from), "{from}");
        dir.write("report.jsonl", format!("{FIRST_FAILED}\n{}\n", FIRST_ROW.replacen(from, to, 1)));
        refused(&dir, &["rules", "stats", "report.jsonl"], &["report.jsonl", "line 2", says]);
    }
    dir.write("report.jsonl", format!("{FIRST_FAILED}\n{}", &FIRST_ROW[..200]));
    refused(&dir, &["rules", "stats", "report.jsonl"], &["line 2: the row is cut off", "copy it again"]);
    dir.write("more/summary.json", &FIRST_SUMMARY[..100]);
    refused(&dir, &["report", "merge", "old", "more", "--out", "joined"], &["more/summary.json", "is no summary"]);
}
