//! The sums over rows. Sums of parts can be added in any order.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::read::ReportedRow;
use super::{Row, Status};

/// How many sites are counted one by one; all others together, so that memory does not grow with the number of sites.
pub const MOST_SITES: usize = 1 << 16;

/// Documents by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Documents {
    /// All of them.
    pub total: u64,
    /// Those from which something was removed.
    pub cleaned: u64,
    /// Those from which nothing was removed.
    pub unchanged: u64,
    /// Those in which removals were held back.
    pub kept_whole: u64,
    /// Those without an output.
    pub failed: u64,
}

/// Bytes of all documents that have an output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bytes {
    /// Of the inputs.
    #[serde(rename = "in")]
    pub input: u64,
    /// Of the decoded texts.
    pub text: u64,
    /// Of the kept texts.
    pub kept: u64,
    /// Of all removals.
    pub removed: u64,
}

/// Lines or words: how many there were, and how many went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many there were.
    pub total: u64,
    /// How many went.
    pub removed: u64,
}

/// What one rule, category, language or site comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// In how many documents.
    pub documents: u64,
    /// How many removals.
    pub removals: u64,
    /// How many bytes were removed.
    pub bytes: u64,
}

impl AddAssign<&Counted> for Counted {
    fn add_assign(&mut self, other: &Counted) {
        self.documents = self.documents.saturating_add(other.documents);
        self.removals = self.removals.saturating_add(other.removals);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// The sums over rows; sums of parts can be added in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Documents by status.
    pub documents: Documents,
    /// Why documents were kept whole, failed, or had no text.
    pub reasons: BTreeMap<Cow<'static, str>, u64>,
    /// Bytes.
    pub bytes: Bytes,
    /// Lines.
    pub lines: Share,
    /// Words.
    pub words: Share,
    /// By rule or context detector.
    pub by_rule: BTreeMap<String, Counted>,
    /// By category.
    pub by_category: BTreeMap<String, Counted>,
    /// By language; documents whose language could not be told are under `und`.
    pub by_lang: BTreeMap<String, Counted>,
    /// By site; empty where the inputs name none. Of more than [`MOST_SITES`] those are here whose names have the smallest
    /// hashes: an arbitrary choice, but the same for every order and every division of the work, with exact numbers.
    pub by_site: BTreeMap<String, Counted>,
    /// All documents that name a site, those of sites that are not listed among them.
    #[serde(default)]
    pub of_sites: Counted,
    /// Documents by encoding.
    pub by_encoding: BTreeMap<Cow<'static, str>, u64>,
}

impl Totals {
    /// Adds one row.
    pub fn add(&mut self, row: &Row<'_>) {
        let removed = row.removed.iter().map(|it| Gone::one(it.rule, it.category, (it.end - it.start) as u64));
        let tallied = row.tally.iter().map(|it| Gone {
            rule: it.rule,
            category: it.category,
            removals: it.removals,
            bytes: it.bytes,
        });
        self.add_facts(
            &Facts {
                status: row.status,
                reason: row.reason.map(Cow::Borrowed),
                site: row.site,
                lang: row.lang,
                encoding: row.encoding.map(|encoding| Cow::Borrowed(encoding.label)),
                bytes: [row.bytes_in, row.bytes_text, row.bytes_kept],
                lines: [row.lines, row.lines_removed].map(|count| count.map(|count| count as u64)),
                words: [row.words, row.words_removed].map(|count| count.map(|count| count as u64)),
            },
            removed.chain(tallied),
        );
    }

    /// Adds a row that was read from a report.
    pub fn add_reported(&mut self, row: &ReportedRow<'_>) {
        let owned = |text: &str| Cow::<'static, str>::Owned(text.to_owned());
        let removed = row.removed.iter().map(|it| Gone::one(&it.rule, &it.category, it.end.saturating_sub(it.start)));
        let tallied = row.tally.iter().map(|it| Gone {
            rule: &it.rule,
            category: &it.category,
            removals: it.removals,
            bytes: it.bytes,
        });
        self.add_facts(
            &Facts {
                status: row.status,
                reason: row.reason.as_deref().map(owned),
                site: row.site.as_deref(),
                lang: row.lang.as_deref(),
                encoding: row.encoding.as_ref().map(|encoding| owned(&encoding.label)),
                bytes: [row.bytes_in, row.bytes_text, row.bytes_kept],
                lines: [row.lines, row.lines_removed],
                words: [row.words, row.words_removed],
            },
            removed.chain(tallied),
        );
    }

    fn add_facts<'f>(&mut self, facts: &Facts<'f>, removed: impl Iterator<Item = Gone<'f>> + Clone) {
        self.documents.count(facts.status);
        if let Some(reason) = &facts.reason {
            count(&mut self.reasons, reason.clone(), 1);
        }
        if facts.status == Status::Failed {
            return;
        }
        let [input, text, kept] = facts.bytes.map(|bytes| bytes.unwrap_or(0));
        let gone = removed.clone().fold(0, |sum: u64, it| sum.saturating_add(it.bytes));
        let removals = removed.clone().fold(0, |sum: u64, it| sum.saturating_add(it.removals));
        self.bytes.merge(&Bytes { input, text, kept, removed: gone });
        self.lines.add(facts.lines);
        self.words.add(facts.words);
        let whole = Counted { documents: 1, removals, bytes: gone };
        add(&mut self.by_lang, facts.lang.unwrap_or("und"), &whole);
        add_removals(&mut self.by_rule, removed.clone().map(|it| (it.rule, it)));
        add_removals(&mut self.by_category, removed.map(|it| (it.category, it)));
        if let Some(site) = facts.site {
            add(&mut self.by_site, site, &whole);
            self.of_sites += &whole;
            self.forget_sites();
        }
        if let Some(encoding) = &facts.encoding {
            count(&mut self.by_encoding, encoding.clone(), 1);
        }
    }

    /// Keeps the sites whose names have the smallest hashes. A site that is among them at the end always was, so its numbers are
    /// exact.
    fn forget_sites(&mut self) {
        // Now and then will do; the end of each merge sees to the rest.
        if self.by_site.len() > MOST_SITES * 2 {
            keep_smallest(&mut self.by_site, MOST_SITES);
        }
    }

    /// Whether the sums agree with each other: every byte of a text was kept or removed, and every document has a status.
    pub fn adds_up(&self) -> bool {
        let Documents { total, cleaned, unchanged, kept_whole, failed } = self.documents;
        let Bytes { text, kept, removed, .. } = self.bytes;
        let by_status = [cleaned, unchanged, kept_whole, failed].into_iter().fold(0, u64::saturating_add);
        kept.saturating_add(removed) == text && by_status == total
    }

    /// The same sums, with no more sites than may be listed.
    pub fn settled(mut self) -> Totals {
        keep_smallest(&mut self.by_site, MOST_SITES);
        self
    }
}

/// What the sums take from a row.
struct Facts<'f> {
    status: Status,
    reason: Option<Cow<'static, str>>,
    site: Option<&'f str>,
    lang: Option<&'f str>,
    encoding: Option<Cow<'static, str>>,
    bytes: [Option<u64>; 3],
    lines: [Option<u64>; 2],
    words: [Option<u64>; 2],
}

/// What a rule took of a document, in one removal or in several.
#[derive(Clone, Copy)]
struct Gone<'f> {
    rule: &'f str,
    category: &'f str,
    removals: u64,
    bytes: u64,
}

impl<'f> Gone<'f> {
    fn one(rule: &'f str, category: &'f str, bytes: u64) -> Gone<'f> {
        Gone { rule, category, removals: 1, bytes }
    }
}

fn keep_smallest(sites: &mut BTreeMap<String, Counted>, most: usize) {
    if sites.len() <= most {
        return;
    }
    let hash = |site: &str| *blake3::hash(site.as_bytes()).as_bytes();
    let mut hashes: Vec<[u8; 32]> = sites.keys().map(|site| hash(site)).collect();
    let (_, limit, _) = hashes.select_nth_unstable(most - 1);
    let limit = *limit;
    sites.retain(|site, _| hash(site) <= limit);
}

impl AddAssign<&Totals> for Totals {
    fn add_assign(&mut self, other: &Totals) {
        self.documents.merge(&other.documents);
        self.bytes.merge(&other.bytes);
        self.lines.merge(&other.lines);
        self.words.merge(&other.words);
        merge_counts(&mut self.reasons, &other.reasons);
        merge_counts(&mut self.by_encoding, &other.by_encoding);
        merge(&mut self.by_rule, &other.by_rule);
        merge(&mut self.by_category, &other.by_category);
        merge(&mut self.by_lang, &other.by_lang);
        merge(&mut self.by_site, &other.by_site);
        self.of_sites += &other.of_sites;
        self.forget_sites();
    }
}

impl Documents {
    fn count(&mut self, status: Status) {
        self.total += 1;
        match status {
            Status::Cleaned => self.cleaned += 1,
            Status::Unchanged => self.unchanged += 1,
            Status::KeptWhole => self.kept_whole += 1,
            Status::Failed => self.failed += 1,
        }
    }

    fn merge(&mut self, other: &Documents) {
        self.total = self.total.saturating_add(other.total);
        self.cleaned = self.cleaned.saturating_add(other.cleaned);
        self.unchanged = self.unchanged.saturating_add(other.unchanged);
        self.kept_whole = self.kept_whole.saturating_add(other.kept_whole);
        self.failed = self.failed.saturating_add(other.failed);
    }
}

impl Bytes {
    fn merge(&mut self, other: &Bytes) {
        self.input = self.input.saturating_add(other.input);
        self.text = self.text.saturating_add(other.text);
        self.kept = self.kept.saturating_add(other.kept);
        self.removed = self.removed.saturating_add(other.removed);
    }
}

impl Share {
    fn add(&mut self, [total, removed]: [Option<u64>; 2]) {
        self.total = self.total.saturating_add(total.unwrap_or(0));
        self.removed = self.removed.saturating_add(removed.unwrap_or(0));
    }

    fn merge(&mut self, other: &Share) {
        self.total = self.total.saturating_add(other.total);
        self.removed = self.removed.saturating_add(other.removed);
    }

    /// How many of a hundred went.
    pub fn percent_removed(&self) -> f64 {
        if self.total == 0 { 0.0 } else { 100.0 * self.removed as f64 / self.total as f64 }
    }
}

/// Adds to what is counted under a name. It is hardly ever a new one.
fn add(map: &mut BTreeMap<String, Counted>, name: &str, counted: &Counted) {
    match map.get_mut(name) {
        Some(sum) => *sum += counted,
        None => drop(map.insert(name.to_owned(), counted.clone())),
    }
}

fn count(map: &mut BTreeMap<Cow<'static, str>, u64>, name: Cow<'static, str>, more: u64) {
    match map.get_mut(&name) {
        Some(count) => *count += more,
        None => drop(map.insert(name, more)),
    }
}

/// Adds the removals of one document, by a name of each.
fn add_removals<'f>(map: &mut BTreeMap<String, Counted>, removed: impl Iterator<Item = (&'f str, Gone<'f>)>) {
    let mut removed: Vec<(&str, Gone<'_>)> = removed.collect();
    removed.sort_unstable_by_key(|(name, _)| *name);
    for same in removed.chunk_by(|(name, _), (next, _)| name == next) {
        let mut of_document = Counted { documents: 1, ..Counted::default() };
        for (_, Gone { removals, bytes, .. }) in same {
            of_document += &Counted { documents: 0, removals: *removals, bytes: *bytes };
        }
        if let Some((name, _)) = same.first() {
            add(map, name, &of_document);
        }
    }
}

fn merge(map: &mut BTreeMap<String, Counted>, other: &BTreeMap<String, Counted>) {
    other.iter().for_each(|(name, counted)| add(map, name, counted));
}

fn merge_counts(map: &mut BTreeMap<Cow<'static, str>, u64>, other: &BTreeMap<Cow<'static, str>, u64>) {
    other.iter().for_each(|(name, more)| count(map, name.clone(), *more));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_that_lack_a_byte_or_a_document_do_not_add_up() {
        let documents = Documents { total: 3, cleaned: 1, failed: 2, ..Documents::default() };
        let bytes = Bytes { input: 9, text: 8, kept: 5, removed: 3 };
        let totals = Totals { documents, bytes, ..Totals::default() };
        assert!(totals.adds_up());
        let lacking = Bytes { kept: 4, ..totals.bytes.clone() };
        assert!(!Totals { bytes: lacking, ..totals.clone() }.adds_up());
        let lacking = Documents { total: 4, ..totals.documents.clone() };
        assert!(!Totals { documents: lacking, ..totals }.adds_up());
    }

    #[test]
    fn of_many_sites_the_same_are_kept_in_any_order() {
        let names: Vec<String> = (0..100).map(|number| format!("site{number}.example")).collect();
        let kept = |names: &mut dyn Iterator<Item = &String>| {
            let mut sites: BTreeMap<String, Counted> = BTreeMap::new();
            for name in names {
                add(&mut sites, name, &Counted { documents: 1, ..Counted::default() });
                if sites.len() > 20 {
                    keep_smallest(&mut sites, 10);
                }
            }
            keep_smallest(&mut sites, 10);
            sites
        };
        let forward = kept(&mut names.iter());
        assert_eq!(forward.len(), 10);
        assert_eq!(forward, kept(&mut names.iter().rev()));
    }
}
