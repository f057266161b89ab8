//! Works out the tables of a rule set.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::index::{IndexBuilder, PatternId};
use super::matcher::RuleIndex;
use super::program::asks_title;
use super::sieve;
use super::size::{MAX_WORDS, count, most_words};
use super::tables::{Clues, Facts, Indices, NeededMarks, Tables};
use crate::rules::regexes::Syntax;
use crate::rules::template::{
    Anchor, Beginnings, Bounds, Detail, Held, Marks, Needs, Prefix, Text, anchor, is_foreign, needed_marks, needs,
    needs_figure,
};
use crate::rules::{Action, FoldMode, Form, Matchers, Rule, RuleSet, Template};

/// The tables of a rule set: static ones as far as there are some, the rest worked out.
pub(crate) fn tables(rules: &RuleSet) -> Tables {
    let (tables, known) = Tables::of_builtin(rules).unwrap_or_default();
    if known == rules.by_place().count() {
        return tables;
    }
    let mut compiler = Compiler::new(rules, tables);
    for (index, rule) in rules.rules().iter().enumerate().skip(known) {
        compiler.add(index, rule);
    }
    compiler.finish()
}

/// The names of months and weekdays.
pub(super) fn calendar(rules: &RuleSet) -> Vec<&Text> {
    [rules.vocabulary().words("month", &[]), rules.vocabulary().words("weekday", &[])].concat()
}

/// A word list as the rules of some languages see it.
struct List<'r> {
    words: Vec<&'r Text>,
    /// The most words an entry has.
    most_words: usize,
}

impl<'r> List<'r> {
    fn new(words: Vec<&'r Text>) -> List<'r> {
        let most_words = words.iter().map(|word| count(word)).max().unwrap_or(0);
        List { words, most_words }
    }
}

/// Word lists by name, as the rules of some languages see them.
type Lists<'r> = HashMap<&'r str, List<'r>, FixedState>;

/// The indices of the patterns that share an action.
#[derive(Default)]
struct IndexBuilders {
    lines: IndexBuilder,
    ends: IndexBuilder,
    spans: IndexBuilder,
}

impl IndexBuilders {
    fn build_behind(self, indices: &mut Indices, calendar: &[&Text]) {
        indices.lines.put_behind(self.lines.build(calendar));
        indices.ends.put_behind(self.ends.build(calendar));
        indices.spans.put_behind(self.spans.build(calendar));
    }
}

/// What is being put together, rule by rule.
struct Compiler<'r> {
    rules: &'r RuleSet,
    lists: HashMap<&'r [Arc<str>], Lists<'r>>,
    /// Everything but the indices of the rules that are added.
    tables: Tables,
    /// Where marks stand in the tables.
    marks: HashMap<NeededMarks, u16, FixedState>,
    remove: IndexBuilders,
    protect: IndexBuilders,
    loose: IndexBuilder,
}

/// What is found out about a pattern.
struct Found {
    anchor: Anchor,
    words: usize,
    needs: Needs,
    foreign: bool,
    figure: bool,
    marks: Marks,
    wordless: bool,
    regex: bool,
}

impl<'r> Compiler<'r> {
    fn new(rules: &'r RuleSet, mut tables: Tables) -> Compiler<'r> {
        if tables.marks.is_empty() {
            // What those are taken to need for whose marks no room is left: none.
            tables.marks.to_mut().push(NeededMarks::default());
        }
        Compiler {
            rules,
            lists: HashMap::new(),
            marks: tables.marks.iter().copied().zip(0..).collect(),
            tables,
            remove: IndexBuilders::default(),
            protect: IndexBuilders::default(),
            loose: IndexBuilder::default(),
        }
    }

    fn finish(self) -> Tables {
        let Compiler { rules, mut tables, remove, protect, loose, .. } = self;
        let calendar = calendar(rules);
        remove.build_behind(&mut tables.remove, &calendar);
        protect.build_behind(&mut tables.protect, &calendar);
        tables.loose.put_behind(loose.build(&calendar));
        tables
    }

    /// Adds the patterns of a rule.
    fn add(&mut self, index: RuleIndex, rule: &'r Rule) {
        match &rule.matchers {
            Matchers::Templates(templates) => {
                for (number, template) in templates.iter().enumerate() {
                    let found = self.look_at_template(rule, template);
                    self.enter((index, number), rule, found);
                }
            }
            Matchers::Regexes(sources) => {
                for (number, source) in sources.iter().enumerate() {
                    let syntax = Syntax::new(source);
                    self.enter((index, number), rule, look_at_regex(rule, &syntax));
                    let texts = syntax.clues().into_iter().map(Text::Owned).collect();
                    self.tables.clues.to_mut().push(Clues { rule: index as u32, number: number as u16, texts });
                }
            }
        }
    }

    fn look_at_template(&mut self, rule: &'r Rule, template: &'r Template) -> Found {
        let vocabulary = self.rules.vocabulary();
        let lists = self.lists.entry(&rule.langs).or_default();
        for name in template.lists() {
            lists.entry(name).or_insert_with(|| List::new(vocabulary.words(name, &rule.langs)));
        }
        let node = template.node();
        let known = |name: &str| lists.get(name).map(|list| &*list.words);
        let anchor = match rule.form {
            Form::End => unprefixed(anchor(node, &known, Detail::Usual)),
            // Spans are looked for at every sentence.
            // Spans are looked for at every sentence.
            Form::Span => anchor(node, &known, Detail::Fine),
            _ => anchor(node, &known, Detail::Usual),
        };
        let words = most_words(node, &|name| lists.get(name).map_or(0, |list| list.most_words));
        self.tables.asks_title |= asks_title(node);
        Found {
            anchor,
            words,
            needs: needs(node, &known),
            foreign: is_foreign(node, &known),
            figure: needs_figure(node, &known),
            marks: needed_marks(node, &known),
            wordless: false,
            regex: false,
        }
    }

    /// Where these marks stand in the tables.
    fn place_of(&mut self, marks: NeededMarks) -> u16 {
        let next = self.tables.marks.len();
        if let Some(&place) = self.marks.get(&marks) {
            return place;
        }
        let Ok(place) = u16::try_from(next) else { return 0 };
        self.tables.marks.to_mut().push(marks);
        self.marks.insert(marks, place);
        place
    }

    fn enter(&mut self, (index, number): (RuleIndex, usize), rule: &Rule, found: Found) {
        let Found { anchor, words, needs, foreign, figure, marks, wordless, regex } = found;
        let id = self.tables.patterns.len() as PatternId;
        let (required, marks) =
            (self.tables.required.len() as u32, self.place_of(NeededMarks { any: marks, all: needs.marks }));
        // A list that is too long to be counted is left out: nothing is known to be needed then.
        let list = Some(sieve::required(&needs)).filter(|list| list.len() <= usize::from(u16::MAX)).unwrap_or_default();
        let required_count = list.len() as u16;
        self.tables.required.to_mut().extend(list);
        self.tables.patterns.to_mut().push(Facts {
            rule: index as u32,
            number: number as u16,
            words: u16::try_from(words).unwrap_or(u16::MAX),
            form: rule.form,
            foreign,
            figure,
            marks,
            wordless,
            regex,
            required,
            required_count,
        });
        let indices = match rule.action {
            Action::Remove => &mut self.remove,
            Action::Protect => &mut self.protect,
        };
        match rule.form {
            Form::Span => {
                self.tables.span_starts.add(&anchor);
                return indices.spans.add(id, anchor);
            }
            Form::End => return indices.ends.add(id, anchor),
            Form::Line | Form::Start | Form::Block | Form::Tail => {}
        }
        let anchor = match anchor {
            Anchor::Prefixes(beginnings) if rule.form == Form::Start => Anchor::Prefixes(beginnings.coarser()),
            Anchor::Prefixes(beginnings) => Anchor::Prefixes(beginnings.of_lines()),
            other => other,
        };
        if rule.fold == FoldMode::Loose {
            self.loose.add(id, anchor.clone());
        }
        indices.lines.add(id, anchor);
    }
}

fn look_at_regex(rule: &Rule, syntax: &Syntax) -> Found {
    let found = regex_anchor(syntax);
    Found {
        anchor: if rule.form == Form::End { unprefixed(found) } else { found },
        words: syntax.longest().unwrap_or(MAX_WORDS).min(MAX_WORDS),
        needs: syntax.needs(),
        foreign: false,
        figure: false,
        marks: syntax.needed_marks(),
        wordless: matches!(rule.form, Form::Line | Form::Block | Form::Tail) && syntax.is_wordless(),
        regex: true,
    }
}

/// What a regular expression cannot do without; single characters only where there is nothing better.
fn regex_anchor(regex: &Syntax) -> Anchor {
    let telling = |literals: &Vec<String>| literals.iter().all(|literal| literal.len() > 1);
    let prefixes = |literals: Vec<String>| {
        let literals = literals.iter().map(|literal| Prefix::new(literal)).collect();
        Anchor::Prefixes(Beginnings { literals, ..Beginnings::default() })
    };
    // A match ends where a word does.
    let bounds = Bounds { begins: false, ends: true };
    let held = |literal| Held { text: Text::Owned(literal), bounds };
    let inner = |literals: Vec<String>| Anchor::Inner(literals.into_iter().map(held).collect());
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
        Anchor::Prefixes(Beginnings { literals, openings, .. }) if openings.is_empty() => {
            // A match begins where a word does; what the prefix leaves out may go on with its last word.
            let bounds = Bounds { begins: true, ends: false };
            let held = |literal: Prefix| Held { text: literal.text(), bounds };
            Anchor::Inner(literals.into_iter().map(held).collect())
        }
        Anchor::Prefixes(_) => Anchor::Nothing,
        other => other,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::super::index::Index;
    use super::*;

    /// The built-in rules, read from their files as those of a user are.
    fn read() -> RuleSet {
        RuleSet::loader().with_examples().load().unwrap()
    }

    #[test]
    fn static_tables_are_what_would_be_worked_out() {
        let (builtin, read) = (RuleSet::builtin(), read());
        assert_eq!((builtin.tabled(), read.tabled()), (builtin.rules().len(), 0));
        let (known, found) = (tables(&builtin), tables(&read));
        assert_eq!(known.patterns.len(), found.patterns.len());
        for (known_facts, facts) in known.patterns.iter().zip(found.patterns.iter()) {
            let (rule, number) = (&read.rules()[facts.rule()], usize::from(facts.number));
            let name = format!("{}: `{}`", rule.id, rule.patterns()[number]);
            assert_eq!(known_facts, facts, "{name}");
            assert_eq!(known.required(known_facts), found.required(facts), "{name}");
            assert_eq!(known.marks(known_facts), found.marks(facts), "{name}");
        }
        // Not with `assert_eq`, which would print some hundred thousand numbers.
        assert!(known.remove == found.remove);
        assert!(known.protect == found.protect);
        assert!(known.loose == found.loose);
        assert_eq!(known.span_starts, found.span_starts);
        assert_eq!(known.asks_title, found.asks_title);
    }

    /// An index of one pattern that begins with a text.
    fn index(literal: &str, id: PatternId) -> Index {
        let mut builder = IndexBuilder::default();
        let literals = vec![Prefix::new(literal)];
        builder.add(id, Anchor::Prefixes(Beginnings { literals, ..Beginnings::default() }));
        builder.build(&[])
    }

    #[test]
    fn an_index_behind_another_is_asked_too() {
        let mut index_of_both = index("share this", 1);
        index_of_both.put_behind(index("share", 2));
        let mut found = Vec::new();
        assert!(!index_of_both.by_prefix(b"share this story", &mut found));
        assert_eq!(found, [1, 2]);
        assert!(index_of_both.may_begin_with(*b"shar") && !index_of_both.may_begin_with(*b"sing"));
    }
}
