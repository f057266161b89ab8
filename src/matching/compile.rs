//! Turns rules into patterns and index entries.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use foldhash::fast::FixedState;

use super::index::{IndexBuilder, PatternId};
use super::matcher::{Indices, Machinery, Pattern, RuleIndex};
use super::program::{Program, WordList};
use super::sieve::Required;
use super::size::{MAX_WORDS, count, most_words};
use crate::rules::regexes::Syntax;
use crate::rules::template::{Anchor, Beginnings, Prefix, Text, anchor, required};
use crate::rules::{Action, FoldMode, Form, Matchers, Rule, RuleSet, Template};
use crate::text::chars::{is_edge, simple_fold};

/// A word list as the rules of some languages see it.
struct List<'r> {
    words: Vec<&'r Text>,
    /// The most words an entry has.
    most_words: usize,
    compiled: OnceCell<Arc<WordList>>,
}

impl<'r> List<'r> {
    fn new(words: Vec<&'r Text>) -> List<'r> {
        let most_words = words.iter().map(|word| count(word)).max().unwrap_or(0);
        List { words, most_words, compiled: OnceCell::new() }
    }

    fn compiled(&self) -> Arc<WordList> {
        self.compiled.get_or_init(|| Arc::new(WordList::new(self.words.clone()))).clone()
    }
}

/// Word lists by name, as the rules of some languages see them.
type Lists<'r> = HashMap<&'r str, List<'r>, FixedState>;

/// The indices of the patterns that share an action.
#[derive(Default)]
pub(super) struct IndexBuilders {
    lines: IndexBuilder,
    ends: IndexBuilder,
    spans: IndexBuilder,
}

impl IndexBuilders {
    pub(super) fn build(self, calendar: &[&Text]) -> Indices {
        let IndexBuilders { lines, ends, spans } = self;
        Indices { lines: lines.build(calendar), ends: ends.build(calendar), spans: spans.build(calendar) }
    }
}

/// What is being put together, rule by rule.
pub(super) struct Compiler<'r> {
    rules: &'r RuleSet,
    lists: HashMap<&'r [Arc<str>], Lists<'r>>,
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
    pub(super) fn words(&self, langs: &[Arc<str>], name: &str) -> Vec<&'r Text> {
        self.rules.vocabulary().words(name, langs)
    }

    /// Adds the patterns of a rule.
    pub(super) fn add(&mut self, index: RuleIndex, rule: &'r Rule) {
        match &rule.matchers {
            Matchers::Templates(templates) => {
                for template in templates {
                    self.add_template(index, rule, template);
                }
            }
            Matchers::Regexes(sources) => {
                for source in sources {
                    let machinery = Machinery::Regex { source: source.clone(), compiled: OnceLock::new() };
                    let syntax = Syntax::new(source);
                    let found = regex_anchor(&syntax);
                    let found = if rule.form == Form::End { unprefixed(found) } else { found };
                    let words = syntax.longest().unwrap_or(MAX_WORDS).min(MAX_WORDS);
                    self.enter(index, rule, machinery, found, words, Vec::new());
                }
            }
        }
    }

    fn add_template(&mut self, index: RuleIndex, rule: &'r Rule, template: &'r Template) {
        let vocabulary = self.rules.vocabulary();
        let lists = self.lists.entry(&rule.langs).or_default();
        let names = template.lists();
        for &name in &names {
            lists.entry(name).or_insert_with(|| List::new(vocabulary.words(name, &rule.langs)));
        }
        let node = template.node();
        let known = |name: &str| lists.get(name).map(|list| &*list.words);
        let found = match rule.form {
            Form::End => unprefixed(anchor(node, &known)),
            _ => anchor(node, &known),
        };
        let words = most_words(node, &|name| lists.get(name).map_or(0, |list| list.most_words));
        let required = required(node, &known);
        let compiled = names.iter().filter_map(|&name| lists.get(name)).map(List::compiled).collect();
        let program = Program::new(node.clone(), compiled);
        self.asks_title |= program.asks_title();
        self.enter(index, rule, Machinery::Template(program), found, words, required);
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
        self.patterns.push(Pattern {
            rule: index,
            form: rule.form,
            words,
            required: Required::new(&required),
            machinery,
        });
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
fn regex_anchor(regex: &Syntax) -> Anchor {
    let telling = |literals: &Vec<String>| literals.iter().all(|literal| literal.len() > 1);
    let prefixes = |literals: Vec<String>| {
        let literals = literals.iter().map(|literal| Prefix::new(literal)).collect();
        Anchor::Prefixes(Beginnings { literals, ..Beginnings::default() })
    };
    let inner = |literals: Vec<String>| Anchor::Inner(literals.into_iter().map(Text::Owned).collect());
    let beginnings = regex.beginnings();
    if let Some(beginnings) = beginnings.as_ref().filter(|beginnings| telling(beginnings)) {
        return prefixes(beginnings.clone());
    }
    match (beginnings, regex.endings()) {
        (_, Some(endings)) if telling(&endings) => inner(endings),
        (Some(beginnings), _) => prefixes(beginnings),
        (None, Some(endings)) => inner(endings),
        (None, None) => Anchor::Nothing,
    }
}

/// The literals of a pattern that may stand anywhere in a line.
fn unprefixed(anchor: Anchor) -> Anchor {
    match anchor {
        Anchor::Prefixes(Beginnings { literals, figure: false, calendar: false }) => {
            Anchor::Inner(literals.into_iter().map(Prefix::text).collect())
        }
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
                self.chars.extend(literals.iter().filter_map(|literal| literal.first_char()));
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
