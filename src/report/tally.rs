//! What each rule came to over many documents, with a few samples of what it took.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::text::words::count_words;

/// How much of a sample is kept, in characters.
const SAMPLE_CHARS: usize = 200;

/// What a rule took, or gave back: one text, or several of which only the numbers are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'p> {
    /// The rule or context detector.
    pub rule: &'p str,
    /// Its category.
    pub category: &'p str,
    /// How often it acted.
    pub hits: u64,
    /// On how many words.
    pub words: u64,
    /// The text; nothing where it is not known.
    pub text: Option<&'p str>,
}

impl<'p> Part<'p> {
    /// One text that a rule took, or gave back.
    pub fn of_text(rule: &'p str, category: &'p str, text: &'p str) -> Part<'p> {
        Part { rule, category, hits: 1, words: count_words(text) as u64, text: Some(text) }
    }
}

/// What one rule came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Its category.
    pub category: String,
    /// How often it acted.
    pub hits: u64,
    /// In how many documents.
    pub documents: u64,
    /// On how many words.
    pub words: u64,
    samples: Vec<Keyed>,
}

impl Tally {
    /// A few of the texts, no two the same and no two of one document, by document.
    pub fn samples(&self) -> Vec<&Sample> {
        let mut samples: Vec<&Sample> = self.samples.iter().map(|keyed| &keyed.sample).collect();
        samples.sort();
        samples
    }

    /// Keeps the sample if its key is among the smallest. Whichever documents come first, the same samples are left.
    fn offer(&mut self, key: u64, document: &str, text: &str, most: usize) {
        match self.samples.binary_search_by_key(&key, |keyed| keyed.key) {
            Ok(at) if document < self.samples[at].sample.document.as_str() => {
                self.samples[at].sample.document = document.to_owned();
            }
            Err(at) if at < most => {
                let sample = Sample { document: document.to_owned(), text: shortened(text) };
                self.samples.insert(at, Keyed { key, sample });
                self.samples.truncate(most);
            }
            Ok(_) | Err(_) => {}
        }
    }
}

/// A text with the document it stands in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Sample {
    /// The document, as reports name it.
    pub document: String,
    /// The text, or its beginning.
    pub text: String,
}

/// A sample with a number that depends on its text alone and decides whether it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Keyed {
    key: u64,
    sample: Sample,
}

/// What all rules came to, by their ids.
///
/// Memory goes with the number of rules, not of documents; sums of parts can be added in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tallies {
    most_samples: usize,
    by_rule: BTreeMap<String, Tally>,
}

impl Tallies {
    /// Nothing so far; at most so many samples a rule will be kept.
    pub fn new(most_samples: usize) -> Tallies {
        Tallies { most_samples, by_rule: BTreeMap::new() }
    }

    /// Adds all parts of one document.
    pub fn add<'p>(&mut self, document: &str, parts: impl IntoIterator<Item = Part<'p>>) {
        let mut of_document: BTreeMap<&str, OfDocument<'_>> = BTreeMap::new();
        for part in parts {
            of_document.entry(part.rule).or_default().add(&part, self.most_samples > 0);
        }
        for (rule, found) in of_document {
            let tally = entry(&mut self.by_rule, rule, found.category);
            tally.hits += found.hits;
            tally.documents += 1;
            tally.words += found.words;
            if let Some((key, text)) = found.sample {
                tally.offer(key, document, text, self.most_samples);
            }
        }
    }

    /// Adds what other documents came to.
    pub fn merge(&mut self, other: &Tallies) {
        for (rule, tally) in &other.by_rule {
            let sum = entry(&mut self.by_rule, rule, &tally.category);
            sum.hits += tally.hits;
            sum.documents += tally.documents;
            sum.words += tally.words;
            for Keyed { key, sample } in &tally.samples {
                sum.offer(*key, &sample.document, &sample.text, self.most_samples);
            }
        }
    }

    /// What one rule came to.
    pub fn get(&self, rule: &str) -> Option<&Tally> {
        self.by_rule.get(rule)
    }

    /// The rules that acted with what they came to: those with the most words first.
    pub fn by_words(&self) -> Vec<(&str, &Tally)> {
        let mut all: Vec<(&str, &Tally)> = self.by_rule.iter().map(|(rule, tally)| (&**rule, tally)).collect();
        all.sort_by(|(a, x), (b, y)| (y.words, y.hits, a).cmp(&(x.words, x.hits, b)));
        all
    }

    /// The words of all rules together.
    pub fn words(&self) -> u64 {
        self.by_rule.values().map(|tally| tally.words).sum()
    }
}

/// What one rule came to in one document.
#[derive(Default)]
struct OfDocument<'p> {
    category: &'p str,
    hits: u64,
    words: u64,
    /// The text with the smallest key: a document yields one sample a rule, so that samples are spread over documents.
    sample: Option<(u64, &'p str)>,
}

impl<'p> OfDocument<'p> {
    fn add(&mut self, part: &Part<'p>, with_sample: bool) {
        self.category = part.category;
        self.hits += part.hits;
        self.words += part.words;
        let text = part.text.unwrap_or_default().trim();
        if with_sample && !text.is_empty() {
            let key = key(text);
            self.sample = Some(self.sample.map_or((key, text), |sample| sample.min((key, text))));
        }
    }
}

fn entry<'m>(map: &'m mut BTreeMap<String, Tally>, rule: &str, category: &str) -> &'m mut Tally {
    if !map.contains_key(rule) {
        map.insert(rule.to_owned(), Tally { category: category.to_owned(), ..Tally::default() });
    }
    map.entry(rule.to_owned()).or_default()
}

/// A number that looks drawn by lot and is the same for the same text, today and tomorrow.
fn key(text: &str) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&blake3::hash(text.as_bytes()).as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

/// The beginning of a text; an ellipsis says that there is more.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SAMPLE_CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> Part<'_> {
        Part::of_text("also-read", "cross-promo", text)
    }

    fn documents() -> Vec<(String, [String; 3])> {
        let texts =
            |n: usize| [format!("Also read: {}", n % 7), format!("Also read: {n} again"), "Also read".to_owned()];
        (0..50).map(|n| (format!("{n:02}.txt"), texts(n))).collect()
    }

    fn tallied(documents: &[(String, [String; 3])]) -> Tallies {
        let mut tallies = Tallies::new(3);
        for (name, texts) in documents {
            tallies.add(name, texts.iter().map(|text| part(text)));
        }
        tallies
    }

    #[test]
    fn neither_order_nor_parts_matter() {
        let mut documents = documents();
        let whole = tallied(&documents);
        let (first, second) = documents.split_at(20);
        let mut sum = tallied(second);
        sum.merge(&tallied(first));
        assert_eq!(sum, whole);
        documents.reverse();
        assert_eq!(tallied(&documents), whole);
    }

    #[test]
    fn samples_are_spread_over_documents() {
        let tallies = tallied(&documents());
        let tally = &tallies.by_rule["also-read"];
        assert_eq!((tally.hits, tally.documents), (150, 50));
        let samples = tally.samples();
        assert_eq!(samples.len(), 3);
        for pair in samples.windows(2) {
            assert!(pair[0].document != pair[1].document && pair[0].text != pair[1].text, "{samples:?}");
        }
    }

    #[test]
    fn long_samples_are_shortened() {
        assert_eq!(shortened(&"ü".repeat(SAMPLE_CHARS)).chars().count(), SAMPLE_CHARS);
        assert!(shortened(&"ü".repeat(SAMPLE_CHARS + 1)).ends_with("ü…"));
    }
}
