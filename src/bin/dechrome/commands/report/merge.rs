//! `dechrome report merge`: the reports of the parts of a run, joined.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use dechrome::pipeline::{REPORT_NAME, Replacing, SUMMARY_NAME, write_file};
use dechrome::report::read::read_summary;
use dechrome::report::terminal::totals_text;
use dechrome::report::{Hash, MergeError, Summary, Totals, merge_reports, merge_summaries};

use crate::exit::{Exit, usage};
use crate::ui::{Ui, shown};

pub(crate) fn run(parts: &[PathBuf], out: &Path, ui: Ui) -> anyhow::Result<Exit> {
    for name in [REPORT_NAME, SUMMARY_NAME] {
        if out.join(name).exists() {
            return Err(usage(format!("{} exists; choose another directory for --out", shown(&out.join(name)))));
        }
    }
    let summaries = parts.iter().map(|part| summary(part)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut reports = parts.iter().map(|part| report(part)).collect::<anyhow::Result<Vec<_>>>()?;
    merge_summaries(&summaries, Totals::default()).map_err(|error| told(error, parts))?;
    let made = Made::new(out);
    std::fs::create_dir_all(out).with_context(|| format!("cannot make the directory {}", shown(out)))?;
    let path = out.join(REPORT_NAME);
    let cannot = || format!("cannot write {}", shown(&path));
    let mut writer = BufWriter::new(Replacing::create(&path).with_context(cannot)?);
    let totals = merge_reports(&mut reports, &mut writer).map_err(|error| told(error, parts))?;
    let joined = merge_summaries(&summaries, totals).map_err(|error| told(error, parts))?;
    writer.flush().with_context(cannot)?;
    writer.into_inner().map_err(|error| error.into_error()).and_then(Replacing::finish).with_context(cannot)?;
    if let Some(mut joined) = joined {
        let hash = File::open(&path).and_then(Hash::of_reader).with_context(cannot)?;
        joined.hash_report = Some(hash.to_string());
        let json = serde_json::to_vec_pretty(&joined)?;
        let path = out.join(SUMMARY_NAME);
        write_file(&path, &[&json[..], b"\n"].concat()).with_context(|| format!("cannot write {}", shown(&path)))?;
        ui.note(&totals_text(&joined));
    }
    ui.note(&format!("report: {}", shown(&path)));
    made.keep();
    Ok(Exit::Done)
}

/// A directory that goes again, if it was not there before and nothing came of it.
struct Made<'p>(Option<&'p Path>);

impl<'p> Made<'p> {
    fn new(path: &'p Path) -> Made<'p> {
        Made(Some(path).filter(|path| !path.exists()))
    }

    fn keep(mut self) {
        self.0 = None;
    }
}

impl Drop for Made<'_> {
    fn drop(&mut self) {
        if let Some(path) = self.0 {
            // One that holds something stays.
            let _ = std::fs::remove_dir(path);
        }
    }
}

/// Mistakes of reports are the caller's, who named them.
fn told(error: MergeError, parts: &[PathBuf]) -> anyhow::Error {
    let named = |part: usize| parts.get(part - 1).map(|part| shown(part)).unwrap_or_default();
    match error {
        MergeError::Write(error) => anyhow::Error::new(error).context("cannot write the report"),
        MergeError::Report { part, error } => usage(format!("{}: {error}", named(part))),
        MergeError::OtherRun { part } => usage(format!("{}: {error}", named(part))),
        MergeError::Twice { first, second, .. } => usage(format!("{} and {}: {error}", named(first), named(second))),
    }
}

fn summary(part: &Path) -> anyhow::Result<Summary> {
    let path = part.join(SUMMARY_NAME);
    let cannot = |error: &dyn std::fmt::Display| usage(format!("{} cannot be read: {error}", shown(&path)));
    let file = File::open(&path).map_err(|error| cannot(&error))?;
    read_summary(file).map_err(|error| usage(format!("{} {error}", shown(&path))))
}

fn report(part: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    let path = part.join(REPORT_NAME);
    let file = File::open(&path).map_err(|error| usage(format!("{} cannot be read: {error}", shown(&path))))?;
    Ok(Box::new(BufReader::with_capacity(1 << 18, file)))
}
