//! `dechrome restore`: what a run took away comes back byte for byte, or the file is named that was changed.

use std::fs;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};
use dechrome::formats::compression::{Codec, Decoder, Limits, encode};
use serde_json::json;

fn packed(codec: Codec, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    encode(codec, bytes, &mut out).unwrap();
    out
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let Some(codec) = Codec::of_magic(bytes) else { return bytes.to_vec() };
    let mut decoder = Decoder::new(codec, bytes, Limits { max_ratio: u64::MAX, ..Limits::default() });
    let (mut out, mut room) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        match decoder.read(&mut room).unwrap() {
            0 => return out,
            count => out.extend_from_slice(&room[..count]),
        }
    }
}

/// A line in which the text is written in this way.
fn line_as(text: &str, write: impl Fn(char) -> Option<String>) -> String {
    let plain = |char: char| serde_json::to_string(&char).unwrap().trim_matches('"').replace("\"", "\\\"");
    let plain = |char: char| if char == '"' { "\\\"".to_owned() } else { plain(char) };
    let text: String = text.chars().map(|char| write(char).unwrap_or_else(|| plain(char))).collect();
    format!("{{\"id\": 1e400, \"text\":\"{text}\", \"x\":[ ]}}\r\n")
}

fn wet(id: u32, block: &str) -> String {
    use std::fmt::Write;
    let mut head = String::from("WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\n");
    write!(head, "WARC-Record-ID: <urn:x:{id}>\r\nContent-Length: {}\r\n\r\n", block.len()).unwrap();
    head + block + "\r\n\r\n"
}

/// A page of an archive.
fn response(body: &str) -> String {
    let http = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{body}");
    let head = "WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nWARC-Record-ID: <urn:x:9>\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{http}\r\n\r\n", http.len())
}

/// Some of everything that comes back byte for byte.
fn write_inputs(dir: &Dir) -> Vec<(&'static str, Vec<u8>)> {
    let unicode = |char: char| (char == 'e' || char > '~').then(|| format!("\\u{:04X}", u32::from(char)));
    let slashes = |char: char| (char == '/').then(|| "\\/".to_owned());
    let with_quote = format!("\"Quoted\" é / text\n{WITH_CHROME}");
    let lines = [
        line_as(&with_quote, unicode),
        "\n".to_owned(),
        line_as(&with_quote, slashes),
        "not JSON at all\n".to_owned(),
        "{\"a\":1}\n".to_owned(),
        line_as(&with_quote, |_| None),
        line_as(WITHOUT_CHROME, |_| None),
        format!("{{\"text\":\"{}\"}}", "Share this story"),
    ]
    .concat();
    let doubled = with_quote.replace('"', "\"\"");
    let table = format!(
        "\u{feff}\nid,text,x\n1,\"{doubled}\",a\n2,Share this story,b\n3,too,many,fields\n\n4,{},c\n5,\"\",\"d\"\n",
        "Leave a Reply"
    );
    let crawl = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 3\r\n\r\na=b\r\n\r\n";
    let archive =
        [crawl, &wet(1, WITH_CHROME), "no record\r\n\r\n", &wet(2, WITHOUT_CHROME), "\r\n\r\n\r\n", &wet(3, "")];
    let archive = archive.concat();
    let text = format!("Größe\r\n\r\n{WITH_CHROME}");
    let mut inputs: Vec<(&'static str, Vec<u8>)> = vec![
        ("a.jsonl", lines.clone().into_bytes()),
        ("b.csv", table.clone().into_bytes()),
        ("c.wet", archive.clone().into_bytes()),
        ("d/e.txt", text.clone().into_bytes()),
        ("d/empty.txt", Vec::new()),
        ("d/empty.jsonl", Vec::new()),
        ("no-text.csv", b"a,b\n1,2\n".to_vec()),
        ("whole.txt", b"\x00\x01\x02\x03binary\x00\x00\x00\x00".to_vec()),
    ];
    for (codec, names) in [
        (Codec::Gzip, ["p/a.jsonl.gz", "p/b.csv.gz", "p/c.wet.gz", "p/e.txt.gz"]),
        (Codec::Zstd, ["p/a.jsonl.zst", "p/b.csv.zst", "p/c.wet.zst", "p/e.txt.zst"]),
        (Codec::Bzip2, ["p/a.jsonl.bz2", "p/b.csv.bz2", "p/c.wet.bz2", "p/e.txt.bz2"]),
        (Codec::Xz, ["p/a.jsonl.xz", "p/b.csv.xz", "p/c.wet.xz", "p/e.txt.xz"]),
        (Codec::Lz4, ["p/a.jsonl.lz4", "p/b.csv.lz4", "p/c.wet.lz4", "p/e.txt.lz4"]),
    ] {
        let contents = [&lines, &table, &archive, &text];
        inputs.extend(names.into_iter().zip(contents).map(|(name, content)| (name, packed(codec, content.as_bytes()))));
    }
    for (name, bytes) in &inputs {
        dir.write(&format!("in/{name}"), bytes);
    }
    inputs
}

/// Checks that all came back, and that something had gone.
fn check_back(dir: &Dir, inputs: &[(&str, Vec<u8>)], out: &str) {
    let (status, _, stderr) = dir.run(&["restore", out, "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    for (name, bytes) in inputs {
        let back = dir.bytes(&format!("back/{name}"));
        assert!(unpacked(&back) == unpacked(bytes), "{name}: {}", String::from_utf8_lossy(&unpacked(&back)));
        assert_eq!(Codec::of_magic(&back), Codec::of_magic(bytes), "{name}");
    }
    assert_eq!(dir.tree("back").len(), inputs.len());
}

#[test]
fn every_format_comes_back_byte_for_byte() {
    let dir = Dir::new();
    let inputs = write_inputs(&dir);
    dir.clean("out", &[], 3);
    assert!(dir.summary("out")["bytes"]["removed"].as_u64().unwrap() > 1000 || dir.rows("out").len() > 50);
    check_back(&dir, &inputs, "out");
    let before = dir.tree("out");
    let (status, _, stderr) = dir.run(&["restore", "out", "--verify"]);
    assert!(status == 0 && stderr.contains("verified: ") && stderr.contains("byte for byte"), "{stderr}");
    assert!(!stderr.contains("refused") && !stderr.contains("UTF-8"), "{stderr}");
    assert!(dir.tree("out") == before);
}

#[test]
fn the_samples_come_back() {
    let dir = Dir::new();
    let samples = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/in");
    let (status, _, stderr) = dir.run(&["clean", samples.to_str().unwrap(), "--out", "out"]);
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(dir.run(&["restore", "out", "--out", "back"]).0, 0);
    for (path, bytes) in dir.tree("back") {
        assert!(fs::read(samples.join(&path)).unwrap() == bytes, "{}", path.display());
    }
    assert_eq!(dir.tree("back").len(), dir.tree(samples.to_str().unwrap()).len());
}

#[test]
fn it_is_the_same_on_any_number_of_threads() {
    let dir = Dir::new();
    for number in 0..200 {
        dir.write(&format!("in/{number}.txt"), WITH_CHROME.replace("four", &number.to_string()));
    }
    dir.clean("out", &[], 0);
    let (status, _, one) = dir.run(&["restore", "out", "--out", "one", "-j1", "-v"]);
    assert_eq!(status, 0);
    assert_eq!(dir.run(&["restore", "out", "--out", "four", "-j4", "-v"]).2, one);
    assert!(dir.tree("one") == dir.tree("in") && dir.tree("four") == dir.tree("in"));
}

#[test]
fn only_unusual_writing_is_in_the_report() {
    let dir = Dir::new();
    let ascii = |char: char| (char > '~').then(|| format!("\\u{:04x}", u32::from(char)));
    let text = "The harbour is open again, the town said.\n\nALSO READ: Grüße vom Meer\n";
    dir.write("in/a.jsonl", [line_as(text, |_| None), line_as(text, ascii)].concat());
    dir.clean("out", &[], 0);
    let rows = dir.rows("out");
    let removed = |row: usize| rows[row]["removed"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(removed(0)["text"], removed(1)["text"]);
    assert_eq!(removed(0).get("raw"), None);
    assert_eq!(removed(1)["raw"], "ALSO READ: Gr\\u00fc\\u00dfe vom Meer\\n");
}

#[test]
fn a_decoding_that_lost_something_is_told() {
    let dir = Dir::new();
    let latin: Vec<u8> = format!("Grüße\n{WITH_CHROME}").chars().map(|char| char as u8).collect();
    dir.write("in/latin.txt", latin);
    dir.write("in/mark.txt", format!("\u{feff}{WITH_CHROME}"));
    let mut broken = format!("{}{WITH_CHROME}", "Größe und Straße und Füße.\n".repeat(20)).into_bytes();
    broken.extend_from_slice(b"\xff end\n");
    dir.write("in/broken.txt", &broken);
    dir.clean("out", &[], 0);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(
        stderr.contains("broken.txt: decoded with 1 replacements: the original bytes are not restorable"),
        "{stderr}"
    );
    assert!(stderr.contains("2 as their text in UTF-8") && !stderr.contains("latin.txt"), "{stderr}");
    assert_eq!(dir.read("back/latin.txt"), format!("Grüße\n{WITH_CHROME}"));
    assert_eq!(dir.read("back/mark.txt"), WITH_CHROME);
    assert_eq!(dir.bytes("back/broken.txt"), String::from_utf8_lossy(&broken).as_bytes());
    let (_, _, stderr) = dir.run(&["restore", "out", "--verify", "-v"]);
    assert!(stderr.contains("latin.txt: the text, in UTF-8"), "{stderr}");
}

#[test]
fn malformed_bytes_in_what_was_removed_are_told() {
    let dir = Dir::new();
    let mut line =
        b"{\"text\":\"The harbour is open again, the town said.\\n\\nALSO READ: A \xff storm\\n\"}\n".to_vec();
    line.extend_from_slice(b"{\"text\":\"A word \xff stays as it is.\\n\\nALSO READ: Some Other Headline\\n\"}\n");
    dir.write("in/a.jsonl", &line);
    dir.clean("out", &[], 0);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains("a.jsonl, record 1: decoded with 1 replacements"), "{stderr}");
    let back = dir.bytes("back/a.jsonl");
    assert!(back.ends_with(b"{\"text\":\"A word \xff stays as it is.\\n\\nALSO READ: Some Other Headline\\n\"}\n"));
    assert!(String::from_utf8_lossy(&back) == String::from_utf8_lossy(&line));
}

#[test]
fn pages_come_back_as_their_text() {
    let dir = Dir::new();
    let paragraphs: String = WITH_CHROME.split("\n\n").map(|text| format!("<p>{text}</p>")).collect();
    let page = format!("<!doctype html><title>T</title><body><article>{paragraphs}</article>");
    dir.write("in/c.warc", [response(&page), wet(1, WITH_CHROME)].concat());
    #[cfg(feature = "html")]
    dir.write("in/a.html", &page);
    dir.clean("out", &[], 0);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains("as the text that was taken from a page"), "{stderr}");
    let back = dir.read("back/c.warc");
    assert!(back.ends_with(&wet(1, WITH_CHROME)) && back.contains("ALSO READ"), "{back}");
    let first = back.split("WARC/1.0").nth(1).unwrap();
    let length = first.split("Content-Length: ").nth(1).unwrap().split("\r\n").next().unwrap();
    let block = first.split("\r\n\r\n").nth(1).unwrap();
    assert_eq!(length, block.len().to_string());
    #[cfg(feature = "html")]
    assert!(dir.read("back/a.html").contains("ALSO READ") && !dir.read("back/a.html").contains('<'));
}

#[test]
fn records_that_became_files_come_back_as_texts() {
    let dir = Dir::new();
    let lines = [json!({"text": WITH_CHROME}).to_string(), "not JSON".into(), json!({"text": "Short."}).to_string()];
    dir.write("in/a.jsonl", lines.join("\n") + "\n");
    dir.write("in/b.txt", WITH_CHROME);
    dir.clean("out", &["--explode"], 3);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(dir.read("back/a.jsonl/000000/000000001.txt"), WITH_CHROME);
    assert_eq!(dir.read("back/a.jsonl/000000/000000003.txt"), "Short.");
    assert_eq!(dir.read("back/b.txt"), WITH_CHROME);
    assert!(stderr.contains("2 as texts of records") && stderr.contains("stay in quarantine"), "{stderr}");
}

#[test]
fn what_is_too_large_comes_back() {
    let dir = Dir::new();
    let huge = "A line of prose, and one more.\n".repeat(100_000);
    let lines = [json!({"text": huge}).to_string(), json!({"text": WITH_CHROME}).to_string()].join("\n");
    dir.write("in/a.jsonl", &lines);
    dir.write("in/b.txt", &huge);
    dir.clean("out", &["--max-record", "2k"], 0);
    assert_eq!(dir.run(&["restore", "out", "--out", "back"]).0, 0);
    assert!(dir.read("back/a.jsonl") == lines && dir.read("back/b.txt") == huge);
}

#[test]
fn a_run_with_options_of_its_own_comes_back() {
    let dir = Dir::new();
    let lines = json!({"a": {"story": WITH_CHROME}, "text": "Leave a Reply"}).to_string() + "\n";
    dir.write("in/a.data", &lines);
    dir.write("in/b.data", format!("story;id\n\"{WITH_CHROME}\";7\n"));
    dir.clean("out", &["--format", "jsonl", "--text-field", "a.story", "--compress", "zstd"], 3);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert_eq!(unpacked(&dir.bytes("back/a.data.zst")), lines.as_bytes());
    // As JSON Lines none of its lines could be cleaned, so all of them were put aside.
    assert_eq!(unpacked(&dir.bytes("back/b.data.zst")), dir.bytes("in/b.data"));
}

#[test]
fn shards_come_back_each_and_joined() {
    let dir = Dir::new();
    for number in 0..12 {
        dir.write(&format!("in/{number}.txt"), WITH_CHROME);
        dir.write(&format!("in/{number}.jsonl"), json!({"text": WITH_CHROME}).to_string());
    }
    for shard in ["1/2", "2/2"] {
        let out = format!("out{}", &shard[..1]);
        dir.clean(&out, &["--shard", shard], 0);
        assert_eq!(dir.run(&["restore", &out, "--verify"]).0, 0);
    }
    assert_eq!(dir.run(&["report", "merge", "out1", "out2", "--out", "joined"]).0, 0);
    for out in ["out1", "out2"] {
        for (path, bytes) in dir.tree(out) {
            if !path.starts_with("report.jsonl") && !path.starts_with("summary.json") {
                dir.write(&format!("joined/{}", path.display()), bytes);
            }
        }
    }
    let (status, _, stderr) = dir.run(&["restore", "joined", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(dir.tree("back") == dir.tree("in"));
}

#[test]
fn a_run_that_was_gone_on_with_comes_back() {
    let dir = Dir::new();
    let inputs = write_inputs(&dir);
    dir.clean("out", &[], 3);
    dir.write("in/new.txt", WITH_CHROME);
    dir.clean("out", &["--resume"], 3);
    let inputs = [inputs, vec![("new.txt", WITH_CHROME.as_bytes().to_vec())]].concat();
    let (_, _, stderr) = dir.run(&["restore", "out", "--verify"]);
    assert!(!stderr.contains("only the records could be checked"), "{stderr}");
    check_back(&dir, &inputs, "out");
}

#[test]
fn compressed_bytes_that_could_not_be_read_are_told() {
    let dir = Dir::new();
    let lines =
        |text: &str| (0..40).map(|number| json!({"n": number, "text": text}).to_string() + "\n").collect::<String>();
    let pieces = [lines(WITH_CHROME), lines(WITHOUT_CHROME), lines(WITH_CHROME)];
    let mut bytes: Vec<Vec<u8>> = pieces.iter().map(|piece| packed(Codec::Gzip, piece.as_bytes())).collect();
    let middle = bytes[1].len() / 2;
    bytes[1][middle] ^= 0x55;
    dir.write("in/a.jsonl.gz", bytes.concat());
    dir.clean("out", &[], 3);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(stderr.contains("bytes of the input have no place and stay in quarantine"), "{stderr}");
    let back = unpacked(&dir.bytes("back/a.jsonl.gz"));
    assert!(back.starts_with(pieces[0].as_bytes()) && back.ends_with(pieces[2].as_bytes()));
}

#[cfg(unix)]
#[test]
fn names_that_are_not_utf8_come_back() {
    use std::os::unix::ffi::OsStrExt;
    let dir = Dir::new();
    fs::create_dir(dir.path("in")).unwrap();
    for name in [&b"a\xff%.txt"[..], b"b\xff.jsonl"] {
        fs::write(dir.path("in").join(std::ffi::OsStr::from_bytes(name)), "{\"text\":\"x\"}\nnot JSON\n").unwrap();
    }
    dir.clean("out", &[], 3);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(dir.tree("back") == dir.tree("in"));
}

#[test]
fn an_empty_run_restores_nothing() {
    let dir = Dir::new();
    fs::create_dir(dir.path("in")).unwrap();
    dir.clean("out", &[], 0);
    let (status, _, stderr) = dir.run(&["restore", "out", "--out", "back"]);
    assert!(status == 0 && stderr.contains("restored: 0 documents in 0 files"), "{stderr}");
    assert_eq!(dir.tree("back").len(), 0);
}
