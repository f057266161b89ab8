//! The built-in rules as tables that `build.rs` writes: what a start costs should not be spent on reading TOML.
//!
//! A table is a short cut and nothing else: where anything in it is not plain, the file itself is read, with all checks and
//! reports. The tests compare what both ways yield.

use std::path::Path;
use std::sync::Arc;

use super::file::{self, ACTIONS, DEFAULT_MAX_LINES, FOLDS, FORMS, MAX_MAX_LINES, PLACES, STRENGTHS, UNTILS};
use super::rule::{Form, Matchers, Origin, Rule, Until};
use super::template::Template;

include!(concat!(env!("OUT_DIR"), "/builtin_rules.rs"));

/// A file that is compiled into the program.
pub(super) struct File {
    /// Its name, from `rules/` on.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) text: &'static str,
    /// Its table.
    pub(super) lean: Lean,
}

/// Texts of a table.
type Texts = &'static [&'static str];

/// A file without what only people and tests read: reasons, examples, cases.
pub(super) enum Lean {
    /// The file has to be read.
    None,
    /// A vocabulary.
    Words {
        /// Its language.
        lang: &'static str,
        /// Its lists by name, not yet folded.
        lists: &'static [(&'static str, Texts)],
    },
    /// A rule file.
    Rules {
        /// Its category.
        category: &'static str,
        /// The languages of rules that name none.
        langs: Texts,
        /// Its rules.
        rules: &'static [LeanRule],
    },
}

/// A rule as its file writes it; what it does not say is `None` or empty.
pub(super) struct LeanRule {
    line: usize,
    id: &'static str,
    form: &'static str,
    strength: &'static str,
    place: Option<&'static str>,
    action: Option<&'static str>,
    until: Option<&'static str>,
    fold: Option<&'static str>,
    langs: Texts,
    was: Texts,
    patterns: Texts,
    regexes: Texts,
    max_lines: Option<i64>,
}

/// The rules of a table; `None` where the file has to be read.
pub(super) fn rules(name: &str, category: &str, langs: Texts, rules: &'static [LeanRule]) -> Option<Vec<Rule>> {
    let category = file::is_kebab(category).then(|| Arc::from(category))?;
    let langs = languages(langs)?;
    rules.iter().map(|rule| rule.read(name, &category, langs.as_deref())).collect()
}

/// The languages of a file or rule, `Some(None)` where it names none.
fn languages(langs: Texts) -> Option<Option<Vec<Arc<str>>>> {
    match langs {
        [] => Some(None),
        ["any"] => Some(Some(Vec::new())),
        langs => langs.iter().all(|lang| *lang != "any" && file::is_language(lang)).then(|| Some(arcs(langs))),
    }
}

fn arcs(texts: Texts) -> Vec<Arc<str>> {
    texts.iter().map(|&text| text.into()).collect()
}

fn chosen<T: Copy>(word: &str, choices: &[(&str, T)]) -> Option<T> {
    choices.iter().find(|(name, _)| *name == word).map(|(_, choice)| *choice)
}

/// What a word stands for, or the default where there is none.
fn chosen_or_default<T: Copy + Default>(word: Option<&str>, choices: &[(&str, T)]) -> Option<T> {
    word.map_or(Some(T::default()), |word| chosen(word, choices))
}

impl LeanRule {
    fn read(&self, name: &str, category: &Arc<str>, langs: Option<&[Arc<str>]>) -> Option<Rule> {
        let form = chosen(self.form, &FORMS)?;
        let own = languages(self.langs)?;
        let sources = if self.regexes.is_empty() { self.patterns } else { self.regexes };
        Some(Rule {
            id: file::is_kebab(self.id).then(|| self.id.into())?,
            category: category.clone(),
            langs: own.or_else(|| langs.map(<[_]>::to_vec))?,
            strength: chosen(self.strength, &STRENGTHS)?,
            form,
            place: chosen_or_default(self.place, &PLACES)?,
            action: chosen_or_default(self.action, &ACTIONS)?,
            until: self.until(form)?,
            fold: chosen_or_default(self.fold, &FOLDS)?,
            max_lines: self.max_lines(form)?,
            matchers: self.matchers(form)?,
            patterns: sources.iter().map(|&source| source.to_owned()).collect(),
            why: String::new(),
            hit: Vec::new(),
            miss: Vec::new(),
            was: arcs(self.was),
            origin: Origin { file: Path::new(name).to_owned(), line: self.line, builtin: true },
        })
    }

    fn until(&self, form: Form) -> Option<Until> {
        if self.until.is_some() && form != Form::Span {
            return None;
        }
        chosen_or_default(self.until, &UNTILS)
    }

    fn max_lines(&self, form: Form) -> Option<usize> {
        match self.max_lines {
            None => Some(DEFAULT_MAX_LINES),
            Some(count) if form == Form::Block && (1..=MAX_MAX_LINES).contains(&count) => usize::try_from(count).ok(),
            Some(_) => None,
        }
    }

    /// Regular expressions are compiled when a line asks for them; that all of them can be is up to the tests.
    fn matchers(&self, form: Form) -> Option<Matchers> {
        match (self.patterns, self.regexes) {
            ([], []) => None,
            ([], regexes) => Some(Matchers::Regexes(regexes.iter().map(|&regex| regex.to_owned()).collect())),
            (patterns, []) => {
                let templates = patterns.iter().map(|&pattern| {
                    let template = file::without_edges(Template::of_static(pattern).ok()?, form);
                    (!template.is_void()).then_some(template)
                });
                templates.collect::<Option<_>>().map(Matchers::Templates)
            }
            _ => None,
        }
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
        assert_eq!(tables.hash(), files.hash());
    }

    #[test]
    fn every_rule_file_has_a_table() {
        for file in FILES.iter().filter(|file| matches!(file.lean, Lean::None)) {
            assert!(["rules/weights.toml", "rules/categories.toml"].contains(&file.name), "{}", file.name);
        }
    }
}
