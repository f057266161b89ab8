//! `dechrome rules stats`: what each rule came to in reports.

use dechrome::report::stats::Stats;
use dechrome::report::terminal::{stats_text, unused_text};

use super::load;
use super::report::open::NamedReport;
use super::rules::print_json;
use crate::args;
use crate::exit::Exit;
use crate::ui;

pub(crate) fn run(args: &args::Stats) -> anyhow::Result<Exit> {
    let rules = load::lean_rule_set(&args.rules)?;
    let mut stats = Stats::new(args.samples.into());
    for report in &args.reports {
        let report = NamedReport::of(report);
        stats.read(&mut *report.open()?).map_err(|mistake| report.mistake(&mistake))?;
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
