//! The rules that removed something: what each came to, why it exists, and what its removals look like in their
//! context.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::Setting;
use super::escape::{Html, HtmlLines};
use super::figures::bar;
use crate::report::review::Chosen;
use crate::report::review::excerpt::{Clip, Excerpt};
use crate::report::review::suspicion::Suspicion;
use crate::report::terminal::count;
use crate::rules::Rule;

/// How many rules are shown; a run seldom uses as many.
const MOST_RULES: usize = 400;
/// How many hits and misses of a rule are shown.
const MOST_EXAMPLES: usize = 3;
/// How much of an example or pattern is shown, in bytes.
const EXAMPLE_BYTES: usize = 200;
/// How much of an id is shown, in bytes; those of ours have 64 at most.
const ID_BYTES: usize = 100;

/// The ids of the rules that are shown, those with the most bytes first.
pub(super) fn shown(chosen: &Chosen) -> Vec<String> {
    let mut rules: Vec<_> = chosen.sums.totals.by_rule.iter().collect();
    rules.sort_by_key(|(id, counted)| (Reverse(counted.bytes), *id));
    rules.into_iter().take(MOST_RULES).map(|(id, _)| id.clone()).collect()
}

pub(super) fn section(chosen: &Chosen, setting: &Setting<'_>, rules: &[String], suspicions: &[Suspicion]) -> String {
    let by_rule = &chosen.sums.totals.by_rule;
    let mut out = "<section aria-labelledby=\"rules-title\" id=\"rules\">\n<h2 id=\"rules-title\">By rule</h2>\n\
                   <p>Open a rule to see why it exists and what it took, in its context.</p>\n"
        .to_owned();
    if rules.is_empty() {
        out.push_str("<p>No rule removed anything.</p>\n");
    } else {
        out.push_str(
            "<p class=\"rule-row rule-head\" aria-hidden=\"true\"><span>rule</span><span>category</span><span></span>\
             <span class=\"n\">bytes removed</span><span class=\"n\">removals</span><span class=\"n\">documents</span></p>\n",
        );
    }
    let largest = rules.first().and_then(|id| by_rule.get(id)).map_or(0, |counted| counted.bytes);
    for (number, id) in rules.iter().enumerate() {
        let Some(counted) = by_rule.get(id) else { continue };
        let category = chosen.sums.facts.rules.get(id).map_or("", |facts| &facts.category);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "<details class=\"rule\" id=\"rule-{number}\" data-rule=\"{}\"><summary><span class=\"rule-row\">\
             <span class=\"id\"><bdi>{}</bdi></span><span class=\"category\">{}</span><span class=\"bars\">{}</span>\
             <span class=\"n\">{}<span class=\"unit\"> bytes</span></span>\
             <span class=\"n\">{}<span class=\"unit\"> removals</span></span>\
             <span class=\"n\">{}<span class=\"unit\"> documents</span></span></span></summary>\n<div class=\"rule-body\">",
            Html(&short(id, ID_BYTES)),
            Html(&short(id, ID_BYTES)),
            Html(&short(category, ID_BYTES)),
            bar(counted.bytes, largest),
            count(counted.bytes),
            count(counted.removals),
            count(counted.documents),
        );
        out.push_str(&told(id, setting, suspicions));
        out.push_str(&excerpts(chosen, id));
        out.push_str("</div></details>\n");
    }
    let others = by_rule.len().saturating_sub(rules.len());
    if others > 0 {
        let _ = writeln!(out, "<p>And {} more rules, each with fewer bytes.</p>", count(others as u64));
    }
    out.push_str("</section>\n");
    out
}

/// What is known of a rule: its reason, how it works, its examples.
fn told(id: &str, setting: &Setting<'_>, suspicions: &[Suspicion]) -> String {
    let mut out = String::new();
    for suspicion in suspicions.iter().filter(|suspicion| suspicion.rule == id) {
        let _ = writeln!(out, "<p class=\"notice\">{}</p>", Html(&suspicion.why));
    }
    let unknown = "The rules at hand do not know this id: the run was made with other ones. Name them with --rules.";
    let _ = writeln!(out, "<p>{}</p>", HtmlLines(setting.why(id).unwrap_or(unknown)));
    if let Some(rule) = setting.rules.get(id) {
        out.push_str(&how(rule));
        out.push_str(&examples("It must hit, for example", &rule.hit));
        out.push_str(&examples("It must leave alone, for example", &rule.miss));
    }
    out
}

fn how(rule: &Rule) -> String {
    let strength = match rule.strength {
        crate::rules::Strength::Alone => "decides by itself",
        crate::rules::Strength::Supported => "needs a second witness",
        crate::rules::Strength::Run => "counts only among several such lines",
    };
    let now = format!("rule <code>{}</code> ", Html(&rule.id));
    let origin = format!("{}:{}", rule.origin.file.display(), rule.origin.line);
    format!(
        "<p class=\"how\">{now}for {}, form <code>{}</code>, {strength}; it stands in <code>{}</code>.</p>\n",
        Html(&rule.lang_names().join(", ")),
        rule.form,
        Html(&origin)
    )
}

fn examples(title: &str, texts: &[String]) -> String {
    if texts.is_empty() {
        return String::new();
    }
    let mut out = format!("<h4>{title}</h4>\n<ul class=\"examples\">");
    for text in texts.iter().take(MOST_EXAMPLES) {
        let _ = write!(out, "<li dir=\"auto\">{}</li>", HtmlLines(&short(text, EXAMPLE_BYTES)));
    }
    out.push_str("</ul>\n");
    out
}

/// What a rule took in the documents that are shown.
fn excerpts(chosen: &Chosen, id: &str) -> String {
    let Some(excerpts) = chosen.excerpts.get(id) else {
        return "<p class=\"quiet\">None of the documents in this page shows it; --samples puts more of them in.</p>\n"
            .to_owned();
    };
    let mut out = "<h4>What it took here</h4>\n".to_owned();
    for excerpt in excerpts {
        let Some(document) = chosen.documents.get(excerpt.document) else { continue };
        let _ = writeln!(
            out,
            "<figure class=\"excerpt\"><blockquote dir=\"auto\">{}</blockquote>\
             <figcaption><a href=\"#document={}&amp;rule={}\"><bdi>{}</bdi></a></figcaption></figure>",
            in_context(excerpt),
            excerpt.document,
            Html(&fragment(id)),
            Html(&document.name())
        );
    }
    out
}

fn in_context(excerpt: &Excerpt) -> String {
    let removed = match &excerpt.removed {
        None => "<del class=\"unknown\">(the report does not hold the text)</del>".to_owned(),
        Some(Clip { head, omitted: 0, .. }) => format!("<del>{}</del>", HtmlLines(head)),
        Some(Clip { head, omitted, tail }) => format!(
            "<del>{} <span class=\"gap\">… {} bytes …</span> {}</del>",
            HtmlLines(head),
            count(*omitted),
            HtmlLines(tail)
        ),
    };
    format!("{}{removed}{}", HtmlLines(&excerpt.before), HtmlLines(&excerpt.after))
}

/// An id as part of an address.
fn fragment(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    id.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// A text, shortened in its middle where it is long.
fn short(text: &str, most: usize) -> String {
    let Clip { head, omitted, tail } = Clip::of(text, most);
    if omitted == 0 { head } else { format!("{head}…{tail}") }
}
