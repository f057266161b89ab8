//! Turns rules into patterns and index entries.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::index::{IndexBuilder, PatternId};
use super::matcher::{Machinery, Pattern, RuleIndex};
use super::program::{Program, WordList};
use super::size::{MAX_WORDS, most_words};
use crate::rules::template::{Anchor, Beginnings, anchor};
use crate::rules::{Action, FoldMode, Form, Matchers, Rule, RuleSet};
use crate::text::chars::{is_edge, simple_fold};

/// A word list's name with the languages that ask for it.
type ListKey = (String, Vec<Arc<str>>);

/// What is being put together, rule by rule.
pub(super) struct Compiler<'r> {
    rules: &'r RuleSet,
    words: HashMap<ListKey, Arc<[String]>>,
    lists: HashMap<ListKey, Arc<WordList>>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) remove: (IndexBuilder, IndexBuilder),
    pub(super) protect: (IndexBuilder, IndexBuilder),
    pub(super) loose: IndexBuilder,
    pub(super) span_starts: FirstChars,
    pub(super) asks_title: bool,
}

impl<'r> Compiler<'r> {
    pub(super) fn new(rules: &'r RuleSet) -> Compiler<'r> {
        Compiler {
            rules,
            words: HashMap::new(),
            lists: HashMap::new(),
            patterns: Vec::new(),
            remove: Default::default(),
            protect: Default::default(),
            loose: IndexBuilder::default(),
            span_starts: FirstChars::default(),
            asks_title: false,
        }
    }

    fn words(&mut self, langs: &[Arc<str>], name: &str) -> Arc<[String]> {
        let key = (name.to_owned(), langs.to_vec());
        let vocabulary = self.rules.vocabulary();
        self.words.entry(key).or_insert_with(|| vocabulary.words(name, langs).unwrap_or_default().into()).clone()
    }

    pub(super) fn list(&mut self, langs: &[Arc<str>], name: &str) -> Arc<WordList> {
        let words = match name {
            "month-or-weekday" => [self.words(langs, "month"), self.words(langs, "weekday")].concat(),
            name => self.words(langs, name).to_vec(),
        };
        self.lists.entry((name.to_owned(), langs.to_vec())).or_insert_with(|| Arc::new(WordList::new(words))).clone()
    }

    /// Adds the patterns of a rule.
    pub(super) fn add(&mut self, index: RuleIndex, rule: &Rule) {
        match &rule.matchers {
            Matchers::Templates(templates) => {
                for template in templates {
                    let node = template.node();
                    for name in template.lists() {
                        self.words(&rule.langs, name);
                    }
                    let known =
                        |name: &str| self.words.get(&(name.to_owned(), rule.langs.clone())).map(|words| &**words);
                    let found = match rule.form {
                        Form::End => unprefixed(anchor(node, &known)),
                        _ => anchor(node, &known),
                    };
                    let words = most_words(node, &known);
                    let program = Program::new(node, &mut |name| self.list(&rule.langs, name));
                    self.asks_title |= program.asks_title();
                    self.enter(index, rule, Machinery::Template(program), found, words);
                }
            }
            Matchers::Regexes(sources) => {
                for source in sources {
                    let machinery = Machinery::Regex { source: source.clone(), compiled: OnceLock::new() };
                    self.enter(index, rule, machinery, Anchor::Nothing, MAX_WORDS);
                }
            }
        }
    }

    fn enter(&mut self, index: RuleIndex, rule: &Rule, machinery: Machinery, anchor: Anchor, words: usize) {
        let id = self.patterns.len() as PatternId;
        self.patterns.push(Pattern { rule: index, form: rule.form, machinery });
        let (lines, spans) = match rule.action {
            Action::Remove => &mut self.remove,
            Action::Protect => &mut self.protect,
        };
        if rule.form == Form::Span {
            self.span_starts.add(&anchor);
            return spans.add(id, rule.form, anchor, words);
        }
        if rule.fold == FoldMode::Loose {
            self.loose.add(id, rule.form, anchor.clone(), words);
        }
        lines.add(id, rule.form, anchor, words);
    }
}

/// The literals of a pattern that may stand anywhere in a line.
fn unprefixed(anchor: Anchor) -> Anchor {
    match anchor {
        Anchor::Prefixes(Beginnings { literals, figure: false, calendar: false }) => Anchor::Inner(literals),
        Anchor::Prefixes(_) => Anchor::Nothing,
        other => other,
    }
}

/// The folded characters that some patterns may begin with.
#[derive(Debug, Default)]
pub(super) struct FirstChars {
    any: bool,
    chars: Vec<char>,
}

impl FirstChars {
    fn add(&mut self, anchor: &Anchor) {
        match anchor {
            Anchor::Prefixes(Beginnings { literals, figure: false, calendar: false }) => {
                self.chars.extend(literals.iter().filter_map(|literal| literal.chars().next()));
                self.chars.sort_unstable();
                self.chars.dedup();
            }
            Anchor::Prefixes(_) | Anchor::Inner(_) | Anchor::Nothing => self.any = true,
        }
    }

    /// Whether a pattern may begin with what a text begins with.
    pub(super) fn may_begin(&self, text: &str) -> bool {
        // A character that folds to several, or to none, is looked at more closely.
        let first = text.chars().next().and_then(simple_fold);
        self.any || first.is_none_or(|c| is_edge(c) || self.chars.binary_search(&c).is_ok())
    }
}
