//! One look at what is left of a document: which of its lines, and which parts of lines, should go.

mod hits;
mod judge;

use std::cell::OnceCell;
use std::ops::Range;

use super::Settings;
use super::context::{Context, Judgement, is_body};
use super::document::Document;
use super::doubles;
use super::line::Line;
use super::links;
use super::pool::Buffers;
use super::rulebook::RuleFacts;
use super::weigh::Score;
use crate::matching::{Hit, RuleIndex};
use crate::rules::Form;
use crate::text::shape::HEADLINE_WORDS;

/// The longest label that may be a subheading of the body when it stands between a block and prose.
const SUBHEADING_WORDS: usize = 7;

/// A line of so many words with a full stop is a sentence, as is one too long for a headline: no block takes it unless a rule hits
/// it.
const SENTENCE_WORDS: usize = 3;

/// What a removal is put down to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    Rule(RuleIndex),
    Context(Judgement),
    /// The line is blank, and the one before it, or all behind it, went.
    Blank,
}

/// A removal that a pass decided on.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    /// The line, as an index into the document's.
    pub(super) line: usize,
    /// The part of what is left of the line, or all of it.
    pub(super) part: Option<Range<usize>>,
    pub(super) cause: Cause,
    pub(super) score: Score,
}

/// A hit that did not suffice, or that a protecting rule overruled.
#[derive(Clone, Debug)]
pub(super) struct Rejection {
    pub(super) line: usize,
    pub(super) rule: RuleIndex,
    pub(super) score: Score,
    pub(super) protected_by: Option<RuleIndex>,
}

/// What limits a pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits<'l> {
    /// What took too much and is held back.
    pub(super) held_back: &'l [Cause],
    /// Whether only rules of strength `alone` may act.
    pub(super) alone_only: bool,
    /// Whether the hits that do not suffice are to be told.
    pub(super) rejects: bool,
}

/// Looks at a document once; the decisions come in the order of its lines.
pub(super) fn pass(
    document: &mut Document<'_>,
    settings: &Settings,
    limits: Limits<'_>,
    buffers: &mut Buffers,
) -> (Vec<Decision>, Vec<Rejection>) {
    let unlinked = unlink(document, settings, buffers);
    if !unlinked.is_empty() {
        // What is a headline, and what a rule hits, shows only without the markup.
        return (unlinked, Vec::new());
    }
    let doubles = doubles::of_title(document);
    if doubles.is_empty() && !document.has_hits() {
        return (Vec::new(), Vec::new());
    }
    let context = Context::new(document, settings.rulebook());
    let decided = vec![None; context.alive.len()];
    let looked_at = vec![Looked::Never; context.alive.len()];
    let mut pass = Pass {
        document,
        settings,
        limits,
        context,
        doubles,
        decided,
        looked_at,
        sufficient: Vec::new(),
        others: Vec::new(),
        queue: Vec::new(),
        buffers,
    };
    pass.settle();
    if !limits.alone_only && pass.judge_context() {
        pass.settle();
    }
    pass.finish()
}

/// Takes the markup of links out of the lines, but for what a rule protects.
fn unlink(document: &mut Document<'_>, settings: &Settings, buffers: &mut Buffers) -> Vec<Decision> {
    if !document.may_hold_links || !settings.rulebook().allows(Judgement::LinkMarkup) {
        return Vec::new();
    }
    let mut decisions = Vec::new();
    for (line, parts) in links::markup(document) {
        let protections = document.protections(line, settings.matcher(), buffers);
        let is_free = |part: &Range<usize>| {
            protections.iter().all(|hit| hit.range.end <= part.start || part.end <= hit.range.start)
        };
        decisions.extend(parts.into_iter().filter(is_free).map(|part| Decision {
            line,
            part: Some(part),
            cause: Cause::Context(Judgement::LinkMarkup),
            score: Score::single(Judgement::LinkMarkup.rule().id, settings.weights().link_markup),
        }));
    }
    decisions
}

/// What was known of a line's neighbours when its hits were looked at: nothing else changes while a pass settles.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Looked {
    Never,
    NeighboursStay,
    NeighbourGoes,
}

struct Pass<'p, 't> {
    document: &'p mut Document<'t>,
    settings: &'p Settings,
    limits: Limits<'p>,
    context: Context,
    /// The lines that print the title once more.
    doubles: Vec<usize>,
    /// By place among the lines that are left.
    decided: Vec<Option<(Cause, Score)>>,
    /// By place, what was known when it was last looked at.
    looked_at: Vec<Looked>,
    /// The hits on the line at hand that suffice.
    sufficient: Vec<(RuleIndex, Score)>,
    /// The hits on it that may decide, but not by themselves.
    others: Vec<usize>,
    /// Places that are to be looked at, the next one last.
    queue: Vec<usize>,
    buffers: &'p mut Buffers,
}

impl Pass<'_, '_> {
    fn line(&self, place: usize) -> &Line {
        &self.document.lines[self.context.alive[place]]
    }

    fn hits(&self, place: usize) -> &[Hit] {
        self.document.hits(self.line(place))
    }

    fn is_hit(&self, place: usize) -> bool {
        !self.line(place).hits.is_empty()
    }

    fn is_body(&self, place: usize) -> bool {
        is_body(self.line(place), self.document, self.settings.rulebook())
    }

    fn rule(&self, index: RuleIndex) -> &RuleFacts {
        self.settings.rulebook().rule(index)
    }

    fn count(&self) -> usize {
        self.context.alive.len()
    }

    /// Decides on whole lines until no decision makes another one possible.
    fn settle(&mut self) {
        let mut queue = std::mem::take(&mut self.queue);
        queue.reserve(self.count());
        queue.extend((0..self.count()).rev().filter(|&place| self.decided[place].is_none() && self.is_hit(place)));
        self.queue = queue;
        while let Some(place) = self.queue.pop() {
            if self.decided[place].is_some() || !self.is_hit(place) {
                continue;
            }
            let known = if self.neighbour_goes(place) { Looked::NeighbourGoes } else { Looked::NeighboursStay };
            if std::mem::replace(&mut self.looked_at[place], known) == known {
                continue;
            }
            self.find_sufficient(place);
            let Some((rule, score)) = self.sufficient.first().cloned() else { continue };
            self.decide(place, rule, score);
            if self.decided[place].is_some() {
                self.extend(place);
            }
        }
    }

    /// Decides on a line, unless that is done or it is protected; its neighbours are looked at again.
    fn decide(&mut self, place: usize, rule: RuleIndex, score: Score) {
        if self.decided[place].is_some() || self.is_protected(place, None).is_some() {
            return;
        }
        self.decided[place] = Some((Cause::Rule(rule), score));
        let count = self.count();
        self.queue.extend([place.wrapping_sub(1), place + 1].into_iter().filter(|&next| next < count));
    }

    /// Takes the lines that belong to the blocks and tails that begin with a line.
    fn extend(&mut self, place: usize) {
        for at in 0..self.sufficient.len() {
            let rule = self.sufficient[at].0;
            if !extends(self.rule(rule)) {
                continue;
            }
            for taken in self.extent(place, rule).skip(1) {
                self.decide(taken, rule, self.under_label());
            }
        }
    }

    fn under_label(&self) -> Score {
        Score::single("under-label", self.settings.weights().under_label)
    }

    fn goes(&self, place: usize) -> bool {
        self.decided.get(place).is_some_and(Option::is_some)
    }

    /// The lines that go with a hit: itself, and those that belong to its block or tail.
    fn extent(&mut self, place: usize, rule: RuleIndex) -> Range<usize> {
        let rule = self.rule(rule);
        match rule.form {
            Form::Block => place..self.block_end(place, rule.max_lines),
            Form::Tail => place..self.count(),
            _ => place..place + 1,
        }
    }

    /// The end of a block: at prose or a sentence, at a line that a rule keeps, or after so many lines. A last short label right before
    /// prose is taken for the body's subheading and stays.
    fn block_end(&mut self, place: usize, max_lines: usize) -> usize {
        let limit = self.count().min(place + 1 + max_lines);
        let mut end = place + 1;
        while end < limit && !self.stops_block(end) {
            end += 1;
        }
        let before_prose = end < self.count() && self.is_body(end);
        let last = self.line(end - 1);
        if before_prose
            && end > place + 1
            && last.hits.is_empty()
            && last.shape(self.document.text).length <= SUBHEADING_WORDS
        {
            end -= 1;
        }
        end
    }

    fn stops_block(&mut self, place: usize) -> bool {
        let line = self.line(place);
        let is_text = || self.is_sentence(place) || self.goes_on(place) || self.goes_on(place + 1);
        self.is_body(place)
            || (line.hits.is_empty() && is_text())
            || (line.is_prose(self.document.text) && !self.goes(place))
            || self.hits(place).iter().any(|hit| !self.rule(hit.rule).removes)
            || self.is_protected(place, None).is_some()
    }

    fn is_sentence(&self, place: usize) -> bool {
        let shape = self.line(place).shape(self.document.text);
        shape.is_prose() || shape.length > HEADLINE_WORDS || (shape.full_stop && shape.length >= SENTENCE_WORDS)
    }

    /// Whether a line goes on with the sentence of the line before it: prose whose lines are broken at a width.
    fn goes_on(&self, place: usize) -> bool {
        let Some(&index) = self.context.alive.get(place) else { return false };
        let line = &self.document.lines[index];
        line.hits.is_empty() && line.begins_small(self.document.text)
    }

    /// The protecting rule that overlaps a line, or a part of it.
    fn is_protected(&mut self, place: usize, part: Option<&Range<usize>>) -> Option<RuleIndex> {
        let index = self.context.alive[place];
        let hits = self.document.protections(index, self.settings.matcher(), self.buffers);
        let overlaps = |hit: &&Hit| part.is_none_or(|part| hit.range.start < part.end && part.start < hit.range.end);
        hits.iter().find(overlaps).map(|hit| hit.rule)
    }

    /// Adds the parts of lines that go, and what did not suffice.
    fn finish(mut self) -> (Vec<Decision>, Vec<Rejection>) {
        let go = self.decided.iter().flatten().count();
        let (mut decisions, mut rejected) = (Vec::with_capacity(go), Vec::new());
        for place in 0..self.count() {
            let line = self.context.alive[place];
            if let Some((cause, score)) = self.decided[place].take() {
                decisions.push(Decision { line, part: None, cause, score });
            } else if self.is_hit(place) {
                self.spans(place, &mut decisions);
                if self.limits.rejects {
                    self.reject_rest(place, &mut rejected);
                }
            }
        }
        (decisions, rejected)
    }

    /// Adds the parts of a line that go, ascending; where two overlap, the one that begins first.
    fn spans(&mut self, place: usize, decisions: &mut Vec<Decision>) {
        let is_span = |hit: &&Hit| self.rule(hit.rule).form == Form::Span;
        let mut hits: Vec<Hit> = self.hits(place).iter().filter(is_span).cloned().collect();
        hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end), hit.rule));
        let mut behind = 0;
        let witnesses = OnceCell::new();
        for hit in hits {
            if !self.may_act(place, &hit) {
                continue;
            }
            let Some(score) = self.sufficient_score(place, &hit, &witnesses) else { continue };
            if hit.range.start < behind || self.is_protected(place, Some(&hit.range)).is_some() {
                continue;
            }
            behind = hit.range.end;
            let line = self.context.alive[place];
            decisions.push(Decision { line, part: Some(hit.range), cause: Cause::Rule(hit.rule), score });
        }
    }

    fn reject_rest(&mut self, place: usize, rejected: &mut Vec<Rejection>) {
        for hit in self.hits(place).to_vec() {
            if !self.may_act(place, &hit) {
                continue;
            }
            let score = self.score(place, &hit);
            let protected_by = self.is_protected(place, Some(&hit.range));
            rejected.push(Rejection { line: self.context.alive[place], rule: hit.rule, score, protected_by });
        }
    }
}

fn extends(rule: &RuleFacts) -> bool {
    matches!(rule.form, Form::Block | Form::Tail)
}
