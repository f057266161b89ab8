//! The elements that are open at a point of a page, kept without a tree.
//!
//! An approximation of the standard's stack of open elements: end tags that authors leave out are supplied (`</p>`,
//! `</li>`, `</td>`), wrong ones are passed over, and formatting that closes out of order leaves the rest open. At its
//! full depth nothing more is put on it.

use super::element::{Element, Kind};

/// Elements deeper than this are flattened, as browsers do: `kMaximumHTMLParserDOMTreeDepth` of Blink and WebKit.
pub(super) const MAX_DEPTH: usize = 512;

#[derive(Clone, Copy, Debug)]
struct Open {
    element: Element,
    hidden: bool,
}

/// The open elements, outermost first.
#[derive(Debug, Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    hidden: usize,
    pictures: usize,
    paragraphs: usize,
    items: usize,
    preformatted: usize,
}

impl Stack {
    /// Opens an element, and closes those that it ends. Whether there was room for it.
    pub(super) fn start(&mut self, element: Element, hidden: bool) -> bool {
        if self.in_picture() && element.leaves_picture() {
            self.close_through(|open| open.kind == Kind::Picture, |_| false);
        }
        self.close_implied(element);
        if element.is_void() || element.kind == Kind::Root {
            return true;
        }
        if self.open.len() >= MAX_DEPTH {
            return false;
        }
        self.push(Open { element, hidden });
        true
    }

    /// Closes an element, if it is open.
    pub(super) fn end(&mut self, element: Element) {
        match element.kind {
            Kind::Inline => self.close_through(|open| open == element, Element::is_block),
            Kind::Formatting => self.close_alone(element),
            Kind::Cell | Kind::Row | Kind::RowGroup => {
                self.close_through(|open| open == element, |open| open.kind == Kind::Table)
            }
            Kind::Table | Kind::Template => self.close_through(|open| open == element, |_| false),
            _ => self.close_through(|open| open == element, Element::is_boundary),
        }
    }

    /// The number of elements that are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Whether what comes now is inside something that is not shown.
    pub(super) fn is_hidden(&self) -> bool {
        self.hidden > 0
    }

    /// Whether a picture is open.
    pub(super) fn in_picture(&self) -> bool {
        self.pictures > 0
    }

    /// Whether an item of a list is open.
    pub(super) fn in_item(&self) -> bool {
        self.items > 0
    }

    /// The number of paragraphs that are open.
    pub(super) fn paragraphs(&self) -> usize {
        self.paragraphs
    }

    /// Whether lines and spaces stay as they are.
    pub(super) fn is_preformatted(&self) -> bool {
        self.preformatted > 0
    }

    fn close_implied(&mut self, element: Element) {
        let within = |stop: Kind| move |open: Element| open.kind == stop || open.is_boundary();
        match element.kind {
            Kind::Item => self.close_through(|open| open.kind == Kind::Item, within(Kind::List)),
            Kind::Term => self.close_through(|open| open.kind == Kind::Term, within(Kind::List)),
            Kind::Cell => self.close_through(|open| open.kind == Kind::Cell, |open| open.kind == Kind::Table),
            Kind::Row => self.close_through(|open| open.kind == Kind::Row, |open| open.kind == Kind::Table),
            Kind::RowGroup => self.close_through(|open| open.kind == Kind::RowGroup, |open| open.kind == Kind::Table),
            Kind::Choice => self.close_through(|open| open.kind == Kind::Choice, |open| open.kind != Kind::Choice),
            _ => {}
        }
        if self.paragraphs > 0 && element.ends_paragraph() {
            self.close_through(|open| open.kind == Kind::Paragraph, Element::is_boundary);
        }
    }

    /// Closes the innermost element that is meant and all in it, unless something that stops the search comes first.
    fn close_through(&mut self, meant: impl Fn(Element) -> bool, stops: impl Fn(Element) -> bool) {
        let mut depth = self.open.len();
        for open in self.open.iter().rev() {
            depth -= 1;
            if meant(open.element) {
                self.truncate(depth);
                return;
            }
            if stops(open.element) {
                return;
            }
        }
    }

    /// Closes a formatting element and leaves what is open in it.
    fn close_alone(&mut self, element: Element) {
        let found = self.open.iter().rposition(|open| open.element == element || open.element.is_boundary());
        if let Some(at) = found
            && self.open.get(at).is_some_and(|open| open.element == element)
        {
            let open = self.open.remove(at);
            self.count(open, |counter| counter.saturating_sub(1));
        }
    }

    fn truncate(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(open) = self.open.pop()
        {
            self.count(open, |counter| counter.saturating_sub(1));
        }
    }

    fn push(&mut self, open: Open) {
        self.open.push(open);
        self.count(open, |counter| counter + 1);
    }

    fn count(&mut self, open: Open, change: impl Fn(usize) -> usize) {
        if open.hidden {
            self.hidden = change(self.hidden);
        }
        let counter = match open.element.kind {
            Kind::Picture => &mut self.pictures,
            Kind::Paragraph => &mut self.paragraphs,
            Kind::Item | Kind::Term => &mut self.items,
            Kind::Preformatted | Kind::PlainField | Kind::RawShown | Kind::PlainText => &mut self.preformatted,
            _ => return,
        };
        *counter = change(*counter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opens and closes elements; `-name` is a hidden one.
    fn stack(tags: &str) -> Stack {
        let mut stack = Stack::default();
        for tag in tags.split_whitespace() {
            match (tag.strip_prefix('/'), tag.strip_prefix('-')) {
                (Some(name), _) => stack.end(Element::of(name.as_bytes())),
                (None, Some(name)) => drop(stack.start(Element::of(name.as_bytes()), true)),
                (None, None) => drop(stack.start(Element::of(tag.as_bytes()), false)),
            }
        }
        stack
    }

    #[test]
    fn end_tags_that_are_left_out_are_supplied() {
        for tags in ["-p p", "-p div", "ul -li li", "dl -dt dd", "table tr -td td", "table -tr tr", "-option option"] {
            assert!(!stack(tags).is_hidden(), "{tags}");
        }
        for tags in ["-p b", "-li ul li", "-td table td", "-div p", "-b table tr td /b"] {
            assert!(stack(tags).is_hidden(), "{tags}");
        }
    }

    #[test]
    fn wrong_end_tags_are_passed_over() {
        assert!(stack("-div /span /p /td").is_hidden());
        assert!(stack("-div table tr td /div").is_hidden());
        assert!(stack("-span div /span").is_hidden());
        assert!(!stack("-b p /b").is_hidden());
        assert!(!stack("-div b i /div").is_hidden());
    }

    #[test]
    fn a_block_leaves_a_picture_that_was_never_closed() {
        assert!(stack("div svg g").in_picture());
        assert!(!stack("div svg g p").in_picture());
        assert!(!stack("div svg g /div").in_picture());
    }

    #[test]
    fn nothing_is_put_on_a_full_stack() {
        let mut stack = Stack::default();
        for _ in 0..MAX_DEPTH {
            assert!(stack.start(Element::of(b"div"), false));
        }
        assert!(!stack.start(Element::of(b"div"), true));
        assert!(!stack.is_hidden());
    }
}
