//! The rows of a report, output by output.

use std::collections::VecDeque;
use std::io::BufRead;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::strangers::Strangers;
use crate::report::account::{Account, Accounts};
use crate::report::read::ReportError;

/// How many bytes of removed text are taken from the report ahead of the work on them.
const AHEAD: usize = 1024 * 1024;
/// How much a row counts besides.
const ROW: usize = 512;

/// A report that is being read.
pub(super) type Report<'r> = Accounts<Box<dyn BufRead + Send + 'r>>;

/// Where groups of rows come from.
pub(super) struct Feed<'r> {
    accounts: Report<'r>,
    next: Option<Account>,
    error: Option<ReportError>,
    strangers: Strangers,
    number: u64,
    last: PathBuf,
}

impl<'r> Feed<'r> {
    pub(super) fn new(report: Report<'r>, strangers: Strangers) -> Feed<'r> {
        let mut feed = Feed { accounts: report, next: None, error: None, strangers, number: 0, last: PathBuf::new() };
        feed.read();
        feed
    }

    fn read(&mut self) {
        match self.accounts.read() {
            Ok(account) => self.next = account,
            Err(error) => self.error = Some(error),
        }
    }

    fn advance(&mut self) -> Option<Account> {
        let account = self.next.take()?;
        self.read();
        Some(account)
    }

    /// Whether this output comes out of the order. Rows of a container stand between those of its records that became files.
    fn is_twice(&mut self, target: PathBuf) -> bool {
        let is_behind = target > self.last || self.last.starts_with(&target) && self.last != target;
        if target > self.last {
            self.last = target;
        }
        !is_behind
    }

    /// How many rows were read, and what ended the reading before the end.
    pub(super) fn ended(self) -> (u64, Option<ReportError>, Vec<String>) {
        (self.accounts.count(), self.error, self.strangers.rest())
    }
}

/// The rows of one output, in their order.
///
/// The few rows of most outputs are read at once, so that others may go on behind them. Those of a large container are read as
/// the work on it goes on, and meanwhile nobody else reads.
pub(super) struct Group<'f, 'r> {
    /// Its number in the order of the report.
    pub(super) number: u64,
    /// Files before it that no row lists.
    pub(super) strangers: Vec<String>,
    /// Whether an output of this path, or of one behind it, came before.
    pub(super) is_twice: bool,
    ahead: VecDeque<Account>,
    live: Option<MutexGuard<'f, Feed<'r>>>,
    is_cut: bool,
}

impl<'f, 'r> Group<'f, 'r> {
    /// The next group; nothing at the end of the report, or where it cannot be read on.
    pub(super) fn take(shared: &'f Mutex<Feed<'r>>) -> Option<Group<'f, 'r>> {
        let mut feed = shared.lock().unwrap_or_else(PoisonError::into_inner);
        let first = feed.advance()?;
        let target = first.target();
        let strangers = target.as_ref().map(|target| feed.strangers.before(target)).unwrap_or_default();
        let is_twice = target.is_some_and(|target| feed.is_twice(target));
        let number = feed.number;
        feed.number += 1;
        let mut bytes = size(&first);
        let mut ahead = VecDeque::from([first]);
        while bytes < AHEAD
            && let Some(next) = feed.next.take_if(|next| ahead[0].is_beside(next))
        {
            bytes += size(&next);
            ahead.push_back(next);
            feed.read();
        }
        let goes_on = feed.next.as_ref().is_some_and(|next| ahead[0].is_beside(next));
        let is_cut = feed.error.is_some();
        let live = goes_on.then_some(feed);
        Some(Group { number, strangers, is_twice, ahead, live, is_cut })
    }

    /// The next row.
    pub(super) fn peek(&self) -> Option<&Account> {
        self.ahead.front()
    }

    /// Whether it has this one row and no other.
    pub(super) fn is_single(&self) -> bool {
        self.ahead.len() == 1 && self.live.is_none()
    }

    /// Takes the next row.
    pub(super) fn next(&mut self) -> Option<Account> {
        let account = self.ahead.pop_front()?;
        if self.ahead.is_empty()
            && let Some(feed) = &mut self.live
        {
            let next = feed.next.take_if(|next| account.is_beside(next));
            match next {
                Some(next) => {
                    self.ahead.push_back(next);
                    feed.read();
                }
                None => {
                    self.is_cut |= feed.error.is_some();
                    self.live = None;
                }
            }
        }
        Some(account)
    }

    /// Whether the report could not be read on behind it, so that rows of it may be missing.
    pub(super) fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// Passes over what is left of it, so that others can go on.
    fn pass(&mut self) {
        while self.live.is_some() && self.next().is_some() {}
        self.ahead.clear();
    }
}

impl Drop for Group<'_, '_> {
    fn drop(&mut self) {
        self.pass();
    }
}

fn size(account: &Account) -> usize {
    let texts = account.removed.iter().map(|removal| {
        let [text, raw] = [&removal.text, &removal.raw].map(|text| text.as_ref().map_or(0, String::len));
        text + raw + 64
    });
    ROW + texts.sum::<usize>()
}
