//! What fuzzing begins with: the samples, rules of every form, and small files of every format.

use std::fs;
use std::path::{Path, PathBuf};

use encoding_rs::{Encoding, GB18030, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
use serde_json::json;
use walkdir::WalkDir;

use crate::RuleSet;
use crate::formats::compression::{Codec, encode};

const ARTICLE: &str = "The bridge is open again, after two years of work that cost the town three million.\n\n\
                       ALSO READ: Storm closes harbour for third day\n\nThe mayor thanked all who had waited so long.\n\n\
                       Share this story\nFacebook\nTwitter\nLeave a Reply\n";

/// The seeds of a target; their last bytes decide what is done with the others.
pub(super) fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "clean" => each(texts().into_iter().chain(hits()).chain(linked()), &[&[0, 0], &[0, 2], &[1, 4], &[0, 3]]),
        "compression" => each(packed(), &[&[0, 7, 1, 0, 0], &[9, 0, 64, 0, 3]]),
        "decode" => each(encoded(), &[&[9, 1, 0, 60, 0]]),
        "delimited" => each(tables(), &[&[9, 0, 20, 0, 2, 0], &[40, 1, 3, 0, 2, 1]]),
        "fold" => each(texts().into_iter().chain(odd_letters()), &[&[9, 1, 30, 2]]),
        "html" => each(pages(), &[&[0, 0, 0], &[1, 1, 0]]),
        "journal" => each([super::resume::journal()], &[&[200, 1]]),
        "json" => each(lines(), &[&[9, 0, 2, 0, 2], &[40, 1, 3, 0, 9, 0, 5, 0, 4]]),
        "names" => each(names(), &[&[0, 0], &[7, 0]]),
        #[cfg(feature = "parquet")]
        "parquet" => each(crate::formats::parquet::roundtrip::samples(), &[&[5, 3, 0]]),
        "report" => each(rows().into_iter().chain(texts()), &[&[5, 0, 0], &[5, 0, 1], &[5, 0, 2]]),
        "resume" => edits(),
        "rules" => rule_files(),
        "stream" => streams(),
        "warc" => each(archives(), &[&[20, 0, 90, 0, 2]]),
        _ => Vec::new(),
    }
}

/// Each of these with each of those behind it, in turn.
fn each(first: impl IntoIterator<Item = Vec<u8>>, last: &[&[u8]]) -> Vec<Vec<u8>> {
    first.into_iter().zip(last.iter().cycle()).map(|(first, last)| [&first, *last].concat()).collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn texts() -> Vec<Vec<u8>> {
    let entries = WalkDir::new(root().join("samples/in")).sort_by_file_name().into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(|entry| fs::read(entry.path()).expect("a sample")).chain([ARTICLE.into()]).collect()
}

/// What the rules of each language hit, a line each, with prose between.
fn hits() -> Vec<Vec<u8>> {
    let rules = RuleSet::loader().with_examples().load().expect("the built-in rules load");
    let hits: Vec<&str> = rules.rules().iter().filter_map(|rule| rule.hit.first()).map(String::as_str).collect();
    let prose = ARTICLE.lines().next().unwrap_or_default();
    hits.chunks(150).map(|hits| format!("{prose}\n{}\n", hits[..hits.len().min(24)].join("\n")).into_bytes()).collect()
}

fn linked() -> Vec<Vec<u8>> {
    let text = "# Bridge open again\n\n[Home](/) | [News](/news) | [Sport][2]\n\nThe bridge is [open](https://example.com/a \
                \"A\") again, after two years of work that cost the town three million.\n\n![The bridge](/b.png)\n\n* \
                [Storm closes harbour][3]\n* [Ferry late again](/c)\n\n[2]: https://example.com/s\n[3]: /h\n";
    vec![text.into(), text.replace('\n', "\r\n").into(), text.replace('\n', "\r").into()]
}

fn odd_letters() -> Vec<Vec<u8>> {
    [
        "  İ ﬁ 𝗙𝗼x… “Don’t” — ‘no’ Ｒｅａｄ　Ｍｏｒｅ : ; ! ?\u{a0}Fol\u{200b}low\u{a0}\t us",
        "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ Straße cafe\u{301} أخبار كي YORUM YAPIN ţ ş",
        "**[CLICK HERE][14]** » Publicidade ›\nA N Z E I G E\rAnzеigе 👉 Follow us!",
        "e\u{301}\u{302}\u{323} 각 ﷺ ㌖ ½ ℃ ｶﾞ が \u{202e}abc\u{2066}",
    ]
    .map(Vec::from)
    .to_vec()
}

fn encoded() -> Vec<Vec<u8>> {
    let legacy = |encoding: &'static Encoding, text: &str| encoding.encode(text).0.into_owned();
    let utf16 = "\u{feff}The bridge – it is open.\n".encode_utf16();
    let big = utf16.clone().flat_map(u16::to_be_bytes).collect();
    let little: Vec<u8> = utf16.flat_map(u16::to_le_bytes).collect();
    vec![
        "Une journée à la mer, un été.\n".into(),
        legacy(WINDOWS_1252, "Une journée à la mer, un été “très” beau.\n"),
        legacy(WINDOWS_1251, "Мост снова открыт, сказали в понедельник.\n"),
        legacy(SHIFT_JIS, "橋は月曜日に再び開いた。\n"),
        legacy(GB18030, "这座桥星期一重新开放。\n"),
        b"\x1b$B66$O3+$$$?\x1b(B\n".to_vec(),
        little[2..].to_vec(),
        little,
        big,
        b"\xef\xbb\xbfThe bridge is \xff open.\n".to_vec(),
        b"The bridge\0is \xe2\x82 open.\n".to_vec(),
        b"%PDF-1.4\n".to_vec(),
    ]
}

fn tables() -> Vec<Vec<u8>> {
    [
        "id,text,url\n1,\"The \"\"bridge\"\", is\nopen.\",http://example.com\n2,Leave a Reply,x\n\n3,é,\n",
        "\u{feff}id;content;title\r\n1;\"a;b\";c\r\n2;d\r\n",
        "url\ttext\nx\tThe bridge \"is\" open.\ny\t\"\"\n",
        "text|id\ra \"b|1\r\"c\n\"|2\r",
        "text\n\"a\"b\n\"unclosed\nc",
    ]
    .map(Vec::from)
    .to_vec()
}

fn lines() -> Vec<Vec<u8>> {
    let mut all = vec![
        json!({"id": 7, "url": "http://example.com", "title": "Bridge", "text": ARTICLE}).to_string().into_bytes(),
        json!({"page": {"text": "é€😀\u{7f}\u{2028}", "x": [1e300, null, true, {"y": -0.5}]}}).to_string().into_bytes(),
    ];
    all.extend(
        [
            br#"{"text":"\ud83d\ude00 \u00e9\/\"\\ \ud83d","n":1E400,"deep":[[[[{"a":[]}]]]]}"#.as_slice(),
            b"\xef\xbb\xbf\x1e {\"content\" : \"a\xff\xe2\x82b\\n\" , \"text\":7}\r\n",
            br#"{"text":"a","text":"b"}"#,
            br#"["text", 1, {"text": "a"}]"#,
        ]
        .map(Vec::from),
    );
    all
}

fn pages() -> Vec<Vec<u8>> {
    [
        "<!doctype html><html lang=en><head><meta charset=utf-8><title>Bridge open | Courier</title></head><body><nav><ul>\
         <li><a href=/>Home</a><li><a href=/n>News</a></ul></nav><article><h1>Bridge open</h1><p>The bridge is open again, \
         after two years of work that cost the town three million, the council said.</p><p>The mayor thanked all who had \
         waited so long for this day, and said that the next one would not take as long.<br>She left.</p><table><tr><td>a\
         <td>b</table><pre>x\n  y</pre></article><aside>Share this</aside><script>if (a<b) x()</script></body></html>",
        "<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1251'></head><body><p>\u{414}&amp;&#0;\
         &#x1F600;&nbsp;&ngE;<b><i>unclosed<table><div>odd<svg><title>t</svg><noscript>n</noscript><template>t</template>",
        "<?xml version='1.0' encoding='koi8-r'?><div><b><div><b><div style='display:none'>hidden<p hidden>x<!-- c --><![CDATA[\
         d]]><textarea><plaintext><p>",
        "no page at all",
    ]
    .map(Vec::from)
    .to_vec()
}

fn record(head: &str, block: &[u8]) -> Vec<u8> {
    let head = format!("WARC/1.0\r\n{head}Content-Length: {}\r\n\r\n", block.len());
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn archives() -> Vec<Vec<u8>> {
    let info = record("WARC-Type: warcinfo\r\nWARC-Record-ID: <urn:uuid:1>\r\n", b"software: x\r\n");
    let text = "WARC-Type: conversion\r\nWARC-Target-URI: http://example.com/\r\nWARC-Block-Digest: sha1:X\r\n\
                Content-Type: text/plain\r\n";
    let text = record(text, ARTICLE.as_bytes());
    let http =
        "WARC-Type: response\r\nWARC-Record-ID: <urn:uuid:2>\r\nContent-Type: application/http; msgtype=response\r\n";
    let mut page = Vec::new();
    encode(Codec::Gzip, &pages()[0], &mut page).expect("packed");
    let head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n";
    let packed = record(http, &[&head[..], &page].concat());
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n1;e=f\r\nx\r\n0\r\n\r\n";
    let missing = record(http, b"HTTP/1.0 404 Not Found\n\ngone");
    let wrong = String::from_utf8_lossy(&text).replace("Content-Length: ", "Content-Length: 9").into_bytes();
    vec![
        [info.clone(), text.clone(), packed.clone()].concat(),
        [record(http, chunked), missing, text.clone()].concat(),
        [&text[..], b"no record\r\n", &wrong, &text].concat(),
        [&text[..], &packed[..packed.len() / 2]].concat(),
        b"\xef\xbb\xbfWARC/0.18\nWARC-Type: resource\n folded: x\nContent-Length: 4\n\ntext\n\n".to_vec(),
    ]
}

fn packed() -> Vec<Vec<u8>> {
    let member = |codec: Codec, text: &[u8]| {
        let mut out = Vec::new();
        encode(codec, text, &mut out).expect("packed");
        out
    };
    let mut all = Vec::new();
    for codec in Codec::ALL {
        let one = member(codec, ARTICLE.as_bytes());
        all.push([&one[..], &member(codec, &[b'a'; 9000]), b"\0\0"].concat());
        all.push([&one[..one.len() / 2], &one, b"garbage"].concat());
    }
    all.push(b"\x50\x2a\x4d\x18\x04\0\0\0skip\x28\xb5\x2f\xfd\x04\x00\x09\0\0x".to_vec());
    all.push(b"\x1f\x8b\x08\x1c\0\0\0\0\0\xff\x02\0xyname\0comment\0\x03\0\0\0\0\0\0\0\0\0".to_vec());
    all
}

fn names() -> Vec<Vec<u8>> {
    [&b"a/b c.txt"[..], b"../x", b"/etc/x", b"a/./b//c", b"2e2e2f78", b"a/\xff%.txt", b"\xc3\xa9/%25", b".", b""]
        .map(Vec::from)
        .to_vec()
}

fn rows() -> Vec<Vec<u8>> {
    let encoding = json!({"label": "UTF-8", "source": "utf8", "replacements": 0});
    let removed = json!([{"start": 0, "end": 5, "line": 1, "rule": "r", "category": "c", "evidence": {"tail": 30, "alone": -1},
        "text": "Share"}]);
    let row = json!({"schema": 1, "path": "a/%FF.txt", "path_raw": "612fff2e747874", "record": 3, "url": "http://example.com",
        "status": "cleaned", "encoding": encoding, "bytes_text": 9, "bytes_kept": 4, "lines": 2, "lines_removed": 1, "words": 2,
        "words_removed": 1, "removed": removed, "warnings": ["w\u{1b}"]});
    let failed = json!({"schema": 1, "path": "../b", "status": "failed", "reason": "not_json", "removed": [],
        "quarantine": {"path": "quarantine/b", "offset": 1, "bytes": 2, "of": "file"}, "warnings": ["why"]});
    let tally = json!([{"rule": "r", "category": "c", "removals": 2, "bytes": 9, "words": 3}]);
    let tallied = json!({"schema": 1, "path": null, "status": "unchanged", "removed": [], "tally": tally});
    vec![format!("{row}\n{failed}\n{tallied}\n").into_bytes(), format!("{row}").into_bytes()]
}

/// Edits of a journal: each four bytes of kind, place and value, and how many there are.
fn edits() -> Vec<Vec<u8>> {
    let line = br#"{"done":{"path":"../a","input":null,"output":null,"rows":9}"#;
    let open = br#"{"open":{"path":"zz/n","input":null,"temp":".dechrome-abcdefghijkl.tmp"}"#;
    let path = br#"{"path":"../beside.txt""#;
    let mut all: Vec<Vec<u8>> = (0..6).map(|kind| vec![3, 200, 1, kind, 1]).collect();
    all.extend([&line[..], open, path].map(|line| [line, &[0, 200, 1, 5, 1]].concat()));
    all
}

fn rule_files() -> Vec<Vec<u8>> {
    let head = "format = 1\ncategory = \"share\"\nlang = \"any\"\n\n";
    let why = "why = \"A test.\"\nhit = [\"Share this story\"]\nmiss = [\"He shared it.\"]\n";
    let rule = |id: &str, rest: &str| format!("[[rule]]\nid = \"{id}\"\n{rest}\n{why}\n");
    let own = [
        rule(
            "one",
            "strength = \"alone\"\nform = \"line\"\npattern = ['(please)? share (this|the) story {any:3}?', '{n} {name}']",
        ),
        rule("two", "strength = \"supported\"\nform = \"span\"\nuntil = \"sentence\"\nregex = '^also read:? .{3,90}$'"),
        rule(
            "three",
            "strength = \"run\"\nform = \"block\"\nmax_lines = 4\nplace = \"tail\"\nfold = \"loose\"\npattern = ['facebook']",
        ),
        rule(
            "four",
            "action = \"protect\"\nstrength = \"alone\"\nform = \"tail\"\npattern = ['leave a reply{url}?', '{title} \\?']",
        ),
        rule(
            "five",
            "was = [\"six\"]\nstrength = \"alone\"\nform = \"start\"\npattern = ['{date} {time}', '{email}|{handle}']",
        ),
    ];
    let vocabulary = "format = 1\nlang = \"xx\"\n[lists]\npiece = [\"story\", \"blog post\"]\nstopword = [\"the\"]\n";
    let mut all: Vec<Vec<u8>> = own.iter().map(|rule| [head, rule, "\0"].concat().into()).collect();
    all.push([head, &own.concat(), "\0"].concat().into());
    all.push([vocabulary, "\u{3}"].concat().into());
    let files = [
        ("rules/weights.toml", 4),
        ("rules/categories.toml", 5),
        ("rules/lv/tags.toml", 0),
        ("rules/af/player.toml", 0),
    ];
    all.extend(files.map(|(name, last)| [read(&root().join(name)), vec![last]].concat()));
    all
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("a file")
}

/// Streams of every format; the last byte says which, the one before it how large records may be.
fn streams() -> Vec<Vec<u8>> {
    let joined = [lines().join(&b'\n'), b"{no JSON\n\n".to_vec()].concat();
    let kinds =
        [(vec![joined], 2), (tables(), 3), (tables(), 4), (archives(), 5), (pages(), 6), (texts(), 1), (packed(), 0)];
    let each = kinds.into_iter().flat_map(|(all, kind)| all.into_iter().map(move |it| (it, kind)));
    each.map(|(bytes, kind)| [&bytes[..], &[2, kind]].concat()).collect()
}
