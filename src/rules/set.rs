//! A rule set: every rule, case, category, word list and weight, resolved and hashed.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use super::all::Rules;
use super::category::Category;
use super::error::Mistakes;
use super::loader::{self, Loader};
use super::rule::{Case, Matchers, Origin, Rule};
use super::vocabulary::Vocabulary;
use super::weights::Weights;

/// Rules that have been read and checked; cheap to clone.
///
/// ```
/// use dechrome::RuleSet;
///
/// let rules = RuleSet::builtin();
/// let rule = rules.get("leave-a-reply").expect("a built-in rule");
/// assert_eq!(&*rule.category, "comment-form");
/// ```
#[derive(Clone, Debug)]
pub struct RuleSet {
    pub(super) inner: Arc<Resolved>,
}

#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) rules: Rules,
    /// Once a rule has been asked for by its id.
    pub(super) ids: OnceLock<HashMap<Arc<str>, usize>>,
    /// How many rules, from the first one on, are those that the program's tables know, with the word lists they know.
    pub(super) tabled: usize,
    pub(super) switched_off: Vec<SwitchedOff>,
    pub(super) cases: Vec<Case>,
    pub(super) categories: Vec<Category>,
    pub(super) vocabulary: Vocabulary,
    pub(super) weights: Weights,
    /// Once it has been asked for: cleaning a text does not need it.
    pub(super) hash: OnceLock<String>,
}

/// A rule that was read and then switched off.
#[derive(Clone, Debug)]
pub(crate) struct SwitchedOff {
    pub(crate) id: Arc<str>,
    /// Where the rule stands.
    pub(crate) rule: Origin,
    /// Where it is switched off.
    pub(crate) by: Origin,
}

impl RuleSet {
    /// The rules that are compiled into the program.
    ///
    /// # Panics
    /// Never in a released program: every built-in rule is read in its tests.
    pub fn builtin() -> RuleSet {
        match RuleSet::loader().load() {
            Ok(rules) => rules,
            Err(errors) => panic!("the built-in rules have mistakes:\n{errors}"),
        }
    }

    /// A loader, which begins with the built-in rules.
    pub fn loader() -> Loader {
        Loader::default()
    }

    /// The rules, by file and by their place in it.
    pub fn rules(&self) -> &[Rule] {
        self.inner.rules.all()
    }

    /// The same by place, for who asks for few of them.
    pub(crate) fn by_place(&self) -> &Rules {
        &self.inner.rules
    }

    /// The rule of this id, or that had it once.
    pub fn get(&self, id: &str) -> Option<&Rule> {
        let ids = self.inner.ids.get_or_init(|| loader::index(self.rules(), &mut Mistakes::default()));
        ids.get(id).map(|&n| &self.inner.rules[n])
    }

    /// The tests of verdicts.
    pub fn cases(&self) -> &[Case] {
        &self.inner.cases
    }

    /// The categories in use, sorted, with what is known about each.
    pub fn categories(&self) -> impl Iterator<Item = (&str, Option<&Category>)> {
        let names: BTreeSet<&str> = self.rules().iter().map(|rule| &*rule.category).collect();
        names.into_iter().map(|name| (name, self.category(name)))
    }

    /// What is known about a category.
    pub fn category(&self, name: &str) -> Option<&Category> {
        self.known_categories().iter().find(|category| &*category.name == name)
    }

    /// The categories that something is known about, in use or not, sorted.
    pub(crate) fn known_categories(&self) -> &[Category] {
        &self.inner.categories
    }

    /// How many rules, from the first one on, the program's tables know.
    pub(crate) fn tabled(&self) -> usize {
        self.inner.tabled
    }

    /// The hash of everything that can change a verdict: rules, word lists, weights, categories; BLAKE3, in hex.
    pub fn hash(&self) -> &str {
        self.inner.hash.get_or_init(|| hash(&self.inner))
    }

    /// The rules that were read and then switched off.
    pub(crate) fn switched_off(&self) -> &[SwitchedOff] {
        &self.inner.switched_off
    }

    /// A set in which every pattern is a rule of its own, without examples; and, by their places in it, the places of rule
    /// and pattern in this one.
    pub(crate) fn by_pattern(&self) -> (RuleSet, Vec<(usize, usize)>) {
        let (mut rules, mut places) = (Vec::new(), Vec::new());
        for (at, rule) in self.rules().iter().enumerate() {
            for (number, matchers) in rule.matchers.each().into_iter().enumerate() {
                let (why, hit, miss) = (String::new(), Vec::new(), Vec::new());
                rules.push(Rule { matchers, why, hit, miss, ..rule.clone() });
                places.push((at, number));
            }
        }
        let Resolved { categories, vocabulary, weights, .. } = &*self.inner;
        let inner = Resolved {
            rules: rules.into(),
            ids: OnceLock::from(HashMap::new()),
            tabled: 0,
            switched_off: Vec::new(),
            cases: Vec::new(),
            categories: categories.clone(),
            vocabulary: vocabulary.clone(),
            weights: weights.clone(),
            hash: OnceLock::new(),
        };
        (RuleSet { inner: Arc::new(inner) }, places)
    }

    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.inner.vocabulary
    }

    pub(crate) fn weights(&self) -> &Weights {
        &self.inner.weights
    }
}

/// Hashes a resolved set in its canonical form: one field behind the other, each with its length.
fn hash(set: &Resolved) -> String {
    let Resolved { rules, categories, vocabulary, weights, .. } = set;
    // Hashed in one go, which is much faster than field by field.
    let mut canonical = Vec::new();
    let mut field = |text: &str| {
        canonical.extend_from_slice(&(text.len() as u64).to_le_bytes());
        canonical.extend_from_slice(text.as_bytes());
    };
    field("dechrome rules 1");
    for rule in rules.all() {
        let Rule { id, category, strength, form, place, action, until, fold, max_lines, .. } = rule;
        field(&format!("{id} {category} {strength} {form} {place} {action} {until} {fold} {max_lines}"));
        field(&rule.langs.join(" "));
        field(if matches!(rule.matchers, Matchers::Regexes(_)) { "regex" } else { "pattern" });
        rule.patterns().into_iter().for_each(&mut field);
    }
    for category in categories {
        let keep = category.keep.iter().map(|preset| preset.name()).collect::<Vec<_>>();
        field(&format!("{} {} {} {}", category.name, category.end, category.menu, keep.join(" ")));
    }
    for name in vocabulary.names() {
        for (lang, words) in vocabulary.by_language(name) {
            field(&format!("{name} {lang}"));
            words.iter().for_each(|word| field(word));
        }
    }
    for (section, key, value) in weights.entries() {
        field(&format!("{section} {key} {value}"));
    }
    blake3::hash(&canonical).to_hex().to_string()
}
