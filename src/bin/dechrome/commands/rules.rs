//! `dechrome rules`: list, show, index, check and test.

use std::fmt::Write as _;

use anstyle::Style;
use dechrome::clean::{CONTEXT_RULES, ContextRule};
use dechrome::report::index_markdown;
use dechrome::report::terminal::{Escaped, escape_json};
use dechrome::rules::nearest;
use dechrome::{Case, Cleaner, Matchers, Rule, RuleSet};
use serde::Serialize;

use super::{check, load, stats};
use crate::args::{RuleFlags, RulesCommand};
use crate::exit::{Exit, usage};
use crate::ui::{self, Ui};

/// How many rules are named to someone who named none.
const MOST_HINTS: usize = 5;

const STRONG: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

pub(crate) fn run(command: RulesCommand, ui: Ui) -> anyhow::Result<Exit> {
    match command {
        RulesCommand::List { json, rules } => list(&load::rule_set(&rules)?, json),
        RulesCommand::Show { id, json, rules } => show(&load::rule_set(&rules)?, &id, json),
        RulesCommand::Index { rules } => index(&load::rule_set(&rules)?),
        RulesCommand::Stats(args) => stats::run(&args),
        RulesCommand::Check { paths, no_default_rules } => check::run(RuleFlags { paths, no_default_rules }, ui),
        RulesCommand::Test { paths, no_default_rules } => test(RuleFlags { paths, no_default_rules }),
    }
}

/// A rule as programs get it.
#[derive(Serialize)]
struct RuleJson<'a> {
    id: &'a str,
    category: &'a str,
    lang: Vec<&'a str>,
    strength: String,
    form: String,
    place: String,
    action: String,
    until: String,
    fold: String,
    max_lines: usize,
    regex: bool,
    pattern: Vec<&'a str>,
    why: &'a str,
    hit: &'a [String],
    miss: &'a [String],
    was: Vec<&'a str>,
    file: String,
    line: usize,
    builtin: bool,
}

impl<'a> RuleJson<'a> {
    fn of(rule: &'a Rule) -> RuleJson<'a> {
        RuleJson {
            id: &rule.id,
            category: &rule.category,
            lang: rule.lang_names(),
            strength: rule.strength.to_string(),
            form: rule.form.to_string(),
            place: rule.place.to_string(),
            action: rule.action.to_string(),
            until: rule.until.to_string(),
            fold: rule.fold.to_string(),
            max_lines: rule.max_lines,
            regex: matches!(rule.matchers, Matchers::Regexes(_)),
            pattern: rule.patterns(),
            why: &rule.why,
            hit: &rule.hit,
            miss: &rule.miss,
            was: rule.was.iter().map(|name| &**name).collect(),
            file: rule.origin.file.to_string_lossy().into_owned(),
            line: rule.origin.line,
            builtin: rule.origin.builtin,
        }
    }
}

pub(super) fn print_json(value: &impl Serialize) -> anyhow::Result<Exit> {
    let json = serde_json::to_string_pretty(value)?;
    ui::print(&(escape_json(&json) + "\n"))?;
    Ok(Exit::Done)
}

fn list(set: &RuleSet, json: bool) -> anyhow::Result<Exit> {
    if json {
        return print_json(&set.rules().iter().map(RuleJson::of).collect::<Vec<_>>());
    }
    ui::print(&table(set.rules(), CONTEXT_RULES))?;
    Ok(Exit::Done)
}

fn index(set: &RuleSet) -> anyhow::Result<Exit> {
    ui::print(&index_markdown(set))?;
    Ok(Exit::Done)
}

/// The rules and, behind them, the judgements that need none, as a table: id, category, languages, strength, form, why.
fn table(rules: &[Rule], judgements: &[ContextRule]) -> String {
    let escaped = |text: &str| Escaped(text).to_string();
    let judged =
        |judgement: &ContextRule| [judgement.id, judgement.category, "any", "judgement", "context"].map(str::to_owned);
    let cells = |rule: &Rule| {
        let (strength, form) = (rule.strength.to_string(), rule.form.to_string());
        [escaped(&rule.id), escaped(&rule.category), escaped(&rule.lang_names().join(",")), strength, form]
    };
    let rows: Vec<_> = rules.iter().map(cells).chain(judgements.iter().map(judged)).collect();
    let whys = rules.iter().map(|rule| &*rule.why).chain(judgements.iter().map(|judgement| judgement.why));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = std::array::from_fn::<_, 5, _>(width);
    let mut out = String::new();
    for (row, why) in rows.iter().zip(whys) {
        // Writing to a string cannot fail.
        let _ = write!(out, "{STRONG}{:<width$}{STRONG:#}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(widths).skip(1) {
            let _ = write!(out, "  {cell:<width$}");
        }
        let _ = writeln!(out, "  {QUIET}{}{QUIET:#}", Escaped(why));
    }
    out
}

fn show(set: &RuleSet, id: &str, json: bool) -> anyhow::Result<Exit> {
    if let Some(judgement) = CONTEXT_RULES.iter().find(|judgement| judgement.id == id).filter(|_| !json) {
        let ContextRule { category, why, .. } = judgement;
        ui::print(&format!(
            "{STRONG}{id}{STRONG:#}\n{why}\n\n{QUIET}category {QUIET:#} {category}\n\
             This judgement needs no rule; `--keep {id}` switches it off.\n"
        ))?;
        return Ok(Exit::Done);
    }
    let Some(rule) = set.get(id) else {
        return Err(usage(no_rule(set, id)));
    };
    if json {
        return print_json(&RuleJson::of(rule));
    }
    ui::print(&shown_rule(rule))?;
    Ok(Exit::Done)
}

/// That there is no such rule, with those that may have been meant.
fn no_rule(set: &RuleSet, id: &str) -> String {
    let ids = || set.rules().iter().map(|rule| &*rule.id);
    if set.categories().any(|(name, _)| name == id) {
        return format!(
            "there is no rule `{id}`, which is a category; `dechrome rules list | grep {id}` names its rules"
        );
    }
    let hint = match nearest(id, ids()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => match ids().filter(|known| known.contains(id)).take(MOST_HINTS).collect::<Vec<_>>() {
            holding if holding.is_empty() || id.is_empty() => "`dechrome rules list` names them all".to_owned(),
            holding => format!("did you mean one of {}?", holding.join(", ")),
        },
    };
    format!("there is no rule `{id}`; {hint}")
}

fn shown_rule(rule: &Rule) -> String {
    let mut out = format!("{STRONG}{}{STRONG:#}\n{}\n\n", Escaped(&rule.id), Escaped(&rule.why));
    let fact = |out: &mut String, name: &str, value: &str| {
        let _ = writeln!(out, "{QUIET}{name:<9}{QUIET:#} {}", Escaped(value));
    };
    fact(&mut out, "category", &rule.category);
    fact(&mut out, "lang", &rule.lang_names().join(", "));
    for (name, value) in settings(rule) {
        fact(&mut out, name, &value);
    }
    if !rule.was.is_empty() {
        fact(&mut out, "was", &rule.was.join(", "));
    }
    let origin = &rule.origin;
    let builtin = if origin.builtin { " (built in)" } else { "" };
    fact(&mut out, "from", &format!("{}:{}{builtin}", origin.file.display(), origin.line));
    let patterns = if matches!(rule.matchers, Matchers::Regexes(_)) { "regex" } else { "pattern" };
    texts(&mut out, patterns, rule.patterns().into_iter());
    texts(&mut out, "hit", rule.hit.iter().map(String::as_str));
    texts(&mut out, "miss", rule.miss.iter().map(String::as_str));
    out
}

/// Some texts under a title, one a line.
fn texts<'t>(out: &mut String, title: &str, texts: impl Iterator<Item = &'t str>) {
    let _ = writeln!(out, "\n{STRONG}{title}{STRONG:#}");
    for text in texts {
        let _ = writeln!(out, "  {}", Escaped(text));
    }
}

/// The settings that matter for this rule.
fn settings(rule: &Rule) -> Vec<(&'static str, String)> {
    let mut settings = vec![
        ("strength", rule.strength.to_string()),
        ("form", rule.form.to_string()),
        ("place", rule.place.to_string()),
        ("action", rule.action.to_string()),
        ("fold", rule.fold.to_string()),
    ];
    match rule.form {
        dechrome::Form::Span => settings.push(("until", rule.until.to_string())),
        dechrome::Form::Block => settings.push(("max_lines", rule.max_lines.to_string())),
        _ => {}
    }
    settings
}

/// Runs the examples of these files; without files, those of the built-in rules.
fn test(flags: RuleFlags) -> anyhow::Result<Exit> {
    let set = load::rule_set(&flags)?;
    let wanted = |builtin: bool| builtin == flags.paths.is_empty();
    let rules: Vec<&Rule> = set.rules().iter().filter(|rule| wanted(rule.origin.builtin)).collect();
    let cases: Vec<&Case> = set.cases().iter().filter(|case| wanted(case.origin.builtin)).collect();
    let hits: usize = rules.iter().map(|rule| rule.hit.len()).sum();
    let misses: usize = rules.iter().map(|rule| rule.miss.len()).sum();
    let cleaner = Cleaner::builder().rules(set.clone()).build().map_err(|error| usage(error.to_string()))?;
    let failures = failures(&cleaner, flags.paths.is_empty());
    let ran = format!(
        "{}, {}, {} of {}",
        counted(hits, "hit"),
        misses_word(misses),
        counted(cases.len(), "case"),
        counted(rules.len(), "rule")
    );
    if failures.is_empty() {
        ui::print(&format!("{ran}: all passed\n"))?;
        return Ok(Exit::Done);
    }
    let told = failures.iter().map(|failure| ui::safe_lines(failure) + "\n").collect::<String>();
    ui::print(&format!("{told}{ran}: {} failed\n", failures.len()))?;
    Ok(Exit::Amiss)
}

/// What failed; with rule files given, failures of the built-in rules are not asked for.
fn failures(cleaner: &Cleaner, builtin_wanted: bool) -> Vec<String> {
    let failures = cleaner.test_rules();
    failures.iter().filter(|failure| failure.origin().builtin == builtin_wanted).map(ToString::to_string).collect()
}

pub(super) fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn misses_word(number: usize) -> String {
    if number == 1 { "1 miss".to_owned() } else { format!("{number} misses") }
}

#[cfg(test)]
mod tests {
    use dechrome::{Action, FoldMode, Form, Origin, Place, Strength, Until};

    use super::*;

    fn rule(id: &str) -> Rule {
        Rule {
            id: id.into(),
            category: "share".into(),
            langs: vec!["en".into(), "de".into()],
            strength: Strength::Supported,
            form: Form::Block,
            place: Place::Tail,
            action: Action::Remove,
            until: Until::Sentence,
            fold: FoldMode::Plain,
            max_lines: 12,
            matchers: Matchers::Regexes(vec!["share (this|that)".into()].into()),
            why: "Why \u{1b}[2J not.".into(),
            hit: vec!["Share this".into()],
            miss: vec!["Sharing".into()],
            was: vec!["old-share".into()],
            origin: Origin { file: "rules/en/share.toml".into(), line: 5, builtin: true },
        }
    }

    fn plain(styled: &str) -> String {
        anstream::adapter::strip_str(styled).to_string()
    }

    #[test]
    fn the_table_stands_in_columns() {
        let table = plain(&table(&[rule("a"), rule("longer-id")], &[]));
        assert_eq!(
            table,
            "a          share  en,de  supported  block  Why \\u{1b}[2J not.\n\
             longer-id  share  en,de  supported  block  Why \\u{1b}[2J not.\n"
        );
    }

    #[test]
    fn a_rule_is_shown_whole() {
        let shown = plain(&shown_rule(&rule("share-it")));
        for line in [
            "share-it",
            "category  share",
            "max_lines 12",
            "was       old-share",
            "from      rules/en/share.toml:5 (built in)",
            "regex",
            "  share (this|that)",
            "  Sharing",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "`{line}` is not in:\n{shown}");
        }
    }
}
