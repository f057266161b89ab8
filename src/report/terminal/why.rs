//! Where a phrase went, for people.

use std::fmt::Write as _;

use anstyle::Style;

use super::look::Look;
use super::style::{FOUND, GIVEN_BACK, IN_PART, QUIET, REMOVED, STRONG};
use super::{Escaped, count};
use crate::clean::CONTEXT_RULES;
use crate::report::why::{Excerpt, Fate, Find, FoundRemoval, Hunt};
use crate::rules::RuleSet;

/// A find, with the rules that hold a part of it. It is written with colour; names and texts are escaped.
#[must_use]
pub fn find_text(find: &Find, rules: &RuleSet, look: Look) -> String {
    let mut out = String::new();
    let (word, style) = match find.fate {
        Fate::Removed => ("removed", REMOVED),
        Fate::InPart => ("removed in part", IN_PART),
        Fate::Kept => ("kept", GIVEN_BACK),
        Fate::Quarantined => ("in quarantine", IN_PART),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{style}{word}:{style:#} {STRONG}{}{STRONG:#}{}",
        Escaped(&find.place.to_string()),
        position(find)
    );
    let _ = writeln!(out, "    {}", excerpt(&find.excerpt, look));
    for removal in &find.removed_by {
        write_removal(&mut out, removal, rules);
    }
    out
}

/// Where in the document it is; `path:line`, as editors understand it, where the document is a file.
fn position(find: &Find) -> String {
    match (find.line, find.start) {
        (Some(line), _) if find.place.record.is_none() => format!(":{line}"),
        (Some(line), _) => format!(", line {line}"),
        (None, Some(start)) => format!(", byte {}", count(start)),
        (None, None) => String::new(),
    }
}

fn excerpt(excerpt: &Excerpt, look: Look) -> String {
    let (open, close) = match (look.color, look.unicode) {
        (true, _) => ("", ""),
        (false, true) => ("»", "«"),
        (false, false) => (">>", "<<"),
    };
    let style = if look.color { FOUND } else { Style::new() };
    let dots = |text: &str| if text.is_empty() { "" } else { look.ellipsis() };
    format!(
        "{QUIET}{}{}{QUIET:#}{style}{open}{}{close}{style:#}{QUIET}{}{}{QUIET:#}",
        dots(&excerpt.before),
        Escaped(&excerpt.before),
        Escaped(&excerpt.found),
        Escaped(&excerpt.after),
        dots(&excerpt.after),
    )
}

fn write_removal(out: &mut String, removal: &FoundRemoval, rules: &RuleSet) {
    let FoundRemoval { rule, category, evidence } = removal;
    let strength = rules.get(rule).map(|rule| format!(", {}", rule.strength)).unwrap_or_default();
    let _ = write!(out, "    {STRONG}{}{STRONG:#} {QUIET}({}{strength})", Escaped(rule), Escaped(category));
    for (number, (name, weight)) in evidence.0.iter().enumerate() {
        let separator = if number == 0 { ": " } else { ", " };
        let _ = write!(out, "{separator}{} {weight:+}", Escaped(name));
    }
    let _ = writeln!(out, "{QUIET:#}");
    let why = why_of(rule, rules).unwrap_or("not a rule of this set; the report was made with other rules (--rules)");
    let _ = writeln!(out, "        {}", Escaped(why));
}

/// The reason that a rule or a judgement gives for itself.
pub fn why_of<'r>(id: &str, rules: &'r RuleSet) -> Option<&'r str> {
    let rule = rules.get(id).map(|rule| &*rule.why);
    let context = || CONTEXT_RULES.iter().find(|context| context.id == id).map(|context| context.why);
    let blank = || (id == "blank").then_some("Blank lines that a removal left behind.");
    rule.or_else(context).or_else(blank)
}

/// What is to be said where the phrase was found nowhere.
#[must_use]
pub fn nowhere_text(hunt: &Hunt<'_>, rules: &RuleSet, look: Look) -> String {
    let mut out = String::new();
    if let Some(nearest) = &hunt.nearest {
        let _ = writeln!(out, "the longest part of it that was found:");
        out.push_str(&find_text(&nearest.find, rules, look));
    }
    out
}
