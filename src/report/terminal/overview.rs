//! What reports come to, as tables with bars.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use super::bars::{BarLine, BarTable};
use super::look::Look;
use super::style::{QUIET, STRONG};
use super::totals::plural;
use super::width::{columns, padded, shortened};
use super::{Escaped, count};
use crate::report::overview::{Overview, Places, Remarked, ShareClass};
use crate::report::{Counted, Share, Status, Summary};

/// A report of an overview: what it is called, and the summary beside it.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name as messages have it.
    pub name: String,
    /// The summary of its run, where there is one.
    pub summary: Option<Summary>,
}

/// What reports come to, for people, with at most `top` lines a table. It is written with colour; names are escaped.
#[must_use]
pub fn overview_text(overview: &Overview, sources: &[Source], top: usize, look: Look) -> String {
    let mut out = String::new();
    sources.iter().for_each(|source| write_source(&mut out, source));
    let totals = &overview.totals;
    let mut tables = vec![documents(overview), removed(overview)];
    if overview.totals.documents.total > totals.documents.failed {
        tables.push(shares(overview));
    }
    for (title, names) in [("categories", &totals.by_category), ("rules", &totals.by_rule)] {
        tables.push(removals(title, names, top));
    }
    for (title, names) in [("sites", &totals.by_site), ("languages", &totals.by_lang)] {
        tables.push(removals(title, names, top));
    }
    tables.push(documents_by("encodings", &totals.by_encoding, top));
    tables.push(documents_by("reasons", &totals.reasons, top));
    for table in tables.iter().filter(|table| !table.lines.is_empty()) {
        out.push('\n');
        out.push_str(&table.render(look));
    }
    write_suspicious(&mut out, overview, look);
    out
}

fn write_source(out: &mut String, source: &Source) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{STRONG}{}{STRONG:#}", source.name);
    let Some(summary) = &source.summary else { return };
    let program = format!("{} {}", summary.program.name, summary.program.version);
    let rules = plural(summary.rules.count as u64, "rule");
    let seconds = summary.timings.seconds;
    let threads = plural(summary.timings.threads as u64, "thread");
    let skipped = plural(summary.skipped_total(), "file");
    let _ = writeln!(out, "{QUIET}{}; {}{QUIET:#}", Escaped(&program), Escaped(&options(summary)));
    let _ = writeln!(out, "{QUIET}{seconds:.1} s on {threads}; {skipped} skipped{QUIET:#}");
    // The hash is there to be cited, so it stands whole whatever the width is.
    let _ = writeln!(out, "{QUIET}{rules}, hash {}{QUIET:#}", Escaped(&summary.rules.hash));
}

/// The options that differ from what is usual.
fn options(summary: &Summary) -> String {
    let options = &summary.options;
    let mut told = vec![format!("preset {}", options.preset.as_deref().unwrap_or("balanced"))];
    let mut tell = |name: &str, value: Option<&str>| told.extend(value.map(|value| format!("{name} {value}")));
    tell("title", options.title.as_deref());
    tell("language", options.lang.as_deref());
    tell("encoding", options.encoding.as_deref());
    tell("format", options.format.as_deref());
    tell("shard", options.shard.as_deref());
    let lists = [("keep", &options.keep), ("drop", &options.drop), ("rules", &options.rules)];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        tell(name, Some(&list.join(" ")));
    }
    if !options.default_rules {
        tell("without the built-in rules", Some(""));
    }
    told.join(", ").trim_end().to_owned()
}

fn percent(part: u64, whole: u64) -> String {
    let share = Share { total: whole, removed: part };
    match share.percent_removed() {
        // What is not nothing should not look like it.
        share if part > 0 && share < 0.05 => "< 0.1 %".to_owned(),
        share => format!("{share:.1} %"),
    }
}

fn documents(overview: &Overview) -> BarTable<'static> {
    let total = overview.totals.documents.total;
    let line = |status: Status| {
        let number = overview.by_status.get(&status).map_or(0, |it| it.documents);
        BarLine {
            name: in_words(status).to_owned(),
            figures: vec![count(number), percent(number, total)],
            value: number,
        }
    };
    let all = BarLine { name: "all".to_owned(), figures: vec![count(total), percent(total, total)], value: total };
    let lines: Vec<BarLine> = Status::ALL.map(line).into_iter().chain([all]).collect();
    BarTable { title: "documents", heads: &["number", "share"], of: lines.len(), lines, full: None }
}

/// A status for people.
pub(super) fn in_words(status: Status) -> &'static str {
    match status {
        Status::KeptWhole => "kept whole",
        other => other.as_str(),
    }
}

fn removed(overview: &Overview) -> BarTable<'static> {
    let totals = &overview.totals;
    let bytes = Share { total: totals.bytes.text, removed: totals.bytes.removed };
    let line = |(name, share): (&str, &Share)| BarLine {
        name: name.to_owned(),
        figures: vec![count(share.removed), count(share.total), percent(share.removed, share.total)],
        // A bar of full length is all of it.
        value: (share.percent_removed() * 1000.0).round() as u64,
    };
    let lines: Vec<BarLine> = [("bytes", &bytes), ("words", &totals.words), ("lines", &totals.lines)].map(line).into();
    BarTable { title: "removed", heads: &["removed", "of", "share"], of: lines.len(), lines, full: Some(100_000) }
}

fn shares(overview: &Overview) -> BarTable<'static> {
    let line = |class: ShareClass| {
        let end = class.up_to_percent;
        let name = match class.over_percent {
            None => "nothing".to_owned(),
            Some(0.0) => format!("up to {end} %"),
            Some(start) => format!("{start} to {end} %"),
        };
        BarLine { name, figures: vec![count(class.documents)], value: class.documents }
    };
    let lines: Vec<BarLine> = overview.shares.classes().map(line).collect();
    BarTable { title: "words lost", heads: &["documents"], of: lines.len(), lines, full: None }
}

/// The names with most bytes, the largest first.
fn removals<'t>(title: &'t str, names: &BTreeMap<String, Counted>, top: usize) -> BarTable<'t> {
    let mut all: Vec<(&String, &Counted)> = names.iter().collect();
    all.sort_by_key(|(name, it)| (Reverse((it.bytes, it.removals, it.documents)), *name));
    let sum = names.values().fold(0, |sum: u64, it| sum.saturating_add(it.bytes));
    let line = |(name, it): &(&String, &Counted)| BarLine {
        name: Escaped(name).to_string(),
        figures: vec![count(it.documents), count(it.removals), count(it.bytes), percent(it.bytes, sum)],
        value: it.bytes,
    };
    let lines = all.iter().take(top).map(line).collect();
    BarTable { title, heads: &["documents", "removals", "bytes", "share"], lines, full: None, of: all.len() }
}

fn documents_by<'t>(title: &'t str, names: &BTreeMap<impl AsRef<str> + Ord, u64>, top: usize) -> BarTable<'t> {
    let mut all: Vec<(&str, u64)> = names.iter().map(|(name, number)| (name.as_ref(), *number)).collect();
    all.sort_by_key(|&(name, number)| (Reverse(number), name));
    let sum = all.iter().fold(0, |sum: u64, (_, number)| sum.saturating_add(*number));
    let line = |&(name, number): &(&str, u64)| BarLine {
        name: Escaped(name).to_string(),
        figures: vec![count(number), percent(number, sum)],
        value: number,
    };
    let lines = all.iter().take(top).map(line).collect();
    BarTable { title, heads: &["documents", "share"], lines, full: None, of: all.len() }
}

/// The documents that deserve a look.
fn write_suspicious(out: &mut String, overview: &Overview, look: Look) {
    let kinds = [
        ("failed", &overview.failed),
        ("kept whole", &overview.kept_whole),
        ("lost more than half of their words", &overview.heavy),
    ];
    for (title, places) in kinds.into_iter().filter(|(_, places)| places.total > 0) {
        let _ = writeln!(out, "\n{STRONG}{title}{STRONG:#}{QUIET}: {}{QUIET:#}", plural(places.total, "document"));
        write_places(out, places, look);
    }
}

fn write_places(out: &mut String, places: &Places, look: Look) {
    let has_remarks = places.first.iter().any(|it| it.reason.is_some() || it.detail.is_some());
    let share_of = |it: &Remarked| it.percent.map(|percent| format!("{percent:>5.1} %  ")).unwrap_or_default();
    let room = look.width.saturating_sub(2 + places.first.iter().map(|it| share_of(it).len()).max().unwrap_or(0));
    // Names may take half of the line, and all of it where nothing is said of them.
    let most = if has_remarks { room / 2 } else { room };
    let names: Vec<String> = places.first.iter().map(|it| shortened(&escaped(&it.place), most, look)).collect();
    let widest = names.iter().map(|name| columns(name)).max().unwrap_or(0);
    for (it, name) in places.first.iter().zip(names) {
        let remark = [&it.reason, &it.detail].into_iter().flatten().cloned().collect::<Vec<_>>().join(": ");
        let remark = shortened(&escaped(&remark), room.saturating_sub(widest + 2), look);
        let _ = match remark.is_empty() {
            true => writeln!(out, "  {}{name}", share_of(it)),
            false => writeln!(out, "  {}{}  {QUIET}{remark}{QUIET:#}", share_of(it), padded(&name, widest)),
        };
    }
    let more = places.total.saturating_sub(places.first.len() as u64);
    if more > 0 {
        let _ = writeln!(out, "  {QUIET}{} {} more{QUIET:#}", look.ellipsis(), count(more));
    }
}

fn escaped(what: &dyn Display) -> String {
    Escaped(&what.to_string()).to_string()
}
