//! Which rules did what rules of their kind seldom do. Each finding is a sentence that a reader can follow up.

use std::collections::BTreeMap;

use super::facts::{AllFacts, RuleFacts};
use crate::report::terminal::count;
use crate::rules::{Form, RuleSet};

/// How many findings are shown.
const MOST_FOUND: usize = 8;
/// How many of them are of one kind.
const MOST_OF_A_KIND: usize = 3;
/// A removal of fewer words is no prose, however short those of other rules are.
const PROSE_WORDS: u64 = 25;
/// How many times as much as the usual rule of its form makes a rule unusual.
const TIMES_USUAL: u64 = 4;
/// Rules of fewer hits say little about what is usual.
const HITS_TO_JUDGE: u64 = 3;
/// From so many documents on it means something that a rule hits on one site only, or in another language.
const DOCUMENTS_TO_JUDGE: u64 = 10;
/// How many sites a run must have for that.
const SITES_TO_JUDGE: usize = 5;

/// A rule that should be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Suspicion {
    pub(super) rule: String,
    /// What is unusual, in a sentence.
    pub(super) why: String,
    /// How grave it is, and how often it happened.
    rank: (u8, u64),
}

/// The rules with unusual hits, the gravest first; of each rule its gravest.
pub(super) fn suspicions(all: &AllFacts, rules: &RuleSet, sites: usize) -> Vec<Suspicion> {
    let usual = usual_words(all, rules);
    let mut found: Vec<Suspicion> = Vec::new();
    for (id, facts) in all.rules.iter().filter(|(id, _)| *id != "blank" && *id != "link-markup") {
        let form = rules.get(id).map(|rule| rule.form);
        let judged = [
            most_of_a_document(facts),
            sentences_inside(facts),
            form.and_then(|form| long_prose(facts, form, usual.get(form.to_string().as_str()).copied()?)),
            one_site(facts, sites),
            other_language(id, facts, rules),
        ];
        let worst = judged.into_iter().flatten().max_by_key(|(rank, _)| *rank);
        found.extend(worst.map(|(rank, why)| Suspicion { rule: id.clone(), why, rank }));
    }
    found.sort_by(|a, b| b.rank.cmp(&a.rank).then_with(|| a.rule.cmp(&b.rule)));
    let mut of_kind: BTreeMap<u8, usize> = BTreeMap::new();
    found.retain(|suspicion| {
        let number = of_kind.entry(suspicion.rank.0).or_default();
        *number += 1;
        *number <= MOST_OF_A_KIND
    });
    found.truncate(MOST_FOUND);
    found
}

type Judged = Option<((u8, u64), String)>;

/// The words that rules of each form usually take a hit: the median of the rules' averages.
fn usual_words(all: &AllFacts, rules: &RuleSet) -> BTreeMap<String, u64> {
    let mut averages: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for (id, facts) in all.rules.iter().filter(|(_, facts)| facts.read >= HITS_TO_JUDGE) {
        if let Some(rule) = rules.get(id) {
            averages.entry(rule.form.to_string()).or_default().push(facts.words / facts.read);
        }
    }
    let median = |mut averages: Vec<u64>| {
        averages.sort_unstable();
        averages.get(averages.len() / 2).copied().unwrap_or(0)
    };
    averages.into_iter().map(|(form, averages)| (form, median(averages))).collect()
}

fn most_of_a_document(facts: &RuleFacts) -> Judged {
    let why = format!(
        "It alone took more than half of the words of {}. A rule should hardly ever be most of what there is.",
        documents(facts.most_of)
    );
    (facts.most_of > 0).then_some(((5, facts.most_of), why))
}

fn sentences_inside(facts: &RuleFacts) -> Judged {
    let often = facts.sentences_inside >= HITS_TO_JUDGE && facts.sentences_inside * 4 >= facts.read;
    let why = format!(
        "{} of its {} removals took a sentence of twelve words or more from the midst of a text, where bodies have theirs.",
        count(facts.sentences_inside),
        count(facts.hits)
    );
    often.then_some(((4, facts.sentences_inside), why))
}

fn long_prose(facts: &RuleFacts, form: Form, usual: u64) -> Judged {
    let average = facts.words.checked_div(facts.read)?;
    let unusual = facts.read >= HITS_TO_JUDGE && average >= PROSE_WORDS && average >= usual * TIMES_USUAL;
    let why = format!(
        "It takes {average} words a removal; the usual rule of the form “{form}” takes {usual}. Long removals are more \
         often prose than short ones."
    );
    unusual.then_some(((3, facts.words), why))
}

fn one_site(facts: &RuleFacts, sites: usize) -> Judged {
    let (site, times) = facts.sites.most()?;
    let alone = facts.sites.all >= DOCUMENTS_TO_JUDGE && times * 10 >= facts.sites.all * 9 && sites >= SITES_TO_JUDGE;
    let why = format!(
        "{} of its {} are of one site, {site}, though the run has {}. It may mean something else there.",
        count(times),
        documents(facts.sites.all),
        count(sites as u64)
    );
    alone.then_some(((1, times), why))
}

fn other_language(id: &str, facts: &RuleFacts, rules: &RuleSet) -> Judged {
    let rule = rules.get(id).filter(|rule| !rule.langs.is_empty())?;
    let own: u64 = rule.langs.iter().filter_map(|lang| facts.langs.counts.get(&**lang)).sum();
    let other = facts.langs.all - own.min(facts.langs.all);
    let unusual = facts.langs.all >= DOCUMENTS_TO_JUDGE && other * 10 >= facts.langs.all * 7;
    let why = format!(
        "It is a rule for {}, but {} of its {} are in another language. Themes mix languages; look whether this is one.",
        rule.lang_names().join(", "),
        count(other),
        documents(facts.langs.all)
    );
    unusual.then_some(((2, other), why))
}

fn documents(number: u64) -> String {
    if number == 1 { "1 document".to_owned() } else { format!("{} documents", count(number)) }
}
