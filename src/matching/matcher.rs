//! A rule set made ready to run: the hits of a line.

use std::ops::Range;

use super::compile::tables;
use super::index::{Index, MAX_INNER_BYTES, PatternId};
use super::machine::{Machine, Subject};
use super::machines::Machines;
use super::rare::RareWords;
use super::sieve::Held;
use super::spans::TextTraits;
use super::start::{Start, first_four};
use super::tables::{Facts, Indices, Tables};
use crate::rules::RuleSet;
use crate::rules::template::MAX_PREFIX;
use crate::text::chars::{is_edge, is_numeric, is_word, simple_fold};
use crate::text::fold::{Folded, begins_plain, inside_edges, inside_start, loosened};

/// Lines of more bytes than this match no whole-line pattern.
const MAX_LINE_BYTES: usize = 6000;
/// How much of a text is folded to see whether a pattern may begin there; letters beyond the Basic Multilingual Plane take
/// four bytes each.
const WINDOW_BYTES: usize = 84;
/// How much of it is folded to see where a figure or a date ends that it begins with.
const OPENING_BYTES: usize = 160;
/// Longer lines are not loosened; what is disguised is a label.
const LOOSE_BYTES: usize = 96;
/// How much of a line's start (for ends, of its end) is searched for the literals of patterns without a prefix.
const CONTENT_BYTES: usize = 80;

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
    pub(super) tables: Tables,
    pub(super) machines: Machines,
    /// What tells whether spans have to be looked up by a literal they hold.
    pub(super) span_literals: RareWords,
}

/// Buffers that a matcher fills; kept from line to line.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    pub(super) machine: Machine,
    pub(super) folded: Folded,
    pub(super) window: Folded,
    pub(super) candidates: Vec<PatternId>,
    /// What the line at hand holds, once that has been asked for.
    pub(super) held: Held,
    pub(super) is_held: bool,
    /// A part of a line in small letters.
    pub(super) part: String,
}

impl Scratch {
    /// Notes what the folded line at hand holds.
    fn hold(&mut self) {
        self.held.refill(self.folded.text());
        self.is_held = true;
    }

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
    /// What is known of the text it stands in.
    pub(crate) traits: TextTraits,
}

impl Matcher {
    /// Gets a rule set ready.
    pub(crate) fn new(rules: RuleSet) -> Matcher {
        let tables = tables(&rules);
        let span_literals = RareWords::new(&[&tables.remove.spans, &tables.protect.spans]);
        Matcher { machines: Machines::new(rules, tables.clues.clone()), tables, span_literals }
    }

    /// The rules it was made of.
    pub(crate) fn rules(&self) -> &RuleSet {
        self.machines.rules()
    }

    /// Whether any verdict depends on the document's title.
    pub(crate) fn asks_title(&self) -> bool {
        self.tables.asks_title
    }

    pub(super) fn facts(&self, id: PatternId) -> &Facts {
        &self.tables.patterns[id as usize]
    }

    /// Puts the hits of removing rules on a line in `hits`, in place of what is there: each rule at most once a place, by rule
    /// and place.
    pub(crate) fn hits(&self, line: LineContext<'_>, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        hits.clear();
        scratch.machine.asked_title = false;
        scratch.is_held = false;
        self.line_hits(&self.tables.remove, Some(&self.tables.loose), line, scratch, hits);
        self.span_hits(&self.tables.remove.spans, line, scratch, hits);
        sort(hits);
    }

    /// Whether any rule protects.
    pub(crate) fn protects(&self) -> bool {
        !self.tables.protect.is_empty()
    }

    /// Puts the hits of protecting rules on a line in `hits`, in place of what is there.
    pub(crate) fn protections(&self, line: LineContext<'_>, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        hits.clear();
        if !self.protects() {
            return;
        }
        scratch.is_held = false;
        self.line_hits(&self.tables.protect, None, line, scratch, hits);
        self.span_hits(&self.tables.protect.spans, line, scratch, hits);
        sort(hits);
    }

    /// Whether one rule hits one text as a line.
    pub(crate) fn rule_hits(&self, rule: RuleIndex, text: &str) -> bool {
        let line = LineContext { raw: text, title: None, traits: TextTraits::ANY };
        let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
        self.hits(line, &mut scratch, &mut hits);
        let removes = hits.iter().any(|hit| hit.rule == rule);
        self.protections(line, &mut scratch, &mut hits);
        removes || hits.iter().any(|hit| hit.rule == rule)
    }

    fn line_hits(
        &self,
        indices: &Indices,
        loose: Option<&Index>,
        line: LineContext<'_>,
        scratch: &mut Scratch,
        hits: &mut Vec<Hit>,
    ) {
        scratch.candidates.clear();
        if line.raw.is_empty() || line.raw.len() > MAX_LINE_BYTES {
            return;
        }
        if line.raw.len() <= MAX_INNER_BYTES {
            return self.short_line_hits(indices, loose, line, scratch, hits);
        }
        let shrinks = may_shrink(line.raw);
        if !shrinks && first_four(line.raw).is_some_and(|four| !indices.lines.may_begin_with(four)) {
            return;
        }
        self.by_prefix(&indices.lines, line.raw, scratch);
        if shrinks {
            self.by_whole_starts(&indices.lines, line.raw, scratch);
        }
        self.sift_unfolded(line.raw, &mut scratch.candidates);
        if scratch.candidates.is_empty() {
            return;
        }
        scratch.folded.refold(line.raw);
        scratch.hold();
        let content = inside_edges(scratch.folded.text());
        self.sift_by_held(&scratch.held, &mut scratch.candidates);
        self.run_on_line(line, content, scratch, hits);
    }

    /// The hits of a line that is folded first, since so much is asked of it.
    fn short_line_hits(
        &self,
        indices: &Indices,
        loose: Option<&Index>,
        line: LineContext<'_>,
        scratch: &mut Scratch,
        hits: &mut Vec<Hit>,
    ) {
        scratch.folded.refold(line.raw);
        scratch.hold();
        let Scratch { folded, candidates, held, part, .. } = scratch;
        let content = inside_edges(folded.text());
        self.by_folded_prefix(&indices.lines, folded.text(), held, candidates);
        indices.lines.by_whole(&folded.text()[content.clone()], candidates);
        if indices.lines.has_inner() {
            lower(line.raw, folded, 0..first_bytes(line.raw, CONTENT_BYTES), part);
            indices.lines.by_content(held, part.as_bytes(), candidates);
        }
        if indices.ends.has_inner() {
            lower(line.raw, folded, last_bytes(line.raw, CONTENT_BYTES)..line.raw.len(), part);
            indices.ends.by_content(held, part.as_bytes(), candidates);
        }
        indices.lines.by_length(line.raw, candidates);
        indices.ends.by_length(line.raw, candidates);
        self.sift_folded(&folded.text()[content.clone()], held, candidates);
        self.run_on_line(line, content.clone(), scratch, hits);
        if let Some(loose) = loose.filter(|index| !index.is_empty() && may_loosen(line.raw)) {
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
        let loosened = if looks_alike(plain) { loosened(plain) } else { None };
        let text = loosened.as_deref().unwrap_or(plain);
        scratch.candidates.clear();
        if index.by_prefix(text.as_bytes(), &mut scratch.candidates) {
            index.by_opening(text, true, self.machines.calendar().names(), &mut scratch.candidates);
        }
        index.by_whole(text, &mut scratch.candidates);
        if index.has_inner() {
            scratch.held.refill(text);
            index.by_content(&scratch.held, text.as_bytes(), &mut scratch.candidates);
            scratch.is_held = false;
        }
        index.untold(&mut scratch.candidates);
        if scratch.candidates.is_empty() {
            return;
        }
        let text = text.to_owned();
        scratch.folded.refold(&text);
        scratch.held.refill(scratch.folded.text());
        scratch.is_held = false;
        self.sift_by_held(&scratch.held, &mut scratch.candidates);
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

    /// Takes away the candidates that a line is too long for.
    fn sift_unfolded(&self, raw: &str, candidates: &mut Vec<PatternId>) {
        // A line with doubled blanks, or with the target of a markdown link, is longer than what patterns see of it.
        if !candidates.is_empty() && !raw.contains("  ") && !raw.contains("](") && !raw.contains("][") {
            let inside = raw.trim_matches(|c: char| c == ' ' || is_edge(c));
            let blanks = memchr::memchr_iter(b' ', inside.as_bytes()).count();
            let has_word = inside.bytes().any(|byte| byte.is_ascii_alphanumeric());
            candidates.retain(|&id| {
                let facts = self.facts(id);
                !(has_word && facts.wordless) && facts.reaches(inside.len(), blanks)
            });
        }
    }

    /// Takes away the candidates that a folded line is too long for, or that need something that it does not hold.
    fn sift_folded(&self, content: &str, held: &Held, candidates: &mut Vec<PatternId>) {
        if candidates.is_empty() {
            return;
        }
        let blanks = memchr::memchr_iter(b' ', content.as_bytes()).count();
        let has_word = content.bytes().fold(false, |any, byte| any | byte.is_ascii_alphanumeric());
        candidates.retain(|&id| {
            let facts = self.facts(id);
            facts.reaches(content.len(), blanks) && !(has_word && facts.wordless) && self.may_match(facts, held)
        });
    }

    /// Takes away the candidates that need something that is not held.
    pub(super) fn sift_by_held(&self, held: &Held, candidates: &mut Vec<PatternId>) {
        candidates.retain(|&id| self.may_match(self.facts(id), held));
    }

    /// Whether nothing that a pattern needs is missing.
    fn may_match(&self, facts: &Facts, held: &Held) -> bool {
        let marks = self.tables.marks(facts);
        held.marks().hold(marks.all)
            && held.marks().may_hold(marks.any)
            && !(facts.foreign && held.is_ascii())
            && (!facts.figure || held.has_figures())
            && held.may_hold(self.tables.required(facts))
    }

    /// Adds the patterns whose prefix a text begins with, folding no more of it than needed.
    pub(super) fn by_prefix(&self, index: &Index, raw: &str, scratch: &mut Scratch) {
        // What is dropped at a line's edges has no part in folding.
        let raw = raw.trim_start_matches(|c: char| c == ' ' || (c.is_ascii() && is_edge(c)));
        let opens = if let Some(start) = Start::of(raw) {
            let opens = index.by_prefix(start.bytes(), &mut scratch.candidates);
            // A quotation mark may be dropped where it has no partner.
            let inner = start.bytes().strip_prefix(b"\"");
            inner.is_some_and(|inner| index.by_prefix(inner, &mut scratch.candidates)) || opens
        } else {
            scratch.window.refold(window(raw, 0, WINDOW_BYTES));
            let text = scratch.window.text();
            let (outer, inner) = inside_start(text);
            let opens = index.by_prefix(&text.as_bytes()[outer..], &mut scratch.candidates);
            (inner > outer && index.by_prefix(&text.as_bytes()[inner..], &mut scratch.candidates)) || opens
        };
        if opens {
            self.by_opening(index, raw, scratch);
        }
    }

    /// Adds the patterns that match what a text begins with as it stands.
    fn by_whole_starts(&self, index: &Index, raw: &str, scratch: &mut Scratch) {
        let raw = raw.trim_start_matches(|c: char| c == ' ' || (c.is_ascii() && is_edge(c)));
        scratch.window.refold(window(raw, 0, WINDOW_BYTES));
        let text = scratch.window.text();
        let (outer, inner) = inside_start(text);
        index.by_whole_starts(&text[outer..], &mut scratch.candidates);
        if inner > outer {
            index.by_whole_starts(&text[inner..], &mut scratch.candidates);
        }
    }

    /// Adds the patterns whose prefix a folded line begins with.
    fn by_folded_prefix(&self, index: &Index, text: &str, held: &Held, candidates: &mut Vec<PatternId>) {
        let (outer, inner) = inside_start(text);
        let mut opens = index.by_prefix(&text.as_bytes()[outer..], candidates);
        if inner > outer {
            opens |= index.by_prefix(&text.as_bytes()[inner..], candidates);
        }
        // Of two quotation marks one may be dropped.
        if inner > outer + 1 && text[outer..].starts_with('"') {
            opens |= index.by_prefix(&text.as_bytes()[outer + 1..], candidates);
        }
        // A date in words has a figure, too.
        if opens && held.has_figures() {
            index.by_opening(&text[inner..], true, self.machines.calendar().names(), candidates);
        }
    }

    /// Adds the patterns that begin with a figure or a date as the text does.
    fn by_opening(&self, index: &Index, raw: &str, scratch: &mut Scratch) {
        let opening = window(raw, 0, OPENING_BYTES);
        if !has_figure(opening) {
            return;
        }
        scratch.window.refold(opening);
        let text = scratch.window.text();
        let (_, inner) = inside_start(text);
        let calendar = self.machines.calendar().names();
        index.by_opening(&text[inner..], raw.len() <= OPENING_BYTES, calendar, &mut scratch.candidates);
    }
}

/// Whether a text holds a figure, before and behind folding.
pub(super) fn has_figure(text: &str) -> bool {
    let ascii = text.bytes().fold(0, |any, byte| any | u8::from(byte.wrapping_sub(b'0') < 10)) != 0;
    ascii || (may_hold_foreign_figure(text.as_bytes()) && text.chars().any(is_numeric))
}

/// Whether a text may hold a figure besides ASCII, by the bytes that its characters begin with: letters of Latin, Greek, Cyrillic
/// and Hebrew, Han characters and Hangul are none, nor are the usual quotation marks and dashes.
fn may_hold_foreign_figure(text: &[u8]) -> bool {
    let begins =
        |byte: u8| u8::from(byte == 0xc2) | (u8::from(byte >= 0xd8) & u8::from(byte.wrapping_sub(0xe4) > 0xe9 - 0xe4));
    let is_mark = |byte: u8, next: u8| u8::from(byte == 0xe2) & u8::from(next == 0x80);
    let Some((&last, before)) = text.split_last() else { return false };
    let pairs = before.iter().zip(&text[1..]);
    pairs.fold(begins(last), |any, (&byte, &next)| any | (begins(byte) & !is_mark(byte, next))) != 0
}

fn sort(hits: &mut Vec<Hit>) {
    hits.sort_by_key(|hit| (hit.rule, hit.range.start, hit.range.end));
    hits.dedup();
}

/// Whether patterns may see no more than a few bytes of a long line: a link's target, marks at its edges and doubled blanks are
/// not seen.
fn may_shrink(raw: &str) -> bool {
    // Nearly every long line begins with more letters than that.
    if raw.as_bytes().first_chunk::<{ MAX_PREFIX + 1 }>().is_some_and(|first| begins_plain(first)) {
        return false;
    }
    let is_link = !raw.starts_with(char::is_alphanumeric) && (raw.contains(']') || raw.contains('］'));
    is_link || raw.chars().filter(|&c| simple_fold(c).is_some_and(is_word)).nth(MAX_PREFIX).is_none()
}

/// A part of a folded line as the literals it holds are looked for, in small letters.
fn lower(raw: &str, folded: &Folded, part: Range<usize>, lowered: &mut String) {
    let raw = &raw[part.clone()];
    lowered.clear();
    lowered.push_str(if raw.is_ascii() && !raw.contains("  ") { raw } else { folded.of_part(part) });
    lowered.make_ascii_lowercase();
}

/// Where the first bytes of a line end, at most so many, at a character border.
fn first_bytes(line: &str, bytes: usize) -> usize {
    window(line, 0, bytes).len()
}

/// Where the last bytes of a line begin, at most so many, at a character border.
fn last_bytes(line: &str, bytes: usize) -> usize {
    let mut start = line.len().saturating_sub(bytes);
    while !line.is_char_boundary(start) {
        start += 1;
    }
    start
}

/// At most so many bytes of a line from a character on, cut at a character border.
pub(super) fn window(line: &str, start: usize, bytes: usize) -> &str {
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

/// Whether loosening may change a folded line: it may have letters that look like Latin ones beside Latin ones (those of Greek,
/// Cyrillic and Armenian), or words of one letter.
fn looks_alike(folded: &str) -> bool {
    let spaced = folded.chars().nth(1).is_none_or(|second| second == ' ');
    let bytes = folded.as_bytes();
    spaced || (bytes.iter().any(|byte| (0xcd..=0xd6).contains(byte)) && bytes.iter().any(u8::is_ascii_lowercase))
}
