//! How much a row tells of what was removed.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Row;
use crate::text::words::count_words;

/// How much rows tell of what was removed. The sums of a run are the same whichever is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RemovedDetail {
    /// Every removal with its text.
    #[default]
    Text,
    /// Every removal, but instead of its text the number of words in it.
    Spans,
    /// No removal by itself: what each rule removed of the document is added up.
    None,
}

/// What one rule removed of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TalliedRow<'a> {
    /// The rule or context detector, or `blank`.
    pub rule: &'a str,
    /// Its category.
    pub category: &'a str,
    /// How many removals.
    pub removals: u64,
    /// How many bytes they had.
    pub bytes: u64,
    /// How many words.
    pub words: u64,
}

impl<'a> Row<'a> {
    /// The same row with so much about its removals.
    #[must_use]
    pub fn telling(self, detail: RemovedDetail) -> Row<'a> {
        match detail {
            RemovedDetail::Text => self,
            RemovedDetail::Spans => self.without_texts(),
            RemovedDetail::None => self.tallied(),
        }
    }

    fn without_texts(mut self) -> Row<'a> {
        for removed in &mut self.removed {
            removed.words = removed.text.take().map(|text| count_words(text) as u64);
            removed.raw = None;
        }
        self
    }

    fn tallied(mut self) -> Row<'a> {
        let mut tally: BTreeMap<(&str, &str), TalliedRow<'a>> = BTreeMap::new();
        for removed in self.removed.drain(..) {
            let (rule, category) = (removed.rule, removed.category);
            let nothing = TalliedRow { rule, category, removals: 0, bytes: 0, words: 0 };
            let sum = tally.entry((rule, category)).or_insert(nothing);
            sum.removals += 1;
            sum.bytes += (removed.end - removed.start) as u64;
            sum.words += removed.text.map_or(0, |text| count_words(text) as u64);
        }
        self.tally = tally.into_values().collect();
        self
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::Cleaner;
    use crate::report::read::read_rows;
    use crate::report::{Row, Totals};
    use crate::text::decode::{EncodingInfo, EncodingSource};

    const TEXT: &str = "The bridge is open again, after two years of work that cost the town three million.\n\n\
                        ALSO READ: Storm Closes Harbour For Third Day\n\nALSO READ: Ferry Late Again\n\n\
                        The mayor thanked all who had waited so long for this day.\n\nLeave a Reply\n";

    fn row<'c>(cleaned: &'c crate::Cleaned<'_>, detail: RemovedDetail) -> Row<'c> {
        let encoding = EncodingInfo { label: "UTF-8", source: EncodingSource::Utf8, replacements: 0 };
        Row::cleaned(None, TEXT.as_bytes(), encoding, TEXT, cleaned).telling(detail)
    }

    #[test]
    fn sums_are_the_same_whatever_is_told_and_however_they_are_read() {
        let cleaner = Cleaner::new();
        let cleaned = cleaner.clean(TEXT);
        assert!(cleaned.removals().len() > 3, "{cleaned:?}");
        let mut whole = Totals::default();
        whole.add(&row(&cleaned, RemovedDetail::Text));
        for detail in [RemovedDetail::Text, RemovedDetail::Spans, RemovedDetail::None] {
            let row = row(&cleaned, detail);
            let (mut written, mut read) = (Totals::default(), Totals::default());
            written.add(&row);
            let line = serde_json::to_vec(&row).expect("json");
            read_rows(&mut &line[..], |row| read.add_reported(row)).expect("a row");
            assert_eq!((&written, &read), (&whole, &whole), "{detail:?}");
            assert_eq!(row.bytes_removed(), whole.bytes.removed);
        }
    }

    #[test]
    fn only_what_was_asked_for_is_told() {
        let cleaner = Cleaner::new();
        let cleaned = cleaner.clean(TEXT);
        let told = |detail| serde_json::to_value(row(&cleaned, detail)).expect("json");
        let text = told(RemovedDetail::Text);
        assert!(text["removed"][0]["text"].is_string() && text["removed"][0].get("words").is_none(), "{text}");
        assert!(text.get("tally").is_none(), "{text}");
        let spans = told(RemovedDetail::Spans);
        assert!(spans["removed"][0].get("text").is_none() && spans["removed"][0]["words"] == 8, "{spans}");
        assert_eq!(spans["removed"].as_array().map(Vec::len), Some(cleaned.removals().len()));
        let none = told(RemovedDetail::None);
        assert_eq!(none["removed"].as_array().map(Vec::len), Some(0));
        let tally = none["tally"].as_array().expect("a tally");
        let sum = |key: &str| tally.iter().filter_map(|one| one[key].as_u64()).sum::<u64>();
        assert_eq!(sum("removals"), cleaned.removals().len() as u64);
        assert_eq!(none["bytes_text"].as_u64(), none["bytes_kept"].as_u64().map(|kept| kept + sum("bytes")));
    }
}
