//! Turns rules into patterns and index entries.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::index::{IndexBuilder, PatternId};
use super::matcher::{Indices, Machinery, Pattern, RuleIndex};
use super::program::{Program, WordList};
use super::size::{MAX_WORDS, most_words};
use crate::rules::template::{Anchor, Beginnings, anchor, required};
use crate::rules::{Action, FoldMode, Form, Matchers, Rule, RuleSet, regexes};
use crate::text::chars::{is_edge, simple_fold};

/// A word list's name with the languages that ask for it.
type ListKey = (String, Vec<Arc<str>>);

/// The indices of the patterns that share an action.
#[derive(Default)]
pub(super) struct IndexBuilders {
    lines: IndexBuilder,
    ends: IndexBuilder,
    spans: IndexBuilder,
}

impl IndexBuilders {
    pub(super) fn build(self, calendar: &[String]) -> Indices {
        let IndexBuilders { lines, ends, spans } = self;
        Indices { lines: lines.build(calendar), ends: ends.build(calendar), spans: spans.build(calendar) }
    }
}

/// What is being put together, rule by rule.
pub(super) struct Compiler<'r> {
    rules: &'r RuleSet,
    words: HashMap<ListKey, Arc<[String]>>,
    lists: HashMap<ListKey, Arc<WordList>>,
    pub(super) patterns: Vec<Pattern>,
    pub(super) remove: IndexBuilders,
    pub(super) protect: IndexBuilders,
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
            remove: IndexBuilders::default(),
            protect: IndexBuilders::default(),
            loose: IndexBuilder::default(),
            span_starts: FirstChars::default(),
            asks_title: false,
        }
    }

    /// The words of a list for these languages.
    pub(super) fn words(&mut self, langs: &[Arc<str>], name: &str) -> Arc<[String]> {
        let key = (name.to_owned(), langs.to_vec());
        let vocabulary = self.rules.vocabulary();
        self.words.entry(key).or_insert_with(|| vocabulary.words(name, langs).unwrap_or_default().into()).clone()
    }

    fn list(&mut self, langs: &[Arc<str>], name: &str) -> Arc<WordList> {
        let words = self.words(langs, name);
        let list = self.lists.entry((name.to_owned(), langs.to_vec()));
        list.or_insert_with(|| Arc::new(WordList::new(words.to_vec()))).clone()
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
                    let required = required(node, &known);
                    let program = Program::new(node, &mut |name| self.list(&rule.langs, name));
                    self.asks_title |= program.asks_title();
                    self.enter(index, rule, Machinery::Template(program), found, words, required);
                }
            }
            Matchers::Regexes(sources) => {
                for source in sources {
                    let machinery = Machinery::Regex { source: source.clone(), compiled: OnceLock::new() };
                    let found = regex_anchor(source);
                    let found = if rule.form == Form::End { unprefixed(found) } else { found };
                    let words = regexes::longest(source).unwrap_or(MAX_WORDS).min(MAX_WORDS);
                    self.enter(index, rule, machinery, found, words, Vec::new());
                }
            }
        }
    }

    fn enter(
        &mut self,
        index: RuleIndex,
        rule: &Rule,
        machinery: Machinery,
        anchor: Anchor,
        words: usize,
        required: Vec<String>,
    ) {
        let id = self.patterns.len() as PatternId;
        self.patterns.push(Pattern { rule: index, form: rule.form, words, required, machinery });
        let indices = match rule.action {
            Action::Remove => &mut self.remove,
            Action::Protect => &mut self.protect,
        };
        match rule.form {
            Form::Span => {
                self.span_starts.add(&anchor);
                return indices.spans.add(id, anchor);
            }
            Form::End => return indices.ends.add(id, anchor),
            Form::Line | Form::Start | Form::Block | Form::Tail => {}
        }
        if rule.fold == FoldMode::Loose {
            self.loose.add(id, anchor.clone());
        }
        indices.lines.add(id, anchor);
    }
}

/// What a regular expression cannot do without; single characters only where there is nothing better.
fn regex_anchor(source: &str) -> Anchor {
    let telling = |literals: &Vec<String>| literals.iter().all(|literal| literal.len() > 1);
    let prefixes = |literals| Anchor::Prefixes(Beginnings { literals, ..Beginnings::default() });
    let (beginnings, endings) = (regexes::beginnings(source), regexes::endings(source));
    match (beginnings, endings) {
        (Some(beginnings), _) if telling(&beginnings) => prefixes(beginnings),
        (_, Some(endings)) if telling(&endings) => Anchor::Inner(endings),
        (Some(beginnings), _) => prefixes(beginnings),
        (None, Some(endings)) => Anchor::Inner(endings),
        (None, None) => Anchor::Nothing,
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
