//! The head of the page: what the run came to, and the histogram.

use std::fmt::Write as _;

use super::Setting;
use super::escape::Html;
use super::figures::{histogram, percent};
use crate::report::review::Chosen;
use crate::report::terminal::count;

/// How many reports are named one by one.
const MOST_RUNS: usize = 20;

pub(super) fn title(setting: &Setting<'_>) -> String {
    match setting.runs.as_slice() {
        [(name, _)] => format!("Review of {name}"),
        runs => format!("Review of {} reports", runs.len()),
    }
}

/// The first screen.
pub(super) fn section(chosen: &Chosen, setting: &Setting<'_>, title: &str) -> String {
    let mut out =
        format!("<section aria-labelledby=\"title\" class=\"head\">\n<h1 id=\"title\">{}</h1>\n", Html(title));
    let totals = &chosen.sums.totals;
    let documents = &totals.documents;
    if documents.total == 0 {
        out.push_str(
            "<p class=\"lead\">The report holds no document. Nothing was cleaned, so there is nothing to review.</p>\n",
        );
    } else {
        let lead = format!(
            "<p class=\"lead\"><strong>{}</strong> of the text was removed: {} of {} words, {} of {} bytes.</p>\n",
            percent(totals.words.removed, totals.words.total),
            count(totals.words.removed),
            count(totals.words.total),
            count(totals.bytes.removed),
            count(totals.bytes.text),
        );
        out.push_str(&lead);
    }
    out.push_str("<dl class=\"figures\">\n");
    for (name, number, about) in [
        ("Documents", documents.total, "all of them"),
        ("Cleaned", documents.cleaned, "something was removed"),
        ("Unchanged", documents.unchanged, "nothing was removed"),
        ("Kept whole", documents.kept_whole, "removals were held back"),
        ("Failed", documents.failed, "no output; see the report"),
    ] {
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "<div><dt>{name}</dt><dd data-figure=\"{number}\">{}</dd><dd class=\"about\">{about}</dd></div>",
            count(number)
        );
    }
    out.push_str("</dl>\n");
    out.push_str(&made_with(setting));
    out.push_str("</section>\n");
    out
}

/// Which reports these are, and what they were made with.
fn made_with(setting: &Setting<'_>) -> String {
    let mut out = "<details class=\"made\"><summary>What this was made from</summary>\n<table><thead><tr><th scope=\"col\">report</th>\
                   <th scope=\"col\">program</th><th scope=\"col\">preset</th><th scope=\"col\">rules</th></tr></thead><tbody>\n"
        .to_owned();
    for (name, summary) in setting.runs.iter().take(MOST_RUNS) {
        let told = summary.as_ref().map(|summary| {
            let preset = summary.options.preset.as_deref().unwrap_or("–");
            let program = format!("{} {}", summary.program.name, summary.program.version);
            let rules = format!("{} rules, {}", count(summary.rules.count as u64), summary.rules.hash);
            [program, preset.to_owned(), rules]
        });
        let [program, preset, rules] =
            told.unwrap_or_else(|| ["–", "–", "there is no summary beside it"].map(str::to_owned));
        let _ = writeln!(
            out,
            "<tr><td><bdi>{}</bdi></td><td>{}</td><td>{}</td><td class=\"hash\">{}</td></tr>",
            Html(name),
            Html(&program),
            Html(&preset),
            Html(&rules)
        );
    }
    out.push_str("</tbody></table>\n");
    if setting.runs.len() > MOST_RUNS {
        let _ = writeln!(out, "<p>And {} more reports.</p>", setting.runs.len() - MOST_RUNS);
    }
    out.push_str("</details>\n");
    if !setting.other_rules().is_empty() {
        let _ = writeln!(
            out,
            "<p class=\"notice\">The run was made with other rules than those that explain it here ({}). Ids may be unknown, \
             and reasons and examples may have changed; name the rules of the run with <code>--rules</code>.</p>",
            Html(setting.rules.hash())
        );
    }
    out
}

/// The histogram and its numbers.
pub(super) fn shares(chosen: &Chosen) -> String {
    let shares = &chosen.sums.histogram;
    let mut out =
        "<section aria-labelledby=\"shares\" id=\"how-much\">\n<h2 id=\"shares\">How much of each document went</h2>\n\
                   <p>Documents by the share of their words that was removed, in per cent.</p>\n\
                   <div class=\"scroll\">"
            .to_owned();
    out.push_str(&histogram(shares));
    out.push_str(
        "</div>\n<details><summary>As a table</summary><table><thead><tr><th scope=\"col\">words removed, per cent</th>\
         <th scope=\"col\" class=\"n\">documents</th></tr></thead><tbody>",
    );
    for (name, number) in shares.bars() {
        let _ = write!(out, "<tr><th scope=\"row\">{name}</th><td class=\"n\">{}</td></tr>", count(number));
    }
    out.push_str("</tbody></table></details>\n</section>\n");
    out
}
