//! `report --schema`: rows and summaries are as the schemas say, and the schemas say all that may stand in them.

use std::collections::BTreeSet;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use dechrome::report::FailReason;
use serde_json::{Value, json};

/// Checks values against a schema, and remembers which keys of it were seen in them. It knows the keywords that the
/// schemas have, and no others; keys that a schema does not name are mistakes here, although readers pass over them.
struct Checker {
    schema: Value,
    seen: BTreeSet<String>,
}

/// What says nothing about a value.
const REMARKS: [&str; 6] = ["$schema", "$id", "$defs", "title", "description", "examples"];

impl Checker {
    fn of(dir: &Dir, name: &str) -> Checker {
        let (status, stdout, stderr) = dir.run(&["report", "--schema", name]);
        assert_eq!((status, stderr.as_str()), (0, ""));
        Checker { schema: serde_json::from_str(&stdout).unwrap(), seen: BTreeSet::new() }
    }

    fn check(&mut self, value: &Value) {
        let schema = self.schema.clone();
        if let Err(mistake) = self.value(&schema, value, "") {
            panic!("{mistake}\n{value}");
        }
    }

    fn value(&mut self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        for (keyword, says) in schema.as_object().unwrap() {
            let holds = match keyword.as_str() {
                keyword if REMARKS.contains(&keyword) => true,
                "$ref" => {
                    let target = self.schema.pointer(&says.as_str().unwrap()[1..]).unwrap().clone();
                    self.value(&target, value, at)?;
                    true
                }
                "type" => types(says).any(|name| is_of(value, name)),
                "enum" => says.as_array().unwrap().contains(value),
                "const" => says == value,
                "minimum" => value.as_f64().is_none_or(|number| number >= says.as_f64().unwrap()),
                "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= says.as_u64().unwrap()),
                "pattern" => value.as_str().is_none_or(|text| is_like(text, says.as_str().unwrap())),
                "required" => value.as_object().is_none_or(|object| {
                    says.as_array().unwrap().iter().all(|key| object.contains_key(key.as_str().unwrap()))
                }),
                "items" => {
                    for item in value.as_array().into_iter().flatten() {
                        self.value(says, item, &format!("{at}[]"))?;
                    }
                    true
                }
                "properties" | "additionalProperties" => {
                    self.keys(schema, value, at)?;
                    true
                }
                other => return Err(format!("{at}: the keyword {other} is not known here")),
            };
            if !holds {
                return Err(format!("{at}: {keyword} {says} does not hold for {value}"));
            }
        }
        Ok(())
    }

    fn keys(&mut self, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
        for (key, value) in value.as_object().into_iter().flatten() {
            let at = format!("{at}.{key}");
            match (schema["properties"].get(key), schema.get("additionalProperties")) {
                (Some(of_key), _) => {
                    self.seen.insert(at.clone());
                    self.value(of_key, value, &at)?;
                }
                (None, Some(of_others)) if of_others.is_object() => self.value(of_others, value, &format!("{at}*"))?,
                _ => return Err(format!("the schema does not know {at}")),
            }
        }
        Ok(())
    }
}

fn types(says: &Value) -> impl Iterator<Item = &str> {
    let one = says.as_str().into_iter();
    one.chain(says.as_array().into_iter().flatten().filter_map(Value::as_str))
}

fn is_of(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

fn is_like(text: &str, pattern: &str) -> bool {
    let is_hex = |text: &str| text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    match pattern {
        "^blake3:[0-9a-f]{64}$" => text.strip_prefix("blake3:").is_some_and(|hex| hex.len() == 64 && is_hex(hex)),
        "^[0-9a-f]{64}$" => text.len() == 64 && is_hex(text),
        "^([0-9a-f]{2})+$" => !text.is_empty() && text.len().is_multiple_of(2) && is_hex(text),
        "^[0-9]+/[0-9]+$" => text.split_once('/').is_some_and(|(a, b)| a.parse::<u64>().and(b.parse::<u64>()).is_ok()),
        other => panic!("the pattern {other} is not known here"),
    }
}

/// Inputs of most kinds, whole and damaged.
fn inputs(dir: &Dir) {
    dir.write("in/a.txt", WITH_CHROME);
    dir.write(
        "in/latin.txt",
        b"Caf\xe9 is open again, said the owner on Monday, and everybody was glad to hear of it.\n",
    );
    dir.write("in/binary.txt", b"\0\x01\x02\x03 binary");
    dir.write("in/page.html", format!("<!doctype html><title>T</title><p>{WITHOUT_CHROME}</p>"));
    dir.write("in/table.csv", format!("id,url,text\n1,https://a.example.org/x,\"{WITH_CHROME}\"\n2,too,many,fields\n"));
    dir.write("in/other.csv", "a,b\n1,2\n");
    dir.write("in/archive.warc", b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\nnothing");
    dir.write("in/empty.jsonl", "");
    dir.write("in/picture.xyz", b"\x00\xff");
    let record =
        json!({"id": 7, "url": "https://www.paper.example.co.uk/", "text": format!("{WITH_CHROME}\nLeave a Reply\n")});
    let escaped = record.to_string().replace("ALSO READ", "\\u0041LSO READ");
    let lines = format!("{record}\n{escaped}\nno json\n{{\"text\":\"a\",\"text\":\"b\"}}\n{{\"text\":{}}}\n", "9");
    dir.write("in/deep/lines.jsonl", lines);
    dir.write("in/large.jsonl", json!({"text": "Much of it. ".repeat(200)}).to_string());
}

fn checked(dir: &Dir, out: &str, rows: &mut Checker, summaries: &mut Checker) {
    let found = dir.rows(out);
    assert!(!found.is_empty());
    found.iter().for_each(|row| rows.check(row));
    summaries.check(&dir.summary(out));
}

#[test]
fn whatever_is_written_is_as_the_schemas_say() {
    let dir = Dir::new();
    inputs(&dir);
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"in/\xff.txt");
        std::fs::write(dir.path(".").join(name), WITH_CHROME).unwrap();
    }
    let (mut rows, mut summaries) = (Checker::of(&dir, "row"), Checker::of(&dir, "summary"));
    let runs: [(&str, &[&str]); 6] = [
        ("text", &["--max-record", "1k", "--verify"]),
        (
            "spans",
            &["--removed", "spans", "--preset", "recall", "--max-ratio", "100", "--lang", "en", "--title", "keep"],
        ),
        ("none", &["--removed", "none", "--preset", "precision", "--compress", "zstd", "--text-field", "text"]),
        ("tags", &["--tags", "dolma"]),
        ("files", &["--explode", "--html-text", "full", "--encoding", "latin1", "--keep", "nav", "--drop", "byline"]),
        ("part", &["--shard", "1/1", "--format", "text"]),
    ];
    for (out, more) in runs {
        let args = [&["clean", "in", "--out", out], more].concat();
        let (status, _, stderr) = dir.run(&args);
        assert!(status == 0 || status == 3, "{stderr}");
        checked(&dir, out, &mut rows, &mut summaries);
    }
    assert_eq!(dir.run(&["report", "merge", "part", "--out", "joined"]).0, 0);
    checked(&dir, "joined", &mut rows, &mut summaries);
    // What no run here gives would be a field that nobody writes any more.
    let unseen = |checker: &Checker| named_keys(&checker.schema).difference(&checker.seen).cloned().collect::<Vec<_>>();
    let only_some: &[&str] = if cfg!(target_os = "linux") { &[] } else { &[".path_raw"] };
    let without_html: &[&str] = if cfg!(feature = "html") { &[] } else { &[".extractor"] };
    let expected: Vec<&str> = [only_some, without_html].concat();
    assert_eq!(unseen(&rows), expected);
    let unseen = unseen(&summaries);
    assert!(unseen.iter().all(|key| key.starts_with(".failed[].path_raw") || key.contains("[].")), "{unseen:?}");
}

/// All keys that a schema names, as the checker writes them down.
fn named_keys(schema: &Value) -> BTreeSet<String> {
    fn walk(root: &Value, schema: &Value, at: &str, keys: &mut BTreeSet<String>) {
        if let Some(target) = schema["$ref"].as_str() {
            walk(root, root.pointer(&target[1..]).unwrap(), at, keys);
        }
        if schema["items"].is_object() {
            walk(root, &schema["items"], &format!("{at}[]"), keys);
        }
        for (key, of_key) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}.{key}");
            walk(root, of_key, &at, keys);
            keys.insert(at);
        }
    }
    let mut keys = BTreeSet::new();
    walk(schema, schema, "", &mut keys);
    keys
}

#[test]
fn the_samples_are_as_the_schema_says() {
    let dir = Dir::new();
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/in");
    assert_eq!(dir.run(&["clean", samples, "--out", "out", "-q"]).0, 0);
    let (mut rows, mut summaries) = (Checker::of(&dir, "row"), Checker::of(&dir, "summary"));
    checked(&dir, "out", &mut rows, &mut summaries);
}

#[test]
fn examples_are_as_their_schema_says() {
    let mut rows = Checker::of(&Dir::new(), "row");
    let examples = rows.schema["examples"].as_array().unwrap().clone();
    assert_eq!(examples.len(), 2);
    examples.iter().for_each(|example| rows.check(example));
}

#[test]
fn every_reason_is_listed_once() {
    let schema = Checker::of(&Dir::new(), "row").schema;
    let listed: Vec<&str> =
        schema["properties"]["reason"]["enum"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let failures = FailReason::ALL.map(FailReason::as_str);
    let others = ["over_budget", "unstable", "no_text", "duplicate_field", "empty"];
    assert_eq!(listed, [&failures[..], &others].concat());
}

#[test]
fn mistakes_are_found() {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.clean("out", &[], 0);
    let good = dir.row("out", "a.txt");
    let mut checker = Checker::of(&dir, "row");
    let schema = checker.schema.clone();
    assert_eq!(checker.value(&schema, &good, ""), Ok(()));
    for (key, wrong) in [
        ("status", json!("done")),
        ("reason", json!("because")),
        ("schema", json!(2)),
        ("hash_in", json!("blake3:0")),
        ("lines", json!(-1)),
        ("path", json!(5)),
        ("removed", json!([{"start": 1}])),
        ("colour", json!("red")),
    ] {
        let mut bad = good.clone();
        bad[key] = wrong;
        assert!(checker.value(&schema, &bad, "").is_err(), "{key}");
    }
}

#[test]
fn the_schema_of_rows_is_the_default() {
    let dir = Dir::new();
    let (status, stdout, _) = dir.run(&["report", "--schema"]);
    assert_eq!((status, stdout.as_str()), (0, dechrome::report::ROW_SCHEMA_JSON));
    let (status, _, stderr) = dir.run(&["report", "--schema", "rows"]);
    assert!(status == 2 && stderr.contains("row, summary"), "{stderr}");
}
