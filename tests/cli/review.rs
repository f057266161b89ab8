//! `report --out`: the review page, as far as it needs no browser; `tests/peers/page.py` opens it in one.

use std::fs;

use data_encoding::BASE64;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};

/// A text that would do harm if anything of it were more than text.
const HOSTILE: &str = "ALSO READ: </script><script>alert(1)</script><!-- \u{202e}\u{2028} & \"quoted\" 'single'";

fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b.txt", WITHOUT_CHROME);
    dir.write(
        "in/<img src=x onerror=alert(1)>.txt",
        WITH_CHROME.replace("ALSO READ: Some Other Headline Here", HOSTILE),
    );
    dir.write("in/d.txt", b"\x7fELF\0\0\0\x01\0\0");
    dir.clean("out", &["-q"], 3);
    dir
}

fn page(dir: &Dir, args: &[&str]) -> String {
    let (status, stdout, stderr) = dir.run(&[&["report"], args, &["--out", "review.html", "-q"]].concat());
    assert_eq!((status, stdout.as_str(), stderr.as_str()), (0, "", ""), "{args:?}");
    dir.read("review.html")
}

/// The blocks of data that are documents.
fn documents(page: &str) -> Vec<Value> {
    let blocks = page.split("<script type=\"application/json\" id=\"document-").skip(1);
    let json = blocks.map(|block| block.split_once("\">").unwrap().1.split_once("</script>").unwrap().0);
    json.map(|json| serde_json::from_str(json).unwrap()).collect()
}

fn document(page: &str, path: &str) -> Value {
    documents(page).into_iter().find(|document| document["path"] == path).unwrap_or_else(|| panic!("no {path}"))
}

fn between<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    page.split_once(start).unwrap().1.split_once(end).unwrap().0
}

/// The text of a document before anything was removed, from its pieces.
fn whole(document: &Value) -> String {
    let removed = |piece: &Value| document["removed"][piece.as_u64().unwrap() as usize]["text"]["head"].clone();
    let text = |piece: &Value| if piece.is_string() { piece.clone() } else { removed(piece) };
    document["pieces"].as_array().unwrap().iter().map(|piece| text(piece).as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_first_screen_has_the_numbers_of_the_summary() {
    let dir = ready();
    let (page, summary) = (page(&dir, &["out"]), dir.summary("out"));
    for name in ["total", "cleaned", "unchanged", "kept_whole", "failed"] {
        let number = summary["documents"][name].as_u64().unwrap();
        assert!(page.contains(&format!("<dd data-figure=\"{number}\">{number}</dd>")), "{name}");
    }
    let words = format!("{} of {} words", summary["words"]["removed"], summary["words"]["total"]);
    assert!(page.contains(&words), "{words}");
    for rule in summary["by_rule"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("data-rule=\"{rule}\"")), "{rule}");
    }
}

#[test]
fn a_document_stands_there_with_its_removals_in_their_places() {
    let dir = ready();
    let page = page(&dir, &["out"]);
    let document = document(&page, "a.txt");
    assert_eq!(whole(&document), WITH_CHROME);
    assert_eq!(document["removed"][0]["rule"], "also-read");
    assert_eq!(document["removed"][0]["evidence"][0], serde_json::json!(["alone", 100]));
    assert!(document["note"].is_null());
    assert_eq!(documents(&page).len(), 4);
}

#[test]
fn nothing_of_a_text_or_a_name_is_more_than_text() {
    let dir = ready();
    let page = page(&dir, &["out"]);
    assert_eq!(page.matches("<script").count(), 1 + 1 + 4, "the script, what it knows, and four documents");
    for bad in ["<img", "<script>alert", "\u{202e}", "\u{2028}", "onerror=alert(1)>"] {
        assert!(!page.contains(bad), "{bad:?}");
    }
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;.txt"));
    let document = document(&page, "<img src=x onerror=alert(1)>.txt");
    assert!(whole(&document).contains(HOSTILE));
}

#[test]
fn the_policy_allows_the_pages_own_script_and_styles_only() {
    let page = page(&ready(), &["out"]);
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    let hash = |text: &str| format!("'sha256-{}'", BASE64.encode(&Sha256::digest(text.as_bytes())));
    let (styles, script) = (between(&page, "<style>", "</style>"), between(&page, "<script>", "</script>"));
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
            hash(script),
            hash(styles)
        )
    );
    for bad in [" style=", " onclick=", "innerHTML", "http://", "https://", "@import", "url(", "eval("] {
        assert!(!page.contains(bad), "{bad}");
    }
}

#[test]
fn the_same_seed_gives_the_same_page_and_another_one_other_documents() {
    let dir = Dir::new();
    for n in 0..60 {
        dir.write(&format!("in/{n:02}.txt"), WITHOUT_CHROME);
    }
    dir.clean("out", &["-q", "-j", "1"], 0);
    let first = page(&dir, &["out", "--samples", "10"]);
    dir.clean("out", &["-q", "-j", "2", "--overwrite"], 0);
    assert!(first == page(&dir, &["out", "--samples", "10"]), "the page differs");
    let names = |page: &str| documents(page).iter().map(|it| it["path"].to_string()).collect::<Vec<_>>();
    let other = page(&dir, &["out", "--samples", "10", "--seed", "2"]);
    assert_eq!((names(&first).len(), names(&other).len()), (10, 10));
    assert_ne!(names(&first), names(&other));
    assert!(documents(&page(&dir, &["out", "--samples", "0"])).is_empty());
}

#[test]
fn records_are_found_wherever_they_went() {
    let dir = Dir::new();
    let line = |text: &str| serde_json::json!({"maintext": text}).to_string() + "\n";
    let texts = [WITH_CHROME.to_owned(), WITHOUT_CHROME.to_owned(), WITH_CHROME.replace("four", "five")];
    // What is no JSON goes to quarantine, and the numbers of those behind it change.
    dir.write("in/a.jsonl", format!("{}{{broken\n{}{}", line(&texts[0]), line(&texts[1]), line(&texts[2])));
    dir.write("in/b.csv", format!("id,maintext\n1,\"{}\"\n", texts[0]));
    for more in
        [&["--compress", "zstd"][..], &["--explode", "--overwrite"], &["--text-field", "maintext", "--overwrite"]]
    {
        dir.clean("out", &[more, &["-q"]].concat(), 3);
        let page = page(&dir, &["out"]);
        let mut found: Vec<String> = documents(&page).iter().filter(|it| it["status"] != "failed").map(whole).collect();
        let mut wanted = [&texts[..], &texts[..1]].concat();
        found.sort();
        wanted.sort();
        assert_eq!(found, wanted, "{more:?}");
    }
}

#[test]
fn a_page_of_html_is_shown_as_the_text_it_became() {
    let dir = Dir::new();
    let paragraphs: String = WITH_CHROME.split("\n\n").map(|text| format!("<p>{text}</p>")).collect();
    dir.write("in/a.html", format!("<html><body><article>{paragraphs}{paragraphs}</article></body></html>"));
    dir.clean("out", &["-q"], 0);
    let page = page(&dir, &["out"]);
    let document = document(&page, "a.html");
    assert!(document["note"].is_null() && whole(&document).contains("ALSO READ"), "{document}");
}

#[test]
fn without_the_outputs_only_the_removals_are_shown_and_the_page_says_why() {
    let dir = ready();
    dir.write("alone/report.jsonl", dir.read("out/report.jsonl"));
    let says = |page: &str| document(page, "a.txt")["note"].as_str().unwrap_or_default().to_owned();
    let lonely = page(&dir, &["alone/report.jsonl"]);
    assert!(says(&lonely).starts_with("Only the removals are shown: its output cannot be read"), "{}", says(&lonely));
    assert!(lonely.contains("there is no summary beside it"));
    let shown = document(&lonely, "a.txt");
    assert_eq!(shown["pieces"][0]["gap"], shown["removed"][0]["start"]);
    dir.write("out/a.txt", "Something else.\n");
    let changed = page(&dir, &["out"]);
    assert!(says(&changed).contains("another than the report speaks of"), "{}", says(&changed));
}

#[test]
fn reports_without_texts_show_places() {
    let dir = ready();
    let report: String = dir
        .rows("out")
        .into_iter()
        .map(|mut row| {
            for removed in row["removed"].as_array_mut().unwrap() {
                removed.as_object_mut().unwrap().remove("text");
            }
            row.to_string() + "\n"
        })
        .collect();
    dir.write("out/report.jsonl", report);
    let document = document(&page(&dir, &["out"]), "a.txt");
    assert!(document["removed"][0]["text"].is_null() && document["removed"][0]["start"].is_u64());
    let kept: String = document["pieces"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(kept, dir.read("out/a.txt"));
}

#[test]
fn several_reports_are_one_page() {
    let dir = ready();
    dir.write("more/c.txt", WITH_CHROME);
    let (status, _, stderr) = dir.run(&["clean", "more", "--out", "out2", "-q"]);
    assert_eq!(status, 0, "{stderr}");
    let page = page(&dir, &["out", "out2"]);
    assert!(page.contains("<title>Review of 2 reports</title>") && page.contains("<dd data-figure=\"5\">5</dd>"));
    assert_eq!(whole(&document(&page, "c.txt")), WITH_CHROME);
}

#[test]
fn a_long_document_is_shortened_round_its_removals() {
    let dir = Dir::new();
    let prose = format!("{}\n", WITHOUT_CHROME.lines().next().unwrap()).repeat(20_000);
    dir.write("in/a.txt", format!("{prose}\nALSO READ: Some Other Headline Here\n\n{prose}"));
    dir.clean("out", &["-q"], 0);
    let page = page(&dir, &["out"]);
    assert!(page.len() < 2_000_000, "{}", page.len());
    let document = document(&page, "a.txt");
    let pieces = document["pieces"].as_array().unwrap();
    let shown: u64 = pieces.iter().filter_map(Value::as_str).map(|text| text.len() as u64).sum();
    let left_out: u64 = pieces.iter().filter_map(|piece| piece["gap"].as_u64()).sum();
    assert!(left_out > 0 && pieces.iter().any(|piece| piece == 0));
    assert_eq!(shown + left_out, dir.read("out/a.txt").len() as u64);
}

#[test]
fn an_empty_run_gives_a_page_that_says_so() {
    let dir = Dir::new();
    fs::create_dir_all(dir.path("in")).unwrap();
    dir.clean("out", &["-q"], 0);
    let page = page(&dir, &["out"]);
    assert!(page.contains("The report holds no document. Nothing was cleaned, so there is nothing to review."));
    assert!(documents(&page).is_empty());
}

#[test]
fn other_rules_than_those_of_the_run_are_told() {
    let dir = ready();
    assert!(!page(&dir, &["out"]).contains("made with other rules"));
    let page = page(&dir, &["out", "--no-default-rules"]);
    assert!(page.contains("made with other rules") && page.contains("do not know this id"));
}

#[test]
fn a_file_that_is_no_page_is_not_replaced() {
    let dir = ready();
    dir.write("review.html", "<!doctype html>\nmine\n");
    let (status, _, stderr) = dir.run(&["report", "out", "--out", "review.html"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("`review.html` exists and is no review page; choose another name"), "{stderr}");
    assert_eq!(dir.read("review.html"), "<!doctype html>\nmine\n");
    page(&dir, &["out", "--overwrite"]);
    // A page of ours is.
    page(&dir, &["out"]);
    for name in ["out", "out/report.jsonl", "nowhere/review.html"] {
        let (status, _, stderr) = dir.run(&["report", "out", "--out", name, "--overwrite"]);
        assert_eq!(status, 2, "{name}: {stderr}");
    }
}

#[test]
fn a_report_that_cannot_be_read_gives_no_page() {
    let dir = ready();
    let report = dir.read("out/report.jsonl");
    dir.write("cut.jsonl", &report[..report.len() - 30]);
    dir.write("newer.jsonl", report.replace("\"schema\":1", "\"schema\":99"));
    dir.write("other/report.jsonl", "{\"text\": \"something else\"}\n");
    for (name, says) in [
        ("cut.jsonl", "`cut.jsonl`, line 4: the row is cut off; "),
        ("newer.jsonl", "`newer.jsonl`, line 1: the row has schema 99"),
        ("other", "line 1: no row of a dechrome report; "),
        ("nowhere", "check its name"),
    ] {
        let (status, stdout, stderr) = dir.run(&["report", name, "--out", "review.html"]);
        assert_eq!((status, stdout.as_str()), (2, ""), "{name}");
        assert!(stderr.contains(says), "{says:?} is not in {stderr}");
        assert!(!dir.path("review.html").exists(), "{name}");
    }
}
