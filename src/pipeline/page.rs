//! From the bytes of a page to the text that is cleaned.

use crate::text::decode::EncodingInfo;
use crate::text::decode::NotText;
#[cfg(feature = "html")]
use crate::text::decode::{Charset, decode};

/// What is taken of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HtmlText {
    /// The article, as an extractor finds it.
    #[default]
    Article,
    /// The whole visible text, line by line.
    Full,
}

/// The text of a page.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) encoding: EncodingInfo,
    pub(crate) extractor: &'static str,
    pub(crate) warnings: Vec<String>,
}

/// Makes the text of a page. `declared` is the charset that was said outside of the page.
///
/// # Errors
/// When the bytes are not text.
#[cfg(feature = "html")]
pub(crate) fn page_text(
    bytes: &[u8],
    declared: Option<&str>,
    url: Option<&str>,
    wanted: HtmlText,
) -> Result<Page, NotText> {
    use crate::formats::html::{Article, Extractor, FullText, declared_charset};

    let said_inside = declared_charset(bytes).map(|found| found.label);
    let label = declared.map(str::to_owned).or(said_inside);
    let charset = label.as_deref().and_then(Charset::for_label);
    let decoded = decode(bytes, charset)?;
    let mut warnings = Vec::new();
    if let Some(label) = label.filter(|_| charset.is_none()) {
        warnings.push(format!("the page names a charset that is not known, `{}`", shortened(&label)));
    }
    let extractor: &dyn Extractor = match wanted {
        HtmlText::Article => &Article,
        HtmlText::Full => &FullText,
    };
    let extracted = extractor.extract(&decoded.text, url);
    warnings.extend(extracted.warnings);
    let text = with_title(extracted.title.filter(|_| wanted == HtmlText::Article), extracted.text);
    Ok(Page { text, encoding: decoded.encoding, extractor: extractor.name(), warnings })
}

/// Without the feature there is no way to read a page.
#[cfg(not(feature = "html"))]
pub(crate) fn page_text(_: &[u8], _: Option<&str>, _: Option<&str>, _: HtmlText) -> Result<Page, NotText> {
    Err(NotText::Binary { kind: "HTML, which this dechrome was built without (feature `html`): its", offset: 0 })
}

/// The text below its title, where the title does not begin it already: extractors find both, and titles are kept.
#[cfg(feature = "html")]
fn with_title(title: Option<String>, text: String) -> String {
    let Some(title) = title.map(|title| one_line(&title)).filter(|title| !title.is_empty()) else { return text };
    let is_there = text.lines().take(3).any(|line| one_line(line).contains(&title));
    if is_there || text.is_empty() { text } else { format!("{title}\n\n{text}") }
}

#[cfg(feature = "html")]
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A label as a message can show it.
#[cfg(feature = "html")]
fn shortened(label: &str) -> String {
    label.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(all(test, feature = "html"))]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_title_stands_above_its_text_once() {
        let text = "The harbour was closed.\nShips waited.\n";
        let title = || Some("Storm closes\n harbour".to_owned());
        assert_eq!(with_title(title(), text.into()), format!("Storm closes harbour\n\n{text}"));
        let titled = format!("Storm closes harbour\n{text}");
        assert_eq!(with_title(title(), titled.clone()), titled);
        assert_eq!(with_title(None, text.into()), text);
    }

    #[test]
    fn the_charset_of_the_header_goes_before_that_of_the_page() {
        let page = b"<html><head><meta charset=windows-1252></head><body><p>\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0. \xcf\xf0\xe8\xe2\xe5\xf2.</p></body></html>";
        let text = |declared| page_text(page, declared, None, HtmlText::Full).expect("a page").text;
        assert!(text(Some("windows-1251")).contains("Привет, мир."));
        assert!(text(None).contains("Ïðèâåò"));
    }
}
