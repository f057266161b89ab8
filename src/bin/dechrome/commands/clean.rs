//! `dechrome clean`: a tree, one file, or standard input.

use std::io::{self, IsTerminal, Write};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use clap::ValueEnum;
use dechrome::Cleaner;
use dechrome::formats::{FieldNames, Format};
use dechrome::pipeline::{
    self, Discovery, Durability, Existing, MAX_RATIO, MAX_RECORD, Naming, Output, Plan, PlanError, QUARANTINE_NAME,
    Replacing, Run, Settings, Single, SingleOutcome, StreamError, Streaming, WriteError,
};
use dechrome::report::Summary;
use dechrome::report::summary::{Named, OptionsUsed};
use dechrome::report::terminal::{Escaped, count, totals_text};

use super::again::Again;
use super::load;
use crate::args::{Clean, TagsName};
use crate::exit::{Exit, usage};
use crate::progress::Reporter;
use crate::signals;
use crate::ui::{self, Ui, shown};

/// How many rules `-v` names at the end.
const TOP_RULES: usize = 10;

pub(crate) fn run(args: Clean, ui: Ui) -> anyhow::Result<Exit> {
    match &args.out {
        _ if args.preview.is_wished() => super::preview::run(&args, ui),
        Some(out) => clean_tree(&args, out, ui),
        None => clean_one(&args, ui),
    }
}

/// Every INPUT into a directory.
fn clean_tree(args: &Clean, out: &Path, ui: Ui) -> anyhow::Result<Exit> {
    if args.report.is_some() {
        return Err(usage("with --out, the report is DIR/report.jsonl; leave --report out"));
    }
    refuse_stdin(&args.inputs)?;
    refuse_with_tags(args)?;
    let encoding = load::charset(args.encoding.as_deref())?;
    let fields = load::fields_or(&args.formats, usual_fields(args))?;
    let naming = Naming { compress: load::compress(args.records.compress) };
    let plan = Plan::new(&args.inputs, out, existing(args), naming)?;
    let cleaner = load::cleaner(&args.rules, &args.targets)?;
    tell_setting(ui, args, &cleaner);
    if ui.verbose {
        ui.note(&format!("writing to {}", shown(out)));
    }
    let stop = stop_on_signal()?;
    let reporter = Reporter::new(ui).telling_again(Again::of(args));
    let run = Run {
        plan: &plan,
        settings: Settings { encoding, ..settings(&cleaner, &fields, args) },
        shard: args.shard,
        threads: args.threads.unwrap_or_else(all_cores),
        sync: if args.sync { Durability::EachFile } else { Durability::Batched },
        options: &options_used(args),
        observer: &reporter,
        stop: &stop,
    };
    let summary = reporter.watch(|| Discovery::new(&plan, args.shard), || pipeline::run(&run))?;
    tell(ui, &summary, out);
    if args.account.tags.is_some() {
        ui.note("nothing was cut: the outputs are attributes, a line for every line of the inputs");
    }
    Ok(if summary.is_whole() { Exit::Done } else { Exit::SomeFailed })
}

pub(super) fn refuse_stdin(inputs: &[PathBuf]) -> anyhow::Result<()> {
    match inputs.iter().any(|input| is_stdin(input)) {
        true => Err(usage("`-` (standard input) cannot go to a directory; leave --out out, or name files")),
        false => Ok(()),
    }
}

pub(super) fn existing(args: &Clean) -> Existing {
    match (args.overwrite, args.resume) {
        (true, _) => Existing::Overwrite,
        (_, true) => Existing::Resume,
        _ => Existing::Refuse,
    }
}

pub(super) fn settings<'s>(cleaner: &'s Cleaner, fields: &'s FieldNames, args: &Clean) -> Settings<'s> {
    Settings {
        max_record: args.records.max_record.unwrap_or(MAX_RECORD),
        max_ratio: args.records.max_ratio.map_or(MAX_RATIO, NonZeroU64::get),
        format: load::format(&args.formats),
        html: load::html_text(&args.formats),
        explode: args.records.explode,
        removed: load::removed(args.account.removed),
        verify: args.account.verify,
        tags: load::tags(args.account.tags),
        ..Settings::new(cleaner, fields)
    }
}

pub(super) fn all_cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// A flag that is set when a signal says to stop.
pub(super) fn stop_on_signal() -> anyhow::Result<Arc<AtomicBool>> {
    signals::stop_on_signal().context("cannot listen for signals")
}

pub(super) fn options_used(args: &Clean) -> OptionsUsed {
    let names = |paths: &[PathBuf]| paths.iter().map(|path| path.to_string_lossy().into_owned()).collect();
    let Clean { formats, records, targets, account, .. } = args;
    let fields = [
        ("text", &formats.text_field),
        ("url", &formats.url_field),
        ("title", &formats.title_field),
        ("id", &formats.id_field),
    ];
    let given = fields.into_iter().filter_map(|(field, name)| Some((field.to_owned(), name.clone()?)));
    OptionsUsed {
        inputs: names(&args.inputs),
        encoding: args.encoding.clone(),
        default_rules: !args.rules.no_default_rules,
        rules: names(&args.rules.paths),
        preset: Some(value_name(targets.preset)),
        title: targets.title.map(value_name),
        lang: targets.lang.clone(),
        keep: targets.keep.clone(),
        drop: targets.drop.clone(),
        max_record: records.max_record.unwrap_or(MAX_RECORD),
        max_ratio: records.max_ratio.map(NonZeroU64::get),
        format: load::format(formats).map(|format| format.name().to_owned()),
        fields: given.collect(),
        html_text: Some(value_name(formats.html_text)),
        compress: records.compress.map(value_name),
        explode: records.explode,
        removed: Some(value_name(account.removed)),
        tags: account.tags.map(value_name),
        shard: args.shard.map(|shard| shard.to_string()),
    }
}

/// The name that a value of an option has on the command line.
pub(super) fn value_name(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// What a run came to, on standard error.
fn tell(ui: Ui, summary: &Summary, out: &Path) {
    ui.note(&totals_text(summary));
    if ui.verbose {
        tell_rules(ui, summary);
        tell_notes(ui, summary);
    }
    hint(ui, summary);
    if summary.totals.documents.failed > 0 {
        let place = out.join(QUARANTINE_NAME);
        if place.exists() {
            ui.note(&format!("what could not be cleaned is in {}", shown(&place)));
        }
    }
    ui.note(&format!("report: {}", shown(&out.join(pipeline::REPORT_NAME))));
}

/// With which rules and on how many threads is cleaned, for who wants to hear.
pub(super) fn tell_setting(ui: Ui, args: &Clean, cleaner: &Cleaner) {
    if !ui.verbose {
        return;
    }
    let rules = cleaner.rules();
    let (number, hash) = (count(rules.rules().len() as u64), rules.hash().get(..16).unwrap_or_default());
    let own: Vec<String> = args.rules.paths.iter().map(|path| shown(path)).collect();
    let from = match (args.rules.no_default_rules, own.is_empty()) {
        (false, true) => "built in".to_owned(),
        (false, false) => format!("built in and from {}", own.join(", ")),
        (true, true) => "none".to_owned(),
        (true, false) => format!("from {}", own.join(", ")),
    };
    ui.note(&format!("rules: {number} ({from}), hash {hash}…, preset {}", value_name(args.targets.preset)));
    let threads = args.threads.unwrap_or_else(all_cores);
    ui.note(&format!("threads: {threads}"));
}

/// What is odd about inputs.
pub(super) fn tell_notes(ui: Ui, summary: &Summary) {
    for Named { path, detail, .. } in &summary.notes {
        ui.note(&format!("noted: {}: {}", Escaped(path), Escaped(detail.as_deref().unwrap_or_default())));
    }
}

/// What the caller may have meant otherwise.
pub(super) fn hint(ui: Ui, summary: &Summary) {
    if summary.totals.documents.total == 0 {
        ui.note("nothing to clean: in directories, files are read whose names or contents say what they hold");
    }
    let no_text = summary.totals.reasons.get("no_text").copied().unwrap_or(0);
    if no_text > 0 {
        let what = if no_text == 1 { "record has" } else { "records have" };
        let number = count(no_text);
        ui.note(&format!("{number} {what} no text to clean; where it has another name, say so with --text-field"));
    }
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

pub(super) fn is_stdin(input: &Path) -> bool {
    input.as_os_str() == "-"
}

/// One FILE or standard input to standard output.
fn clean_one(args: &Clean, ui: Ui) -> anyhow::Result<Exit> {
    refuse_for_one(args)?;
    refuse_with_tags(args)?;
    let file = lone_input(&args.inputs)?;
    let encoding = load::charset(args.encoding.as_deref())?;
    let fields = load::fields_or(&args.formats, usual_fields(args))?;
    check_report(args.report.as_deref(), file)?;
    let cleaner = load::cleaner(&args.rules, &args.targets)?;
    tell_setting(ui, args, &cleaner);
    let how = Streaming {
        settings: Settings { encoding, ..settings(&cleaner, &fields, args) },
        compress: load::compress(args.records.compress),
        threads: args.threads.unwrap_or_else(all_cores),
    };
    let outcome = clean_to_stdout(how, file, args.report.as_deref())?;
    // The program is about to end; taking the compiled rules apart piece by piece would only delay that.
    std::mem::forget(cleaner);
    let name = file.map_or("standard input".to_owned(), shown);
    tell_outcome(ui, &name, &outcome);
    Ok(if outcome.is_whole() { Exit::Done } else { Exit::SomeFailed })
}

/// What is to be said of a single input, on standard error.
pub(super) fn tell_outcome(ui: Ui, name: &str, outcome: &SingleOutcome) {
    if let Some(reason) = outcome.kept_whole {
        ui.note(&format!("{name}: kept whole, {}", in_words(reason)));
    }
    if let Some(change) = &outcome.changed {
        ui::changed(&format!("{name}: {change}"));
    }
    for note in &outcome.notes {
        ui.note(&format!("noted: {name}: {}", Escaped(note)));
    }
    for (record, detail) in &outcome.failed {
        let record = record.map(|record| format!(", record {record}")).unwrap_or_default();
        ui::failed(&format!("{name}{record}: {}", Escaped(detail)));
    }
    let failed = outcome.totals.documents.failed;
    if failed > outcome.failed.len() as u64 {
        ui::failed(&format!("{name}: {} records failed in all", count(failed)));
    }
}

/// Options that only make sense with a directory to write to.
fn refuse_for_one(args: &Clean) -> anyhow::Result<()> {
    let given = [
        (args.overwrite, "--overwrite replaces an output directory"),
        (args.resume, "--resume goes on with an output directory"),
        (args.sync, "--sync is about the files of an output directory"),
        (args.shard.is_some(), "--shard divides what goes to an output directory"),
        (args.records.explode, "--explode writes files to an output directory"),
        (args.account.verify, "--verify reads again what was written to an output directory"),
    ];
    match given.into_iter().find(|(given, _)| *given) {
        Some((_, what)) => Err(usage(format!("{what}: add --out DIR, or leave it out"))),
        None => Ok(()),
    }
}

/// Options that make no sense where texts are marked.
pub(super) fn refuse_with_tags(args: &Clean) -> anyhow::Result<()> {
    if args.account.tags.is_none() {
        return Ok(());
    }
    if args.records.explode {
        return Err(usage("--explode writes a file for every record, and --tags a line; leave one of them out"));
    }
    match load::format(&args.formats) {
        None | Some(Format::Jsonl) => Ok(()),
        Some(other) => {
            let name = other.name();
            Err(usage(format!("--tags marks JSON Lines only; with --format {name} nothing can be marked")))
        }
    }
}

/// Where texts and ids stand, if no option says it.
pub(super) fn usual_fields(args: &Clean) -> FieldNames {
    match args.account.tags {
        None => FieldNames::default(),
        Some(TagsName::Dolma) => FieldNames::dolma(),
    }
}

fn clean_to_stdout(how: Streaming<'_>, file: Option<&Path>, report: Option<&Path>) -> anyhow::Result<SingleOutcome> {
    let failed = |report: &Path| format!("cannot write the report {}", shown(report));
    let mut rows = match report {
        Some(path) => Some(Replacing::create(path).with_context(|| failed(path))?),
        None => None,
    };
    let mut nowhere = io::sink();
    let writer: &mut (dyn Write + Send) = match &mut rows {
        Some(rows) => rows,
        None => &mut nowhere,
    };
    let single = match file {
        Some(path) => Single::File(path),
        None => Single::Stream(Box::new(io::stdin())),
    };
    let outcome = single.clean(how, &mut Stdout::new(), writer).map_err(|error| match error {
        StreamError::Output(error) => anyhow::Error::new(error),
        StreamError::Report(error) => anyhow::Error::new(error).context(failed(report.unwrap_or(Path::new("")))),
        StreamError::Run(error) => anyhow::Error::new(error),
    })?;
    if let (Some(rows), Some(path)) = (rows, report) {
        rows.finish().with_context(|| failed(path))?;
    }
    Ok(outcome)
}

/// The one file to clean, `None` for standard input.
fn lone_input(inputs: &[PathBuf]) -> anyhow::Result<Option<&Path>> {
    let path = match inputs {
        [] => return refuse_terminal(inputs).map(|()| None),
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

/// Without INPUT, something must be piped in.
pub(super) fn refuse_terminal(inputs: &[PathBuf]) -> anyhow::Result<()> {
    match inputs.is_empty() && io::stdin().is_terminal() {
        true => Err(usage("no INPUT: name files or directories, pipe text in, or give `-` to type it")),
        false => Ok(()),
    }
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
pub(super) struct Stdout {
    out: io::Stdout,
    escape: bool,
}

impl Stdout {
    fn new() -> Stdout {
        let out = io::stdout();
        let escape = out.is_terminal();
        Stdout { out, escape }
    }

    /// For what is safe as it is.
    pub(super) fn raw() -> Stdout {
        Stdout { out: io::stdout(), escape: false }
    }
}

fn stdout_error(source: io::Error) -> WriteError {
    WriteError { path: "standard output".into(), source, local: false }
}

impl Output for Stdout {
    fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
        let done = match self.escape {
            true => self.out.write_all(ui::for_terminal(&String::from_utf8_lossy(kept)).as_bytes()),
            false => self.out.write_all(kept),
        };
        done.map_err(stdout_error)
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        self.out.flush().map_err(stdout_error)
    }
}
