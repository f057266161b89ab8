//! A line on its way through the passes: what is known of it, and what has been cut from it.

use std::cell::OnceCell;
use std::ops::Range;

use super::memo::{key, trimmed};
use super::rulebook::CategoryIndex;
use crate::matching::{Hit, TextTraits};
use crate::text::lines::LineSpan;
use crate::text::shape::Shape;
use crate::text::words::count_words;

/// One line that has a word or a mark in it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its number in the document, from 0.
    pub(super) number: usize,
    /// Its bytes in the document.
    pub(super) span: LineSpan,
    /// What removing rules say of it: which of the document's hits.
    pub(super) hits: Range<usize>,
    /// Whether its hits have not been looked for yet, or may be others under another title.
    pub(super) unsettled: bool,
    pub(super) gone: bool,
    /// The category that it went as, or that a part of it last went as.
    pub(super) went_as: Option<CategoryIndex>,
    /// What is known of its text, once it has been asked for.
    pub(super) known: Known,
    /// What is left of it, where something was cut; otherwise the document's own bytes.
    rest: Option<Box<Rest>>,
    /// What protecting rules say of it; asked for only where something would go.
    pub(super) protections: Option<Box<[Hit]>>,
}

/// What can be told from a text by itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    pub(super) shape: OnceCell<Shape>,
    pub(super) words: OnceCell<usize>,
    pub(super) key: OnceCell<u64>,
}

/// A line of which something was cut.
#[derive(Clone, Debug)]
struct Rest {
    text: String,
    /// What was cut from it, in bytes of the document, ascending.
    cuts: Vec<Range<usize>>,
}

impl Line {
    pub(super) fn new(number: usize, span: LineSpan) -> Line {
        Line {
            number,
            span,
            hits: 0..0,
            unsettled: true,
            gone: false,
            went_as: None,
            known: Known::default(),
            rest: None,
            protections: None,
        }
    }

    /// What is left of the line.
    pub(super) fn text<'l>(&'l self, document: &'l str) -> &'l str {
        match &self.rest {
            Some(rest) => &rest.text,
            None => &document[self.span.content()],
        }
    }

    /// The shape of what is left of the line.
    pub(super) fn shape(&self, document: &str) -> &Shape {
        self.known.shape.get_or_init(|| Shape::of(self.text(document)))
    }

    /// Whether what is left holds a sentence that only body text has.
    pub(super) fn is_prose(&self, document: &str) -> bool {
        Shape::may_be_prose(self.text(document)) && self.shape(document).is_prose()
    }

    /// Whether what is left has no word.
    pub(super) fn is_wordless(&self, document: &str) -> bool {
        Shape::shows_no_word(self.text(document))
    }

    /// What is known of its text: where something was cut out, what is left of it stands nowhere in the document.
    pub(super) fn traits(&self, document: TextTraits) -> TextTraits {
        if self.rest.is_some() { TextTraits::ANY } else { document }
    }

    /// Whether it begins with a small letter: mostly in the midst of a sentence.
    pub(super) fn begins_small(&self, document: &str) -> bool {
        let text = self.text(document);
        match text.as_bytes().first() {
            Some(first) if first.is_ascii_graphic() => first.is_ascii_lowercase(),
            _ => text.trim_start().starts_with(char::is_lowercase),
        }
    }

    /// The words of what is left of the line.
    pub(super) fn words(&self, document: &str) -> usize {
        *self.known.words.get_or_init(|| count_words(self.text(document)))
    }

    /// Equal for equal lines, and (almost) only for those; white space at their edges aside.
    pub(super) fn key(&self, document: &str) -> u64 {
        *self.known.key.get_or_init(|| key(self.text(document)))
    }

    /// The bytes of the document that a part of what is left came from.
    pub(super) fn raw_range(&self, part: &Range<usize>) -> Range<usize> {
        let mut range = self.span.start + part.start..self.span.start + part.end;
        for cut in self.rest.iter().flat_map(|rest| &rest.cuts) {
            if cut.start <= range.start {
                range.start += cut.len();
            }
            if cut.start < range.end {
                range.end += cut.len();
            }
        }
        range
    }

    /// Takes parts (ascending, not overlapping) of what is left away; all that was known of it is forgotten.
    pub(super) fn cut(&mut self, parts: &[Range<usize>], document: &str) {
        let raw: Vec<_> = parts.iter().map(|part| self.raw_range(part)).collect();
        let text = self.text(document);
        let (mut rest, mut at) = (String::with_capacity(text.len()), 0);
        for part in parts {
            rest.push_str(&text[at..part.start]);
            at = part.end;
        }
        rest.push_str(&text[at..]);
        let mut cuts = self.rest.take().map(|rest| rest.cuts).unwrap_or_default();
        add_cuts(&mut cuts, raw);
        self.gone = trimmed(&rest).is_empty();
        self.rest = Some(Box::new(Rest { text: rest, cuts }));
        self.known = Known::default();
        self.protections = None;
    }
}

/// Adds ranges to ascending ranges, merging those that touch.
fn add_cuts(cuts: &mut Vec<Range<usize>>, more: Vec<Range<usize>>) {
    cuts.extend(more);
    cuts.sort_by_key(|cut| cut.start);
    cuts.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
}
