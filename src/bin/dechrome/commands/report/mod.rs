//! `dechrome report`: what is done with reports.

mod merge;
pub(crate) mod open;
mod page;
mod schema;
mod table;

use crate::args::{Report, ReportCommand};
use crate::exit::{Exit, usage};
use crate::ui::Ui;

pub(crate) fn run(args: &Report, ui: Ui) -> anyhow::Result<Exit> {
    match (&args.command, args.schema, &args.page.out) {
        (Some(_), ..) if !args.reports.is_empty() => {
            Err(usage("`merge` comes first, and the parts behind it: dechrome report merge PART... --out DIR"))
        }
        (Some(ReportCommand::Merge { parts, out }), ..) => merge::run(parts, out, ui),
        (None, Some(which), _) => schema::run(which),
        (None, None, Some(out)) => page::write(args, out, ui),
        (None, None, None) => table::run(args, ui),
    }
}
