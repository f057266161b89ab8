//! The parts of a line that spans take: their patterns are tried where sentences and brackets begin.

use super::index::Index;
use super::machine::Subject;
use super::matcher::{Hit, LineContext, Matcher, Scratch, window as window_of};
use super::span::span_end;
use super::start::first_four;
use crate::text::sentence::borders;
use crate::text::survey::Survey;

/// How much of a line from a border on is searched for the literals of patterns without a prefix.
const CONTENT_BYTES: usize = 80;
/// Of longer lines, spans are sifted by the words of their own part.
const SIFTED_BYTES: usize = 700;
/// How much of a line a span's pattern may take in.
const SPAN_BYTES: usize = 400;

/// What is known of the text that a line stands in, so that most lines need not be asked for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextTraits {
    /// Whether it may hold characters besides ASCII that end sentences or open brackets.
    pub(crate) foreign_stops: bool,
    /// Whether it may hold a literal that spans are looked up by.
    pub(crate) span_literals: bool,
    /// Whether it may hold characters that are invisible, or that fold to ASCII letters or figures.
    pub(crate) aliases: bool,
}

impl TextTraits {
    /// What holds for any text.
    pub(crate) const ANY: TextTraits = TextTraits { foreign_stops: true, span_literals: true, aliases: true };
}

impl Matcher {
    /// What is known of a text.
    pub(crate) fn traits(&self, text: &str, survey: &Survey) -> TextTraits {
        let span_literals = survey.aliases || self.span_literals.may_stand_in(text);
        TextTraits { foreign_stops: survey.foreign_stops, span_literals, aliases: survey.aliases }
    }

    /// Adds the hits of spans on a line.
    pub(super) fn span_hits(&self, index: &Index, line: LineContext<'_>, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        if index.is_empty() {
            return;
        }
        let may_hold = line.traits.span_literals
            && index.has_inner()
            && (line.traits.aliases || self.span_literals.may_stand_in(line.raw));
        let tries_content = index.has_untold() || may_hold;
        borders(line.raw, line.traits.foreign_stops, |border| {
            let rest = &line.raw[border..];
            if !tries_content && first_four(rest).is_some_and(|four| !index.may_begin_with(four)) {
                return;
            }
            if !self.tables.span_starts.may_begin(rest) {
                return;
            }
            scratch.candidates.clear();
            self.by_prefix(index, rest, scratch);
            if tries_content {
                self.by_content_at_border(index, line, border, scratch);
                index.untold(&mut scratch.candidates);
            }
            if !scratch.candidates.is_empty() {
                self.sift_at_border(line, border, scratch);
            }
            if !scratch.candidates.is_empty() {
                self.run_at_border(line, border, scratch, hits);
            }
        });
    }

    /// Adds the patterns of spans that hold a literal which stands right behind a border.
    fn by_content_at_border(&self, index: &Index, line: LineContext<'_>, border: usize, scratch: &mut Scratch) {
        hold(line, border, scratch);
        let Scratch { held, window, part, candidates, .. } = scratch;
        let raw = window_of(line.raw, border, CONTENT_BYTES);
        part.clear();
        if raw.is_ascii() && !raw.contains("  ") {
            part.push_str(raw);
        } else {
            window.refold(raw);
            part.push_str(window.text());
        }
        part.make_ascii_lowercase();
        index.by_content(held, part.as_bytes(), candidates);
    }

    /// Takes away the candidates that need words which the line does not hold, or its part from the border on.
    fn sift_at_border(&self, line: LineContext<'_>, border: usize, scratch: &mut Scratch) {
        hold(line, border, scratch);
        self.sift_by_held(&scratch.held, &mut scratch.candidates);
    }

    fn run_at_border(&self, line: LineContext<'_>, border: usize, scratch: &mut Scratch, hits: &mut Vec<Hit>) {
        let raw = window_of(line.raw, border, SPAN_BYTES);
        scratch.folded.refold(raw);
        scratch.candidates.sort_unstable();
        scratch.candidates.dedup();
        let Scratch { machine, folded, candidates, .. } = scratch;
        let subject =
            Subject { text: folded.text(), folded, raw, title: line.title, calendar: self.machines.calendar() };
        for &id in candidates.iter() {
            let facts = self.facts(id);
            let until = self.rules().by_place()[facts.rule()].until;
            let end = self.machines.of(facts).end_at(machine, subject, 0).map(|end| border + folded.origin(end));
            let range = end.and_then(|end| span_end(line.raw, border, end, until));
            hits.extend(range.map(|range| Hit { rule: facts.rule(), range }));
        }
    }
}

/// Notes what a line holds, or its part from a border on, where it is long.
fn hold(line: LineContext<'_>, border: usize, scratch: &mut Scratch) {
    let Scratch { held, is_held, window, .. } = scratch;
    if !*is_held {
        let is_short = line.raw.len() <= SIFTED_BYTES;
        window.refold(if is_short { line.raw } else { window_of(line.raw, border, SPAN_BYTES) });
        held.refill(window.text());
        *is_held = is_short;
    }
}
