//! What a record holds as a document.

use std::borrow::Cow;

use super::coding::decoded;
use super::http::{Response, is_http};
use super::kind::Kind;
use super::limits::{BrokenBody, HttpLimits};
use super::media::{ContentType, Media, sniff};
use super::record::Record;
use super::warning::HttpWarning;

/// What a record's block is as a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payload<'b> {
    /// Plain text.
    Text(Body<'b>),
    /// A page.
    Html(Body<'b>),
    /// No document.
    None(Skip),
    /// A document that cannot be had.
    Broken(BrokenBody),
}

/// The bytes of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body<'b> {
    /// The bytes, borrowed from the record unless they had to be decoded.
    pub bytes: Cow<'b, [u8]>,
    /// The charset that the header names, of HTTP if there is one.
    pub charset: Option<String>,
    /// What the header says of the bytes that is not so.
    pub warning: Option<HttpWarning>,
}

/// Why a record holds no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Skip {
    /// Records of this kind hold none.
    Kind(Kind),
    /// A picture, a script, data.
    NotText,
    /// The server's answer is no page but word that there is none: its status is not 2xx.
    HttpStatus(u16),
    /// The body is empty.
    Empty,
}

impl Skip {
    /// The reason as a code for reports; for a kind, its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Skip::Kind(kind) => kind.as_str(),
            Skip::NotText => "not_text",
            Skip::HttpStatus(_) => "http_status",
            Skip::Empty => "empty",
        }
    }
}

impl<'b> Record<'b> {
    /// What the record holds as a document.
    ///
    /// Conversions, resources and responses do. Of responses over HTTP only those of status 2xx count, as for the WET
    /// files of Common Crawl: the others are error pages and notes on redirects. Transfer and content codings are
    /// undone where the body really has them. A body that nobody names a type for is told by its first bytes.
    pub fn payload(&self, limits: &HttpLimits) -> Payload<'b> {
        match self.kind() {
            Kind::Response if self.holds_http() => over_http(&Response::read(self.block), limits),
            Kind::Conversion | Kind::Resource | Kind::Response => {
                document(Cow::Borrowed(self.block), self.field("Content-Type").as_deref(), None)
            }
            kind => Payload::None(Skip::Kind(kind)),
        }
    }

    /// Whether the block is a message of HTTP, head and body.
    pub(super) fn holds_http(&self) -> bool {
        match self.field("Content-Type") {
            Some(value) => ContentType::read(&value).is("application/http"),
            None => is_http(self.block),
        }
    }
}

fn over_http<'b>(response: &Response<'b>, limits: &HttpLimits) -> Payload<'b> {
    if let Some(status) = response.status.filter(|status| !(200..300).contains(status)) {
        return Payload::None(Skip::HttpStatus(status));
    }
    let content_type = response.field("Content-Type");
    // Pictures need not be decoded to be passed by.
    if content_type.as_deref().and_then(|value| ContentType::read(value).media()) == Some(Media::Other) {
        return Payload::None(Skip::NotText);
    }
    let codings = response.field("Content-Encoding").unwrap_or_default();
    let (content, chunks) = response.content();
    match decoded(content, &codings, limits) {
        Ok((body, coding)) => document(body, content_type.as_deref(), chunks.or(coding)),
        Err(broken) => Payload::Broken(broken),
    }
}

fn document<'b>(bytes: Cow<'b, [u8]>, content_type: Option<&[u8]>, warning: Option<HttpWarning>) -> Payload<'b> {
    if bytes.is_empty() {
        return Payload::None(Skip::Empty);
    }
    let content_type = ContentType::read(content_type.unwrap_or_default());
    let charset = content_type.charset();
    match content_type.media().unwrap_or_else(|| sniff(&bytes)) {
        Media::Html => Payload::Html(Body { bytes, charset, warning }),
        Media::Text => Payload::Text(Body { bytes, charset, warning }),
        Media::Other => Payload::None(Skip::NotText),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::super::record::records;
    use super::super::samples::{record, response};
    use super::*;

    /// The payload in one word, its charset, and its bytes.
    fn payload(bytes: &[u8]) -> (String, String, String) {
        let record = records(bytes).next().expect("a record");
        let (kind, bytes, charset) = match record.payload(&HttpLimits::default()) {
            Payload::Text(body) => ("text", body.bytes, body.charset),
            Payload::Html(body) => ("html", body.bytes, body.charset),
            Payload::None(skip) => (skip.as_str(), Cow::default(), None),
            Payload::Broken(broken) => (broken.as_str(), Cow::default(), None),
        };
        (kind.into(), charset.unwrap_or_default(), String::from_utf8_lossy(&bytes).into_owned())
    }

    fn expect(kind: &str, charset: &str, bytes: &str) -> (String, String, String) {
        (kind.into(), charset.into(), bytes.into())
    }

    #[test]
    fn a_conversion_is_text() {
        let bytes = record(b"WARC-Type: conversion\r\nContent-Type: text/plain\r\n", b"A story.");
        assert_eq!(payload(&bytes), expect("text", "", "A story."));
        let bytes = record(b"WARC-Type: conversion\r\n", b"A story.");
        assert_eq!(payload(&bytes), expect("text", "", "A story."));
    }

    #[test]
    fn a_resource_is_what_its_type_says() {
        let bytes = record(b"WARC-Type: resource\r\nContent-Type: text/html; charset=utf-8\r\n", b"<p>");
        assert_eq!(payload(&bytes), expect("html", "utf-8", "<p>"));
        let bytes = record(b"WARC-Type: resource\r\nContent-Type: image/png\r\n", b"\x89PNG");
        assert_eq!(payload(&bytes), expect("not_text", "", ""));
    }

    #[test]
    fn a_response_is_its_body() {
        let bytes = response(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=KOI8-R\r\n\r\n<p>x");
        assert_eq!(payload(&bytes), expect("html", "KOI8-R", "<p>x"));
        let chunked = response(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n1\r\nx\r\n0\r\n\r\n");
        assert_eq!(payload(&chunked), expect("html", "", "<p>x"));
        let untyped = record(b"WARC-Type: response\r\n", b"HTTP/1.0 200 OK\n\nplain");
        assert_eq!(payload(&untyped), expect("text", "", "plain"));
    }

    #[test]
    fn a_body_that_says_gzip_and_is_none_stays() {
        let bytes = response(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n<p>x");
        assert_eq!(payload(&bytes), expect("html", "", "<p>x"));
        let bytes = response(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08oh");
        assert_eq!(payload(&bytes), expect("damaged", "", ""));
    }

    #[test]
    fn what_is_no_document_says_why() {
        let missing = response(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>Gone");
        assert_eq!(payload(&missing), expect("http_status", "", ""));
        let picture = response(b"HTTP/1.1 200 OK\r\nContent-Type: image/gif\r\nContent-Encoding: gzip\r\n\r\nx");
        assert_eq!(payload(&picture), expect("not_text", "", ""));
        let empty = response(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
        assert_eq!(payload(&empty), expect("empty", "", ""));
        assert_eq!(payload(&record(b"WARC-Type: metadata\r\n", b"x")), expect("metadata", "", ""));
        assert_eq!(payload(&record(b"", b"x")), expect("other", "", ""));
    }
}
