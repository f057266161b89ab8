//! Patterns that cannot be looked up by a word and so cost time on texts that they have nothing to do with.

use super::{Finding, Severity};
use crate::rules::template::{Anchor, Detail, Text, anchor};
use crate::rules::{Form, Matchers, Rule, RuleSet, Template};

/// The patterns of a rule that have to be tried wherever they could stand.
pub(super) fn findings(rule: &Rule, set: &RuleSet) -> Vec<Finding> {
    let Matchers::Templates(templates) = &rule.matchers else { return Vec::new() };
    let (severity, where_tried) = match rule.form {
        Form::Span => (Severity::Warning, "at every sentence of every text"),
        _ => (Severity::Note, "on every short line"),
    };
    let slow = templates.iter().filter(|template| !can_be_looked_up(template, rule, set));
    let told = slow.map(|template| {
        let what = format!("`{}` holds no word to look it up by, so it is tried {where_tried}", template.source());
        Finding::of(severity, rule, what, "begin it with a word, or with a choice of words")
    });
    told.collect()
}

fn can_be_looked_up(template: &Template, rule: &Rule, set: &RuleSet) -> bool {
    let lists: Vec<(&str, Vec<&Text>)> =
        template.lists().into_iter().map(|name| (name, set.vocabulary().words(name, &rule.langs))).collect();
    let known = |name: &str| lists.iter().find(|(list, _)| *list == name).map(|(_, words)| words.as_slice());
    match anchor(template.node(), &known, Detail::Fine) {
        // Where a line ends so, the beginning may stand anywhere, and figures and months stand everywhere.
        Anchor::Prefixes(begin) => rule.form != Form::End || !(begin.figure || begin.calendar),
        Anchor::Inner(_) => true,
        Anchor::Nothing => false,
    }
}
