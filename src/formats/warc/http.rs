//! A response over HTTP/1: status line, fields, body.

use std::borrow::Cow;

use super::chunked::Chunks;
use super::fields::{Lines, is_blank, line_len};
use super::warning::HttpWarning;

/// What a block of the type `application/http` holds.
#[derive(Clone, Debug)]
pub(super) struct Response<'b> {
    /// The status, if the first line says one.
    pub(super) status: Option<u16>,
    fields: Lines<'b>,
    /// The body as it stands.
    pub(super) body: &'b [u8],
}

impl<'b> Response<'b> {
    /// Reads a block. Without a status line, all of it is the body; interim responses (status 1xx) before it are passed
    /// by.
    pub(super) fn read(block: &'b [u8]) -> Response<'b> {
        let mut response = Response { status: None, fields: Lines::new(&[]), body: block };
        while is_http(response.body) {
            let (line, rest) = response.body.split_at(line_len(response.body));
            let (fields, body) = rest.split_at(head_len(rest));
            response = Response { status: status(line), fields: Lines::new(fields), body };
            if response.status.is_none_or(|status| status >= 200) {
                break;
            }
        }
        response
    }

    /// The first value under a name that is not empty.
    pub(super) fn field(&self, name: &str) -> Option<Cow<'b, [u8]>> {
        self.fields.clone().find(name.as_bytes())
    }

    /// Whether the fields say that the body comes in chunks.
    pub(super) fn says_chunked(&self) -> bool {
        self.field("Transfer-Encoding").is_some_and(|value| value.to_ascii_lowercase().ends_with(b"chunked"))
    }

    /// The body without chunks, if it has any.
    pub(super) fn content(&self) -> (Cow<'b, [u8]>, Option<HttpWarning>) {
        if !self.says_chunked() {
            return (Cow::Borrowed(self.body), None);
        }
        match Chunks::of(self.body) {
            Chunks::Whole(body) => (Cow::Owned(body), None),
            Chunks::Broken(body) => (Cow::Owned(body), Some(HttpWarning::BrokenChunks)),
            Chunks::None => (Cow::Borrowed(self.body), Some(HttpWarning::NotChunked)),
        }
    }
}

/// Whether a block begins with a status line.
pub(super) fn is_http(block: &[u8]) -> bool {
    block.get(..5).is_some_and(|start| start.eq_ignore_ascii_case(b"HTTP/"))
}

/// The three digits behind the protocol's version.
fn status(line: &[u8]) -> Option<u16> {
    let digits = line.split(u8::is_ascii_whitespace).skip(1).find(|word| !word.is_empty())?;
    let is_status = digits.len() == 3 && digits.iter().all(u8::is_ascii_digit);
    is_status.then(|| std::str::from_utf8(digits).ok()?.parse().ok())?
}

/// The length of the fields with the blank line behind them; all bytes if there is none.
fn head_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(rest @ [_, ..]) = bytes.get(at..) {
        let (line, _) = rest.split_at(line_len(rest));
        at += line.len();
        if is_blank(line) {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_has_a_status_fields_and_a_body() {
        let response = Response::read(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>\r\n\r\nx");
        assert_eq!((response.status, response.body), (Some(200), &b"<p>\r\n\r\nx"[..]));
        assert_eq!(response.field("content-type").as_deref(), Some(&b"text/html"[..]));
    }

    #[test]
    fn a_block_without_status_line_is_a_body() {
        let response = Response::read(b"<html>\n\n<p>");
        assert_eq!((response.status, response.body), (None, &b"<html>\n\n<p>"[..]));
    }

    #[test]
    fn broken_heads_are_read_as_far_as_they_go() {
        assert_eq!(Response::read(b"HTTP/1.1 OK\n\nx").status, None);
        assert_eq!(Response::read(b"HTTP/1.1 200").status, Some(200));
        let response = Response::read(b"http/1.0  404  Not Found\nA: b");
        assert_eq!((response.status, response.body), (Some(404), &b""[..]));
    }

    #[test]
    fn interim_responses_are_passed_by() {
        let response = Response::read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nx");
        assert_eq!((response.status, response.body), (Some(200), &b"x"[..]));
    }

    #[test]
    fn chunks_are_undone_where_they_are() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n";
        let content = |body: &str| {
            let block = [head, body].concat();
            let (body, warning) = Response::read(block.as_bytes()).content();
            (String::from_utf8_lossy(&body).into_owned(), warning)
        };
        assert_eq!(content("1\r\nx\r\n0\r\n\r\n"), ("x".into(), None));
        assert_eq!(content("1\r\nx\r\ny"), ("xy".into(), Some(HttpWarning::BrokenChunks)));
        assert_eq!(content("<p>x"), ("<p>x".into(), Some(HttpWarning::NotChunked)));
    }
}
