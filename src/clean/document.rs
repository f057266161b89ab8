//! A document on its way through the passes: its lines, and what rules say of each.

use std::ops::Range;
use std::rc::Rc;

use super::doubles;
use super::language::sample;
use super::line::Line;
use super::links;
use super::pool::Buffers;
use super::settings::LazyLanguage;
use crate::matching::{Hit, LineContext, Matcher, TextTraits};
use crate::text::fold::{Folded, inside_edges};
use crate::text::lines::LineSpan;
use crate::text::shape::Shape;
use crate::text::survey::Survey;

/// How many of the first lines may be the title.
const TITLE_LINES: usize = 6;

/// So many lines that begin with a small letter, and one in so many of all, show prose broken at a width.
const WRAPPED_LINES: usize = 3;
const WRAPPED_SHARE: usize = 12;

/// A title, folded.
#[derive(Clone, Debug)]
pub(super) struct FoldedTitle {
    pub(super) text: Rc<str>,
    /// The line that it was read from, as an index into the document's.
    pub(super) line: Option<usize>,
}

/// How a document was before anything was taken from it, as far as it is another now.
#[derive(Default)]
struct Before {
    /// Lines as they were before their hits changed, with their indices, the latest last.
    lines: Vec<(usize, Line)>,
    /// How many hits there were.
    hits: usize,
    title: Option<FoldedTitle>,
    lang: LazyLanguage,
}

/// A document as the passes see it.
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    /// The lines that are not blank.
    pub(super) lines: Vec<Line>,
    /// The hits of the lines, one line's behind another's.
    hits: Vec<Hit>,
    /// Its title.
    pub(super) title: Option<FoldedTitle>,
    /// The title that the caller knows, for where none shows in the text.
    known_title: Option<FoldedTitle>,
    /// Words of the whole document.
    pub(super) words: usize,
    /// What lines need not be asked for one by one.
    traits: TextTraits,
    /// Whether it may hold links in Markdown.
    pub(super) may_hold_links: bool,
    /// Whether it lists the targets of such links.
    pub(super) lists_targets: bool,
    /// Its language, told when it is first asked for.
    pub(super) lang: LazyLanguage,
    /// How it was at first.
    before: Before,
}

impl<'t> Document<'t> {
    pub(super) fn new(
        text: &'t str,
        spans: &[LineSpan],
        known_title: Option<&str>,
        matcher: &Matcher,
        buffers: &mut Buffers,
    ) -> Document<'t> {
        let survey = Survey::of(text);
        let may_hold_links = links::may_hold_links(text);
        let known_title = known_title.filter(|title| is_title(&Shape::of(title)));
        let mut document = Document {
            text,
            lines: Vec::with_capacity(spans.len()),
            hits: Vec::with_capacity(spans.len()),
            title: None,
            known_title: known_title.map(|title| FoldedTitle { text: folded_line(title).into(), line: None }),
            words: survey.words,
            traits: matcher.traits(text, &survey),
            may_hold_links,
            lists_targets: may_hold_links && links::lists_targets(text),
            lang: LazyLanguage::default(),
            before: Before::default(),
        };
        let lines = spans.iter().enumerate().filter(|(_, span)| !is_blank(&text[span.content()]));
        document.lines.extend(lines.map(|(number, span)| Line::new(number, span.clone())));
        document.match_lines(matcher, buffers);
        document.before.hits = document.hits.len();
        document.before.title.clone_from(&document.title);
        document.before.lang = document.lang.clone();
        document
    }

    /// Puts everything back that was taken away. What is known of whole lines stays known, so that another try costs little.
    pub(super) fn restore(&mut self) {
        while let Some((index, line)) = self.before.lines.pop() {
            self.lines[index] = line;
        }
        for line in &mut self.lines {
            (line.gone, line.went_as, line.protections) = (false, None, None);
        }
        self.hits.truncate(self.before.hits);
        self.title.clone_from(&self.before.title);
        self.lang = self.before.lang.clone();
    }

    /// What removing rules say of a line.
    pub(super) fn hits(&self, line: &Line) -> &[Hit] {
        &self.hits[line.hits.clone()]
    }

    /// Matches every line whose hits are not settled; the title is what the caller knows, or the
    /// first headline-like line that no rule hits; later lines may quote it.
    fn match_lines(&mut self, matcher: &Matcher, buffers: &mut Buffers) {
        let before = self.title.take();
        self.title.clone_from(&self.known_title);
        let mut seen = 0;
        for (index, line) in self.lines.iter_mut().enumerate() {
            if line.gone {
                continue;
            }
            if line.unsettled {
                let title = self.title.as_ref().map(|title| &*title.text);
                buffers.read(matcher, line, self.text, title, self.traits, &mut self.hits);
            }
            line.protections = None;
            seen += 1;
            if self.title.is_none() && seen <= TITLE_LINES && line.hits.is_empty() {
                self.title = title_of(index, line, self.text, before.as_ref());
            }
        }
    }

    /// Takes parts (ascending, not overlapping) of what is left of a line away, and looks at the rest anew.
    pub(super) fn cut(&mut self, index: usize, parts: &[Range<usize>], matcher: &Matcher, buffers: &mut Buffers) {
        let line = &mut self.lines[index];
        self.before.lines.push((index, line.clone()));
        line.cut(parts, self.text);
        if let Some(title) = self.title.as_mut().filter(|title| title.line == Some(index)) {
            title.line = None;
        }
        if !line.gone {
            let title = self.title.as_ref().map(|title| &*title.text);
            buffers.read(matcher, line, self.text, title, TextTraits::ANY, &mut self.hits);
        }
    }

    /// Whether no rule hit any line, and none prints the title once more.
    pub(super) fn has_nothing_to_judge(&self) -> bool {
        !self.may_hold_links && self.hits.is_empty() && doubles::of_title(self).is_empty()
    }

    /// Whether any line that is left was hit by a rule.
    pub(super) fn has_hits(&self) -> bool {
        self.lines.iter().any(|line| !line.gone && !line.hits.is_empty())
    }

    /// Whether its lines are prose broken at a width, where the shape of a line tells little.
    pub(super) fn is_wrapped(&self) -> bool {
        let alive = || self.lines.iter().filter(|line| !line.gone);
        let small = alive().filter(|line| line.hits.is_empty() && line.begins_small(self.text)).count();
        small >= WRAPPED_LINES && small * WRAPPED_SHARE >= alive().count()
    }

    /// A sample of what is left, for telling its language.
    pub(super) fn sample(&self) -> String {
        let alive = || self.lines.iter().filter(|line| !line.gone);
        sample(alive().count(), alive().map(|line| line.text(self.text)))
    }

    /// Looks for the title again, now that lines have gone, and for hits that quote it; forgets the language.
    pub(super) fn refresh(&mut self, matcher: &Matcher, buffers: &mut Buffers) {
        self.lang = LazyLanguage::default();
        if matcher.asks_title() {
            let unsettled = self.lines.iter().enumerate().filter(|(_, line)| !line.gone && line.unsettled);
            self.before.lines.extend(unsettled.map(|(index, line)| (index, line.clone())));
            self.match_lines(matcher, buffers);
            return;
        }
        let before = self.title.take();
        let head = self.lines.iter().enumerate().filter(|(_, line)| !line.gone).take(TITLE_LINES);
        let mut unhit = head.filter(|(_, line)| line.hits.is_empty());
        let found = unhit.find_map(|(index, line)| title_of(index, line, self.text, before.as_ref()));
        self.title = self.known_title.clone().or(found);
    }

    /// What protecting rules say of a line.
    pub(super) fn protections(&mut self, index: usize, matcher: &Matcher, buffers: &mut Buffers) -> &[Hit] {
        if !matcher.protects() {
            return &[];
        }
        let line = &self.lines[index];
        if line.protections.is_none() {
            let title = self.title.as_ref().map(|title| &*title.text);
            let context = LineContext { raw: line.text(self.text), title, traits: line.traits(self.traits) };
            self.lines[index].protections = Some(buffers.protections(matcher, context));
        }
        self.lines[index].protections.as_deref().unwrap_or_default()
    }
}

/// The title that a line is, if it could be one; `before` is the one that was found last.
fn title_of(index: usize, line: &Line, document: &str, before: Option<&FoldedTitle>) -> Option<FoldedTitle> {
    let raw = line.text(document);
    if !Shape::may_be_headline(raw) || !is_title(line.shape(document)) {
        return None;
    }
    match before.filter(|title| title.line == Some(index)) {
        Some(title) => Some(title.clone()),
        None => Some(FoldedTitle { text: folded_line(raw).into(), line: Some(index) }),
    }
}

fn is_blank(line: &str) -> bool {
    !line.as_bytes().first().is_some_and(u8::is_ascii_graphic) && line.trim().is_empty()
}

/// The folded line without its edges.
pub(super) fn folded_line(raw: &str) -> String {
    let folded = Folded::new(raw);
    folded.text()[inside_edges(folded.text())].to_owned()
}

/// Whether a line could be the title.
fn is_title(shape: &Shape) -> bool {
    shape.is_headline() && shape.length >= 2
}
