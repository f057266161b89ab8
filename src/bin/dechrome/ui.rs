//! What reaches the two output streams: colour, messages, and errors that are never lost.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use anyhow::Context;
use dechrome::report::terminal::{Escaped, Look, is_harmless};

use crate::args::{Global, When};

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();

/// How to talk to the caller.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ui {
    pub(crate) quiet: bool,
    pub(crate) verbose: bool,
    pub(crate) progress: When,
}

impl Ui {
    pub(crate) fn new(global: &Global) -> Ui {
        choose_color(global.color);
        Ui { quiet: global.quiet, verbose: global.verbose, progress: global.progress }
    }

    /// Tells something that is not an error; nobody is there to be told when that fails.
    pub(crate) fn note(&self, message: &str) {
        if !self.quiet {
            let _ = writeln!(stderr(), "{}", message.trim_end());
        }
    }
}

/// Settles the colour of all streams.
pub(crate) fn choose_color(when: When) {
    match when {
        When::Auto => ColorChoice::Auto,
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
    }
    .write_global();
}

/// The colour asked for, told before the arguments are parsed, for messages about the arguments.
pub(crate) fn color_of_raw(args: &[OsString]) -> When {
    let text = |arg: &OsString| arg.to_str().unwrap_or_default().to_owned();
    let after = |pair: &[OsString]| (pair[0] == "--color").then(|| text(&pair[1]));
    let joined = args.iter().find_map(|arg| text(arg).strip_prefix("--color=").map(str::to_owned));
    match joined.or_else(|| args.windows(2).find_map(after)).as_deref() {
        Some("always") => When::Always,
        Some("never") => When::Never,
        _ => When::Auto,
    }
}

/// Standard error, with colour where that is wanted.
pub(crate) fn stderr() -> AutoStream<io::Stderr> {
    anstream::stderr()
}

/// Prints to standard output, with colour where that is wanted; errors come back.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    let done = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    done.context("cannot write to standard output")
}

/// What standard output can show: its width, whether it takes more than ASCII, and whether colour is seen there.
pub(crate) fn look() -> Look {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.filter(|&columns| columns > 0).or_else(terminal_width).unwrap_or(Look::default().width);
    let color = AutoStream::choice(&io::stdout()) != ColorChoice::Never;
    // No wider than what can be read.
    Look { width: width.min(WIDEST), unicode: takes_unicode(|name| std::env::var(name).ok()), color }
}

/// The widest view that is drawn.
const WIDEST: usize = 200;

fn terminal_width() -> Option<usize> {
    terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0)).filter(|&width| width > 0)
}

/// Whether the locale is one of UTF-8 and the terminal no dumb one. Where nothing says what the locale is, as on Windows or in a
/// container, it is taken for one: texts are UTF-8, too.
fn takes_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if set("TERM").is_some_and(|term| term == "dumb") {
        return false;
    }
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Tells on standard error what is safe as it is.
pub(crate) fn tell(text: &str) {
    let _ = write!(stderr(), "{text}");
}

/// Tells an error; the lines of a longer one stand as they are.
pub(crate) fn error(message: &str) {
    let _ = writeln!(stderr(), "{ERROR}error:{ERROR:#} {}", safe_lines(message));
}

/// Tells of an input that failed.
pub(crate) fn failed(message: &str) {
    let _ = writeln!(stderr(), "{WARNING}failed:{WARNING:#} {}", safe_lines(message));
}

/// Tells of an input that did not stand still.
pub(crate) fn changed(message: &str) {
    let _ = writeln!(stderr(), "{WARNING}changed:{WARNING:#} {}", safe_lines(message));
}

/// Tells of a file that is refused.
pub(crate) fn refused(message: &str) {
    let _ = writeln!(stderr(), "{WARNING}refused:{WARNING:#} {}", safe_lines(message));
}

/// Escapes all but the ends of lines.
pub(crate) fn safe_lines(text: &str) -> String {
    let lines: Vec<String> = text.trim_end().split('\n').map(|line| Escaped(line).to_string()).collect();
    lines.join("\n")
}

/// A path as messages show it.
pub(crate) fn shown(path: &Path) -> String {
    format!("`{}`", Escaped(&path.to_string_lossy()))
}

/// Escapes a cleaned text that goes to a terminal; line ends and tabs stay.
pub(crate) fn for_terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' | '\t' => out.push(char),
            char if is_harmless(char) => out.push(char),
            char => out.push_str(&Escaped(char.encode_utf8(&mut [0; 4])).to_string()),
        }
    }
    out
}

/// Whether progress is to be shown, and whether it may be drawn over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    None,
    Bar,
    Lines,
}

impl Ui {
    pub(crate) fn progress(&self) -> Progress {
        match (self.progress, io::stderr().is_terminal()) {
            (When::Never, _) | (When::Auto, false) => Progress::None,
            (When::Auto, true) if self.quiet => Progress::None,
            (_, true) => Progress::Bar,
            (When::Always, false) => Progress::Lines,
        }
    }
}

/// Panics are told where they are caught, with the document or the command they belong to; the usual message would only
/// come between. RUST_BACKTRACE brings it back.
pub(crate) fn quieten_panics() {
    let usual = std::env::var_os("RUST_BACKTRACE").map(|_| std::panic::take_hook());
    std::panic::set_hook(Box::new(move |panic| {
        dechrome::pipeline::note_panic(panic);
        usual.iter().for_each(|usual| usual(panic));
    }));
}

#[cfg(test)]
mod tests {
    use super::takes_unicode;

    #[test]
    fn the_locale_decides_how_bars_are_drawn() {
        for (variables, takes) in [
            (&[][..], true),
            (&[("LANG", "C.UTF-8")], true),
            (&[("LANG", "de_DE.utf8"), ("LC_ALL", "C")], false),
            (&[("LANG", "POSIX")], false),
            (&[("LANG", "C"), ("LC_CTYPE", "C.UTF-8"), ("LC_ALL", "")], true),
            (&[("LANG", "C.UTF-8"), ("TERM", "dumb")], false),
        ] {
            let variables: &[(&str, &str)] = variables;
            let found = takes_unicode(|name| {
                variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned())
            });
            assert_eq!(found, takes, "{variables:?}");
        }
    }
}
