//! A text that knows which part of it went by which removal.

use std::ops::Range;

use crate::report::read::{ReportedRemoval, ReportedRow};

/// A part of a text that was kept, or removed.
#[derive(Clone, Debug)]
pub(super) struct Segment<'r> {
    pub(super) range: Range<usize>,
    /// The removal; nothing for what was kept.
    pub(super) removal: Option<&'r ReportedRemoval<'r>>,
}

/// A text, or a stretch of one, in segments without gaps.
#[derive(Clone, Debug, Default)]
pub(super) struct Document<'r> {
    pub(super) text: String,
    pub(super) segments: Vec<Segment<'r>>,
    /// The line of the document that it begins on.
    pub(super) first_line: u64,
    /// The byte of the document that it begins at, where that is known.
    pub(super) start: Option<u64>,
}

impl<'r> Document<'r> {
    /// The document of a row as it was before it was cleaned; nothing where kept text and removals do not make one.
    pub(super) fn rebuilt(row: &'r ReportedRow<'r>, kept: &str) -> Option<Document<'r>> {
        if row.bytes_kept != Some(kept.len() as u64) {
            return None;
        }
        let mut document = Document { first_line: 1, start: Some(0), ..Document::default() };
        let mut rest = kept;
        for removal in &row.removed {
            let before = usize::try_from(removal.start.checked_sub(document.text.len() as u64)?).ok()?;
            let (head, tail) = rest.split_at_checked(before)?;
            document.push(head, None);
            document.push(removal.text.as_deref()?, Some(removal));
            rest = tail;
        }
        document.push(rest, None);
        (row.bytes_text == Some(document.text.len() as u64)).then_some(document)
    }

    /// A kept text of which nothing more is known.
    pub(super) fn kept(text: &str) -> Document<'r> {
        let mut document = Document { first_line: 1, ..Document::default() };
        document.push(text, None);
        document
    }

    /// The stretches that were removed, those that touch joined.
    pub(super) fn removed(row: &'r ReportedRow<'r>) -> impl Iterator<Item = Document<'r>> {
        row.removed
            .chunk_by(|a, b| a.end == b.start && a.text.is_some() && b.text.is_some())
            .filter_map(Document::stretch)
    }

    fn stretch(removals: &'r [ReportedRemoval<'r>]) -> Option<Document<'r>> {
        let first = removals.first()?;
        let mut document = Document { first_line: first.line, start: Some(first.start), ..Document::default() };
        for removal in removals {
            document.push(removal.text.as_deref()?, Some(removal));
        }
        Some(document)
    }

    fn push(&mut self, text: &str, removal: Option<&'r ReportedRemoval<'r>>) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        self.segments.push(Segment { range: start..self.text.len(), removal });
    }

    /// The segments that hold a part of a range.
    pub(super) fn segments_of(&self, range: &Range<usize>) -> &[Segment<'r>] {
        let first = self.segments.partition_point(|segment| segment.range.end <= range.start);
        let behind = self.segments.partition_point(|segment| segment.range.start < range.end);
        self.segments.get(first..behind).unwrap_or_default()
    }
}

/// Counts lines up to places that come in order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LineCount {
    at: usize,
    segment: usize,
    /// Line ends before the place.
    pub(super) all: u64,
    /// Those of kept text.
    pub(super) kept: u64,
}

impl LineCount {
    /// Goes on to a place.
    pub(super) fn advance(&mut self, document: &Document<'_>, place: usize) {
        while let Some(segment) = document.segments.get(self.segment) {
            let end = segment.range.end.min(place);
            let part = document.text.as_bytes().get(self.at..end).unwrap_or_default();
            let ends = memchr::memchr_iter(b'\n', part).count() as u64;
            self.all += ends;
            self.kept += if segment.removal.is_none() { ends } else { 0 };
            self.at = end.max(self.at);
            if segment.range.end > place {
                break;
            }
            self.segment += 1;
        }
    }
}
