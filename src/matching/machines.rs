//! The patterns of a rule set, each read and compiled when it is first run, which most patterns of most languages never are.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::compile::calendar;
use super::pattern::{LazyRegex, Pattern, anchored};
use super::program::{Program, WordList};
use super::tables::{Clues, Facts, Tables};
use crate::rules::{Matchers, OnDemand, Rule, RuleSet, Template};

/// Word lists by the languages of the rules that use them, and by their names.
type Lists = HashMap<(Vec<Arc<str>>, String), Arc<WordList>>;

/// The patterns of a rule, each made when it is first run.
type OfRule = OnDemand<Pattern>;

/// What runs patterns.
#[derive(Debug)]
pub(super) struct Machines {
    /// By rule.
    patterns: OnDemand<OfRule>,
    /// The word lists of the patterns that have been compiled.
    lists: Mutex<Lists>,
    /// What is known of regular expressions before they are compiled.
    clues: Cow<'static, [Clues]>,
    /// The regular expressions that have been asked for, since several rules may have the same.
    regexes: Mutex<HashMap<String, Arc<LazyRegex>>>,
    calendar: Calendar,
}

/// The names of months and weekdays, once a date has been looked for.
#[derive(Debug)]
pub(crate) struct Calendar {
    rules: RuleSet,
    names: OnceLock<WordList>,
}

impl Calendar {
    /// The names.
    pub(super) fn names(&self) -> &WordList {
        self.names.get_or_init(|| WordList::new(calendar(&self.rules)))
    }
}

impl Machines {
    /// What runs the patterns of a rule set.
    pub(super) fn new(rules: RuleSet, clues: Cow<'static, [Clues]>) -> Machines {
        Machines {
            patterns: OnDemand::new(rules.by_place().count()),
            lists: Mutex::default(),
            clues,
            regexes: Mutex::default(),
            calendar: Calendar { rules, names: OnceLock::new() },
        }
    }

    /// The rules.
    pub(super) fn rules(&self) -> &RuleSet {
        &self.calendar.rules
    }

    /// The names of months and weekdays.
    pub(super) fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// A pattern, ready to run.
    pub(super) fn of(&self, facts: &Facts) -> &Pattern {
        let count = || self.rules().by_place()[facts.rule()].matchers.count();
        let of_rule = self.patterns.get(facts.rule(), || OnDemand::new(count()));
        of_rule.get(usize::from(facts.number), || self.compile(facts))
    }

    fn compile(&self, facts: &Facts) -> Pattern {
        let rule = &self.rules().by_place()[facts.rule()];
        let number = usize::from(facts.number);
        match &rule.matchers {
            Matchers::Templates(templates) => Pattern::Template(self.program(rule, &templates.one(number))),
            Matchers::Regexes(sources) => Pattern::Regex(self.regex(facts, anchored(&sources.one(number), facts.form))),
        }
    }

    fn regex(&self, facts: &Facts, source: String) -> Arc<LazyRegex> {
        let mut regexes = self.regexes.lock().unwrap_or_else(PoisonError::into_inner);
        let regex = regexes.entry(source);
        regex
            .or_insert_with_key(|source| Arc::new(LazyRegex::new(source.clone(), Tables::clues(&self.clues, facts))))
            .clone()
    }

    fn program(&self, rule: &Rule, template: &Template) -> Program {
        let node = template.node_once();
        let lists: Vec<_> = node.lists().into_iter().map(|name| self.list(rule, name)).collect();
        Program::new(&node, &lists)
    }

    /// A word list as the rules of some languages see it, shared by their patterns.
    fn list(&self, rule: &Rule, name: &str) -> Arc<WordList> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        let list = lists.entry((rule.langs.clone(), name.to_owned()));
        list.or_insert_with(|| Arc::new(WordList::new(self.rules().vocabulary().words(name, &rule.langs)))).clone()
    }
}
