//! One look at what is left of a document: which of its lines, and which parts of lines, should go.

mod judge;

use std::ops::Range;

use super::Settings;
use super::context::{Context, Judgement, is_body};
use super::document::Document;
use super::doubles;
use super::line::Line;
use super::links;
use super::pool::Buffers;
use super::rulebook::RuleFacts;
use super::weigh::{Score, Witnesses};
use crate::matching::{Hit, RuleIndex};
use crate::rules::{Form, Place, Strength};
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
    let mut pass = Pass {
        document,
        settings,
        limits,
        context,
        doubles,
        decided,
        sufficient: Vec::new(),
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

struct Pass<'p, 't> {
    document: &'p mut Document<'t>,
    settings: &'p Settings,
    limits: Limits<'p>,
    context: Context,
    /// The lines that print the title once more.
    doubles: Vec<usize>,
    /// By place among the lines that are left.
    decided: Vec<Option<(Cause, Score)>>,
    /// The hits on the line at hand that suffice.
    sufficient: Vec<(RuleIndex, Score)>,
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
        let open = (0..self.count()).rev().filter(|&place| self.decided[place].is_none() && self.is_hit(place));
        self.queue = open.collect();
        while let Some(place) = self.queue.pop() {
            if self.decided[place].is_some() || !self.is_hit(place) {
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

    /// Finds the hits on the whole line that suffice: those of `alone` rules first, since they need no budget, then by weight,
    /// then those in the document's language.
    fn find_sufficient(&mut self, place: usize) {
        let mut sufficient = std::mem::take(&mut self.sufficient);
        sufficient.clear();
        let is_alone = |rule: RuleIndex| self.rule(rule).strength == Strength::Alone;
        for hit in self.hits(place) {
            let score = if self.is_whole(place, hit) { self.sufficient_score(place, hit) } else { None };
            let score = score.filter(|_| is_alone(hit.rule) || !self.is_kept_for_sure(place, hit.rule));
            sufficient.extend(score.map(|score| (hit.rule, score)));
        }
        if sufficient.len() > 1 {
            // Of equals, the one that speaks the document's language tells a reader most.
            let foreign = |rule: RuleIndex| !self.settings.speaks(rule, self.document);
            sufficient.sort_by_cached_key(|(rule, score)| {
                (!is_alone(*rule), std::cmp::Reverse(score.sum), foreign(*rule), *rule)
            });
        }
        self.sufficient = sufficient;
    }

    /// Whether a rule that decides by itself says that the line is of a category that stays and has its place in the text, such as
    /// a byline: then what is less sure in the same language does not take it for something else.
    fn is_kept_for_sure(&self, place: usize, taker: RuleIndex) -> bool {
        let langs = |rule: RuleIndex| &self.settings.rules()[rule].langs;
        self.hits(place).iter().any(|hit| {
            let rule = self.rule(hit.rule);
            rule.keeps_for_sure && self.is_in_place(rule.place, place) && {
                let tongues = langs(hit.rule);
                tongues.is_empty() || tongues.iter().any(|lang| langs(taker).contains(lang))
            }
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
        let rest = |part: Option<&str>| part.is_none_or(|part| part.trim().is_empty());
        self.rule(hit.rule).form != Form::Span || {
            let text = self.line(place).text(self.document.text);
            rest(text.get(..hit.range.start)) && rest(text.get(hit.range.end..))
        }
    }

    /// Whether a rule may act where it hit.
    fn may_act(&self, place: usize, hit: &Hit) -> bool {
        let rule = self.rule(hit.rule);
        rule.removes
            && self.is_in_place(rule.place, place)
            && (!self.limits.alone_only || rule.strength == Strength::Alone)
            && !self.limits.held_back.contains(&Cause::Rule(hit.rule))
            && (rule.form != Form::Tail || self.context.ends_body(place))
            // A teaser does not begin in the midst of a sentence.
            && (rule.form != Form::End || !self.line(place).begins_small(self.document.text))
    }

    /// What speaks for and against a hit; `None` where the rule must not act.
    fn score(&self, place: usize, hit: &Hit) -> Option<Score> {
        self.may_act(place, hit).then(|| {
            let strength = self.rule(hit.rule).strength;
            let witnesses = match strength {
                Strength::Alone => Witnesses::default(),
                Strength::Supported | Strength::Run => self.more_witnesses(place, hit, self.witnesses(place, hit)),
            };
            Score::of(strength, witnesses, self.settings.weights())
        })
    }

    /// The score of a hit, if it suffices.
    fn sufficient_score(&self, place: usize, hit: &Hit) -> Option<Score> {
        if !self.may_act(place, hit) {
            return None;
        }
        let (weights, threshold) = (self.settings.weights(), self.settings.threshold());
        let strength = self.rule(hit.rule).strength;
        let score = |witnesses| Some(Score::of(strength, witnesses, weights)).filter(|score| score.sum >= threshold);
        if strength == Strength::Alone {
            return score(Witnesses::default());
        }
        let witnesses = self.witnesses(place, hit);
        // The others take longest to hear, and are not asked where they could not change the verdict.
        let best = Witnesses { language: weights.language > 0, repeated: weights.repeated_line > 0, ..witnesses };
        score(best)?;
        score(self.more_witnesses(place, hit, witnesses))
    }

    /// What is known of a line that a rule hit, but for what [`Self::more_witnesses`] tells.
    fn witnesses(&self, place: usize, hit: &Hit) -> Witnesses {
        let (line, text) = (self.line(place), self.document.text);
        let whole = self.rule(hit.rule).form != Form::Span;
        Witnesses {
            head: self.context.in_head(place),
            tail: self.context.in_tail(place),
            neighbour: self.goes(place.wrapping_sub(1)) || self.goes(place + 1),
            short: whole && self.context.has_body() && line.shape(text).is_short(),
            in_run: self.context.in_run(self.document, place),
            quoted: whole && is_quoted(line.text(text)),
            prose: whole && line.is_prose(text),
            language: false,
            repeated: false,
        }
    }

    /// Adds what the whole document has to be asked for.
    fn more_witnesses(&self, place: usize, hit: &Hit, witnesses: Witnesses) -> Witnesses {
        let whole = self.rule(hit.rule).form != Form::Span;
        Witnesses {
            language: self.settings.speaks(hit.rule, self.document),
            repeated: whole && self.context.is_repeated(self.document, place),
            ..witnesses
        }
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
        let (mut decisions, mut rejected) = (Vec::new(), Vec::new());
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
        for hit in hits {
            let Some(score) = self.sufficient_score(place, &hit) else { continue };
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
            let Some(score) = self.score(place, &hit) else { continue };
            let protected_by = self.is_protected(place, Some(&hit.range));
            rejected.push(Rejection { line: self.context.alive[place], rule: hit.rule, score, protected_by });
        }
    }
}

fn extends(rule: &RuleFacts) -> bool {
    matches!(rule.form, Form::Block | Form::Tail)
}

/// Whether a line is a quotation: it begins with a quotation mark and ends with one, or never closes it.
fn is_quoted(line: &str) -> bool {
    use crate::text::chars::is_quote;
    let line = line.trim();
    line.starts_with(is_quote) && (line.ends_with(is_quote) || line.chars().filter(|&c| is_quote(c)).count() == 1)
}
