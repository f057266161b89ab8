//! `dechrome completions`: a script for a shell.

use clap::CommandFactory;

use crate::args::{Cli, Completions};
use crate::exit::Exit;
use crate::ui;

pub(crate) fn run(args: &Completions) -> anyhow::Result<Exit> {
    let mut program = Cli::command();
    let name = program.get_name().to_owned();
    // To standard output itself it would panic when nobody reads.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, name, &mut script);
    ui::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Done)
}
