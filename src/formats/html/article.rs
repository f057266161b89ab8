//! The article of a page, found by an extractor.

use dom_smoothie::{Config, Readability};

use super::full::whole;
use super::guard::{self, Verdict};
use super::visible;
use super::warning::{Warning, told};
use super::{Extracted, Extractor};

/// The largest page of which a tree is built, in bytes; a tree takes some twenty times the memory.
pub const MAX_TREE_BYTES: usize = 8 << 20;

/// The article of a page, as `dom_smoothie` finds it, a port of Mozilla's Readability.
///
/// Of a page that has none, is too large or too complex, the whole visible text is given, with a warning that says so.
/// The lines are made as [`super::FullText`] makes them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Article;

impl Extractor for Article {
    fn name(&self) -> &'static str {
        "dom_smoothie 0.19"
    }

    fn extract(&self, page: &str, _: Option<&str>) -> Extracted {
        if page.len() > MAX_TREE_BYTES {
            return whole(page, Some(Warning::TooLarge));
        }
        let inspection = guard::inspect(page);
        let found = match &inspection.verdict {
            Verdict::Fine => readable(page),
            Verdict::Mended(mended) => readable(mended),
            Verdict::TooComplex => return whole(page, Some(Warning::TooComplex)),
        };
        let Some(found) = found else { return whole(page, Some(Warning::NoArticle)) };
        let flattened = inspection.flattened.then_some(Warning::Flattened);
        let unclosed = inspection.unclosed.into_iter().map(Warning::Unclosed);
        Extracted { warnings: told(flattened.into_iter().chain(unclosed)), ..found }
    }
}

/// The article of a page that is safe to build a tree of.
fn readable(page: &str) -> Option<Extracted> {
    let config = Config { disable_json_ld: true, ..Config::default() };
    // The address would only be used to complete links, which the text does not hold.
    let article = Readability::new(page, None, Some(config)).ok()?.parse().ok()?;
    let text = visible::read(&article.content).text;
    let title = Some(article.title.trim().to_owned()).filter(|title| !title.is_empty());
    (!text.trim().is_empty()).then_some(Extracted { title, text, warnings: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENTENCE: &str = "The ferry across the bay runs again, the harbour master said, and it takes cars as well. ";

    fn page(body: &str) -> String {
        format!("<!doctype html><html><head><title>The ferry runs again</title></head><body>{body}</body></html>")
    }

    fn story() -> String {
        let paragraph = format!("<p>{}</p>", SENTENCE.repeat(3));
        format!(
            "<article><h2>On the water</h2>{}<ul><li>Cars: yes</li><li>Dogs: yes</li></ul></article>",
            paragraph.repeat(6)
        )
    }

    fn codes(extracted: &Extracted) -> Vec<&str> {
        extracted.warnings.iter().filter_map(|warning| warning.split(':').next()).collect()
    }

    #[test]
    fn the_article_is_told_from_what_stands_around_it() {
        let menu = "<nav><ul><li><a href=/>Home</a><li><a href=/s>Sport</a></ul></nav>";
        let extracted = Article.extract(&page(&format!("{menu}{}<footer>© The Example</footer>", story())), None);
        assert_eq!(extracted.title.as_deref(), Some("The ferry runs again"));
        assert!(extracted.text.starts_with("On the water\n\nThe ferry across"), "{}", extracted.text);
        assert!(extracted.text.ends_with("\n\nCars: yes\nDogs: yes\n"), "{}", extracted.text);
        assert!(!extracted.text.contains("Sport") && extracted.warnings.is_empty(), "{extracted:?}");
    }

    #[test]
    fn without_an_article_the_whole_text_is_given() {
        let extracted = Article.extract(&page("<noscript></noscript>"), None);
        assert_eq!(codes(&extracted), ["no_article", "empty_body"]);
        let extracted = Article.extract("<frameset><frame></frameset><noframes><p>Words.</p></noframes>", None);
        assert_eq!((extracted.text.as_str(), codes(&extracted)), ("Words.\n", vec!["no_article"]));
    }

    #[test]
    fn a_page_that_is_too_large_or_complex_is_given_whole() {
        let large = page(&format!("<p>{}</p>", "word ".repeat(MAX_TREE_BYTES / 5)));
        assert_eq!(codes(&Article.extract(&large, None)), ["too_large"]);
        let complex = page(&"<b>x</b>".repeat(400_000));
        assert_eq!(codes(&Article.extract(&complex, None)), ["too_complex"]);
    }

    #[test]
    fn a_story_in_deep_elements_is_found() {
        let extracted = Article.extract(&page(&format!("{}{}", "<div>".repeat(20_000), story())), None);
        assert_eq!(codes(&extracted), ["flattened"]);
        assert!(extracted.text.contains(SENTENCE.trim()));
    }

    #[test]
    fn a_title_that_is_never_closed_does_not_swallow_the_story() {
        let extracted = Article.extract(&format!("<html><head><title>Ferry <body>{}", story()), None);
        assert_eq!(codes(&extracted), ["unclosed_field"]);
        assert!(extracted.text.contains(SENTENCE.trim()));
    }
}
