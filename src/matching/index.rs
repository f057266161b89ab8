//! Which patterns are worth running on a text: those of which it holds a literal.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::dates;
use super::inner::Inner;
use super::prefixes::Prefixes;
use super::program::WordList;
use super::sieve;
use super::slots;
use crate::rules::template::{Anchor, Beginnings, Held, MAX_PREFIX, Opening, Prefix, Text};

/// Lines of more bytes are compared only with patterns whose beginning is known. A pattern that begins with a name or a gap
/// would be compared with every paragraph otherwise.
pub(super) const MAX_INNER_BYTES: usize = 220;
/// Lines of more bytes are not compared with patterns that hold no literal at all.
const MAX_ALWAYS_BYTES: usize = 140;

/// The most bytes a character has.
const MAX_CHAR_BYTES: usize = 4;

/// How far from the end of a text that was cut off a figure or a date has to end for what it is to be known.
const OPENING_MARGIN: usize = 40;

/// A pattern's number in its matcher.
pub(crate) type PatternId = u32;
/// Stands for all patterns that begin with a date, behind the names of months and weekdays.
const CALENDAR: PatternId = PatternId::MAX;

/// Finds the patterns that a text may match by the literals it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) prefixes: Prefixes,
    /// Patterns that begin with a figure or a date; found by what stands behind it, which is among the prefixes.
    pub(crate) openings: Cow<'static, [PatternId]>,
    pub(crate) inner: Option<Inner>,
    pub(crate) always: Cow<'static, [PatternId]>,
    /// The index of further patterns.
    pub(crate) more: Option<Box<Index>>,
}

/// Builds an index pattern by pattern.
#[derive(Default)]
pub(crate) struct IndexBuilder {
    prefixes: Vec<(u128, PatternId)>,
    openings: Vec<PatternId>,
    calendar: bool,
    inner: BTreeMap<Held, Vec<PatternId>>,
    always: Vec<PatternId>,
}

impl IndexBuilder {
    /// Adds a pattern.
    pub(crate) fn add(&mut self, id: PatternId, anchor: Anchor) {
        match anchor {
            Anchor::Prefixes(Beginnings { literals, calendar, openings, .. }) => {
                self.openings.extend((!openings.is_empty()).then_some(id));
                self.calendar |= calendar;
                self.prefixes.extend(literals.into_iter().chain(openings).map(|prefix| (prefix.key(), id)));
            }
            Anchor::Inner(literals) => {
                for literal in literals {
                    self.inner.entry(literal).or_default().push(id);
                }
            }
            Anchor::Nothing => self.always.push(id),
        }
    }

    /// Builds the index; `calendar` holds the names of months and weekdays.
    pub(crate) fn build(mut self, calendar: &[&Text]) -> Index {
        if self.calendar {
            self.prefixes.extend(calendar.iter().map(|name| (Prefix::new(name).key(), CALENDAR)));
        }
        Index {
            prefixes: Prefixes::new(&self.prefixes),
            openings: self.openings.into(),
            inner: Inner::new(self.inner),
            always: self.always.into(),
            more: None,
        }
    }
}

impl Index {
    /// Puts the index of further patterns behind this one.
    pub(super) fn put_behind(&mut self, more: Index) {
        if more.is_empty() {
            return;
        }
        if self.is_empty() { *self = more } else { self.more = Some(Box::new(more)) }
    }

    /// Adds the patterns that have to be tried on every line that is short enough.
    pub(crate) fn by_length(&self, raw: &str, found: &mut Vec<PatternId>) {
        if raw.len() <= MAX_ALWAYS_BYTES {
            self.untold(found);
        }
    }

    /// Whether there are patterns that are looked up by a literal they hold.
    pub(crate) fn has_inner(&self) -> bool {
        self.any(&|index| index.inner.is_some())
    }

    /// Whether there are patterns that have to be tried everywhere.
    pub(crate) fn has_untold(&self) -> bool {
        self.any(&|index| !index.always.is_empty())
    }

    /// Whether a pattern may begin with these folded ASCII characters.
    #[inline]
    pub(crate) fn may_begin_with(&self, four: [u8; 4]) -> bool {
        self.prefixes.may_begin_with(four)
            || (four[0].is_ascii_digit() && !self.openings.is_empty())
            || self.more.as_ref().is_some_and(|more| more.may_begin_with(four))
    }

    /// Visits the literals that texts are searched for.
    pub(super) fn each_inner_literal(&self, visit: &mut dyn FnMut(&str)) {
        self.each(&mut |index| {
            index.inner.iter().flat_map(|inner| inner.literals.iter()).for_each(|literal| visit(literal));
        });
    }

    /// Adds the patterns that begin with a literal as the text does; whether some may begin with a figure or a date as it does.
    #[must_use]
    pub(crate) fn by_prefix(&self, text: &[u8], found: &mut Vec<PatternId>) -> bool {
        let begun = found.len();
        self.prefixes.find(text, found);
        let mut opens = !self.openings.is_empty() && begins_numeric(text);
        if found[begun..].contains(&CALENDAR) {
            opens = true;
            found.retain(|&id| id != CALENDAR);
        }
        let more = self.more.as_ref().is_some_and(|more| more.by_prefix(text, found));
        opens || more
    }

    /// Adds the patterns that match a text of a few bytes as it stands.
    pub(crate) fn by_whole(&self, text: &str, found: &mut Vec<PatternId>) {
        self.each(&mut |index| index.prefixes.find_whole(text.as_bytes(), found));
    }

    /// Adds the patterns that match the first few bytes of a text as they stand.
    pub(crate) fn by_whole_starts(&self, text: &str, found: &mut Vec<PatternId>) {
        self.each(&mut |index| index.prefixes.find_whole_starts(text.as_bytes(), found));
    }

    /// Adds the patterns that begin with a figure or a date as the text does, by what stands behind it; `whole` says that the
    /// text was not cut off.
    pub(crate) fn by_opening(&self, text: &str, whole: bool, calendar: &WordList, found: &mut Vec<PatternId>) {
        for opening in Opening::ALL {
            let end = match opening {
                Opening::Number => slots::number(text, 0),
                Opening::Time => dates::time(text, 0),
                Opening::Date => dates::date(text, 0, calendar),
            };
            let Some(end) = end else { continue };
            if !whole && end + OPENING_MARGIN > text.len() {
                self.each(&mut |index| found.extend_from_slice(&index.openings));
                return;
            }
            let behind = text[end..].strip_prefix(' ').unwrap_or(&text[end..]).as_bytes();
            let length = behind.len().min(MAX_PREFIX - 1);
            let mut key = [opening.byte(); MAX_PREFIX];
            key[1..=length].copy_from_slice(&behind[..length]);
            self.each(&mut |index| index.prefixes.find(&key[..=length], found));
        }
    }

    /// Adds the patterns that hold a literal which a part of a line holds, too, whose ASCII letters are small; `held` is what
    /// the line holds.
    pub(crate) fn by_content(&self, held: &sieve::Held, part: &[u8], found: &mut Vec<PatternId>) {
        if let Some(inner) = &self.inner {
            inner.find(held.words(), held.marks(), part, found);
        }
        if let Some(more) = &self.more {
            more.by_content(held, part, found);
        }
    }

    /// Adds every pattern that can only be tried.
    pub(crate) fn untold(&self, found: &mut Vec<PatternId>) {
        found.extend_from_slice(&self.always);
        if let Some(more) = &self.more {
            more.untold(found);
        }
    }

    /// Whether no pattern is in it.
    pub(crate) fn is_empty(&self) -> bool {
        !self.any(&|index| !index.prefixes.is_empty()) && !self.has_inner() && !self.has_untold()
    }

    fn each(&self, visit: &mut dyn FnMut(&Index)) {
        visit(self);
        if let Some(more) = &self.more {
            more.each(visit);
        }
    }

    fn any(&self, test: &dyn Fn(&Index) -> bool) -> bool {
        test(self) || self.more.as_ref().is_some_and(|more| more.any(test))
    }
}

/// Whether a text begins with a figure, or with a number in one character.
fn begins_numeric(text: &[u8]) -> bool {
    match *text {
        [byte, ..] if byte.is_ascii() => byte.is_ascii_digit(),
        _ => text[..text.len().min(MAX_CHAR_BYTES)]
            .utf8_chunks()
            .next()
            .and_then(|chunk| chunk.valid().chars().next())
            .is_some_and(char::is_numeric),
    }
}
