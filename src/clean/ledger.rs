//! The names and grounds that removals carry. Each thread has its own: were they shared by all, counting who holds them would
//! make threads wait for each other.

use std::sync::Arc;

use super::Settings;
use super::cleaned::{Evidence, Grounds, Removal};
use super::context::CONTEXT_RULES;
use super::cut::Taken;
use super::pass::Cause;
use super::weigh::{Basis, Score, Witnesses};

/// What has been named before.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    rules: Vec<Option<Arc<str>>>,
    categories: Vec<Option<Arc<str>>>,
    /// By judgement; behind them the one of blank lines.
    judgements: Vec<Option<Arc<str>>>,
    languages: Vec<Arc<str>>,
    /// By strength and witnesses, the grounds of a rule's hit.
    hits: Vec<Option<Grounds>>,
    /// Grounds of a single piece of evidence.
    singles: Vec<(Evidence, Grounds)>,
}

impl Ledger {
    /// The removal that something taken away comes to.
    pub(super) fn removal(&mut self, taken: Taken, settings: &Settings) -> Removal {
        Removal {
            rule: self.rule(taken.cause, settings),
            category: self.category(taken.cause, settings),
            evidence: self.grounds(taken.score, settings),
            range: taken.range,
            line: taken.line,
        }
    }

    fn rule(&mut self, cause: Cause, settings: &Settings) -> Arc<str> {
        let name = match cause {
            Cause::Rule(rule) => slot(&mut self.rules, rule),
            Cause::Context(judgement) => slot(&mut self.judgements, judgement as usize),
            Cause::Blank => slot(&mut self.judgements, CONTEXT_RULES.len()),
        };
        name.get_or_insert_with(|| settings.name(cause).into()).clone()
    }

    fn category(&mut self, cause: Cause, settings: &Settings) -> Arc<str> {
        let category = settings.rulebook().category_of(cause);
        let name = || Arc::from(&*settings.rulebook().category(category).name);
        slot(&mut self.categories, category).get_or_insert_with(name).clone()
    }

    /// The code of a language.
    pub(super) fn language(&mut self, code: &str) -> Arc<str> {
        if let Some(known) = self.languages.iter().find(|known| &***known == code) {
            return known.clone();
        }
        self.languages.push(code.into());
        code.into()
    }

    fn grounds(&mut self, score: Score, settings: &Settings) -> Grounds {
        let evidence = || Grounds::from(score.evidence(settings.weights()));
        match &score.basis {
            Basis::Hit(strength, witnesses) => {
                let place = *strength as usize * Witnesses::SETS + witnesses.number();
                slot(&mut self.hits, place).get_or_insert_with(evidence).clone()
            }
            Basis::Single(name) => {
                let same = |known: &Evidence| known.name == *name && known.weight == score.sum;
                if let Some((_, known)) = self.singles.iter().find(|(known, _)| same(known)) {
                    return known.clone();
                }
                let grounds = evidence();
                self.singles.extend(grounds.first().cloned().map(|only| (only, grounds.clone())));
                grounds
            }
            Basis::Told(grounds) => grounds.clone(),
        }
    }
}

/// The place of a number, made where there is none yet.
fn slot<T>(places: &mut Vec<Option<T>>, number: usize) -> &mut Option<T> {
    if places.len() <= number {
        places.resize_with(number + 1, || None);
    }
    &mut places[number]
}
