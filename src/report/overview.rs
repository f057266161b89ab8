//! What reports come to: the sums, how much single documents lost, and which of them deserve a look.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde::Serialize;

use super::place::Place;
use super::read::{ReportError, ReportedRow, read_rows};
use super::{Counted, Status, Totals};
use crate::text::words::count_words;

/// How many documents of a kind are named.
const MOST_PLACES: usize = 10;
/// A document that lost more than so many of a hundred words deserves a look.
const HEAVY_PERCENT: f64 = 50.0;

/// Everything that the rows of reports come to; memory goes with the names in them, not with the rows.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The sums.
    pub totals: Totals,
    /// Documents and removals by what became of the documents.
    pub by_status: BTreeMap<Status, Counted>,
    /// The words that were removed.
    pub words: RemovedWords,
    /// How much documents lost.
    pub shares: Shares,
    /// Documents that were kept whole.
    pub kept_whole: Places,
    /// Documents that failed.
    pub failed: Places,
    /// Documents that lost more than half of their words.
    pub heavy: Places,
}

impl Overview {
    /// Adds a report.
    ///
    /// # Errors
    /// At the first line that is no row.
    pub fn read(&mut self, report: &mut dyn BufRead) -> Result<(), ReportError> {
        read_rows(report, |row| self.add(row))
    }

    /// Adds a row.
    pub fn add(&mut self, row: &ReportedRow<'_>) {
        self.totals.add_reported(row);
        *self.by_status.entry(row.status).or_default() += &counted(row);
        self.words.add(row);
        match (row.status, share_lost(row)) {
            (Status::Failed, _) => self.failed.add(row, None),
            (status, share) => {
                if status == Status::KeptWhole {
                    self.kept_whole.add(row, None);
                }
                let Some(share) = share else { return };
                self.shares.add(share);
                if share > HEAVY_PERCENT {
                    self.heavy.add(row, Some(share));
                }
            }
        }
    }
}

/// What went from a document, told one by one or added up.
fn counted(row: &ReportedRow<'_>) -> Counted {
    let told = row.removed.iter().map(|it| (1, it.end.saturating_sub(it.start)));
    let tallied = row.tally.iter().map(|it| (it.removals, it.bytes));
    told.chain(tallied).fold(Counted { documents: 1, ..Counted::default() }, |sum, (removals, bytes)| Counted {
        documents: sum.documents,
        removals: sum.removals.saturating_add(removals),
        bytes: sum.bytes.saturating_add(bytes),
    })
}

/// How many of a hundred words a document lost; of one without words, bytes.
fn share_lost(row: &ReportedRow<'_>) -> Option<f64> {
    let percent = |gone: u64, all: u64| if all == 0 { 0.0 } else { 100.0 * gone as f64 / all as f64 };
    match (row.words, row.words_removed, row.bytes_text, row.bytes_kept) {
        (Some(words), Some(removed), ..) if words > 0 => Some(percent(removed, words)),
        (_, _, Some(text), Some(kept)) => Some(percent(text.saturating_sub(kept), text)),
        _ => None,
    }
}

/// The words that were removed, by what the texts of the removals and the rows say.
#[derive(Clone, Debug, Default)]
pub struct RemovedWords {
    /// By what became of the documents.
    pub by_status: BTreeMap<Status, u64>,
    /// By the language of the documents.
    pub by_lang: BTreeMap<String, u64>,
    by_rule: BTreeMap<String, u64>,
    by_category: BTreeMap<String, u64>,
    /// Whether a removal came without its text and without the number of its words.
    unknown: bool,
}

impl RemovedWords {
    /// By rule; nothing where a report does not tell.
    pub fn by_rule(&self) -> Option<&BTreeMap<String, u64>> {
        (!self.unknown).then_some(&self.by_rule)
    }

    /// By category; nothing where a report does not tell.
    pub fn by_category(&self) -> Option<&BTreeMap<String, u64>> {
        (!self.unknown).then_some(&self.by_category)
    }

    fn add(&mut self, row: &ReportedRow<'_>) {
        let removed = row.words_removed.unwrap_or(0);
        let sum = self.by_status.entry(row.status).or_default();
        *sum = sum.saturating_add(removed);
        add_to(&mut self.by_lang, row.lang.as_deref().unwrap_or("und"), removed);
        for removal in &row.removed {
            let counted = removal.text.as_deref().map(|text| count_words(text) as u64);
            let Some(words) = counted.or(removal.words) else {
                self.unknown = true;
                continue;
            };
            add_to(&mut self.by_rule, &removal.rule, words);
            add_to(&mut self.by_category, &removal.category, words);
        }
        for tallied in &row.tally {
            add_to(&mut self.by_rule, &tallied.rule, tallied.words);
            add_to(&mut self.by_category, &tallied.category, tallied.words);
        }
    }
}

fn add_to(map: &mut BTreeMap<String, u64>, key: &str, words: u64) {
    match map.get_mut(key) {
        Some(sum) => *sum = sum.saturating_add(words),
        None => {
            map.insert(key.to_owned(), words);
        }
    }
}

/// The upper ends of the classes of shares, in percent; the first class is of documents that lost nothing.
const CLASS_ENDS: [f64; 7] = [0.0, 1.0, 5.0, 10.0, 25.0, 50.0, f64::INFINITY];

/// How many documents lost how much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shares {
    counts: [u64; CLASS_ENDS.len()],
}

/// Documents that lost about as much.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ShareClass {
    /// They lost more than so many of a hundred words; nothing where they lost none.
    pub over_percent: Option<f64>,
    /// They lost so many of a hundred words at most.
    pub up_to_percent: f64,
    /// How many they are.
    pub documents: u64,
}

impl Shares {
    fn add(&mut self, percent: f64) {
        let class = CLASS_ENDS.iter().position(|&end| percent <= end);
        if let Some(count) = class.and_then(|class| self.counts.get_mut(class)) {
            *count += 1;
        }
    }

    /// The classes, from those that lost nothing to those that lost most.
    pub fn classes(&self) -> impl Iterator<Item = ShareClass> {
        let starts = std::iter::once(None).chain(CLASS_ENDS.into_iter().map(Some));
        starts.zip(CLASS_ENDS).zip(self.counts).map(|((over_percent, end), documents)| ShareClass {
            over_percent,
            up_to_percent: end.min(100.0),
            documents,
        })
    }
}

/// Documents of a kind: how many they are, and the first few.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Places {
    /// How many they are.
    pub total: u64,
    /// The first of them, in the order of the reports.
    pub first: Vec<Remarked>,
}

/// A document with what is to be said of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Remarked {
    /// The document.
    #[serde(flatten)]
    pub place: Place,
    /// Why it failed or was kept whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How many of a hundred words it lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
}

impl Places {
    fn add(&mut self, row: &ReportedRow<'_>, percent: Option<f64>) {
        self.total += 1;
        if self.first.len() < MOST_PLACES {
            self.first.push(Remarked {
                place: Place::of(row),
                reason: row.reason.as_deref().map(str::to_owned),
                detail: row.warnings.first().map(|it| it.to_string()),
                percent,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_fall_into_their_classes() {
        let mut shares = Shares::default();
        for percent in [0.0, 0.2, 1.0, 1.1, 50.0, 50.1, 100.0, 400.0] {
            shares.add(percent);
        }
        let counts: Vec<u64> = shares.classes().map(|class| class.documents).collect();
        assert_eq!(counts, [1, 2, 1, 0, 0, 1, 3]);
        let ends: Vec<f64> = shares.classes().map(|class| class.up_to_percent).collect();
        assert_eq!(ends, [0.0, 1.0, 5.0, 10.0, 25.0, 50.0, 100.0]);
    }
}
