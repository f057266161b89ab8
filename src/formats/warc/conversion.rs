//! Makes the record of a text that was taken from another record, as WET files have them.

use sha1::{Digest as _, Sha1};

use super::digest::sha1;
use super::record::Record;

/// The name space of addresses (RFC 9562, section 6.6), in which identifiers of records stand.
const NAMESPACE_URL: [u8; 16] =
    [0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8];

/// Appends a `conversion` record with `text`, which was made of what `original` holds.
///
/// The record names the original, its address and its date. Its own identifier is a UUID of version 5 made of the
/// original's identifier, or of the original's header where that has none: the same original gives the same record.
/// Values are copied byte by byte but for control characters, so that no value can end its line.
pub fn conversion(original: &Record<'_>, text: &[u8], out: &mut Vec<u8>) {
    out.reserve(text.len() + 512);
    out.extend_from_slice(version(original));
    let mut put = |name: &str, value: &[u8]| {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend(value.iter().filter(|byte| !byte.is_ascii_control()));
        out.extend_from_slice(b"\r\n");
    };
    let id = original.field("WARC-Record-ID");
    put("WARC-Type", b"conversion");
    if let Some(url) = original.field("WARC-Target-URI") {
        put("WARC-Target-URI", without_brackets(&url));
    }
    if let Some(date) = original.field("WARC-Date") {
        put("WARC-Date", &date);
    }
    put("WARC-Record-ID", derived_id(id.as_deref().unwrap_or(original.header.bytes())).as_bytes());
    if let Some(id) = &id {
        put("WARC-Refers-To", id);
    }
    put("WARC-Block-Digest", sha1(text).as_bytes());
    put("Content-Type", b"text/plain");
    put("Content-Length", text.len().to_string().as_bytes());
    out.extend_from_slice(b"\r\n");
    out.extend_from_slice(text);
    out.extend_from_slice(b"\r\n\r\n");
}

/// 1.1 where the original has it, since its dates may be finer than those of 1.0.
fn version(original: &Record<'_>) -> &'static [u8] {
    match original.header.version_line().trim_ascii_end() {
        b"WARC/1.1" => b"WARC/1.1\r\n",
        _ => b"WARC/1.0\r\n",
    }
}

fn without_brackets(url: &[u8]) -> &[u8] {
    url.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")).unwrap_or(url)
}

/// A UUID of version 5 (RFC 9562, section 5.5), as records write it.
fn derived_id(name: &[u8]) -> String {
    let hash = Sha1::new().chain_update(NAMESPACE_URL).chain_update(name).chain_update(b"#text").finalize();
    let first = hash.iter().take(16).fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
    let uuid = first & !(0xf << 76) & !(0b11 << 62) | 5 << 76 | 0b10 << 62;
    let (time, clock, node) = (uuid >> 64, uuid >> 48 & 0xffff, uuid & 0xffff_ffff_ffff);
    let (low, mid, high) = (time >> 32, time >> 16 & 0xffff, time & 0xffff);
    format!("<urn:uuid:{low:08x}-{mid:04x}-{high:04x}-{clock:04x}-{node:012x}>")
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::super::kind::Kind;
    use super::super::record::records;
    use super::super::samples::record;
    use super::*;

    fn converted(fields: &[u8], text: &[u8]) -> Vec<u8> {
        let bytes = record(fields, b"<p>A story.");
        let mut out = Vec::new();
        conversion(&records(&bytes).next().expect("a record"), text, &mut out);
        out
    }

    #[test]
    fn a_conversion_names_its_original() {
        let fields =
            b"WARC-Type: response\r\nWARC-Target-URI: <http://a.example/>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n\
            WARC-Record-ID: <urn:uuid:1>\r\n";
        let bytes = converted(fields, b"A story.");
        let found: Vec<Record<'_>> = records(&bytes).collect();
        assert_eq!((found.len(), found[0].bytes.len(), found[0].block), (1, bytes.len(), &b"A story."[..]));
        assert_eq!((found[0].kind(), found[0].url().as_deref()), (Kind::Conversion, Some("http://a.example/")));
        assert_eq!(found[0].field("WARC-Date").as_deref(), Some(&b"2024-01-01T00:00:00Z"[..]));
        assert_eq!(found[0].field("WARC-Refers-To").as_deref(), Some(&b"<urn:uuid:1>"[..]));
        assert_eq!(found[0].field("WARC-Block-Digest").as_deref(), Some(sha1(b"A story.").as_bytes()));
    }

    #[test]
    fn the_identifier_is_made_of_the_originals() {
        let id = |fields: &[u8]| {
            let bytes = converted(fields, b"x");
            records(&bytes).next().and_then(|record| record.id().map(|id| id.into_owned())).expect("an identifier")
        };
        let one = id(b"WARC-Record-ID: <urn:uuid:1>\r\n");
        assert_eq!(one, id(b"A: b\r\nWARC-Record-ID: <urn:uuid:1>\r\n"));
        assert_ne!(one, id(b"WARC-Record-ID: <urn:uuid:2>\r\n"));
        assert_ne!(id(b"A: b\r\n"), id(b"A: c\r\n"));
        let digits: Vec<&str> = one.trim_start_matches("urn:uuid:").split('-').collect();
        assert_eq!(digits.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert!(digits[2].starts_with('5') && digits[3].starts_with(['8', '9', 'a', 'b']), "{one}");
    }

    #[test]
    fn no_value_ends_its_line() {
        let bytes = converted(b"WARC-Target-URI: http://a.example/\r\n \rX: y\r\n\tz\x00\r\n", b"x");
        let record = records(&bytes).next().expect("a record");
        assert_eq!(record.url().as_deref(), Some("http://a.example/ X: y z"));
        assert_eq!((record.field("X"), record.header.lines().count()), (None, 6));
    }
}
