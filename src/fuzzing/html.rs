//! Pages: any bytes give a text that is bounded by the page, ends its last line, and is cleaned like any other.

use std::sync::LazyLock;

use super::{Choices, accounting};
use crate::Cleaner;
use crate::formats::html::{declared_charset, has_markup, is_html_document, looks_like_html};
use crate::pipeline::HtmlText;
use crate::pipeline::page::page_text;

static CLEANER: LazyLock<Cleaner> = LazyLock::new(Cleaner::new);

/// Makes the text of a page.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let declared = choices.pick(&[None, None, Some("utf-8"), Some("windows-1251"), Some("no such")]);
    let url = choices.pick(&[None, Some("https://example.com/a/b?c#d"), Some("not an address")]);
    let wanted = if choices.flag() { HtmlText::Full } else { HtmlText::Article };
    let bytes = choices.rest();
    let _ = (looks_like_html(bytes), is_html_document(bytes), has_markup(bytes));
    if let Some(declared) = declared_charset(bytes) {
        assert!(declared.offset <= bytes.len(), "a label stands behind the page");
    }
    let Ok(page) = page_text(bytes, declared, url, wanted) else { return };
    assert!(page.text.is_empty() || page.text.ends_with('\n'), "the last line does not end");
    assert!(!page.text.trim().is_empty() || !page.warnings.is_empty(), "nothing came out, and nobody was told");
    // A byte of UTF-16 or of a legacy encoding becomes three bytes at most, and layout adds blanks and line ends; the title
    // may stand there twice.
    assert!(page.text.len() <= bytes.len() * 8 + 64, "{} bytes came of {}", page.text.len(), bytes.len());
    let cleaned = CLEANER.clean(&page.text);
    accounting::check(&page.text, &cleaned);
}
