//! Whether bytes are HTML, told by the bytes themselves.

use std::borrow::Cow;

use memchr::memchr_iter;
use memchr::memmem;

use super::element::{Element, Kind};

/// How much of an input [`looks_like_html`] looks at.
const SNIFFED: usize = 4096;

/// The longest name of an element that is looked up.
const MAX_NAME: usize = 16;

/// Whether an input is HTML, told by its first 4096 bytes.
///
/// `true` where the first thing behind a byte order mark, white space, comments and XML declarations is a doctype of
/// HTML or a tag that begins a page or a block. Text that mentions a tag, or begins with `<b>`, is not HTML; neither
/// is other XML. A text in Markdown that begins with a block of HTML is taken for HTML: there [`is_html_document`] must do.
pub fn looks_like_html(start: &[u8]) -> bool {
    begins_with(start, begins_page)
}

/// Whether an input is a whole page, told by its first 4096 bytes: it begins with a doctype of HTML or with one of the tags
/// that only pages have.
pub fn is_html_document(start: &[u8]) -> bool {
    begins_with(start, |markup| [&b"html"[..], b"head", b"body"].iter().any(|name| names(markup, name)))
}

fn begins_with(start: &[u8], begins: fn(&[u8]) -> bool) -> bool {
    let start = without_wide_bytes(start.get(..SNIFFED).unwrap_or(start));
    let mut rest = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&start);
    loop {
        rest = rest.trim_ascii_start();
        let Some(markup) = rest.strip_prefix(b"<") else { return false };
        let behind = if let Some(comment) = markup.strip_prefix(b"!--") {
            behind(comment, b"-->")
        } else if markup.starts_with(b"?") {
            behind(markup, b"?>")
        } else if let Some(doctype) = doctype(markup) {
            if names(doctype.trim_ascii_start(), b"html") {
                return true;
            }
            behind_doctype(doctype)
        } else {
            return begins(markup);
        };
        match behind {
            Some(behind) => rest = behind,
            None => return false,
        }
    }
}

/// Whether an input holds anything like a tag, a comment or a doctype.
///
/// A file that is named as HTML and has none of them is plain text.
pub fn has_markup(bytes: &[u8]) -> bool {
    let bytes = without_wide_bytes(bytes);
    memchr_iter(b'<', &bytes).any(|at| {
        let markup = bytes.get(at + 1..).unwrap_or_default();
        markup.starts_with(b"!--")
            || doctype(markup).is_some()
            || tag_name(markup.strip_prefix(b"/").unwrap_or(markup)).is_some()
    })
}

/// The bytes of UTF-16 with a byte order mark as if they were ASCII; others as they are.
fn without_wide_bytes(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] | [0xFE, 0xFF, rest @ ..] => {
            Cow::Owned(rest.iter().copied().filter(|byte| *byte != 0).collect())
        }
        _ => Cow::Borrowed(bytes),
    }
}

fn behind<'b>(bytes: &'b [u8], mark: &[u8]) -> Option<&'b [u8]> {
    memmem::find(bytes, mark).and_then(|at| bytes.get(at + mark.len()..))
}

/// What stands behind the doctype of some other XML, which may hold declarations in brackets.
fn behind_doctype(doctype: &[u8]) -> Option<&[u8]> {
    let end = doctype.iter().position(|byte| matches!(byte, b'[' | b'>'))?;
    let mark: &[u8] = if doctype.get(end) == Some(&b'[') { b"]>" } else { b">" };
    behind(doctype.get(end..)?, mark)
}

fn doctype(markup: &[u8]) -> Option<&[u8]> {
    let (word, rest) = markup.split_at_checked(b"!doctype".len())?;
    word.eq_ignore_ascii_case(b"!doctype").then_some(rest)
}

/// Whether a name stands first, whole.
fn names(bytes: &[u8], name: &[u8]) -> bool {
    bytes.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name))
        && !bytes.get(name.len()).is_some_and(u8::is_ascii_alphanumeric)
}

/// The name of the tag that begins behind a `<`, if one does.
fn tag_name(markup: &[u8]) -> Option<&[u8]> {
    let end = markup.iter().position(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'-'))?;
    let (name, rest) = markup.split_at(end);
    let ends = matches!(rest.first(), Some(b'>' | b'/' | b' ' | b'\t' | b'\n' | b'\r' | 0x0C));
    (ends && name.first().is_some_and(u8::is_ascii_alphabetic)).then_some(name)
}

fn begins_page(markup: &[u8]) -> bool {
    let Some(name) = tag_name(markup).filter(|name| name.len() <= MAX_NAME) else { return false };
    let name = name.to_ascii_lowercase();
    let element = Element::of(&name);
    element.ends_paragraph()
        || matches!(element.kind, Kind::Root | Kind::Title | Kind::Script)
        || matches!(name.as_slice(), b"meta" | b"link" | b"base" | b"style" | b"noscript")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_fragments_of_pages_look_like_html() {
        for start in [
            "<!DOCTYPE html>",
            "\u{feff} \n<!-- saved from --><html>",
            "<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE html PUBLIC \"x\" \"y\"><html xmlns='z'>",
            "<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e 'f'>]><html>",
            "<HTML LANG=en>",
            "<head><meta charset=utf-8>",
            "<body\nclass=a>",
            "<p>Words.</p>",
            "<div class='story'>",
            "<article>",
            "<title>x</title>",
        ] {
            assert!(looks_like_html(start.as_bytes()), "{start}");
        }
    }

    #[test]
    fn prose_and_other_xml_do_not() {
        for start in [
            "",
            "Words, then <p>a tag</p>.",
            "<b>bold</b> words",
            "<3 is a heart",
            "<john@example.org> wrote",
            "<!-- only a comment",
            "<?xml version='1.0'?><rss><channel>",
            "<!DOCTYPE svg PUBLIC 'x' 'y'><svg>",
            "<pageant>",
            "<p",
            "{\"html\": \"<p>\"}",
        ] {
            assert!(!looks_like_html(start.as_bytes()), "{start}");
        }
    }

    #[test]
    fn utf_16_with_a_mark_is_looked_at_as_well() {
        let wide: Vec<u8> = "\u{feff}<html><p>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(looks_like_html(&wide) && has_markup(&wide));
    }

    #[test]
    fn a_text_without_tags_has_no_markup() {
        for text in ["", "plain words", "1 < 2 > 0", "<stdio.h>", "<a@b.c>", "AT&amp;T", "<", "</", "<1>"] {
            assert!(!has_markup(text.as_bytes()), "{text}");
        }
        for text in ["a <b>b</b>", "a<br/>", "x</p>", "<!-- c -->", "<!doctype html>", "<x-y z>"] {
            assert!(has_markup(text.as_bytes()), "{text}");
        }
    }
}
