//! Which hits on a line suffice, by what is known of the line.

use std::cell::OnceCell;
use std::cmp::Reverse;

use super::super::weigh::{Score, Witness, Witnesses};
use super::{Cause, Pass, extends};
use crate::matching::{Hit, RuleIndex};
use crate::rules::{Form, Place, Strength};
use crate::text::chars::is_quote;

impl Pass<'_, '_> {
    /// Finds the hits on the whole line that suffice, the one that decides first: those of `alone` rules come first, since they
    /// need no budget, then those of more weight, then those in the document's language.
    pub(super) fn find_sufficient(&mut self, place: usize) {
        let mut sufficient = std::mem::take(&mut self.sufficient);
        sufficient.clear();
        let may_be_kept = self.hits(place).iter().any(|hit| self.keeps_for_sure(place, hit));
        let witnesses = OnceCell::new();
        let mut others = std::mem::take(&mut self.others);
        others.clear();
        for (number, hit) in self.hits(place).iter().enumerate() {
            if !self.may_act(place, hit) || !self.is_whole(place, hit) {
                continue;
            }
            if self.is_alone(hit.rule) {
                sufficient.extend(self.sufficient_score(place, hit, &witnesses).map(|score| (hit.rule, score)));
            } else {
                others.push(number);
            }
        }
        let is_decided = !sufficient.is_empty();
        for &number in &others {
            let hit = &self.hits(place)[number];
            // Behind one that decides by itself, the others only matter for what they take besides the line.
            let matters = !is_decided || extends(self.rule(hit.rule));
            if matters && !(may_be_kept && self.is_kept_for_sure(place, hit.rule)) {
                sufficient.extend(self.sufficient_score(place, hit, &witnesses).map(|score| (hit.rule, score)));
            }
        }
        self.others = others;
        self.put_first(&mut sufficient);
        self.sufficient = sufficient;
    }

    /// Puts the hit first that decides; where several take other lines, too, all are put in order.
    fn put_first(&self, sufficient: &mut [(RuleIndex, Score)]) {
        // Of equals, the one that speaks the document's language tells a reader most.
        let foreign = |rule: RuleIndex| !self.settings.speaks(rule, self.document);
        if sufficient.iter().filter(|(rule, _)| extends(self.rule(*rule))).count() > 1 {
            return sufficient.sort_by_cached_key(|(rule, score)| {
                (!self.is_alone(*rule), Reverse(score.sum), foreign(*rule), *rule)
            });
        }
        let rank = |(rule, score): &(RuleIndex, Score)| (!self.is_alone(*rule), Reverse(score.sum));
        let Some(best) = sufficient.iter().map(rank).min() else { return };
        let is_best = |one: &(RuleIndex, Score)| rank(one) == best;
        let native = if sufficient.iter().filter(|one| is_best(one)).count() > 1 {
            sufficient.iter().position(|one| is_best(one) && !foreign(one.0))
        } else {
            None
        };
        if let Some(first) = native.or_else(|| sufficient.iter().position(is_best)) {
            sufficient.swap(0, first);
        }
    }

    fn is_alone(&self, rule: RuleIndex) -> bool {
        self.rule(rule).strength == Strength::Alone
    }

    /// Whether the rule of a hit decides by itself that the line stays, and may.
    fn keeps_for_sure(&self, place: usize, hit: &Hit) -> bool {
        let rule = self.rule(hit.rule);
        rule.keeps_for_sure && self.is_in_place(rule.place, place)
    }

    /// Whether a rule that decides by itself says that the line is of a category that stays and has its place in the text, such as
    /// a byline: then what is less sure in the same language does not take it for something else.
    fn is_kept_for_sure(&self, place: usize, taker: RuleIndex) -> bool {
        let langs = |rule: RuleIndex| self.settings.rulebook().langs(rule);
        let shares_tongue = |keeper: RuleIndex| langs(keeper).iter().any(|lang| langs(taker).contains(lang));
        let mut keepers = self.hits(place).iter().filter(|hit| self.keeps_for_sure(place, hit));
        keepers.any(|hit| langs(hit.rule).is_empty() || shares_tongue(hit.rule))
    }

    fn is_in_place(&self, wanted: Place, place: usize) -> bool {
        match wanted {
            Place::Any => true,
            Place::Head => self.context.in_head(place),
            Place::Tail => self.context.in_tail(place),
        }
    }

    /// Whether a hit speaks of the whole line: its rule does, or the span takes all of it.
    pub(super) fn is_whole(&self, place: usize, hit: &Hit) -> bool {
        let rest = |part: Option<&str>| part.is_none_or(|part| part.trim().is_empty());
        self.rule(hit.rule).form != Form::Span || {
            let text = self.line(place).text(self.document.text);
            rest(text.get(..hit.range.start)) && rest(text.get(hit.range.end..))
        }
    }

    /// Whether a rule may act where it hit.
    pub(super) fn may_act(&self, place: usize, hit: &Hit) -> bool {
        let rule = self.rule(hit.rule);
        rule.removes
            && self.is_in_place(rule.place, place)
            && (!self.limits.alone_only || rule.strength == Strength::Alone)
            && !self.limits.held_back.contains(&Cause::Rule(hit.rule))
            && (rule.form != Form::Tail || self.context.ends_body(place))
            // A teaser does not begin in the midst of a sentence.
            && (rule.form != Form::End || !self.line(place).begins_small(self.document.text))
    }

    /// What speaks for and against a hit.
    pub(super) fn score(&self, place: usize, hit: &Hit) -> Score {
        let strength = self.rule(hit.rule).strength;
        let witnesses = match strength {
            Strength::Alone => Witnesses::default(),
            Strength::Supported | Strength::Run => self.all_witnesses(place, hit, self.line_witnesses(place)),
        };
        Score::of(strength, witnesses, self.settings.sums())
    }

    /// The score of a hit, if it suffices; the witnesses are those of its line, once they have been asked for.
    pub(super) fn sufficient_score(&self, place: usize, hit: &Hit, witnesses: &OnceCell<Witnesses>) -> Option<Score> {
        let (strength, sums) = (self.rule(hit.rule).strength, self.settings.sums());
        let suffices = |witnesses| sums.of(strength, witnesses) >= self.settings.threshold();
        if strength == Strength::Alone {
            let witnesses = Witnesses::default();
            return suffices(witnesses).then(|| Score::of(strength, witnesses, sums));
        }
        let of_line = *witnesses.get_or_init(|| self.line_witnesses(place));
        // What the whole document has to be asked for takes longest, and is not asked for where it could not change the verdict.
        let weights = self.settings.weights();
        let at_best = self.of_form(hit, of_line).with(Witness::Language, weights.language > 0);
        if !suffices(at_best.with(Witness::Repeated, weights.repeated_line > 0)) {
            return None;
        }
        let all = self.all_witnesses(place, hit, of_line);
        suffices(all).then(|| Score::of(strength, all, sums))
    }

    /// What is known of a line that a rule hit, but for what [`Self::all_witnesses`] adds.
    fn line_witnesses(&self, place: usize) -> Witnesses {
        let (line, text) = (self.line(place), self.document.text);
        Witnesses::default()
            .with(Witness::Head, self.context.in_head(place))
            .with(Witness::Tail, self.context.in_tail(place))
            .with(Witness::Neighbour, self.neighbour_goes(place))
            .with(Witness::Short, self.context.has_body() && line.shape(text).is_short())
            .with(Witness::InRun, self.context.in_run(self.document, place))
            .with(Witness::Quoted, is_quoted(line.text(text)))
            .with(Witness::Prose, line.is_prose(text))
    }

    /// Without what says nothing of a part of a line, where the hit is one.
    fn of_form(&self, hit: &Hit, witnesses: Witnesses) -> Witnesses {
        match self.rule(hit.rule).form {
            Form::Span => witnesses.without(Witness::Short).without(Witness::Quoted).without(Witness::Prose),
            _ => witnesses,
        }
    }

    /// Adds what the whole document has to be asked for.
    fn all_witnesses(&self, place: usize, hit: &Hit, of_line: Witnesses) -> Witnesses {
        let whole = self.rule(hit.rule).form != Form::Span;
        self.of_form(hit, of_line)
            .with(Witness::Language, self.settings.speaks(hit.rule, self.document))
            .with(Witness::Repeated, whole && self.context.is_repeated(self.document, place))
    }

    pub(super) fn neighbour_goes(&self, place: usize) -> bool {
        self.goes(place.wrapping_sub(1)) || self.goes(place + 1)
    }
}

/// Whether a line is a quotation: it begins with a quotation mark and ends with one, or never closes it.
fn is_quoted(line: &str) -> bool {
    let line = line.trim();
    line.starts_with(is_quote) && (line.ends_with(is_quote) || line.chars().filter(|&c| is_quote(c)).count() == 1)
}
