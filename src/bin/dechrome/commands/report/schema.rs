//! `dechrome report --schema`: what rows and summaries look like, for programs.

use dechrome::report::{ROW_SCHEMA_JSON, SUMMARY_SCHEMA_JSON};

use crate::args::SchemaName;
use crate::exit::Exit;
use crate::ui;

pub(super) fn run(schema: SchemaName) -> anyhow::Result<Exit> {
    ui::print(match schema {
        SchemaName::Row => ROW_SCHEMA_JSON,
        SchemaName::Summary => SUMMARY_SCHEMA_JSON,
    })?;
    Ok(Exit::Done)
}
