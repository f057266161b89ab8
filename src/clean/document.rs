//! A document on its way through the passes: its lines, and what has been cut from each.

use std::cell::OnceCell;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::language::sample;
use super::links;
use super::pool::Buffers;
use super::settings::LazyLanguage;
use crate::matching::{Hit, LineContext, Matcher, TextTraits};
use crate::text::fold::{Folded, inside_edges};
use crate::text::lines::{LineSpan, lines};
use crate::text::shape::Shape;
use crate::text::survey::Survey;
use crate::text::words::count_words;

/// How many of the first lines may be the title.
const TITLE_LINES: usize = 6;
/// How many more or fewer bytes a double of the title may have, for the name of the site and marks at its edges.
const SITE_BYTES: usize = 60;
/// How many lines below a title with a site's name its double without one may stand.
const TITLE_REACH: usize = 3;
/// The most words of a site's name, and the fewest of a title that it stands behind.
const SITE_WORDS: usize = 5;
const SITED_WORDS: usize = 4;

/// So many lines that begin with a small letter, and one in so many of all, show prose broken at a width.
const WRAPPED_LINES: usize = 3;
const WRAPPED_SHARE: usize = 12;

/// One line that has a word or a mark in it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its number in the document, from 0.
    pub(super) number: usize,
    /// Its bytes in the document.
    pub(super) span: LineSpan,
    /// What is left of it, where spans were cut; otherwise the document's own bytes.
    rest: Option<String>,
    /// What was cut from it, in bytes of the document, ascending.
    pub(super) cuts: Vec<Range<usize>>,
    /// What is known of its text, once it has been asked for.
    shape: OnceCell<Shape>,
    words: OnceCell<usize>,
    key: OnceCell<u64>,
    /// What removing rules say of it.
    pub(super) hits: Vec<Hit>,
    /// Whether its hits have not been looked for yet, or may be others under another title.
    unsettled: bool,
    /// What protecting rules say of it; asked for only where something would go.
    pub(super) protections: Option<Vec<Hit>>,
    pub(super) gone: bool,
    /// The category that it went as, or that a part of it last went as.
    pub(super) went_as: Option<Arc<str>>,
}

impl Line {
    /// What is left of the line.
    pub(super) fn text<'l>(&'l self, document: &'l str) -> &'l str {
        self.rest.as_deref().unwrap_or(&document[self.span.content()])
    }

    /// The shape of what is left of the line.
    pub(super) fn shape(&self, document: &str) -> &Shape {
        self.shape.get_or_init(|| Shape::of(self.text(document)))
    }

    /// What is known of its text: where something was cut out, what is left of it stands nowhere in the document.
    fn traits(&self, document: TextTraits) -> TextTraits {
        if self.rest.is_some() { TextTraits::ANY } else { document }
    }

    /// Whether it begins with a small letter: mostly in the midst of a sentence.
    pub(super) fn begins_small(&self, document: &str) -> bool {
        self.text(document).trim_start().starts_with(char::is_lowercase)
    }

    /// The words of what is left of the line.
    pub(super) fn words(&self, document: &str) -> usize {
        *self.words.get_or_init(|| count_words(self.text(document)))
    }

    /// Equal for equal lines, and (almost) only for those; white space at their edges aside.
    pub(super) fn key(&self, document: &str) -> u64 {
        *self.key.get_or_init(|| {
            let mut hasher = FixedState::default().build_hasher();
            hasher.write(self.text(document).trim().as_bytes());
            hasher.finish()
        })
    }

    /// The bytes of the document that a part of what is left came from.
    pub(super) fn raw_range(&self, part: &Range<usize>) -> Range<usize> {
        let mut range = self.span.start + part.start..self.span.start + part.end;
        for cut in &self.cuts {
            if cut.start <= range.start {
                range.start += cut.len();
            }
            if cut.start < range.end {
                range.end += cut.len();
            }
        }
        range
    }
}

/// A document as the passes see it.
#[derive(Clone)]
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) spans: Vec<LineSpan>,
    /// The lines that are not blank.
    pub(super) lines: Vec<Line>,
    /// Its title, folded.
    pub(super) title: Option<String>,
    /// The title that the caller knows, folded, for where none shows in the text.
    known_title: Option<String>,
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
}

impl<'t> Document<'t> {
    pub(super) fn new(
        text: &'t str,
        known_title: Option<&str>,
        matcher: &Matcher,
        buffers: &mut Buffers,
    ) -> Document<'t> {
        let spans = lines(text);
        let survey = Survey::of(text);
        let mut document = Document {
            text,
            spans,
            lines: Vec::new(),
            title: None,
            known_title: known_title.filter(|title| is_title(&Shape::of(title))).map(folded_line),
            words: survey.words,
            traits: matcher.traits(text, &survey),
            may_hold_links: links::may_hold_links(text),
            lists_targets: false,
            lang: LazyLanguage::new(),
        };
        for (number, span) in document.spans.iter().enumerate() {
            let content = &text[span.content()];
            if content.trim().is_empty() {
                continue;
            }
            document.lines.push(Line {
                number,
                span: span.clone(),
                rest: None,
                cuts: Vec::new(),
                shape: OnceCell::new(),
                words: OnceCell::new(),
                key: OnceCell::new(),
                hits: Vec::new(),
                unsettled: true,
                protections: None,
                gone: false,
                went_as: None,
            });
        }
        document.lists_targets = document.may_hold_links && links::lists_targets(text);
        document.match_lines(matcher, buffers);
        document
    }

    /// Matches every line whose hits are not settled; the title is what the caller knows, or the
    /// first headline-like line that no rule hits; later lines may quote it.
    fn match_lines(&mut self, matcher: &Matcher, buffers: &mut Buffers) {
        self.title.clone_from(&self.known_title);
        let mut seen = 0;
        for line in self.lines.iter_mut().filter(|line| !line.gone) {
            let raw = line.rest.as_deref().unwrap_or(&self.text[line.span.content()]);
            if line.unsettled {
                let context = LineContext { raw, title: self.title.as_deref(), traits: line.traits(self.traits) };
                (line.hits, line.unsettled) = buffers.hits(matcher, context);
            }
            line.protections = None;
            seen += 1;
            if self.title.is_none()
                && seen <= TITLE_LINES
                && line.hits.is_empty()
                && Shape::may_be_headline(raw)
                && is_title(line.shape.get_or_init(|| Shape::of(raw)))
            {
                self.title = Some(folded_line(raw));
            }
        }
    }

    /// Takes parts (ascending, not overlapping) of what is left of a line away, and looks at the rest anew.
    pub(super) fn cut(&mut self, index: usize, parts: &[Range<usize>], matcher: &Matcher, buffers: &mut Buffers) {
        let line = &mut self.lines[index];
        let raw: Vec<_> = parts.iter().map(|part| line.raw_range(part)).collect();
        let text = line.text(self.text);
        let (mut rest, mut at) = (String::with_capacity(text.len()), 0);
        for part in parts {
            rest.push_str(&text[at..part.start]);
            at = part.end;
        }
        rest.push_str(&text[at..]);
        add_cuts(&mut line.cuts, raw);
        if rest.trim().is_empty() {
            line.gone = true;
            return;
        }
        (line.shape, line.words, line.key) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let context = LineContext { raw: &rest, title: self.title.as_deref(), traits: TextTraits::ANY };
        (line.hits, line.unsettled) = buffers.hits(matcher, context);
        line.protections = None;
        line.rest = Some(rest);
    }

    /// Whether no rule hit any line, and none prints the title once more.
    pub(super) fn has_nothing_to_judge(&self) -> bool {
        !self.may_hold_links && !self.has_hits() && self.doubles_of_title().is_empty()
    }

    /// Whether any line that is left was hit by a rule.
    pub(super) fn has_hits(&self) -> bool {
        self.lines.iter().any(|line| !line.gone && !line.hits.is_empty())
    }

    /// The lines that print the title once more, whatever their capitals, as indices: those behind it, and where only one of two
    /// has the site's name behind it ("… | The Valley Courier"), that one.
    pub(super) fn doubles_of_title(&self) -> Vec<usize> {
        let Some(title) = &self.title else { return Vec::new() };
        let mut first = None;
        let mut doubles = Vec::new();
        let alive = self.lines.iter().enumerate().filter(|(_, line)| !line.gone);
        for (place, (index, line)) in alive.enumerate() {
            let text = line.text(self.text);
            match first {
                None if folded_line(text) == *title => first = Some((place, index, text.len())),
                None => {}
                Some((at, first, bytes)) if text.len().abs_diff(bytes) <= SITE_BYTES => match double_of(title, text) {
                    Some(Double::Line) => doubles.push(index),
                    // Farther off it may be a subheading that the title begins with.
                    Some(Double::Title) if place <= at + TITLE_REACH => doubles.push(first),
                    Some(Double::Title) | None => {}
                },
                Some(_) => {}
            }
        }
        doubles.dedup();
        doubles
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
        self.lang = LazyLanguage::new();
        if matcher.asks_title() {
            self.match_lines(matcher, buffers);
            return;
        }
        let head = self.lines.iter().filter(|line| !line.gone).take(TITLE_LINES);
        let title = head.into_iter().find(|line| {
            line.hits.is_empty() && Shape::may_be_headline(line.text(self.text)) && is_title(line.shape(self.text))
        });
        let found = title.map(|line| folded_line(line.text(self.text)));
        self.title = self.known_title.clone().or(found);
    }

    /// What protecting rules say of a line.
    pub(super) fn protections(&mut self, index: usize, matcher: &Matcher, buffers: &mut Buffers) -> &[Hit] {
        let title = self.title.take();
        let line = &self.lines[index];
        if line.protections.is_none() {
            let traits = line.traits(self.traits);
            let context = LineContext { raw: line.text(self.text), title: title.as_deref(), traits };
            let found = buffers.protections(matcher, context);
            self.lines[index].protections = Some(found);
        }
        self.title = title;
        self.lines[index].protections.as_deref().unwrap_or_default()
    }
}

/// The folded line without its edges.
pub(super) fn folded_line(raw: &str) -> String {
    let folded = Folded::new(raw);
    folded.text()[inside_edges(folded.text())].to_owned()
}

/// Which of a title and its double is one too many.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Double {
    Line,
    Title,
}

/// Whether a line prints a folded title once more, with or without the name of a site behind one of them.
fn double_of(title: &str, line: &str) -> Option<Double> {
    // Most lines are told apart by what they begin with.
    let begin = |text: &str| text.chars().find_map(|c| c.is_alphanumeric().then(|| c.to_lowercase().next())).flatten();
    if begin(title) != begin(line) {
        return None;
    }
    let line = folded_line(line);
    if line == *title || without_site(&line) == Some(title) {
        return Some(Double::Line);
    }
    (without_site(title) == Some(&*line)).then_some(Double::Title)
}

/// What stands before the name of a site at the end of a folded title.
fn without_site(title: &str) -> Option<&str> {
    let (at, mark) =
        [" - ", " | ", " :: ", " · ", " » ", " • "].iter().filter_map(|mark| Some((title.rfind(mark)?, mark))).max()?;
    let (before, site) = (title[..at].trim_end(), &title[at + mark.len()..]);
    let fits = count_words(before) >= SITED_WORDS && (1..=SITE_WORDS).contains(&count_words(site));
    fits.then_some(before)
}

/// Whether a line could be the title.
fn is_title(shape: &Shape) -> bool {
    shape.is_headline() && shape.length >= 2
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
