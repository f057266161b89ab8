//! Looking for a phrase in what a run wrote: the kept texts, and what could not be cleaned.

use std::fs::File;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use super::document::of_fault;
use super::opened::{Looking, Opened};
use super::restore::open_below;
use super::source::Window;
use super::texts::{Unread, each_text};
use super::{QUARANTINE_NAME, Settings};
use crate::report::place::Place;
use crate::report::read::{ReportError, ReportedRow, Rows};
use crate::report::why::{Hunt, Take};
use crate::report::{DocumentName, Status};

/// How much of a file in quarantine is held at a time.
const WINDOW: usize = 1 << 20;
/// How much of it is looked at twice, so that nothing is lost between two windows: a phrase may be written in far more bytes
/// than it was given in.
const OVERLAP: usize = 1 << 16;

const TOO_LARGE: &str = "it is too large to be looked at";
const DOES_NOT_FIT: &str = "it and the report do not make up the input, so that what a cut runs through was not found";

/// The outputs of a run.
#[derive(Clone, Copy, Debug)]
pub struct Outputs<'a> {
    /// The output directory.
    pub dir: &'a Path,
    /// How the run read its inputs.
    pub settings: Settings<'a>,
}

/// Outputs that could not be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NotSeen {
    /// How many.
    pub total: u64,
    /// The first of them, and why.
    pub first: Option<(Place, String)>,
}

impl NotSeen {
    fn add(&mut self, place: Place, why: impl Into<String>) {
        self.total += 1;
        self.first.get_or_insert_with(|| (place, why.into()));
    }
}

/// Looks for a phrase in everything that a run wrote, one document at a time, with the removals from each beside it.
///
/// # Errors
/// At the first line of the report that is no row.
pub fn hunt_in_outputs(
    hunt: &mut Hunt<'_>,
    report: &mut dyn BufRead,
    outputs: Outputs<'_>,
    take: &mut Take<'_>,
) -> Result<NotSeen, ReportError> {
    let mut search = Search {
        hunt,
        outputs,
        take,
        rows: Rows::new(report),
        next: None,
        put_aside: 0,
        aside: None,
        not_seen: NotSeen::default(),
    };
    search.advance()?;
    while let Some(which) = search.next.clone() {
        match which {
            Which { target: Some(target), is_record: true, .. } => search.records(&target)?,
            Which { target: Some(target), .. } => search.document(&target)?,
            Which { target: None, .. } => search.advance()?,
        }
    }
    Ok(search.not_seen)
}

/// Which output the next row is of.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Which {
    path: Option<PathBuf>,
    /// The output, relative to the directory; nothing where there is none.
    target: Option<PathBuf>,
    record: Option<u64>,
    /// Whether it is a part of the output, not all of it.
    is_record: bool,
}

/// A report and the outputs beside it, on the same place in both.
struct Search<'s, 'p> {
    hunt: &'s mut Hunt<'p>,
    outputs: Outputs<'s>,
    take: &'s mut Take<'s>,
    rows: Rows<'s>,
    next: Option<Which>,
    /// How many records of the next row's input did not reach the output, which counts without them.
    put_aside: u64,
    /// The file in quarantine that was looked at last; the rows of one stand together.
    aside: Option<PathBuf>,
    not_seen: NotSeen,
}

impl Search<'_, '_> {
    /// Goes on to the next row.
    fn advance(&mut self) -> Result<(), ReportError> {
        let before = self.next.take().and_then(|which| which.path);
        if !self.rows.advance()? {
            return Ok(());
        }
        let row = self.rows.row()?;
        let path = row.path.as_deref().and_then(|path| DocumentName::to_path(path, row.path_raw.as_deref()));
        if path != before {
            self.put_aside = 0;
        }
        self.put_aside += u64::from(used_up_a_number(&row));
        let target = path.clone().filter(|_| row.bytes_kept.is_some());
        if row.status == Status::KeptWhole && row.bytes_kept.is_none() {
            self.not_seen.add(Place::of(&row), TOO_LARGE);
        }
        let is_record = row.record.is_some() && !self.outputs.settings.explode;
        // Its name is that of the output, also where the row cannot write it.
        let aside =
            path.as_deref().filter(|_| row.quarantine.is_some()).map(|path| Path::new(QUARANTINE_NAME).join(path));
        self.next = Some(Which { path, target, record: row.record, is_record });
        if let Some(aside) = aside.filter(|aside| self.aside.as_ref() != Some(aside)) {
            self.quarantine(&aside);
            self.aside = Some(aside);
        }
        Ok(())
    }

    /// Looks at the next row's document, which is a file of its own.
    fn document(&mut self, target: &Path) -> Result<(), ReportError> {
        let row = self.rows.row()?;
        match kept_text(self.outputs.settings, &self.outputs.dir.join(target)) {
            Ok(text) => look(self.hunt, &row, text.as_deref(), &mut self.not_seen, self.take),
            Err(why) => self.not_seen.add(Place::of(&row), why),
        }
        self.advance()
    }

    /// Looks at the records of the next row's output, and goes on behind them.
    fn records(&mut self, target: &Path) -> Result<(), ReportError> {
        let place = Place { path: self.rows.row()?.path.as_deref().map(str::to_owned), record: None };
        let mut failed = None;
        let settings = self.outputs.settings;
        let read = each_text(settings, &self.outputs.dir.join(target), true, &mut |record, text, _| {
            if failed.is_none() {
                failed = self.record(target, record, text).err();
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if let Err(unread) = read {
            self.not_seen.add(place, why(unread));
        }
        self.pass_up_to(target, None)
    }

    /// Looks at one record of an output.
    fn record(&mut self, target: &Path, record: Option<u64>, text: Option<&str>) -> Result<(), ReportError> {
        self.pass_up_to(target, record)?;
        let is_of_target = |which: &&Which| which.target.as_deref() == Some(target);
        let next = self.next.as_ref().filter(is_of_target);
        if next.is_some_and(|which| self.number_in_output(which) == record) {
            let row = self.rows.row()?;
            look(self.hunt, &row, text, &mut self.not_seen, self.take);
        }
        Ok(())
    }

    /// Passes over the rows of an output before a record; over all of them where none is given.
    fn pass_up_to(&mut self, target: &Path, record: Option<u64>) -> Result<(), ReportError> {
        while let Some(which) = &self.next {
            let is_of_target = which.path.as_deref() == Some(target);
            let is_before = record.is_none() || which.target.is_none() || self.number_in_output(which) < record;
            if !(is_of_target && is_before) {
                break;
            }
            self.advance()?;
        }
        Ok(())
    }

    /// The number that the next row's record has in the output.
    fn number_in_output(&self, which: &Which) -> Option<u64> {
        which.record.map(|record| record.saturating_sub(self.put_aside))
    }

    /// Looks at a file in quarantine, whatever it holds.
    fn quarantine(&mut self, path: &Path) {
        let place = Place { path: Some(DocumentName::of(path).path), record: None };
        let read = match open_below(self.outputs.dir, path) {
            Ok((file, _)) => self.windows(&place, file).map_err(|error| error.to_string()),
            Err(why) => Err(why.to_string()),
        };
        if let Err(why) = read {
            self.not_seen.add(place, why);
        }
    }

    fn windows(&mut self, place: &Place, mut file: File) -> std::io::Result<()> {
        let (mut bytes, mut start, mut told) = (Vec::new(), 0_u64, 0);
        loop {
            let room = (WINDOW - bytes.len()) as u64;
            let read = (&mut file).take(room).read_to_end(&mut bytes)?;
            let is_last = (read as u64) < room;
            let text = String::from_utf8_lossy(&bytes);
            let end = if is_last { text.len() } else { text.len() - OVERLAP / 2 };
            // Offsets hold as long as nothing had to be replaced; behind that they are near enough to find the place.
            self.hunt.in_quarantine(place, &text, start, told..end, self.take);
            if is_last {
                return Ok(());
            }
            let used = bytes.len() - OVERLAP;
            bytes.drain(..used);
            start += used as u64;
            told = OVERLAP / 2;
        }
    }
}

/// Whether a row is of something that has a number in the input and is not in the output: a record that failed, or a stretch
/// that is none, where it begins.
fn used_up_a_number(row: &ReportedRow<'_>) -> bool {
    let goes_on = row.warnings.first().is_some_and(|detail| detail.starts_with("goes on: "));
    let is_stretch = row.quarantine.is_some() && row.bytes_in.is_some() && !goes_on;
    row.status == Status::Failed && (row.record.is_some() || is_stretch)
}

/// The text of an output that is one document; nothing where it is too large. Whatever the input was, this is UTF-8.
fn kept_text(settings: Settings<'_>, path: &Path) -> Result<Option<String>, String> {
    let opened = Looking::with(settings).at_file(path, true, Window::default());
    let Opened { mut source, mut window, fault, .. } = opened.map_err(|error| error.to_string())?;
    let read = fault.map_or_else(|| window.fill(&mut source, settings.max_record.saturating_add(1)), Err);
    read.map_err(|fault| of_fault(&fault).1)?;
    let bytes = window.bytes();
    Ok((bytes.len() <= settings.max_record).then(|| String::from_utf8_lossy(bytes).into_owned()))
}

fn look(hunt: &mut Hunt<'_>, row: &ReportedRow<'_>, text: Option<&str>, not_seen: &mut NotSeen, take: &mut Take<'_>) {
    match text {
        None => not_seen.add(Place::of(row), TOO_LARGE),
        Some(text) => {
            if !hunt.in_kept(row, text, take) {
                not_seen.add(Place::of(row), DOES_NOT_FIT);
            }
        }
    }
}

fn why(unread: Unread) -> String {
    match unread {
        Unread::Skipped => "nothing says what it holds".to_owned(),
        Unread::Failed(_, detail) => detail,
    }
}
