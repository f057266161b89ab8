//! Files of columns: the column of the texts is written anew, all else is copied.

use std::path::Path;

use super::aside::Aside;
use super::error::End;
use super::feed::Group;
use super::outcome::Done;
use super::source::open_below;
use super::writer::Writer;
use super::{Why, Work, record};
use crate::formats::parquet::{ParquetError, Reader, Value, rewrite};
use crate::report::Status;
use crate::report::account::is_hash_of;

/// How many rows are read at a time, and how many bytes of text.
const ROWS: usize = 1024;
const BYTES: usize = 1024 * 1024;

/// Restores a file of columns.
pub(super) fn columns(work: &Work<'_>, group: &mut Group<'_, '_>, target: &Path, done: &mut Done) -> Result<(), End> {
    let unfit = |error: ParquetError| Why::NotThisFormat(format!("Parquet: {error}"));
    let open = || open_below(work.from, target).map(|(file, _)| file);
    let mut reader = Reader::open(open()?, &work.known.fields).map_err(unfit)?;
    let column = reader.column().clone();
    let mut writer = Writer::new(work.tree, target, None)?;
    let mut values = Values { work, group, target, done, aside: Aside::default(), number: 1 };
    let mut failed = None;
    let mut next = || {
        let batch =
            if work.is_stopped() { Err(End::Stopped) } else { reader.next(ROWS, BYTES).map_err(|it| unfit(it).into()) };
        let batch = batch.and_then(|batch| match batch {
            Some(batch) => {
                batch.texts.iter().map(|value| values.value(value.as_ref())).collect::<Result<Vec<_>, End>>().map(Some)
            }
            None => Ok(None),
        });
        batch.unwrap_or_else(|end| {
            failed = Some(end);
            None
        })
    };
    let written = rewrite(&open()?, &mut writer, &column, &mut next);
    if let Some(end) = failed {
        return Err(end);
    }
    if let Some(error) = writer.failed.take() {
        return Err(error.into());
    }
    written.map_err(unfit)?;
    values.finish()?;
    writer.finish().map_err(End::from)
}

/// The values of the column, each held against its row.
struct Values<'w, 'g, 'f, 'r> {
    work: &'w Work<'w>,
    group: &'g mut Group<'f, 'r>,
    target: &'w Path,
    done: &'g mut Done,
    aside: Aside,
    number: u64,
}

impl Values<'_, '_, '_, '_> {
    fn value(&mut self, value: Option<&Value>) -> Result<Option<Vec<u8>>, End> {
        let number = self.number;
        self.number += 1;
        let Some(account) = self.group.next() else {
            return Err(End::Refused(Some(number), None, Why::NoRow));
        };
        let refused = |why| End::Refused(account.record, Some(account.line), why);
        match account.record {
            Some(told) if told == number => {}
            Some(told) if told > number => return Err(End::Refused(Some(number), None, Why::NoRow)),
            _ => return Err(refused(Why::NoRecord)),
        }
        let bytes = value.map(|value| &**value).unwrap_or_default();
        if account.status == Status::Failed {
            // It stayed where it was, and a copy was put aside.
            self.aside.piece(self.work, self.target, &account, None)?;
            let is_same = is_hash_of(account.hash_in.as_deref(), bytes);
            return if is_same { Ok(value.map(|_| bytes.to_vec())) } else { Err(refused(Why::RecordChanged)) };
        }
        let (restored, nearness) = record::value(bytes, &account).map_err(refused)?;
        self.done.near(account.record, nearness);
        Ok(value.map(|_| restored.into_owned()))
    }

    /// Checks that no row is left.
    fn finish(&mut self) -> Result<(), End> {
        while let Some(next) = self.group.next() {
            if next.record.is_some() || next.status == Status::Failed {
                return Err(End::Refused(next.record, Some(next.line), Why::NoRecord));
            }
        }
        if self.group.is_cut() { Err(Why::CutOff.into()) } else { Ok(()) }
    }
}
