//! What a cleaner was built with: rules, preset, and what is kept or dropped.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::context::{CONTEXT_RULES, ContextRule};
use super::document::Document;
use super::language::Languages;
use super::pass::Cause;
use super::pool::Pool;
use super::title::Title;
use super::weigh;
use crate::matching::{Matcher, RuleIndex};
use crate::rules::{Action, Preset, Rule, RuleSet, Weights, nearest};

/// Why a cleaner cannot be built as asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Nothing is named so.
    #[error("there is no rule and no category `{target}`; {}", way_out(.nearest.as_deref(), .categories))]
    UnknownTarget {
        /// What was to be kept or dropped.
        target: String,
        /// What may have been meant.
        nearest: Option<String>,
        /// The categories there are.
        categories: String,
    },
    /// It cannot be both.
    #[error("`{target}` is both kept and dropped; name it once")]
    KeptAndDropped {
        /// What was to be kept and dropped.
        target: String,
    },
    /// No rule and no word list speaks the language.
    #[error("no rule speaks the language `{lang}`; give one of the codes {known}")]
    UnknownLanguage {
        /// The language that was given.
        lang: String,
        /// The codes of the languages that rules or word lists speak.
        known: String,
    },
}

/// What is asked of a cleaner besides its rules.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    pub(super) preset: Preset,
    pub(super) keep: Vec<String>,
    pub(super) drop: Vec<String>,
    pub(super) title: Option<Title>,
    pub(super) lang: Option<String>,
}

/// What to do about a name that nothing has.
fn way_out(nearest: Option<&str>, categories: &str) -> String {
    match nearest {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the categories are {categories}; `dechrome rules list` names the rules"),
    }
}

/// What decides on every document in the same way.
#[derive(Debug)]
pub(super) struct Settings {
    matcher: Matcher,
    preset: Preset,
    /// By rule, whether its hits remove; those of the others keep.
    removes: Vec<bool>,
    /// By rule, whether its lines stay whatever the context says.
    insists: Vec<bool>,
    contexts: Vec<bool>,
    title: Title,
    languages: Languages,
    /// The language of every document, where it was given.
    lang: Option<Arc<str>>,
    /// Buffers that go from document to document; they remember lines, too, so that they belong to one matcher.
    pool: Pool,
}

impl Settings {
    pub(super) fn new(rules: RuleSet, wishes: &Wishes) -> Result<Settings, BuildError> {
        let preset = wishes.preset;
        let title = wishes.title.unwrap_or_else(|| Title::of_preset(preset));
        let targets = Targets::new(&rules, &wishes.keep, &wishes.drop)?;
        let lang = wishes.lang.as_deref().map(|lang| known_language(&rules, lang)).transpose()?;
        let removes = |rule: &Rule| rule.action == Action::Remove && targets.removes(&rules, rule, preset);
        let removes = rules.rules().iter().map(removes).collect();
        let always_kept =
            |rule: &Rule| rules.category(&rule.category).is_some_and(|it| it.keep.len() == Preset::ALL.len());
        let insists =
            |rule: &Rule| targets.asks_to_keep(rule) || (always_kept(rule) && !targets.removes(&rules, rule, preset));
        let insists = rules.rules().iter().map(insists).collect();
        let kept = |name: &str| rules.category(name).is_some_and(|category| category.is_kept(preset));
        let allows = |rule: &ContextRule| targets.allows(rule.id, rule.category, kept(rule.category));
        let contexts = CONTEXT_RULES.iter().map(allows).collect();
        let languages = Languages::new(rules.vocabulary());
        let matcher = Matcher::new(rules);
        Ok(Settings { matcher, preset, removes, insists, contexts, title, languages, lang, pool: Pool::default() })
    }

    pub(super) fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.pool
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
        weigh::threshold(self.preset, self.weights())
    }

    /// The share of a document's words that removals may take that are not `alone`, in percent.
    pub(super) fn budget(&self) -> i32 {
        weigh::budget(self.preset, self.weights())
    }

    /// How much a line that went as a category tells that the article is over.
    pub(super) fn end_weight(&self, category: &str) -> i32 {
        self.rule_set().category(category).map_or(0, |category| category.end)
    }

    /// Whether lines of a category stand among the entries of menus.
    pub(super) fn is_in_menus(&self, category: &str) -> bool {
        self.rule_set().category(category).is_some_and(|category| category.menu)
    }

    /// How much must tell that an article is over.
    pub(super) fn end_needed(&self) -> i32 {
        weigh::end(self.preset, self.weights()).0
    }

    /// How many words may stand behind an article's end, in percent of those before it.
    pub(super) fn end_share(&self) -> usize {
        usize::try_from(weigh::end(self.preset, self.weights()).1).unwrap_or(0)
    }

    /// Whether a rule's lines stay even behind the article's end: corrections, and what the user asked to keep.
    pub(super) fn insists_on(&self, rule: RuleIndex) -> bool {
        self.insists[rule]
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

    /// What becomes of titles.
    pub(super) fn title(&self) -> Title {
        self.title
    }

    /// The language of what is left of a document, or of all documents, where it was given.
    pub(super) fn language<'l>(&'l self, document: &'l Document<'_>) -> Option<&'l Arc<str>> {
        if self.lang.is_some() {
            return self.lang.as_ref();
        }
        document.lang.get_or_init(|| self.languages.of(&document.sample())).as_ref()
    }

    /// Whether a rule speaks a document's language.
    pub(super) fn speaks(&self, rule: &Rule, document: &Document<'_>) -> bool {
        !rule.langs.is_empty() && self.language(document).is_some_and(|lang| rule.langs.contains(lang))
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

    fn removes(&self, rules: &RuleSet, rule: &Rule, preset: Preset) -> bool {
        let kept_by_default = rules.category(&rule.category).is_some_and(|category| category.is_kept(preset));
        self.allows(&rule.id, &rule.category, kept_by_default)
    }

    fn asks_to_keep(&self, rule: &Rule) -> bool {
        self.keep.contains(&*rule.id) || (self.keep.contains(&*rule.category) && !self.drop.contains(&*rule.id))
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
    let categories = rules.categories().map(|(name, _)| name).collect::<Vec<_>>().join(", ");
    Err(BuildError::UnknownTarget { target: target.to_owned(), nearest: near.map(str::to_owned), categories })
}

/// The language of a code that some rule or word list speaks.
fn known_language(rules: &RuleSet, code: &str) -> Result<Arc<str>, BuildError> {
    let of_rules = rules.rules().iter().flat_map(|rule| rule.langs.iter());
    let known: BTreeSet<&Arc<str>> = of_rules.chain(rules.vocabulary().languages()).collect();
    let code = code.to_ascii_lowercase();
    match known.iter().find(|lang| ***lang == code.as_str().into()) {
        Some(lang) => Ok((*lang).clone()),
        None => {
            let known = known.iter().map(|lang| &***lang).collect::<Vec<_>>().join(" ");
            Err(BuildError::UnknownLanguage { lang: code, known })
        }
    }
}

/// A language that is told when it is first asked for.
pub(super) type LazyLanguage = OnceCell<Option<Arc<str>>>;
