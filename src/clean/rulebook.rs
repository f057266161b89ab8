//! What cleaning asks of rules and categories again and again, by their numbers.

use std::collections::HashMap;
use std::sync::Arc;

use super::context::{CONTEXT_RULES, ContextRule, Judgement};
use super::cut::BLANK;
use super::language::{LanguageIndex, Languages};
use super::pass::Cause;
use super::settings::Targets;
use crate::matching::RuleIndex;
use crate::rules::{Action, Form, OnDemand, Place, Preset, Rule, RuleSet, Strength};

/// A category's number in a rulebook.
pub(super) type CategoryIndex = usize;

/// What is to be known of a rule.
#[derive(Clone, Debug)]
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
    /// The languages it speaks; none for any.
    langs: Box<[LanguageIndex]>,
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
    set: RuleSet,
    targets: Targets,
    /// Of each rule that has been asked for.
    rules: OnDemand<RuleFacts>,
    /// The languages that rules speak.
    tongues: HashMap<String, LanguageIndex>,
    categories: Categories,
    /// By judgement, its category.
    contexts: Vec<CategoryIndex>,
    allowed: Vec<bool>,
    blank: CategoryIndex,
}

impl Rulebook {
    pub(super) fn new(set: &RuleSet, targets: Targets, preset: Preset, languages: &mut Languages) -> Rulebook {
        let tongues = set.by_place().language_names().map(|code| (code.to_owned(), languages.number(code))).collect();
        let mut categories = Categories::default();
        set.by_place().category_names().for_each(|name| _ = categories.add(name, set, preset));
        let contexts: Vec<_> = CONTEXT_RULES.iter().map(|rule| categories.add(rule.category, set, preset)).collect();
        let blank = categories.add(BLANK, set, preset);
        let allows = |(rule, &category): (&ContextRule, &CategoryIndex)| {
            targets.allows(rule.id, rule.category, categories.facts[category].is_kept)
        };
        let allowed = CONTEXT_RULES.iter().zip(&contexts).map(allows).collect();
        let rules = OnDemand::new(set.by_place().count());
        Rulebook { set: set.clone(), targets, rules, tongues, categories, contexts, allowed, blank }
    }

    pub(super) fn rule(&self, rule: RuleIndex) -> &RuleFacts {
        self.rules.get(rule, || self.look_at(&self.set.by_place()[rule]))
    }

    fn look_at(&self, rule: &Rule) -> RuleFacts {
        let category = self.categories.by_name[&rule.category];
        let facts = &self.categories.facts[category];
        let goes = self.targets.allows(&rule.id, &rule.category, facts.is_kept);
        let removes = rule.action == Action::Remove && goes;
        let stays = rule.action == Action::Remove && !removes;
        RuleFacts {
            strength: rule.strength,
            form: rule.form,
            place: rule.place,
            category,
            max_lines: rule.max_lines,
            removes,
            insists: self.targets.asks_to_keep(rule) || (facts.is_always_kept && !goes),
            keeps_for_sure: stays && rule.strength == Strength::Alone && rule.place != Place::Any,
            is_builtin: rule.origin.builtin,
            langs: rule.langs.iter().filter_map(|code| self.tongues.get(&**code).copied()).collect(),
        }
    }

    /// The languages that a rule speaks; none for any.
    pub(super) fn langs(&self, rule: RuleIndex) -> &[LanguageIndex] {
        &self.rule(rule).langs
    }

    pub(super) fn category(&self, category: CategoryIndex) -> &CategoryFacts {
        &self.categories.facts[category]
    }

    pub(super) fn categories(&self) -> usize {
        self.categories.facts.len()
    }

    /// The category of what a removal is put down to.
    pub(super) fn category_of(&self, cause: Cause) -> CategoryIndex {
        match cause {
            Cause::Rule(rule) => self.rule(rule).category,
            Cause::Context(judgement) => self.contexts[judgement as usize],
            Cause::Blank => self.blank,
        }
    }

    /// Whether a judgement that needs no rule may be made.
    pub(super) fn allows(&self, judgement: Judgement) -> bool {
        self.allowed[judgement as usize]
    }
}

/// Categories with their numbers.
#[derive(Debug, Default)]
struct Categories {
    facts: Vec<CategoryFacts>,
    by_name: HashMap<Arc<str>, CategoryIndex>,
}

impl Categories {
    /// Adds a category, if it is not there; its number.
    fn add(&mut self, name: &str, set: &RuleSet, preset: Preset) -> CategoryIndex {
        if let Some(&number) = self.by_name.get(name) {
            return number;
        }
        let (known, name, number) = (set.category(name), Arc::<str>::from(name), self.facts.len());
        self.facts.push(CategoryFacts {
            name: name.clone(),
            end: known.map_or(0, |category| category.end),
            is_in_menus: known.is_some_and(|category| category.menu),
            is_kept: known.is_some_and(|category| category.is_kept(preset)),
            is_always_kept: known.is_some_and(|category| category.keep.len() == Preset::ALL.len()),
        });
        self.by_name.insert(name, number);
        number
    }
}
