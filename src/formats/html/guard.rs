//! A look at a page before a tree is built of it.
//!
//! Tree builders and what walks their trees take time, and stack, that grow with the square of what a hostile page
//! holds: elements nested without end, formatting that is opened again in every block, attributes by the thousand. A
//! page within the limits goes to the extractor as it is; from any other, tags are taken out and all text stays.

use super::element::{Element, Kind};
use super::stack::Stack;
use super::tokens::{Sink, Tag, Unclosed, tokenize};

/// Formatting that is open at once; a tree builder opens all of it again in each block.
const MAX_FORMATTING: usize = 32;

/// Elements that a tree may come to, those counted that are opened again.
const MAX_ELEMENTS: usize = 300_000;

/// How often an extractor may come by an element: it looks at each once for every element that it stands in. So many
/// visits, a twentieth of a second or so, are allowed to every page …
const FREE_VISITS: usize = 250_000;

/// … and so many more to each of its bytes. Ordinary pages come to less than a half.
const VISITS_PER_BYTE: usize = 2;

/// Bytes that a tree builder may copy while it puts texts together: it adds each character reference to a text by
/// itself, and may copy the text before it every time. This many take about a third of a second.
const MAX_COPIED: usize = 1 << 33;

/// What is to be done with a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is within the limits.
    Fine,
    /// This is the page without the tags that are over the limits.
    Mended(String),
    /// No tree should be built of it.
    TooComplex,
}

/// What was found in a page.
#[derive(Debug)]
pub(super) struct Inspection {
    pub(super) verdict: Verdict,
    /// Whether tags were taken out that are over the limits.
    pub(super) flattened: bool,
    pub(super) unclosed: Vec<Unclosed>,
}

/// Looks at a page, in one pass.
pub(super) fn inspect(page: &str) -> Inspection {
    let mut guard = Guard { page, ..Guard::default() };
    tokenize(page, &mut guard);
    guard.finish()
}

#[derive(Default)]
struct Guard<'p> {
    page: &'p str,
    stack: Stack,
    formatting: usize,
    elements: usize,
    /// The depths of all elements, added up.
    visits: usize,
    /// The length of the text since the last tag.
    text: usize,
    /// What copying it for each of its pieces comes to, over all texts.
    text_copied: usize,
    flattened: bool,
    unclosed: Vec<Unclosed>,
    mended: String,
    /// Up to where the page has been copied to the mended one.
    copied: usize,
    lost: bool,
}

impl Guard<'_> {
    /// Replaces a part of the page by a text.
    fn replace(&mut self, from: usize, to: usize, with: &str) {
        match self.page.get(self.copied..from) {
            Some(kept) => {
                self.mended.push_str(kept);
                self.mended.push_str(with);
                self.copied = to;
            }
            None => self.lost = true,
        }
    }

    /// Whether an element may be part of the tree; if so, it is open now.
    fn admit(&mut self, tag: &Tag) -> bool {
        let formatting = is_reopened(tag.element);
        if formatting && self.formatting >= MAX_FORMATTING {
            return false;
        }
        // The tag of an element that holds raw text cannot go: its content would turn into markup.
        let room = self.stack.start(tag.element, false) || holds_raw_text(tag.element);
        if room && formatting {
            self.formatting += 1;
        }
        room
    }

    /// Makes the rest of the page a `pre`: nothing can stand behind a `plaintext`, so no tree that holds one can be
    /// written out as HTML and read again.
    fn end_in_plain_text(&mut self, tag: &Tag) {
        let rest = self.page.get(tag.span.end..).unwrap_or_default();
        let escaped = rest.replace('&', "&amp;").replace('<', "&lt;");
        self.text_copied = self.text_copied.saturating_add((escaped.len() - rest.len()).saturating_mul(rest.len()));
        self.replace(tag.span.start, self.page.len(), &format!("<pre>{escaped}"));
    }

    /// Whether a tree of the page would cost too much time.
    fn is_too_complex(&self) -> bool {
        let visits = FREE_VISITS.saturating_add(self.page.len().saturating_mul(VISITS_PER_BYTE));
        self.elements > MAX_ELEMENTS || self.text_copied > MAX_COPIED || self.visits > visits
    }

    fn finish(mut self) -> Inspection {
        let verdict = match self.page.get(self.copied..) {
            _ if self.lost || self.is_too_complex() => Verdict::TooComplex,
            _ if self.copied == 0 => Verdict::Fine,
            Some(rest) => {
                self.mended.push_str(rest);
                Verdict::Mended(self.mended)
            }
            None => Verdict::TooComplex,
        };
        Inspection { verdict, flattened: self.flattened, unclosed: self.unclosed }
    }
}

impl Sink for Guard<'_> {
    fn start(&mut self, tag: &Tag, unclosed: Option<Unclosed>) {
        self.text = 0;
        let elements = if tag.element.is_block() { 1 + self.formatting } else { 1 };
        self.elements += elements;
        self.unclosed.extend(unclosed.filter(|what| !self.unclosed.contains(what)));
        if unclosed == Some(Unclosed::Opened) {
            return self.replace(tag.span.start, tag.span.end, " ");
        }
        if tag.element.kind == Kind::PlainText && !self.in_picture() {
            return self.end_in_plain_text(tag);
        }
        if !self.admit(tag) {
            self.flattened = true;
            // What two blocks keep apart stays apart.
            let space = if tag.element.is_block() { " " } else { "" };
            return self.replace(tag.span.start, tag.span.end, space);
        }
        self.visits = self.visits.saturating_add(elements.saturating_mul(self.stack.depth()));
        if tag.self_closing && self.stack.in_picture() {
            self.stack.end(tag.element);
        }
        if let Some(surplus) = tag.surplus {
            self.flattened = true;
            self.replace(surplus, tag.span.end, ">");
        }
    }

    fn end(&mut self, element: Element) {
        self.text = 0;
        if is_reopened(element) {
            self.formatting = self.formatting.saturating_sub(1);
        }
        self.stack.end(element);
    }

    fn text(&mut self, text: &[u8]) {
        self.text_copied = self.text_copied.saturating_add(self.text);
        self.text += text.len();
    }

    fn unclosed(&mut self, what: Unclosed) {
        self.unclosed.push(what);
    }

    fn in_picture(&self) -> bool {
        self.stack.in_picture()
    }
}

/// Whether a tree builder opens it again in each block. A second `a` closes the first, so they do not add up; links are
/// what extractors judge by, and stay.
fn is_reopened(element: Element) -> bool {
    element.kind == Kind::Formatting && element != Element::of(b"a")
}

fn holds_raw_text(element: Element) -> bool {
    use Kind::{PlainField, PlainText, RawShown, RawUnseen, Script, Title};
    matches!(element.kind, Title | PlainField | Script | RawUnseen | RawShown | PlainText)
}

#[cfg(test)]
mod tests {
    use super::super::stack::MAX_DEPTH;
    use super::super::tokens::MAX_ATTRIBUTES;
    use super::*;

    fn mended(page: &str) -> String {
        match inspect(page).verdict {
            Verdict::Mended(page) => page,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_ordinary_page_stays_as_it_is() {
        let items = "<li><a href=x>item</a>".repeat(2000);
        let paragraphs = "<p><b>word</b> word".repeat(2000);
        let page = format!("<!doctype html><html><body><ul>{items}</ul>{paragraphs}<img><br></html>");
        assert_eq!(inspect(&page).verdict, Verdict::Fine);
    }

    #[test]
    fn deep_elements_are_flattened_and_their_text_stays() {
        let deep = MAX_DEPTH + 100;
        let page = format!("{}é text{}", "<div>".repeat(deep), "</div>".repeat(deep));
        let mended = mended(&page);
        assert_eq!(mended.matches("<div>").count(), MAX_DEPTH);
        assert!(mended.contains("é text"));
    }

    #[test]
    fn a_deep_script_stays_a_script() {
        let page = format!("{}<script>'<p>'</script>", "<div>".repeat(MAX_DEPTH + 1));
        assert!(mended(&page).ends_with("<script>'<p>'</script>"));
    }

    #[test]
    fn formatting_that_is_never_closed_is_capped() {
        let fonts: String = (0..100).map(|size| format!("<font size={size}>")).collect();
        assert_eq!(mended(&format!("{fonts}a{}", "<p>b".repeat(100))).matches("<font").count(), MAX_FORMATTING);
    }

    #[test]
    fn surplus_attributes_are_cut_off() {
        let attributes: String = (0..2 * MAX_ATTRIBUTES).map(|at| format!(" a{at}=1")).collect();
        let mended = mended(&format!("<p>é</p>\r\n<p{attributes}>text</p>"));
        assert_eq!(mended.matches("=1").count(), MAX_ATTRIBUTES);
        assert!(mended.ends_with("=1 >text</p>"), "{mended}");
    }

    #[test]
    fn a_title_that_is_never_closed_is_taken_out() {
        assert_eq!(mended("<head><title>a<body><p>b"), "<head> a<body><p>b");
    }

    #[test]
    fn plain_text_to_the_end_becomes_a_pre() {
        assert_eq!(mended("<p>a</p><plaintext></p>&b"), "<p>a</p><pre>&lt;/p>&amp;b");
    }

    #[test]
    fn no_tree_is_built_of_too_many_elements() {
        assert_eq!(inspect(&"<br>".repeat(MAX_ELEMENTS + 1)).verdict, Verdict::TooComplex);
        let page = format!("{}{}", "<b>".repeat(MAX_FORMATTING), "<p>".repeat(MAX_ELEMENTS / MAX_FORMATTING));
        assert_eq!(inspect(&page).verdict, Verdict::TooComplex);
    }

    #[test]
    fn no_tree_is_built_of_many_elements_deep_down() {
        let many = "<p>a</p>".repeat(50_000);
        assert_eq!(inspect(&many).verdict, Verdict::Fine);
        let deep = format!("{}{many}", "<div>".repeat(MAX_DEPTH / 2));
        assert_eq!(inspect(&deep).verdict, Verdict::TooComplex);
        let lists = format!("{}{}", "<ul><li>".repeat(MAX_DEPTH / 2), "<li>a".repeat(50_000));
        assert_eq!(inspect(&lists).verdict, Verdict::TooComplex);
    }

    #[test]
    fn no_tree_is_built_of_a_text_in_too_many_pieces() {
        assert_eq!(inspect(&format!("<p>{}", "&amp;".repeat(200_000))).verdict, Verdict::TooComplex);
        assert_eq!(inspect(&"<p>a &amp; b</p>".repeat(50_000)).verdict, Verdict::Fine);
    }
}
