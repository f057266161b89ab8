//! The built-in rules as tables that `build.rs` writes: what a start costs should not be spent on reading rule files.
//!
//! The build script reads the files with the same modules as the program reads those of a user, and writes down what it has
//! read, without reasons, examples and cases. Should they have a mistake, there are no tables: the files are read, and the
//! mistake reported, at each start. The tests compare what both ways yield.

use std::path::Path;
use std::sync::Arc;

use super::category::Category;
use super::file;
use super::preset::Preset;
use super::rule::{Action, FoldMode, Form, Matchers, Origin, Place, Rule, Strength, Until};
use super::template::{Template, Text};
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

/// All that the files say, without what only people and tests read.
pub(super) struct Lean {
    /// The names of languages and categories.
    names: &'static [&'static str],
    rules: &'static [LeanRule],
    words: &'static [LeanWords],
    categories: &'static [LeanCategory],
    /// The figures of the weights, in their order.
    weights: &'static [i32],
    /// The hash of it all.
    pub(super) hash: &'static str,
}

/// A rule. Where it can be a number, it is one: at each start the system has to put every address right.
struct LeanRule {
    id: &'static str,
    /// The number of its file.
    file: u16,
    line: u32,
    category: Name,
    langs: &'static [Name],
    strength: Strength,
    form: Form,
    place: Place,
    action: Action,
    until: Until,
    fold: FoldMode,
    max_lines: u16,
    was: &'static [&'static str],
    regex: bool,
    patterns: &'static [&'static str],
}

/// A word list of one language, folded.
struct LeanWords {
    name: &'static str,
    lang: Name,
    words: &'static [Text],
}

/// What is known about a category.
struct LeanCategory {
    name: Name,
    about: &'static str,
    keep: &'static [Preset],
    end: i32,
}

impl Lean {
    /// The rules, unless they are to be skipped, and the word lists.
    pub(super) fn read(&self, skip_rules: bool) -> (Vec<Rule>, Vocabulary) {
        let names: Vec<Arc<str>> = self.names.iter().map(|&name| name.into()).collect();
        let rules = if skip_rules { &[] } else { self.rules };
        let mut vocabulary = Vocabulary::default();
        for list in self.words {
            vocabulary.add_static(list.name, names[usize::from(list.lang)].clone(), list.words);
        }
        (rules.iter().map(|rule| rule.read(&names)).collect(), vocabulary)
    }

    /// The categories.
    pub(super) fn categories(&self) -> Vec<Category> {
        let read = |category: &LeanCategory| Category {
            name: self.names[usize::from(category.name)].into(),
            about: category.about.to_owned(),
            keep: category.keep.to_vec(),
            end: category.end,
        };
        self.categories.iter().map(read).collect()
    }

    /// The weights.
    pub(super) fn weights(&self) -> Weights {
        Weights::of_values(self.weights)
    }
}

impl LeanRule {
    fn read(&self, names: &[Arc<str>]) -> Rule {
        let name = |name: Name| names[usize::from(name)].clone();
        let file = Path::new(FILES[usize::from(self.file)].name);
        Rule {
            id: self.id.into(),
            category: name(self.category),
            langs: self.langs.iter().copied().map(name).collect(),
            strength: self.strength,
            form: self.form,
            place: self.place,
            action: self.action,
            until: self.until,
            fold: self.fold,
            max_lines: usize::from(self.max_lines),
            matchers: self.matchers(),
            patterns: self.patterns.iter().map(|&pattern| Text::Borrowed(pattern)).collect(),
            why: String::new(),
            hit: Vec::new(),
            miss: Vec::new(),
            was: self.was.iter().map(|&id| id.into()).collect(),
            origin: Origin { file: file.to_owned(), line: self.line as usize, builtin: true },
        }
    }

    /// Templates are read, and regular expressions compiled, when a line asks for them.
    fn matchers(&self) -> Matchers {
        if self.regex {
            return Matchers::Regexes(self.patterns.iter().map(|&regex| regex.to_owned()).collect());
        }
        let edges = file::edges(self.form);
        Matchers::Templates(self.patterns.iter().map(|&source| Template::of_static(source, edges)).collect())
    }
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
