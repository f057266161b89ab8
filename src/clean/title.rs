//! Dropping the title above the body, where that is asked for.

use super::document::Document;
use super::line::Line;
use crate::rules::Preset;

/// What becomes of the title above the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Title {
    /// It stays, once.
    #[default]
    Keep,
    /// It goes: for corpora that want the body only.
    Drop,
}

impl Title {
    /// What becomes of titles where nobody asked: who wants all that is not body gone has no use for them.
    pub(super) fn of_preset(preset: Preset) -> Title {
        match preset {
            Preset::Precision | Preset::Balanced => Title::Keep,
            Preset::Recall => Title::Drop,
        }
    }
}

/// The fewest and the most words of a title that is sure enough to be dropped.
const WORDS: std::ops::RangeInclusive<usize> = 3..=22;

/// The title's line, as an index into the document's; `None` where it is not sure: the first line that no rule speaks of has to
/// look like a title, and prose has to follow.
pub(super) fn line(document: &Document<'_>) -> Option<usize> {
    if document.is_wrapped() {
        return None;
    }
    let mut alive = document.lines.iter().enumerate().filter(|(_, line)| !line.gone);
    let (index, line) = alive.find(|(_, line)| line.hits.is_empty())?;
    let next = alive.clone().next()?.1;
    let is_title = is_title(line, document) && !next.begins_small(document.text);
    (is_title && alive.any(|(_, line)| line.is_prose(document.text))).then_some(index)
}

fn is_title(line: &Line, document: &Document<'_>) -> bool {
    let text = line.text(document.text).trim();
    let shape = line.shape(document.text);
    let goes_on = line.begins_small(document.text) || text.ends_with([':', ',', ';', '-']);
    let is_item = text.starts_with(['-', '*', '•', '–', '—', '"', '“', '„', '«']);
    shape.is_headline() && WORDS.contains(&shape.length) && !goes_on && !is_item
}
