//! One output with its rows: what it is, and what becomes of it.

use std::fs;
use std::path::Path;

use super::error::End;
use super::feed::Group;
use super::outcome::{Done, Nearness, Remark};
use super::{Refusal, RestoreError, Why, Work, aside, container, document};
use crate::formats::compression::Codec;
use crate::pipeline::WriteError;
use crate::pipeline::container::exploded;
use crate::pipeline::panics::Panicked;
use crate::report::Status;
use crate::report::account::Account;

/// What rows tell of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// An input that was not read, or of which nothing was written.
    Absent,
    /// An input that was put aside as it was.
    Original,
    /// A text that is a file; whether it was a record.
    Document { is_record: bool },
    /// Records that did not become files, where others did.
    Apart,
    /// A file of many documents.
    Container,
}

impl Work<'_> {
    /// Restores the output that these rows are of.
    ///
    /// # Errors
    /// When no output can be written any more, or the work is stopped.
    pub(super) fn file(&self, group: &mut Group<'_, '_>) -> Result<Done, RestoreError> {
        let mut done = Done { strangers: std::mem::take(&mut group.strangers), ..Done::default() };
        let first = group.peek().map(|first| (first.path.clone().unwrap_or_default(), first.line));
        let (path, line) = first.unwrap_or_default();
        done.path = path;
        match self.restore(group, &mut done) {
            Ok(()) => Ok(done),
            Err(End::Refused(record, at, why)) => {
                let path = done.path.clone();
                let refusal = Refusal { path, record, line: at.or(Some(line).filter(|_| record.is_none())), why };
                Ok(Done { path: done.path, strangers: done.strangers, refusals: vec![refusal], ..Done::default() })
            }
            Err(End::Output(WriteError { path, source, .. })) => Err(RestoreError::Output { path, source }),
            Err(End::Stopped) => Err(RestoreError::Stopped { files: 0 }),
        }
    }

    fn restore(&self, group: &mut Group<'_, '_>, done: &mut Done) -> Result<(), End> {
        let (is_single, is_cut, is_twice) = (group.is_single(), group.is_cut(), group.is_twice);
        let Some(first) = group.peek() else { return Ok(()) };
        if first.path.is_none() {
            return Err(Why::NoPath.into());
        }
        let target = first.target().ok_or(Why::Outside)?;
        if is_twice {
            return Err(Why::Twice.into());
        }
        if is_cut {
            return Err(Why::CutOff.into());
        }
        match self.kind(first, &target, is_single) {
            Kind::Apart => self.apart(group, done),
            Kind::Container => {
                container::container(self, group, &target, done)?;
                done.tally.files += 1;
            }
            kind => {
                let Some(account) = group.next() else { return Ok(()) };
                self.lone(kind, &account, &target, done)?;
            }
        }
        Ok(())
    }

    fn lone(&self, kind: Kind, account: &Account, target: &Path, done: &mut Done) -> Result<(), End> {
        match kind {
            Kind::Original => {
                aside::whole(self, target, account)?;
                done.near(None, Nearness::Original);
            }
            Kind::Document { is_record } => {
                let nearness = document::document(self, account, target, is_record)?;
                done.near(None, nearness);
            }
            _ => {
                absent(account, done);
                return Ok(());
            }
        }
        done.tally.files += 1;
        Ok(())
    }

    fn kind(&self, first: &Account, target: &Path, is_single: bool) -> Kind {
        let is_failed = first.status == Status::Failed;
        let output = fs::symlink_metadata(self.from.join(target)).ok();
        if is_single && is_failed && output.is_none() {
            if first.quarantine.is_none() {
                return Kind::Absent;
            }
            if aside::is_whole(self, target, first) {
                return Kind::Original;
            }
        }
        let explodes = self.known.options().map(|options| options.explode);
        let is_record = first.record.is_some_and(|number| explodes != Some(false) && is_exploded(target, number));
        if is_single && !is_failed && first.hash_kept.is_some() && (first.record.is_none() || is_record) {
            return Kind::Document { is_record };
        }
        let is_dir = output.as_ref().is_some_and(fs::Metadata::is_dir);
        if is_dir || (output.is_none() && explodes == Some(true)) { Kind::Apart } else { Kind::Container }
    }

    /// Of a container whose records became files, those that did not.
    fn apart(&self, group: &mut Group<'_, '_>, done: &mut Done) {
        while let Some(account) = group.next() {
            match &account.quarantine {
                Some(told) => {
                    done.tally.stayed += 1;
                    done.remark(Remark::Stayed(told.bytes));
                }
                // A file without any record has come to nothing.
                None if account.record.is_some() || account.status == Status::Failed => absent(&account, done),
                None => {}
            }
        }
    }
}

fn absent(account: &Account, done: &mut Done) {
    done.tally.absent += 1;
    let why = account.warnings.first().or(account.reason.as_ref());
    done.remark(Remark::Absent(why.cloned().unwrap_or_default()));
}

/// Whether a path is that of the file which a record becomes.
fn is_exploded(target: &Path, number: u64) -> bool {
    let mut codecs = Codec::ALL.into_iter().map(Some).chain([None]);
    codecs.any(|codec| target.ends_with(exploded(number, codec)))
}

/// What becomes of an output over which the program made a mistake.
pub(super) fn of_panic(panicked: &Panicked) -> Done {
    let why = Why::Internal(panicked.detail());
    let refusal = Refusal { path: String::new(), record: None, line: None, why };
    Done { refusals: vec![refusal], ..Done::default() }
}
