//! What an input is: a document, a container, or neither.

use std::path::Path;

use super::QUARANTINE_NAME;
use super::opened::Opened;
use crate::formats::compression::Codec;
use crate::formats::recognise::SAMPLE;
use crate::formats::{Format, json};
use crate::report::row::OffsetIn;
use crate::report::summary::Named;
use crate::report::{DocumentName, Hash, Quarantined};

/// What is done with an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Document,
    Container,
    /// Of a tree, nobody named it, and nothing says that it can be cleaned.
    Skipped,
}

/// Settles what is done with an input.
pub(crate) fn look_at(opened: &mut Opened<'_>, path: &Path, named: bool) -> Input {
    if nested(opened).is_some() {
        // Opening it as a container tells what is wrong with it.
        return Input::Container;
    }
    if opened.format.is_none() && opened.fault.is_none() && !named {
        return Input::Skipped;
    }
    let format = *opened.format.get_or_insert_with(|| unnamed(path, opened.window.bytes()));
    if format.is_container() { Input::Container } else { Input::Document }
}

/// The format of what was named by the caller and shows by nothing.
pub(crate) fn unnamed(path: &Path, start: &[u8]) -> Format {
    let is_json = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let start = &start[..start.len().min(SAMPLE)];
    if is_json && json::looks_like_json_array_or_pretty(start) { Format::Jsonl } else { Format::Text }
}

/// Why the content of a compressed input cannot be cleaned: it is compressed itself.
pub(crate) fn nested(opened: &Opened<'_>) -> Option<String> {
    let inner = Codec::of_magic(opened.window.bytes())?;
    let outer = opened.codec?.name();
    Some(format!("{} inside {outer}; only one layer is opened, so decompress it once", inner.name()))
}

/// A file as a whole in quarantine.
pub(crate) fn whole(name: &DocumentName, bytes: u64, hash: Hash) -> Quarantined {
    let path = format!("{QUARANTINE_NAME}/{}", name.path);
    Quarantined { path, offset: 0, bytes, of: OffsetIn::File, hash: Some(hash) }
}

/// Something odd about an input.
pub(crate) fn note(name: &DocumentName, detail: String) -> Named {
    Named { path: name.path.clone(), path_raw: name.raw.clone(), reason: "noted".into(), detail: Some(detail) }
}
