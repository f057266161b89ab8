//! Media types: what a body is, and in which charset.

/// What a body is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    Html,
    Text,
    /// Neither; pictures, scripts, data.
    Other,
}

/// A `Content-Type`, read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContentType<'v> {
    essence: &'v [u8],
    parameters: &'v [u8],
}

impl<'v> ContentType<'v> {
    /// Reads a field's value; tolerant, since servers write what they like.
    pub(super) fn read(value: &'v [u8]) -> ContentType<'v> {
        let essence = value.split(|&byte| matches!(byte, b';' | b',')).next().unwrap_or_default();
        ContentType { essence: essence.trim_ascii(), parameters: value.get(essence.len()..).unwrap_or_default() }
    }

    /// Whether it says this type, whatever the case of the letters.
    pub(super) fn is(self, essence: &str) -> bool {
        self.essence.eq_ignore_ascii_case(essence.as_bytes())
    }

    /// What the type says the body is; `None` where it says no type at all.
    pub(super) fn media(self) -> Option<Media> {
        let says = |types: &[&str]| types.iter().any(|essence| self.is(essence));
        if !self.essence.contains(&b'/') || says(&["unknown/unknown", "application/unknown", "*/*"]) {
            None
        } else if says(&["text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"]) {
            Some(Media::Html)
        } else if says(&["text/plain", "text/markdown", "text/x-markdown"]) {
            Some(Media::Text)
        } else {
            Some(Media::Other)
        }
    }

    /// The parameter `charset`, without quotes.
    pub(super) fn charset(self) -> Option<String> {
        let named = |parameter: &'v [u8]| {
            let at = parameter.iter().position(|&byte| byte == b'=')?;
            let (name, value) = parameter.split_at_checked(at)?;
            name.trim_ascii().eq_ignore_ascii_case(b"charset").then(|| value.get(1..).unwrap_or_default())
        };
        let value = self.parameters.split(|&byte| matches!(byte, b';' | b',')).find_map(named)?;
        let is_edge = |letter: char| letter.is_ascii_whitespace() || matches!(letter, '"' | '\'');
        let charset = std::str::from_utf8(value).ok()?.trim_matches(is_edge);
        (!charset.is_empty()).then(|| charset.to_owned())
    }
}

/// How HTML begins (WHATWG MIME Sniffing, section 7.1), in capitals.
const HTML_STARTS: [&[u8]; 17] = [
    b"<!DOCTYPE HTML",
    b"<HTML",
    b"<HEAD",
    b"<SCRIPT",
    b"<IFRAME",
    b"<H1",
    b"<DIV",
    b"<FONT",
    b"<TABLE",
    b"<A",
    b"<STYLE",
    b"<TITLE",
    b"<B",
    b"<BODY",
    b"<BR",
    b"<P",
    b"<!--",
];

/// As many bytes decide whether a body is text (WHATWG MIME Sniffing, section 5.2).
const SNIFFED: usize = 1445;

/// What a body is whose type nobody says: HTML if it begins as HTML does, text if it has no bytes that texts do not
/// have.
pub(super) fn sniff(body: &[u8]) -> Media {
    let start = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii_start();
    if HTML_STARTS.iter().any(|tag| begins_with_tag(start, tag)) {
        return Media::Html;
    }
    let utf16 = body.starts_with(b"\xff\xfe") || body.starts_with(b"\xfe\xff");
    let binary = body.iter().take(SNIFFED).any(|byte| is_binary(*byte));
    if binary && !utf16 { Media::Other } else { Media::Text }
}

fn begins_with_tag(start: &[u8], tag: &[u8]) -> bool {
    let Some((name, behind)) = start.split_at_checked(tag.len()) else { return false };
    let ends = tag.ends_with(b"-") || matches!(behind, [byte, ..] if byte.is_ascii_whitespace() || *byte == b'>');
    ends && name.eq_ignore_ascii_case(tag)
}

/// The "binary data bytes" of WHATWG MIME Sniffing, section 3.
fn is_binary(byte: u8) -> bool {
    matches!(byte, 0x00..=0x08 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_told_whatever_their_case() {
        let media = |value: &str| ContentType::read(value.as_bytes()).media();
        assert_eq!(media("Text/HTML; charset=utf-8"), Some(Media::Html));
        assert_eq!(media(" application/xhtml+xml "), Some(Media::Html));
        assert_eq!(media("text/plain"), Some(Media::Text));
        assert_eq!(media("image/png"), Some(Media::Other));
        assert_eq!(media("text/html, text/html"), Some(Media::Html));
        assert_eq!(media("; charset=utf-8"), None);
        assert_eq!(media("html"), None);
    }

    #[test]
    fn the_charset_loses_its_quotes() {
        let charset = |value: &str| ContentType::read(value.as_bytes()).charset();
        assert_eq!(charset("text/html; Charset = \"UTF-8\" ; x=y").as_deref(), Some("UTF-8"));
        assert_eq!(charset("text/html;charset='koi8-r'").as_deref(), Some("koi8-r"));
        assert_eq!(charset("text/html; x; charset=windows-1251").as_deref(), Some("windows-1251"));
        assert_eq!(charset("text/html; charset="), None);
        assert_eq!(charset("text/html; xcharset=a"), None);
        assert_eq!(ContentType::read(b"text/html; charset=\xff").charset(), None);
    }

    #[test]
    fn what_nobody_names_is_told_by_its_first_bytes() {
        assert_eq!(sniff(b"\xef\xbb\xbf \n<!doctype html>"), Media::Html);
        assert_eq!(sniff(b"<!-- x -->"), Media::Html);
        assert_eq!(sniff(b"<p>"), Media::Html);
        assert_eq!(sniff(b"<path d='1'>"), Media::Text);
        assert_eq!(sniff(b"A story."), Media::Text);
        assert_eq!(sniff(b"\xff\xfeA\x00"), Media::Text);
        assert_eq!(sniff(b"\x89PNG\r\n\x1a\n"), Media::Other);
    }
}
