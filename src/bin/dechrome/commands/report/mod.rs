//! `dechrome report`: what is done with reports.

mod merge;
pub(crate) mod open;
mod table;

use crate::args::{Report, ReportCommand};
use crate::exit::Exit;
use crate::ui::Ui;

pub(crate) fn run(args: &Report, ui: Ui) -> anyhow::Result<Exit> {
    match &args.command {
        Some(ReportCommand::Merge { parts, out }) => merge::run(parts, out, ui),
        None => table::run(args, ui),
    }
}
