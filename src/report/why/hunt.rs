//! Looking for a phrase in the removals and the kept texts of reports.

use std::io::BufRead;
use std::ops::Range;

use memchr::memmem::Finder;
use serde::Serialize;

use super::document::{Document, LineCount, Segment};
use super::excerpt::Excerpt;
use super::phrase::Phrase;
use crate::report::evidence::ReportedEvidence;
use crate::report::place::Place;
use crate::report::read::{ReportError, ReportedRemoval, ReportedRow, read_rows};
use crate::text::fold::Folded;

/// The rule and category of blank lines that a removal left behind.
const BLANK: &str = "blank";

/// What became of a find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// All of it was removed.
    Removed,
    /// Some of it was removed, and some was kept.
    InPart,
    /// It stands in the output.
    Kept,
    /// It stands in what could not be cleaned.
    Quarantined,
}

/// A place at which the phrase was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Find {
    /// The document.
    #[serde(flatten)]
    pub place: Place,
    /// The line on which it begins: of the decoded text, of the output where it was kept; nothing in quarantine.
    pub line: Option<u64>,
    /// The byte at which it begins: of the decoded text, of the file in quarantine; nothing where it is not known.
    pub start: Option<u64>,
    /// What became of it.
    pub fate: Fate,
    /// The find and the text round it.
    #[serde(flatten)]
    pub excerpt: Excerpt,
    /// The removals that hold a part of it; who writes them for programs adds what the rules say of themselves.
    #[serde(skip)]
    pub removed_by: Vec<FoundRemoval>,
}

/// A removal that holds a part of a find.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FoundRemoval {
    /// The rule or context detector that decided.
    pub rule: String,
    /// Its category.
    pub category: String,
    /// What spoke for and against it.
    pub evidence: ReportedEvidence<'static>,
}

/// A part of the phrase that was found where the whole was not.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Nearest {
    /// How many words longer than the shortest parts it is, and one.
    #[serde(skip)]
    length: usize,
    /// Where it was found.
    #[serde(flatten)]
    pub find: Find,
}

/// Takes finds as they come.
pub type Take<'t> = dyn FnMut(&Find) + 't;

/// The state of a search through many rows. Memory goes with the largest document.
pub struct Hunt<'p> {
    phrase: &'p Phrase,
    /// How many finds are wanted; the others are counted.
    limit: u64,
    /// How often the phrase was found.
    pub found: u64,
    /// How many removals had a text.
    pub texts: u64,
    /// How many had none, and could not be looked at.
    pub without_text: u64,
    /// The longest part of the phrase that was found, as long as the whole was not.
    pub nearest: Option<Nearest>,
    folded: Folded,
}

impl<'p> Hunt<'p> {
    /// A search for a phrase that gives at most `limit` finds.
    #[must_use]
    pub fn new(phrase: &'p Phrase, limit: u64) -> Hunt<'p> {
        Hunt { phrase, limit, found: 0, texts: 0, without_text: 0, nearest: None, folded: Folded::default() }
    }

    /// Looks at all that a report says was removed.
    ///
    /// # Errors
    /// At the first line that is no row.
    pub fn in_removals(&mut self, report: &mut dyn BufRead, take: &mut Take<'_>) -> Result<(), ReportError> {
        read_rows(report, |row| {
            let without = row.removed.iter().filter(|removal| removal.text.is_none()).count() as u64;
            self.without_text += without;
            self.texts += row.removed.len() as u64 - without;
            for stretch in Document::removed(row) {
                self.search(&stretch, &Place::of(row), true, take);
            }
        })
    }

    /// Looks at a kept text together with the removals from it, which tells what a cut runs through. What was removed as a whole
    /// is passed over. Returns whether the text and the row fit.
    pub fn in_kept(&mut self, row: &ReportedRow<'_>, kept: &str, take: &mut Take<'_>) -> bool {
        let rebuilt = Document::rebuilt(row, kept);
        let fits = rebuilt.is_some();
        self.search(&rebuilt.unwrap_or_else(|| Document::kept(kept)), &Place::of(row), false, take);
        fits
    }

    /// Looks at a part of a file in quarantine that stands at `start`; finds that do not begin in `wanted` are those of other parts.
    pub fn in_quarantine(&mut self, file: &Place, text: &str, start: u64, wanted: Range<usize>, take: &mut Take<'_>) {
        let folded = self.fold(text);
        for range in ranges(&folded, &self.phrase.finder, text).filter(|range| wanted.contains(&range.start)) {
            let find = || Find {
                place: file.clone(),
                line: None,
                start: Some(start.saturating_add(range.start as u64)),
                fate: Fate::Quarantined,
                excerpt: Excerpt::of(text, range),
                removed_by: Vec::new(),
            };
            self.tell(find, take);
        }
        self.folded = folded;
    }

    fn search(&mut self, document: &Document<'_>, place: &Place, takes_removed: bool, take: &mut Take<'_>) {
        let folded = self.fold(&document.text);
        let mut lines = LineCount::default();
        for range in ranges(&folded, &self.phrase.finder, &document.text) {
            if !takes_removed && fate(document.segments_of(&range)) == Fate::Removed {
                continue;
            }
            lines.advance(document, range.start);
            self.tell(|| find(document, range, lines, place), take);
        }
        if self.found == 0 {
            self.look_for_parts(&folded, document, place);
        }
        self.folded = folded;
    }

    /// A text as it is compared with the phrase, in memory that is used again.
    fn fold(&mut self, text: &str) -> Folded {
        let mut folded = std::mem::take(&mut self.folded);
        folded.refold(text);
        folded
    }

    fn tell(&mut self, find: impl FnOnce() -> Find, take: &mut Take<'_>) {
        if self.found < self.limit {
            take(&find());
        }
        self.found += 1;
    }

    /// Looks for a longer part of the phrase than was found so far. A part can only be there where all shorter parts of it are.
    fn look_for_parts(&mut self, folded: &Folded, document: &Document<'_>, place: &Place) {
        let mut length = self.nearest.as_ref().map_or(0, |nearest| nearest.length);
        let mut longest = None;
        while let Some(runs) = self.phrase.parts.get(length) {
            let whole = |run| ranges(folded, run, &document.text).find(|range| is_whole(&document.text, range));
            let Some(range) = runs.iter().find_map(whole) else { break };
            longest = Some(range);
            length += 1;
        }
        if let Some(range) = longest {
            let mut lines = LineCount::default();
            lines.advance(document, range.start);
            self.nearest = Some(Nearest { length, find: find(document, range, lines, place) });
        }
    }
}

/// Where something stands in a text that was folded.
fn ranges<'a>(folded: &'a Folded, finder: &'a Finder<'_>, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
    let length = finder.needle().len();
    finder.find_iter(folded.text().as_bytes()).map(move |at| {
        let (start, end) = (folded.origin(at), folded.end_origin(at + length));
        // White space and invisible characters behind the last character do not belong to it.
        let found = text.get(start..end).unwrap_or_default().trim_end();
        start..start + found.len()
    })
}

/// Whether a range neither begins nor ends inside a word.
fn is_whole(text: &str, range: &Range<usize>) -> bool {
    let (before, after) = (text.get(..range.start), text.get(range.end..));
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !is_letter(before.and_then(|text| text.chars().next_back()))
        && !is_letter(after.and_then(|text| text.chars().next()))
}

fn find(document: &Document<'_>, range: Range<usize>, lines: LineCount, place: &Place) -> Find {
    let segments = document.segments_of(&range);
    let fate = fate(segments);
    let before = if fate == Fate::Kept { lines.kept } else { lines.all };
    Find {
        place: place.clone(),
        line: Some(document.first_line.saturating_add(before)),
        start: document.start.map(|start| start.saturating_add(range.start as u64)),
        fate,
        excerpt: Excerpt::of(&document.text, range),
        removed_by: removed_by(segments),
    }
}

fn is_blank(removal: &ReportedRemoval<'_>) -> bool {
    removal.rule == BLANK
}

/// What became of a range. Blank lines that went from between two kept ones do not make a difference.
fn fate(segments: &[Segment<'_>]) -> Fate {
    let is_kept = segments.iter().any(|segment| segment.removal.is_none());
    let is_removed = segments.iter().filter_map(|segment| segment.removal).any(|removal| !is_blank(removal));
    match (is_kept, is_removed) {
        (true, true) => Fate::InPart,
        (true, false) => Fate::Kept,
        (false, _) => Fate::Removed,
    }
}

/// The removals of a range, each kind once; blank lines count only where there is nothing else.
fn removed_by(segments: &[Segment<'_>]) -> Vec<FoundRemoval> {
    let removals = || segments.iter().filter_map(|segment| segment.removal);
    let has_rule = removals().any(|removal| !is_blank(removal));
    let mut found: Vec<FoundRemoval> = Vec::new();
    for removal in removals().filter(|removal| !has_rule || !is_blank(removal)) {
        let same = |other: &FoundRemoval| other.rule == removal.rule && other.evidence == removal.evidence;
        // Ever more of them would make this quadratic, and say nothing.
        if found.len() < MOST_RULES && !found.iter().any(same) {
            found.push(FoundRemoval {
                rule: removal.rule.clone().into_owned(),
                category: removal.category.clone().into_owned(),
                evidence: removal.evidence.clone().into_owned(),
            });
        }
    }
    found
}

/// How many removals are named for one find.
const MOST_RULES: usize = 16;
