//! What an element means for the text of a page.

/// How the text of an element is set.
///
/// After the `display` values of the HTML standard's default style sheet:
/// <https://html.spec.whatwg.org/multipage/rendering.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Runs on in its line.
    Inline,
    /// Runs on in its line, and is opened again by a parser where blocks interrupt it (`b`, `font`).
    Formatting,
    /// Has lines of its own (`div`).
    Block,
    /// Has lines of its own, with a blank line before and behind (`p`, `h2`, `section`).
    Section,
    /// `ul`, `ol` and `dl`: a section, unless it stands in an item.
    List,
    /// `p`, which any block ends.
    Paragraph,
    /// `pre` and its like: lines and spaces stay.
    Preformatted,
    /// `li`.
    Item,
    /// `dt` and `dd`.
    Term,
    /// `option` and `optgroup`.
    Choice,
    /// `table`.
    Table,
    /// `tbody`, `thead`, `tfoot`, `caption`.
    RowGroup,
    /// `tr`.
    Row,
    /// `td` and `th`.
    Cell,
    /// `br`.
    Break,
    /// `hr`.
    Rule,
    /// Never has content and shows no text (`img`, `input`).
    Void,
    /// Is never shown (`video` shows its text only where there is no video).
    Unseen,
    /// `title`.
    Title,
    /// `textarea`: its content is plain text.
    PlainField,
    /// `script`, which has a syntax of its own.
    Script,
    /// `style` and its like: raw text that is never shown.
    RawUnseen,
    /// `xmp`: raw text that is shown.
    RawShown,
    /// `plaintext`, which never ends.
    PlainText,
    /// `template`, shown only as a declarative shadow root.
    Template,
    /// `svg`, in whose content the rules of XML hold; its text belongs to a picture.
    Picture,
    /// `html`, `head` and `body`, which a page has with or without tags.
    Root,
}

/// A name of an element, with what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// A hash of the name, which tells names without a meaning of their own apart.
    key: u64,
    pub(super) kind: Kind,
}

impl Element {
    /// The element of a name in lower case.
    pub(super) fn of(name: &[u8]) -> Element {
        Element { key: hash(name), kind: kind(name) }
    }

    /// Whether a start tag of it ends an open `p`.
    pub(super) fn ends_paragraph(self) -> bool {
        use Kind::{Block, Item, List, Paragraph, PlainText, Preformatted, RawShown, Rule, Section, Table, Term};
        matches!(
            self.kind,
            Block | Section | List | Paragraph | Preformatted | Item | Term | Table | Rule | RawShown | PlainText
        )
    }

    /// Whether an end tag of something around it does not reach through it.
    pub(super) fn is_boundary(self) -> bool {
        matches!(self.kind, Kind::Table | Kind::Cell | Kind::Template)
    }

    /// Whether it is more than a part of a line.
    pub(super) fn is_block(self) -> bool {
        !matches!(self.kind, Kind::Inline | Kind::Formatting)
    }

    /// Whether its start tag shows that a picture it stands in was never closed, or that text follows in it.
    pub(super) fn leaves_picture(self) -> bool {
        self.ends_paragraph() || self.kind == Kind::Break
    }

    /// Whether it has no content.
    pub(super) fn is_void(self) -> bool {
        matches!(self.kind, Kind::Void | Kind::Break | Kind::Rule)
    }
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>.
fn hash(name: &[u8]) -> u64 {
    name.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn kind(name: &[u8]) -> Kind {
    match name {
        b"p" => Kind::Paragraph,
        b"a" | b"b" | b"i" | b"u" | b"s" | b"em" | b"tt" | b"big" | b"code" | b"font" | b"nobr" | b"small"
        | b"strike" | b"strong" => Kind::Formatting,
        b"div" | b"address" | b"center" | b"figcaption" | b"legend" | b"summary" | b"hgroup" | b"search"
        | b"noframes" => Kind::Block,
        b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"article" | b"aside" | b"blockquote" | b"details"
        | b"dialog" | b"fieldset" | b"figure" | b"footer" | b"form" | b"header" | b"main" | b"nav" | b"section" => {
            Kind::Section
        }
        b"dir" | b"dl" | b"menu" | b"ol" | b"ul" => Kind::List,
        b"pre" | b"listing" => Kind::Preformatted,
        b"li" => Kind::Item,
        b"dt" | b"dd" => Kind::Term,
        b"option" | b"optgroup" => Kind::Choice,
        b"table" => Kind::Table,
        b"tbody" | b"thead" | b"tfoot" | b"caption" => Kind::RowGroup,
        b"tr" => Kind::Row,
        b"td" | b"th" => Kind::Cell,
        b"br" => Kind::Break,
        b"hr" => Kind::Rule,
        b"area" | b"base" | b"basefont" | b"bgsound" | b"col" | b"embed" | b"frame" | b"image" | b"img" | b"input"
        | b"keygen" | b"link" | b"meta" | b"param" | b"source" | b"track" | b"wbr" => Kind::Void,
        b"audio" | b"video" | b"datalist" => Kind::Unseen,
        b"title" => Kind::Title,
        b"textarea" => Kind::PlainField,
        b"script" => Kind::Script,
        b"style" | b"iframe" | b"noembed" => Kind::RawUnseen,
        b"xmp" => Kind::RawShown,
        b"plaintext" => Kind::PlainText,
        b"template" => Kind::Template,
        b"svg" => Kind::Picture,
        b"html" | b"head" | b"body" | b"frameset" => Kind::Root,
        _ => Kind::Inline,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_meaning_are_inline_and_told_apart() {
        let (one, other) = (Element::of(b"x-one"), Element::of(b"x-other"));
        assert_eq!((one.kind, other.kind), (Kind::Inline, Kind::Inline));
        assert_ne!(one, other);
        assert_eq!(one, Element::of(b"x-one"));
    }

    #[test]
    fn blocks_end_paragraphs_and_parts_of_lines_do_not() {
        for name in ["p", "div", "ul", "li", "h2", "table", "pre", "hr"] {
            assert!(Element::of(name.as_bytes()).ends_paragraph(), "{name}");
        }
        for name in ["b", "span", "br", "img", "td", "script", "x-tag"] {
            assert!(!Element::of(name.as_bytes()).ends_paragraph(), "{name}");
        }
    }
}
