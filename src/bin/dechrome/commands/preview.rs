//! `dechrome clean` with `--dry-run`, `--diff` or `--check`: what would be done, and nothing written.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use dechrome::pipeline::{
    self, Compress, Discovery, Inputs, Naming, Output, Plan, Preview, Seen, SeenInput, Settings, Single, Skipped,
    StreamError, Streaming, View,
};
use dechrome::report::summary::RulesUsed;
use dechrome::report::terminal::{Escaped, count, findings_text, forecast_text};
use dechrome::report::unified::{DiffLook, write_diff};
use dechrome::report::{Summary, Totals};

use super::again::Again;
use super::clean::{self, Stdout};
use super::load;
use crate::args::{Clean, PreviewFlags, When};
use crate::exit::{Exit, usage};
use crate::progress::Reporter;
use crate::ui::{self, Ui};

pub(super) fn run(args: &Clean, ui: Ui) -> anyhow::Result<Exit> {
    if args.overwrite && args.out.is_none() {
        return Err(usage("--overwrite replaces an output directory: add --out DIR, or leave it out"));
    }
    clean::refuse_with_tags(args)?;
    let encoding = load::charset(args.encoding.as_deref())?;
    let fields = load::fields_or(&args.formats, clean::usual_fields(args))?;
    let inputs = Where::of(args)?;
    let cleaner = load::cleaner(&args.rules, &args.targets)?;
    clean::tell_setting(ui, args, &cleaner);
    let shown = Shown::new(args, ui);
    // Nothing is written that could be read again.
    let settings = clean::settings(&cleaner, &fields, args);
    let settings = Settings { encoding, view: Some(&shown), verify: false, ..settings };
    let summary = match inputs {
        Where::Files(discovery) => of_files(args, settings, &discovery, shown.quieter(ui))?,
        Where::Stdin => of_stdin(args, settings, ui)?,
    };
    tell(args.preview, &summary, ui)?;
    Ok(match summary.is_whole() {
        true if args.preview.check && summary.totals.bytes.removed > 0 => Exit::Amiss,
        true => Exit::Done,
        false => Exit::SomeFailed,
    })
}

/// What is looked at.
enum Where {
    Files(Box<dyn Fn() -> Discovery + Sync>),
    Stdin,
}

impl Where {
    /// Checks inputs and, where one is named, the output directory, as a run that writes does.
    fn of(args: &Clean) -> anyhow::Result<Where> {
        let shard = args.shard;
        if args.inputs.len() > 1 && args.inputs.iter().any(|input| clean::is_stdin(input)) {
            return Err(usage("`-` (standard input) cannot stand beside other INPUTs; name files, or `-` alone"));
        }
        if let Some(out) = &args.out {
            clean::refuse_stdin(&args.inputs)?;
            let naming = Naming { compress: load::compress(args.records.compress) };
            let plan = Plan::new(&args.inputs, out, clean::existing(args), naming)?;
            return Ok(Where::Files(Box::new(move || Discovery::new(&plan, shard))));
        }
        if args.inputs.iter().all(|input| clean::is_stdin(input)) {
            clean::refuse_terminal(&args.inputs)?;
            return Ok(Where::Stdin);
        }
        let inputs = Inputs::new(&args.inputs)?;
        Ok(Where::Files(Box::new(move || Discovery::of_inputs(&inputs).of_shard(shard))))
    }
}

fn of_files(
    args: &Clean,
    settings: Settings<'_>,
    discovery: &(dyn Fn() -> Discovery + Sync),
    ui: Ui,
) -> anyhow::Result<Summary> {
    let reporter = Reporter::new(ui).for_preview(!args.preview.dry_run).telling_again(Again::of(args));
    let mut stdout = Stdout::raw();
    let preview = Preview {
        discovery: discovery(),
        settings,
        threads: args.threads.unwrap_or_else(clean::all_cores),
        options: clean::options_used(args),
        observer: &reporter,
        shown: &mut stdout,
    };
    let summary = reporter.watch(discovery, || pipeline::preview(preview)).map_err(of_stream)?;
    stdout.finish()?;
    Ok(summary)
}

fn of_stdin(args: &Clean, settings: Settings<'_>, ui: Ui) -> anyhow::Result<Summary> {
    let how = Streaming { settings, compress: Compress::No, threads: args.threads.unwrap_or_else(clean::all_cores) };
    let mut stdout = Stdout::raw();
    let outcome = Single::Stream(Box::new(io::stdin())).preview(how, &mut stdout).map_err(of_stream)?;
    stdout.finish()?;
    clean::tell_outcome(ui, "standard input", &outcome);
    let rules = settings.cleaner.rules();
    let rules = RulesUsed { hash: rules.hash().to_owned(), count: rules.rules().len() };
    Ok(Summary { totals: outcome.totals, ..Summary::new(rules, clean::options_used(args)) })
}

fn of_stream(error: StreamError) -> anyhow::Error {
    match error {
        StreamError::Output(error) => error.into(),
        other => other.into(),
    }
}

/// What it came to.
fn tell(wished: PreviewFlags, summary: &Summary, ui: Ui) -> anyhow::Result<()> {
    clean::hint(ui, summary);
    if ui.verbose {
        clean::tell_notes(ui, summary);
    }
    if wished.check {
        ui.note(&verdict(&summary.totals));
    }
    if wished.dry_run { ui::print(&forecast_text(summary)) } else { Ok(()) }
}

fn verdict(totals: &Totals) -> String {
    let removals =
        |(name, counted): (&String, &dechrome::report::Counted)| if name == "blank" { 0 } else { counted.removals };
    let found: u64 = totals.by_category.iter().map(removals).sum();
    let documents = count(totals.documents.total);
    let noun = if totals.documents.total == 1 { "document" } else { "documents" };
    match found {
        0 => format!("no chrome in {documents} {noun}"),
        1 => format!("chrome in 1 place of {documents} {noun}"),
        _ => format!("chrome in {} places of {documents} {noun}", count(found)),
    }
}

/// Makes what is shown while documents are cleaned.
#[derive(Debug)]
struct Shown {
    wished: PreviewFlags,
    /// Whether every input is told.
    tells_inputs: bool,
    out: Option<PathBuf>,
    look: DiffLook,
}

impl Shown {
    fn new(args: &Clean, ui: Ui) -> Shown {
        let stdout = io::stdout();
        let look = DiffLook {
            is_colored: AutoStream::choice(&stdout) != ColorChoice::Never,
            is_escaped: stdout.is_terminal(),
        };
        let wished = args.preview;
        Shown { wished, tells_inputs: wished.dry_run && ui.verbose, out: args.out.clone(), look }
    }

    /// Where lines come to a terminal all the time, there is no room for a bar.
    fn quieter(&self, ui: Ui) -> Ui {
        let is_busy = self.look.is_escaped && (self.wished.diff || self.wished.check || self.tells_inputs);
        if is_busy && ui.progress == When::Auto { Ui { progress: When::Never, ..ui } } else { ui }
    }

    fn put(&self, text: &str, out: &mut Vec<u8>) {
        // Writing to memory cannot fail.
        let _ = match self.look.is_colored {
            true => io::Write::write_all(out, text.as_bytes()),
            false => io::Write::write_fmt(out, format_args!("{}", strip_str(text))),
        };
    }
}

impl View for Shown {
    fn text(&self, seen: &Seen<'_>, out: &mut Vec<u8>) {
        if seen.row.removed.is_empty() {
            return;
        }
        if self.wished.check {
            let name = seen.source.map_or("standard input".into(), Path::to_string_lossy);
            self.put(&findings_text(&name, seen.row), out);
        }
        if self.wished.diff {
            let removals: Vec<_> = seen.row.removed.iter().map(|removed| removed.start..removed.end).collect();
            write_diff(out, &diff_name(seen), seen.text, &removals, self.look);
        }
    }

    fn input(&self, input: &SeenInput<'_>, out: &mut Vec<u8>) {
        if !self.tells_inputs || input.effect.failed == input.effect.documents {
            return;
        }
        let effect = input.effect;
        let mut line = Escaped(&input.source.to_string_lossy()).to_string();
        if let Some(dir) = &self.out {
            let _ = write!(line, " → {}", Escaped(&dir.join(input.target).to_string_lossy()));
        }
        if effect.bytes_removed == 0 {
            let _ = writeln!(line, ": unchanged");
            return self.put(&line, out);
        }
        let noun = if effect.removals == 1 { "removal" } else { "removals" };
        let _ = write!(line, ": {} {noun}", count(effect.removals));
        if effect.documents > 1 {
            let _ = write!(line, " in {} of {} records", count(effect.changed), count(effect.documents));
        }
        let _ = writeln!(line, ", {} of {} bytes", count(effect.bytes_removed), count(effect.bytes));
        self.put(&line, out);
    }

    fn skipped(&self, skipped: &Skipped, out: &mut Vec<u8>) {
        if self.tells_inputs {
            let (path, reason) = (skipped.target.to_string_lossy(), skipped.reason.as_str().replace('_', " "));
            self.put(&format!("skipped: {} ({reason})\n", Escaped(&path)), out);
        }
    }
}

/// What a document is called in a diff: by its place in the output, so that the diff fits a copy of the input.
fn diff_name(seen: &Seen<'_>) -> Vec<u8> {
    let mut name = seen.target.map_or(&b"-"[..], |target| target.as_os_str().as_encoded_bytes()).to_vec();
    name.extend(seen.row.record.map(|number| format!("#record {number}")).unwrap_or_default().bytes());
    name
}
