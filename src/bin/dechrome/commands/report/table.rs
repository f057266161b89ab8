//! `dechrome report REPORT...`: what reports come to, as tables, CSV or JSON.

use std::io::{self, IsTerminal, Write};

use anyhow::Context;
use dechrome::report::csv::totals_csv;
use dechrome::report::overview::{Overview, Places, ShareClass};
use dechrome::report::terminal::{Source, overview_text};
use dechrome::report::{SCHEMA, Totals};
use serde::Serialize;

use super::super::rules::print_json;
use super::open::NamedReport;
use crate::args::Report;
use crate::exit::{Exit, usage};
use crate::ui::{self, Ui};

pub(crate) fn run(args: &Report, ui: Ui) -> anyhow::Result<Exit> {
    let mut overview = Overview::default();
    let mut sources = Vec::new();
    for report in once_from_stdin(args)? {
        overview.read(&mut *report.open()?).map_err(|mistake| report.mistake(&mistake))?;
        sources.push(Source { name: report.name(), summary: report.summary(ui) });
    }
    overview.totals = overview.totals.settled();
    if args.csv {
        print_csv(&totals_csv(&overview))?;
    } else if args.json {
        return print_json(&OverviewJson::of(&overview));
    } else {
        let top = if args.top == 0 { usize::MAX } else { args.top };
        ui::print(&overview_text(&overview, &sources, top, ui::look()))?;
    }
    Ok(Exit::Done)
}

fn once_from_stdin(args: &Report) -> anyhow::Result<Vec<NamedReport>> {
    let streams = args.reports.iter().filter(|report| report.as_os_str() == "-").count();
    if streams > 1 {
        return Err(usage("`-` (standard input) can be read only once; name it once"));
    }
    Ok(args.reports.iter().map(|report| NamedReport::of(report)).collect())
}

/// Prints CSV as it is, so that whatever reads it gets every byte; on a terminal, what could steer it is spelt out.
fn print_csv(csv: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    let shown = if out.is_terminal() { ui::for_terminal(&csv.replace("\r\n", "\n")) } else { csv.to_owned() };
    out.write_all(shown.as_bytes()).and_then(|()| out.flush()).context("cannot write to standard output")
}

/// The totals as programs get them.
#[derive(Serialize)]
struct OverviewJson<'o> {
    schema: u32,
    #[serde(flatten)]
    totals: &'o Totals,
    words_lost: Vec<ShareClass>,
    failed: &'o Places,
    kept_whole: &'o Places,
    lost_most: &'o Places,
}

impl<'o> OverviewJson<'o> {
    fn of(overview: &'o Overview) -> OverviewJson<'o> {
        OverviewJson {
            schema: SCHEMA,
            totals: &overview.totals,
            words_lost: overview.shares.classes().collect(),
            failed: &overview.failed,
            kept_whole: &overview.kept_whole,
            lost_most: &overview.heavy,
        }
    }
}
