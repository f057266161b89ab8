//! What was put aside for one output: its pieces stand one behind the other, in the order of the report.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::error::End;
use super::source::{Hashed, open_below};
use super::writer::Writer;
use super::{Why, Work};
use crate::pipeline::QUARANTINE_NAME;
use crate::report::Hash;
use crate::report::account::{Account, AccountAside};

/// How much is copied at a time.
const PIECE: usize = 256 * 1024;

/// The quarantine of one output, read piece by piece.
#[derive(Default)]
pub(super) struct Aside {
    file: Option<File>,
}

impl Aside {
    /// Reads the next piece, checks it, and copies it where it is to go.
    pub(super) fn piece(
        &mut self,
        work: &Work<'_>,
        target: &Path,
        account: &Account,
        mut writer: Option<&mut Writer<'_>>,
    ) -> Result<(), End> {
        let Some(told) = &account.quarantine else { return Err(Why::Aside.into()) };
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(open(work, target, account, told)?.0),
        };
        let (mut left, mut hasher) = (told.bytes, blake3::Hasher::new());
        let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
        while left > 0 {
            let room = piece.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            file.read_exact(&mut piece[..room]).map_err(|_| Why::Aside)?;
            hasher.update(&piece[..room]);
            if let Some(writer) = &mut writer {
                writer.put(&piece[..room])?;
            }
            left -= room as u64;
        }
        let hash = Hash::finish(&hasher).to_string();
        // Of reports that do not tell, the size must do.
        match told.hash.as_ref().or(account.hash_in.as_ref()) {
            Some(told) if *told != hash => Err(Why::Aside.into()),
            _ => Ok(()),
        }
    }
}

/// Whether all of an input was put aside as it was.
pub(super) fn is_whole(work: &Work<'_>, target: &Path, account: &Account) -> bool {
    let Some(told) = account.quarantine.as_ref().filter(|told| told.of == "file" && told.offset == 0) else {
        return false;
    };
    let is_as_long = |(_, size): (File, u64)| size == told.bytes;
    account.record.is_none() && open(work, target, account, told).is_ok_and(is_as_long)
}

/// Copies an input that was put aside as a whole.
pub(super) fn whole(work: &Work<'_>, target: &Path, account: &Account) -> Result<(), End> {
    let Some(told) = &account.quarantine else { return Err(Why::Aside.into()) };
    let (file, _) = open(work, target, account, told)?;
    let mut writer = Writer::new(work.tree, target, None)?;
    let file = Hashed::new(file);
    let (mut reader, mut piece) = (file.clone(), vec![0; PIECE]);
    loop {
        match crate::pipeline::read::read_some(&mut reader, &mut piece).map_err(|_| Why::Aside)? {
            0 => break,
            read => writer.put(&piece[..read])?,
        }
    }
    let hash = file.finish()?.to_string();
    if told.hash.as_ref().or(account.hash_in.as_ref()).is_some_and(|told| *told != hash) {
        return Err(Why::Aside.into());
    }
    writer.finish().map_err(End::from)
}

fn open(work: &Work<'_>, target: &Path, account: &Account, told: &AccountAside) -> Result<(File, u64), Why> {
    let path = account.path.as_deref().unwrap_or_default();
    if told.path.strip_prefix(QUARANTINE_NAME).and_then(|rest| rest.strip_prefix('/')) != Some(path) {
        return Err(Why::Aside);
    }
    // Its name is that of the output, also where the row cannot write it.
    open_below(work.from, &Path::new(QUARANTINE_NAME).join(target)).map_err(|_| Why::Aside)
}
