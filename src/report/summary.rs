//! The summary of a run: what it was asked, and what all its rows come to.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

use super::{SCHEMA, Totals};
use crate::formats::{FieldNames, Format, Names};

/// How many files that were skipped, failed or are odd are named in a summary; the report has a row for every one that failed.
pub const MOST_NAMED: usize = 10_000;

/// The program that made a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Its version.
    pub version: Cow<'static, str>,
}

impl Default for Program {
    fn default() -> Program {
        Program { name: env!("CARGO_PKG_NAME").into(), version: env!("CARGO_PKG_VERSION").into() }
    }
}

/// The rules that were used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesUsed {
    /// The hash of the resolved set; to be cited with any result.
    pub hash: String,
    /// How many rules it has.
    pub count: usize,
}

/// The options that decide what a run gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionsUsed {
    /// The inputs as they were named.
    pub inputs: Vec<String>,
    /// The declared encoding.
    pub encoding: Option<String>,
    /// Whether the built-in rules were used.
    pub default_rules: bool,
    /// Further rule files.
    pub rules: Vec<String>,
    /// How careful cleaning was.
    #[serde(default)]
    pub preset: Option<String>,
    /// What was to become of titles, where that was said.
    #[serde(default)]
    pub title: Option<String>,
    /// The language of all documents, where it was said.
    #[serde(default)]
    pub lang: Option<String>,
    /// What was to be kept.
    pub keep: Vec<String>,
    /// What was to be dropped.
    pub drop: Vec<String>,
    /// The largest text that is cleaned, in bytes.
    pub max_record: usize,
    /// How many times as large as it is what a compressed input may hold, where that was said.
    #[serde(default)]
    pub max_ratio: Option<u64>,
    /// The format of all inputs, where it was said.
    #[serde(default)]
    pub format: Option<String>,
    /// The names of fields and columns that were said: `text`, `url`, `title`, `id`.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// What was taken of pages.
    #[serde(default)]
    pub html_text: Option<String>,
    /// How outputs were compressed, where that was said.
    #[serde(default)]
    pub compress: Option<String>,
    /// Whether every record became a file.
    #[serde(default)]
    pub explode: bool,
    /// How much rows tell of what was removed.
    #[serde(default)]
    pub removed: Option<String>,
    /// The form in which texts were marked instead of cut, where that was said.
    #[serde(default)]
    pub tags: Option<String>,
    /// Which part of the inputs this run took, as `2/8`.
    #[serde(default)]
    pub shard: Option<String>,
}

impl OptionsUsed {
    /// The format that all inputs were said to have.
    pub fn format(&self) -> Option<Format> {
        let name = self.format.as_deref()?;
        Format::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The names of fields and columns: those that were said, and likely ones for the others.
    pub fn field_names(&self) -> FieldNames {
        let mut names = FieldNames::default();
        let all =
            [("text", &mut names.text), ("url", &mut names.url), ("title", &mut names.title), ("id", &mut names.id)];
        for (field, names) in all {
            if let Some(given) = self.fields.get(field) {
                *names = Names::given(given.clone());
            }
        }
        names
    }

    /// A hash of all that decides what a run writes: the program, its rules, and the options, but for how the inputs and rule
    /// files are called.
    pub fn fingerprint(&self, rules: &RulesUsed) -> String {
        let options = OptionsUsed { inputs: Vec::new(), rules: Vec::new(), ..self.clone() };
        // Options hold nothing that cannot be written to memory.
        let bytes = serde_json::to_vec(&(SCHEMA, Program::default(), rules, options)).unwrap_or_default();
        super::Hash::of(&bytes).to_string()
    }
}

/// An input that was passed over, failed, or is odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Its path, as the rows have it.
    pub path: String,
    /// The bytes of the path in hexadecimal digits, only when it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
    /// Why.
    pub reason: Cow<'static, str>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// A container that was cleaned as a whole, as `--resume` knows it again when the run is finished.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerUsed {
    /// The path of its output.
    pub path: String,
    /// The size of the input in bytes.
    pub size: u64,
    /// When the input was last changed, in nanoseconds since 1970; 0 where the system does not say.
    pub modified: i64,
    /// The size of the output in bytes; nothing where its records became files.
    pub output: Option<u64>,
    /// The hash of the output's bytes, so that those outside of records are accounted for, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
    /// Its format.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Its records that were passed by, by what they are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub passed_by: BTreeMap<String, u64>,
}

/// What was read again to make sure that it is what was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verified {
    /// How many files.
    pub files: u64,
    /// How many bytes, those in quarantine, too; of single texts, decompressed.
    pub bytes: u64,
}

impl AddAssign for Verified {
    fn add_assign(&mut self, other: Verified) {
        self.files = self.files.saturating_add(other.files);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// How long the run took; the only part that differs from run to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The version of this format.
    pub schema: u32,
    /// The program.
    pub program: Program,
    /// The rules.
    pub rules: RulesUsed,
    /// The options.
    pub options: OptionsUsed,
    /// The hash of all that decides what a run writes; `--resume` goes on with runs of the same one only.
    #[serde(default)]
    pub fingerprint: String,
    /// The hash of the report beside it, which seals its rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash_report: Option<String>,
    /// The sums.
    #[serde(flatten)]
    pub totals: Totals,
    /// Records of containers that were passed by, by what they are.
    #[serde(default)]
    pub passed_by: BTreeMap<String, u64>,
    /// The first files of a tree that were passed over, in the order of their paths.
    pub skipped: Vec<Named>,
    /// How many more were.
    #[serde(default)]
    pub skipped_left_out: u64,
    /// The first inputs and records that failed, in the order of the report.
    pub failed: Vec<Named>,
    /// How many more did.
    #[serde(default)]
    pub failed_left_out: u64,
    /// The first inputs that changed while they were read, in the order of the report. What came of them is what was read.
    #[serde(default)]
    pub changed: Vec<Named>,
    /// How many more did.
    #[serde(default)]
    pub changed_left_out: u64,
    /// What was read again, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verified>,
    /// What was odd about inputs that did not fail.
    #[serde(default)]
    pub notes: Vec<Named>,
    /// The first 10,000 containers that were cleaned.
    #[serde(default)]
    pub containers: Vec<ContainerUsed>,
    /// How long it took.
    pub timings: Timings,
}

impl Summary {
    /// A summary of nothing.
    pub fn new(rules: RulesUsed, options: OptionsUsed) -> Summary {
        Summary {
            schema: SCHEMA,
            program: Program::default(),
            fingerprint: options.fingerprint(&rules),
            hash_report: None,
            rules,
            options,
            totals: Totals::default(),
            passed_by: BTreeMap::new(),
            skipped: Vec::new(),
            skipped_left_out: 0,
            failed: Vec::new(),
            failed_left_out: 0,
            changed: Vec::new(),
            changed_left_out: 0,
            verified: None,
            notes: Vec::new(),
            containers: Vec::new(),
            timings: Timings::default(),
        }
    }

    /// Whether all inputs were cleaned, and stood still while they were.
    pub fn is_whole(&self) -> bool {
        self.totals.documents.failed == 0 && self.changed.is_empty()
    }

    /// How many files were passed over.
    pub fn skipped_total(&self) -> u64 {
        self.skipped.len() as u64 + self.skipped_left_out
    }
}
