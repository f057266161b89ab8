//! `--tags dolma`: texts are marked, and nothing is cut.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use dechrome::formats::compression::{Codec, Encoder};
use serde_json::{Value, json};

const ALL: &str = "dechrome__chrome__all";

/// Documents with characters of every length in UTF-8, ids of every kind, and what else lines may hold.
fn documents() -> String {
    let worldly = format!(
        "Über die Größe: 大きさ 🚌 wird hier berichtet, weil sie viele Menschen sehr beschäftigt.\n\n{WITH_CHROME}"
    );
    let more = format!("{WITH_CHROME}\nLeave a Reply\n");
    let lines = [
        json!({"id": "a/1", "text": worldly, "source": "x"}).to_string(),
        json!({"id": 17, "text": more}).to_string(),
        json!({"id": "é\"\\\u{2028}", "text": WITHOUT_CHROME}).to_string(),
        format!("{{\"id\":\"\\u00e9\\/\",\"text\":{},\"id2\":0}}", ascii(&worldly)),
        json!({"text": WITH_CHROME}).to_string(),
        json!({"id": "no text"}).to_string(),
        json!({"id": "elsewhere", "content": WITH_CHROME}).to_string(),
        json!({"id": null, "uuid": "u", "text": ""}).to_string(),
    ];
    lines.map(|line| line + "\n").concat()
}

/// A literal as Python's `json.dumps` writes it.
fn ascii(text: &str) -> String {
    let of = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        c => c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")).collect(),
    };
    format!("\"{}\"", text.chars().map(of).collect::<String>())
}

fn parsed(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What dolma's mixer does with a document and its attributes: it deletes the spans, which count code points.
fn mixed(document: &Value, attributes: &Value, name: &str) -> Option<String> {
    let spans = attributes["attributes"][name].as_array()?;
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let is_cut = |at: usize| spans.iter().any(|span| (number(&span[0])..number(&span[1])).contains(&at));
    let characters = document["text"].as_str()?.chars().enumerate();
    Some(characters.filter(|(at, _)| !is_cut(*at)).map(|(_, c)| c).collect())
}

#[test]
fn cutting_all_spans_gives_what_cleaning_gives() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", documents());
    dir.clean("tags", &["--tags", "dolma"], 0);
    dir.clean("cut", &["--text-field", "text", "--id-field", "id"], 0);
    let (documents, cut) = (parsed(&documents()), parsed(&dir.read("cut/a.jsonl")));
    let attributes = parsed(&dir.read("tags/a.jsonl"));
    assert_eq!(attributes.len(), documents.len());
    for ((document, cut), marked) in documents.iter().zip(&cut).zip(&attributes) {
        assert_eq!(marked["id"], document["id"]);
        assert_eq!(mixed(document, marked, ALL), cut["text"].as_str().map(str::to_owned), "{marked}");
    }
    assert!(documents != cut);
    // The report is what it always is.
    assert_eq!(dir.read("tags/report.jsonl"), dir.read("cut/report.jsonl"));
    assert_eq!(dir.summary("tags")["options"]["tags"], "dolma");
    assert_eq!(dir.summary("tags")["by_rule"], dir.summary("cut")["by_rule"]);
}

#[test]
fn categories_have_attributes_of_their_own() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", documents());
    dir.clean("tags", &["--tags", "dolma"], 0);
    let attributes = parsed(&dir.read("tags/a.jsonl"));
    let names: Vec<&String> = attributes[1]["attributes"].as_object().unwrap().keys().collect();
    let of = |name: &str| format!("dechrome__chrome__{name}");
    assert_eq!(names, [&of("all"), &of("blank"), &of("comment_form"), &of("cross_promo")]);
    let spans = |name: &String| attributes[1]["attributes"][name].as_array().unwrap().clone();
    let mut together: Vec<Value> = names[1..].iter().flat_map(|name| spans(name)).collect();
    together.sort_by_key(|span| span[0].as_u64());
    assert_eq!(together, spans(names[0]));
    for span in together {
        let score = span[2].as_f64().unwrap();
        assert!(span.as_array().unwrap().len() == 3 && score > 0.0 && score <= 1.0, "{span}");
    }
    assert_eq!(attributes[2]["attributes"], json!({ALL: []}));
}

#[test]
fn lines_stay_beside_their_documents_whatever_they_hold() {
    let dir = Dir::new();
    let lines = [
        json!({"id": "first", "text": WITH_CHROME}).to_string(),
        String::new(),
        "not json".to_owned(),
        "[1]".to_owned(),
        "{\"id\":\"twice\",\"text\":\"a\",\"text\":\"b\"}".to_owned(),
        json!({"id": "large", "text": "Much of it. ".repeat(200)}).to_string(),
        json!({"id": "vast", "text": "Much of it. ".repeat(400_000)}).to_string(),
        json!({"id": "last", "text": WITH_CHROME}).to_string(),
    ];
    let input = lines.join("\n");
    dir.write("in/a.jsonl", &input);
    dir.clean("tags", &["--tags", "dolma", "--max-record", "1k"], 3);
    let attributes = parsed(&dir.read("tags/a.jsonl"));
    let ids: Vec<&Value> = attributes.iter().map(|line| &line["id"]).collect();
    assert_eq!(json!(ids), json!(["first", null, null, null, "twice", "large", null, "last"]));
    let marked = |line: &Value| line["attributes"][ALL].as_array().unwrap().len();
    assert_eq!(attributes.iter().map(marked).filter(|&count| count > 0).count(), 2);
    let rows = dir.rows("tags");
    let vast = rows.iter().find(|row| row["record"] == 7).unwrap();
    assert!(vast["warnings"][0].as_str().unwrap().contains("its id was not looked at"), "{vast}");
    assert_eq!(dir.read("tags/quarantine/a.jsonl"), "not json\n");
    // A filter gives the same, and so do many threads.
    let (status, stdout, _) =
        dir.pipe(&["clean", "--tags", "dolma", "--max-record", "1k", "-j", "3"], input.as_bytes());
    assert_eq!((status, String::from_utf8(stdout).unwrap()), (3, dir.read("tags/a.jsonl")));
}

#[test]
fn attributes_are_compressed_and_named_as_their_documents() {
    let dir = Dir::new();
    let mut packed = Vec::new();
    Encoder::new(Codec::Gzip).unwrap().encode(documents().as_bytes(), &mut packed).unwrap();
    dir.write("in/part.jsonl.gz", packed);
    dir.clean("tags", &["--tags", "dolma"], 0);
    dir.clean("twice", &["--tags", "dolma", "--compress", "none"], 0);
    assert!(dir.bytes("tags/part.jsonl.gz").starts_with(&[0x1f, 0x8b]));
    let (status, expected, _) = dir.pipe(&["clean", "--tags", "dolma"], documents().as_bytes());
    assert_eq!((status, dir.bytes("twice/part.jsonl")), (0, expected));
}

#[test]
fn a_run_goes_on_and_parts_join() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", documents());
    dir.clean("out", &["--tags", "dolma"], 0);
    dir.write("in/b/c.jsonl", documents());
    dir.clean("out", &["--tags", "dolma", "--resume"], 0);
    dir.clean("fresh", &["--tags", "dolma"], 0);
    for name in ["a.jsonl", "b/c.jsonl", "report.jsonl"] {
        assert_eq!(dir.read(&format!("out/{name}")), dir.read(&format!("fresh/{name}")), "{name}");
    }
    // Without marks it is another run.
    dir.clean("out", &["--resume"], 0);
    assert!(dir.read("out/a.jsonl").contains("\"source\":\"x\""));
    for (part, out) in [("1/2", "one"), ("2/2", "two")] {
        assert_eq!(dir.run(&["clean", "in", "--out", out, "--tags", "dolma", "--shard", part]).0, 0);
    }
    assert_eq!(dir.run(&["report", "merge", "one", "two", "--out", "joined"]).0, 0);
    assert_eq!(dir.read("joined/report.jsonl"), dir.read("fresh/report.jsonl"));
}

#[test]
fn what_is_no_json_lines_is_passed_over_or_fails_where_it_was_named() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", documents());
    dir.write("in/b.txt", WITH_CHROME);
    dir.write("in/c.csv", "id,text\n1,x\n");
    dir.clean("tags", &["--tags", "dolma"], 0);
    assert_eq!(dir.names("tags"), ["a.jsonl", "report.jsonl", "summary.json"]);
    let skipped = dir.summary("tags")["skipped"].clone();
    assert_eq!(skipped[0], json!({"path": "b.txt", "reason": "not_json_lines"}));
    assert_eq!(skipped[1], json!({"path": "c.csv", "reason": "not_json_lines"}));
    let (status, _, stderr) = dir.run(&["clean", "in/a.jsonl", "in/b.txt", "--out", "named", "--tags", "dolma"]);
    assert!(status == 3 && stderr.contains("b.txt: only JSON Lines can be marked, and this is text"), "{stderr}");
    assert_eq!(dir.names("named"), ["a.jsonl", "report.jsonl", "summary.json"]);
    let (status, stdout, stderr) = dir.run(&["clean", "in/c.csv", "--tags", "dolma"]);
    assert!(status == 3 && stdout.is_empty() && stderr.contains("only JSON Lines"), "{stderr}");
}

#[test]
fn options_that_cannot_go_with_marks_are_refused() {
    let dir = Dir::new();
    dir.write("in/a.jsonl", documents());
    for (args, says) in [
        (&["--explode"][..], "--explode writes a file for every record"),
        (&["--format", "parquet"], "with --format parquet nothing can be marked"),
    ] {
        let (status, _, stderr) = dir.run(&[&["clean", "in", "--out", "out", "--tags", "dolma"], args].concat());
        assert!(status == 2 && stderr.contains(says), "{stderr}");
    }
    assert!(!dir.path("out").exists());
    let (status, _, stderr) = dir.run(&["clean", "in", "--out", "out", "--tags", "doma"]);
    assert!(status == 2 && stderr.contains("dolma"), "{stderr}");
}

#[test]
fn fields_can_be_named() {
    let dir = Dir::new();
    let line = json!({"uuid": "u", "content": WITH_CHROME, "text": "no"}).to_string() + "\n";
    let args = ["clean", "--tags", "dolma", "--text-field", "content", "--id-field", "uuid"];
    let (status, stdout, _) = dir.pipe(&args, line.as_bytes());
    let marked: Value = serde_json::from_slice(&stdout).unwrap();
    assert_eq!((status, &marked["id"]), (0, &"u".into()));
    assert!(!marked["attributes"][ALL].as_array().unwrap().is_empty(), "{marked}");
}
