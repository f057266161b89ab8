//! Records for tests.

/// A record with these fields, its length, and the blank lines the standard wants.
pub(super) fn record(fields: &[u8], block: &[u8]) -> Vec<u8> {
    let length = format!("Content-Length: {}\r\n\r\n", block.len());
    [b"WARC/1.0\r\n", fields, length.as_bytes(), block, b"\r\n\r\n"].concat()
}

/// A response over HTTP, head and body as they stand.
pub(super) fn response(http: &[u8]) -> Vec<u8> {
    record(b"WARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n", http)
}
