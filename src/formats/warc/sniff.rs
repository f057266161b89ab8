//! Tells archives by their first bytes.

use super::start::{Start, starts_loosely};

/// Whether an input begins as WARC does, behind a byte order mark and blank lines at most.
pub fn looks_like_warc(start: &[u8]) -> bool {
    starts_loosely(content(start)) == Start::Yes
}

/// Whether an input is an ARC file, the older format of the Internet Archive, which is not read.
///
/// Its way into dechrome leads over `warcio recompress`, which makes WARC of it.
pub fn looks_like_arc(start: &[u8]) -> bool {
    content(start).starts_with(b"filedesc://")
}

fn content(start: &[u8]) -> &[u8] {
    start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_is_told_by_its_first_bytes() {
        assert!(looks_like_warc(b"WARC/1.0\r\n"));
        assert!(looks_like_warc(b"\xef\xbb\xbf\r\n\r\nWARC/0.18\n"));
        assert!(!looks_like_warc(b"WARC/"));
        assert!(!looks_like_warc(b"WARC is a format"));
        assert!(looks_like_arc(b"filedesc://a.arc 0.0.0.0 20140101000000 text/plain 75\n"));
        assert!(!looks_like_arc(b"WARC/1.0\r\n") && !looks_like_arc(b""));
    }
}
