//! What each rule of a set came to in reports, and which never came to anything.

use std::collections::HashSet;
use std::io::BufRead;

use serde::Serialize;

use super::place::STANDARD_INPUT;
use super::read::{ReportError, ReportedRemoval, ReportedRow, ReportedTally, read_rows};
use super::tally::{Part, Sample, Tallies, Tally};
use super::{SCHEMA, Status};
use crate::clean::{BLANK, CONTEXT_RULES};
use crate::rules::{Action, Preset, Rule, RuleSet};

/// The sums over the rows of reports.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    documents: u64,
    documents_failed: u64,
    words: u64,
    words_removed: u64,
    without_text: u64,
    tallies: Tallies,
}

impl Stats {
    /// Nothing so far; at most so many samples a rule will be kept.
    pub fn new(most_samples: usize) -> Stats {
        Stats { tallies: Tallies::new(most_samples), ..Stats::default() }
    }

    /// Adds a report.
    ///
    /// # Errors
    /// At the first line that is no row.
    pub fn read(&mut self, report: &mut dyn BufRead) -> Result<(), ReportError> {
        read_rows(report, |row| self.add(row))
    }

    fn add(&mut self, row: &ReportedRow<'_>) {
        self.documents += 1;
        self.documents_failed += u64::from(row.status == Status::Failed);
        self.words = self.words.saturating_add(row.words.unwrap_or(0));
        self.words_removed = self.words_removed.saturating_add(row.words_removed.unwrap_or(0));
        let document = row.path.as_deref().unwrap_or(STANDARD_INPUT);
        let has_no_text = row.removed.iter().any(|it| it.text.is_none()) || !row.tally.is_empty();
        self.without_text += u64::from(has_no_text);
        self.tallies.add(document, row.removed.iter().map(of_removal).chain(row.tally.iter().map(of_tally)));
    }

    /// Holds the sums against a rule set.
    pub fn against<'s>(&'s self, rules: &'s RuleSet) -> RuleStats<'s> {
        let all = self.tallies.words();
        let hit: Vec<HitRule<'_>> = self.tallies.by_words().into_iter().map(|it| HitRule::of(it, all, rules)).collect();
        let unused = unused(&hit, rules);
        RuleStats {
            schema: SCHEMA,
            documents: self.documents,
            documents_failed: self.documents_failed,
            words: self.words,
            words_removed: self.words_removed,
            documents_without_text: self.without_text,
            hit,
            unused,
        }
    }
}

fn of_removal<'r>(removal: &'r ReportedRemoval<'_>) -> Part<'r> {
    let (rule, category) = (&*removal.rule, &*removal.category);
    match removal.text.as_deref() {
        Some(text) => Part::of_text(rule, category, text),
        None => Part { rule, category, hits: 1, words: removal.words.unwrap_or(0), text: None },
    }
}

fn of_tally<'r>(tally: &'r ReportedTally<'_>) -> Part<'r> {
    Part { rule: &tally.rule, category: &tally.category, hits: tally.removals, words: tally.words, text: None }
}

/// What the rules of a set came to.
#[derive(Clone, Debug, Serialize)]
pub struct RuleStats<'s> {
    /// The version of this format.
    pub schema: u32,
    /// The documents of the reports.
    pub documents: u64,
    /// Those that failed.
    pub documents_failed: u64,
    /// The words of all documents.
    pub words: u64,
    /// Those that were removed.
    pub words_removed: u64,
    /// The documents whose rows do not hold the removed texts, so that there are no samples of them.
    pub documents_without_text: u64,
    /// The rules that removed something: those with the most words first.
    pub hit: Vec<HitRule<'s>>,
    /// The rules and judgements of the set that removed nothing.
    pub unused: Vec<UnusedRule<'s>>,
}

/// What an id of a report stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A rule of the set.
    Rule,
    /// A judgement that needs no rule.
    Context,
    /// Blank lines that a removal left behind.
    Blank,
    /// Nothing that the set knows: the report was made with other rules.
    Unknown,
}

/// A rule that removed something.
#[derive(Clone, Debug, Serialize)]
pub struct HitRule<'s> {
    /// Its id, as the report has it.
    pub rule: &'s str,
    /// What the id stands for.
    pub kind: Kind,
    /// The id that the rule has now, where it had another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub now: Option<&'s str>,
    /// Its category, as the report has it.
    pub category: &'s str,
    /// Its languages; none where it is no rule of the set.
    pub lang: Vec<&'s str>,
    /// How many removals it made.
    pub hits: u64,
    /// In how many documents.
    pub documents: u64,
    /// How many words they took.
    pub words: u64,
    /// How many of a hundred removed words that is.
    pub percent: f64,
    /// A few of the texts.
    pub samples: Vec<&'s Sample>,
}

impl<'s> HitRule<'s> {
    fn of((id, tally): (&'s str, &'s Tally), all_words: u64, rules: &'s RuleSet) -> HitRule<'s> {
        let rule = rules.get(id);
        let kind = match rule {
            Some(_) => Kind::Rule,
            None if id == BLANK => Kind::Blank,
            None if CONTEXT_RULES.iter().any(|context| context.id == id) => Kind::Context,
            None => Kind::Unknown,
        };
        HitRule {
            rule: id,
            kind,
            now: rule.map(|rule| &*rule.id).filter(|&now| now != id),
            category: &tally.category,
            lang: rule.map(Rule::lang_names).unwrap_or_default(),
            hits: tally.hits,
            documents: tally.documents,
            words: tally.words,
            percent: rounded(100.0 * tally.words as f64 / all_words.max(1) as f64),
            samples: tally.samples(),
        }
    }
}

fn rounded(percent: f64) -> f64 {
    (percent * 1000.0).round() / 1000.0
}

/// A rule that removed nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnusedRule<'s> {
    /// Its id.
    pub rule: &'s str,
    /// What the id stands for.
    pub kind: Kind,
    /// Its category.
    pub category: &'s str,
    /// Its languages.
    pub lang: Vec<&'s str>,
    /// Whether its category stays unless `--drop` asks for it, so that it could hardly remove anything.
    pub kept_by_default: bool,
}

/// The rules that could have removed something and did not; protecting ones never stand in reports.
fn unused<'s>(hit: &[HitRule<'_>], set: &'s RuleSet) -> Vec<UnusedRule<'s>> {
    let hit: HashSet<&str> = hit.iter().map(|hit| hit.now.unwrap_or(hit.rule)).collect();
    let is_hit = |id: &str| hit.contains(id);
    let rules = set.rules().iter().filter(|rule| rule.action == Action::Remove && !is_hit(&rule.id));
    let rules = rules.map(|rule| UnusedRule {
        rule: &rule.id,
        kind: Kind::Rule,
        category: &rule.category,
        lang: rule.lang_names(),
        kept_by_default: set.category(&rule.category).is_some_and(|category| category.is_kept(Preset::Balanced)),
    });
    let contexts = CONTEXT_RULES.iter().filter(|context| !is_hit(context.id)).map(|context| UnusedRule {
        rule: context.id,
        kind: Kind::Context,
        category: context.category,
        lang: Vec::new(),
        kept_by_default: false,
    });
    rules.chain(contexts).collect()
}
