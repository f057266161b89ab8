//! What a reader of a page should know about its text.

use std::fmt;

use super::tokens::Unclosed;

/// Something about a page that made its text other than one would expect. Each begins with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Warning {
    NoArticle,
    EmptyBody,
    TooLarge,
    TooComplex,
    Flattened,
    Unclosed(Unclosed),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Warning::NoArticle => "no_article: no article was found; this is the whole visible text of the page",
            Warning::EmptyBody => "empty_body: the page shows no text",
            Warning::TooLarge => {
                "too_large: the page is too large to look for the article; this is its whole visible text"
            }
            Warning::TooComplex => {
                "too_complex: the page has too many elements to look for the article; this is its whole visible text"
            }
            Warning::Flattened => {
                "flattened: elements nested too deeply, or too many attributes, were left out; no text was"
            }
            Warning::Unclosed(Unclosed::Comment) => {
                "unclosed_comment: a comment is never closed; what stands behind it is not text"
            }
            Warning::Unclosed(Unclosed::Unseen) => {
                "unclosed_script: a script or style is never closed; what stands behind it is not text"
            }
            Warning::Unclosed(Unclosed::Tag) => {
                "unclosed_tag: a tag is never closed; what stands behind it is not text"
            }
            Warning::Unclosed(Unclosed::Opened) => {
                "unclosed_field: a title or field is never closed; what stands behind it was read as the page"
            }
        })
    }
}

/// The warnings as the caller gets them.
pub(super) fn told(warnings: impl IntoIterator<Item = Warning>) -> Vec<String> {
    warnings.into_iter().map(|warning| warning.to_string()).collect()
}
