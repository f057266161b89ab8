//! What went by category, site and language, as tables with a bar in each row.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::escape::Html;
use super::figures::bar;
use crate::report::review::Chosen;
use crate::report::terminal::count;
use crate::report::{Counted, MOST_SITES};

/// How many rows are seen at once.
const FIRST_ROWS: usize = 12;
/// How many rows there are at most.
const MOST_ROWS: usize = 200;

pub(super) fn section(chosen: &Chosen) -> String {
    let totals = &chosen.sums.totals;
    let mut out = "<section aria-labelledby=\"what\" id=\"what-went\">\n<h2 id=\"what\">What went</h2>\n<div class=\"columns\">\n"
        .to_owned();
    out.push_str(&table("By category", "category", &totals.by_category));
    out.push_str(&table("By language", "language", &totals.by_lang));
    if !totals.by_site.is_empty() {
        out.push_str(&table("By site", "site", &totals.by_site));
        if totals.by_site.len() >= MOST_SITES {
            out.push_str("<p>There are more sites than can be listed; these were chosen by lot.</p>");
        }
    }
    out.push_str("</div>\n</section>\n");
    out
}

/// A table of one kind: those with the most bytes first.
fn table(title: &str, what: &str, by_name: &BTreeMap<String, Counted>) -> String {
    let mut rows: Vec<(&String, &Counted)> = by_name.iter().collect();
    rows.sort_by_key(|(name, counted)| (Reverse(counted.bytes), *name));
    let largest = rows.first().map_or(0, |(_, counted)| counted.bytes);
    let mut out = format!("<div class=\"by\"><h3>{title}</h3>\n");
    if rows.is_empty() {
        out.push_str("<p>Nothing was removed.</p></div>\n");
        return out;
    }
    out.push_str(&head(what));
    for (at, (name, counted)) in rows.iter().take(MOST_ROWS).enumerate() {
        if at == FIRST_ROWS {
            let more = rows.len().min(MOST_ROWS) - FIRST_ROWS;
            // Writing to a string cannot fail.
            let _ = write!(out, "</tbody></table>\n<details><summary>{more} more</summary>{}", head(what));
        }
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\"><bdi>{}</bdi></th><td class=\"bars\">{}</td><td class=\"n\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{}</td></tr>",
            Html(name),
            bar(counted.bytes, largest),
            count(counted.bytes),
            count(counted.removals),
            count(counted.documents),
        );
    }
    out.push_str("</tbody></table>\n");
    if rows.len() > FIRST_ROWS {
        out.push_str("</details>\n");
    }
    if rows.len() > MOST_ROWS {
        let _ = writeln!(out, "<p>And {} more, each with fewer bytes.</p>", count((rows.len() - MOST_ROWS) as u64));
    }
    out.push_str("</div>\n");
    out
}

fn head(what: &str) -> String {
    format!(
        "<table><thead><tr><th scope=\"col\">{what}</th><td></td><th scope=\"col\" class=\"n\">bytes removed</th>\
         <th scope=\"col\" class=\"n\">removals</th><th scope=\"col\" class=\"n\">documents</th></tr></thead><tbody>\n"
    )
}
