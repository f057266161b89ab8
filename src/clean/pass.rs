//! One look at what is left of a document: which of its lines, and which parts of lines, should go.

use std::ops::Range;
use std::sync::Arc;

use super::Settings;
use super::after::{self, LineFacts};
use super::context::{AFTER_END, Context, ContextRule, DOUBLED_TITLE, HEADLINE_TAIL, LINK_MARKUP, MENU_RUN, is_body};
use super::document::{Document, Line};
use super::links;
use super::pool::Buffers;
use super::weigh::{Score, Witnesses};
use crate::matching::{Hit, RuleIndex};
use crate::rules::{Action, Form, Place, Rule, Strength};
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
    Context(ContextRule),
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
    let doubles = document.doubles_of_title();
    if doubles.is_empty() && !document.has_hits() {
        return (Vec::new(), Vec::new());
    }
    let context = Context::new(document, settings.rules());
    let decided = vec![None; context.alive.len()];
    let mut pass = Pass { document, settings, limits, context, doubles, decided, rejected: Vec::new(), buffers };
    pass.settle();
    if !limits.alone_only {
        pass.judge_context();
        pass.settle();
    }
    pass.finish()
}

/// Takes the markup of links out of the lines, but for what a rule protects.
fn unlink(document: &mut Document<'_>, settings: &Settings, buffers: &mut Buffers) -> Vec<Decision> {
    if !document.may_hold_links || !settings.allows(&LINK_MARKUP) {
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
            cause: Cause::Context(LINK_MARKUP),
            score: Score::single(LINK_MARKUP.id, settings.weights().link_markup),
        }));
    }
    decisions
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
    rejected: Vec<Rejection>,
    buffers: &'p mut Buffers,
}

impl Pass<'_, '_> {
    fn line(&self, place: usize) -> &Line {
        &self.document.lines[self.context.alive[place]]
    }

    fn is_body(&self, place: usize) -> bool {
        is_body(self.line(place), self.document.text, self.settings.rules())
    }

    fn rule(&self, index: RuleIndex) -> &Rule {
        &self.settings.rules()[index]
    }

    fn count(&self) -> usize {
        self.context.alive.len()
    }

    /// Decides on whole lines until no decision makes another one possible.
    fn settle(&mut self) {
        let mut queue: Vec<usize> = (0..self.count()).rev().filter(|&place| self.decided[place].is_none()).collect();
        while let Some(place) = queue.pop() {
            if self.decided[place].is_some() || self.line(place).hits.is_empty() {
                continue;
            }
            let sufficient = self.sufficient_hits(place);
            let Some((rule, score)) = sufficient.first().cloned() else { continue };
            self.decide(place, rule, score, &mut queue);
            let goes = self.decided[place].is_some();
            let extending = sufficient.iter().map(|(rule, _)| *rule).filter(|&rule| goes && extends(self.rule(rule)));
            for rule in extending.collect::<Vec<_>>() {
                for taken in self.extent(place, rule).skip(1) {
                    self.decide(taken, rule, self.under_label(), &mut queue);
                }
            }
        }
    }

    /// Decides on a line, unless that is done or it is protected; its neighbours are looked at again.
    fn decide(&mut self, place: usize, rule: RuleIndex, score: Score, queue: &mut Vec<usize>) {
        if self.decided[place].is_some() || self.is_protected(place, None).is_some() {
            return;
        }
        self.decided[place] = Some((Cause::Rule(rule), score));
        queue.extend([place.wrapping_sub(1), place + 1].into_iter().filter(|&next| next < self.count()));
    }

    fn under_label(&self) -> Score {
        Score::single("under-label", self.settings.weights().under_label)
    }

    /// The hits on the whole line that suffice: those of `alone` rules first, since they need no budget, then by weight, then
    /// those in the document's language.
    fn sufficient_hits(&self, place: usize) -> Vec<(RuleIndex, Score)> {
        let scored = |hit: &Hit| Some((hit.rule, self.score(place, hit)?));
        let hits = self.line(place).hits.iter().filter(|hit| self.is_whole(place, hit)).filter_map(scored);
        let mut sufficient: Vec<_> = hits.filter(|(_, score)| score.sum >= self.settings.threshold()).collect();
        let alone = |rule: RuleIndex| self.rule(rule).strength == Strength::Alone;
        sufficient.retain(|(rule, _)| alone(*rule) || !self.is_kept_for_sure(place, *rule));
        if sufficient.len() > 1 {
            // Of equals, the one that speaks the document's language tells a reader most.
            let foreign = |rule: RuleIndex| !self.settings.speaks(self.rule(rule), self.document);
            sufficient.sort_by_cached_key(|(rule, score)| {
                (!alone(*rule), std::cmp::Reverse(score.sum), foreign(*rule), *rule)
            });
        }
        sufficient
    }

    /// Whether a rule that decides by itself says that the line is of a category that stays and has its place in the text, such as
    /// a byline: then what is less sure in the same language does not take it for something else.
    fn is_kept_for_sure(&self, place: usize, taker: RuleIndex) -> bool {
        let taker = self.rule(taker);
        self.line(place).hits.iter().any(|hit| {
            let rule = self.rule(hit.rule);
            let stays = rule.action == Action::Remove && !self.settings.removes(hit.rule);
            let is_sure = rule.strength == Strength::Alone && rule.place != Place::Any;
            let same_tongue = rule.langs.is_empty() || rule.langs.iter().any(|lang| taker.langs.contains(lang));
            stays && is_sure && same_tongue && self.is_in_place(rule.place, place)
        })
    }

    fn is_in_place(&self, wanted: Place, place: usize) -> bool {
        match wanted {
            Place::Any => true,
            Place::Head => self.context.in_head(place),
            Place::Tail => self.context.in_tail(place),
        }
    }

    /// Whether a hit speaks of the whole line: its rule does, or the span takes all of it.
    fn is_whole(&self, place: usize, hit: &Hit) -> bool {
        let text = self.line(place).text(self.document.text);
        let rest = |part: Option<&str>| part.is_none_or(|part| part.trim().is_empty());
        self.rule(hit.rule).form != Form::Span || (rest(text.get(..hit.range.start)) && rest(text.get(hit.range.end..)))
    }

    /// What speaks for and against a hit; `None` where the rule must not act.
    fn score(&self, place: usize, hit: &Hit) -> Option<Score> {
        let rule = self.rule(hit.rule);
        let (head, tail) = (self.context.in_head(place), self.context.in_tail(place));
        let in_place = self.is_in_place(rule.place, place);
        let allowed = self.settings.removes(hit.rule)
            && !self.limits.held_back.contains(&Cause::Rule(hit.rule))
            && (!self.limits.alone_only || rule.strength == Strength::Alone);
        if !in_place || !allowed || (rule.form == Form::Tail && !self.context.ends_body(place)) {
            return None;
        }
        let line = self.line(place);
        // A teaser does not begin in the midst of a sentence.
        if rule.form == Form::End && line.begins_small(self.document.text) {
            return None;
        }
        let whole = rule.form != Form::Span;
        let witnesses = Witnesses {
            head,
            tail,
            neighbour: self.goes(place.wrapping_sub(1)) || self.goes(place + 1),
            short: whole && line.shape(self.document.text).is_short() && self.context.has_body(),
            in_run: self.context.in_run[place],
            language: self.settings.speaks(rule, self.document),
            repeated: whole && self.context.repeated[place],
            quoted: whole && is_quoted(line.text(self.document.text)),
            prose: whole && line.shape(self.document.text).is_prose(),
        };
        Some(Score::of(rule.strength, &witnesses, self.settings.weights()))
    }

    fn goes(&self, place: usize) -> bool {
        self.decided.get(place).is_some_and(Option::is_some)
    }

    /// The lines that go with a hit: itself, and those that belong to its block or tail.
    fn extent(&mut self, place: usize, rule: RuleIndex) -> Range<usize> {
        match self.rule(rule).form {
            Form::Block => place..self.block_end(place, self.rule(rule).max_lines),
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
        let is_text = self.is_sentence(place) || self.goes_on(place) || self.goes_on(place + 1);
        self.is_body(place)
            || (line.hits.is_empty() && is_text)
            || (line.shape(self.document.text).is_prose() && !self.goes(place))
            || line.hits.iter().any(|hit| !self.settings.removes(hit.rule))
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

    fn judge_context(&mut self) {
        let weights = self.settings.weights();
        self.judge(DOUBLED_TITLE, "doubled-title", weights.doubled_title, |pass| {
            pass.context.doubled_titles(pass.document, &pass.doubles)
        });
        self.judge(MENU_RUN, "menu-run", weights.menu_run, |pass| {
            pass.context.menus(pass.document, &|place| pass.goes(place), &|place| pass.goes_as_menu(place))
        });
        self.judge(HEADLINE_TAIL, "headline-tail", weights.headline_tail, |pass| {
            pass.context.headline_tail(pass.document, &|place| pass.goes(place))
        });
        self.judge(HEADLINE_TAIL, "bare-headlines", weights.bare_headlines, |pass| {
            pass.context.bare_headlines(pass.document)
        });
        self.judge_end();
    }

    /// Takes the lines that a judgement finds, where it is allowed and weighs enough.
    fn judge(&mut self, rule: ContextRule, evidence: &'static str, weight: i32, find: impl Fn(&Self) -> Vec<usize>) {
        if !self.settings.allows(&rule) || weight < self.settings.threshold() {
            return;
        }
        let score = Score::single(evidence, weight);
        for place in find(self) {
            self.take(place, rule, &score);
        }
    }

    /// Whether a line goes as what stands among the entries of menus.
    fn goes_as_menu(&self, place: usize) -> bool {
        let cause = self.decided[place].as_ref().map(|(cause, _)| *cause);
        cause.is_some_and(|cause| self.settings.is_in_menus(&self.settings.names(cause).1))
    }

    /// Takes what stands behind the end of the article, but for what is to stay in any case.
    fn judge_end(&mut self) {
        if !self.settings.allows(&AFTER_END) || self.limits.held_back.contains(&Cause::Context(AFTER_END)) {
            return;
        }
        let marks = self.marks();
        if !after::may_end(&marks, self.settings) {
            return;
        }
        let Some(end) = after::end(&self.line_facts(marks), self.document, self.settings) else { return };
        let first = self.context.alive.partition_point(|&line| line <= end.line);
        for place in first..self.count() {
            let insisted = self.line(place).hits.iter().any(|hit| self.settings.insists_on(hit.rule));
            if !insisted {
                self.take(place, AFTER_END, &end.score);
            }
        }
    }

    /// By line of the document, the category that it goes as, or went as.
    fn marks(&self) -> Vec<Option<Arc<str>>> {
        let mut marks: Vec<_> = self.document.lines.iter().map(|line| line.went_as.clone()).collect();
        for (place, decided) in self.decided.iter().enumerate() {
            if let Some((cause, _)) = decided {
                marks[self.context.alive[place]] = Some(self.settings.names(*cause).1);
            }
        }
        marks
    }

    /// What is known of every line, whether it is left or not.
    fn line_facts(&self, marks: Vec<Option<Arc<str>>>) -> Vec<LineFacts> {
        let gone = |mark| LineFacts { mark, goes: true, ..LineFacts::default() };
        let mut facts: Vec<LineFacts> = marks.into_iter().map(gone).collect();
        for place in (0..self.count()).filter(|&place| !self.goes(place)) {
            let facts = &mut facts[self.context.alive[place]];
            facts.goes = false;
            facts.is_body = self.is_body(place);
            facts.is_sentence = self.is_sentence(place);
        }
        facts
    }

    fn take(&mut self, place: usize, rule: ContextRule, score: &Score) {
        if self.decided[place].is_none() && self.is_protected(place, None).is_none() {
            self.decided[place] = Some((Cause::Context(rule), score.clone()));
        }
    }

    /// Adds the parts of lines that go, and what did not suffice.
    fn finish(mut self) -> (Vec<Decision>, Vec<Rejection>) {
        let mut decisions = Vec::new();
        for place in 0..self.count() {
            let line = self.context.alive[place];
            match self.decided[place].take() {
                Some((cause, score)) => decisions.push(Decision { line, part: None, cause, score }),
                None => {
                    let spans = self.spans(place);
                    decisions.extend(spans);
                    self.reject_rest(place);
                }
            }
        }
        (decisions, self.rejected)
    }

    /// The parts of a line that go, ascending; where two overlap, the one that begins first.
    fn spans(&mut self, place: usize) -> Vec<Decision> {
        if self.line(place).hits.is_empty() {
            return Vec::new();
        }
        let is_span = |hit: &&Hit| self.rule(hit.rule).form == Form::Span;
        let mut hits: Vec<Hit> = self.line(place).hits.iter().filter(is_span).cloned().collect();
        hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end), hit.rule));
        let mut behind = 0;
        let mut decisions = Vec::new();
        for hit in hits {
            let Some(score) = self.score(place, &hit).filter(|score| score.sum >= self.settings.threshold()) else {
                continue;
            };
            if hit.range.start < behind || self.is_protected(place, Some(&hit.range)).is_some() {
                continue;
            }
            behind = hit.range.end;
            let line = self.context.alive[place];
            decisions.push(Decision { line, part: Some(hit.range), cause: Cause::Rule(hit.rule), score });
        }
        decisions
    }

    fn reject_rest(&mut self, place: usize) {
        if !self.limits.rejects || self.line(place).hits.is_empty() {
            return;
        }
        for hit in self.line(place).hits.clone() {
            let Some(score) = self.score(place, &hit) else { continue };
            let protected_by = self.is_protected(place, Some(&hit.range));
            self.rejected.push(Rejection { line: self.context.alive[place], rule: hit.rule, score, protected_by });
        }
    }
}

fn extends(rule: &Rule) -> bool {
    matches!(rule.form, Form::Block | Form::Tail)
}

/// Whether a line is a quotation: it begins with a quotation mark and ends with one, or never closes it.
fn is_quoted(line: &str) -> bool {
    use crate::text::chars::is_quote;
    let line = line.trim();
    line.starts_with(is_quote) && (line.ends_with(is_quote) || line.chars().filter(|&c| is_quote(c)).count() == 1)
}
