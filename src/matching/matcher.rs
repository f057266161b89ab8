//! A rule set made ready to run: the hits of a line.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::compile::{Compiler, FirstChars};
use super::index::{Index, PatternId};
use super::machine::{End, Machine, Subject, is_border};
use super::program::{Program, WordList};
use super::sieve::{Pairs, Required};
use super::span::span_end;
use crate::rules::template::MAX_PREFIX;
use crate::rules::{Form, RuleSet, regexes};
use crate::text::chars::is_edge;
use crate::text::fold::{Folded, inside_edges, inside_start, loosened};
use crate::text::sentence::borders;
use crate::text::shape::{HEADLINE_WORDS, Shape};

/// Lines of more bytes than this match no whole-line pattern.
const MAX_LINE_BYTES: usize = 6000;
/// How much of a text is folded to see whether a pattern may begin there; letters beyond the Basic Multilingual Plane take
/// four bytes each.
const WINDOW_BYTES: usize = 84;
/// Longer lines are not loosened; what is disguised is a label.
const LOOSE_BYTES: usize = 96;
/// How much of a text is compared with prefixes; a little more than the longest prefix that is indexed.
const PREFIX_BYTES: usize = MAX_PREFIX + 4;
/// How much of a line's start (for ends, of its end) is searched for the literals of patterns without a prefix.
const CONTENT_BYTES: usize = 80;
/// How many marks between blanks a line may have at its edges besides those that are always dropped.
const EDGE_TOKENS: usize = 2;
/// How many bytes of the original a folded byte may stand for.
const FOLDED_BYTES: usize = 4;
/// How many blanks a headline beside a pattern may have; twice its words, for marks between them.
const HEADLINE_TOKENS: usize = 2 * HEADLINE_WORDS;
/// Lines of more bytes hold so many pairs of letters that spans are sifted by their own part of them.
const SIFTED_BYTES: usize = 700;
/// How much of a line a span's pattern may take in.
const SPAN_BYTES: usize = 400;

/// A rule's number in its set.
pub(crate) type RuleIndex = usize;

/// A rule matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Which rule.
    pub(crate) rule: RuleIndex,
    /// The bytes of the line it speaks about: the whole line, or a span's part of it.
    pub(crate) range: Range<usize>,
}

#[derive(Debug)]
pub(super) enum Machinery {
    Template(Program),
    Regex { source: String, compiled: OnceLock<Option<Regex>> },
}

#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) rule: RuleIndex,
    pub(super) form: Form,
    /// The most words it can take in.
    pub(super) words: usize,
    /// Words of which every match holds at least one; none where no such words are known.
    pub(super) required: Required,
    pub(super) machinery: Machinery,
}

/// The indices of the patterns that share a way of being looked up.
#[derive(Debug)]
pub(super) struct Indices {
    pub(super) lines: Index,
    pub(super) ends: Index,
    pub(super) spans: Index,
}

/// A rule set, compiled; immutable and shared between threads.
#[derive(Debug)]
pub(crate) struct Matcher {
    rules: RuleSet,
    patterns: Vec<Pattern>,
    remove: Indices,
    protect: Indices,
    loose: Index,
    calendar: WordList,
    /// The folded characters that a span's pattern may begin with.
    span_starts: FirstChars,
    asks_title: bool,
}

/// Buffers that a matcher fills; kept from line to line.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    machine: Machine,
    folded: Folded,
    window: Folded,
    candidates: Vec<PatternId>,
    /// The pairs of letters of the line at hand, once they have been asked for.
    pairs: Option<Pairs>,
}

/// What a line is looked at with.
#[derive(Clone, Copy)]
pub(crate) struct LineContext<'c> {
    /// The line without its terminator.
    pub(crate) raw: &'c str,
    /// The document's title, folded.
    pub(crate) title: Option<&'c str>,
}

impl Matcher {
    /// Compiles a rule set.
    pub(crate) fn new(rules: RuleSet) -> Matcher {
        let mut compiler = Compiler::new(&rules);
        for (index, rule) in rules.rules().iter().enumerate() {
            compiler.add(index, rule);
        }
        let names = [compiler.words(&[], "month"), compiler.words(&[], "weekday")].concat();
        let Compiler { patterns, remove, protect, loose, span_starts, asks_title, .. } = compiler;
        let (remove, protect, loose) = (remove.build(&names), protect.build(&names), loose.build(&names));
        let calendar = WordList::new(names);
        Matcher { patterns, remove, protect, loose, calendar, span_starts, asks_title, rules }
    }

    /// The rules it was made of.
    pub(crate) fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// Whether any verdict depends on the document's title.
    pub(crate) fn asks_title(&self) -> bool {
        self.asks_title
    }

    /// The hits of removing rules on a line, each rule at most once a place, by rule and place.
    pub(crate) fn hits(&self, line: LineContext<'_>, scratch: &mut Scratch) -> Vec<Hit> {
        let mut hits = Vec::new();
        scratch.pairs = None;
        self.line_hits(&self.remove, Some(&self.loose), line, scratch, &mut hits);
        self.span_hits(&self.remove.spans, line, scratch, &mut hits);
        sort(&mut hits);
        hits
    }

    /// The hits of protecting rules on a line.
    pub(crate) fn protections(&self, line: LineContext<'_>, scratch: &mut Scratch) -> Vec<Hit> {
        let mut hits = Vec::new();
        scratch.pairs = None;
        self.line_hits(&self.protect, None, line, scratch, &mut hits);
        self.span_hits(&self.protect.spans, line, scratch, &mut hits);
        sort(&mut hits);
        hits
    }

    /// Whether one rule hits one text as a line.
    pub(crate) fn rule_hits(&self, rule: RuleIndex, text: &str) -> bool {
        let line = LineContext { raw: text, title: None };
        let mut scratch = Scratch::default();
        let mut hits = self.hits(line, &mut scratch);
        hits.append(&mut self.protections(line, &mut scratch));
        hits.iter().any(|hit| hit.rule == rule)
    }

    fn line_hits(
        &self,
        indices: &Indices,
        loose: Option<&Index>,
        line: LineContext<'_>,
        scratch: &mut Scratch,
        hits: &mut Vec<Hit>,
    ) {
        if line.raw.is_empty() || line.raw.len() > MAX_LINE_BYTES {
            return;
        }
        scratch.candidates.clear();
        self.by_prefix(&indices.lines, line.raw, scratch);
        if indices.lines.tries_inner(line.raw) {
            by_content(&indices.lines, window(line.raw, 0, CONTENT_BYTES), scratch);
        }
        if indices.ends.tries_inner(line.raw) {
            by_content(&indices.ends, last_window(line.raw, CONTENT_BYTES), scratch);
        }
        indices.lines.by_length(line.raw, &mut scratch.candidates);
        indices.ends.by_length(line.raw, &mut scratch.candidates);
        self.sift(line.raw, &mut scratch.pairs, &mut scratch.candidates);
        let loose = loose.filter(|index| !index.is_empty() && may_loosen(line.raw));
        if scratch.candidates.is_empty() && loose.is_none() {
            return;
        }
        scratch.folded.refold(line.raw);
        let content = inside_edges(scratch.folded.text());
        self.run_on_line(line, content.clone(), scratch, hits);
        if let Some(loose) = loose {
            self.loose_hits(loose, line, content, scratch, hits);
        }
    }

    fn loose_hits(
        &self,
        index: &Index,
        line: LineContext<'_>,
        content: Range<usize>,
        scratch: &mut Scratch,
        hits: &mut Vec<Hit>,
    ) {
        let plain = &scratch.folded.text()[content];
        let text = loosened(plain).unwrap_or_else(|| plain.to_owned());
        scratch.candidates.clear();
        index.by_prefix(&text, &mut scratch.candidates);
        index.by_content(&text, &mut scratch.candidates);
        index.untold(&mut scratch.candidates);
        scratch.folded.refold(&text);
        let line = LineContext { raw: line.raw, ..line };
        let content = 0..scratch.folded.text().len();
        self.run_on_line(line, content, scratch, hits);
    }

    /// Runs the candidates over the folded line.
    fn run_on_line(&self, line: LineContext<'_>, content: Range<usize>, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        scratch.candidates.sort_unstable();
        scratch.candidates.dedup();
        let Scratch { machine, folded, candidates, .. } = scratch;
        let subject = Subject {
            text: &folded.text()[..content.end],
            folded,
            raw: line.raw,
            title: line.title,
            calendar: &self.calendar,
        };
        for &id in candidates.iter() {
            let pattern = &self.patterns[id as usize];
            if hits.last().is_some_and(|hit| hit.rule == pattern.rule) {
                continue;
            }
            if pattern.hits_line(machine, subject, content.start) {
                hits.push(Hit { rule: pattern.rule, range: 0..line.raw.len() });
            }
        }
    }

    fn span_hits(&self, index: &Index, line: LineContext<'_>, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if index.is_empty() {
            return;
        }
        let tries_inner = index.has_inner();
        borders(line.raw, |border| {
            if !self.span_starts.may_begin(&line.raw[border..]) {
                return;
            }
            scratch.candidates.clear();
            self.by_prefix(index, &line.raw[border..], scratch);
            if tries_inner {
                by_content(index, window(line.raw, border, CONTENT_BYTES), scratch);
                index.untold(&mut scratch.candidates);
            }
            if line.raw.len() <= SIFTED_BYTES {
                self.sift(line.raw, &mut scratch.pairs, &mut scratch.candidates);
            } else {
                self.sift(window(line.raw, border, SPAN_BYTES), &mut None, &mut scratch.candidates);
            }
            if !scratch.candidates.is_empty() {
                self.run_at_border(line, border, scratch, hits);
            }
        });
    }

    /// Takes away the candidates that a text is too long for, or that need a word it does not hold.
    fn sift(&self, raw: &str, pairs: &mut Option<Pairs>, candidates: &mut Vec<PatternId>) {
        // A line with doubled blanks, or with the target of a markdown link, is longer than what patterns see of it.
        if !candidates.is_empty() && !raw.contains("  ") && !raw.contains("](") && !raw.contains("][") {
            let inside = raw.trim_matches(|c: char| c == ' ' || is_edge(c));
            let blanks = memchr::memchr_iter(b' ', inside.as_bytes()).count();
            candidates.retain(|&id| self.patterns[id as usize].reaches(inside.len(), blanks));
        }
        if !candidates.is_empty() {
            let pairs = pairs.get_or_insert_with(|| Pairs::of(raw));
            candidates.retain(|&id| pairs.may_hold(&self.patterns[id as usize].required));
        }
    }

    /// Adds the patterns whose prefix the folded text begins with, folding no more of it than needed.
    fn by_prefix(&self, index: &Index, raw: &str, scratch: &mut Scratch) {
        // Two bytes are enough to turn most texts away.
        if let [first, second, ..] = raw.as_bytes()
            && first.is_ascii_alphanumeric()
            && second.is_ascii_alphabetic()
            && !index.may_begin(first.to_ascii_lowercase(), second.to_ascii_lowercase())
            && raw.as_bytes().get(2).is_none_or(u8::is_ascii)
        {
            return;
        }
        let mut start = [0; PREFIX_BYTES];
        if let Some(start) = plain_start(raw, &mut start) {
            index.by_prefix(start, &mut scratch.candidates);
            // A quotation mark may be dropped where it has no partner.
            if let Some(inner) = start.strip_prefix('"') {
                index.by_prefix(inner, &mut scratch.candidates);
            }
            return;
        }
        scratch.window.refold(window(raw, 0, WINDOW_BYTES));
        let text = scratch.window.text();
        let (outer, inner) = inside_start(text);
        index.by_prefix(&text[outer..], &mut scratch.candidates);
        if inner > outer {
            index.by_prefix(&text[inner..], &mut scratch.candidates);
        }
    }

    fn run_at_border(&self, line: LineContext<'_>, border: usize, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        let raw = window(line.raw, border, SPAN_BYTES);
        scratch.folded.refold(raw);
        scratch.candidates.sort_unstable();
        scratch.candidates.dedup();
        let Scratch { machine, folded, candidates, .. } = scratch;
        let subject = Subject { text: folded.text(), folded, raw, title: line.title, calendar: &self.calendar };
        for &id in candidates.iter() {
            let pattern = &self.patterns[id as usize];
            let until = self.rules.rules()[pattern.rule].until;
            let end = pattern.end_at(machine, subject, 0).map(|end| border + folded.origin(end));
            let range = end.and_then(|end| span_end(line.raw, border, end, until));
            hits.extend(range.map(|range| Hit { rule: pattern.rule, range }));
        }
    }
}

fn sort(hits: &mut Vec<Hit>) {
    hits.sort_by_key(|hit| (hit.rule, hit.range.start, hit.range.end));
    hits.dedup();
}

/// Adds the patterns that hold a literal which a part of a line holds, too.
fn by_content(index: &Index, raw: &str, scratch: &mut Scratch) {
    if raw.is_ascii() && !raw.contains("  ") {
        return index.by_content(raw, &mut scratch.candidates);
    }
    scratch.window.refold(raw);
    index.by_content(scratch.window.text(), &mut scratch.candidates);
}

/// At most so many of the last bytes of a line, cut at a character border.
fn last_window(line: &str, bytes: usize) -> &str {
    let mut start = line.len().saturating_sub(bytes);
    while !line.is_char_boundary(start) {
        start += 1;
    }
    &line[start..]
}

/// The folded start of a text whose first characters fold one by one: ASCII with single blanks and the usual quotation marks
/// and dashes, beginning with a letter, a figure or a quotation mark. That is nearly every line, and far cheaper than
/// folding.
fn plain_start<'b>(raw: &str, buffer: &'b mut [u8; PREFIX_BYTES]) -> Option<&'b str> {
    let bytes = raw.as_bytes();
    let (mut at, mut length, mut before) = (0, 0, b' ');
    while length < PREFIX_BYTES && at < bytes.len() {
        let folded = match bytes[at] {
            byte if byte.is_ascii_alphanumeric() => byte.to_ascii_lowercase(),
            b' ' if before != b' ' => b' ',
            b':' if before != b' ' => b':',
            byte @ (b'\'' | b',' | b'.' | b'-' | b'"' | b'(' | b')' | b'&' | b'@') => byte,
            0xe2 => folded_mark(bytes.get(at + 1..at + 3)?)?,
            _ => return None,
        };
        at += if bytes[at] == 0xe2 { 3 } else { 1 };
        buffer[length] = folded;
        length += 1;
        before = folded;
    }
    let first = *buffer[..length].first()?;
    let begins = first.is_ascii_alphanumeric() || first == b'"';
    if begins { std::str::from_utf8(&buffer[..length]).ok() } else { None }
}

/// What a quotation mark or a dash folds to, by the bytes behind its first one.
fn folded_mark(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [0x80, 0x98 | 0x99] => Some(b'\''),
        [0x80, 0x9c | 0x9d] => Some(b'"'),
        [0x80, 0x93 | 0x94] => Some(b'-'),
        _ => None,
    }
}

/// At most so many bytes of a line from a character on, cut at a character border.
fn window(line: &str, start: usize, bytes: usize) -> &str {
    let mut end = (start + bytes).min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[start..end]
}

impl Pattern {
    /// Whether a line of so many bytes and blanks is not too long for the pattern.
    fn reaches(&self, bytes: usize, blanks: usize) -> bool {
        let is_whole = matches!(self.form, Form::Line | Form::Block | Form::Tail);
        if is_whole && matches!(self.machinery, Machinery::Regex { .. }) && bytes > self.words * FOLDED_BYTES {
            return false;
        }
        let words = match self.form {
            Form::Line | Form::Block | Form::Tail => self.words,
            Form::Start | Form::End => self.words + HEADLINE_TOKENS,
            Form::Span => return true,
        };
        blanks < words + EDGE_TOKENS
    }

    /// Whether the pattern matches the folded line from `start` on, in the way its form asks for.
    fn hits_line(&self, machine: &mut Machine, subject: Subject<'_>, start: usize) -> bool {
        match self.form {
            Form::Line | Form::Block | Form::Tail => self.ends_with_text(machine, subject, start),
            Form::Start => self.end_at(machine, subject, start).is_some_and(|end| is_link_text(subject, end)),
            Form::End => word_starts(subject.text, start)
                .any(|at| self.ends_with_text(machine, subject, at) && is_link_lead(subject, start, at)),
            Form::Span => false,
        }
    }

    fn ends_with_text(&self, machine: &mut Machine, subject: Subject<'_>, start: usize) -> bool {
        match &self.machinery {
            Machinery::Template(program) => machine.run(program, subject, start, End::Text).is_some(),
            Machinery::Regex { .. } => self.regex().is_some_and(|regex| {
                regex
                    .find(&subject.text[start..])
                    .is_some_and(|found| found.start() == 0 && start + found.end() == subject.text.len())
            }),
        }
    }

    /// The end of a match that begins at `start`.
    fn end_at(&self, machine: &mut Machine, subject: Subject<'_>, start: usize) -> Option<usize> {
        match &self.machinery {
            Machinery::Template(program) => machine.run(program, subject, start, End::Border),
            Machinery::Regex { .. } => {
                let found = self.regex()?.find(&subject.text[start..])?;
                (found.start() == 0 && is_border(subject.text, start + found.end())).then_some(start + found.end())
            }
        }
    }

    /// The regular expression, compiled when it is first asked for.
    fn regex(&self) -> Option<&Regex> {
        let Machinery::Regex { source, compiled } = &self.machinery else { return None };
        compiled.get_or_init(|| regexes::compile(&anchored(source, self.form)).ok()).as_ref()
    }
}

/// A rule's regular expression with the anchors of its form.
fn anchored(source: &str, form: Form) -> String {
    match form {
        Form::Line | Form::Block | Form::Tail | Form::End => format!("^(?:{source})$"),
        Form::Start | Form::Span => format!("^(?:{source})"),
    }
}

/// Whether what follows a start looks like a headline or a link text.
fn is_link_text(subject: Subject<'_>, end: usize) -> bool {
    let from = subject.folded.origin(end).min(subject.raw.len());
    let rest =
        subject.raw[from..].trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '[' | '@' | '#'));
    Shape::of(rest).is_headline()
}

/// Whether what stands before an end is at most a headline.
fn is_link_lead(subject: Subject<'_>, start: usize, at: usize) -> bool {
    let lead = &subject.raw[subject.folded.origin(start)..subject.folded.origin(at)];
    let shape = Shape::of(lead);
    shape.is_wordless() || shape.is_headline()
}

/// The places from `start` on where a word begins.
fn word_starts(text: &str, start: usize) -> impl Iterator<Item = usize> {
    text[start..]
        .char_indices()
        .map(move |(at, _)| start + at)
        .filter(move |&at| at == start || (is_border(text, at) && !text[at..].starts_with(' ')))
}

/// Whether loosening may change a line: a short one, with letters of several scripts or set apart by blanks.
fn may_loosen(raw: &str) -> bool {
    raw.len() <= LOOSE_BYTES && (!raw.is_ascii() || raw.as_bytes().get(1) == Some(&b' '))
}
