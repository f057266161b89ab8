//! The built-in rules as tables, without what only people and tests read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::arrays::Arrays;
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
pub(crate) fn code(set: &RuleSet, files: &[PathBuf]) -> String {
    let names = names(set);
    let files: BTreeMap<&Path, usize> = files.iter().enumerate().map(|(at, file)| (&**file, at)).collect();
    let mut arrays = Arrays::default();
    let rules: String = set.rules().iter().map(|rule| of_rule(rule, &names, &files)).collect();
    let categories: String = set.known_categories().iter().map(|category| of_category(category, &names)).collect();
    let words = words(set, &names, &mut arrays);
    let weights: Vec<i32> = set.weights().entries().into_iter().map(|(_, _, value)| value).collect();
    let mut code = arrays.code;
    let _ = writeln!(code, "static RULES: [LeanRule; {}] = [\n{rules}];", set.rules().len());
    let _ = writeln!(code, "pub(super) static LEAN: Option<Lean> = Some(Lean {{");
    let _ = writeln!(code, "    names: &{:?},", names.keys().collect::<Vec<_>>());
    let _ = writeln!(code, "    rules: &RULES,\n    words: &[\n{words}    ],\n    categories: &[\n{categories}    ],");
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

fn of_rule(rule: &Rule, names: &BTreeMap<&str, usize>, files: &BTreeMap<&Path, usize>) -> String {
    let Rule { id, category, strength, form, place, action, until, fold, max_lines, was, patterns, .. } = rule;
    let langs: Vec<usize> = rule.langs.iter().map(|lang| names[&**lang]).collect();
    let (file, line, category) = (files[&*rule.origin.file], rule.origin.line, names[&**category]);
    let regex = matches!(rule.matchers, Matchers::Regexes(_));
    format!(
        "    LeanRule {{ id: {id:?}, file: {file}, line: {line}, category: {category}, langs: &{langs:?}, \
         strength: Strength::{strength:?}, form: Form::{form:?}, place: Place::{place:?}, action: Action::{action:?}, \
         until: Until::{until:?}, fold: FoldMode::{fold:?}, max_lines: {max_lines}, was: &{was:?}, regex: {regex}, \
         patterns: &{patterns:?} }},\n"
    )
}

fn of_category(category: &Category, names: &BTreeMap<&str, usize>) -> String {
    let Category { name, about, keep, end } = category;
    let keep: Vec<String> = keep.iter().map(|preset| format!("Preset::{preset:?}")).collect();
    let (name, keep) = (names[&**name], keep.join(", "));
    format!("        LeanCategory {{ name: {name}, about: {about:?}, keep: &[{keep}], end: {end} }},\n")
}

fn words(set: &RuleSet, names: &BTreeMap<&str, usize>, arrays: &mut Arrays) -> String {
    let mut code = String::new();
    for list in set.vocabulary().names() {
        for (lang, words) in set.vocabulary().by_language(list) {
            let lang = names[&**lang];
            let words = arrays.add("Text", words.iter().map(|word| format!("Text::Borrowed({word:?})")));
            let _ = writeln!(code, "        LeanWords {{ name: {list:?}, lang: {lang}, words: {words} }},");
        }
    }
    code
}
