//! The cleaner: built once, shared by all threads.

use std::sync::Arc;

use super::Settings;
use super::cleaned::Cleaned;
use super::cut::cut;
use super::explain::{self, Explanation};
use super::pass::Cause;
use super::prove::{self, Failure};
use super::run::run;
use super::settings::{BuildError, Wishes};
use super::title::Title;
use crate::rules::{Preset, RuleSet};

/// Removes site chrome from texts; immutable, cheap to clone, shared by threads.
///
/// ```
/// use dechrome::Cleaner;
///
/// let cleaner = Cleaner::new();
/// let text = "The bridge is open again, after two years of work that cost the town three million.\n\nLeave a Reply\n";
/// let cleaned = cleaner.clean(text);
/// assert_eq!(cleaned.text(), "The bridge is open again, after two years of work that cost the town three million.\n");
/// assert_eq!(&*cleaned.removals()[0].category, "blank");
/// assert_eq!(&*cleaned.removals()[1].rule, "leave-a-reply");
/// ```
#[derive(Clone, Debug)]
pub struct Cleaner {
    settings: Arc<Settings>,
}

impl Cleaner {
    /// A cleaner with the built-in rules and the balanced preset.
    pub fn new() -> Cleaner {
        match Cleaner::builder().build() {
            Ok(cleaner) => cleaner,
            // Only a target to keep or drop can be wrong, and none was named.
            Err(error) => unreachable!("{error}"),
        }
    }

    /// A builder, which begins with the built-in rules and the balanced preset.
    pub fn builder() -> CleanerBuilder {
        CleanerBuilder::default()
    }

    /// Removes the chrome of a text.
    ///
    /// The kept text is the text without the removed ranges and nothing else; cleaning it again changes nothing.
    pub fn clean<'t>(&self, text: &'t str) -> Cleaned<'t> {
        self.clean_titled(text, None)
    }

    /// Removes the chrome of a text whose title is known, as it is where records have one of their own: lines that quote it, or
    /// print it where no article repeats it, are known by it although it does not stand above the text.
    ///
    /// ```
    /// let cleaner = dechrome::Cleaner::new();
    /// let text = "The bridge is open again, after two years of work that cost the town three million.\n\
    ///             The post Bridge open again after two years appeared first on Harbour News.\n";
    /// let cleaned = cleaner.clean_titled(text, Some("Bridge open again after two years"));
    /// assert_eq!(cleaned.text().lines().count(), 1);
    /// ```
    pub fn clean_titled<'t>(&self, text: &'t str, title: Option<&str>) -> Cleaned<'t> {
        let run = run(text, title, &self.settings, false);
        let name = |&cause: &Cause| self.settings.name(cause).into();
        Cleaned {
            text: cut(text, &run.removals),
            outcome: run.outcome,
            lang: run.lang,
            counts: run.counts,
            held_back: run.held_back.iter().map(name).collect(),
            removals: run.removals,
        }
    }

    /// Tells for every line of a text what was decided about it, and why.
    pub fn explain(&self, text: &str) -> Explanation {
        explain::explain(text, run(text, None, &self.settings, true), &self.settings)
    }

    /// The rules it was built with.
    pub fn rules(&self) -> &RuleSet {
        self.settings.rule_set()
    }

    /// Whether hits of a rule remove, as the categories' defaults and `keep` and `drop` have it.
    pub fn removes(&self, id: &str) -> bool {
        self.rules()
            .rules()
            .iter()
            .position(|rule| &*rule.id == id)
            .is_some_and(|rule| self.settings.rulebook().rule(rule).removes)
    }

    /// The rules that need a `[[case]]` in their file and have none; of use only for rules loaded with examples.
    pub fn rules_without_case(&self) -> Vec<Failure> {
        prove::without_case(&self.settings)
    }

    /// Runs every hit, miss and case of the rules; what failed, in the order of the rules.
    pub fn test_rules(&self) -> Vec<Failure> {
        prove::failures(self, &self.settings)
    }
}

impl Default for Cleaner {
    fn default() -> Cleaner {
        Cleaner::new()
    }
}

/// Collects what a [`Cleaner`] is built with.
#[derive(Clone, Debug, Default)]
pub struct CleanerBuilder {
    rules: Option<RuleSet>,
    wishes: Wishes,
}

impl CleanerBuilder {
    /// Uses these rules instead of the built-in ones.
    pub fn rules(mut self, rules: RuleSet) -> CleanerBuilder {
        self.rules = Some(rules);
        self
    }

    /// Sets how careful cleaning is.
    pub fn preset(mut self, preset: Preset) -> CleanerBuilder {
        self.wishes.preset = preset;
        self
    }

    /// Keeps what a rule or a category would remove.
    ///
    /// ```
    /// let cleaner = dechrome::Cleaner::builder().keep("comment-form").build()?;
    /// assert_eq!(cleaner.clean("Leave a Reply\n").text(), "Leave a Reply\n");
    /// # Ok::<(), dechrome::BuildError>(())
    /// ```
    pub fn keep(mut self, target: impl Into<String>) -> CleanerBuilder {
        self.wishes.keep.push(target.into());
        self
    }

    /// Removes what a rule or a category finds that is kept by default, such as `byline`.
    pub fn drop(mut self, target: impl Into<String>) -> CleanerBuilder {
        self.wishes.drop.push(target.into());
        self
    }

    /// Sets what becomes of the title above the body; where it is not set, it stays but under [`Preset::Recall`].
    ///
    /// ```
    /// use dechrome::{Cleaner, Title};
    ///
    /// let cleaner = Cleaner::builder().title(Title::Drop).build()?;
    /// let body = "The bridge is open again, after two years of work that cost the town three million.\n";
    /// assert_eq!(cleaner.clean(&format!("Bridge Open Again After Two Years\n\n{body}")).text(), body);
    /// # Ok::<(), dechrome::BuildError>(())
    /// ```
    pub fn title(mut self, title: Title) -> CleanerBuilder {
        self.wishes.title = Some(title);
        self
    }

    /// Says that every document is in the language of an ISO 639 code, instead of telling it from each text.
    pub fn lang(mut self, code: impl Into<String>) -> CleanerBuilder {
        self.wishes.lang = Some(code.into());
        self
    }

    /// Compiles the rules.
    ///
    /// # Errors
    /// When a target to keep or drop is neither a rule nor a category, or is both kept and dropped, or when no rule speaks the
    /// language given.
    pub fn build(self) -> Result<Cleaner, BuildError> {
        let rules = self.rules.unwrap_or_else(RuleSet::builtin);
        let settings = Settings::new(rules, &self.wishes)?;
        Ok(Cleaner { settings: Arc::new(settings) })
    }
}
