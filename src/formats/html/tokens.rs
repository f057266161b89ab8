//! A page as a stream of tags and text, in one pass and without a tree.
//!
//! The tokenizer is `html5gum`, which follows the HTML standard
//! (<https://html.spec.whatwg.org/multipage/parsing.html#tokenization>); this module adds what the standard leaves to
//! the tree builder: which elements hold raw text. Scripting counts as off, so `noscript` holds ordinary content.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::{Emitter, Error, State, Tokenizer};

use super::attributes::Attributes;
use super::closings::Closings;
use super::element::{Element, Kind};
use super::rows::broken_up;

/// Attributes of one tag beyond this number are surplus: parsers compare each with all before it.
pub(super) const MAX_ATTRIBUTES: usize = 256;

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag {
    pub(super) element: Element,
    /// What its attributes say about whether it is shown.
    pub(super) shown: bool,
    /// Whether it ends in `/>`, which means something inside pictures only.
    pub(super) self_closing: bool,
    /// Where it stands in the page.
    pub(super) span: Range<usize>,
    /// Where its surplus attributes begin.
    pub(super) surplus: Option<usize>,
}

/// Something that is opened and never closed, so that a browser takes the rest of the page for its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unclosed {
    /// An element that holds raw text which is never shown.
    Unseen,
    /// A comment.
    Comment,
    /// A tag that the page's end cuts off, or whose quotation mark is never closed.
    Tag,
    /// An element of which only the tag is left out here, so that what follows is read as markup (`title`, `textarea`).
    Opened,
}

/// What takes the tokens of a page.
pub(super) trait Sink {
    /// A start tag; [`Unclosed::Opened`] when its content is read as markup since its end tag is missing.
    fn start(&mut self, tag: &Tag, unclosed: Option<Unclosed>);
    /// An end tag.
    fn end(&mut self, element: Element);
    /// A piece of text, character references resolved. Pieces may end inside a character.
    fn text(&mut self, text: &[u8]);
    /// Something that is not an element was never closed.
    fn unclosed(&mut self, what: Unclosed);
    /// Whether a picture is open, in which the rules of XML hold.
    fn in_picture(&self) -> bool;
}

/// Gives the tokens of a page to a sink.
pub(super) fn tokenize<S: Sink>(page: &str, sink: &mut S) {
    let page = broken_up(page);
    let emitter = TokenEmitter::new(&page, sink);
    match Tokenizer::new_with_emitter(&*page, emitter).finish() {
        Ok(()) => {}
        Err(never) => match never {},
    }
}

/// The tokenizer calls this for each part of a token; it puts them together and passes them on.
struct TokenEmitter<'p, S> {
    page: &'p str,
    sink: &'p mut S,
    position: usize,
    markup_start: usize,
    name: Vec<u8>,
    last_start: Vec<u8>,
    is_end: bool,
    in_tag: bool,
    self_closing: bool,
    attributes: Attributes,
    surplus: Option<usize>,
    closings: Closings<'p>,
}

impl<'p, S: Sink> TokenEmitter<'p, S> {
    fn new(page: &'p str, sink: &'p mut S) -> Self {
        TokenEmitter {
            page,
            sink,
            position: 0,
            markup_start: 0,
            name: Vec::new(),
            last_start: Vec::new(),
            is_end: false,
            in_tag: false,
            self_closing: false,
            attributes: Attributes::default(),
            surplus: None,
            closings: Closings::new(page.as_bytes()),
        }
    }

    fn open_tag(&mut self, is_end: bool) {
        self.name.clear();
        self.is_end = is_end;
        self.in_tag = true;
        self.self_closing = false;
        self.attributes.reset();
        self.surplus = None;
    }

    /// Passes a start tag on, and says how its content is to be read.
    fn start(&mut self) -> Option<State> {
        self.last_start.clone_from(&self.name);
        let element = Element::of(&self.name);
        let tag = Tag {
            element,
            shown: self.attributes.show(element, &self.name),
            self_closing: self.self_closing,
            span: self.markup_start..self.position,
            surplus: self.surplus,
        };
        let raw = if self.sink.in_picture() { None } else { raw_text(element.kind) };
        let closed = raw.is_none() || self.closings.is_closed(&self.name, self.position);
        let unclosed = match element.kind {
            _ if closed => None,
            Kind::PlainText => None,
            Kind::Title | Kind::PlainField | Kind::RawShown => Some(Unclosed::Opened),
            _ if self.name == b"iframe" => Some(Unclosed::Opened),
            _ => Some(Unclosed::Unseen),
        };
        self.sink.start(&tag, unclosed);
        if unclosed == Some(Unclosed::Opened) { None } else { raw }
    }
}

/// The state of the tokenizer for the content of an element that holds raw text.
fn raw_text(kind: Kind) -> Option<State> {
    match kind {
        Kind::Title | Kind::PlainField => Some(State::RcData),
        Kind::Script => Some(State::ScriptData),
        Kind::RawUnseen | Kind::RawShown => Some(State::RawText),
        Kind::PlainText => Some(State::PlainText),
        _ => None,
    }
}

impl<S: Sink> Emitter for TokenEmitter<'_, S> {
    type Token = Infallible;

    fn set_last_start_tag(&mut self, last: Option<&[u8]>) {
        self.last_start.clear();
        self.last_start.extend_from_slice(last.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        if self.in_tag {
            self.sink.unclosed(Unclosed::Tag);
        }
    }

    fn emit_error(&mut self, _: Error) {}

    fn should_emit_errors(&mut self) -> bool {
        false
    }

    fn pop_token(&mut self) -> Option<Infallible> {
        None
    }

    fn emit_string(&mut self, text: &[u8]) {
        self.in_tag = false;
        self.sink.text(text);
    }

    fn init_start_tag(&mut self) {
        self.open_tag(false);
    }

    fn init_end_tag(&mut self) {
        self.open_tag(true);
    }

    fn init_comment(&mut self) {
        self.in_tag = false;
    }

    fn emit_current_tag(&mut self) -> Option<State> {
        self.in_tag = false;
        self.attributes.finish_one();
        if self.is_end {
            self.sink.end(Element::of(&self.name));
            return None;
        }
        self.start()
    }

    fn emit_current_comment(&mut self) {
        let source = self.page.as_bytes().get(self.markup_start..).unwrap_or_default();
        let at_end = self.position >= self.page.len();
        if at_end && source.starts_with(b"<!--") && !source.ends_with(b"-->") && !source.ends_with(b"--!>") {
            self.sink.unclosed(Unclosed::Comment);
        }
    }

    fn emit_current_doctype(&mut self) {}

    fn set_self_closing(&mut self) {
        self.self_closing = true;
    }

    fn set_force_quirks(&mut self) {}

    fn push_tag_name(&mut self, name: &[u8]) {
        self.name.extend_from_slice(name);
    }

    fn push_comment(&mut self, _: &[u8]) {}

    fn push_doctype_name(&mut self, _: &[u8]) {}

    fn init_doctype(&mut self) {
        self.in_tag = false;
    }

    fn init_attribute(&mut self) {
        self.attributes.finish_one();
        if self.attributes.count() == MAX_ATTRIBUTES {
            self.surplus.get_or_insert(self.position.saturating_sub(1));
        }
        self.attributes.begin();
    }

    fn push_attribute_name(&mut self, name: &[u8]) {
        self.attributes.push_name(name);
    }

    fn push_attribute_value(&mut self, value: &[u8]) {
        self.attributes.push_value(value);
    }

    fn set_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn set_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_public_identifier(&mut self, _: &[u8]) {}

    fn push_doctype_system_identifier(&mut self, _: &[u8]) {}

    fn start_open_tag(&mut self) {
        self.markup_start = self.position.saturating_sub(1);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.is_end && self.name == self.last_start
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.sink.in_picture()
    }

    #[inline]
    fn move_position(&mut self, by: isize) {
        self.position = self.position.saturating_add_signed(by);
    }
}
