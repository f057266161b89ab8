//! Writes a record with another block.

use super::digest::renewed;
use super::fields::Line;
use super::http::Response;
use super::kind::Kind;
use super::record::Record;
use super::start::{Start, starts};

/// Appends the record with `block` in place of its own.
///
/// `Content-Length` and `WARC-Block-Digest` say what is true of the new block, and so does `WARC-Payload-Digest`: the
/// payload is the block, or the body where the block is a response over HTTP; that of a `revisit` record is another
/// record's and stays. A digest is written by the algorithm and in the base it had; where these are not known, or the
/// payload is a request's or in chunks, its line is left out. All other bytes of the header stay as they were, in
/// order, as do line ends and the blank lines behind the block; only where a line that no record begins with would come
/// first, the length is said before it, too.
pub fn rewrite(record: &Record<'_>, block: &[u8], out: &mut Vec<u8>) {
    out.reserve(record.bytes.len() - record.block.len() + block.len() + 16);
    let start = out.len();
    let version = record.header.version_line();
    out.extend_from_slice(version);
    for line in record.header.lines() {
        match line.name().map(Field::of_name) {
            Some(Field::Length) => with_value(line, block.len().to_string().as_bytes(), out),
            Some(Field::BlockDigest) => with_digest(line, block, out),
            Some(Field::PayloadDigest) => with_payload_digest(record, line, block, out),
            Some(Field::Other) | None => out.extend_from_slice(line.bytes()),
        }
    }
    out.extend_from_slice(record.header.blank_line());
    if out.get(start..).map(starts) != Some(Start::Yes) {
        let end = if version.ends_with(b"\r\n") { "\r\n" } else { "\n" };
        let length = format!("Content-Length: {}{end}", block.len());
        let behind_version = start + version.len();
        out.splice(behind_version..behind_version, length.into_bytes());
    }
    out.extend_from_slice(block);
    out.extend_from_slice(record.tail());
}

/// The fields that speak of the block.
enum Field {
    Length,
    BlockDigest,
    PayloadDigest,
    Other,
}

impl Field {
    fn of_name(name: &[u8]) -> Field {
        let is = |known: &str| name.eq_ignore_ascii_case(known.as_bytes());
        if is("Content-Length") {
            Field::Length
        } else if is("WARC-Block-Digest") {
            Field::BlockDigest
        } else if is("WARC-Payload-Digest") {
            Field::PayloadDigest
        } else {
            Field::Other
        }
    }
}

fn with_payload_digest(record: &Record<'_>, line: Line<'_>, block: &[u8], out: &mut Vec<u8>) {
    // Some tools write the block's digest under both names.
    let same = record.field("WARC-Block-Digest").is_some_and(|digest| digest == line.value());
    match record.kind() {
        Kind::Revisit => out.extend_from_slice(line.bytes()),
        _ if same || !record.holds_http() => with_digest(line, block, out),
        Kind::Response => {
            let response = Response::read(block);
            if !response.says_chunked() {
                with_digest(line, response.body, out);
            }
        }
        _ => {}
    }
}

/// Writes the line with the digest of other bytes, or nothing if such a digest cannot be made.
fn with_digest(line: Line<'_>, bytes: &[u8], out: &mut Vec<u8>) {
    if let Some(digest) = renewed(&line.value(), bytes) {
        with_value(line, digest.as_bytes(), out);
    }
}

fn with_value(line: Line<'_>, value: &[u8], out: &mut Vec<u8>) {
    let (before, _, after) = line.parts();
    out.extend_from_slice(before);
    out.extend_from_slice(value);
    out.extend_from_slice(after);
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::super::digest::sha1;
    use super::super::record::records;
    use super::super::samples::{record, response};
    use super::*;

    fn rewritten(bytes: &[u8], block: &[u8]) -> String {
        let mut out = Vec::new();
        rewrite(&records(bytes).next().expect("a record"), block, &mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn length_and_digests_change_and_nothing_else() {
        let digest = "A".repeat(32);
        let header = format!(
            "WARC/1.1\nwarc-block-digest:sha1:{digest}\nX: a\n b\nno colon\nContent-Length:  \t5 \nY: \u{e9}\n\n"
        );
        let bytes = format!("{header}hello\n\n\n");
        let expected = header.replace(&format!("sha1:{digest}"), &sha1(b"new")).replace("5 \n", "3 \n");
        assert_eq!(rewritten(bytes.as_bytes(), b"new"), format!("{expected}new\n\n\n"));
    }

    #[test]
    fn a_digest_that_cannot_be_made_is_left_out() {
        let fields = b"A: b\r\nWARC-Block-Digest: blake3:AAAA\r\nWARC-Payload-Digest: AAAA\r\n";
        assert_eq!(rewritten(&record(fields, b"old"), b"newer").into_bytes(), record(b"A: b\r\n", b"newer"));
    }

    #[test]
    fn a_record_is_one_without_its_first_line() {
        let fields = b"WARC-Block-Digest: blake3:AAAA\r\nno colon\r\n";
        let new = rewritten(&record(fields, b"old"), b"newer");
        let length = "Content-Length: 5\r\n";
        assert_eq!(new, format!("WARC/1.0\r\n{length}no colon\r\n{length}\r\nnewer\r\n\r\n"));
        assert_eq!(records(new.as_bytes()).next().map(|record| record.block), Some(&b"newer"[..]));
    }

    #[test]
    fn the_payload_of_http_is_the_body() {
        let digest = "A".repeat(32);
        let of_kind = |kind: &str| {
            let fields = format!(
                "WARC-Type: {kind}\r\nContent-Type: application/http\r\nWARC-Payload-Digest: sha1:{digest}\r\n"
            );
            record(fields.as_bytes(), b"HTTP/1.1 200 OK\r\n\r\nold")
        };
        let bytes = of_kind("response");
        let new = rewritten(&bytes, b"HTTP/1.1 200 OK\r\n\r\nnew");
        assert!(new.contains(&format!("WARC-Payload-Digest: {}\r\n", sha1(b"new"))), "{new}");
        let chunked = rewritten(&bytes, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
        assert!(!chunked.contains("Payload-Digest"), "{chunked}");
        assert!(rewritten(&of_kind("revisit"), b"x").contains(&digest));
        assert!(!rewritten(&of_kind("request"), b"x").contains("Payload-Digest"));
    }

    #[test]
    fn a_payload_digest_may_be_that_of_the_block() {
        let digest = "A".repeat(32);
        let fields = format!(
            "Content-Type: application/http\r\nWARC-Payload-Digest: sha1:{digest}\r\n\
             WARC-Block-Digest: sha1:{digest}\r\n"
        );
        let new = rewritten(&record(fields.as_bytes(), b"HTTP/1.1 200 OK\r\n\r\nold"), b"new");
        assert_eq!(new.matches(&sha1(b"new")).count(), 2, "{new}");
    }

    #[test]
    fn the_same_block_gives_the_same_record() {
        for bytes in [record(b"A: b\r\n c\r\n", b"text"), response(b"HTTP/1.1 200 OK\r\n\r\nx")] {
            let block = records(&bytes).next().expect("a record").block;
            assert_eq!(rewritten(&bytes, block).as_bytes(), bytes);
        }
    }
}
