//! The character encoding that a page declares for itself.

use memchr::memmem;

/// How far a declaration is looked for. The standard says 1024 bytes at least; licences and scripts in front of the
/// declaration often take more.
const SCANNED: usize = 4096;

/// A declaration of the encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The label as the page has it, known or not, except where the standard reads it as another: any label of UTF-16
    /// is `UTF-8`, and `x-user-defined` is `windows-1252`.
    pub label: String,
    /// Where the label begins in the input.
    pub offset: usize,
}

/// The encoding that a page declares within its first 4096 bytes, in a `meta` element or else an XML declaration.
///
/// `None` where it declares none. This is the standard's prescan
/// (<https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding>), except that
/// it ends at the first label, known or not, so that an unknown one can be reported.
pub fn declared_charset(bytes: &[u8]) -> Option<Declared> {
    let mut scan = Scan { bytes: bytes.get(..SCANNED).unwrap_or(bytes), at: 0 };
    let xml = scan.xml_encoding();
    let found = scan.meta_charset().or(xml)?;
    let label = String::from_utf8_lossy(found.value).trim_ascii().to_owned();
    (!label.is_empty()).then(|| Declared { label: as_read(label), offset: found.offset })
}

/// The label as the standard reads it. The labels of UTF-16 are those of <https://encoding.spec.whatwg.org/>.
fn as_read(label: String) -> String {
    match label.to_ascii_lowercase().as_str() {
        "utf-16" | "utf-16le" | "utf-16be" | "unicode" | "unicodefeff" | "unicodefffe" | "csunicode" | "ucs-2"
        | "iso-10646-ucs-2" => "UTF-8".to_owned(),
        "x-user-defined" => "windows-1252".to_owned(),
        _ => label,
    }
}

/// A label where it was found.
#[derive(Clone, Copy, Debug)]
struct Found<'b> {
    value: &'b [u8],
    offset: usize,
}

impl<'b> Found<'b> {
    /// What an attribute has for its value, from an offset to another, without white space around it.
    fn between(bytes: &'b [u8], from: usize, to: usize) -> Found<'b> {
        let value = bytes.get(from..to).unwrap_or_default();
        Found { value: value.trim_ascii(), offset: from + value.len() - value.trim_ascii_start().len() }
    }
}

#[derive(Debug)]
struct Attribute<'b> {
    name: &'b [u8],
    value: Found<'b>,
}

/// A walk over the tags of a page that reads no more of them than the prescan asks for.
struct Scan<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Scan<'b> {
    fn rest(&self) -> &'b [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_while(&mut self, skips: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&skips) {
            self.at += 1;
        }
    }

    /// Goes to just behind the next mark, or to the end.
    fn skip_past(&mut self, mark: &[u8]) {
        self.at = memmem::find(self.rest(), mark).map_or(self.bytes.len(), |found| self.at + found + mark.len());
    }

    /// What an XML declaration at the very start says.
    fn xml_encoding(&self) -> Option<Found<'b>> {
        let declaration = self.bytes.strip_prefix(b"<?xml")?;
        let declaration = declaration.get(..declaration.iter().position(|byte| *byte == b'>')?)?;
        let from = memmem::find(declaration, b"encoding")?;
        let mut scan = Scan { bytes: self.bytes.get(..b"<?xml".len() + declaration.len())?, at: b"<?xml".len() + from };
        scan.attribute().filter(|found| found.name == b"encoding").map(|found| found.value)
    }

    /// What the first `meta` says that declares an encoding.
    fn meta_charset(&mut self) -> Option<Found<'b>> {
        while let Some(found) = memchr::memchr(b'<', self.rest()) {
            self.at += found + 1;
            if self.rest().starts_with(b"!--") {
                // `<!-->` is a whole comment.
                self.at += 1;
                self.skip_past(b"-->");
            } else if self.is_meta() {
                self.at += b"meta".len();
                if let Some(label) = self.label_of_meta() {
                    return Some(label);
                }
            } else {
                self.skip_markup();
            }
        }
        None
    }

    fn is_meta(&self) -> bool {
        let rest = self.rest();
        rest.get(..4).is_some_and(|name| name.eq_ignore_ascii_case(b"meta"))
            && rest.get(4).is_some_and(|next| is_space(*next) || *next == b'/')
    }

    /// Goes behind a tag with its attributes, a declaration, or what only looks like one.
    fn skip_markup(&mut self) {
        let rest = self.rest();
        let name = rest.strip_prefix(b"/").unwrap_or(rest);
        if name.first().is_some_and(u8::is_ascii_alphabetic) {
            self.skip_while(|byte| !is_space(byte) && byte != b'>');
            while self.attribute().is_some() {}
        } else if matches!(rest.first(), Some(b'!' | b'/' | b'?')) {
            self.skip_past(b">");
        }
    }

    fn label_of_meta(&mut self) -> Option<Found<'b>> {
        let (mut charset, mut content, mut is_pragma) = (None, None, false);
        while let Some(Attribute { name, value }) = self.attribute() {
            if name.eq_ignore_ascii_case(b"charset") {
                charset.get_or_insert(value);
            } else if name.eq_ignore_ascii_case(b"content") {
                content.get_or_insert(value);
            } else if name.eq_ignore_ascii_case(b"http-equiv") {
                is_pragma |= value.value.eq_ignore_ascii_case(b"content-type");
            }
        }
        let of_content = content.filter(|_| is_pragma).and_then(label_in_content);
        charset.or(of_content).filter(|label| !label.value.is_empty())
    }

    /// The next attribute of the tag; `None` behind the last.
    fn attribute(&mut self) -> Option<Attribute<'b>> {
        self.skip_while(|byte| is_space(byte) || byte == b'/');
        let from = self.at;
        if self.peek()? == b'>' {
            self.at += 1;
            return None;
        }
        // A `=` that stands first is part of the name.
        self.at += 1;
        self.skip_while(|byte| !is_space(byte) && !matches!(byte, b'/' | b'>' | b'='));
        let name = self.bytes.get(from..self.at)?;
        let behind_name = self.at;
        self.skip_while(is_space);
        if self.peek() != Some(b'=') {
            self.at = behind_name;
            return Some(Attribute { name, value: Found { value: b"", offset: behind_name } });
        }
        self.at += 1;
        self.skip_while(is_space);
        self.value().map(|value| Attribute { name, value })
    }

    fn value(&mut self) -> Option<Found<'b>> {
        let quote = self.peek().filter(|byte| matches!(byte, b'"' | b'\''));
        self.at += usize::from(quote.is_some());
        let from = self.at;
        match quote {
            Some(quote) => self.skip_while(|byte| byte != quote),
            None => self.skip_while(|byte| !is_space(byte) && byte != b'>'),
        }
        let value = Found::between(self.bytes, from, self.at);
        // A value that the page's end or the limit cuts off says nothing.
        self.peek()?;
        self.at += usize::from(quote.is_some());
        Some(value)
    }
}

/// The label in `text/html; charset=label`:
/// <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#extracting-character-encodings-from-meta-elements>.
fn label_in_content(content: Found<'_>) -> Option<Found<'_>> {
    let bytes = content.value;
    let lower = bytes.to_ascii_lowercase();
    let mut from = 0;
    loop {
        from += memmem::find(lower.get(from..)?, b"charset")? + b"charset".len();
        let mut scan = Scan { bytes, at: from };
        scan.skip_while(is_space);
        if scan.peek()? != b'=' {
            continue;
        }
        scan.at += 1;
        scan.skip_while(is_space);
        let quote = scan.peek().filter(|byte| matches!(byte, b'"' | b'\''));
        scan.at += usize::from(quote.is_some());
        let begin = scan.at;
        match quote {
            Some(quote) => scan.skip_while(|byte| byte != quote),
            None => scan.skip_while(|byte| !is_space(byte) && byte != b';'),
        }
        let found = Found::between(bytes, begin, scan.at);
        return Some(Found { offset: content.offset + found.offset, ..found });
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn label(page: &str) -> Option<String> {
        let found = declared_charset(page.as_bytes())?;
        Some(found.label)
    }

    #[test]
    fn both_forms_of_meta_are_read() {
        for page in [
            "<meta charset=koi8-r>",
            "<META CHARSET = ' koi8-r ' >",
            "<meta/charset=\"koi8-r\"/>",
            "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>",
            "<meta content=\"text/html;charset = 'koi8-r'\" http-equiv=\"content-type\">",
            "<html lang=en><!-- <meta charset=x> --><!doctype x><title>a</title><meta name=b><meta charset=koi8-r>",
            "<p title='<meta charset=x>'><meta charset=koi8-r>",
            "<!--><meta charset=koi8-r>",
            "<meta http-equiv=content-type content='charset charset=koi8-r; x'>",
        ] {
            assert_eq!(label(page).as_deref(), Some("koi8-r"), "{page}");
        }
    }

    #[test]
    fn what_declares_nothing_is_passed_over() {
        for page in [
            "",
            "<meta charset=>",
            "<meta charset=''>",
            "<meta content='text/html; charset=x'>",
            "<metadata charset=x>",
            "<!-- <meta charset=x>",
            "<meta charset=\"x",
            "<meta charset=x",
            "meta charset=x",
            "<p title='<meta charset=x>",
            "<meta http-equiv=content-type content='charset'>",
        ] {
            assert_eq!(label(page), None, "{page}");
        }
    }

    #[test]
    fn some_labels_mean_another_encoding_and_unknown_ones_are_given() {
        assert_eq!(label("<meta charset=UTF-16LE>").as_deref(), Some("UTF-8"));
        assert_eq!(label("<meta charset=x-user-defined>").as_deref(), Some("windows-1252"));
        assert_eq!(label("<meta charset='no\u{1b}such'>").as_deref(), Some("no\u{1b}such"));
    }

    #[test]
    fn an_xml_declaration_counts_where_no_meta_does() {
        assert_eq!(label("<?xml version='1.0' encoding='koi8-r'?><html>").as_deref(), Some("koi8-r"));
        assert_eq!(label("<?xml encoding=\"x\"?><meta charset=koi8-r>").as_deref(), Some("koi8-r"));
        assert_eq!(label("<?xml version='1.0'?><html encoding='x'>"), None);
    }

    #[test]
    fn the_offset_is_that_of_the_label() {
        for page in ["é<meta charset='  koi8-r'>", "<meta http-equiv=content-type content='  a; charset=\" koi8-r\"'>"]
        {
            let page = page.replace("charset=\" koi8-r\"", "charset= koi8-r");
            let found = declared_charset(page.as_bytes()).expect("a label");
            assert_eq!(page.get(found.offset..found.offset + 6), Some("koi8-r"), "{page}");
        }
    }

    #[test]
    fn a_declaration_behind_the_limit_is_not_seen() {
        let page = |gap: usize| format!("<!--{}--><meta charset=koi8-r>", "x".repeat(gap));
        assert_eq!(label(&page(2000)).as_deref(), Some("koi8-r"));
        assert_eq!(label(&page(SCANNED)), None);
    }
}
