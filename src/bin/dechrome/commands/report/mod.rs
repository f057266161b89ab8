//! `dechrome report`: what is done with reports.

mod merge;
pub(crate) mod open;
mod page;
mod schema;
mod table;

use crate::args::{Report, ReportCommand};
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(args: &Report, ui: Ui) -> anyhow::Result<Exit> {
    if let Some(which) = args.schema {
        return schema::run(which);
    }
    match (&args.command, &args.page.out) {
        (Some(ReportCommand::Merge { parts, out }), _) => merge::run(parts, out, ui),
        (None, Some(out)) => page::write(args, out, ui),
        (None, None) => table::run(args, ui),
    }
}
