//! What a reader sees of a page, as lines.

use super::element::{Element, Kind};
use super::layout::Layout;
use super::stack::Stack;
use super::tokens::{Sink, Tag, Unclosed, tokenize};

/// The text of a page, and what was found on the way.
#[derive(Debug, Default)]
pub(super) struct Visible {
    /// What its first `title` says, white space collapsed.
    pub(super) title: Option<String>,
    /// What a browser without scripts shows.
    pub(super) text: String,
    /// What was never closed.
    pub(super) unclosed: Vec<Unclosed>,
}

/// Reads a page, in one pass.
pub(super) fn read(page: &str) -> Visible {
    let mut reader = Reader::default();
    tokenize(page, &mut reader);
    let title = reader.title.map(Layout::finish).map(|title| title.trim_end().to_owned());
    Visible { title: title.filter(|title| !title.is_empty()), text: reader.layout.finish(), unclosed: reader.unclosed }
}

#[derive(Default)]
struct Reader {
    stack: Stack,
    layout: Layout,
    title: Option<Layout>,
    in_title: bool,
    /// Whether a line feed that comes next belongs to the tag before it.
    after_tag: bool,
    unclosed: Vec<Unclosed>,
}

impl Reader {
    /// Sets the text apart at an edge of an element; tables and cells begin otherwise.
    fn set_apart(&mut self, element: Element) {
        match element.kind {
            Kind::Break => self.layout.line_break(),
            Kind::List if self.stack.in_item() => self.layout.line(),
            Kind::Section | Kind::List | Kind::Paragraph | Kind::Preformatted | Kind::Rule => self.layout.blank(),
            Kind::RawShown | Kind::PlainText => self.layout.blank(),
            Kind::Block | Kind::Item | Kind::Term | Kind::Choice | Kind::PlainField => self.layout.line(),
            Kind::Table => self.layout.end_table(),
            Kind::Row | Kind::RowGroup => self.layout.row(),
            _ => {}
        }
    }

    fn start_title(&mut self) {
        self.in_title = self.title.is_none() && !self.stack.in_picture();
        if self.in_title {
            self.title = Some(Layout::default());
        }
    }
}

impl Sink for Reader {
    fn start(&mut self, tag: &Tag, unclosed: Option<Unclosed>) {
        self.unclosed.extend(unclosed.filter(|what| !self.unclosed.contains(what)));
        if unclosed == Some(Unclosed::Opened) {
            return self.layout.line();
        }
        if tag.element.kind == Kind::Title {
            self.start_title();
        }
        let paragraphs = self.stack.paragraphs();
        self.stack.start(tag.element, !tag.shown);
        if tag.self_closing && self.stack.in_picture() {
            return self.stack.end(tag.element);
        }
        if self.stack.is_hidden() {
            return;
        }
        if self.stack.paragraphs() < paragraphs {
            self.layout.blank();
        }
        match tag.element.kind {
            Kind::Cell => self.layout.cell(),
            Kind::Table => self.layout.table(),
            _ => self.set_apart(tag.element),
        }
        self.after_tag = matches!(tag.element.kind, Kind::Preformatted | Kind::PlainField);
    }

    fn end(&mut self, element: Element) {
        self.in_title = false;
        self.stack.end(element);
        if !self.stack.is_hidden() {
            self.set_apart(element);
        }
    }

    fn text(&mut self, text: &[u8]) {
        // The tree builder of the standard drops NUL in a page's body.
        if text == b"\0" {
            return;
        }
        let own_feed = std::mem::take(&mut self.after_tag);
        if let (true, Some(title)) = (self.in_title, self.title.as_mut()) {
            title.text(text);
        } else if self.stack.is_hidden() {
        } else if self.stack.is_preformatted() {
            self.layout.preformatted(if own_feed { text.strip_prefix(b"\n").unwrap_or(text) } else { text });
        } else {
            self.layout.text(text);
        }
    }

    fn unclosed(&mut self, what: Unclosed) {
        self.unclosed.push(what);
    }

    fn in_picture(&self) -> bool {
        self.stack.in_picture()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: &str) -> String {
        read(page).text
    }

    #[test]
    fn blocks_are_lines_and_paragraphs_have_blank_lines_between() {
        assert_eq!(
            text("<h1>T</h1><p>one\n two</p><p>three<div>four</div><div>five</div>six"),
            "T\n\none two\n\nthree\n\nfour\nfive\nsix\n"
        );
        assert_eq!(text("<p>a<br>b<br><br>c<hr>d"), "a\nb\n\nc\n\nd\n");
        assert_eq!(text("w<b>or</b>d <i> and </i> word"), "word and word\n");
    }

    #[test]
    fn every_item_and_row_is_a_line() {
        assert_eq!(text("<ul><li>a<li>b<ol><li>c</ol><li>d</ul>e"), "a\nb\nc\nd\n\ne\n");
        assert_eq!(text("<dl><dt>t<dd>d<dt>u<dd>e</dl>"), "t\nd\nu\ne\n");
        assert_eq!(text("<table><tr><th>a<th>b<tr><td>c<td></td><td>d</table>e"), "a\tb\nc\td\n\ne\n");
    }

    #[test]
    fn cells_that_lay_out_a_page_are_lines() {
        let page = "<table><tr><td>Menu<td><p>One.<p>Two.</td><td>Side</table>";
        assert_eq!(text(page), "Menu\n\nOne.\n\nTwo.\nSide\n");
        assert_eq!(text("<table><tr><td>a<td>b<br>c<td>d</table>"), "a\nb\nc\nd\n");
    }

    #[test]
    fn what_is_not_shown_is_left_out() {
        for page in [
            "a<script>x</script><style>y</style> b",
            "a<div hidden>x<div>y</div>z</div> b",
            "a<p style='color:red; Display : none !important'>x<p style=''></p> b",
            "a <!-- x --><template>y</template><noembed>z</noembed>b",
            "a<svg><title>x</title><text>y</text></svg> b",
            "a<video>no video</video><audio>no audio</audio><iframe>no frames</iframe> b",
            "a<dialog>x</dialog> b",
            "a<span hidden>x<span>y</span>z</span> b",
        ] {
            assert_eq!(text(page).split_whitespace().collect::<Vec<_>>(), ["a", "b"], "{page}");
        }
    }

    #[test]
    fn what_is_shown_without_scripts_is_kept() {
        assert_eq!(text("<noscript><p>a</p></noscript>"), "a\n");
        assert_eq!(text("<div><template shadowrootmode=open><p>a</p></template></div>"), "a\n");
        assert_eq!(text("<frameset><frame src=x></frameset><noframes><p>a</p></noframes>"), "a\n");
        assert_eq!(
            text("<dialog open>a</dialog><div hidden=until-found>b</div><body style='display:none'>c"),
            "a\n\nb\nc\n"
        );
        assert_eq!(text("<svg><foreignObject><div>a</div></foreignObject></svg>"), "a\n");
    }

    #[test]
    fn preformatted_text_keeps_its_lines() {
        assert_eq!(text("x<pre>\n  a  b\n\n\n c\n</pre>y"), "x\n\n  a  b\n\n\n c\n\ny\n");
        assert_eq!(text("<textarea>\na\nb</textarea>"), "a\nb\n");
        assert_eq!(text("<p>a</p><plaintext></body><p>b"), "a\n\n</body><p>b\n");
    }

    #[test]
    fn references_are_read_as_html_says() {
        let page = "&lt;b&gt; &#x0; &#xD800; &#x110000; &#128; &#9999999999; &notit; &amp;amp; a&nbsp;b &AMP &copy";
        assert_eq!(text(page), "<b> \u{fffd} \u{fffd} \u{fffd} € \u{fffd} ¬it; &amp; a\u{a0}b & ©\n");
    }

    #[test]
    fn the_title_is_told_apart() {
        let page = read("<head><title> A\n b &amp; c</title><body>d<svg><title>x</title></svg>");
        assert_eq!((page.title.as_deref(), page.text.as_str()), (Some("A b & c"), "d\n"));
        assert_eq!(read("<title></title>d").title, None);
    }

    #[test]
    fn a_field_that_is_never_closed_does_not_swallow_the_page() {
        for name in ["title", "textarea", "iframe", "xmp"] {
            let page = read(&format!("<{name}>a <body><p>b</p>"));
            assert_eq!(page.text.split_whitespace().collect::<Vec<_>>(), ["a", "b"], "{name}");
            assert_eq!(page.unclosed, [Unclosed::Opened], "{name}");
        }
    }

    #[test]
    fn what_stands_before_something_unclosed_is_kept() {
        for (tail, what) in [
            ("<!-- x <p>y</p>", Unclosed::Comment),
            ("<script>x='<p>y</p>'", Unclosed::Unseen),
            ("<a href=\"x>y", Unclosed::Tag),
            ("<a href=x", Unclosed::Tag),
        ] {
            let page = read(&format!("<p>a</p>{tail}"));
            assert_eq!((page.text.as_str(), page.unclosed.as_slice()), ("a\n", [what].as_slice()), "{tail}");
        }
        assert_eq!(read("<p>a</p><!-- x -->").unclosed, []);
    }

    #[test]
    fn a_tag_of_very_many_attributes_is_read() {
        let attributes = " a=\"b\"".repeat(200_000);
        assert_eq!(text(&format!("<p>a</p><p{attributes} hidden>b</p><!-- <i \" --><p{attributes}>c</p>")), "a\n\nc\n");
    }

    #[test]
    fn nul_and_broken_tags_do_no_harm() {
        assert_eq!(text("<p\0>a\0b</p\0><p>c < d & <3 <é</p>"), "ab\n\nc < d & <3 <é\n");
    }
}
