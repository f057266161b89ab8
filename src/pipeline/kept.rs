//! The kept texts of some documents, read from what a run wrote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::texts::{Unread, each_text};
use super::{MAX_RECORD, Settings};
use crate::clean::Cleaner;
use crate::formats::Format;
use crate::report::review::Wanted;
use crate::report::summary::OptionsUsed;
use crate::report::{DocumentName, Hash};
use crate::text::decode::Charset;

/// Takes the kept text of the document with this number, or why there is none.
type Take<'t> = dyn FnMut(usize, Result<&str, &str>) + 't;

/// Hands over the kept texts of these documents, as they stand in the output directory of their run, in no order. Each
/// file is read once; a text counts only if it is the one that the report speaks of, so names that lead elsewhere give
/// nothing.
pub fn kept_texts(out: &Path, options: Option<&OptionsUsed>, wanted: &[(usize, Wanted)], take: &mut Take<'_>) {
    let mut by_file: BTreeMap<(PathBuf, bool), Vec<(usize, &Wanted)>> = BTreeMap::new();
    let explode = options.is_some_and(|options| options.explode);
    for (number, wanted) in wanted {
        match DocumentName::to_path(&wanted.path, wanted.path_raw.as_deref()) {
            Some(path) => {
                let is_record = wanted.record.is_some() && !explode;
                by_file.entry((path, is_record)).or_default().push((*number, wanted));
            }
            None => take(*number, Err("its name leads out of the output directory")),
        }
    }
    let (cleaner, fields) = (Cleaner::new(), options.map(OptionsUsed::field_names).unwrap_or_default());
    for ((path, is_record), wanted) in by_file {
        // What a page was cleaned to is plain text under the name of a page.
        let format = if is_record { options.and_then(OptionsUsed::format) } else { Some(Format::Text) };
        let max_record = options.map_or(MAX_RECORD, |options| options.max_record.max(MAX_RECORD));
        let settings = Settings {
            encoding: Charset::for_label("utf-8"),
            format,
            max_record,
            // What the run itself packed is no bomb.
            max_ratio: u64::MAX,
            ..Settings::new(&cleaner, &fields)
        };
        of_file(settings, &out.join(path), &wanted, take);
    }
}

/// Texts are known by what they are: numbers of records change where some went to quarantine.
fn of_file(settings: Settings<'_>, path: &Path, wanted: &[(usize, &Wanted)], take: &mut Take<'_>) {
    let mut missing: BTreeMap<u64, Vec<(usize, &Wanted)>> = BTreeMap::new();
    for (number, wanted) in wanted {
        missing.entry(wanted.bytes_kept).or_default().push((*number, wanted));
    }
    let read = each_text(settings, path, false, &mut |_, text, _| {
        let Some(text) = text else { return };
        // Only a text of the right length is worth a hash.
        let Some(same_length) = missing.get_mut(&(text.len() as u64)).filter(|them| !them.is_empty()) else { return };
        let hash = Hash::of(text.as_bytes()).to_string();
        same_length.retain(|(number, wanted)| {
            let found = wanted.hash_kept == hash;
            if found {
                take(*number, Ok(text));
            }
            !found
        });
    });
    let why = match read {
        Err(Unread::Failed(_, detail)) => format!("its output cannot be read: {detail}"),
        Err(Unread::Skipped) => "its output is not what it was".to_owned(),
        Ok(()) => "its output is another than the report speaks of".to_owned(),
    };
    missing.into_values().flatten().for_each(|(number, _)| take(number, Err(&why)));
}
