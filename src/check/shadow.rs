//! Rules and patterns that others make useless.

use std::collections::{BTreeSet, HashSet};

use super::bench::{Bench, PatternHit, PatternPlace};
use super::expand::{Expansions, line_with};
use super::{Finding, Severity};
use crate::rules::Matchers;

/// How many rules a message names.
const MAX_NAMED: usize = 3;

/// What has been told already. All of it can be removed together: what makes a thing useless is not told itself.
#[derive(Default)]
struct Told {
    rules: HashSet<usize>,
    patterns: HashSet<PatternPlace>,
    /// What stands in for them.
    needed: HashSet<PatternPlace>,
    needed_rules: HashSet<usize>,
}

impl Told {
    fn is_useless(&self, place: PatternPlace) -> bool {
        self.rules.contains(&place.0) || self.patterns.contains(&place)
    }

    fn need(&mut self, places: &BTreeSet<PatternPlace>) {
        self.needed.extend(places);
        self.needed_rules.extend(places.iter().map(|place| place.0));
    }
}

/// Rules and patterns without which the same would be removed, and patterns that no example shows.
pub(super) fn findings(bench: &mut Bench<'_>, rules: &[usize]) -> Vec<Finding> {
    let mut told = Told::default();
    let mut found = Vec::new();
    // From the end, so that of two equal ones the later is told.
    for &at in rules.iter().rev() {
        match shadowed(bench, at, &mut told) {
            Some(finding) => found.push(finding),
            None => found.extend(unreachable(bench, at, &mut told)),
        }
        found.extend(unshown(bench, at));
    }
    found
}

/// A rule each of whose hits another one removes.
fn shadowed(bench: &mut Bench<'_>, at: usize, told: &mut Told) -> Option<Finding> {
    let rule = bench.rule(at);
    if told.needed_rules.contains(&at) {
        return None;
    }
    let mut by = BTreeSet::new();
    for text in &rule.hit {
        let hits = bench.hits(text);
        let others = covering(bench, &hits, at, |place| place.0 == at, told);
        by.insert(chosen(&by, &others)?);
    }
    if by.is_empty() {
        return None;
    }
    told.rules.insert(at);
    told.need(&by);
    let what = format!("is shadowed: all its hits are removed without it, by {}", names(bench, &by, at));
    Some(Finding::of(Severity::Warning, rule, what, "remove it, or add a hit that only it matches"))
}

/// One of several; one of a rule that is named already is preferred, so that few are.
fn chosen(by: &BTreeSet<PatternPlace>, others: &[PatternPlace]) -> Option<PatternPlace> {
    let of_named = |other: &&PatternPlace| by.iter().any(|place| place.0 == other.0);
    others.iter().find(|other| by.contains(other)).or(others.iter().find(of_named)).or(others.first()).copied()
}

/// What stands in for a rule or one of its patterns: other patterns of the rule by their texts, other rules by their ids.
fn names(bench: &Bench<'_>, by: &BTreeSet<PatternPlace>, rule: usize) -> String {
    let name = |&(other, number): &PatternPlace| {
        if other == rule {
            return format!("`{}`", bench.rule(rule).patterns().get(number).unwrap_or(&""));
        }
        let foreign = bench.rule(other).origin.builtin && !bench.rule(rule).origin.builtin;
        let builtin = if foreign { " (built in)" } else { "" };
        format!("the rule `{}`{builtin}", bench.rule(other).id)
    };
    let mut names: Vec<String> = by.iter().map(name).collect();
    names.dedup();
    let more = if names.len() > MAX_NAMED { ", …" } else { "" };
    names.truncate(MAX_NAMED);
    names.join(", ") + more
}

/// The patterns that take all that some of `own` take of a line, and that act wherever the rule does.
fn covering(
    bench: &Bench<'_>,
    hits: &[PatternHit],
    rule: usize,
    own: impl Fn(PatternPlace) -> bool,
    told: &Told,
) -> Vec<PatternPlace> {
    let covers = |hit: &&PatternHit| {
        let mut mine = hits.iter().filter(|hit| own(hit.place));
        !own(hit.place)
            && !told.is_useless(hit.place)
            && mine.any(|mine| hit.range.start <= mine.range.start && mine.range.end <= hit.range.end)
            && (hit.place.0 == rule || bench.outranks(hit.place.0, rule))
    };
    hits.iter().filter(covers).map(|hit| hit.place).collect()
}

/// The patterns of a rule all of whose texts others match.
fn unreachable(bench: &mut Bench<'_>, at: usize, told: &mut Told) -> Vec<Finding> {
    let rule = bench.rule(at);
    let Matchers::Templates(templates) = &rule.matchers else { return Vec::new() };
    let mut found = Vec::new();
    for (number, template) in templates.iter().enumerate().rev() {
        let expansions = Expansions::new(template, rule, bench.set);
        let Some(by) = matched_by_others(bench, &expansions, (at, number), told) else { continue };
        told.patterns.insert((at, number));
        told.need(&by);
        let what = format!("`{}` matches nothing that is not matched by {}", template.source(), names(bench, &by, at));
        found.push(Finding::of(Severity::Warning, rule, what, "remove the pattern"));
    }
    found
}

/// Who matches every text of a pattern besides itself; `None` where some text is its own, or none can be tried.
fn matched_by_others(
    bench: &mut Bench<'_>,
    expansions: &Expansions<'_>,
    place: PatternPlace,
    told: &Told,
) -> Option<BTreeSet<PatternPlace>> {
    if told.needed.contains(&place) {
        return None;
    }
    let mut by = BTreeSet::new();
    for text in expansions.texts() {
        let hits = bench.hits(&line_with(&text, bench.rule(place.0)));
        // What stands for a slot is made up; where the pattern itself does not take it, it says nothing.
        if hits.iter().any(|hit| hit.place == place) {
            let others = covering(bench, &hits, place.0, |other| other == place, told);
            by.insert(chosen(&by, &others)?);
        }
    }
    (!by.is_empty()).then_some(by)
}

/// The patterns that no hit of their rule shows.
fn unshown(bench: &mut Bench<'_>, at: usize) -> Vec<Finding> {
    let rule = bench.rule(at);
    let mut shown = HashSet::new();
    for text in &rule.hit {
        shown.extend(bench.hits(text).into_iter().filter(|hit| hit.place.0 == at).map(|hit| hit.place.1));
    }
    let unshown = rule.patterns().into_iter().enumerate().filter(|(number, _)| !shown.contains(number));
    let told = unshown.map(|(_, pattern)| {
        Finding::of(Severity::Note, rule, format!("no hit shows what `{pattern}` matches"), "add one")
    });
    told.collect()
}
