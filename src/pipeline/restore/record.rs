//! Records of containers, each from its bytes in the output and its row.

use std::borrow::Cow;

use super::Why;
use super::document::text_of;
use super::outcome::Nearness;
use crate::formats::delimited::{self, Columns, Dialect};
use crate::formats::json::{self, Locator, Returned, TextField};
use crate::formats::warc;
use crate::report::account::{Account, is_hash_of};

/// A record as it was, or as near to it as can be.
pub(super) type Undone<'b> = (Cow<'b, [u8]>, Nearness);

/// The removals of a row, as formats put them back.
fn returned(account: &Account) -> impl Iterator<Item = Returned<'_>> {
    account.removed.iter().map(|removal| Returned {
        start: removal.start,
        text: removal.text.as_deref().unwrap_or_default(),
        raw: removal.raw.as_deref(),
    })
}

/// Whether each removal is as long as its range says.
fn has_whole_texts(account: &Account) -> bool {
    let mut removed = account.removed.iter();
    removed.all(|it| it.text.as_ref().is_some_and(|text| it.start.checked_add(text.len()) == Some(it.end)))
}

/// A record that nothing was removed from, and that must be what it was.
fn unchanged<'b>(bytes: &'b [u8], account: &Account) -> Result<Undone<'b>, Why> {
    let is_same = is_hash_of(account.hash_in.as_deref(), bytes) && account.bytes_in == Some(bytes.len() as u64);
    if is_same { Ok((Cow::Borrowed(bytes), Nearness::Exact)) } else { Err(Why::RecordChanged) }
}

/// A text within a record, as it stands in the output, and as it stands restored.
struct Values<'v> {
    kept: &'v str,
    text: &'v str,
}

impl Values<'_> {
    fn check(&self, account: &Account) -> Result<(), Why> {
        if !is_hash_of(account.hash_kept.as_deref(), self.kept.as_bytes()) {
            return Err(Why::KeptChanged);
        }
        if !is_hash_of(account.hash_text.as_deref(), self.text.as_bytes()) {
            return Err(Why::TextChanged);
        }
        Ok(())
    }
}

/// What a restored record is, now that its text is known to be right. Without a sign that its bytes cannot be had, they must fit.
fn judged(bytes: Vec<u8>, account: &Account) -> Result<Undone<'static>, Why> {
    if is_hash_of(account.hash_in.as_deref(), &bytes) && account.bytes_in == Some(bytes.len() as u64) {
        return Ok((Cow::Owned(bytes), Nearness::Exact));
    }
    match account.replacements() {
        0 if account.warnings.iter().any(|warning| warning.contains("lone surrogates")) => {
            Ok((Cow::Owned(bytes), Nearness::Writing))
        }
        0 => Err(Why::RecordChanged),
        count => Ok((Cow::Owned(bytes), Nearness::Replaced(count))),
    }
}

/// Restores a line of JSON.
pub(super) fn line<'b>(
    line: &'b [u8],
    account: &Account,
    locator: &Locator,
    scratch: &mut json::Scratch,
) -> Result<Undone<'b>, Why> {
    if account.lacks_texts() {
        return Err(Why::NoTexts);
    }
    if account.removed.is_empty() {
        return unchanged(line, account);
    }
    let Ok(json::Located::Object(json::Object { text: TextField::Found(kept), .. })) = locator.locate(line, scratch)
    else {
        return Err(Why::RecordChanged);
    };
    let range = kept.range();
    let mut restored = line[..range.start].to_vec();
    if !has_whole_texts(account) || kept.insert(returned(account), &mut restored).is_err() {
        return Err(Why::TextChanged);
    }
    restored.extend_from_slice(&line[range.end..]);
    let text = match locator.locate(&restored, scratch) {
        Ok(json::Located::Object(json::Object { text: TextField::Found(text), .. })) => text.decode().text.into_owned(),
        _ => return Err(Why::TextChanged),
    };
    Values { kept: &kept.decode().text, text: &text }.check(account)?;
    judged(restored, account)
}

/// Restores a row of a table.
pub(super) fn row<'b>(
    row: &'b [u8],
    account: &Account,
    dialect: Dialect,
    columns: &Columns,
) -> Result<Undone<'b>, Why> {
    if account.lacks_texts() {
        return Err(Why::NoTexts);
    }
    if account.removed.is_empty() {
        return unchanged(row, account);
    }
    let Ok(delimited::Located::Record(delimited::Record { text: kept, .. })) = columns.locate(row, dialect) else {
        return Err(Why::RecordChanged);
    };
    let restored =
        has_whole_texts(account).then(|| with_field(row, &kept, account)).flatten().ok_or(Why::TextChanged)?;
    let text = match columns.locate(&restored, dialect) {
        Ok(delimited::Located::Record(record)) => record.text.decode().text.into_owned(),
        _ => return Err(Why::TextChanged),
    };
    Values { kept: &kept.decode().text, text: &text }.check(account)?;
    judged(restored, account)
}

/// The row with removals back in its field, which may have had no quotes before something was removed from it.
fn with_field(row: &[u8], kept: &delimited::Field<'_>, account: &Account) -> Option<Vec<u8>> {
    let mut restored = row[..kept.range().start].to_vec();
    kept.insert(returned(account), &mut restored).ok()?;
    restored.extend_from_slice(&row[kept.range().end..]);
    if !kept.is_quoted() || is_hash_of(account.hash_in.as_deref(), &restored) {
        return Some(restored);
    }
    let range = kept.quoted_range();
    let mut bare = row[..range.start].to_vec();
    kept.insert_bare(returned(account), &mut bare).ok()?;
    bare.extend_from_slice(row.get(range.end..)?);
    Some(if is_hash_of(account.hash_in.as_deref(), &bare) { bare } else { restored })
}

/// Restores a record of a web archive. One that was made of a page holds the text of that page.
pub(super) fn archived<'b>(record: &warc::Record<'b>, account: &Account) -> Result<Undone<'b>, Why> {
    if account.lacks_texts() {
        return Err(Why::NoTexts);
    }
    let is_made = account.extractor.is_some() || record.id().as_deref() != account.id.as_deref();
    if account.removed.is_empty() && (account.hash_kept.is_none() || !is_made) {
        return unchanged(record.bytes, account);
    }
    if account.removed.is_empty() && is_hash_of(account.hash_in.as_deref(), record.bytes) {
        return unchanged(record.bytes, account);
    }
    let kept = std::str::from_utf8(record.block).map_err(|_| Why::KeptChanged)?;
    if !is_hash_of(account.hash_kept.as_deref(), kept.as_bytes()) {
        return Err(Why::KeptChanged);
    }
    let text = text_of(account, kept)?;
    let mut restored = Vec::new();
    warc::rewrite(record, text.as_bytes(), &mut restored);
    let is_same = is_hash_of(account.hash_in.as_deref(), &restored);
    let nearness = match account.encoding.as_ref().map_or(("", 0), |it| (&*it.label, it.replacements)) {
        _ if is_same => Nearness::Exact,
        _ if account.extractor.is_some() => Nearness::Extracted,
        (_, count @ 1..) => Nearness::Replaced(count),
        ("UTF-8", _) => Nearness::Writing,
        _ => Nearness::Encoding,
    };
    Ok((Cow::Owned(restored), nearness))
}

/// Restores a value of a column.
#[cfg(feature = "parquet")]
pub(super) fn value<'b>(value: &'b [u8], account: &Account) -> Result<Undone<'b>, Why> {
    if account.lacks_texts() {
        return Err(Why::NoTexts);
    }
    if account.removed.is_empty() {
        return unchanged(value, account);
    }
    let kept = std::str::from_utf8(value).map_err(|_| Why::KeptChanged)?;
    if !is_hash_of(account.hash_kept.as_deref(), value) {
        return Err(Why::KeptChanged);
    }
    judged(text_of(account, kept)?.into_bytes(), account)
}
