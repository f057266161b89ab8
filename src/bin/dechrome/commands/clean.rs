//! `dechrome clean`: a tree, one file, or standard input.

use std::io::{self, IsTerminal, StdoutLock, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use dechrome::Cleaner;
use dechrome::pipeline::{
    self, Discovery, MAX_RECORD, Output, Plan, PlanError, Run, Settings, Single, SingleOutcome, WriteError, write_file,
};
use dechrome::report::summary::OptionsUsed;
use dechrome::report::terminal::{count, totals_text};
use dechrome::report::{Status, Summary};

use super::load;
use crate::args::Clean;
use crate::exit::{Exit, usage};
use crate::progress::Reporter;
use crate::ui::{self, Ui, shown};

/// How many rules `-v` names at the end.
const TOP_RULES: usize = 10;

pub(crate) fn run(args: Clean, ui: Ui) -> anyhow::Result<Exit> {
    match &args.out {
        Some(out) => clean_tree(&args, out, ui),
        None => clean_one(&args, ui),
    }
}

/// Every INPUT into a directory.
fn clean_tree(args: &Clean, out: &Path, ui: Ui) -> anyhow::Result<Exit> {
    if args.report.is_some() {
        return Err(usage("with --out, the report is DIR/report.jsonl; leave --report out"));
    }
    if args.inputs.iter().any(|input| is_stdin(input)) {
        return Err(usage("`-` (standard input) cannot go to a directory; leave --out out, or name files"));
    }
    let encoding = load::charset(args.encoding.as_deref())?;
    let plan = Plan::new(&args.inputs, out, args.overwrite)?;
    let cleaner = load::cleaner(&args.rules, &args.targets)?;
    let stop = stop_on_signal()?;
    let reporter = Reporter::new(ui);
    let run = Run {
        plan: &plan,
        settings: Settings { cleaner: &cleaner, encoding, max_record: MAX_RECORD },
        threads: args.threads.unwrap_or_else(all_cores),
        options: &options_used(args),
        observer: &reporter,
        stop: &stop,
    };
    let summary = reporter.watch(|| Discovery::new(&plan), || pipeline::run(&run))?;
    tell(ui, &summary, out);
    Ok(if summary.failed.is_empty() { Exit::Done } else { Exit::SomeFailed })
}

pub(super) fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// A flag that the first signal sets; the second ends the program at once.
fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    let handler = move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(Exit::Stopped as i32);
        }
    };
    ctrlc::set_handler(handler).context("cannot listen for signals")?;
    Ok(stop)
}

fn options_used(args: &Clean) -> OptionsUsed {
    let names = |paths: &[PathBuf]| paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    OptionsUsed {
        inputs: names(&args.inputs),
        encoding: args.encoding.clone(),
        default_rules: !args.rules.no_default_rules,
        rules: names(&args.rules.paths),
        keep: args.targets.keep.clone(),
        drop: args.targets.drop.clone(),
        max_record: MAX_RECORD,
    }
}

/// What a run came to, on standard error.
fn tell(ui: Ui, summary: &Summary, out: &Path) {
    ui.note(&totals_text(summary));
    if ui.verbose {
        tell_rules(ui, summary);
    }
    if summary.totals.documents.total == 0 {
        ui.note("nothing to clean: in directories, only *.txt, *.text and *.md are read");
    }
    ui.note(&format!("report: {}", shown(&out.join(pipeline::REPORT_NAME))));
}

fn tell_rules(ui: Ui, summary: &Summary) {
    let mut rules: Vec<_> = summary.totals.by_rule.iter().collect();
    rules.sort_by_key(|(name, counted)| (std::cmp::Reverse(counted.removals), *name));
    for (name, counted) in rules.into_iter().take(TOP_RULES) {
        let (removals, documents) = (count(counted.removals), count(counted.documents));
        let noun = if counted.documents == 1 { "document" } else { "documents" };
        ui.note(&format!("{removals:>10} × {name}, in {documents} {noun}"));
    }
}

/// Why a document was kept whole, for people.
fn in_words(reason: &str) -> &str {
    match reason {
        "too_large" => "it is too large to be cleaned in one piece",
        "over_budget" => "rules would have taken more than they may",
        "unstable" => "what rules take away did not come to rest",
        other => other,
    }
}

fn is_stdin(input: &Path) -> bool {
    input.as_os_str() == "-"
}

/// One FILE or standard input to standard output.
fn clean_one(args: &Clean, ui: Ui) -> anyhow::Result<Exit> {
    if args.overwrite {
        return Err(usage("--overwrite replaces an output directory: add --out DIR, or leave --overwrite out"));
    }
    let file = lone_input(&args.inputs)?;
    let encoding = load::charset(args.encoding.as_deref())?;
    check_report(args.report.as_deref(), file)?;
    let cleaner = load::cleaner(&args.rules, &args.targets)?;
    let outcome = clean_to_stdout(&cleaner, file, encoding)?;
    // The program is about to end; taking the compiled rules apart piece by piece would only delay that.
    std::mem::forget(cleaner);
    if let Some(report) = &args.report {
        write_file(report, &outcome.row).with_context(|| format!("cannot write the report {}", shown(report)))?;
    }
    let name = file.map_or("standard input".to_owned(), shown);
    if outcome.status == Status::KeptWhole {
        ui.note(&format!("{name}: kept whole, {}", in_words(outcome.reason.unwrap_or_default())));
    }
    if outcome.status == Status::Failed {
        ui::failed(&format!("{name}: {}", outcome.detail.unwrap_or_default()));
        return Ok(Exit::SomeFailed);
    }
    Ok(Exit::Done)
}

fn clean_to_stdout(
    cleaner: &Cleaner,
    file: Option<&Path>,
    encoding: Option<dechrome::text::decode::Charset>,
) -> anyhow::Result<SingleOutcome> {
    let settings = Settings { cleaner, encoding, max_record: MAX_RECORD };
    let mut stdout = Stdout::new();
    Ok(match file {
        Some(path) => Single::File(path).clean(settings, &mut stdout)?,
        None => Single::Stream(&mut io::stdin().lock()).clean(settings, &mut stdout)?,
    })
}

/// The one file to clean, `None` for standard input.
fn lone_input(inputs: &[PathBuf]) -> anyhow::Result<Option<&Path>> {
    let path = match inputs {
        [] if io::stdin().is_terminal() => {
            return Err(usage("no INPUT: name files or directories, pipe text in, or give `-` to type it"));
        }
        [] => return Ok(None),
        [one] if is_stdin(one) => return Ok(None),
        [one] => one,
        _ => return Err(usage("several INPUTs need a directory to write to: add --out DIR")),
    };
    let missing = |source| PlanError::Missing { path: path.clone(), source };
    let kind = std::fs::metadata(path).map_err(missing)?;
    if kind.is_dir() {
        return Err(usage(format!("INPUT {} is a directory and needs one to write to: add --out DIR", shown(path))));
    }
    if !kind.is_file() {
        return Err(PlanError::NotAFile { path: path.clone() }.into());
    }
    Ok(Some(path))
}

/// The report must not take the place of the input, and must have a place to go.
fn check_report(report: Option<&Path>, input: Option<&Path>) -> anyhow::Result<()> {
    let Some(report) = report else { return Ok(()) };
    let dir = report.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if report.is_dir() || !dir.is_dir() {
        let why = if report.is_dir() { "it is a directory" } else { "its directory does not exist" };
        return Err(usage(format!("--report {} cannot be written: {why}; name a file", shown(report))));
    }
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    if real(report).is_some() && real(report) == input.and_then(real) {
        return Err(usage(format!("--report {} is the INPUT itself; name another file", shown(report))));
    }
    Ok(())
}

/// Standard output; on a terminal, what could steer it is spelt out.
struct Stdout {
    out: StdoutLock<'static>,
    escape: bool,
}

impl Stdout {
    fn new() -> Stdout {
        let out = io::stdout().lock();
        let escape = out.is_terminal();
        Stdout { out, escape }
    }
}

fn stdout_error(source: io::Error) -> WriteError {
    WriteError { path: "standard output".into(), source, local: false }
}

impl Output for Stdout {
    fn put(&mut self, kept: &str) -> Result<(), WriteError> {
        let done = match self.escape {
            true => self.out.write_all(ui::for_terminal(kept).as_bytes()),
            false => self.out.write_all(kept.as_bytes()),
        };
        done.map_err(stdout_error)
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        self.out.flush().map_err(stdout_error)
    }
}
