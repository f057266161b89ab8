//! A document as the page shows it: its kept text with the removals in their places, shortened where it is long.

use serde::Serialize;

use super::choose::Wanted;
use super::excerpt::{Clip, border_before, border_behind};
use super::facts::removed_text;
use super::histogram::parts_of_ten_thousand;
use crate::report::read::{ReportedRemoval, ReportedRow};
use crate::report::{Hash, Status};

/// How much of names, rules and the like is shown, in characters.
const NAME_CHARS: usize = 200;
/// How much of a document's name is shown in lists.
const LISTED_CHARS: usize = 120;
/// How many warnings, and how many kinds of evidence for one removal.
const MOST_SAID: usize = 8;
/// What a removal costs at least besides its text, in bytes.
const REMOVAL_BYTES: usize = 200;
/// How much of a removal is held at most, in bytes.
const REMOVED_BYTES: usize = 8000;
/// How far a piece of text may go on to the end of its line, in bytes.
const LINE_BYTES: usize = 2500;

/// Why a document is among those shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Why {
    KeptWhole,
    LargeShare,
    LargeRemoval,
    OfARule,
    ByLot,
    Failed,
}

impl Why {
    /// What the page calls it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Why::KeptWhole => "kept whole",
            Why::LargeShare => "much of it removed",
            Why::LargeRemoval => "a large removal",
            Why::OfARule => "shows a rule",
            Why::ByLot => "drawn by lot",
            Why::Failed => "failed",
        }
    }
}

/// A removal, with its text as far as it is known and not too long.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Removed {
    pub(super) rule: String,
    pub(super) category: String,
    line: u64,
    start: u64,
    end: u64,
    evidence: Vec<(String, i64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<Clip>,
}

/// A part of a document.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Piece {
    /// Text that was kept.
    Kept(String),
    /// The removal of this number.
    Removed(usize),
    /// Kept text that is not shown, in bytes.
    Gap {
        gap: u64,
        /// Whether what follows begins in the midst of a line.
        #[serde(skip_serializing_if = "is_false")]
        torn: bool,
    },
    /// What is not shown at the end.
    More { more: u64, gap: u64 },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

/// How much of a document is shown.
struct Level {
    /// Bytes of kept text on either side of a removal.
    context: usize,
    /// Removals, and bytes of each.
    removals: usize,
    removed: usize,
}

/// From everything to hardly anything.
const LEVELS: [Level; 6] = [
    Level { context: usize::MAX / 4, removals: usize::MAX, removed: REMOVED_BYTES },
    Level { context: 2500, removals: 2000, removed: 4000 },
    Level { context: 600, removals: 1000, removed: 2000 },
    Level { context: 200, removals: 200, removed: 600 },
    Level { context: 80, removals: 60, removed: 200 },
    Level { context: 40, removals: 12, removed: 80 },
];

/// A document of the page.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    pub(super) report: usize,
    pub(super) why: Why,
    pub(super) path: String,
    raw: Option<String>,
    pub(super) record: Option<u64>,
    pub(super) status: Status,
    pub(super) reason: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) site: Option<String>,
    url: Option<String>,
    pub(super) words: [Option<u64>; 2],
    bytes: [Option<u64>; 2],
    hash_text: Option<String>,
    hash_kept: Option<String>,
    pub(super) warnings: Vec<String>,
    pub(super) removals: Vec<Removed>,
    /// Whether all removals are held with their whole texts.
    is_whole: bool,
    /// Removals that are not held.
    more: u64,
    pub(super) pieces: Vec<Piece>,
    /// What a reader should know about how it is shown.
    note: Option<String>,
    /// The document as the page holds it.
    pub(super) json: Option<String>,
}

/// What is written into the page.
#[derive(Serialize)]
struct Written<'d> {
    path: &'d str,
    record: Option<u64>,
    status: Status,
    reason: Option<&'d str>,
    lang: Option<&'d str>,
    site: Option<&'d str>,
    url: Option<&'d str>,
    words: [Option<u64>; 2],
    bytes: [Option<u64>; 2],
    warnings: &'d [String],
    note: Option<&'d str>,
    /// How many removals there are, those that are not shown included.
    removals: u64,
    removed: Vec<Removed>,
    pieces: &'d [Piece],
}

impl Shown {
    /// A document from its row, of which no more is held than `room` for.
    pub(super) fn of(row: &ReportedRow<'_>, report: usize, why: Why, room: usize) -> Shown {
        let mut budget = room.saturating_mul(2);
        let mut removals = Vec::new();
        let mut is_whole = true;
        for removal in &row.removed {
            let Some(left) = budget.checked_sub(REMOVAL_BYTES) else { break };
            let held = Removed::of(removal, left.min(REMOVED_BYTES));
            let text = held.text.as_ref();
            is_whole &= text.is_some_and(|text| text.omitted == 0);
            budget = left.saturating_sub(text.map_or(0, Clip::len) + held.names());
            removals.push(held);
        }
        let more = (row.removed.len() - removals.len()) as u64;
        let name = |name: &Option<std::borrow::Cow<'_, str>>| name.as_deref().map(|name| clipped(name, NAME_CHARS));
        Shown {
            report,
            why,
            path: row.path.as_deref().unwrap_or("standard input").to_owned(),
            raw: row.path_raw.as_deref().map(str::to_owned),
            record: row.record,
            status: row.status,
            reason: name(&row.reason),
            lang: name(&row.lang),
            site: name(&row.site),
            url: name(&row.url),
            words: [row.words, row.words_removed],
            bytes: [row.bytes_text, row.bytes_kept],
            hash_text: row.hash_text.as_deref().map(str::to_owned),
            hash_kept: row.hash_kept.as_deref().map(str::to_owned),
            warnings: row.warnings.iter().take(MOST_SAID).map(|warning| clipped(warning, NAME_CHARS)).collect(),
            removals,
            is_whole: is_whole && more == 0,
            more,
            pieces: Vec::new(),
            note: None,
            json: None,
        }
    }

    /// The kept text that belongs to it; nothing where there is none.
    pub(super) fn wanted(&self) -> Option<Wanted> {
        if self.status == Status::Failed {
            return None;
        }
        Some(Wanted {
            path: self.path.clone(),
            path_raw: self.raw.clone(),
            record: self.record,
            bytes_kept: self.bytes[1]?,
            hash_kept: self.hash_kept.clone()?,
        })
    }

    /// Its name as the page shows it.
    pub(super) fn name(&self) -> String {
        let path = clipped(&self.path, LISTED_CHARS);
        self.record.map_or_else(|| path.clone(), |record| format!("{path}:{record}"))
    }

    /// How much it stands out among those that were chosen for the same reason.
    pub(super) fn rank(&self) -> u64 {
        match (self.why, self.words) {
            (Why::LargeRemoval, _) => self.removals.iter().map(Removed::bytes).max().unwrap_or(0),
            (Why::LargeShare, [Some(words), Some(gone)]) => parts_of_ten_thousand(gone, words),
            _ => 0,
        }
    }

    /// Takes the kept text, or why there is none, and settles what is shown.
    pub(super) fn put(&mut self, kept: Result<&str, &str>, room: usize) {
        let misfit = "the removals in the report do not fit the kept text";
        let kept = kept.and_then(|kept| if self.fits(kept) { Ok(kept) } else { Err(misfit) });
        if let Err(why) = kept {
            self.note = Some(format!("Only the removals are shown: {why}."));
        }
        let at_least = |level: &Level| self.removals.len().min(level.removals) * REMOVAL_BYTES / 2;
        let levels: Vec<&Level> = LEVELS.iter().filter(|level| at_least(level) <= room).collect();
        for level in levels {
            self.pieces = match kept {
                Ok(kept) => self.with_text(kept, level).unwrap_or_default(),
                Err(_) => self.without_text(level),
            };
            let json = self.written(level);
            if json.len() <= room {
                self.json = Some(json);
                return;
            }
        }
        self.give_up();
    }

    /// Shows nothing but the name, which takes next to no room.
    fn give_up(&mut self) {
        self.pieces = vec![Piece::More { more: self.all_removals(), gap: self.bytes[1].unwrap_or(0) }];
        self.note = Some("Its text is too large for this page; fewer documents (--samples) leave more room.".into());
        let bare = Shown {
            path: clipped(&self.path, LISTED_CHARS),
            reason: None,
            lang: None,
            site: None,
            url: None,
            warnings: Vec::new(),
            ..self.clone()
        };
        self.json = Some(bare.written(&Level { context: 0, removals: 0, removed: 0 }));
    }

    /// Why its text never came, if it did not.
    pub(super) fn never_came(&self) -> Option<&'static str> {
        let why = if self.status == Status::Failed { "it has no output" } else { "the report does not tell its text" };
        self.json.is_none().then_some(why)
    }

    fn all_removals(&self) -> u64 {
        self.removals.len() as u64 + self.more
    }

    /// Whether text and removals are those of the report.
    fn fits(&self, kept: &str) -> bool {
        let same = |hash: &Option<String>, text: &str| *hash == Some(Hash::of(text.as_bytes()).to_string());
        if !same(&self.hash_kept, kept) {
            return false;
        }
        let Some(whole) = self.rebuilt(kept) else { return false };
        !self.is_whole || same(&self.hash_text, &whole)
    }

    /// The text before anything was removed, as far as the removals are held; nothing where they do not fit.
    fn rebuilt(&self, kept: &str) -> Option<String> {
        let (mut out, mut at, mut gone) = (String::with_capacity(kept.len()), 0, 0);
        for removed in &self.removals {
            let place = usize::try_from(removed.start.checked_sub(gone)?).ok()?;
            out.push_str(kept.get(at..place)?);
            if let Some(text) = &removed.text {
                out.push_str(&text.head);
                out.push_str(&text.tail);
                let bytes = text.len() as u64 + text.omitted;
                (bytes == removed.end.checked_sub(removed.start)?).then_some(())?;
            }
            gone += removed.end.checked_sub(removed.start)?;
            at = place;
        }
        out.push_str(kept.get(at..)?);
        Some(out)
    }

    fn with_text(&self, kept: &str, level: &Level) -> Option<Vec<Piece>> {
        let (mut pieces, mut at, mut gone) = (Vec::new(), 0, 0);
        let shown = self.removals.len().min(level.removals);
        for (number, removed) in self.removals.iter().take(shown).enumerate() {
            let place = usize::try_from(removed.start.checked_sub(gone)?).ok()?;
            push_kept(&mut pieces, kept.get(at..place)?, level.context, true);
            pieces.push(Piece::Removed(number));
            gone += removed.end.checked_sub(removed.start)?;
            at = place;
        }
        let rest = kept.get(at..)?;
        match self.all_removals() - shown as u64 {
            0 => push_kept(&mut pieces, rest, level.context, false),
            more => pieces.push(Piece::More { more, gap: rest.len() as u64 }),
        }
        Some(pieces)
    }

    fn without_text(&self, level: &Level) -> Vec<Piece> {
        let (mut pieces, mut at) = (Vec::new(), 0);
        let shown = self.removals.len().min(level.removals);
        for (number, removed) in self.removals.iter().take(shown).enumerate() {
            pieces.extend(
                Some(removed.start.saturating_sub(at))
                    .filter(|&gap| gap > 0)
                    .map(|gap| Piece::Gap { gap, torn: false }),
            );
            pieces.push(Piece::Removed(number));
            at = removed.end;
        }
        let (gap, more) = (self.bytes[0].unwrap_or(at).saturating_sub(at), self.all_removals() - shown as u64);
        match (more, gap) {
            (0, 0) => {}
            (0, gap) => pieces.push(Piece::Gap { gap, torn: false }),
            (more, gap) => pieces.push(Piece::More { more, gap }),
        }
        pieces
    }

    fn written(&self, level: &Level) -> String {
        let shorter = |removed: &Removed| {
            let text = removed.text.as_ref().map(|text| text.shorter(level.removed));
            Removed { text, ..removed.clone() }
        };
        let path = clipped(&self.path, NAME_CHARS);
        let written = Written {
            path: &path,
            record: self.record,
            status: self.status,
            reason: self.reason.as_deref(),
            lang: self.lang.as_deref(),
            site: self.site.as_deref(),
            url: self.url.as_deref(),
            words: self.words,
            bytes: self.bytes,
            warnings: &self.warnings,
            note: self.note.as_deref(),
            removals: self.all_removals(),
            removed: self.removals.iter().take(level.removals).map(shorter).collect(),
            pieces: &self.pieces,
        };
        super::html::data_json(&written)
    }
}

impl Removed {
    /// How many bytes its names take.
    fn names(&self) -> usize {
        self.rule.len() + self.category.len() + self.evidence.iter().map(|(name, _)| name.len()).sum::<usize>()
    }

    pub(super) fn bytes(&self) -> u64 {
        self.end.saturating_sub(self.start)
    }

    fn of(removal: &ReportedRemoval<'_>, most: usize) -> Removed {
        let mut evidence: Vec<(String, i64)> =
            removal.evidence.0.iter().map(|(name, weight)| (clipped(name, NAME_CHARS), *weight)).collect();
        evidence.sort_by_key(|(_, weight)| std::cmp::Reverse(weight.unsigned_abs()));
        evidence.truncate(MOST_SAID);
        Removed {
            rule: clipped(&removal.rule, NAME_CHARS),
            category: clipped(&removal.category, NAME_CHARS),
            line: removal.line,
            start: removal.start,
            end: removal.end,
            evidence,
            text: removed_text(removal).map(|text| Clip::of(text, most)),
        }
    }
}

/// Adds kept text, or its beginning and, before a removal, its end.
fn push_kept(pieces: &mut Vec<Piece>, text: &str, context: usize, before_removal: bool) {
    if text.is_empty() {
        return;
    }
    let head = line_end(text, context);
    let tail = if before_removal { line_start(text, text.len().saturating_sub(context)) } else { text.len() };
    if tail.saturating_sub(head) < 80 {
        pieces.push(Piece::Kept(text.to_owned()));
        return;
    }
    let (first, last) = (text.get(..head).unwrap_or_default(), text.get(tail..).unwrap_or_default());
    pieces.extend(Some(first).filter(|it| !it.is_empty()).map(|it| Piece::Kept(it.to_owned())));
    let torn = !text.get(..tail).unwrap_or_default().ends_with('\n');
    pieces.push(Piece::Gap { gap: (tail - head) as u64, torn });
    pieces.extend(Some(last).filter(|it| !it.is_empty()).map(|it| Piece::Kept(it.to_owned())));
}

/// The end of the line that `at` stands on, if it is near; else the next border of characters.
fn line_end(text: &str, at: usize) -> usize {
    let at = border_behind(text, at);
    let near = border_before(text, at + LINE_BYTES);
    text.get(at..near).and_then(|rest| rest.find('\n')).map_or(at, |end| at + end + 1)
}

/// The beginning of the line that `at` stands on, if it is near; else the border of characters before.
fn line_start(text: &str, at: usize) -> usize {
    let at = border_before(text, at);
    let near = border_behind(text, at.saturating_sub(LINE_BYTES));
    text.get(near..at).and_then(|rest| rest.rfind('\n')).map_or(at, |end| near + end + 1)
}

/// The beginning of a text, so many characters at most.
fn clipped(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
