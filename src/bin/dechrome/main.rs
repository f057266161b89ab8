//! The command line of dechrome.

mod args;
mod commands;
mod config;
mod exit;
mod pace;
mod progress;
mod shell;
mod signals;
mod ui;

use std::process::ExitCode;

use dechrome::pipeline::Panicked;

fn main() -> ExitCode {
    ui::quieten_panics();
    signals::outlive_file_limits();
    // A panic outside the cleaning of a document is a mistake too, but it must still end as a run that stopped early.
    let done = std::panic::catch_unwind(|| commands::main(std::env::args_os().collect()));
    let exit = done.unwrap_or_else(|panic| {
        ui::error(&Panicked::of(&*panic).to_string());
        exit::Exit::Stopped
    });
    exit.into()
}
