//! Adding up reports, and choosing the documents that are worth a look.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::BufRead;

use super::document::{Shown, Why};
use super::excerpt::Excerpt;
use super::facts::{AllFacts, WORDS_TO_JUDGE, keep_least};
use super::histogram::{Histogram, parts_of_ten_thousand};
use crate::report::read::{ReportError, ReportedRow, read_rows};
use crate::report::{Status, Totals};

/// How many bytes all texts in a page may come to, as they are written.
const TEXT_BYTES: usize = 7 << 20;
/// The most that one document takes of them.
const MOST_OF_ONE: usize = 1 << 20;
/// How many documents of the same kind are chosen for it: kept whole, failed, large removals, large shares.
const MOST_OF_A_KIND: usize = 60;

/// A removal of fewer bytes is none that stands out, and neither is a smaller share of the words, in parts of ten
/// thousand.
const LARGE_BYTES: u64 = 500;
const LARGE_SHARE: u64 = 3000;

/// What is asked of a page.
#[derive(Clone, Copy, Debug)]
pub struct ReviewOptions {
    /// How many documents are shown with their texts.
    pub documents: usize,
    /// What draws lots among the others; the same seed gives the same page.
    pub seed: u64,
}

/// Where a row stands: in which report, on which line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) report: usize,
    pub(super) line: u64,
}

/// Documents of one kind that are worth a look, the first of them.
type Kind<K> = BTreeSet<(K, Place)>;

/// The sums over reports, as they are read.
#[derive(Debug)]
pub struct Review {
    options: ReviewOptions,
    reports: usize,
    pub(super) totals: Totals,
    pub(super) histogram: Histogram,
    pub(super) facts: AllFacts,
    fingerprint: blake3::Hasher,
    kept_whole: Kind<u64>,
    failed: Kind<u64>,
    largest: Kind<(Reverse<u64>, u64)>,
    most: Kind<(Reverse<u64>, u64)>,
    any: Kind<u64>,
}

impl Review {
    /// Nothing so far.
    pub fn new(options: ReviewOptions) -> Review {
        Review {
            options,
            reports: 0,
            totals: Totals::default(),
            histogram: Histogram::default(),
            facts: AllFacts::default(),
            fingerprint: of_options(options),
            kept_whole: Kind::new(),
            failed: Kind::new(),
            largest: Kind::new(),
            most: Kind::new(),
            any: Kind::new(),
        }
    }

    /// Adds a report.
    ///
    /// # Errors
    /// At the first line that is no row.
    pub fn read(&mut self, report: &mut dyn BufRead) -> Result<(), ReportError> {
        let mut place = Place { report: self.reports, line: 0 };
        self.reports += 1;
        read_rows(report, |row| {
            place.line += 1;
            self.add(row, place);
        })
    }

    fn add(&mut self, row: &ReportedRow<'_>, place: Place) {
        let key = lot(self.options.seed, row);
        self.totals.add_reported(row);
        self.fingerprint.update(&likeness(row).to_le_bytes());
        if row.status == Status::Failed {
            keep_least(&mut self.failed, (key, place), MOST_OF_A_KIND);
            return;
        }
        let (words, gone) = (row.words.unwrap_or(0), row.words_removed.unwrap_or(0));
        self.histogram.add(words, gone);
        self.facts.add(row, key, place);
        keep_least(&mut self.any, (key, place), self.options.documents);
        if row.status == Status::KeptWhole {
            keep_least(&mut self.kept_whole, (key, place), MOST_OF_A_KIND);
        }
        let largest = row.removed.iter().map(|removal| removal.end.saturating_sub(removal.start)).max();
        if let Some(largest) = largest.filter(|largest| *largest >= LARGE_BYTES) {
            keep_least(&mut self.largest, ((Reverse(largest), key), place), MOST_OF_A_KIND);
        }
        let share = parts_of_ten_thousand(gone, words);
        if words >= WORDS_TO_JUDGE && share >= LARGE_SHARE {
            keep_least(&mut self.most, ((Reverse(share), key), place), MOST_OF_A_KIND);
        }
    }

    /// Chooses the documents, now that all reports were read.
    #[must_use]
    pub fn choose(self) -> Chosen {
        let most = self.options.documents;
        let mut wanted = Picks { most, picked: BTreeMap::new() };
        // Those that somebody should see come first, as long as they leave room for one another and for the others.
        wanted.take(self.kept_whole.iter().map(|(_, place)| *place), most / 5, Why::KeptWhole);
        wanted.take(self.most.iter().map(|(_, place)| *place), most / 10, Why::LargeShare);
        wanted.take(self.largest.iter().map(|(_, place)| *place), most / 10, Why::LargeRemoval);
        wanted.take_of_rules(&self.facts, most / 2);
        wanted.take(self.any.iter().map(|(_, place)| *place), most, Why::ByLot);
        let picked = wanted.picked;
        let failed = self.failed.iter().map(|(_, place)| (*place, Why::Failed)).take(if most > 0 { most } else { 0 });
        let picked = picked.into_iter().chain(failed).collect();
        let fingerprint = self.fingerprint.finalize().to_hex().chars().take(16).collect();
        Chosen {
            sums: self,
            fingerprint,
            picked,
            used: 0,
            settled: 0,
            documents: Vec::new(),
            excerpts: BTreeMap::new(),
        }
    }
}

/// The documents that were chosen so far, with why.
struct Picks {
    most: usize,
    picked: BTreeMap<Place, Why>,
}

impl Picks {
    /// Takes the first of these, so many at most.
    fn take(&mut self, places: impl Iterator<Item = Place>, most: usize, why: Why) {
        let room = self.most - self.picked.len().min(self.most);
        let new: Vec<Place> = places.filter(|place| !self.picked.contains_key(place)).take(most.min(room)).collect();
        self.picked.extend(new.into_iter().map(|place| (place, why)));
    }

    /// Takes a document of each rule, then a second one of each, those with the most bytes first.
    fn take_of_rules(&mut self, facts: &AllFacts, most: usize) {
        let mut rules: Vec<_> = facts.rules.iter().collect();
        rules.sort_by_key(|(id, facts)| (Reverse(facts.bytes), *id));
        let up_to = self.picked.len() + most;
        for round in 0..rules.iter().map(|(_, facts)| facts.places.len()).max().unwrap_or(0) {
            for (_, facts) in &rules {
                let room = up_to - self.picked.len().min(up_to);
                let place = facts.places.iter().nth(round).map(|(_, place)| *place);
                self.take(place.into_iter(), room.min(1), Why::OfARule);
            }
        }
    }
}

/// A number that looks drawn by lot and is the same for the same document and seed, in whatever order they come.
fn lot(seed: u64, row: &ReportedRow<'_>) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    hasher.update(row.path.as_deref().unwrap_or_default().as_bytes());
    hasher.update(&row.record.unwrap_or(0).to_le_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

/// Begins the fingerprint with what decides which documents are shown.
fn of_options(options: ReviewOptions) -> blake3::Hasher {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&options.seed.to_le_bytes()).update(&options.documents.to_le_bytes());
    hasher
}

/// A number by which another account of the same document is known to be another.
fn likeness(row: &ReportedRow<'_>) -> u64 {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&lot(0, row).to_le_bytes());
    for hash in [&row.hash_text, &row.hash_kept] {
        hasher.update(hash.as_deref().unwrap_or_default().as_bytes());
    }
    for removal in &row.removed {
        hasher.update(&removal.start.to_le_bytes()).update(&removal.end.to_le_bytes()).update(removal.rule.as_bytes());
    }
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

/// The sums, and the documents that were chosen; their rows are still to be read.
#[derive(Debug)]
pub struct Chosen {
    pub(super) sums: Review,
    /// Tells this run from others.
    pub(super) fingerprint: String,
    picked: BTreeMap<Place, Why>,
    /// How many bytes the documents take whose texts are settled, and how many they are.
    used: usize,
    settled: usize,
    pub(super) documents: Vec<Shown>,
    /// By rule, what it took with what stood round it.
    pub(super) excerpts: BTreeMap<String, Vec<Excerpt>>,
}

/// A chosen document whose kept text is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its output, as the report names it.
    pub path: String,
    /// The bytes of that name, where it is not UTF-8.
    pub path_raw: Option<String>,
    /// Which record of its file it is.
    pub record: Option<u64>,
    /// How many bytes were kept.
    pub bytes_kept: u64,
    /// Their fingerprint.
    pub hash_kept: String,
}

impl Chosen {
    /// Reads the rows of the documents that were chosen from a report, which has to be the same as before.
    ///
    /// # Errors
    /// When it cannot be read, or is not what it was.
    pub fn read(&mut self, report: usize, input: &mut dyn BufRead) -> Result<(), ReportError> {
        let places: BTreeMap<u64, Why> = self
            .picked
            .iter()
            .filter(|(place, _)| place.report == report)
            .map(|(place, why)| (place.line, *why))
            .collect();
        let Some((&last, _)) = places.last_key_value() else { return Ok(()) };
        let mut line = Vec::new();
        for number in 1..=last {
            line.clear();
            let read = input.read_until(b'\n', &mut line).map_err(|error| changed(number, &error.to_string()))?;
            if read == 0 {
                return Err(changed(number, "the report has become shorter"));
            }
            if let Some(&why) = places.get(&number) {
                let (room, documents) = (self.room(), &mut self.documents);
                read_rows(&mut &line[..], |row| documents.push(Shown::of(row, report, why, room)))
                    .map_err(|error| ReportError { line: number, ..error })?;
            }
        }
        Ok(())
    }

    /// The documents of a report whose kept texts are asked for, with their numbers.
    pub fn wanted(&self, report: usize) -> Vec<(usize, Wanted)> {
        let here = self.documents.iter().enumerate().filter(|(_, document)| document.report == report);
        here.filter_map(|(number, document)| Some((number, document.wanted()?))).collect()
    }

    /// How many bytes the next document may take: twice its part of what is left, since most need less than theirs.
    fn room(&self) -> usize {
        let left = TEXT_BYTES.saturating_sub(self.used);
        (left * 2 / (self.picked.len().saturating_sub(self.settled)).max(2)).min(MOST_OF_ONE)
    }

    /// Takes the kept text of a document, or why there is none.
    pub fn put(&mut self, number: usize, kept: Result<&str, &str>) {
        let room = self.room();
        if let Some(document) = self.documents.get_mut(number) {
            document.put(kept, room);
            self.used += document.json.as_deref().map_or(0, str::len);
            self.settled += 1;
        }
    }

    /// Settles what is shown of the documents whose texts never came.
    pub(super) fn settle(&mut self) {
        for number in 0..self.documents.len() {
            if let Some(why) = self.documents.get(number).and_then(Shown::never_came) {
                self.put(number, Err(why));
            }
        }
        for (number, document) in self.documents.iter().enumerate() {
            document.excerpts(number, &mut self.excerpts);
        }
    }
}

fn changed(line: u64, what: &str) -> ReportError {
    ReportError { line, what: format!("the report changed while it was read: {what}"), help: "run it again" }
}
