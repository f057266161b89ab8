//! Where work comes from: inputs in order, each put into the journal before anything is written for it.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::done::Resumed;
use super::earlier::{Earlier, Verdict};
use super::journal::{DoneLine, Journal, Line};
use super::write::Tree;
use super::{Discovery, Found, RunError, TakenOver};
use crate::report::summary::Verified;

/// How many names are listed in the journal at a time.
const LISTED_AT_ONCE: usize = 64;

/// Something to do.
#[derive(Debug)]
pub(crate) enum Job {
    /// An input that is to be worked on, from where an earlier run stopped in it.
    Work { found: Found, resumed: Option<Resumed> },
    /// An input that an earlier run did.
    Reuse { done: DoneLine, start: u64 },
}

/// The feed of a run.
pub(crate) struct Feed {
    discovery: Discovery,
    /// None where nothing is written.
    journal: Option<Journal>,
    earlier: Option<Earlier>,
    /// What was taken over of an earlier run, when all inputs are found.
    pub(crate) taken: Option<(TakenOver, Verified)>,
    ahead: VecDeque<Job>,
    number: u64,
    /// The output of the last document.
    last: PathBuf,
}

impl Feed {
    pub(crate) fn new(discovery: Discovery, journal: Option<Journal>, earlier: Option<Earlier>) -> Feed {
        Feed { discovery, journal, earlier, taken: None, ahead: VecDeque::new(), number: 0, last: PathBuf::new() }
    }

    /// The next few things to do, with their numbers in the order of the report; none when all are given out.
    pub(crate) fn take(&mut self, tree: &Tree, most: usize) -> Result<VecDeque<(u64, Job)>, RunError> {
        if self.ahead.is_empty() {
            self.look_ahead(tree)?;
        }
        let count = most.min(self.ahead.len());
        let first = self.number;
        self.number += count as u64;
        Ok((first..).zip(self.ahead.drain(..count)).collect())
    }

    /// How many inputs there were, when all of them are given out.
    pub(crate) fn handed_out(&mut self) -> Option<u64> {
        (self.ahead.is_empty() && self.discovery.next().is_none()).then_some(self.number)
    }

    /// Finds the next few inputs, and lists those that will be written.
    fn look_ahead(&mut self, tree: &Tree) -> Result<(), RunError> {
        let mut intents = Vec::new();
        for found in self.discovery.by_ref().take(LISTED_AT_ONCE) {
            check_order(&mut self.last, &found)?;
            let job = match (&mut self.earlier, &found) {
                (Some(earlier), Found::Document { source, target, named }) => {
                    let verdict = earlier.verdict(tree, target, source, *named);
                    job(found, verdict.map_err(RunError::output(tree.root()))?)
                }
                _ => Job::Work { found, resumed: None },
            };
            if let Job::Work { found: Found::Document { target, .. }, .. } = &job
                && !(tree.is_careful() && tree.look(target).is_ok_and(|found| found.is_some()))
            {
                intents.push(Line::intent(target));
            }
            self.ahead.push_back(job);
        }
        if self.ahead.is_empty()
            && let Some(earlier) = self.earlier.take()
        {
            self.taken = Some(earlier.finish().map_err(RunError::output(tree.root()))?);
        }
        self.list(intents)
    }

    /// Lists files that are about to be written for an input besides its output: its records, or what is put aside of it.
    pub(crate) fn list_more(&mut self, of: &Path, files: impl Iterator<Item = PathBuf>) -> Result<(), RunError> {
        self.list(files.map(|file| Line::intent_of(of, &file)).collect())
    }

    fn list(&mut self, lines: Vec<Line>) -> Result<(), RunError> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        let path = journal.path().to_owned();
        journal.write(lines).map_err(RunError::output(&path))
    }
}

/// Checks that outputs come in the order of their paths, so that none is written or told twice.
fn check_order(last: &mut PathBuf, found: &Found) -> Result<(), RunError> {
    let Found::Document { target, .. } = found else { return Ok(()) };
    if *target <= *last {
        return Err(RunError::Unaccounted("an input was found twice".into()));
    }
    last.clone_from(target);
    Ok(())
}

fn job(found: Found, verdict: Verdict) -> Job {
    match verdict {
        Verdict::Fresh => Job::Work { found, resumed: None },
        Verdict::GoOn(resumed) => Job::Work { found, resumed: Some(resumed) },
        Verdict::Reuse { done, start } => Job::Reuse { done, start },
    }
}
