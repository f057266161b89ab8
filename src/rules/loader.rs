//! From rule files to a rule set, with every mistake in all of them reported at once.

use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::all::Rules;
use super::builtin::{FILES, LEAN, Lean};
use super::category;
use super::error::{Mistakes, RuleError, RuleErrors};
use super::file::{self, Entry};
use super::files::{self, Reading};
use super::near::nearest;
use super::reader::Source;
use super::regexes::Allowance;
use super::rule::{Case, Matchers, Origin, Rule};
use super::set::{Resolved, RuleSet, SwitchedOff};
use super::template::SLOT_NAMES;
use super::vocabulary::Vocabulary;
use super::weights::Weights;

/// The most rules of one set.
const MAX_RULES: usize = 100_000;
/// Reads rule files; begins with the built-in ones.
#[derive(Clone, Debug, Default)]
pub struct Loader {
    without_defaults: bool,
    examples: bool,
    paths: Vec<PathBuf>,
}

impl Loader {
    /// Leaves the built-in rules out. Their word lists, weights and categories stay.
    pub fn without_defaults(mut self) -> Loader {
        self.without_defaults = true;
        self
    }

    /// Also reads the reasons, examples and cases of the built-in rules, which cleaning does without: reading them takes
    /// longer than all the rest. Rules from paths always come with theirs.
    pub fn with_examples(mut self) -> Loader {
        self.examples = true;
        self
    }

    /// Adds a rule file, or a directory with `*.toml` files.
    pub fn path(mut self, path: impl Into<PathBuf>) -> Loader {
        self.paths.push(path.into());
        self
    }

    /// Reads everything.
    ///
    /// # Errors
    /// All mistakes in all files, if there is any.
    pub fn load(self) -> Result<RuleSet, RuleErrors> {
        let mut errors = Mistakes::default();
        let lean = LEAN.as_ref().filter(|_| !self.examples);
        let is_plain = self.paths.is_empty() && !self.without_defaults;
        if let Some(lean) = lean.filter(|_| is_plain) {
            return Ok(of_tables(lean));
        }
        let mut draft = match lean {
            Some(lean) => Draft::of_lean(lean, self.without_defaults),
            None => self.read_builtin(&mut errors),
        };
        if self.paths.is_empty() && lean.is_some() {
            return Ok(draft.into_set());
        }
        draft.note_places();
        let mut reading = Reading::new();
        for file in self.paths.iter().flat_map(|path| files::find(path, &mut errors)).collect::<Vec<_>>() {
            if errors.is_full() {
                break;
            }
            if let Some(text) = reading.text(&file, &mut errors) {
                draft.read(&Source::new(&file, &text), false, false, &mut errors);
            }
        }
        let set = draft.resolve(&mut errors);
        if errors.is_empty() { Ok(set) } else { Err(errors.into_errors()) }
    }

    /// Reads the files of the built-in rules.
    fn read_builtin(&self, errors: &mut Mistakes) -> Draft {
        let mut draft = Draft::default();
        for file in FILES {
            let source = Source::new(Path::new(file.name), file.text);
            draft.read(&source, true, self.without_defaults, errors);
        }
        draft
    }
}

/// A rule set in the making.
#[derive(Default)]
struct Draft {
    /// The rules in their order.
    rules: Vec<Rule>,
    /// The places of those that were switched off.
    off: BTreeSet<usize>,
    places: HashMap<Arc<str>, usize>,
    switched_off: Vec<SwitchedOff>,
    cases: Vec<Case>,
    categories: Vec<category::Category>,
    vocabulary: Vocabulary,
    weights: Weights,
    /// What the regular expressions of the rules to come may take.
    allowance: Allowance,
    /// How many rules, from the first one on, need no check.
    checked: usize,
    /// How many of them are as the program's tables have them, with the word lists that these were made with.
    tabled: usize,
    /// The hash, as long as it is known.
    hash: Option<&'static str>,
}

impl Draft {
    /// The built-in rules as they are compiled into the program. The build script has read and checked them.
    fn of_lean(lean: &Lean, skip_rules: bool) -> Draft {
        let rules = if skip_rules { Vec::new() } else { lean.rules() };
        Draft {
            checked: rules.len(),
            tabled: rules.len(),
            rules,
            categories: lean.categories(),
            vocabulary: lean.vocabulary(),
            weights: lean.weights(),
            hash: (!skip_rules).then_some(lean.hash),
            ..Draft::default()
        }
    }

    /// Notes where rules that were not added one by one stand.
    fn note_places(&mut self) {
        if self.places.is_empty() {
            let rules = self.rules.iter().enumerate();
            self.places = rules.map(|(at, rule)| (rule.id.clone(), at)).collect();
        }
    }

    fn read(&mut self, source: &Source<'_>, builtin: bool, skip_rules: bool, errors: &mut Mistakes) {
        self.hash = None;
        match source.path.file_name().and_then(|name| name.to_str()) {
            Some("vocabulary.toml") => {
                self.tabled = 0;
                self.vocabulary.read(source, errors);
            }
            Some("weights.toml") => self.weights.read(source, errors),
            Some("categories.toml") => category::read(source, &mut self.categories, errors),
            _ if skip_rules => {}
            _ => {
                let file = file::read(source, builtin, &mut self.allowance, errors);
                for entry in file.entries {
                    match entry {
                        Entry::Rule(rule, replaces) => self.add(*rule, replaces, errors),
                        Entry::Disable(id, origin) => self.disable(&id, &origin, errors),
                    }
                }
                self.cases.extend(file.cases);
            }
        }
    }

    fn add(&mut self, rule: Rule, replaces: bool, errors: &mut Mistakes) {
        let place = self.places.get(&rule.id).copied();
        match (place, replaces) {
            (None, false) if self.rules.len() < MAX_RULES => {
                self.places.insert(rule.id.clone(), self.rules.len());
                self.rules.push(rule);
            }
            (None, false) => {
                let what = format!("there are more than {MAX_RULES} rules");
                errors.push(mistake(&rule.origin, &rule.id, what, "leave some out"));
            }
            (Some(at), true) => {
                self.touch(at);
                self.rules[at] = rule;
            }
            (Some(at), false) => {
                let first = &self.rules[at].origin;
                let what = format!("the id is taken by {}:{}", first.file.display(), first.line);
                let help = "choose another id, or write `replaces = true` to replace that rule";
                errors.push(mistake(&rule.origin, &rule.id, what, help));
            }
            (None, true) => {
                let what = "there is no rule of this id to replace";
                errors.push(mistake(&rule.origin, &rule.id, what, &self.suggestion(&rule.id)));
            }
        }
    }

    /// Notes that a rule will not be what it was.
    fn touch(&mut self, at: usize) {
        if at < self.checked {
            (self.checked, self.tabled) = (0, 0);
        }
    }

    fn disable(&mut self, id: &str, origin: &Origin, errors: &mut Mistakes) {
        match self.places.remove(id) {
            Some(at) => {
                self.touch(at);
                self.off.insert(at);
                let Rule { id, origin: rule, .. } = self.rules[at].clone();
                self.switched_off.push(SwitchedOff { id, rule, by: origin.clone() });
            }
            None => {
                let what = "there is no rule of this id to switch off";
                errors.push(mistake(origin, id, what, &self.suggestion(id)));
            }
        }
    }

    fn suggestion(&self, id: &str) -> String {
        let known = self.rules.iter().map(|rule| &*rule.id).filter(|id| self.places.contains_key(*id));
        match nearest(id, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`dechrome rules list` names them".to_owned(),
        }
    }

    fn resolve(self, errors: &mut Mistakes) -> RuleSet {
        for rule in self.standing().skip(self.checked) {
            if errors.is_full() {
                break;
            }
            check_lists(rule, &self.vocabulary, errors);
        }
        let set = self.into_set();
        let ids = index(set.rules(), errors);
        set.inner.ids.get_or_init(|| ids);
        set
    }

    /// The rules that were not switched off.
    fn standing(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().enumerate().filter(|(at, _)| !self.off.contains(at)).map(|(_, rule)| rule)
    }

    fn into_set(mut self) -> RuleSet {
        let Draft { ref mut rules, ref off, .. } = self;
        let mut at = 0..;
        rules.retain(|_| off.is_empty() || at.next().is_none_or(|at| !off.contains(&at)));
        let rules = mem::take(rules);
        self.set_of(rules.into())
    }

    /// A set of these rules, with all else as it was read.
    fn set_of(self, rules: Rules) -> RuleSet {
        let Draft { switched_off, cases, categories, vocabulary, weights, tabled, hash, .. } = self;
        let inner = Resolved {
            rules,
            ids: OnceLock::new(),
            tabled,
            switched_off,
            cases,
            categories,
            vocabulary,
            weights,
            hash: hash.map_or_else(OnceLock::new, |hash| OnceLock::from(hash.to_owned())),
        };
        RuleSet { inner: Arc::new(inner) }
    }
}

/// The built-in rules and nothing else; none of them is made yet.
fn of_tables(lean: &'static Lean) -> RuleSet {
    let draft = Draft { tabled: lean.count(), hash: Some(lean.hash), ..Draft::of_lean(lean, true) };
    draft.set_of(Rules::of_lean(lean))
}

fn mistake(origin: &Origin, id: &str, what: impl Into<String>, help: &str) -> RuleError {
    RuleError {
        file: origin.file.clone(),
        line: origin.line,
        rule: Some(id.to_owned()),
        what: what.into(),
        help: help.to_owned(),
    }
}

/// Every slot must name a list that the rule's languages, or `any`, have.
fn check_lists(rule: &Rule, vocabulary: &Vocabulary, errors: &mut Mistakes) {
    let Matchers::Templates(templates) = &rule.matchers else { return };
    for template in templates {
        for name in template.lists() {
            if vocabulary.has_words(name, &rule.langs) {
                continue;
            }
            let help = match nearest(name, vocabulary.names().chain(SLOT_NAMES.iter().copied())) {
                Some(near) if near != name => format!("did you mean `{{{near}}}`?"),
                Some(_) => format!("add a list `{name}` to the vocabulary.toml of one of its languages"),
                None => "name a slot, or a list of a vocabulary.toml".to_owned(),
            };
            let what =
                format!("`{}` asks for `{{{name}}}`, which no vocabulary of its languages has", template.source());
            errors.push(mistake(&rule.origin, &rule.id, what, &help));
        }
    }
}

/// Where each id, old ones included, is found.
pub(super) fn index(rules: &[Rule], errors: &mut Mistakes) -> HashMap<Arc<str>, usize> {
    let mut ids: HashMap<Arc<str>, usize> = rules.iter().enumerate().map(|(n, rule)| (rule.id.clone(), n)).collect();
    for (n, rule) in rules.iter().enumerate() {
        for old in &rule.was {
            if let Some(other) = ids.insert(old.clone(), n).filter(|&other| other != n) {
                let what = format!("its old id `{old}` is the id of `{}`", rules[other].id);
                errors.push(mistake(&rule.origin, &rule.id, what, "remove it from `was`"));
            }
        }
    }
    ids
}
