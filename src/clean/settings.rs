//! What a cleaner was built with: rules, preset, and what is kept or dropped.

use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::context::CONTEXT_RULES;
use super::cut::BLANK;
use super::document::Document;
use super::language::{LanguageIndex, Languages};
use super::pass::Cause;
use super::pool::Pool;
use super::rulebook::Rulebook;
use super::title::Title;
use super::weigh::{self, Sums};
use crate::matching::{Matcher, RuleIndex};
use crate::rules::{Preset, Rule, RuleSet, Rules, Weights, nearest};

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
    rulebook: Rulebook,
    sums: Sums,
    title: Title,
    languages: Languages,
    /// The language of every document, where it was given.
    lang: Option<LanguageIndex>,
    /// What goes from document to document; it remembers lines, too, so that it belongs to one matcher.
    pool: Pool,
}

impl Settings {
    pub(super) fn new(rules: RuleSet, wishes: &Wishes) -> Result<Settings, BuildError> {
        let preset = wishes.preset;
        let title = wishes.title.unwrap_or_else(|| Title::of_preset(preset));
        let mut languages = Languages::new(rules.vocabulary());
        let targets = Targets::new(&rules, &wishes.keep, &wishes.drop)?;
        let rulebook = Rulebook::new(&rules, targets, preset, &mut languages);
        let lang = wishes.lang.as_deref().map(|lang| known_language(&rules, lang)).transpose()?;
        let lang = lang.map(|code| languages.number(&code));
        let sums = Sums::new(rules.weights());
        let matcher = Matcher::new(rules);
        Ok(Settings { matcher, preset, rulebook, sums, title, languages, lang, pool: Pool::default() })
    }

    pub(super) fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.pool
    }

    pub(super) fn rulebook(&self) -> &Rulebook {
        &self.rulebook
    }

    pub(super) fn rule_set(&self) -> &RuleSet {
        self.matcher.rules()
    }

    pub(super) fn rules(&self) -> &Rules {
        self.matcher.rules().by_place()
    }

    pub(super) fn weights(&self) -> &Weights {
        self.matcher.rules().weights()
    }

    /// What hits weigh.
    pub(super) fn sums(&self) -> &Sums {
        &self.sums
    }

    pub(super) fn threshold(&self) -> i32 {
        weigh::threshold(self.preset, self.weights())
    }

    /// The share of a document's words that removals may take that are not `alone`, in percent.
    pub(super) fn budget(&self) -> i32 {
        weigh::budget(self.preset, self.weights())
    }

    /// How much must tell that an article is over.
    pub(super) fn end_needed(&self) -> i32 {
        weigh::end(self.preset, self.weights()).0
    }

    /// How many words may stand behind an article's end, in percent of those before it.
    pub(super) fn end_share(&self) -> usize {
        usize::try_from(weigh::end(self.preset, self.weights()).1).unwrap_or(0)
    }

    /// The rule or judgement that a removal is put down to.
    pub(super) fn name(&self, cause: Cause) -> &str {
        match cause {
            Cause::Rule(rule) => &self.rules()[rule].id,
            Cause::Context(judgement) => judgement.rule().id,
            Cause::Blank => BLANK,
        }
    }

    /// What becomes of titles.
    pub(super) fn title(&self) -> Title {
        self.title
    }

    /// The language of what is left of a document, or of all documents, where it was given.
    pub(super) fn language(&self, document: &Document<'_>) -> Option<LanguageIndex> {
        self.lang.or_else(|| *document.lang.get_or_init(|| self.languages.of(&document.sample())))
    }

    /// The code of a language.
    pub(super) fn code(&self, language: LanguageIndex) -> &str {
        self.languages.code(language)
    }

    /// Whether a rule speaks a document's language.
    pub(super) fn speaks(&self, rule: RuleIndex, document: &Document<'_>) -> bool {
        let langs = self.rulebook.langs(rule);
        !langs.is_empty() && self.language(document).is_some_and(|lang| langs.contains(&lang))
    }
}

/// What `keep` and `drop` name: rule ids decide before categories.
#[derive(Debug)]
pub(super) struct Targets {
    keep: BTreeSet<String>,
    drop: BTreeSet<String>,
}

impl Targets {
    fn new(rules: &RuleSet, keep: &[String], drop: &[String]) -> Result<Targets, BuildError> {
        let resolve = |target: &String| resolve(rules, target).map(str::to_owned);
        let keep = keep.iter().map(resolve).collect::<Result<BTreeSet<_>, _>>()?;
        let drop = drop.iter().map(resolve).collect::<Result<BTreeSet<_>, _>>()?;
        match keep.intersection(&drop).next() {
            Some(target) => Err(BuildError::KeptAndDropped { target: target.clone() }),
            None => Ok(Targets { keep, drop }),
        }
    }

    /// Whether the user named a rule, or its category, to be kept.
    pub(super) fn asks_to_keep(&self, rule: &Rule) -> bool {
        self.keep.contains(&*rule.id) || (self.keep.contains(&*rule.category) && !self.drop.contains(&*rule.id))
    }

    /// Whether what a rule or judgement finds may go.
    pub(super) fn allows(&self, id: &str, category: &str, kept_by_default: bool) -> bool {
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

/// A language that is told when it is first asked for; attempts at the same document ask once.
pub(super) type LazyLanguage = Rc<OnceCell<Option<LanguageIndex>>>;
