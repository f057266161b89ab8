//! What should be looked at first: documents kept whole, large removals, rules with unusual hits, failures.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::escape::Html;
use super::figures::percent;
use crate::report::review::Chosen;
use crate::report::review::document::{Shown, Why};
use crate::report::review::suspicion::Suspicion;
use crate::report::terminal::count;

/// How many documents of a kind stand here; the list of documents has the others.
const MOST_HERE: usize = 5;

pub(super) fn section(chosen: &Chosen, suspicions: &[Suspicion], rules: &[String]) -> String {
    let mut out =
        "<section aria-labelledby=\"first-title\" id=\"first\">\n<h2 id=\"first-title\">Look here first</h2>\n\
                   <div class=\"cards\">\n"
            .to_owned();
    let documents = &chosen.sums.totals.documents;
    let cards = [
        unusual(suspicions, rules),
        kind(
            chosen,
            Why::KeptWhole,
            "Kept whole",
            documents.kept_whole,
            "More would have gone than may go, so it stayed.",
        ),
        kind(
            chosen,
            Why::LargeShare,
            "Much of it removed",
            0,
            "Little is left of these; what went should be no article.",
        ),
        kind(chosen, Why::LargeRemoval, "Large removals", 0, "The longest stretches that went in one piece."),
        kind(
            chosen,
            Why::Failed,
            "Failed",
            documents.failed,
            "What could not be cleaned went to the quarantine, unchanged.",
        ),
    ];
    let told: Vec<String> = cards.into_iter().flatten().collect();
    if told.is_empty() {
        out.push_str(
            "<p>Nothing stands out: no document was kept whole, none failed, and no rule hits unusually.</p>\n",
        );
    }
    told.iter().for_each(|card| out.push_str(card));
    out.push_str("</div>\n</section>\n");
    out
}

/// Rules with unusual hits.
fn unusual(suspicions: &[Suspicion], rules: &[String]) -> Option<String> {
    if suspicions.is_empty() {
        return None;
    }
    let mut out = "<div class=\"card wide\"><h3>Rules with unusual hits</h3>\n<ul>".to_owned();
    for suspicion in suspicions {
        let number = rules.iter().position(|id| *id == suspicion.rule);
        let id = Html(&suspicion.rule).to_string();
        let name =
            number.map_or_else(|| id.clone(), |number| format!("<a href=\"#rule-{number}\"><bdi>{id}</bdi></a>"));
        // Writing to a string cannot fail.
        let _ = write!(out, "<li>{name}<span class=\"because\">{}</span></li>", Html(&suspicion.why));
    }
    out.push_str("</ul></div>\n");
    Some(out)
}

/// Documents that were chosen for one reason.
fn kind(chosen: &Chosen, why: Why, title: &str, all: u64, about: &str) -> Option<String> {
    let mut here: Vec<(usize, &Shown)> =
        chosen.documents.iter().enumerate().filter(|(_, document)| document.why == why).collect();
    here.sort_by_key(|(_, document)| Reverse(document.rank()));
    let number = here.len();
    if number == 0 && all == 0 {
        return None;
    }
    let many = if all > 0 { format!(" <span class=\"many\">{}</span>", count(all)) } else { String::new() };
    let mut out = format!("<div class=\"card\"><h3>{title}{many}</h3>\n<p class=\"quiet\">{about}</p>\n<ul>");
    for (at, document) in here.iter().take(MOST_HERE) {
        let _ = write!(
            out,
            "<li><a href=\"#document={at}\"><bdi>{}</bdi></a><span class=\"because\">{}</span></li>",
            Html(&document.name()),
            Html(&because(document))
        );
    }
    out.push_str("</ul>");
    let more = number.saturating_sub(MOST_HERE);
    if more > 0 {
        let _ =
            write!(out, "<p class=\"quiet\">And {more} more in the <a href=\"#documents\">list of documents</a>.</p>");
    }
    out.push_str("</div>\n");
    Some(out)
}

fn because(document: &Shown) -> String {
    let reason = document.reason.as_deref().map(|reason| reason.replace('_', " "));
    let warning = document.warnings.first().map(String::as_str);
    match (document.why, document.words) {
        (Why::Failed, _) => match (reason, warning) {
            (Some(reason), Some(warning)) => format!("{reason}: {warning}"),
            (reason, warning) => reason.or(warning.map(str::to_owned)).unwrap_or_default(),
        },
        (Why::LargeRemoval, [Some(words), _]) => {
            format!("{} bytes in one piece; the text has {} words", count(document.rank()), count(words))
        }
        (_, [Some(words), Some(gone)]) => {
            let share = format!("{} of {} words went", percent(gone, words), count(words));
            reason.map_or_else(|| share.clone(), |reason| format!("{reason}; {share}"))
        }
        _ => reason.unwrap_or_default(),
    }
}
