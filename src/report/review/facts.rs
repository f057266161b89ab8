//! What is worth knowing of each rule besides its sums: what its removals look like, and where they stand.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::Place;
use crate::report::read::{ReportedRemoval, ReportedRow};
use crate::text::shape::Shape;
use crate::text::words::count_words;

/// How many sites or languages of a rule are counted one by one; a rule of more is at home everywhere.
const MOST_NAMES: usize = 64;
/// How many documents of a rule are kept in mind.
const MOST_PLACES: usize = 4;
/// How many rules are looked at so; reports of ours have fewer.
const MOST_RULES: usize = 1 << 14;
/// Documents of fewer words may well lose most of them.
pub(super) const WORDS_TO_JUDGE: u64 = 50;
/// The share of the kept text that must stand on both sides of a removal in the middle: one in five.
const EDGE: u64 = 5;

/// What one rule did.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleFacts {
    pub(super) category: String,
    pub(super) hits: u64,
    pub(super) documents: u64,
    pub(super) words: u64,
    pub(super) bytes: u64,
    /// Hits whose text the report holds.
    pub(super) read: u64,
    /// Hits that took a sentence as only body text has it.
    pub(super) sentences: u64,
    /// Those of them with text on both sides.
    pub(super) sentences_inside: u64,
    /// Documents most of whose words it took.
    pub(super) most_of: u64,
    pub(super) sites: Names,
    pub(super) langs: Names,
    /// A few of its documents, drawn by lot.
    pub(super) places: BTreeSet<(u64, Place)>,
}

/// How often each name came, as long as there are not too many.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    pub(super) counts: BTreeMap<String, u64>,
    pub(super) all: u64,
}

impl Names {
    pub(super) fn add(&mut self, name: &str) {
        self.all += 1;
        if let Some(count) = self.counts.get_mut(name) {
            *count += 1;
        } else if self.counts.len() < MOST_NAMES {
            self.counts.insert(name.to_owned(), 1);
        }
    }

    /// The name that came most often.
    pub(super) fn most(&self) -> Option<(&str, u64)> {
        self.counts.iter().map(|(name, &count)| (&**name, count)).max_by(|a, b| (a.1, b.0).cmp(&(b.1, a.0)))
    }
}

/// The rules by their ids.
#[derive(Clone, Debug, Default)]
pub(super) struct AllFacts {
    pub(super) rules: BTreeMap<String, RuleFacts>,
}

/// What one rule did in one document.
#[derive(Default)]
struct InDocument {
    words: u64,
}

impl AllFacts {
    /// Adds all removals of a document; `key` draws lots.
    pub(super) fn add(&mut self, row: &ReportedRow<'_>, key: u64, place: Place) {
        let mut here: BTreeMap<&str, InDocument> = BTreeMap::new();
        let mut gone = 0;
        for removal in &row.removed {
            if let Some(words) = self.add_removal(row, removal, gone) {
                here.entry(&removal.rule).or_default().words += words;
            }
            gone = gone.saturating_add(removal.end.saturating_sub(removal.start));
        }
        let words = row.words.unwrap_or(0);
        for (rule, in_document) in here {
            let Some(facts) = self.rules.get_mut(rule) else { continue };
            facts.documents += 1;
            facts.most_of += u64::from(words >= WORDS_TO_JUDGE && in_document.words > words / 2);
            keep_least(&mut facts.places, (key, place), MOST_PLACES);
            row.site.iter().for_each(|site| facts.sites.add(site));
            row.lang.iter().for_each(|lang| facts.langs.add(lang));
        }
    }

    /// The words that a removal took; nothing where its rule is not looked at.
    fn add_removal(&mut self, row: &ReportedRow<'_>, removal: &ReportedRemoval<'_>, gone: u64) -> Option<u64> {
        if !self.rules.contains_key(&*removal.rule) {
            if self.rules.len() == MOST_RULES {
                return None;
            }
            let facts = RuleFacts { category: removal.category.clone().into_owned(), ..RuleFacts::default() };
            self.rules.insert(removal.rule.clone().into_owned(), facts);
        }
        let facts = self.rules.get_mut(&*removal.rule)?;
        facts.hits += 1;
        facts.bytes = facts.bytes.saturating_add(removal.end.saturating_sub(removal.start));
        let Some(text) = removed_text(removal) else { return Some(0) };
        let words = count_words(text) as u64;
        facts.read += 1;
        facts.words += words;
        if text.lines().any(|line| Shape::of(line).is_prose()) {
            facts.sentences += 1;
            let (before, kept) = (removal.start.saturating_sub(gone), row.bytes_kept.unwrap_or(0));
            let is_inside = before > kept / EDGE && before < kept - kept / EDGE;
            facts.sentences_inside += u64::from(is_inside);
        }
        Some(words)
    }
}

/// The text of a removal, if the report holds it.
pub(super) fn removed_text<'r>(removal: &'r ReportedRemoval<'_>) -> Option<&'r str> {
    removal.text.as_deref().filter(|text| !text.is_empty())
}

/// Adds to a set of the least, of which at most so many are kept; the same ones whatever comes first.
pub(super) fn keep_least<T: Ord>(set: &mut BTreeSet<T>, one: T, most: usize) {
    if set.len() < most || set.last().is_some_and(|last| one < *last) {
        set.insert(one);
    }
    if set.len() > most {
        set.pop_last();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_are_kept_in_any_order() {
        let kept = |numbers: &mut dyn Iterator<Item = u32>| {
            let mut set = BTreeSet::new();
            numbers.for_each(|number| keep_least(&mut set, number, 3));
            set
        };
        assert_eq!(kept(&mut (0..50)), kept(&mut (0..50).rev()));
        assert_eq!(kept(&mut (0..50)), BTreeSet::from([0, 1, 2]));
    }

    #[test]
    fn names_beyond_the_limit_are_counted_together() {
        let mut names = Names::default();
        (0..200).for_each(|number| names.add(&format!("site{number:03}.example")));
        names.add("site000.example");
        assert_eq!((names.counts.len(), names.all, names.most()), (MOST_NAMES, 201, Some(("site000.example", 2))));
    }
}
