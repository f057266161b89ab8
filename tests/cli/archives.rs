//! WET and WARC files through the program.

#![cfg_attr(not(feature = "html"), allow(dead_code, reason = "pages"))]

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, check_account, hash_of};
use dechrome::formats::compression::{Codec, Decoder, Limits, encode};
use dechrome::formats::warc;
use serde_json::{Value, json};

/// A record with these fields besides its kind, identifier and length.
fn record(kind: &str, id: &str, fields: &str, block: &[u8]) -> Vec<u8> {
    let head =
        format!("WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-05-01T10:00:00Z\r\nWARC-Record-ID: <urn:x:{id}>\r\n");
    let end = format!("Content-Length: {}\r\n\r\n", block.len());
    [head.as_bytes(), fields.as_bytes(), end.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A record as Common Crawl's WET files have them, with digests of SHA-1 in base 32 that are not those of the text.
fn conversion(id: &str, text: &str) -> Vec<u8> {
    let digest = "WARC-Block-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let fields = format!(
        "WARC-Target-URI: https://www.paper.example.co.uk/{id}\r\nWARC-Refers-To: <urn:x:r{id}>\r\n{digest}\r\n\
         WARC-Identified-Content-Language: eng\r\nContent-Type: text/plain\r\n"
    );
    record("conversion", id, &fields, text.as_bytes())
}

fn warcinfo() -> Vec<u8> {
    record(
        "warcinfo",
        "info",
        "Content-Type: application/warc-fields\r\n",
        b"software: tests\r\nnote: ALSO READ: x\r\n",
    )
}

fn request(id: &str) -> Vec<u8> {
    let fields = "Content-Type: application/http; msgtype=request\r\n";
    record("request", id, fields, format!("GET /{id} HTTP/1.1\r\nHost: a.example\r\n\r\n").as_bytes())
}

fn metadata(id: &str) -> Vec<u8> {
    record("metadata", id, "Content-Type: application/warc-fields\r\n", b"ALSO READ: Some Other Headline Here\r\n")
}

fn response(id: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let fields = format!(
        "WARC-Target-URI: https://news.example.org/{id}\r\nContent-Type: application/http; msgtype=response\r\n\
         WARC-Payload-Digest: sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n"
    );
    record("response", id, &fields, &[head.as_bytes(), b"\r\n\r\n", body].concat())
}

/// A page around an article, one paragraph for each of its lines.
fn page(article: &str) -> String {
    let lines: String =
        article.lines().filter(|line| !line.is_empty()).map(|line| format!("<p>{line}</p>\n")).collect();
    format!(
        "<!DOCTYPE html><html><head><title>T</title></head><body><nav>Home</nav><article>{lines}</article></body>\n"
    )
}

/// The digest of these bytes as Common Crawl writes it, by way of a record that is made for them.
fn digest(text: &[u8]) -> String {
    let (original, mut out) = (record("response", "any", "", b""), Vec::new());
    warc::conversion(&warc::records(&original).next().unwrap(), text, &mut out);
    field(&warc::records(&out).next().unwrap(), "WARC-Block-Digest").unwrap()
}

fn field(record: &warc::Record<'_>, name: &str) -> Option<String> {
    record.field(name).map(|value| String::from_utf8(value.into_owned()).unwrap())
}

fn unpacked(bytes: &[u8]) -> (Vec<u8>, u64) {
    let mut decoder = Decoder::new(Codec::of_magic(bytes).unwrap(), bytes, Limits::default());
    let (mut out, mut room) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        match decoder.read(&mut room).unwrap() {
            0 => return (out, decoder.members()),
            count => out.extend_from_slice(&room[..count]),
        }
    }
}

/// A record with another text and what must follow from that.
fn with_text(dir: &Dir, id: &str, text: &str) -> Vec<u8> {
    let kept = dir.cleaned(text);
    let old = String::from_utf8(conversion(id, text)).unwrap();
    let new = old.replace(text, &kept).replace("sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &digest(kept.as_bytes()));
    let length = |text: &str| format!("Content-Length: {}\r\n", text.len());
    new.replace(&length(text), &length(&kept)).into_bytes()
}

#[test]
fn texts_are_cleaned_and_their_headers_put_right() {
    let dir = Dir::new();
    let parts = [
        warcinfo(),
        conversion("1", WITH_CHROME),
        conversion("2", WITHOUT_CHROME),
        metadata("3"),
        conversion("4", WITH_CHROME),
    ];
    dir.write("in/a.warc.wet", parts.concat());
    dir.clean("out", &[], 0);
    let expected = [
        warcinfo(),
        with_text(&dir, "1", WITH_CHROME),
        conversion("2", WITHOUT_CHROME),
        metadata("3"),
        with_text(&dir, "4", WITH_CHROME),
    ];
    let output = dir.bytes("out/a.warc.wet");
    assert_eq!(String::from_utf8_lossy(&output), String::from_utf8_lossy(&expected.concat()));
    assert!(
        output != parts.concat()
            && warc::records(&output).map(|record| record.bytes.len()).sum::<usize>() == output.len()
    );
    let rows = dir.rows("out");
    let numbers: Vec<&Value> = rows.iter().map(|row| &row["record"]).collect();
    assert_eq!(numbers, [&json!(2), &json!(3), &json!(5)]);
    for (row, (part, text)) in
        rows.iter().zip([(&parts[1], WITH_CHROME), (&parts[2], WITHOUT_CHROME), (&parts[4], WITH_CHROME)])
    {
        check_account(row, text, &dir.cleaned(text));
        assert_eq!((&row["bytes_in"], &row["hash_in"]), (&json!(part.len()), &json!(hash_of(part))));
        assert_eq!((&row["path"], &row["site"]), (&json!("a.warc.wet"), &json!("example.co.uk")));
    }
    assert_eq!((&rows[0]["url"], &rows[0]["id"]), (&json!("https://www.paper.example.co.uk/1"), &json!("urn:x:1")));
    let summary = dir.summary("out");
    assert_eq!(summary["passed_by"], json!({"warcinfo": 1, "metadata": 1}));
    assert_eq!(summary["documents"]["total"], 3);
    assert_eq!(summary["by_site"]["example.co.uk"]["documents"], 3);
}

#[cfg(feature = "html")]
#[test]
fn other_records_stay_in_their_place_byte_for_byte() {
    let dir = Dir::new();
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8";
    let image = response("5", "HTTP/1.1 200 OK\r\nContent-Type: image/png", b"\x89PNG\r\n\r\nWARC/1.0\r\n\0\xff");
    let gone = response("6", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html", page(WITH_CHROME).as_bytes());
    let revisit = record("revisit", "7", "Content-Type: application/http\r\n", b"HTTP/1.1 304 Not Modified\r\n\r\n");
    let odd = record("screenshot", "8", "X-Odd:  folded\r\n line é\r\n", b"\0\x01\x02");
    let (before, after) =
        ([warcinfo(), request("1")].concat(), [metadata("2"), request("3"), image, gone, revisit, odd].concat());
    let of_page = response("1", html, page(WITH_CHROME).as_bytes());
    dir.write("in/a.warc", [&before[..], &of_page, &after].concat());
    dir.clean("out", &[], 0);
    let output = dir.bytes("out/a.warc");
    assert!(output.starts_with(&before) && output.ends_with(&after));
    let made = &output[before.len()..output.len() - after.len()];
    let found: Vec<_> = warc::records(made).collect();
    assert_eq!((found.len(), found[0].bytes.len(), found[0].kind()), (1, made.len(), warc::Kind::Conversion));
    let passed =
        json!({"warcinfo": 1, "request": 2, "metadata": 1, "not_text": 1, "http_status": 1, "revisit": 1, "other": 1});
    assert_eq!(dir.summary("out")["passed_by"], passed);
    assert_eq!(dir.rows("out").len(), 1);
}

#[cfg(feature = "html")]
#[test]
fn a_page_becomes_the_record_of_its_text() {
    let dir = Dir::new();
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html";
    let plain = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=windows-1252";
    let latin =
        b"The caf\xe9 on Mill Street is open again, its owner said on Monday, after two months of work on the roof.\n";
    let chunked = format!("{html}\r\nTransfer-Encoding: chunked");
    let body = page(WITH_CHROME);
    let chunks = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let parts =
        [response("1", html, body.as_bytes()), response("2", plain, latin), response("3", &chunked, chunks.as_bytes())];
    dir.write("in/a.warc", parts.concat());
    dir.clean("out", &[], 0);
    let output = dir.bytes("out/a.warc");
    let (found, rows): (Vec<_>, _) = (warc::records(&output).collect(), dir.rows("out"));
    assert_eq!((found.len(), rows.len()), (3, 3));
    for ((record, row), number) in found.iter().zip(&rows).zip(1..) {
        let text = std::str::from_utf8(record.block).unwrap();
        assert_eq!(record.kind(), warc::Kind::Conversion);
        assert_eq!(record.url().unwrap(), format!("https://news.example.org/{number}"));
        assert_eq!(field(record, "WARC-Refers-To").unwrap(), format!("<urn:x:{number}>"));
        assert_ne!(record.id().unwrap(), format!("urn:x:{number}"));
        assert_eq!(field(record, "WARC-Date").unwrap(), "2024-05-01T10:00:00Z");
        assert_eq!(field(record, "Content-Type").unwrap(), "text/plain");
        assert_eq!(field(record, "WARC-Block-Digest").unwrap(), digest(record.block));
        assert_eq!(field(record, "WARC-Payload-Digest"), None);
        assert_eq!(
            (&row["hash_kept"], &row["id"]),
            (&json!(hash_of(text.as_bytes())), &json!(format!("urn:x:{number}")))
        );
        assert_eq!(row["site"], "example.org");
        assert!(!text.contains("ALSO READ") && !text.contains("<p>"), "{text}");
    }
    assert!(found[0].block == found[2].block && rows[0]["extractor"].is_string());
    assert!(std::str::from_utf8(found[0].block).unwrap().contains("Drivers are being trained already"));
    assert!(std::str::from_utf8(found[1].block).unwrap().starts_with("The café on Mill Street"));
    assert_eq!(rows[1].get("extractor"), None);
    // What came out is a WET file, and clean.
    dir.write("again/a.warc", &output);
    dir.run(&["clean", "again", "--out", "twice"]);
    assert!(dir.bytes("twice/a.warc") == output);
}

#[test]
fn every_record_is_a_gzip_member_of_its_own() {
    let dir = Dir::new();
    let records = [warcinfo(), conversion("1", WITH_CHROME), metadata("2"), conversion("3", WITHOUT_CHROME)];
    let (mut single, mut whole) = (Vec::new(), Vec::new());
    records.iter().for_each(|record| encode(Codec::Gzip, record, &mut single).unwrap());
    encode(Codec::Gzip, &records.concat(), &mut whole).unwrap();
    dir.write("in/single.warc.gz", single);
    dir.write("in/whole.warc.gz", whole);
    dir.write("in/plain.warc", records.concat());
    dir.clean("out", &[], 0);
    for name in ["single", "whole"] {
        let output = dir.bytes(&format!("out/{name}.warc.gz"));
        let (bytes, members) = unpacked(&output);
        assert!(bytes == dir.bytes("out/plain.warc"), "{name}");
        assert_eq!(members, 4, "{name}");
    }
    assert!(dir.bytes("out/single.warc.gz") == dir.bytes("out/whole.warc.gz"));
    let rows = |path: &str| -> Vec<Value> {
        let mut rows: Vec<_> = dir.rows("out").into_iter().filter(|row| row["path"] == path).collect();
        rows.iter_mut().for_each(|row| row["path"] = Value::Null);
        rows
    };
    assert_eq!(rows("plain.warc").len(), 2);
    assert!(rows("single.warc.gz") == rows("plain.warc") && rows("whole.warc.gz") == rows("plain.warc"));
}

#[test]
fn a_wrong_length_costs_one_record() {
    let dir = Dir::new();
    let wrong = |by: i64| {
        let text = String::from_utf8(conversion("2", WITH_CHROME)).unwrap();
        let length = WITH_CHROME.len() as i64;
        text.replace(&format!("Length: {length}\r\n"), &format!("Length: {}\r\n", length + by)).into_bytes()
    };
    let gone = String::from_utf8(conversion("2", WITH_CHROME))
        .unwrap()
        .replace("Content-Length: ", "Content-Lost: ")
        .into_bytes();
    let bad = [("short", wrong(-40)), ("long", wrong(40)), ("far", wrong(1 << 40)), ("gone", gone)];
    for (name, bad) in &bad {
        let parts = [&warcinfo()[..], &conversion("1", WITH_CHROME), bad, &conversion("3", WITH_CHROME)];
        dir.write(&format!("in/{name}.wet"), parts.concat());
    }
    dir.clean("out", &[], 3);
    let expected = [warcinfo(), with_text(&dir, "1", WITH_CHROME), with_text(&dir, "3", WITH_CHROME)].concat();
    for (name, bad) in &bad {
        let path = format!("{name}.wet");
        assert_eq!(
            String::from_utf8(dir.bytes(&format!("out/{path}"))).unwrap(),
            String::from_utf8_lossy(&expected),
            "{name}"
        );
        assert_eq!(dir.bytes(&format!("out/quarantine/{path}")), *bad, "{name}");
        let rows: Vec<_> = dir.rows("out").into_iter().filter(|row| row["path"] == path).collect();
        let failed: Vec<_> = rows.iter().filter(|row| row["status"] == "failed").collect();
        assert_eq!((rows.len() - failed.len(), failed.is_empty()), (2, false), "{name}");
        assert!(
            failed.iter().all(|row| row["reason"] == "not_a_record" && row["quarantine"]["of"] == "file"),
            "{failed:?}"
        );
        let start = warcinfo().len() + conversion("1", WITH_CHROME).len();
        assert_eq!(failed[0]["quarantine"]["offset"], start, "{name}");
    }
}

#[test]
fn what_is_cut_off_goes_to_quarantine() {
    let dir = Dir::new();
    let (whole, last) = ([warcinfo(), conversion("1", WITH_CHROME)].concat(), conversion("2", WITH_CHROME));
    let torn = &last[..last.len() / 2];
    dir.write("in/a.wet", [&whole[..], torn].concat());
    let (mut packed, mut member) = (Vec::new(), Vec::new());
    encode(Codec::Gzip, &whole, &mut packed).unwrap();
    encode(Codec::Gzip, &last, &mut member).unwrap();
    dir.write("in/b.wet.gz", [&packed[..], &member[..member.len() / 2]].concat());
    dir.clean("out", &[], 3);
    let expected = [warcinfo(), with_text(&dir, "1", WITH_CHROME)].concat();
    assert!(dir.bytes("out/a.wet") == expected);
    assert!(unpacked(&dir.bytes("out/b.wet.gz")).0 == expected);
    assert_eq!(dir.bytes("out/quarantine/a.wet"), torn);
    for name in ["a.wet", "b.wet.gz"] {
        let rows: Vec<_> = dir.rows("out").into_iter().filter(|row| row["path"] == name).collect();
        assert_eq!(rows.iter().filter(|row| row["status"] == "cleaned").count(), 1, "{name}");
        let failed: Vec<_> = rows.iter().filter(|row| row["status"] == "failed").collect();
        assert!(!failed.is_empty() && failed.iter().all(|row| row["reason"] != "corrupt"), "{name}: {failed:?}");
        assert!(failed[0]["quarantine"]["bytes"].is_u64(), "{name}: {failed:?}");
    }
}

#[test]
fn an_archive_without_records_is_put_aside() {
    let dir = Dir::new();
    dir.write("in/prose.warc", WITH_CHROME);
    dir.write(
        "in/old.arc",
        "filedesc://a.arc 0.0.0.0 20010101000000 text/plain 76\n1 0 Tests\n\
         URL IP-address Archive-date Content-type Archive-length\n",
    );
    dir.write("in/empty.warc", "");
    dir.clean("out", &[], 3);
    for name in ["prose.warc", "old.arc"] {
        let row = dir.row("out", name);
        assert_eq!((&row["status"], &row["reason"]), (&json!("failed"), &json!("not_this_format")), "{name}");
        assert!(!dir.path(&format!("out/{name}")).exists());
        assert!(dir.bytes(&format!("out/quarantine/{name}")) == dir.bytes(&format!("in/{name}")));
    }
    assert_eq!(
        (dir.row("out", "empty.warc")["reason"].clone(), dir.read("out/empty.warc")),
        (json!("empty"), String::new())
    );
}

#[test]
fn threads_change_nothing_over_several_batches() {
    let dir = Dir::new();
    let pad = "x".repeat(20_000);
    let records: Vec<Vec<u8>> = (0..200)
        .flat_map(|number| {
            let text = if number % 40 == 0 { WITH_CHROME } else { "The ferry was late again." };
            [conversion(&number.to_string(), text), record("metadata", &format!("m{number}"), "", pad.as_bytes())]
        })
        .collect();
    assert!(records.concat().len() > 3 << 20);
    dir.write("in/a.wet", records.concat());
    dir.clean("one", &["-j1"], 0);
    dir.clean("four", &["-j4"], 0);
    assert!(dir.bytes("one/a.wet") == dir.bytes("four/a.wet"));
    assert!(dir.bytes("one/report.jsonl") == dir.bytes("four/report.jsonl"));
    let numbers: Vec<u64> = dir.rows("one").iter().map(|row| row["record"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (0..200).map(|number| 2 * number + 1).collect::<Vec<_>>());
    let (status, stdout, _) = dir.pipe(&["clean"], &records.concat());
    assert!(status == 0 && stdout == dir.bytes("one/a.wet"));
}
