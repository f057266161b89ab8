//! The whole visible text of a page.

use super::visible::{self, Visible};
use super::warning::{Warning, told};
use super::{Extracted, Extractor};

/// The whole text that a browser without scripts shows, menus and all.
///
/// It is read in one pass, without a tree, in time and memory that grow with the page and nothing else. Headings,
/// paragraphs, items and rows are lines; cells are set off by tabs; `pre` keeps its lines. What is left out: scripts,
/// styles, templates, pictures and their titles, what only shows where a video does not, and elements with `hidden` or
/// `display: none`. `noscript` and `noframes` are shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct FullText;

impl Extractor for FullText {
    fn name(&self) -> &'static str {
        "full text"
    }

    fn extract(&self, page: &str, _: Option<&str>) -> Extracted {
        whole(page, None)
    }
}

/// The whole text of a page, and why it is that and not the article.
pub(super) fn whole(page: &str, reason: Option<Warning>) -> Extracted {
    let Visible { title, text, unclosed } = visible::read(page);
    let empty = text.trim().is_empty().then_some(Warning::EmptyBody);
    let warnings = reason.into_iter().chain(empty).chain(unclosed.into_iter().map(Warning::Unclosed));
    Extracted { title, text, warnings: told(warnings) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_text_is_told() {
        let extracted = FullText.extract("<template><p>a</p></template>", None);
        assert_eq!(extracted.text, "");
        assert!(extracted.warnings.iter().any(|warning| warning.starts_with("empty_body")), "{extracted:?}");
    }

    #[test]
    fn an_ordinary_page_has_no_warnings() {
        let extracted =
            FullText.extract("<!doctype html><title>t</title><p>a</p><!-- b -->", Some("https://example.org/"));
        assert_eq!((extracted.title.as_deref(), extracted.text.as_str()), (Some("t"), "a\n"));
        assert!(extracted.warnings.is_empty(), "{extracted:?}");
    }
}
