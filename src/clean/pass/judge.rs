//! Judgements that need no rule, once rules have decided.

use super::super::after::{self, LineFacts};
use super::super::context::Judgement;
use super::super::rulebook::CategoryIndex;
use super::super::weigh::Score;
use super::{Cause, Pass};

impl Pass<'_, '_> {
    /// Makes the judgements that need no rule; whether anything goes by them.
    pub(super) fn judge_context(&mut self) -> bool {
        let weights = self.settings.weights();
        let mut takes = self.judge(Judgement::DoubledTitle, "doubled-title", weights.doubled_title, |pass| {
            pass.context.doubled_titles(pass.document, &pass.doubles)
        });
        takes |= self.judge(Judgement::MenuRun, "menu-run", weights.menu_run, |pass| {
            pass.context.menus(pass.document, &|place| pass.goes(place), &|place| pass.goes_as_menu(place))
        });
        takes |= self.judge(Judgement::HeadlineTail, "headline-tail", weights.headline_tail, |pass| {
            pass.context.headline_tail(pass.document, &|place| pass.goes(place))
        });
        takes |= self.judge(Judgement::HeadlineTail, "bare-headlines", weights.bare_headlines, |pass| {
            pass.context.bare_headlines(pass.document)
        });
        self.judge_end() || takes
    }

    /// Takes the lines that a judgement finds, where it is allowed and weighs enough; whether there are any.
    fn judge(
        &mut self,
        judgement: Judgement,
        evidence: &'static str,
        weight: i32,
        find: impl Fn(&Self) -> Vec<usize>,
    ) -> bool {
        if !self.settings.rulebook().allows(judgement) || weight < self.settings.threshold() {
            return false;
        }
        let places = find(self);
        for &place in &places {
            self.take(place, judgement, Score::single(evidence, weight));
        }
        !places.is_empty()
    }

    /// The category that a line goes as.
    fn goes_as(&self, place: usize) -> Option<CategoryIndex> {
        let (cause, _) = self.decided[place].as_ref()?;
        Some(self.settings.rulebook().category_of(*cause))
    }

    /// Whether a line goes as what stands among the entries of menus.
    fn goes_as_menu(&self, place: usize) -> bool {
        self.goes_as(place).is_some_and(|category| self.settings.rulebook().category(category).is_in_menus)
    }

    /// Takes what stands behind the end of the article, but for what is to stay in any case; whether there is anything.
    fn judge_end(&mut self) -> bool {
        let judgement = Judgement::AfterEnd;
        let is_allowed = self.settings.rulebook().allows(judgement);
        if !is_allowed || self.limits.held_back.contains(&Cause::Context(judgement)) {
            return false;
        }
        let marks = self.marks();
        if !after::may_end(marks.iter().flatten().copied(), self.settings) {
            return false;
        }
        let facts = self.line_facts(&marks);
        let Some(end) = after::end(&facts, self.document, self.settings) else { return false };
        let first = self.context.alive.partition_point(|&line| line <= end.line);
        for place in first..self.count() {
            let insisted = self.hits(place).iter().any(|hit| self.rule(hit.rule).insists);
            if !insisted {
                self.take(place, judgement, end.score.clone());
            }
        }
        true
    }

    /// By line of the document, the category that it goes as, or went as.
    fn marks(&self) -> Vec<Option<CategoryIndex>> {
        let mut marks: Vec<_> = self.document.lines.iter().map(|line| line.went_as).collect();
        for (place, &line) in self.context.alive.iter().enumerate() {
            marks[line] = self.goes_as(place).or(marks[line]);
        }
        marks
    }

    /// What is known of every line, whether it is left or not.
    fn line_facts(&self, marks: &[Option<CategoryIndex>]) -> Vec<LineFacts> {
        let gone = |&mark| LineFacts { mark, goes: true, ..LineFacts::default() };
        let mut facts: Vec<LineFacts> = marks.iter().map(gone).collect();
        for place in (0..self.count()).filter(|&place| !self.goes(place)) {
            let facts = &mut facts[self.context.alive[place]];
            facts.goes = false;
            facts.is_body = self.is_body(place);
            facts.is_sentence = self.is_sentence(place);
        }
        facts
    }

    fn take(&mut self, place: usize, judgement: Judgement, score: Score) {
        if self.decided[place].is_none() && self.is_protected(place, None).is_none() {
            self.decided[place] = Some((Cause::Context(judgement), score));
        }
    }
}
