//! Progress on standard error: a bar on a terminal, now and then a line elsewhere.

use std::fmt;
use std::io::Write;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dechrome::formats::Format;
use dechrome::pipeline::{Discovery, DocumentDone, Found, Observer, Reached, Reading, Skipped, TakenOver};
use dechrome::report::summary::Named;
use dechrome::report::terminal::{Escaped, count};
use dechrome::report::{FailReason, Status};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::commands::again::Again;
use crate::pace::{Pace, Whole};
use crate::ui::{self, Progress, Ui};

/// How often a line is printed where no bar can be drawn.
const LINE_EVERY: Duration = Duration::from_secs(1);
/// How often the bar is drawn while nothing is done.
const TICK_EVERY: Duration = Duration::from_millis(250);
/// How long a run must take for its inputs to be counted.
const COUNT_AFTER: Duration = Duration::from_millis(500);
/// How many failures are told one by one.
const MOST_FAILURES: u64 = 1000;
/// How the bar looks once all inputs are counted.
const WITH_TOTAL: &str = "{bar:30} {pace}";
/// How it looks before.
const WITHOUT_TOTAL: &str = "{spinner} {pace}";

/// Shows what a run does, and names what fails.
pub(crate) struct Reporter {
    ui: Ui,
    kind: Progress,
    /// Whether nothing is written, so that what is kept whole must be told here or nowhere.
    is_preview: bool,
    tells_skipped: bool,
    /// What shows a mistake of the program again.
    again: Option<Again>,
    bar: ProgressBar,
    course: Arc<Course>,
    failures: AtomicU64,
    last_line: Mutex<Instant>,
}

/// How far the run is, for whoever draws it.
struct Course {
    start: Instant,
    at: Mutex<(Reached, Option<Whole>)>,
}

impl Course {
    fn change(&self, change: impl FnOnce(&mut (Reached, Option<Whole>))) {
        change(&mut self.at.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn pace(&self) -> Pace {
        let (reached, whole) = *self.at.lock().unwrap_or_else(PoisonError::into_inner);
        Pace { reached, whole, elapsed: self.start.elapsed() }
    }
}

impl Reporter {
    pub(crate) fn new(ui: Ui) -> Reporter {
        let kind = ui.progress();
        let start = Instant::now();
        let course = Arc::new(Course { start, at: Mutex::default() });
        let bar = if kind == Progress::Bar { ProgressBar::no_length() } else { ProgressBar::hidden() };
        set_style(&bar, WITHOUT_TOTAL, &course);
        let (is_preview, tells_skipped) = (false, ui.verbose);
        let (failures, last_line) = (AtomicU64::new(0), Mutex::new(start));
        Reporter { ui, kind, is_preview, tells_skipped, again: None, bar, course, failures, last_line }
    }

    /// The same for a run that writes nothing; whether skipped files are told here, if anywhere.
    pub(crate) fn for_preview(self, tells_skipped: bool) -> Reporter {
        Reporter { is_preview: true, tells_skipped: self.tells_skipped && tells_skipped, ..self }
    }

    /// The same, which tells how mistakes of the program are seen again.
    pub(crate) fn telling_again(self, again: Again) -> Reporter {
        Reporter { again: Some(again), ..self }
    }

    /// How the mistake of the program in this document is seen again.
    fn again(&self, done: &DocumentDone) -> String {
        let source = done.source.as_deref().filter(|_| done.reason == Some(FailReason::Panicked.as_str()));
        let command = self.again.as_ref().zip(source).map(|(again, source)| again.command(source));
        command.map(|command| format!("\nto see it again: {command}")).unwrap_or_default()
    }

    /// Does something while, for the progress only, the inputs are counted beside it.
    pub(crate) fn watch<T>(&self, files: impl FnOnce() -> Discovery + Send, work: impl FnOnce() -> T) -> T {
        if self.kind == Progress::None {
            return work();
        }
        if self.kind == Progress::Bar {
            self.bar.enable_steady_tick(TICK_EVERY);
        }
        let over = &AtomicBool::new(false);
        let (running, ended) = mpsc::channel::<()>();
        let result = std::thread::scope(|scope| {
            scope.spawn(move || {
                // Nobody asks how long a run will take that is over soon, and looking at small files takes as long as copying some.
                if ended.recv_timeout(COUNT_AFTER) == Err(RecvTimeoutError::Timeout) {
                    self.count_inputs(files(), over);
                }
            });
            let result = work();
            over.store(true, Ordering::Relaxed);
            drop(running);
            result
        });
        self.bar.finish_and_clear();
        if self.kind == Progress::Lines {
            self.print_line();
        }
        result
    }

    fn count_inputs(&self, files: Discovery, over: &AtomicBool) {
        let mut whole = Whole::default();
        for found in files {
            if over.load(Ordering::Relaxed) {
                return;
            }
            whole.inputs += u64::from(!matches!(found, Found::Skipped(_)));
            whole.bytes += found.size();
        }
        self.course.change(|(_, told)| *told = Some(whole));
        self.bar.set_length(whole.bytes);
        set_style(&self.bar, WITH_TOTAL, &self.course);
    }

    /// Prints above the bar.
    fn say(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    /// Says something only to who wants to hear of everything.
    fn mention(&self, message: impl FnOnce() -> String) {
        if self.ui.verbose {
            self.say(|| self.ui.note(&message()));
        }
    }

    fn line_now_and_then(&self) {
        let Ok(mut last) = self.last_line.lock() else { return };
        if last.elapsed() >= LINE_EVERY {
            *last = Instant::now();
            self.print_line();
        }
    }

    fn print_line(&self) {
        let _ = writeln!(ui::stderr(), "{}", self.course.pace());
    }
}

impl Observer for Reporter {
    fn reached(&self, so_far: Reached) {
        if self.kind == Progress::None {
            return;
        }
        self.course.change(|(reached, _)| *reached = so_far);
        match self.kind {
            Progress::None => {}
            Progress::Bar => self.bar.set_position(so_far.bytes),
            Progress::Lines => self.line_now_and_then(),
        }
    }

    fn reading(&self, reading: &Reading<'_>) {
        self.mention(|| format!("reading {}", told(reading)));
    }

    fn resumed(&self, taken_up: bool) {
        if !taken_up {
            self.say(|| self.ui.note("nothing to go on with: no earlier run, or one with other rules or options"));
        }
    }

    fn took_over(&self, taken: TakenOver) {
        let TakenOver { done, begun, again, gone } = taken;
        let [done, begun, again, gone] = [done, begun, again, gone].map(count);
        self.mention(|| {
            format!(
                "of the earlier run: {done} inputs taken over, {begun} gone on with, {again} done again because they \
                 changed or had failed, {gone} no longer there"
            )
        });
    }

    fn document(&self, done: &DocumentDone) {
        let reason = done.reason.unwrap_or_default();
        let record = done.record.map(|record| format!(", record {record}")).unwrap_or_default();
        match done.status {
            Status::Failed => {
                let detail = done.detail.as_deref().unwrap_or(reason);
                match self.failures.fetch_add(1, Ordering::Relaxed) {
                    MOST_FAILURES if self.is_preview => self.say(|| ui::failed("more failed")),
                    MOST_FAILURES => self.say(|| ui::failed("more failed; each is named in the report")),
                    told if told > MOST_FAILURES => {}
                    _ => {
                        let again = self.again(done);
                        let what = format!("{}{record}: {}{again}", Escaped(&done.path), Escaped(detail));
                        self.say(|| ui::failed(&what));
                    }
                }
            }
            Status::KeptWhole if self.ui.verbose || self.is_preview => {
                self.say(|| self.ui.note(&format!("kept whole: {}{record} ({reason})", Escaped(&done.path))));
            }
            _ => {}
        }
    }

    fn changed(&self, changed: &Named) {
        let detail = changed.detail.as_deref().unwrap_or_default();
        self.say(|| ui::changed(&format!("{}: {}", Escaped(&changed.path), Escaped(detail))));
    }

    fn skipped(&self, skipped: &Skipped) {
        if self.tells_skipped {
            let (path, reason) = (skipped.target.to_string_lossy(), skipped.reason.as_str().replace('_', " "));
            self.say(|| self.ui.note(&format!("skipped: {} ({reason})", Escaped(&path))));
        }
    }
}

/// An input in words: `a.jsonl.gz: JSON Lines, gzip, text in field content`.
fn told(reading: &Reading<'_>) -> String {
    let Reading { path, format, codec, encoding, field } = reading;
    let place = match format {
        Some(Format::Jsonl) => "field",
        _ => "column",
    };
    let parts = [
        Some(format.map_or("unknown", in_words).to_owned()),
        codec.map(|codec| codec.name().to_owned()),
        encoding.map(str::to_owned),
        field.map(|field| format!("text in {place} {}", Escaped(field))),
    ];
    format!("{}: {}", Escaped(path), parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn in_words(format: Format) -> &'static str {
    match format {
        Format::Html => "HTML",
        Format::Jsonl => "JSON Lines",
        Format::Csv => "CSV",
        Format::Tsv => "TSV",
        Format::Warc => "WARC",
        Format::Parquet => "Parquet",
        other => other.name(),
    }
}

fn set_style(bar: &ProgressBar, template: &str, course: &Arc<Course>) {
    let course = Arc::clone(course);
    // A drawing that fails is drawn again soon.
    let write = move |_: &ProgressState, out: &mut dyn fmt::Write| {
        let _ = write!(out, "{}", course.pace());
    };
    // The templates are constants above, and a test parses them.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.with_key("pace", write));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_templates_parse() {
        for template in [WITH_TOTAL, WITHOUT_TOTAL] {
            assert!(ProgressStyle::with_template(template).is_ok(), "{template}");
        }
    }
}
