//! The built-in rules as tables that `build.rs` writes: what a start costs should not be spent on reading rule files.
//!
//! The build script reads the files with the same modules as the program reads those of a user, and writes down what it has
//! read, without reasons, examples and cases. Should they have a mistake, there are no tables: the files are read, and the
//! mistake reported, at each start. The tests compare what both ways yield.

use std::path::Path;
use std::sync::Arc;

use super::category::Category;
use super::file;
use super::list::List;
use super::preset::Preset;
use super::rule::{Action, FoldMode, Form, Matchers, Origin, Place, Rule, Strength, Until};
use super::template::{Edges, Template, Text};
use super::vocabulary::Vocabulary;
use super::weights::Weights;

generated!("builtin_rules.rs");

/// A file that is compiled into the program.
pub(super) struct File {
    /// Its name, from `rules/` on.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) text: &'static str,
}

/// A number in [`Lean::names`].
type Name = u16;
/// The number of a text, or of the first of several.
type Number = u32;

/// All that the files say, without what only people and tests read.
///
/// Where it can be, it is numbers, and all texts stand in one behind the other: at each start the system has to put right
/// every address that is compiled into the program.
pub(super) struct Lean {
    /// All texts, one behind the other.
    texts: &'static str,
    /// Where each of them begins; one more for the end.
    starts: &'static [u32],
    /// The names of languages and categories.
    names: &'static [&'static str],
    /// The languages of rules.
    langs: &'static [&'static [Name]],
    /// The rules. Their ids are the first texts, one for each: these are all read at each start, unlike patterns.
    rules: &'static [LeanRule],
    words: &'static [LeanWords],
    categories: &'static [LeanCategory],
    /// The figures of the weights, in their order.
    weights: &'static [i32],
    /// The hash of it all.
    pub(super) hash: &'static str,
}

/// The names of languages and categories, and the languages of rules, to be shared.
pub(super) struct Names {
    names: Vec<Arc<str>>,
    langs: Vec<Vec<Arc<str>>>,
}

/// A rule.
struct LeanRule {
    /// Its first pattern, and how many it has.
    patterns: (Number, u16),
    regex: bool,
    /// The first of its old ids, and how many there are.
    was: (Number, u16),
    file: Number,
    line: u32,
    category: Name,
    langs: u16,
    strength: Strength,
    form: Form,
    place: Place,
    action: Action,
    until: Until,
    fold: FoldMode,
    max_lines: u16,
}

/// A word list of one language, folded.
struct LeanWords {
    name: Number,
    lang: Name,
    words: Number,
    count: u32,
}

/// What is known about a category.
struct LeanCategory {
    name: Name,
    about: Number,
    keep: &'static [Preset],
    end: i32,
    menu: bool,
}

/// A text of the tables.
pub(super) fn text(number: Number) -> &'static str {
    LEAN.as_ref().map_or("", |lean| lean.text(number))
}

/// Some texts of the tables, one behind the other.
pub(super) fn texts(first: Number, count: u32) -> impl Iterator<Item = &'static str> {
    (first..first + count).map(text)
}

impl Lean {
    fn text(&self, number: Number) -> &'static str {
        let number = number as usize;
        self.texts.get(self.starts[number] as usize..self.starts[number + 1] as usize).unwrap_or_default()
    }

    /// How many rules there are.
    pub(super) fn count(&self) -> usize {
        self.rules.len()
    }

    /// The names of the categories, and of the languages.
    pub(super) fn names_of_categories(&self) -> impl Iterator<Item = &str> {
        self.names.iter().copied()
    }

    /// The names of the languages that rules speak.
    pub(super) fn names_of_languages(&self) -> impl Iterator<Item = &str> {
        self.langs.iter().flat_map(|langs| langs.iter().map(|&lang| self.names[usize::from(lang)]))
    }

    /// The rules.
    pub(super) fn rules(&self) -> Vec<Rule> {
        let names = self.names();
        (0..self.rules.len()).map(|place| self.rule(place, &names)).collect()
    }

    /// The word lists.
    pub(super) fn vocabulary(&self) -> Vocabulary {
        let Names { names, .. } = self.names();
        let mut vocabulary = Vocabulary::default();
        for list in self.words {
            let words = List::of_static(list.words, list.count, Text::Borrowed);
            vocabulary.add_static(self.text(list.name), names[usize::from(list.lang)].clone(), words);
        }
        vocabulary
    }

    /// The categories.
    pub(super) fn categories(&self) -> Vec<Category> {
        let read = |category: &LeanCategory| Category {
            name: self.names[usize::from(category.name)].into(),
            about: self.text(category.about).to_owned(),
            keep: category.keep.to_vec(),
            end: category.end,
            menu: category.menu,
        };
        self.categories.iter().map(read).collect()
    }

    /// The weights.
    pub(super) fn weights(&self) -> Weights {
        Weights::of_values(self.weights)
    }

    /// The names that rules share.
    pub(super) fn names(&self) -> Names {
        let names: Vec<Arc<str>> = self.names.iter().map(|&name| name.into()).collect();
        let name = |&name: &Name| names[usize::from(name)].clone();
        let langs = self.langs.iter().map(|langs| langs.iter().map(name).collect()).collect();
        Names { names, langs }
    }

    /// The rule at a place.
    pub(super) fn rule(&self, place: usize, Names { names, langs }: &Names) -> Rule {
        let rule = &self.rules[place];
        Rule {
            id: self.text(place as Number).into(),
            category: names[usize::from(rule.category)].clone(),
            langs: langs[usize::from(rule.langs)].clone(),
            strength: rule.strength,
            form: rule.form,
            place: rule.place,
            action: rule.action,
            until: rule.until,
            fold: rule.fold,
            max_lines: usize::from(rule.max_lines),
            matchers: rule.matchers(),
            why: String::new(),
            hit: Vec::new(),
            miss: Vec::new(),
            was: texts(rule.was.0, u32::from(rule.was.1)).map(Arc::from).collect(),
            origin: Origin {
                file: Path::new(self.text(rule.file)).to_owned(),
                line: rule.line as usize,
                builtin: true,
            },
        }
    }
}

impl LeanRule {
    /// Templates are read, and regular expressions compiled, when a line asks for them.
    fn matchers(&self) -> Matchers {
        let (first, count) = (self.patterns.0, u32::from(self.patterns.1));
        if self.regex {
            return Matchers::Regexes(List::of_static(first, count, str::to_owned));
        }
        let Edges { start, end } = file::edges(self.form);
        Matchers::Templates(match (start, end) {
            (true, true) => List::of_static(first, count, template::<true, true>),
            (true, false) => List::of_static(first, count, template::<true, false>),
            (false, true) => List::of_static(first, count, template::<false, true>),
            (false, false) => List::of_static(first, count, template::<false, false>),
        })
    }
}

/// A template without the marks at these edges.
fn template<const START: bool, const END: bool>(source: &'static str) -> Template {
    Template::of_static(source, Edges { start: START, end: END })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::RuleSet;

    /// A rule without what its table lacks.
    fn lean(rule: &Rule) -> String {
        let rule = Rule { why: String::new(), hit: Vec::new(), miss: Vec::new(), ..rule.clone() };
        format!("{rule:?}")
    }

    #[test]
    fn tables_and_files_yield_the_same() {
        let (tables, files) = (RuleSet::builtin(), RuleSet::loader().with_examples().load().unwrap());
        assert_eq!(tables.rules().len(), files.rules().len());
        for (table, file) in tables.rules().iter().zip(files.rules()) {
            assert_eq!(lean(table), lean(file));
        }
        assert_eq!(tables.vocabulary(), files.vocabulary());
        assert_eq!(tables.known_categories(), files.known_categories());
        assert_eq!(tables.weights(), files.weights());
        assert_eq!(tables.hash(), files.hash());
    }

    #[test]
    fn the_rule_files_have_tables() {
        assert!(LEAN.is_some());
    }
}
