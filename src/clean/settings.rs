//! What a cleaner was built with: rules, preset, and what is kept or dropped.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::context::{CONTEXT_RULES, ContextRule};
use super::document::Document;
use super::language::Languages;
use super::pass::Cause;
use super::weigh::Preset;
use crate::matching::{Matcher, RuleIndex};
use crate::rules::{Action, Rule, RuleSet, Weights, nearest};

/// Why a cleaner cannot be built as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Nothing is named so.
    #[error("there is no rule and no category `{target}`{}; `dechrome rules list` names them", suggestion(.nearest))]
    UnknownTarget {
        /// What was to be kept or dropped.
        target: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// It cannot be both.
    #[error("`{target}` is both kept and dropped; name it once")]
    KeptAndDropped {
        /// What was to be kept and dropped.
        target: String,
    },
}

fn suggestion(nearest: &Option<String>) -> String {
    nearest.as_ref().map(|name| format!(" (did you mean `{name}`?)")).unwrap_or_default()
}

/// What decides on every document in the same way.
#[derive(Debug)]
pub(super) struct Settings {
    matcher: Matcher,
    preset: Preset,
    /// By rule, whether its hits remove; those of the others keep.
    removes: Vec<bool>,
    contexts: Vec<bool>,
    languages: Languages,
}

impl Settings {
    pub(super) fn new(
        rules: RuleSet,
        preset: Preset,
        keep: &[String],
        drop: &[String],
    ) -> Result<Settings, BuildError> {
        let targets = Targets::new(&rules, keep, drop)?;
        let removes =
            rules.rules().iter().map(|rule| rule.action == Action::Remove && targets.removes(&rules, rule)).collect();
        let contexts = CONTEXT_RULES.iter().map(|rule| targets.allows(rule.id, rule.category, false)).collect();
        let languages = Languages::new(rules.vocabulary());
        let matcher = Matcher::new(rules);
        Ok(Settings { matcher, preset, removes, contexts, languages })
    }

    pub(super) fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    pub(super) fn rule_set(&self) -> &RuleSet {
        self.matcher.rules()
    }

    pub(super) fn rules(&self) -> &[Rule] {
        self.matcher.rules().rules()
    }

    pub(super) fn weights(&self) -> &Weights {
        self.matcher.rules().weights()
    }

    pub(super) fn threshold(&self) -> i32 {
        self.preset.threshold(self.weights())
    }

    /// The share of a document's words that removals may take that are not `alone`, in percent.
    pub(super) fn budget(&self) -> i32 {
        self.preset.budget(self.weights())
    }

    /// Whether a hit of the rule asks for a removal.
    pub(super) fn removes(&self, rule: RuleIndex) -> bool {
        self.removes[rule]
    }

    /// Whether a judgement that needs no rule may be made.
    pub(super) fn allows(&self, rule: &ContextRule) -> bool {
        CONTEXT_RULES.iter().position(|other| other.id == rule.id).is_some_and(|n| self.contexts[n])
    }

    /// The rule and the category that a removal is put down to.
    pub(super) fn names(&self, cause: Cause) -> (Arc<str>, Arc<str>) {
        match cause {
            Cause::Rule(rule) => (self.rules()[rule].id.clone(), self.rules()[rule].category.clone()),
            Cause::Context(rule) => (rule.id.into(), rule.category.into()),
        }
    }

    /// The language of what is left of a document.
    pub(super) fn language(&self, document: &Document<'_>) -> Option<Arc<str>> {
        document.lang.get_or_init(|| self.languages.of(&document.sample())).clone()
    }

    /// Whether a rule speaks a document's language.
    pub(super) fn speaks(&self, rule: &Rule, document: &Document<'_>) -> bool {
        self.language(document).is_some_and(|lang| rule.langs.contains(&lang))
    }
}

/// What `keep` and `drop` name: rule ids decide before categories.
struct Targets<'t> {
    keep: BTreeSet<&'t str>,
    drop: BTreeSet<&'t str>,
}

impl<'t> Targets<'t> {
    fn new(rules: &'t RuleSet, keep: &'t [String], drop: &'t [String]) -> Result<Targets<'t>, BuildError> {
        let resolve = |target: &'t String| resolve(rules, target);
        let keep = keep.iter().map(resolve).collect::<Result<BTreeSet<_>, _>>()?;
        let drop = drop.iter().map(resolve).collect::<Result<BTreeSet<_>, _>>()?;
        match keep.intersection(&drop).next() {
            Some(target) => Err(BuildError::KeptAndDropped { target: (*target).to_owned() }),
            None => Ok(Targets { keep, drop }),
        }
    }

    fn removes(&self, rules: &RuleSet, rule: &Rule) -> bool {
        let kept_by_default = rules.category(&rule.category).is_some_and(|category| category.keep);
        self.allows(&rule.id, &rule.category, kept_by_default)
    }

    fn allows(&self, id: &str, category: &str, kept_by_default: bool) -> bool {
        if self.keep.contains(id) || self.drop.contains(id) {
            return self.drop.contains(id);
        }
        if self.keep.contains(category) || self.drop.contains(category) {
            return self.drop.contains(category);
        }
        !kept_by_default
    }
}

/// The rule id (its new one, for an old one) or category that a target names.
fn resolve<'t>(rules: &'t RuleSet, target: &'t str) -> Result<&'t str, BuildError> {
    if let Some(rule) = rules.get(target) {
        return Ok(&rule.id);
    }
    let contexts = CONTEXT_RULES.iter().flat_map(|rule| [rule.id, rule.category]);
    let names = || rules.categories().map(|(name, _)| name).chain(contexts.clone());
    if names().any(|name| name == target) {
        return Ok(target);
    }
    let near = nearest(target, names().chain(rules.rules().iter().map(|rule| &*rule.id)));
    Err(BuildError::UnknownTarget { target: target.to_owned(), nearest: near.map(str::to_owned) })
}

/// A language that is told when it is first asked for.
pub(super) type LazyLanguage = OnceCell<Option<Arc<str>>>;
