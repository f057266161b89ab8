//! The summary of a run: what it was asked, and what all its rows come to.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::Serialize;

use super::{Row, SCHEMA, Status};

/// Documents by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Share {
    /// How many there were.
    pub total: u64,
    /// How many went.
    pub removed: u64,
}

/// What one rule, category, language or site comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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
        self.documents += other.documents;
        self.removals += other.removals;
        self.bytes += other.bytes;
    }
}

/// The sums over rows; sums of parts can be added in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Documents by status.
    pub documents: Documents,
    /// Why documents were kept whole or failed.
    pub reasons: BTreeMap<&'static str, u64>,
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
    /// By site; empty where the inputs name none.
    pub by_site: BTreeMap<String, Counted>,
    /// Documents by encoding.
    pub by_encoding: BTreeMap<&'static str, u64>,
}

impl Totals {
    /// Adds one row.
    pub fn add(&mut self, row: &Row<'_>) {
        self.documents.count(row.status);
        if let Some(reason) = row.reason {
            *self.reasons.entry(reason).or_default() += 1;
        }
        if row.status == Status::Failed {
            return;
        }
        self.add_sizes(row);
        let whole = Counted { documents: 1, removals: row.removed.len() as u64, bytes: row.bytes_removed() };
        *entry(&mut self.by_lang, row.lang.unwrap_or("und")) += &whole;
        if let Some(site) = row.site {
            *entry(&mut self.by_site, site) += &whole;
        }
        add_removals(&mut self.by_rule, row, |removed| removed.rule);
        add_removals(&mut self.by_category, row, |removed| removed.category);
    }

    fn add_sizes(&mut self, row: &Row<'_>) {
        self.bytes.input += row.bytes_in.unwrap_or(0);
        self.bytes.text += row.bytes_text.unwrap_or(0);
        self.bytes.kept += row.bytes_kept.unwrap_or(0);
        self.bytes.removed += row.bytes_removed();
        self.lines.add(row.lines, row.lines_removed);
        self.words.add(row.words, row.words_removed);
        if let Some(encoding) = row.encoding {
            *self.by_encoding.entry(encoding.label).or_default() += 1;
        }
    }
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
        self.total += other.total;
        self.cleaned += other.cleaned;
        self.unchanged += other.unchanged;
        self.kept_whole += other.kept_whole;
        self.failed += other.failed;
    }
}

impl Bytes {
    fn merge(&mut self, other: &Bytes) {
        self.input += other.input;
        self.text += other.text;
        self.kept += other.kept;
        self.removed += other.removed;
    }
}

impl Share {
    fn add(&mut self, total: Option<usize>, removed: Option<usize>) {
        self.total += total.unwrap_or(0) as u64;
        self.removed += removed.unwrap_or(0) as u64;
    }

    fn merge(&mut self, other: &Share) {
        self.total += other.total;
        self.removed += other.removed;
    }

    /// How many of a hundred went.
    pub fn percent_removed(&self) -> f64 {
        if self.total == 0 { 0.0 } else { 100.0 * self.removed as f64 / self.total as f64 }
    }
}

fn entry<'m>(map: &'m mut BTreeMap<String, Counted>, key: &str) -> &'m mut Counted {
    map.entry(key.to_owned()).or_default()
}

fn add_removals<'r>(
    map: &mut BTreeMap<String, Counted>,
    row: &'r Row<'_>,
    key: impl Fn(&'r super::RemovedRow<'_>) -> &'r str,
) {
    let mut of_row: BTreeMap<&str, Counted> = BTreeMap::new();
    for removed in &row.removed {
        let bytes = (removed.end - removed.start) as u64;
        let counted = of_row.entry(key(removed)).or_insert(Counted { documents: 1, ..Counted::default() });
        *counted += &Counted { documents: 0, removals: 1, bytes };
    }
    for (key, counted) in of_row {
        *entry(map, key) += &counted;
    }
}

fn merge(map: &mut BTreeMap<String, Counted>, other: &BTreeMap<String, Counted>) {
    for (key, counted) in other {
        *entry(map, key) += counted;
    }
}

fn merge_counts(map: &mut BTreeMap<&'static str, u64>, other: &BTreeMap<&'static str, u64>) {
    for (key, count) in other {
        *map.entry(key).or_default() += count;
    }
}

/// The program that made a report.
#[derive(Clone, Debug, Serialize)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Default for Program {
    fn default() -> Program {
        Program { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
    }
}

/// The rules that were used.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RulesUsed {
    /// The hash of the resolved set; to be cited with any result.
    pub hash: String,
    /// How many rules it has.
    pub count: usize,
}

/// The options that decide what a run gives.
#[derive(Clone, Debug, Default, Serialize)]
pub struct OptionsUsed {
    /// The inputs as they were named.
    pub inputs: Vec<String>,
    /// The declared encoding.
    pub encoding: Option<String>,
    /// Whether the built-in rules were used.
    pub default_rules: bool,
    /// Further rule files.
    pub rules: Vec<String>,
    /// What was to be kept.
    pub keep: Vec<String>,
    /// What was to be dropped.
    pub drop: Vec<String>,
    /// The largest text that is cleaned, in bytes.
    pub max_record: usize,
}

/// An input that was passed over or failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// Its path, as the rows have it.
    pub path: String,
    /// The bytes of the path in hexadecimal digits, only when it is not UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
    /// Why.
    pub reason: &'static str,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// How long the run took; the only part that differs from run to run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Timings {
    /// Seconds from start to end.
    pub seconds: f64,
    /// Threads that cleaned.
    pub threads: usize,
    /// Documents a second.
    pub documents_per_second: f64,
    /// Megabytes of input a second.
    pub megabytes_per_second: f64,
}

/// All of it: what stands in `summary.json`.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The version of this format.
    pub schema: u32,
    /// The program.
    pub program: Program,
    /// The rules.
    pub rules: RulesUsed,
    /// The options.
    pub options: OptionsUsed,
    /// The sums.
    #[serde(flatten)]
    pub totals: Totals,
    /// Files of a tree that were passed over, in the order of their paths.
    pub skipped: Vec<Named>,
    /// Inputs that failed, in the order of their paths.
    pub failed: Vec<Named>,
    /// How long it took.
    pub timings: Timings,
}

impl Summary {
    /// A summary of nothing.
    pub fn new(rules: RulesUsed, options: OptionsUsed) -> Summary {
        Summary {
            schema: SCHEMA,
            program: Program::default(),
            rules,
            options,
            totals: Totals::default(),
            skipped: Vec::new(),
            failed: Vec::new(),
            timings: Timings::default(),
        }
    }
}
