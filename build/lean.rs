//! The built-in rules as tables, without what only people and tests read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::name;
use crate::rules::{Category, Matchers, Rule, RuleSet};

/// The rule files with their texts.
pub(crate) fn files(files: &[PathBuf], root: &Path) -> String {
    let file = |file: &PathBuf| {
        format!("    File {{ name: {:?}, text: include_str!({:?}) }},\n", name(file, root), file.display().to_string())
    };
    format!("pub(super) static FILES: &[File] = &[\n{}];\n", files.iter().map(file).collect::<String>())
}

/// That there is no table.
pub(crate) fn none() -> String {
    "pub(super) static LEAN: Option<Lean> = None;\n".to_owned()
}

/// The table of a rule set that was read from these files.
pub(crate) fn code(set: &RuleSet, files: &[PathBuf], root: &Path) -> String {
    let mut table =
        Table { names: names(set), files: BTreeMap::new(), texts: String::new(), starts: vec![0], langs: Vec::new() };
    for rule in set.rules() {
        table.text(&rule.id);
    }
    for file in files {
        let number = table.text(&name(file, root));
        table.files.insert(file, number);
    }
    let rules: String = set.rules().iter().map(|rule| table.rule(rule)).collect();
    let categories: String = set.known_categories().iter().map(|category| table.category(category)).collect();
    let words = table.words(set);
    let weights: Vec<i32> = set.weights().entries().into_iter().map(|(_, _, value)| value).collect();
    let langs: String = table.langs.iter().map(|langs| format!("&{langs:?}, ")).collect();
    let names: Vec<&str> = table.names.keys().copied().collect();
    let Table { texts, starts, .. } = &table;
    let mut code = String::new();
    let _ = writeln!(code, "pub(super) static LEAN: Option<Lean> = Some(Lean {{");
    let _ = writeln!(
        code,
        "    texts: {texts:?},\n    starts: &{starts:?},\n    names: &{names:?},\n    langs: &[{langs}],"
    );
    let _ = writeln!(
        code,
        "    rules: &[\n{rules}    ],\n    words: &[\n{words}    ],\n    categories: &[\n{categories}    ],"
    );
    let _ = writeln!(code, "    weights: &{weights:?},\n    hash: {:?},\n}});", set.hash());
    code
}

/// The names of languages and categories with their numbers.
fn names(set: &RuleSet) -> BTreeMap<&str, usize> {
    let rules = set.rules().iter().flat_map(|rule| rule.langs.iter().chain([&rule.category])).map(|name| &**name);
    let lists = set.vocabulary().names().flat_map(|list| set.vocabulary().by_language(list)).map(|(lang, _)| &**lang);
    let categories = set.known_categories().iter().map(|category| &*category.name);
    let mut names: BTreeMap<&str, usize> = rules.chain(lists).chain(categories).map(|name| (name, 0)).collect();
    names.values_mut().enumerate().for_each(|(number, place)| *place = number);
    names
}

/// A table in the making.
struct Table<'t> {
    names: BTreeMap<&'t str, usize>,
    files: BTreeMap<&'t Path, usize>,
    /// All texts, one behind the other, and where each begins.
    texts: String,
    starts: Vec<usize>,
    /// The languages that rules have.
    langs: Vec<Vec<usize>>,
}

impl Table<'_> {
    /// Adds a text; its number.
    fn text(&mut self, text: &str) -> usize {
        self.texts.push_str(text);
        self.starts.push(self.texts.len());
        self.starts.len() - 2
    }

    /// Adds some texts; the number of the first one, and how many they are.
    fn texts<'s>(&mut self, texts: impl Iterator<Item = &'s str>) -> (usize, usize) {
        let first = self.starts.len() - 1;
        (first, texts.map(|text| self.text(text)).count())
    }

    /// The number of a rule's languages.
    fn langs(&mut self, rule: &Rule) -> usize {
        let langs: Vec<usize> = rule.langs.iter().map(|lang| self.names[&**lang]).collect();
        let known = self.langs.iter().position(|known| *known == langs);
        known.unwrap_or_else(|| {
            self.langs.push(langs);
            self.langs.len() - 1
        })
    }

    fn rule(&mut self, rule: &Rule) -> String {
        let Rule { category, strength, form, place, action, until, fold, max_lines, .. } = rule;
        let was = self.texts(rule.was.iter().map(|was| &**was));
        let patterns = self.texts(rule.patterns().into_iter());
        let langs = self.langs(rule);
        let (file, line, category) = (self.files[&*rule.origin.file], rule.origin.line, self.names[&**category]);
        let regex = matches!(rule.matchers, Matchers::Regexes(_));
        format!(
            "        LeanRule {{ patterns: {patterns:?}, regex: {regex}, was: {was:?}, file: {file}, line: {line}, \
             category: {category}, langs: {langs}, strength: Strength::{strength:?}, form: Form::{form:?}, \
             place: Place::{place:?}, action: Action::{action:?}, until: Until::{until:?}, fold: FoldMode::{fold:?}, \
             max_lines: {max_lines} }},\n"
        )
    }

    fn category(&mut self, category: &Category) -> String {
        let Category { name, about, keep, end, menu } = category;
        let (name, about) = (self.names[&**name], self.text(about));
        let keep = keep.iter().map(|preset| format!("Preset::{preset:?}")).collect::<Vec<_>>().join(", ");
        format!("        LeanCategory {{ name: {name}, about: {about}, keep: &[{keep}], end: {end}, menu: {menu} }},\n")
    }

    fn words(&mut self, set: &RuleSet) -> String {
        let mut code = String::new();
        for list in set.vocabulary().names() {
            let name = self.text(list);
            for (lang, words) in set.vocabulary().by_language(list) {
                let (lang, (first, count)) = (self.names[&**lang], self.texts(words.iter().map(|word| &**word)));
                let _ = writeln!(
                    code,
                    "        LeanWords {{ name: {name}, lang: {lang}, words: {first}, count: {count} }},"
                );
            }
        }
        code
    }
}
