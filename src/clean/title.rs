//! Dropping the title above the body, where that is asked for.

use std::borrow::Cow;

use super::cleaned::{Evidence, Removal};
use super::context::TITLE;
use super::document::{Document, Line};
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

/// The title's line, as an index into the document's, and its removal; `None` where it is not sure: the first line that no rule
/// speaks of has to look like a title, and prose has to follow.
pub(super) fn removal(document: &Document<'_>) -> Option<(usize, Removal)> {
    if document.is_wrapped() {
        return None;
    }
    let mut alive = document.lines.iter().enumerate().filter(|(_, line)| !line.gone);
    let (index, line) = alive.find(|(_, line)| line.hits.is_empty())?;
    let next = alive.clone().next()?.1;
    let is_title = is_title(line, document) && !next.begins_small(document.text);
    let has_body = alive.any(|(_, line)| line.shape(document.text).is_prose());
    let removal = || Removal {
        line: line.number + 1,
        range: line.span.start..line.span.next,
        rule: TITLE.id.into(),
        category: TITLE.category.into(),
        evidence: vec![Evidence { name: Cow::Borrowed(TITLE.id), weight: 0 }],
    };
    (is_title && has_body).then(|| (index, removal()))
}

fn is_title(line: &Line, document: &Document<'_>) -> bool {
    let text = line.text(document.text).trim();
    let shape = line.shape(document.text);
    let goes_on = line.begins_small(document.text) || text.ends_with([':', ',', ';', '-']);
    let is_item = text.starts_with(['-', '*', '•', '–', '—', '"', '“', '„', '«']);
    shape.is_headline() && WORDS.contains(&shape.length) && !goes_on && !is_item
}
