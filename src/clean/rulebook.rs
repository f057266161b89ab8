//! What cleaning asks of rules and categories again and again, by their numbers.

use std::collections::HashMap;
use std::sync::Arc;

use super::context::{CONTEXT_RULES, ContextRule, Judgement};
use super::cut::BLANK;
use super::language::{LanguageIndex, Languages};
use super::pass::Cause;
use super::settings::Targets;
use crate::matching::RuleIndex;
use crate::rules::{Action, Category, Form, Place, Preset, RuleSet, Strength};

/// A category's number in a rulebook.
pub(super) type CategoryIndex = usize;

/// What is to be known of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuleFacts {
    pub(super) strength: Strength,
    pub(super) form: Form,
    pub(super) place: Place,
    pub(super) category: CategoryIndex,
    /// How many lines a block may take after its first.
    pub(super) max_lines: usize,
    /// Whether its hits remove; those of the others keep.
    pub(super) removes: bool,
    /// Whether its lines stay whatever the context says: corrections, and what the user asked to keep.
    pub(super) insists: bool,
    /// Whether it decides by itself that a line is of a kind that stays, and has its place in the text, such as a byline.
    pub(super) keeps_for_sure: bool,
    pub(super) is_builtin: bool,
    /// Which of the rulebook's tongues are its own.
    langs: (u32, u32),
}

/// What is to be known of a category.
#[derive(Clone, Debug)]
pub(super) struct CategoryFacts {
    pub(super) name: Arc<str>,
    /// How much a line that went as it tells that the article is over.
    pub(super) end: i32,
    /// Whether its lines stand among the entries of menus.
    pub(super) is_in_menus: bool,
    is_kept: bool,
    is_always_kept: bool,
}

/// Rules, judgements and categories under one preset, and what the user asked to keep or drop.
#[derive(Debug)]
pub(super) struct Rulebook {
    rules: Vec<RuleFacts>,
    /// The languages that the rules speak, one rule's behind another's.
    tongues: Vec<LanguageIndex>,
    categories: Vec<CategoryFacts>,
    /// By judgement, its category.
    contexts: Vec<CategoryIndex>,
    allowed: Vec<bool>,
    blank: CategoryIndex,
}

impl Rulebook {
    pub(super) fn new(set: &RuleSet, targets: &Targets<'_>, preset: Preset, languages: &mut Languages) -> Rulebook {
        let (mut tongues, mut numbers) = (Vec::new(), HashMap::new());
        let mut categories = Categories { set, preset, by_name: HashMap::new(), facts: Vec::new() };
        let mut rules = Vec::with_capacity(set.rules().len());
        for rule in set.rules() {
            let first = tongues.len() as u32;
            let number = |code| *numbers.entry(code).or_insert_with(|| languages.number(code));
            tongues.extend(rule.langs.iter().map(|code| &**code).map(number));
            let category = categories.number(&rule.category);
            let facts = &categories.facts[category];
            let goes = targets.allows(&rule.id, &rule.category, facts.is_kept);
            let removes = rule.action == Action::Remove && goes;
            let stays = rule.action == Action::Remove && !removes;
            rules.push(RuleFacts {
                strength: rule.strength,
                form: rule.form,
                place: rule.place,
                category,
                max_lines: rule.max_lines,
                removes,
                insists: targets.asks_to_keep(rule) || (facts.is_always_kept && !goes),
                keeps_for_sure: stays && rule.strength == Strength::Alone && rule.place != Place::Any,
                is_builtin: rule.origin.builtin,
                langs: (first, tongues.len() as u32),
            });
        }
        let contexts: Vec<_> = CONTEXT_RULES.iter().map(|rule| categories.number(rule.category)).collect();
        let allows = |(rule, &category): (&ContextRule, &CategoryIndex)| {
            targets.allows(rule.id, rule.category, categories.facts[category].is_kept)
        };
        let allowed = CONTEXT_RULES.iter().zip(&contexts).map(allows).collect();
        let blank = categories.number(BLANK);
        Rulebook { rules, tongues, categories: categories.facts, contexts, allowed, blank }
    }

    pub(super) fn rule(&self, rule: RuleIndex) -> &RuleFacts {
        &self.rules[rule]
    }

    /// The languages that a rule speaks; none for any.
    pub(super) fn langs(&self, rule: RuleIndex) -> &[LanguageIndex] {
        let (first, end) = self.rules[rule].langs;
        &self.tongues[first as usize..end as usize]
    }

    pub(super) fn category(&self, category: CategoryIndex) -> &CategoryFacts {
        &self.categories[category]
    }

    pub(super) fn categories(&self) -> usize {
        self.categories.len()
    }

    /// The category of what a removal is put down to.
    pub(super) fn category_of(&self, cause: Cause) -> CategoryIndex {
        match cause {
            Cause::Rule(rule) => self.rules[rule].category,
            Cause::Context(judgement) => self.contexts[judgement as usize],
            Cause::Blank => self.blank,
        }
    }

    /// Whether a judgement that needs no rule may be made.
    pub(super) fn allows(&self, judgement: Judgement) -> bool {
        self.allowed[judgement as usize]
    }
}

/// Categories as they are met.
struct Categories<'s> {
    set: &'s RuleSet,
    preset: Preset,
    by_name: HashMap<&'s str, CategoryIndex>,
    facts: Vec<CategoryFacts>,
}

impl<'s> Categories<'s> {
    fn number(&mut self, name: &'s str) -> CategoryIndex {
        if let Some(&number) = self.by_name.get(name) {
            return number;
        }
        let known: Option<&Category> = self.set.category(name);
        self.facts.push(CategoryFacts {
            name: name.into(),
            end: known.map_or(0, |category| category.end),
            is_in_menus: known.is_some_and(|category| category.menu),
            is_kept: known.is_some_and(|category| category.is_kept(self.preset)),
            is_always_kept: known.is_some_and(|category| category.keep.len() == Preset::ALL.len()),
        });
        self.by_name.insert(name, self.facts.len() - 1);
        self.facts.len() - 1
    }
}
