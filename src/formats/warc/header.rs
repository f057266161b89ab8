//! A record's header: the version's line, the fields, a blank line.

use std::borrow::Cow;

use super::damage::DamageKind;
use super::fields::{Lines, is_blank, line_len};
use super::start::{MAGIC, Start, starts};

/// The longest header that is read. A header of Common Crawl has half a kilobyte; the longest addresses have some.
pub(super) const MAX_HEADER: usize = 64 << 10;

/// The longest block that is believed: 1 TiB. A larger one would take all that follows with it.
const MAX_BLOCK: u64 = 1 << 40;

/// Why no header could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// The bytes end before the header does.
    Partial,
    Damaged(DamageKind),
}

/// The header of a record, from `WARC/` to the blank line behind the fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'b> {
    bytes: &'b [u8],
}

impl<'b> Header<'b> {
    /// Reads the header that begins with the first byte, as far as finding its end.
    pub(super) fn read(bytes: &'b [u8]) -> Result<Header<'b>, Unread> {
        match starts(bytes) {
            Start::Yes => end(bytes).map(|len| Header { bytes: bytes.get(..len).unwrap_or(bytes) }),
            Start::No => Err(Unread::Damaged(DamageKind::NotARecord)),
            Start::Perhaps => Err(Unread::Partial),
        }
    }

    /// The header as it stands, with the blank line that ends it.
    pub fn bytes(self) -> &'b [u8] {
        self.bytes
    }

    /// The first line as it stands, with its line end.
    pub fn version_line(self) -> &'b [u8] {
        self.split().0
    }

    /// The lines behind the first, in order.
    pub fn lines(self) -> Lines<'b> {
        Lines::new(self.split().1)
    }

    /// The first value under a name that is not empty, whatever the case of the name's letters; folded lines are
    /// unfolded.
    pub fn field(self, name: &str) -> Option<Cow<'b, [u8]>> {
        self.lines().find(name.as_bytes())
    }

    /// The blank line that ends the header.
    pub(super) fn blank_line(self) -> &'b [u8] {
        if self.bytes.ends_with(b"\r\n") { b"\r\n" } else { b"\n" }
    }

    /// The length of the block, as the header says it.
    ///
    /// # Errors
    /// When the header does not say it, contradicts itself, or says what no record has.
    pub(super) fn block_len(self) -> Result<u64, DamageKind> {
        let mut found = None;
        for line in self.lines().named(b"Content-Length") {
            let len = decimal(&line.value()).filter(|len| *len <= MAX_BLOCK).ok_or(DamageKind::Length)?;
            if found.replace(len).is_some_and(|before| before != len) {
                return Err(DamageKind::Length);
            }
        }
        found.ok_or(DamageKind::Length)
    }

    fn split(self) -> (&'b [u8], &'b [u8]) {
        self.bytes.split_at(line_len(self.bytes))
    }
}

/// Where the header ends that begins with the first byte.
fn end(bytes: &[u8]) -> Result<usize, Unread> {
    let known = bytes.get(..MAX_HEADER).unwrap_or(bytes);
    let mut at = line_len(known);
    while let Some(rest @ [_, ..]) = known.get(at..) {
        let (line, _) = rest.split_at(line_len(rest));
        if !line.ends_with(b"\n") {
            break;
        }
        // Here another record begins, so this header was broken off.
        if line.starts_with(MAGIC) && starts(rest) == Start::Yes {
            return Err(Unread::Damaged(DamageKind::Header));
        }
        at += line.len();
        if is_blank(line) {
            return Ok(at);
        }
    }
    match known.len() {
        MAX_HEADER => Err(Unread::Damaged(DamageKind::HeaderTooLong)),
        _ => Err(Unread::Partial),
    }
}

/// A number of decimal digits and nothing else.
fn decimal(bytes: &[u8]) -> Option<u64> {
    let digits = std::str::from_utf8(bytes).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn block_len(fields: &str) -> Result<u64, DamageKind> {
        let bytes = format!("WARC/1.0\r\nA: b\r\n{fields}\r\n");
        Header::read(bytes.as_bytes()).expect("a header").block_len()
    }

    #[test]
    fn a_header_ends_with_its_blank_line() {
        let header = Header::read(b"WARC/1.1\r\nA: b\r\n c\r\n\r\nblock\r\n\r\n").expect("a header");
        assert_eq!(header.bytes(), b"WARC/1.1\r\nA: b\r\n c\r\n\r\n");
        assert_eq!(header.version_line(), b"WARC/1.1\r\n");
        assert_eq!(header.field("a").as_deref(), Some(&b"b c"[..]));
        assert_eq!(header.lines().count(), 1);
        assert_eq!(header.blank_line(), b"\r\n");
    }

    #[test]
    fn line_ends_may_be_those_of_unix() {
        let header = Header::read(b"WARC/1.0\nA: b\n\nblock").expect("a header");
        assert_eq!((header.bytes().len(), header.blank_line()), (15, &b"\n"[..]));
    }

    #[test]
    fn any_beginning_of_a_header_is_partial() {
        let whole = b"WARC/1.0\r\nA: b\r\nB: c\r\n\r\n";
        for len in 0..whole.len() {
            assert_eq!(Header::read(&whole[..len]), Err(Unread::Partial), "{len}");
        }
    }

    #[test]
    fn a_header_in_which_another_begins_is_damage() {
        let bytes = b"WARC/1.0\r\nA: b\r\nWARC/1.0\r\nA: b\r\n\r\n";
        assert_eq!(Header::read(bytes), Err(Unread::Damaged(DamageKind::Header)));
    }

    #[test]
    fn a_header_without_end_is_given_up() {
        for line in ["A: b\r\n".repeat(MAX_HEADER / 6 + 1), "x".repeat(MAX_HEADER)] {
            let bytes = format!("WARC/1.0\r\nA: b\r\n{line}");
            assert_eq!(Header::read(bytes.as_bytes()), Err(Unread::Damaged(DamageKind::HeaderTooLong)));
        }
    }

    #[test]
    fn a_length_is_digits_and_said_once_or_twice_alike() {
        assert_eq!(block_len("Content-Length: 012\r\n"), Ok(12));
        assert_eq!(block_len("content-length:12\r\nContent-Length: 12\r\n"), Ok(12));
        for fields in [
            "",
            "Content-Length:\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: 1 2\r\n",
            "Content-Length: 9223372036854775808\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 1\r\nContent-Length: 2\r\n",
        ] {
            assert_eq!(block_len(fields), Err(DamageKind::Length), "{fields}");
        }
    }
}
