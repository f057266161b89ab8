//! Opening the reports that the arguments name.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use dechrome::pipeline::{REPORT_NAME, SUMMARY_NAME};
use dechrome::report::Summary;
use dechrome::report::read::{ReportError, SummaryError, read_summary};

use crate::exit::usage;
use crate::ui::{Ui, shown};

/// A report that the arguments name.
pub(crate) struct NamedReport {
    /// The report itself; nothing for standard input.
    path: Option<PathBuf>,
    /// Whether its directory was named.
    by_dir: bool,
}

impl NamedReport {
    /// The report that an argument stands for; a directory stands for the report in it.
    pub(crate) fn of(named: &Path) -> NamedReport {
        if named.as_os_str() == "-" {
            return NamedReport { path: None, by_dir: false };
        }
        let by_dir = named.is_dir();
        let path = if by_dir { named.join(REPORT_NAME) } else { named.to_owned() };
        NamedReport { path: Some(path), by_dir }
    }

    /// Its name for messages; safe for a terminal.
    pub(crate) fn name(&self) -> String {
        self.path.as_deref().map_or("standard input".to_owned(), shown)
    }

    /// Its path, as programs get it; `-` for standard input.
    pub(crate) fn path(&self) -> String {
        self.path.as_deref().map_or("-".into(), Path::to_string_lossy).into_owned()
    }

    /// The file that it is; nothing for standard input.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The directory it is in; nothing for standard input.
    pub(crate) fn dir(&self) -> Option<&Path> {
        self.path.as_deref().and_then(Path::parent)
    }

    pub(crate) fn open(&self) -> anyhow::Result<Box<dyn BufRead>> {
        let Some(path) = &self.path else { return Ok(Box::new(io::stdin().lock())) };
        let file = File::open(path).map_err(|error| {
            let help = if self.by_dir { "name a directory that `dechrome clean` wrote" } else { "check its name" };
            usage(format!("REPORT {} cannot be read: {error}; {help}", shown(path)))
        })?;
        Ok(Box::new(BufReader::with_capacity(1 << 17, file)))
    }

    /// What to say of a line that is no row.
    pub(crate) fn mistake(&self, mistake: &ReportError) -> anyhow::Error {
        usage(format!("REPORT {}, {mistake}", self.name()))
    }

    /// The summary beside it, where there is one; that there is one which cannot be read is said.
    pub(crate) fn summary(&self, ui: Ui) -> Option<Summary> {
        let path = self.dir()?.join(SUMMARY_NAME);
        let read = match File::open(&path) {
            Ok(file) => read_summary(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => Err(SummaryError::Unreadable(error)),
        };
        let tell = |error| ui.note(&format!("noted: {} {error}; it is left out", shown(&path)));
        read.map_err(tell).ok()
    }
}
