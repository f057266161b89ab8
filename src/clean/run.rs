//! Pass after pass until nothing changes, within the budget.

use std::sync::Arc;

use super::Settings;
use super::cleaned::{Counts, Outcome, Reason, Removal};
use super::context::Judgement;
use super::cut::{Taken, cut, with_blanks};
use super::document::Document;
use super::pass::{Cause, Decision, Limits, Rejection, pass};
use super::pool::Buffers;
use super::title::{self, Title};
use super::weigh::Score;
use crate::matching::RuleIndex;
use crate::rules::Strength;
use crate::text::lines::{LineSpan, lines};
use crate::text::words::count_words;

/// After so many passes a document that still changes is kept whole.
const MAX_PASSES: usize = 8;
/// So many times a document is tried again without rules that took too much; then it is kept whole. Rules that say the same would
/// be held back one after the other otherwise.
const MAX_TRIES: usize = 16;

/// How much may go besides what `alone` rules take, and how much would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Words that may go.
    pub words_allowed: usize,
    /// Words that went, or would have gone.
    pub words_used: usize,
    /// Words that one rule may take.
    pub words_allowed_a_rule: usize,
}

/// A rule or judgement that was held back, with the words that it would have taken, where it is a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overdrawn {
    pub(super) cause: Cause,
    pub(super) words: Option<usize>,
}

/// What came of a document.
pub(super) struct Run {
    pub(super) removals: Vec<Removal>,
    pub(super) rejections: Vec<Rejection>,
    pub(super) outcome: Outcome,
    pub(super) budget: Budget,
    pub(super) held_back: Vec<Cause>,
    /// What those that were held back would have taken, in the order in which that showed.
    pub(super) overdrawn: Vec<Overdrawn>,
    pub(super) counts: Counts,
    pub(super) lang: Option<Arc<str>>,
}

/// Decides on a document, so that cleaning its kept text again would change nothing.
///
/// `known` is the title, where the caller knows it; `rejects` is whether the hits that did not suffice are to be told.
pub(super) fn run(text: &str, known: Option<&str>, settings: &Settings, rejects: bool) -> Run {
    settings.pool().with(|buffers| run_with(Titled { text, known }, settings, rejects, buffers))
}

/// A text, and its title, where the caller knows it.
#[derive(Clone, Copy)]
struct Titled<'t> {
    text: &'t str,
    known: Option<&'t str>,
}

fn run_with(titled: Titled<'_>, settings: &Settings, rejects: bool, buffers: &mut Buffers) -> Run {
    let Titled { text, known } = titled;
    let run = decide(titled, settings, settings.title(), rejects, buffers);
    let ordinary = run.held_back.is_empty() && !matches!(run.outcome, Outcome::KeptWhole(_));
    if ordinary || run.removals.is_empty() {
        return run;
    }
    // Without the whole budget, what is left may be judged differently the next time. Where it would, nothing goes. A title
    // that is dropped stands outside this: of what is left behind it, the first headline may look like a title again.
    let kept = match settings.title() {
        Title::Keep => cut(text, &run.removals),
        Title::Drop => cut(text, &decide(titled, settings, Title::Keep, false, buffers).removals),
    };
    let kept = Titled { text: &kept, known };
    if decide(kept, settings, Title::Keep, false, buffers).removals.is_empty() {
        return run;
    }
    let reason = match run.outcome {
        Outcome::KeptWhole(reason) => reason,
        Outcome::Cleaned | Outcome::Unchanged => Reason::Unstable,
    };
    let counts = Counts { lines_removed: 0, words_removed: 0, ..run.counts };
    Run { removals: Vec::new(), outcome: Outcome::KeptWhole(reason), counts, ..run }
}

fn decide(titled: Titled<'_>, settings: &Settings, title: Title, rejects: bool, buffers: &mut Buffers) -> Run {
    let spans = &lines(titled.text);
    let document = Document::new(titled.text, spans, titled.known, settings.matcher(), buffers);
    if document.has_nothing_to_judge() {
        let attempt = Attempt::new(document, settings, rejects);
        return attempt.finish(Ending { spans, held_back: Vec::new(), title, kept_whole: None }, buffers);
    }
    let (mut held_back, mut overdrawn) = (Vec::new(), Vec::new());
    let mut attempt = Attempt::new(document, settings, rejects).settle(&held_back, false, buffers);
    for _ in 0..MAX_TRIES {
        let Some(mut greedy) = attempt.take_greedy() else { break };
        overdrawn.extend(greedy.iter().map(|&cause| attempt.overdrawn(cause)));
        held_back.append(&mut greedy);
        held_back.sort_unstable();
        attempt = attempt.again().settle(&held_back, false, buffers);
    }
    let reason = match attempt.verdict {
        Verdict::Settled => {
            let ending = Ending { spans, held_back, title, kept_whole: None };
            return Run { overdrawn, ..attempt.finish(ending, buffers) };
        }
        Verdict::OverBudget | Verdict::RulesOverBudget => Reason::OverBudget,
        Verdict::Unsettled => Reason::Unstable,
    };
    let budget = attempt.budget;
    let alone = attempt.again().settle(&held_back, true, buffers);
    let ending = Ending { spans, held_back, title: Title::Keep, kept_whole: Some(reason) };
    Run { budget, overdrawn, ..alone.finish(ending, buffers) }
}

/// How a document's last attempt is to end.
struct Ending<'e> {
    /// The lines of the document, blank ones, too.
    spans: &'e [LineSpan],
    held_back: Vec<Cause>,
    title: Title,
    /// Why the document is kept whole, if it is.
    kept_whole: Option<Reason>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Settled,
    Unsettled,
    OverBudget,
    RulesOverBudget,
}

/// One try at a document, with some rules held back.
struct Attempt<'t, 's> {
    settings: &'s Settings,
    /// Whether the hits that did not suffice are to be told.
    rejects: bool,
    document: Document<'t>,
    taken: Vec<Taken>,
    rejections: Vec<Rejection>,
    budget: Budget,
    /// Words taken by each rule that is not `alone`, or not built in.
    by_rule: Vec<(RuleIndex, usize)>,
    greedy: Vec<Cause>,
    took_after_end: bool,
    words_removed: usize,
    verdict: Verdict,
}

impl<'t, 's> Attempt<'t, 's> {
    fn new(document: Document<'t>, settings: &'s Settings, rejects: bool) -> Attempt<'t, 's> {
        let words_allowed = share(document.words, settings.budget(), settings);
        let words_allowed_a_rule = share(document.words, settings.weights().budget_rule, settings);
        Attempt {
            settings,
            rejects,
            document,
            taken: Vec::new(),
            rejections: Vec::new(),
            budget: Budget { words_allowed, words_used: 0, words_allowed_a_rule },
            by_rule: Vec::new(),
            greedy: Vec::new(),
            took_after_end: false,
            words_removed: 0,
            verdict: Verdict::Unsettled,
        }
    }

    /// Another try at its document.
    fn again(self) -> Attempt<'t, 's> {
        let mut document = self.document;
        document.restore();
        Attempt::new(document, self.settings, self.rejects)
    }

    /// Goes on pass by pass until nothing changes.
    fn settle(mut self, held_back: &[Cause], alone_only: bool, buffers: &mut Buffers) -> Attempt<'t, 's> {
        for _ in 0..MAX_PASSES {
            let limits = Limits { held_back, alone_only, rejects: self.rejects };
            let (decisions, rejections) = pass(&mut self.document, self.settings, limits, buffers);
            self.rejections = rejections;
            if decisions.is_empty() {
                self.verdict = Verdict::Settled;
                break;
            }
            self.apply(decisions, buffers);
        }
        self.judge_budget();
        self
    }

    fn apply(&mut self, decisions: Vec<Decision>, buffers: &mut Buffers) {
        let mut parts = Vec::new();
        self.taken.reserve(decisions.len());
        for at in 0..decisions.len() {
            let decision = &decisions[at];
            self.record(decision);
            match &decision.part {
                None => self.document.lines[decision.line].gone = true,
                Some(part) => parts.push(part.clone()),
            }
            let last_of_line = decisions.get(at + 1).is_none_or(|next| next.line != decision.line);
            if last_of_line && !parts.is_empty() {
                self.cut_parts(decision.line, &std::mem::take(&mut parts), buffers);
            }
        }
        self.document.refresh(self.settings.matcher(), buffers);
    }

    /// Notes what a decision takes away, while the line still has it.
    fn record(&mut self, decision: &Decision) {
        let line = &self.document.lines[decision.line];
        let (range, words) = match &decision.part {
            None => (line.span.start..line.span.next, line.words(self.document.text)),
            Some(part) => (line.raw_range(part), count_words(&line.text(self.document.text)[part.clone()])),
        };
        let line = line.number + 1;
        self.count(decision.cause, words);
        let category = self.settings.rulebook().category_of(decision.cause);
        self.document.lines[decision.line].went_as = Some(category);
        self.taken.push(Taken { range, line, cause: decision.cause, score: decision.score.clone() });
    }

    /// Cuts parts of a line; where nothing is left of the line, its terminator goes, too.
    fn cut_parts(&mut self, line: usize, parts: &[std::ops::Range<usize>], buffers: &mut Buffers) {
        self.document.cut(line, parts, self.settings.matcher(), buffers);
        let line = &self.document.lines[line];
        if let Some(taken) = self.taken.last_mut().filter(|_| line.gone) {
            taken.range = line.span.start..line.span.next;
        }
    }

    fn count(&mut self, cause: Cause, words: usize) {
        self.words_removed += words;
        let rule = match cause {
            Cause::Rule(rule) if self.is_alone(rule) => {
                if !self.settings.rulebook().rule(rule).is_builtin {
                    self.take(rule, words);
                }
                return;
            }
            Cause::Context(Judgement::LinkMarkup) | Cause::Blank => return,
            Cause::Rule(rule) => Some(rule),
            Cause::Context(judgement) => {
                self.took_after_end |= judgement == Judgement::AfterEnd;
                None
            }
        };
        self.budget.words_used += words;
        if let Some(rule) = rule {
            self.take(rule, words);
        }
    }

    fn is_alone(&self, rule: RuleIndex) -> bool {
        self.settings.rulebook().rule(rule).strength == Strength::Alone
    }

    fn take(&mut self, rule: RuleIndex, words: usize) {
        match self.by_rule.iter_mut().find(|(other, _)| *other == rule) {
            Some((_, taken)) => *taken += words,
            None => self.by_rule.push((rule, words)),
        }
    }

    /// What a rule took in this try.
    fn overdrawn(&self, cause: Cause) -> Overdrawn {
        let taken = |rule| self.by_rule.iter().find(|(other, _)| *other == rule).map(|(_, taken)| *taken);
        let words = match cause {
            Cause::Rule(rule) => taken(rule),
            Cause::Context(_) | Cause::Blank => None,
        };
        Overdrawn { cause, words }
    }

    /// What took too much, if the document should be tried again without it.
    fn take_greedy(&mut self) -> Option<Vec<Cause>> {
        match self.verdict {
            Verdict::RulesOverBudget => Some(std::mem::take(&mut self.greedy)),
            Verdict::OverBudget if self.took_after_end => Some(vec![Cause::Context(Judgement::AfterEnd)]),
            _ => None,
        }
    }

    fn judge_budget(&mut self) {
        let own_alone = share(self.document.words, self.settings.weights().budget_own_alone, self.settings);
        let allowed = |rule| if self.is_alone(rule) { own_alone } else { self.budget.words_allowed_a_rule };
        let greedy = self.by_rule.iter().filter(|(rule, taken)| *taken > allowed(*rule));
        self.greedy = greedy.map(|(rule, _)| Cause::Rule(*rule)).collect();
        if !self.greedy.is_empty() {
            self.verdict = Verdict::RulesOverBudget;
        } else if self.budget.words_used > self.budget.words_allowed {
            self.verdict = Verdict::OverBudget;
        }
    }

    fn drop_title(&mut self) {
        let Some(index) = title::line(&self.document) else { return };
        let line = &mut self.document.lines[index];
        line.gone = true;
        self.words_removed += line.words(self.document.text);
        let (range, number) = (line.span.start..line.span.next, line.number + 1);
        let score = Score::single(Judgement::Title.rule().id, 0);
        self.taken.push(Taken { range, line: number, cause: Cause::Context(Judgement::Title), score });
    }

    fn finish(mut self, ending: Ending<'_>, buffers: &mut Buffers) -> Run {
        if ending.title == Title::Drop {
            if self.document.has_hits() {
                // The language that such hits are weighed in is that of the text with its title.
                self.settings.language(&self.document);
            }
            self.drop_title();
        }
        let taken = with_blanks(&self.document, ending.spans, self.taken);
        let removals: Vec<_> = taken.into_iter().map(|taken| buffers.ledger.removal(taken, self.settings)).collect();
        let outcome = match ending.kept_whole {
            Some(reason) => Outcome::KeptWhole(reason),
            None if removals.is_empty() => Outcome::Unchanged,
            None => Outcome::Cleaned,
        };
        let counts = Counts {
            lines: ending.spans.len(),
            lines_removed: lines_removed(ending.spans, &removals),
            words: self.document.words,
            words_removed: self.words_removed,
        };
        let lang = self.settings.language(&self.document).map(|lang| buffers.ledger.language(self.settings.code(lang)));
        Run {
            removals,
            rejections: self.rejections,
            outcome,
            budget: self.budget,
            held_back: ending.held_back,
            overdrawn: Vec::new(),
            counts,
            lang,
        }
    }
}

/// A share of a document's words, but never less than the floor.
fn share(words: usize, percent: i32, settings: &Settings) -> usize {
    let share = words.saturating_mul(usize::try_from(percent).unwrap_or(0)) / 100;
    share.max(usize::try_from(settings.weights().budget_floor).unwrap_or(0))
}

/// The lines of which nothing is left, not even a terminator.
fn lines_removed(spans: &[LineSpan], removals: &[Removal]) -> usize {
    if removals.is_empty() {
        return 0;
    }
    let mut removals = removals.iter().peekable();
    let mut count = 0;
    for span in spans {
        let mut at = span.start;
        while let Some(removal) = removals.peek().filter(|removal| removal.range.start < span.next) {
            if removal.range.start > at || removal.range.end > span.next {
                break;
            }
            at = removal.range.end;
            removals.next();
        }
        while removals.peek().is_some_and(|removal| removal.range.end <= span.next) {
            removals.next();
        }
        count += usize::from(at == span.next);
    }
    count
}
