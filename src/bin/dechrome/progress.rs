//! Progress on standard error: a bar on a terminal, now and then a line elsewhere.

use std::fmt;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use dechrome::pipeline::{Discovery, DocumentDone, Found, Observer, Skipped};
use dechrome::report::Status;
use dechrome::report::terminal::{Escaped, count};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::ui::{self, Progress, Ui};

/// How often a line is printed where no bar can be drawn.
const LINE_EVERY: Duration = Duration::from_secs(1);
/// How many failures are told one by one.
const MOST_FAILURES: u64 = 1000;
/// How the bar looks once the number of files is known.
const WITH_TOTAL: &str = "{bar:30} {human_pos} of {human_len} files, {files_left} left, {rate}/s, {eta} to go";
/// How it looks before.
const WITHOUT_TOTAL: &str = "{spinner} {human_pos} files, {rate}/s";

/// Shows what a run does, and names what fails.
pub(crate) struct Reporter {
    ui: Ui,
    kind: Progress,
    /// Whether nothing is written, so that what is kept whole must be told here or nowhere.
    is_preview: bool,
    tells_skipped: bool,
    bar: ProgressBar,
    done: AtomicU64,
    failures: AtomicU64,
    total: AtomicU64,
    start: Instant,
    last_line: Mutex<Instant>,
}

impl Reporter {
    pub(crate) fn new(ui: Ui) -> Reporter {
        let kind = ui.progress();
        let bar = if kind == Progress::Bar { ProgressBar::no_length() } else { ProgressBar::hidden() };
        set_style(&bar, WITHOUT_TOTAL);
        let now = Instant::now();
        let (done, total, failures) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        let (is_preview, tells_skipped) = (false, ui.verbose);
        Reporter {
            ui,
            kind,
            is_preview,
            tells_skipped,
            bar,
            done,
            failures,
            total,
            start: now,
            last_line: Mutex::new(now),
        }
    }

    /// The same for a run that writes nothing; whether skipped files are told here, if anywhere.
    pub(crate) fn for_preview(self, tells_skipped: bool) -> Reporter {
        Reporter { is_preview: true, tells_skipped: self.tells_skipped && tells_skipped, ..self }
    }

    /// Does something while, for the progress only, the files are counted beside it.
    pub(crate) fn watch<T>(&self, files: impl FnOnce() -> Discovery + Send, work: impl FnOnce() -> T) -> T {
        if self.kind == Progress::None {
            return work();
        }
        let over = AtomicBool::new(false);
        let result = std::thread::scope(|scope| {
            scope.spawn(|| self.count_files(files(), &over));
            let result = work();
            over.store(true, Ordering::Relaxed);
            result
        });
        self.bar.finish_and_clear();
        if self.kind == Progress::Lines {
            self.print_line();
        }
        result
    }

    fn count_files(&self, files: Discovery, over: &AtomicBool) {
        let mut total = 0;
        for found in files {
            if over.load(Ordering::Relaxed) {
                return;
            }
            total += u64::from(!matches!(found, Found::Skipped(_)));
        }
        self.total.store(total, Ordering::Relaxed);
        self.bar.set_length(total);
        set_style(&self.bar, WITH_TOTAL);
    }

    /// Prints above the bar.
    fn say(&self, print: impl FnOnce()) {
        self.bar.suspend(print);
    }

    fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
        match self.kind {
            Progress::None => {}
            Progress::Bar => self.bar.inc(1),
            Progress::Lines => self.line_now_and_then(),
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
        let (done, total) = (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed));
        let rate = (done as f64 / self.start.elapsed().as_secs_f64().max(1e-3)) as u64;
        let left = if total == 0 { String::new() } else { format!(", {} left", count(total.saturating_sub(done))) };
        let _ = writeln!(ui::stderr(), "{} files, {}/s{left}", count(done), count(rate));
    }
}

impl Observer for Reporter {
    fn input(&self) {
        self.step();
    }

    fn resumed(&self, taken_up: bool) {
        if !taken_up {
            self.say(|| self.ui.note("nothing to go on with: no earlier run, or one with other rules or options"));
        }
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
                    _ => self.say(|| ui::failed(&format!("{}{record}: {}", Escaped(&done.path), Escaped(detail)))),
                }
            }
            Status::KeptWhole if self.ui.verbose || self.is_preview => {
                self.say(|| self.ui.note(&format!("kept whole: {}{record} ({reason})", Escaped(&done.path))));
            }
            _ => {}
        }
    }

    fn skipped(&self, skipped: &Skipped) {
        if self.tells_skipped {
            let (path, reason) = (skipped.target.to_string_lossy(), skipped.reason.as_str().replace('_', " "));
            self.say(|| self.ui.note(&format!("skipped: {} ({reason})", Escaped(&path))));
        }
    }
}

fn set_style(bar: &ProgressBar, template: &str) {
    // The templates are constants above, and a test parses them.
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.with_key("rate", write_rate).with_key("files_left", write_left));
    }
}

fn write_rate(state: &ProgressState, out: &mut dyn fmt::Write) {
    // A drawing that fails is drawn again soon.
    let _ = out.write_str(&count(state.per_sec() as u64));
}

fn write_left(state: &ProgressState, out: &mut dyn fmt::Write) {
    let _ = out.write_str(&count(state.len().unwrap_or(0).saturating_sub(state.pos())));
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
