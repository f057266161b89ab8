//! One rule file: its head, its rules, its cases.

use std::borrow::Cow;
use std::sync::Arc;

use toml::de::DeTable;

use super::error::Mistakes;
use super::reader::{Fields, Source, kind};
use super::regexes::Allowance;
use super::rule::{Action, Case, FoldMode, Form, Matchers, Origin, Place, Rule, Strength, Until};
use super::template::{Edges, Template};

/// The version of the rule format that this program reads.
const FORMAT: i64 = 1;
/// How many lines a block takes when its rule does not say.
const DEFAULT_MAX_LINES: usize = 12;
/// The most lines a block may take.
const MAX_MAX_LINES: i64 = 200;
/// The most patterns or regular expressions of one rule.
const MAX_PATTERNS: usize = 200;
/// The most texts of one kind of example.
const MAX_EXAMPLES: usize = 200;
/// The longest example, in bytes; longer lines match no pattern.
const MAX_EXAMPLE_BYTES: usize = 6000;
/// How much of a pattern a message shows, in characters.
const SHOWN_CHARS: usize = 200;

/// What a `[[rule]]` table asks for.
pub(super) enum Entry {
    /// A rule, with whether it replaces one of the same id.
    Rule(Box<Rule>, bool),
    /// Switches a rule off.
    Disable(String, Origin),
}

/// A rule file, read.
#[derive(Default)]
pub(super) struct RuleFile {
    pub(super) entries: Vec<Entry>,
    pub(super) cases: Vec<Case>,
}

/// Refuses a file of another format.
pub(super) fn check_format(head: &mut Fields<'_, '_, '_>) {
    match head.integer("format") {
        Some((FORMAT, _)) => {}
        Some((other, line)) => {
            head.error(
                line,
                format!("format {other} is not known"),
                format!("write `format = {FORMAT}`, or use a newer dechrome"),
            );
        }
        None => {
            head.error_here("the file does not say its format", format!("write `format = {FORMAT}` on its first line"))
        }
    }
}

/// Reads a rule file, compiled into the program or not; mistakes go to `errors`.
pub(super) fn read(source: &Source<'_>, builtin: bool, allowance: &mut Allowance, errors: &mut Mistakes) -> RuleFile {
    let mut file = RuleFile::default();
    let Some(table) = source.parse(errors) else { return file };
    let mut head = Fields::new(source, table.get_ref(), 1, errors);
    check_format(&mut head);
    let category = read_category(&mut head).unwrap_or_else(|| {
        head.error_here("the file has no category", "write, say, `category = \"share\"` below its format");
        "other".into()
    });
    head.string("about");
    let langs = read_langs(&mut head);
    let mut given = Given { category, langs, allowance };
    let rules = tables(&mut head, source, "rule");
    let cases = tables(&mut head, source, "case");
    head.finish();
    for (table, line) in rules {
        if errors.is_full() {
            break;
        }
        let origin = Origin { file: source.path.clone(), line, builtin };
        let mut fields = Fields::new(source, table, line, errors);
        let entry = read_rule(&mut fields, &mut given, origin);
        fields.finish();
        file.entries.extend(entry);
    }
    for (table, line) in cases {
        if errors.is_full() {
            break;
        }
        let origin = Origin { file: source.path.clone(), line, builtin };
        let mut fields = Fields::new(source, table, line, errors);
        file.cases.extend(read_case(&mut fields, origin));
        fields.finish();
    }
    file
}

/// What a file gives to its rules.
struct Given<'g> {
    category: Arc<str>,
    langs: Option<Vec<Arc<str>>>,
    allowance: &'g mut Allowance,
}

/// The category of a file, or of a rule that has another one than its file.
fn read_category(fields: &mut Fields<'_, '_, '_>) -> Option<Arc<str>> {
    let (name, line) = fields.string("category")?;
    if !is_kebab(&name) {
        let what = format!("the category `{name}` is not in kebab case");
        fields.error(line, what, "write small letters and hyphens, as in `cross-promo`");
    }
    Some(name.into())
}

/// The languages of a file or rule: `Some([])` for `any`.
fn read_langs(fields: &mut Fields<'_, '_, '_>) -> Option<Vec<Arc<str>>> {
    let langs = fields.strings("lang");
    if langs.is_empty() {
        return None;
    }
    for (lang, line) in &langs {
        if !is_language(lang) {
            fields.error(*line, format!("`{lang}` is no language"), "write an ISO 639 code such as `en`, or `any`");
        }
    }
    if langs.iter().any(|(lang, _)| lang == "any") {
        return Some(Vec::new());
    }
    Some(langs.into_iter().map(|(lang, _)| lang.into()).collect())
}

/// Whether a text may be the code of a language, which `any` may be, too.
fn is_language(lang: &str) -> bool {
    (2..=3).contains(&lang.len()) && lang.bytes().all(|b| b.is_ascii_lowercase())
}

fn tables<'t, 's>(
    head: &mut Fields<'t, 's, '_>,
    source: &Source<'_>,
    key: &'static str,
) -> Vec<(&'t DeTable<'s>, usize)> {
    let Some((value, line)) = head.value(key) else { return Vec::new() };
    let Some(items) = value.as_array() else {
        head.error(line, format!("`{key}` is {}", kind(value)), format!("write `[[{key}]]` above each {key}"));
        return Vec::new();
    };
    let mut tables = Vec::with_capacity(items.len());
    for item in items.iter() {
        let line = source.line(item.span().start);
        match item.get_ref().as_table() {
            Some(table) => tables.push((table, line)),
            None => {
                let what = format!("a `{key}` is {}", kind(item.get_ref()));
                head.error(line, what, format!("write `[[{key}]]` above each"));
            }
        }
    }
    tables
}

fn read_rule(fields: &mut Fields<'_, '_, '_>, given: &mut Given<'_>, origin: Origin) -> Option<Entry> {
    let id = read_id(fields);
    if fields.boolean("disabled") {
        return Some(Entry::Disable(id?, origin));
    }
    let replaces = fields.boolean("replaces");
    let category = read_category(fields).unwrap_or_else(|| given.category.clone());
    let own_langs = read_langs(fields);
    let form = required(fields, "form", &FORMS);
    let strength = required(fields, "strength", &STRENGTHS);
    let matchers = read_matchers(fields, form.unwrap_or(Form::Line), given.allowance);
    let langs = own_langs.or_else(|| given.langs.clone());
    if langs.is_none() {
        fields.error_here(
            "the rule has no language",
            "write `lang = [\"en\"]`, or `lang = \"any\"`, in the rule or at the head of the file",
        );
    }
    let rule = Rule {
        category,
        langs: langs.unwrap_or_default(),
        place: fields.choice("place", &PLACES).unwrap_or_default(),
        action: fields.choice("action", &ACTIONS).unwrap_or_default(),
        until: read_until(fields, form),
        fold: fields.choice("fold", &FOLDS).unwrap_or_default(),
        max_lines: read_max_lines(fields, form),
        why: read_why(fields),
        hit: read_examples(fields, "hit"),
        miss: read_examples(fields, "miss"),
        was: fields.strings("was").into_iter().map(|(id, _)| id.into()).collect(),
        strength: strength.unwrap_or(Strength::Run),
        form: form.unwrap_or(Form::Line),
        matchers: matchers?,
        id: id?.into(),
        origin,
    };
    Some(Entry::Rule(Box::new(rule), replaces))
}

const FORMS: [(&str, Form); 6] = [
    ("line", Form::Line),
    ("start", Form::Start),
    ("end", Form::End),
    ("span", Form::Span),
    ("block", Form::Block),
    ("tail", Form::Tail),
];
const STRENGTHS: [(&str, Strength); 3] =
    [("alone", Strength::Alone), ("supported", Strength::Supported), ("run", Strength::Run)];
const PLACES: [(&str, Place); 3] = [("any", Place::Any), ("head", Place::Head), ("tail", Place::Tail)];
const ACTIONS: [(&str, Action); 2] = [("remove", Action::Remove), ("protect", Action::Protect)];
const UNTILS: [(&str, Until); 3] = [("sentence", Until::Sentence), ("bracket", Until::Bracket), ("line", Until::Line)];
const FOLDS: [(&str, FoldMode); 2] = [("plain", FoldMode::Plain), ("loose", FoldMode::Loose)];

fn required<T: Copy>(fields: &mut Fields<'_, '_, '_>, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
    if fields.value(key).is_none() {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        fields.error_here(format!("`{key}` is missing"), format!("write one of {}", names.join(", ")));
        return None;
    }
    fields.choice(key, choices)
}

fn read_id(fields: &mut Fields<'_, '_, '_>) -> Option<String> {
    let Some((id, line)) = fields.string("id") else {
        fields.error_here("the rule has no id", "write, say, `id = \"share-this-story\"`");
        return None;
    };
    if !is_kebab(&id) {
        fields.error(line, "the id is not in kebab case", "write small letters, figures and hyphens, at most 64");
        return None;
    }
    if RESERVED_IDS.contains(&id.as_str()) {
        fields.error(line, "the id is that of a judgement which needs no rule", "choose another id");
        return None;
    }
    Some(id)
}

/// Ids that stand in reports without a rule file.
pub(crate) const RESERVED_IDS: [&str; 7] =
    ["after-the-end", "blank", "doubled-title", "headline-tail", "link-markup", "menu-run", "title"];

fn is_kebab(name: &str) -> bool {
    (1..=64).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--")
}

fn read_why(fields: &mut Fields<'_, '_, '_>) -> String {
    match fields.string("why") {
        Some((why, _)) if !why.trim().is_empty() => why,
        _ => {
            fields.error_here("the rule does not say why", "write a sentence: which sites print this, and where");
            String::new()
        }
    }
}

fn read_examples(fields: &mut Fields<'_, '_, '_>, key: &'static str) -> Vec<String> {
    let examples = fields.strings(key);
    if examples.is_empty() {
        let help = match key {
            "hit" => "write at least one text the rule must match",
            _ => "write at least one text that looks like it and must stay",
        };
        fields.error_here(format!("the rule has no `{key}`"), help);
    }
    check_count(fields, key, examples.len(), MAX_EXAMPLES, "keep the most telling ones");
    for (text, line) in examples.iter().filter(|(text, _)| text.len() > MAX_EXAMPLE_BYTES) {
        let what = format!("a `{key}` has {} bytes, more than {MAX_EXAMPLE_BYTES}", text.len());
        fields.error(*line, what, "shorten it; longer lines match no pattern");
    }
    examples.into_iter().map(|(text, _)| text).collect()
}

/// Refuses more of something than a rule may have.
fn check_count(fields: &mut Fields<'_, '_, '_>, key: &str, count: usize, most: usize, help: &str) {
    if count > most {
        fields.error_here(format!("the rule has {count} texts under `{key}`, more than {most}"), help);
    }
}

fn read_until(fields: &mut Fields<'_, '_, '_>, form: Option<Form>) -> Until {
    let until = fields.choice("until", &UNTILS);
    if until.is_some() && form.is_some_and(|form| form != Form::Span) {
        fields.error_here("`until` is only for spans", "remove it, or write `form = \"span\"`");
    }
    until.unwrap_or_default()
}

fn read_max_lines(fields: &mut Fields<'_, '_, '_>, form: Option<Form>) -> usize {
    let Some((count, line)) = fields.integer("max_lines") else { return DEFAULT_MAX_LINES };
    if form.is_some_and(|form| form != Form::Block) {
        fields.error(line, "`max_lines` is only for blocks", "remove it, or write `form = \"block\"`");
    }
    if !(1..=MAX_MAX_LINES).contains(&count) {
        fields.error(line, format!("`max_lines` is {count}"), format!("write a number from 1 to {MAX_MAX_LINES}"));
    }
    usize::try_from(count.clamp(1, MAX_MAX_LINES)).unwrap_or(DEFAULT_MAX_LINES)
}

fn read_matchers(fields: &mut Fields<'_, '_, '_>, form: Form, allowance: &mut Allowance) -> Option<Matchers> {
    let patterns = fields.strings("pattern");
    let regexes = fields.strings("regex");
    check_count(fields, "pattern", patterns.len(), MAX_PATTERNS, "split the rule, or use a list of vocabulary.toml");
    check_count(fields, "regex", regexes.len(), MAX_PATTERNS, "split the rule");
    match (patterns.is_empty(), regexes.is_empty()) {
        (false, true) => Some(read_templates(fields, &patterns, form)),
        (true, false) => Some(read_regexes(fields, &regexes, allowance)),
        (true, true) => {
            fields.error_here("the rule has no `pattern`", "write, say, `pattern = 'share this {piece}'`");
            None
        }
        (false, false) => {
            fields.error_here("the rule has both `pattern` and `regex`", "keep one, or write two rules");
            None
        }
    }
}

fn read_templates(fields: &mut Fields<'_, '_, '_>, patterns: &[(String, usize)], form: Form) -> Matchers {
    let mut templates = Vec::with_capacity(patterns.len());
    for (pattern, line) in patterns {
        match Template::new(pattern) {
            Ok(template) => {
                let template = template.without_edges(edges(form));
                if template.is_void() {
                    fields.error(
                        *line,
                        format!("`{pattern}`: nothing is left of it without the marks that folding drops"),
                        "add a word",
                    );
                }
                templates.push(template);
            }
            Err(mistake) => fields.error(*line, format!("`{}`: {}", shortened(pattern), mistake.what), mistake.help),
        }
    }
    Matchers::Templates(templates.into())
}

/// A pattern as messages show it.
fn shortened(pattern: &str) -> Cow<'_, str> {
    match pattern.char_indices().nth(SHOWN_CHARS) {
        Some((at, _)) => format!("{}…", &pattern[..at]).into(),
        None => pattern.into(),
    }
}

/// The edges that a form compares, where the folded view has lost marks.
pub(super) fn edges(form: Form) -> Edges {
    let whole = matches!(form, Form::Line | Form::Block | Form::Tail);
    Edges { start: whole || form == Form::Start, end: whole || form == Form::End }
}

fn read_regexes(fields: &mut Fields<'_, '_, '_>, regexes: &[(String, usize)], allowance: &mut Allowance) -> Matchers {
    for (regex, line) in regexes {
        if let Err(refusal) = allowance.admit(regex) {
            let help = refusal.help();
            fields.error(*line, refusal.to_string(), help);
        }
    }
    Matchers::Regexes(regexes.iter().map(|(regex, _)| regex.clone()).collect::<Vec<_>>().into())
}

fn read_case(fields: &mut Fields<'_, '_, '_>, origin: Origin) -> Option<Case> {
    let text = fields.string("text");
    let kept = fields.string("kept");
    if text.is_none() {
        fields.error_here("the case has no `text`", "write the document it is about");
    }
    if kept.is_none() {
        fields.error_here("the case has no `kept`", "write what must be left of its text");
    }
    Some(Case { text: text?.0, kept: kept?.0, origin })
}
