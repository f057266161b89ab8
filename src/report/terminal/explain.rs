//! Every line of a document with its verdict.

use std::fmt::{self, Write as _};

use anstyle::Style;
use serde::Serialize;

use super::Escaped;
use super::style::{IN_PART, QUIET, REMOVED, STRONG};
use crate::clean::{Considered, Evidence, Explanation, LineVerdict, Removal};
use crate::report::row::{evidence_as_map, status_of};
use crate::report::{RemovedRow, SCHEMA, Status};
use crate::rules::{RuleSet, Strength};
use crate::text::decode::EncodingInfo;

/// The view of an explanation for people.
///
/// It is written with colour; a stream that strips it gives the plain view. Names and text are escaped.
#[must_use]
pub fn explain_text(name: &str, text: &str, encoding: EncodingInfo, told: &Explanation, rules: &RuleSet) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_header(&mut out, name, encoding, told);
    for verdict in &told.lines {
        let _ = write_line(&mut out, text, verdict, rules);
    }
    let _ = write_footer(&mut out, told);
    out
}

fn write_header(out: &mut String, name: &str, encoding: EncodingInfo, told: &Explanation) -> fmt::Result {
    let (status, reason) = status_of(told.outcome);
    let counts = told.counts;
    writeln!(out, "{STRONG}{}{STRONG:#}", Escaped(name))?;
    write!(out, "{QUIET}{}, language {}: ", encoding.label, told.lang.as_deref().unwrap_or("unknown"))?;
    match reason {
        Some(reason) => write!(out, "kept whole ({reason})")?,
        None => write!(out, "{}", status_word(status))?,
    }
    writeln!(
        out,
        "; {} of {} lines and {} of {} words removed{QUIET:#}",
        counts.lines_removed, counts.lines, counts.words_removed, counts.words
    )
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::Cleaned => "cleaned",
        Status::Unchanged => "unchanged",
        Status::KeptWhole => "kept whole",
        Status::Failed => "failed",
    }
}

fn write_line(out: &mut String, text: &str, verdict: &LineVerdict, rules: &RuleSet) -> fmt::Result {
    let line = text.get(verdict.range.clone()).unwrap_or_default();
    let (mark, style) = match Fate::of(verdict) {
        Fate::Kept => (' ', Style::new()),
        Fate::InPart => ('~', IN_PART),
        Fate::Removed => ('-', REMOVED),
    };
    let shown = line.trim_end_matches(['\r', '\n']);
    writeln!(out, "{QUIET}{:>5}{QUIET:#} {style}{mark} {}{style:#}", verdict.line, Escaped(shown))?;
    for removal in &verdict.removed {
        write_removal(out, text, verdict, removal, rules)?;
    }
    verdict.considered.iter().try_for_each(|considered| write_considered(out, considered))
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
    if Fate::of(verdict) == Fate::InPart {
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

fn write_footer(out: &mut String, told: &Explanation) -> fmt::Result {
    let budget = told.budget;
    if budget.words_used > 0 {
        let (used, allowed) = (budget.words_used, budget.words_allowed);
        writeln!(out, "{QUIET}budget: {used} of the {allowed} words that rules may take on evidence{QUIET:#}")?;
    }
    told.held_back.iter().try_for_each(|rule| {
        writeln!(out, "rule {} held back: it would have removed more than one rule may", Escaped(rule))
    })
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
        rules_held_back: told.held_back.iter().map(|rule| &**rule).collect(),
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
            evidence: evidence("alone", 100),
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
        write_line(&mut out, text, &verdict, &RuleSet::builtin()).expect("a string takes everything");
        let plain = anstream::adapter::strip_str(&out).to_string();
        let lines: Vec<_> = plain.lines().collect();
        assert_eq!(lines[0], "    2 ~ Read more\\u{9b}: here. The rest stays.");
        assert!(lines[1].starts_with("        read-more (cross-promo"), "{plain}");
        assert!(lines[1].ends_with(": alone +100 removes “Read more\\u{9b}: here. ”"), "{plain}");
        assert_eq!(lines[2], "        kept though stays (share, supported) hit: tail -3; 40 of the 60 it needs");
    }
}
