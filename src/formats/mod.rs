//! Bytes to records and back: the formats.
//!
//! A format knows two things: how the bytes of an input are split into records, each with one text to clean, and how
//! the kept texts become bytes again. Every format is a module of its own here and a variant of [`Format`];
//! [`recognise`] tells which one an input has, by its content first and its name second. Nothing here reads files,
//! writes them, or starts threads.

#[cfg(feature = "cli")]
pub mod compression;
pub mod delimited;
pub mod dolma;
#[cfg(feature = "html")]
pub mod html;
pub mod json;
mod names;
#[cfg(feature = "parquet")]
pub mod parquet;
#[cfg(feature = "cli")]
pub mod recognise;
mod removals;
#[cfg(feature = "cli")]
mod site;
mod splice;
pub mod text;
#[cfg(feature = "cli")]
pub mod warc;

pub use names::{FieldNames, Names};
pub use removals::ranges;
#[cfg(feature = "cli")]
pub use site::site_of;

/// The kinds of input that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// Plain text: the whole input is one document.
    Text,
    /// A page: the whole input is one document, the text of which an extractor makes.
    Html,
    /// JSON Lines: a record a line.
    Jsonl,
    /// Comma-separated values with a header: a record a row.
    Csv,
    /// The same, separated by tabs.
    Tsv,
    /// Web archives, WET files among them: a record a page.
    Warc,
    /// Parquet: a record a row.
    Parquet,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 7] =
        [Format::Text, Format::Html, Format::Jsonl, Format::Csv, Format::Tsv, Format::Warc, Format::Parquet];

    /// Its name, as options and the summary have it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Html => "html",
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Tsv => "tsv",
            Format::Warc => "warc",
            Format::Parquet => "parquet",
        }
    }

    /// Whether it holds many documents.
    pub fn is_container(self) -> bool {
        !matches!(self, Format::Text | Format::Html)
    }

    /// The format that an extension speaks for, in any case of letters.
    ///
    /// `json` speaks for none: most such files hold one value on many lines, and only their content tells.
    ///
    /// ```
    /// use dechrome::formats::Format;
    ///
    /// assert_eq!(Format::of_extension("NDJSON"), Some(Format::Jsonl));
    /// assert_eq!(Format::of_extension("jpg"), None);
    /// ```
    pub fn of_extension(extension: &str) -> Option<Format> {
        const KNOWN: [(Format, &[&str]); 7] = [
            (Format::Text, &text::EXTENSIONS),
            (Format::Html, &["html", "htm", "xhtml"]),
            (Format::Jsonl, &["jsonl", "ndjson", "jsonlines"]),
            (Format::Csv, &["csv"]),
            (Format::Tsv, &["tsv", "tab"]),
            (Format::Warc, &["warc", "wet", "arc"]),
            (Format::Parquet, &["parquet", "pq"]),
        ];
        let is_known = |names: &&[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(extension));
        KNOWN.iter().find(|(_, names)| is_known(names)).map(|(format, _)| *format)
    }
}
