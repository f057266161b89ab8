//! A rule set made ready to run: the hits of a line.

use std::ops::Range;

use super::compile::tables;
use super::index::{Index, PatternId};
use super::machine::{Machine, Subject};
use super::machines::Machines;
use super::sieve::Pairs;
use super::span::span_end;
use super::tables::{Facts, Indices, Tables};
use crate::rules::RuleSet;
use crate::rules::template::MAX_PREFIX;
use crate::text::chars::is_edge;
use crate::text::fold::{Folded, inside_edges, inside_start, loosened};
use crate::text::sentence::borders;

/// Lines of more bytes than this match no whole-line pattern.
const MAX_LINE_BYTES: usize = 6000;
/// How much of a text is folded to see whether a pattern may begin there; letters beyond the Basic Multilingual Plane take
/// four bytes each.
const WINDOW_BYTES: usize = 84;
/// How much of it is folded to see where a figure or a date ends that it begins with.
const OPENING_BYTES: usize = 400;
/// Longer lines are not loosened; what is disguised is a label.
const LOOSE_BYTES: usize = 96;
/// How much of a text is compared with prefixes; a little more than the longest prefix that is indexed.
const PREFIX_BYTES: usize = MAX_PREFIX + 4;
/// How much of a line's start (for ends, of its end) is searched for the literals of patterns without a prefix.
const CONTENT_BYTES: usize = 80;
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

/// A rule set, compiled; immutable and shared between threads.
#[derive(Debug)]
pub(crate) struct Matcher {
    tables: Tables,
    machines: Machines,
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

impl Scratch {
    /// Whether the hits found last may be others under another title.
    pub(crate) fn asked_title(&self) -> bool {
        self.machine.asked_title
    }
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
    /// Gets a rule set ready.
    pub(crate) fn new(rules: RuleSet) -> Matcher {
        let tables = tables(&rules);
        Matcher { machines: Machines::new(rules), tables }
    }

    /// The rules it was made of.
    pub(crate) fn rules(&self) -> &RuleSet {
        self.machines.rules()
    }

    /// Whether any verdict depends on the document's title.
    pub(crate) fn asks_title(&self) -> bool {
        self.tables.asks_title
    }

    fn facts(&self, id: PatternId) -> &Facts {
        &self.tables.patterns[id as usize]
    }

    /// The hits of removing rules on a line, each rule at most once a place, by rule and place.
    pub(crate) fn hits(&self, line: LineContext<'_>, scratch: &mut Scratch) -> Vec<Hit> {
        let mut hits = Vec::new();
        scratch.pairs = None;
        scratch.machine.asked_title = false;
        self.line_hits(&self.tables.remove, Some(&self.tables.loose), line, scratch, &mut hits);
        self.span_hits(&self.tables.remove.spans, line, scratch, &mut hits);
        sort(&mut hits);
        hits
    }

    /// The hits of protecting rules on a line.
    pub(crate) fn protections(&self, line: LineContext<'_>, scratch: &mut Scratch) -> Vec<Hit> {
        if self.tables.protect.is_empty() {
            return Vec::new();
        }
        let mut hits = Vec::new();
        scratch.pairs = None;
        self.line_hits(&self.tables.protect, None, line, scratch, &mut hits);
        self.span_hits(&self.tables.protect.spans, line, scratch, &mut hits);
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
        if index.by_prefix(&text, &mut scratch.candidates) {
            index.by_opening(&text, true, self.machines.calendar().names(), &mut scratch.candidates);
        }
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
        if scratch.candidates.is_empty() {
            return;
        }
        let Scratch { machine, folded, candidates, .. } = scratch;
        let subject = Subject {
            text: &folded.text()[..content.end],
            folded,
            raw: line.raw,
            title: line.title,
            calendar: self.machines.calendar(),
        };
        for &id in candidates.iter() {
            let facts = self.facts(id);
            if hits.last().is_some_and(|hit| hit.rule == facts.rule()) {
                continue;
            }
            if self.machines.of(facts).hits_line(facts.form, machine, subject, content.start) {
                hits.push(Hit { rule: facts.rule(), range: 0..line.raw.len() });
            }
        }
    }

    fn span_hits(&self, index: &Index, line: LineContext<'_>, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if index.is_empty() {
            return;
        }
        let tries_inner = index.has_inner();
        borders(line.raw, |border| {
            if !self.tables.span_starts.may_begin(&line.raw[border..]) {
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
            candidates.retain(|&id| self.facts(id).reaches(inside.len(), blanks));
        }
        if !candidates.is_empty() {
            let pairs = pairs.get_or_insert_with(|| Pairs::of(raw));
            let may_hit = |facts: &Facts| {
                !(facts.foreign && pairs.is_ascii())
                    && !(facts.figure && !pairs.has_figures())
                    && pairs.may_hold(self.tables.required(facts))
            };
            candidates.retain(|&id| may_hit(self.facts(id)));
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
        let opens = if let Some(start) = plain_start(raw, &mut start) {
            let opens = index.by_prefix(start, &mut scratch.candidates);
            // A quotation mark may be dropped where it has no partner.
            let inner = start.strip_prefix('"');
            inner.is_some_and(|inner| index.by_prefix(inner, &mut scratch.candidates)) || opens
        } else {
            scratch.window.refold(window(raw, 0, WINDOW_BYTES));
            let text = scratch.window.text();
            let (outer, inner) = inside_start(text);
            let opens = index.by_prefix(&text[outer..], &mut scratch.candidates);
            (inner > outer && index.by_prefix(&text[inner..], &mut scratch.candidates)) || opens
        };
        if opens {
            self.by_opening(index, raw, scratch);
        }
    }

    /// Adds the patterns that begin with a figure or a date as the text does.
    fn by_opening(&self, index: &Index, raw: &str, scratch: &mut Scratch) {
        scratch.window.refold(window(raw, 0, OPENING_BYTES));
        let text = scratch.window.text();
        let (_, inner) = inside_start(text);
        let calendar = self.machines.calendar().names();
        index.by_opening(&text[inner..], raw.len() <= OPENING_BYTES, calendar, &mut scratch.candidates);
    }

    fn run_at_border(&self, line: LineContext<'_>, border: usize, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        let raw = window(line.raw, border, SPAN_BYTES);
        scratch.folded.refold(raw);
        scratch.candidates.sort_unstable();
        scratch.candidates.dedup();
        let Scratch { machine, folded, candidates, .. } = scratch;
        let subject =
            Subject { text: folded.text(), folded, raw, title: line.title, calendar: self.machines.calendar() };
        for &id in candidates.iter() {
            let facts = self.facts(id);
            let until = self.rules().rules()[facts.rule()].until;
            let end = self.machines.of(facts).end_at(machine, subject, 0).map(|end| border + folded.origin(end));
            let range = end.and_then(|end| span_end(line.raw, border, end, until));
            hits.extend(range.map(|range| Hit { rule: facts.rule(), range }));
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

/// Whether loosening may change a line: a short one, with letters of several scripts or set apart by blanks.
fn may_loosen(raw: &str) -> bool {
    raw.len() <= LOOSE_BYTES && (!raw.is_ascii() || raw.as_bytes().get(1) == Some(&b' '))
}
