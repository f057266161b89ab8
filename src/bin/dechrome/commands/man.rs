//! `dechrome man`: the manual pages, from the same texts as the help.

use std::path::Path;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use dechrome::pipeline::write_file;

use crate::args::{self, Cli};
use crate::exit::Exit;
use crate::ui::{self, Ui, shown};

pub(crate) fn run(args: &args::Man, ui: Ui) -> anyhow::Result<Exit> {
    let program = program();
    let Some(out) = &args.out else {
        ui::print(&page(program)?)?;
        return Ok(Exit::Done);
    };
    std::fs::create_dir_all(out).with_context(|| format!("cannot make the directory {}", shown(out)))?;
    let count = write_pages(&program, out)?;
    ui.note(&format!("{count} pages in {}", shown(out)));
    Ok(Exit::Done)
}

/// The program as its pages describe it: without `help`, which repeats every command.
fn program() -> Command {
    let mut program = Cli::command().disable_help_subcommand(true);
    program.build();
    program
}

/// Writes the pages of a command and of those below it; how many there are.
fn write_pages(command: &Command, out: &Path) -> anyhow::Result<usize> {
    let page = page(command.clone())?;
    let path = out.join(format!("{}.1", name(command)));
    write_file(&path, page.as_bytes()).with_context(|| format!("cannot write {}", shown(&path)))?;
    command.get_subcommands().try_fold(1, |count, below| Ok(count + write_pages(below, out)?))
}

/// The name of a command with those above it, as in `dechrome-rules-list`.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or(command.get_name())
}

/// A page; what stands below the options in the help becomes sections of its own.
fn page(command: Command) -> anyhow::Result<String> {
    let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut page = Vec::new();
    Man::new(command.after_help(None::<&str>)).render(&mut page)?;
    let mut sections = Roff::new();
    for paragraph in below.split("\n\n") {
        match paragraph.split_once(":\n") {
            Some((title, lines)) => as_it_stands(&mut sections, title, lines),
            None => {
                sections.control("PP", []).text([roman(paragraph)]);
            }
        }
    }
    sections.to_writer(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// A section whose lines are not filled.
fn as_it_stands(sections: &mut Roff, title: &str, lines: &str) {
    sections.control("SH", [title.to_uppercase().as_str()]).control("nf", []);
    for line in lines.lines() {
        sections.text([roman(line)]);
    }
    sections.control("fi", []);
}
