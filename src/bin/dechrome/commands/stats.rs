//! `dechrome rules stats`: what each rule came to in reports.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use dechrome::pipeline::REPORT_NAME;
use dechrome::report::stats::Stats;
use dechrome::report::terminal::{stats_text, unused_text};

use super::load;
use super::rules::print_json;
use crate::args;
use crate::exit::{Exit, usage};
use crate::ui::{self, shown};

pub(crate) fn run(args: &args::Stats) -> anyhow::Result<Exit> {
    let rules = load::lean_rule_set(&args.rules)?;
    let mut stats = Stats::new(args.samples.into());
    for report in &args.reports {
        read(report, &mut stats)?;
    }
    let told = stats.against(&rules);
    match (args.json, args.unused) {
        (true, false) => return print_json(&told),
        (true, true) => return print_json(&told.unused),
        (false, false) => ui::print(&stats_text(&told))?,
        (false, true) => ui::print(&unused_text(&told.unused))?,
    }
    Ok(Exit::Done)
}

fn read(report: &Path, stats: &mut Stats) -> anyhow::Result<()> {
    let (name, mut input) = open(report)?;
    stats.read(&mut *input).map_err(|mistake| usage(format!("REPORT {name}, {mistake}")))
}

/// A report with its name for messages; a directory stands for the report in it.
fn open(report: &Path) -> anyhow::Result<(String, Box<dyn BufRead>)> {
    if report.as_os_str() == "-" {
        return Ok(("standard input".to_owned(), Box::new(io::stdin().lock())));
    }
    let path: PathBuf = if report.is_dir() { report.join(REPORT_NAME) } else { report.to_owned() };
    let file = File::open(&path).map_err(|error| {
        let help = if report.is_dir() { "name a directory that `dechrome clean` wrote" } else { "check its name" };
        usage(format!("REPORT {} cannot be read: {error}; {help}", shown(&path)))
    })?;
    Ok((shown(&path), Box::new(BufReader::new(file))))
}
