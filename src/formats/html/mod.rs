//! HTML pages to text: the article of a page, or all that it shows.
//!
//! Whoever makes text of a page is an [`Extractor`]: [`Article`] looks for the article and leaves the rest,
//! [`FullText`] takes the whole visible text. Both are bounded in time and memory whatever the page is, touch neither
//! network nor disk, and expand no entities but those that HTML names.

mod article;
mod attributes;
mod charset;
mod closings;
mod element;
mod full;
mod guard;
mod layout;
mod rows;
mod sniff;
mod stack;
mod tokens;
mod visible;
mod warning;

pub use article::{Article, MAX_TREE_BYTES};
pub use charset::{Declared, declared_charset};
pub use full::FullText;
pub use sniff::{has_markup, is_html_document, looks_like_html};

/// Makes a text out of a page.
pub trait Extractor: Send + Sync {
    /// What makes the text, and its version.
    fn name(&self) -> &'static str;

    /// The text of a page that is already decoded; `url` is where it was found, if that is known.
    ///
    /// There is always a result: an extractor that finds nothing gives the whole visible text, and says so in the
    /// warnings.
    fn extract(&self, page: &str, url: Option<&str>) -> Extracted;
}

/// The text that was made of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extracted {
    /// The title, which stands in the text only where the page has it in its article, too.
    pub title: Option<String>,
    /// The text: a paragraph, heading, item or row is a line that ends in LF, with blank lines between blocks.
    pub text: String,
    /// What is unusual about it; each begins with a code, such as `no_article:` or `empty_body:`.
    pub warnings: Vec<String>,
}
