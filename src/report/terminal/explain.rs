//! Every line of a document with its verdict.

use std::fmt::{self, Write as _};

use serde::Serialize;

use super::bars::gauge;
use super::look::Look;
use super::overview::in_words;
use super::style::{IN_PART, QUIET, REMOVED, STRONG, STRUCK};
use super::{Escaped, count};
use crate::clean::{Considered, Evidence, Explanation, HeldBack, LineVerdict, Removal};
use crate::report::row::{evidence_as_map, status_of};
use crate::report::{RemovedRow, SCHEMA, Status};
use crate::rules::{RuleSet, Strength};
use crate::text::decode::EncodingInfo;

/// How many lines are shown before and behind one that something is to be said of, where others are folded.
const ROUND: usize = 2;
/// The fewest lines that are worth folding.
const FOLDED: usize = 3;

/// How an explanation is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct ExplainView {
    /// What the terminal can show.
    pub look: Look,
    /// Whether long stretches of lines that stay are folded.
    pub only_changes: bool,
}

/// The view of an explanation for people.
///
/// It is written with colour; a stream that strips it gives the plain view, if the look says so. Names and text are escaped.
#[must_use]
pub fn explain_text(
    name: &str,
    text: &str,
    encoding: EncodingInfo,
    told: &Explanation,
    rules: &RuleSet,
    view: ExplainView,
) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_header(&mut out, name, encoding, told);
    let _ = write_legend(&mut out, told, view.look);
    let _ = write_lines(&mut out, text, told, rules, view);
    let _ = write_footer(&mut out, told, view.look);
    out
}

/// What the marks and numbers mean.
fn write_legend(out: &mut String, told: &Explanation, look: Look) -> fmt::Result {
    let part = if look.color { format!("{STRUCK}this{STRUCK:#}") } else { "[-this-]".to_owned() };
    writeln!(
        out,
        "{REMOVED}-{REMOVED:#} {QUIET}goes{QUIET:#}  {IN_PART}~{IN_PART:#} {QUIET}goes in part:{QUIET:#} {part}  \
         {QUIET}unmarked lines stay{QUIET:#}"
    )?;
    let needed = told.threshold;
    writeln!(out, "{QUIET}numbers: what the evidence weighs; under this preset a removal needs {needed}{QUIET:#}")
}

fn write_lines(out: &mut String, text: &str, told: &Explanation, rules: &RuleSet, view: ExplainView) -> fmt::Result {
    let shown = if view.only_changes { shown_of(&told.lines) } else { vec![true; told.lines.len()] };
    let lines: Vec<(&LineVerdict, bool)> = told.lines.iter().zip(shown).collect();
    for stretch in lines.chunk_by(|(_, a), (_, b)| a == b) {
        if stretch.iter().any(|(_, is_shown)| *is_shown) || stretch.len() < FOLDED {
            stretch.iter().try_for_each(|(verdict, _)| write_line(out, text, verdict, rules, view.look))?;
        } else {
            let dots = view.look.ellipsis();
            writeln!(out, "{QUIET}      {dots} {} lines kept {dots}{QUIET:#}", count(stretch.len() as u64))?;
        }
    }
    Ok(())
}

/// Which lines are near one that something is to be said of.
fn shown_of(lines: &[LineVerdict]) -> Vec<bool> {
    let mut shown = vec![false; lines.len()];
    let mut done = 0;
    for (at, verdict) in lines.iter().enumerate() {
        if verdict.removed.is_empty() && verdict.considered.is_empty() {
            continue;
        }
        let end = (at + ROUND + 1).min(lines.len());
        shown.iter_mut().take(end).skip(at.saturating_sub(ROUND).max(done)).for_each(|shown| *shown = true);
        done = end;
    }
    shown
}

fn write_header(out: &mut String, name: &str, encoding: EncodingInfo, told: &Explanation) -> fmt::Result {
    let (status, reason) = status_of(told.outcome);
    let counts = told.counts;
    writeln!(out, "{STRONG}{}{STRONG:#}", Escaped(name))?;
    write!(out, "{QUIET}{}, language {}: ", encoding.label, told.lang.as_deref().unwrap_or("unknown"))?;
    match reason {
        Some(reason) => write!(out, "kept whole ({reason})")?,
        None => write!(out, "{}", in_words(status))?,
    }
    writeln!(
        out,
        "; {} of {} lines and {} of {} words removed{QUIET:#}",
        counts.lines_removed, counts.lines, counts.words_removed, counts.words
    )
}

fn write_line(out: &mut String, text: &str, verdict: &LineVerdict, rules: &RuleSet, look: Look) -> fmt::Result {
    let line = text.get(verdict.range.clone()).unwrap_or_default();
    let shown = line.trim_end_matches(['\r', '\n']);
    write!(out, "{QUIET}{:>5}{QUIET:#} ", verdict.line)?;
    match Fate::of(verdict) {
        Fate::Kept => writeln!(out, "  {}", Escaped(shown))?,
        Fate::Removed => writeln!(out, "{REMOVED}- {}{REMOVED:#}", Escaped(shown))?,
        Fate::InPart => {
            write!(out, "{IN_PART}~{IN_PART:#} ")?;
            write_parts(out, text, verdict, verdict.range.start + shown.len(), look)?;
        }
    }
    for removal in &verdict.removed {
        write_removal(out, text, verdict, removal, rules)?;
    }
    verdict.considered.iter().try_for_each(|considered| write_considered(out, considered))
}

/// A line with what goes of it marked in its place.
fn write_parts(out: &mut String, text: &str, verdict: &LineVerdict, line_end: usize, look: Look) -> fmt::Result {
    let part = |start: usize, end: usize| Escaped(text.get(start..end).unwrap_or_default());
    let mut at = verdict.range.start;
    for removal in &verdict.removed {
        let (start, end) = (removal.range.start.clamp(at, line_end), removal.range.end.clamp(at, line_end));
        write!(out, "{}", part(at, start))?;
        if end > start {
            match look.color {
                true => write!(out, "{STRUCK}{}{STRUCK:#}", part(start, end))?,
                false => write!(out, "[-{}-]", part(start, end))?,
            }
        }
        at = end;
    }
    writeln!(out, "{}", part(at, line_end))
}

fn write_removal(
    out: &mut String,
    text: &str,
    verdict: &LineVerdict,
    removal: &Removal,
    rules: &RuleSet,
) -> fmt::Result {
    let strength = rules.get(&removal.rule).map(|rule| format!(", {}", rule.strength)).unwrap_or_default();
    let (rule, category) = (Escaped(&removal.rule), Escaped(&removal.category));
    write!(out, "        {STRONG}{rule}{STRONG:#} {QUIET}({category}{strength})")?;
    write_evidence(out, &removal.evidence)?;
    // Of a single removal the line itself shows it.
    if Fate::of(verdict) == Fate::InPart && verdict.removed.len() > 1 {
        write!(out, " removes “{}”", Escaped(text.get(removal.range.clone()).unwrap_or_default()))?;
    }
    writeln!(out, "{QUIET:#}")
}

fn write_considered(out: &mut String, considered: &Considered) -> fmt::Result {
    let Considered { rule, category, strength, score, threshold, protected_by, .. } = considered;
    write!(out, "        {QUIET}kept though {} ({}, {strength}) hit", Escaped(rule), Escaped(category))?;
    write_evidence(out, &considered.evidence)?;
    match protected_by {
        Some(protector) => write!(out, "; protected by {}", Escaped(protector))?,
        None => write!(out, "; {score} of the {threshold} it needs")?,
    }
    writeln!(out, "{QUIET:#}")
}

fn write_evidence(out: &mut String, evidence: &[Evidence]) -> fmt::Result {
    let separators = std::iter::once(": ").chain(std::iter::repeat(", "));
    evidence
        .iter()
        .zip(separators)
        .try_for_each(|(one, separator)| write!(out, "{separator}{} {:+}", Escaped(&one.name), one.weight))
}

fn write_footer(out: &mut String, told: &Explanation, look: Look) -> fmt::Result {
    let budget = told.budget;
    let gauge_of = |used: usize, allowed: usize| gauge(used, allowed, look);
    let (used, allowed) = (budget.words_used, budget.words_allowed);
    writeln!(
        out,
        "{QUIET}budget: {used} of the {allowed} words that may go on evidence{QUIET:#}  {}",
        gauge_of(used, allowed)
    )?;
    for HeldBack { rule, words } in &told.held_back {
        let allowed = budget.words_allowed_a_rule;
        let rule = Escaped(rule);
        match words {
            Some(words) => writeln!(
                out,
                "rule {rule} held back: it would have removed {words} words, and one rule may remove {allowed}  {}",
                gauge_of(*words, allowed)
            )?,
            None => writeln!(out, "{rule} held back: with it, more would have gone than may")?,
        }
    }
    Ok(())
}

/// How much of a line goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Fate {
    Kept,
    InPart,
    Removed,
}

impl Fate {
    fn of(verdict: &LineVerdict) -> Fate {
        let inside = |removal: &Removal| {
            let start = removal.range.start.max(verdict.range.start);
            removal.range.end.min(verdict.range.end).saturating_sub(start)
        };
        let gone: usize = verdict.removed.iter().map(inside).sum();
        match gone {
            _ if verdict.removed.is_empty() => Fate::Kept,
            gone if gone >= verdict.range.len() => Fate::Removed,
            _ => Fate::InPart,
        }
    }
}

#[derive(Serialize)]
struct ExplainedJson<'a> {
    schema: u32,
    path: Option<&'a str>,
    status: Status,
    reason: Option<&'static str>,
    encoding: EncodingInfo,
    lang: Option<&'a str>,
    words: usize,
    words_removed: usize,
    words_on_evidence: usize,
    words_allowed_on_evidence: usize,
    threshold: i32,
    words_allowed_a_rule: usize,
    rules_held_back: Vec<&'a str>,
    lines: Vec<LineJson<'a>>,
}

#[derive(Serialize)]
struct LineJson<'a> {
    line: usize,
    start: usize,
    end: usize,
    verdict: Fate,
    text: &'a str,
    removed: Vec<RemovalJson<'a>>,
    considered: Vec<ConsideredJson<'a>>,
}

#[derive(Serialize)]
struct RemovalJson<'a> {
    strength: Option<Strength>,
    #[serde(flatten)]
    removal: RemovedRow<'a>,
}

#[derive(Serialize)]
struct ConsideredJson<'a> {
    rule: &'a str,
    category: &'a str,
    strength: Strength,
    #[serde(serialize_with = "evidence_as_map")]
    evidence: &'a [Evidence],
    score: i32,
    threshold: i32,
    protected_by: Option<&'a str>,
}

/// The same for programs: one JSON object, safe to show on a terminal.
///
/// # Errors
/// When it cannot be serialised, which would be a mistake in this program.
pub fn explain_json(
    name: Option<&str>,
    text: &str,
    encoding: EncodingInfo,
    told: &Explanation,
    rules: &RuleSet,
) -> serde_json::Result<String> {
    let (status, reason) = status_of(told.outcome);
    let json = ExplainedJson {
        schema: SCHEMA,
        path: name,
        status,
        reason,
        encoding,
        lang: told.lang.as_deref(),
        words: told.counts.words,
        words_removed: told.counts.words_removed,
        words_on_evidence: told.budget.words_used,
        words_allowed_on_evidence: told.budget.words_allowed,
        threshold: told.threshold,
        words_allowed_a_rule: told.budget.words_allowed_a_rule,
        rules_held_back: told.held_back.iter().map(|it| &*it.rule).collect(),
        lines: told.lines.iter().map(|verdict| line_json(text, verdict, rules)).collect(),
    };
    serde_json::to_string_pretty(&json).map(|json| super::escape_json(&json))
}

fn line_json<'a>(text: &'a str, verdict: &'a LineVerdict, rules: &RuleSet) -> LineJson<'a> {
    let removal_json = |removal: &'a Removal| RemovalJson {
        strength: rules.get(&removal.rule).map(|rule| rule.strength),
        removal: RemovedRow::of(removal, text),
    };
    LineJson {
        line: verdict.line,
        start: verdict.range.start,
        end: verdict.range.end,
        verdict: Fate::of(verdict),
        text: text.get(verdict.range.clone()).unwrap_or_default(),
        removed: verdict.removed.iter().map(removal_json).collect(),
        considered: verdict.considered.iter().map(considered_json).collect(),
    }
}

fn considered_json(considered: &Considered) -> ConsideredJson<'_> {
    ConsideredJson {
        rule: &considered.rule,
        category: &considered.category,
        strength: considered.strength,
        evidence: &considered.evidence,
        score: considered.score,
        threshold: considered.threshold,
        protected_by: considered.protected_by.as_deref(),
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn evidence(name: &'static str, weight: i32) -> Vec<Evidence> {
        vec![Evidence { name: name.into(), weight }]
    }

    #[test]
    fn a_line_says_what_goes_and_what_nearly_went() {
        let text = "First.\nRead more\u{9b}: here. The rest stays.\n";
        let removal = Removal {
            range: 7..26,
            line: 2,
            rule: "read-more".into(),
            category: "cross-promo".into(),
            evidence: evidence("alone", 100).into(),
        };
        let considered = Considered {
            rule: "stays".into(),
            category: "share".into(),
            strength: Strength::Supported,
            evidence: evidence("tail", -3),
            score: 40,
            threshold: 60,
            protected_by: None,
        };
        let verdict =
            LineVerdict { line: 2, range: 7..text.len(), removed: vec![removal], considered: vec![considered] };
        let mut out = String::new();
        write_line(&mut out, text, &verdict, &RuleSet::builtin(), Look::default()).expect("a string takes everything");
        let plain = anstream::adapter::strip_str(&out).to_string();
        let lines: Vec<_> = plain.lines().collect();
        assert_eq!(lines[0], "    2 ~ [-Read more\\u{9b}: here. -]The rest stays.");
        assert!(lines[1].starts_with("        read-more (cross-promo"), "{plain}");
        assert!(lines[1].ends_with(": alone +100"), "{plain}");
        assert_eq!(lines[2], "        kept though stays (share, supported) hit: tail -3; 40 of the 60 it needs");
    }
}
