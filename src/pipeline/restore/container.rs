//! Containers: output, rows and quarantine are walked side by side, record by record.

use std::path::Path;

use super::aside::{Aside, is_whole, whole};
use super::error::End;
use super::feed::Group;
use super::outcome::{Done, Nearness, Remark};
use super::record::{self, Undone};
use super::source::{Hashed, codec_of_name, look_at, open_below};
use super::writer::Writer;
use super::{Why, Work};
use crate::formats::Format;
use crate::formats::delimited::{self, Columns, Dialect, RecordBytes};
use crate::formats::json::{self, Locator};
use crate::formats::warc::{self, HttpLimits, Payload};
use crate::pipeline::container::{Framing, Part, PartKind, Set, Shape, Unfit, set_up};
use crate::pipeline::opened::Opened;
use crate::report::account::Account;
use crate::report::{Hash, Status};

/// Restores a container.
pub(super) fn container(work: &Work<'_>, group: &mut Group<'_, '_>, target: &Path, done: &mut Done) -> Result<(), End> {
    match open_below(work.from, target) {
        Ok((file, size)) => with_output(work, group, target, (Hashed::new(file), size), done),
        // Of a file in which nothing was whole there is no output.
        Err(Why::Missing) if group.peek().is_some_and(|first| is_piece(first) && first.record.is_none()) => {
            let writer = Writer::new(work.tree, target, codec_of_name(target))?;
            let mut walk = Walk::new(work, group, target, writer, done);
            walk.finish()?;
            walk.writer.finish().map_err(End::from)
        }
        Err(Why::Missing) => without_output(work, group, target, done),
        Err(why) => Err(why.into()),
    }
}

/// Restores a container from its output, and checks all bytes of that.
fn with_output(
    work: &Work<'_>,
    group: &mut Group<'_, '_>,
    target: &Path,
    (file, size): (Hashed, u64),
    done: &mut Done,
) -> Result<(), End> {
    let used = work.known.container(&done.path);
    let format = used.and_then(|used| used.format.as_deref()).and_then(format_of).or(work.known.format());
    let told = used.and_then(|used| used.hash.as_deref());
    let has_records = group.peek().is_some_and(|first| first.record.is_some() || first.status == Status::Failed);
    let mut opened = look_at(file.clone(), size, target, format, work.max_record)?;
    if opened.format == Some(Format::Parquet) {
        #[cfg(feature = "parquet")]
        if has_records {
            check_hash(&file, told, done)?;
            return super::columns::columns(work, group, target, done);
        }
        // Without a column for texts it was copied as it is.
        opened.format = Some(Format::Text).filter(|_| !has_records).or(opened.format);
    }
    let writer = Writer::new(work.tree, target, opened.codec)?;
    let mut walk = Walk::new(work, group, target, writer, done);
    walk.all(opened)?;
    let Walk { writer, .. } = walk;
    check_hash(&file, told, done)?;
    writer.finish().map_err(End::from)
}

/// Restores a container that turned out to be broken when some of it was read already: a row behind its records says so.
fn without_output(work: &Work<'_>, group: &mut Group<'_, '_>, target: &Path, done: &mut Done) -> Result<(), End> {
    while let Some(account) = group.next() {
        if account.status != Status::Failed || account.record.is_some() {
            continue;
        }
        if account.quarantine.is_none() {
            done.tally.absent += 1;
            done.remark(Remark::Absent(account.warnings.first().cloned().unwrap_or_default()));
            return Ok(());
        }
        if is_whole(work, target, &account) {
            whole(work, target, &account)?;
            done.near(None, Nearness::Original);
            return Ok(());
        }
    }
    Err(Why::Missing.into())
}

/// Checks all bytes of an output, those that belong to no record, too.
fn check_hash(file: &Hashed, told: Option<&str>, done: &mut Done) -> Result<(), Why> {
    match told {
        Some(told) if file.finish()?.to_string() != told => Err(Why::OutputChanged),
        Some(_) => Ok(()),
        None => {
            done.tally.unchecked += 1;
            done.remark(Remark::Unchecked);
            Ok(())
        }
    }
}

fn format_of(name: &str) -> Option<Format> {
    Format::ALL.into_iter().find(|format| format.name() == name)
}

/// Whether a row tells of bytes that were put aside.
fn is_piece(account: &Account) -> bool {
    account.status == Status::Failed && account.quarantine.is_some()
}

/// A container on its way back.
struct Walk<'w, 'g, 'f, 'r> {
    work: &'w Work<'w>,
    group: &'g mut Group<'f, 'r>,
    target: &'w Path,
    writer: Writer<'w>,
    done: &'g mut Done,
    aside: Aside,
    /// How much of the input is restored, as it was: its records may be of another length now.
    place: u64,
    /// The number of the next record.
    number: u64,
    /// What is seen of a record that comes in pieces.
    large: Option<(u64, Box<blake3::Hasher>)>,
}

impl<'w, 'g, 'f, 'r> Walk<'w, 'g, 'f, 'r> {
    fn new(
        work: &'w Work<'w>,
        group: &'g mut Group<'f, 'r>,
        target: &'w Path,
        writer: Writer<'w>,
        done: &'g mut Done,
    ) -> Walk<'w, 'g, 'f, 'r> {
        Walk { work, group, target, writer, done, aside: Aside::default(), place: 0, number: 1, large: None }
    }

    /// Walks from the first part to the last.
    fn all(&mut self, opened: Opened<'_>) -> Result<(), End> {
        let framing = Framing { fields: &self.work.known.fields, max_record: self.work.max_record };
        let set = set_up(opened, framing, None, None, false);
        let unfit = |Unfit(_, detail)| Why::NotThisFormat(format!("what the run wrote: {detail}"));
        let Set { mut parts, shape, .. } = set.map_err(unfit)?;
        while let Some(part) = parts.next() {
            if self.work.is_stopped() {
                return Err(End::Stopped);
            }
            self.part(part, &shape)?;
        }
        self.finish()
    }

    fn part(&mut self, part: Part, shape: &Shape) -> Result<(), End> {
        match part.kind {
            PartKind::Verbatim(bytes) => self.verbatim(&bytes),
            PartKind::Records { bytes, .. } => self.records(&bytes, shape),
            PartKind::Piece { bytes, whole, .. } => self.piece_of_record(&bytes, whole),
            PartKind::End { .. } => Ok(()),
            PartKind::Spoilt(spoilt) => Err(Why::NotThisFormat(format!("records: {}", spoilt.detail)).into()),
            PartKind::Undecodable(damage) => Err(Why::NotThisFormat(format!("what the run wrote: {damage}")).into()),
            PartKind::Failed { detail, .. } => Err(Why::Unreadable(detail).into()),
            #[cfg(feature = "parquet")]
            PartKind::Rows(_) => Err(Why::Internal("rows of columns among records".into()).into()),
        }
    }

    fn records(&mut self, bytes: &[u8], shape: &Shape) -> Result<(), End> {
        match shape {
            Shape::Json(locator) => self.lines(bytes, locator),
            Shape::Table { dialect, columns } => self.rows(bytes, *dialect, columns),
            Shape::Archive => self.archive(bytes),
            _ => self.verbatim(bytes),
        }
    }

    fn lines(&mut self, bytes: &[u8], locator: &Locator) -> Result<(), End> {
        let mut scratch = json::Scratch::default();
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let is_own = |scratch: &mut _| !matches!(locator.locate(line, scratch), Ok(json::Located::Blank));
            match self.account(line.len(), || is_own(&mut scratch))? {
                Some(account) => self.put(&account, record::line(line, &account, locator, &mut scratch))?,
                None => self.writer.put(line)?,
            }
        }
        Ok(())
    }

    fn rows(&mut self, bytes: &[u8], dialect: Dialect, columns: &Columns) -> Result<(), End> {
        for RecordBytes { bytes: row, .. } in delimited::records(bytes, dialect) {
            let is_own = || !matches!(columns.locate(row, dialect), Ok(delimited::Located::Blank));
            match self.account(row.len(), is_own)? {
                Some(account) => self.put(&account, record::row(row, &account, dialect, columns))?,
                None => self.writer.put(row)?,
            }
        }
        Ok(())
    }

    fn archive(&mut self, bytes: &[u8]) -> Result<(), End> {
        for record in warc::records(bytes) {
            let is_own = || !matches!(record.payload(&HttpLimits::default()), Payload::None(_));
            match self.account(record.bytes.len(), is_own)? {
                Some(account) => self.put(&account, record::archived(&record, &account))?,
                None => self.writer.put(record.bytes)?,
            }
            self.writer.end_record()?;
        }
        Ok(())
    }

    /// Bytes that belong to no record.
    fn verbatim(&mut self, bytes: &[u8]) -> Result<(), End> {
        self.pieces()?;
        self.writer.put(bytes)?;
        self.place += bytes.len() as u64;
        Ok(())
    }

    /// The row of the next record, which has so many bytes in the output; nothing where it needs none, which `is_own` denies.
    fn account(&mut self, bytes: usize, is_own: impl FnOnce() -> bool) -> Result<Option<Account>, End> {
        self.pieces()?;
        let number = self.number;
        let next = self.group.peek().and_then(|next| Some((next.record?, next.line)));
        match next {
            Some((told, line)) if told < number => Err(End::Refused(Some(told), Some(line), Why::NoRecord)),
            Some((told, _)) if told == number => {
                self.number += 1;
                let account = self.group.next();
                let bytes_in = account.as_ref().and_then(|account| account.bytes_in);
                self.place = self.place.saturating_add(bytes_in.unwrap_or(0));
                Ok(account)
            }
            _ if is_own() => Err(End::Refused(Some(number), None, Why::NoRow)),
            _ => {
                self.number += 1;
                self.place += bytes as u64;
                Ok(None)
            }
        }
    }

    fn put(&mut self, account: &Account, undone: Result<Undone<'_>, Why>) -> Result<(), End> {
        let refused = |why| End::Refused(account.record, Some(account.line), why);
        let (bytes, nearness) = undone.map_err(refused)?;
        self.writer.put(&bytes)?;
        self.done.near(account.record, nearness);
        Ok(())
    }

    /// A record that is too large to be held: it has passed as it was.
    fn piece_of_record(&mut self, bytes: &[u8], whole: Option<(u64, Hash)>) -> Result<(), End> {
        if self.large.is_none() {
            self.pieces()?;
        }
        let (length, hasher) = self.large.get_or_insert_default();
        hasher.update(bytes);
        *length += bytes.len() as u64;
        self.writer.put(bytes)?;
        if whole.is_none() {
            return Ok(());
        }
        let Some((length, hasher)) = self.large.take() else { return Ok(()) };
        let account = self.account(0, || true)?;
        let Some(account) = account else { return Ok(()) };
        let is_same = account.hash_in == Some(Hash::finish(&hasher).to_string()) && account.bytes_in == Some(length);
        if !is_same || !account.removed.is_empty() {
            return Err(End::Refused(account.record, Some(account.line), Why::RecordChanged));
        }
        self.done.near(account.record, Nearness::Exact);
        Ok(())
    }

    /// Puts back what was put aside and has its place here; passes over rows that tell of no record.
    fn pieces(&mut self) -> Result<(), End> {
        while let Some(next) = self.group.peek() {
            let is_about_all = next.record.is_none() && next.status != Status::Failed;
            if is_about_all && next.hash_kept.is_some() {
                return Err(End::Refused(None, Some(next.line), Why::Twice));
            }
            let is_gap = next.bytes_in.is_none();
            let is_here = next.quarantine.as_ref().is_some_and(|aside| is_gap || aside.offset == self.place);
            let is_failed = next.status == Status::Failed;
            if !is_about_all && !(is_failed && (is_here || next.quarantine.is_none())) {
                return Ok(());
            }
            let Some(account) = self.group.next() else { return Ok(()) };
            if is_about_all {
                continue;
            }
            self.failed(&account, is_gap).map_err(|end| match end {
                End::Refused(_, _, why) => End::Refused(account.record, Some(account.line), why),
                end => end,
            })?;
        }
        Ok(())
    }

    fn failed(&mut self, account: &Account, is_gap: bool) -> Result<(), End> {
        let Some(told) = &account.quarantine else {
            self.done.tally.absent += 1;
            self.done.remark(Remark::Absent(account.warnings.first().cloned().unwrap_or_default()));
            return Ok(());
        };
        let writer = Some(&mut self.writer).filter(|_| !is_gap);
        self.aside.piece(self.work, self.target, account, writer)?;
        if is_gap {
            self.done.tally.stayed += 1;
            self.done.remark(Remark::Stayed(told.bytes));
            return Ok(());
        }
        self.done.tally.pieces += 1;
        self.place = self.place.saturating_add(told.bytes);
        match account.record {
            Some(record) => self.number = record.saturating_add(1),
            // The pieces of one stretch count once.
            None => self.number += u64::from(!account.warnings.first().is_some_and(|it| it.starts_with("goes on: "))),
        }
        Ok(())
    }

    /// Checks that no row is left.
    fn finish(&mut self) -> Result<(), End> {
        self.pieces()?;
        match self.group.peek() {
            Some(next) => Err(End::Refused(next.record, Some(next.line), Why::NoRecord)),
            None if self.group.is_cut() => Err(Why::CutOff.into()),
            None => Ok(()),
        }
    }
}
