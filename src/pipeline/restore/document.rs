//! Documents that are files: kept text and removals make the decoded text.

use std::path::Path;

use super::error::End;
use super::outcome::Nearness;
use super::source::{Hashed, look_at, of_error, of_fault, open_below, plain};
use super::writer::Writer;
use super::{Why, Work};
use crate::clean::restore;
use crate::formats::Format;
use crate::pipeline::opened::Opened;
use crate::report::Hash;
use crate::report::account::{Account, is_hash_of};

/// How much of a text is held that nothing was removed from.
const PIECE: usize = 1024 * 1024;

/// Restores a text that is a file; `is_record` says that it was a record of a container.
pub(super) fn document(work: &Work<'_>, account: &Account, target: &Path, is_record: bool) -> Result<Nearness, End> {
    if account.lacks_texts() {
        return Err(Why::NoTexts.into());
    }
    let mut opened = open(work, account, target)?;
    let mut writer = Writer::new(work.tree, target, opened.codec)?;
    if account.removed.is_empty() {
        copy(account, &mut opened, &mut writer)?;
    } else {
        writer.put(with_removals(account, &mut opened)?.as_bytes())?;
    }
    writer.finish()?;
    Ok(nearness(account, is_record))
}

/// Opens a kept text. One that begins like compressed bytes and is none is known by its hash.
fn open(work: &Work<'_>, account: &Account, target: &Path) -> Result<Opened<'static>, Why> {
    let (file, size) = open_below(work.from, target)?;
    let opened = look_at(Hashed::new(file), size, target, Some(Format::Text), work.max_record)?;
    if opened.codec.is_some() && account.bytes_kept == Some(size) {
        let hash = Hashed::new(open_below(work.from, target)?.0).finish()?.to_string();
        if Some(hash) == account.hash_kept {
            return Ok(plain(open_below(work.from, target)?.0));
        }
    }
    Ok(opened)
}

/// Copies a text from which nothing was removed.
fn copy(account: &Account, opened: &mut Opened<'_>, writer: &mut Writer<'_>) -> Result<(), End> {
    let mut hasher = blake3::Hasher::new();
    loop {
        fill(opened, PIECE)?;
        let bytes = opened.window.bytes();
        if bytes.is_empty() {
            break;
        }
        hasher.update(bytes);
        writer.put(bytes)?;
        let count = bytes.len();
        opened.window.consume(count);
    }
    let hash = Some(Hash::finish(&hasher).to_string());
    if hash != account.hash_kept {
        return Err(Why::KeptChanged.into());
    }
    if hash != account.hash_text { Err(Why::TextChanged.into()) } else { Ok(()) }
}

/// The text that was cleaned.
fn with_removals(account: &Account, opened: &mut Opened<'_>) -> Result<String, Why> {
    let length = account.bytes_kept.and_then(|length| usize::try_from(length).ok()).ok_or(Why::KeptChanged)?;
    fill(opened, length.saturating_add(1))?;
    let kept = opened.window.bytes();
    let kept = std::str::from_utf8(kept).ok().filter(|kept| kept.len() == length);
    let kept = kept.filter(|kept| is_hash_of(account.hash_kept.as_deref(), kept.as_bytes())).ok_or(Why::KeptChanged)?;
    text_of(account, kept)
}

/// Puts removals back into a kept text.
pub(super) fn text_of(account: &Account, kept: &str) -> Result<String, Why> {
    let removed = account.removed.iter();
    let removed = removed.map(|it| (it.start..it.end, it.text.as_deref().unwrap_or_default()));
    let text = restore(kept, removed).ok_or(Why::TextChanged)?;
    if is_hash_of(account.hash_text.as_deref(), text.as_bytes()) { Ok(text) } else { Err(Why::TextChanged) }
}

fn fill(opened: &mut Opened<'_>, wanted: usize) -> Result<(), Why> {
    if let Some(fault) = opened.fault.take() {
        return Err(of_fault(&fault));
    }
    opened.window.fill(&mut opened.source, wanted).map_err(|fault| match fault {
        crate::pipeline::source::Fault::Io(error) => of_error(&error),
        // Only what was changed cannot be read.
        crate::pipeline::source::Fault::Damaged(_) => Why::KeptChanged,
    })
}

fn nearness(account: &Account, is_record: bool) -> Nearness {
    if account.extractor.is_some() {
        return Nearness::Extracted;
    }
    match account.replacements() {
        _ if is_record => Nearness::Record,
        _ if account.hash_text == account.hash_in => Nearness::Exact,
        0 => Nearness::Encoding,
        count => Nearness::Replaced(count),
    }
}
