//! The list of the documents that the page holds.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::escape::Html;
use super::figures::percent;
use crate::report::Status;
use crate::report::review::Chosen;
use crate::report::review::document::Shown;
use crate::report::terminal::count;

pub(super) fn section(chosen: &Chosen) -> String {
    let (shown, all) = (chosen.documents.len() as u64, chosen.sums.totals.documents.total);
    let mut out =
        "<section aria-labelledby=\"documents-title\" id=\"documents\">\n<h2 id=\"documents-title\">Documents</h2>\n"
            .to_owned();
    let holds = if shown == all {
        format!("All {} documents are in this page.", count(all))
    } else {
        format!(
            "{} of {} documents are in this page: those that stand out, some for each rule, and others drawn by lot.",
            count(shown),
            count(all)
        )
    };
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<p>{holds} The sums above are over all. Open one to see its text with the removals in their places.</p>\n\
         <p id=\"found\" role=\"status\"></p>\n<div class=\"scroll\"><table class=\"documents\"><thead><tr>\
         <th scope=\"col\">document</th><th scope=\"col\">status</th><th scope=\"col\" class=\"n\">removed</th>\
         <th scope=\"col\" class=\"n\">words</th><th scope=\"col\">language</th><th scope=\"col\">why it is here</th>\
         </tr></thead><tbody id=\"list\">"
    );
    let mut order: Vec<usize> = (0..chosen.documents.len()).collect();
    order.sort_by_key(|&at| chosen.documents.get(at).map(|document| (document.why, Reverse(document.rank()))));
    for at in order {
        if let Some(document) = chosen.documents.get(at) {
            out.push_str(&row(at, document));
        }
    }
    out.push_str("</tbody></table></div>\n</section>\n");
    out
}

fn row(at: usize, document: &Shown) -> String {
    let [words, gone] = document.words;
    let share = words.zip(gone).map_or_else(|| "–".to_owned(), |(words, gone)| percent(gone, words));
    format!(
        "<tr data-document=\"{at}\"><th scope=\"row\"><a href=\"#document={at}\"><bdi>{}</bdi></a></th>\
         <td class=\"status {}\">{}</td><td class=\"n\">{share}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>\n",
        Html(&document.name()),
        if document.status == Status::Failed { "failed" } else { "" },
        status(document.status),
        words.map_or_else(|| "–".to_owned(), count),
        Html(document.lang.as_deref().unwrap_or("–")),
        document.why.as_str(),
    )
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Cleaned => "cleaned",
        Status::Unchanged => "unchanged",
        Status::KeptWhole => "kept whole",
        Status::Failed => "failed",
    }
}
