//! Texts that are marked instead of cut.

use super::input::nested;
use super::opened::Opened;
use crate::formats::Format;

/// The form in which removals are marked, where nothing is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tags {
    /// A file of attributes for each file of documents, as dolma has them: see [`dolma`](crate::formats::dolma).
    Dolma,
}

/// Why an input cannot be marked: only lines of JSON have ids that marks could be told by.
pub(crate) fn cannot_be_marked(opened: &Opened<'_>) -> Option<String> {
    // What is wrong with something compressed twice is told when it is opened.
    if opened.format == Some(Format::Jsonl) || nested(opened).is_some() {
        return None;
    }
    let found = opened.format.map_or("not told by content or name", Format::name);
    Some(format!("only JSON Lines can be marked, and this is {found}; clean it without --tags, or say --format jsonl"))
}
