//! Dropping the title above the body, where that is asked for.

use std::borrow::Cow;

use super::cleaned::{Evidence, Removal};
use super::context::TITLE;
use super::document::{Document, folded_line};

/// What becomes of the title above the body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Title {
    /// It stays, once.
    #[default]
    Keep,
    /// It goes: for corpora that want the body only.
    Drop,
}

/// The title's line, as an index into the document's, and its removal; `None` where nothing says that it is a title: it stands in
/// no line any more, or above no body.
pub(super) fn removal(document: &Document<'_>) -> Option<(usize, Removal)> {
    let title = document.title.as_deref()?;
    let alive = || document.lines.iter().enumerate().filter(|(_, line)| !line.gone);
    let (index, line) = alive().find(|(_, line)| folded_line(line.text(document.text)) == title)?;
    let has_body = alive().any(|(other, line)| other > index && line.shape(document.text).is_prose());
    let removal = || Removal {
        line: line.number + 1,
        range: line.span.start..line.span.next,
        rule: TITLE.id.into(),
        category: TITLE.category.into(),
        evidence: vec![Evidence { name: Cow::Borrowed(TITLE.id), weight: 0 }],
    };
    has_body.then(|| (index, removal()))
}
