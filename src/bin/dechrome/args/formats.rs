//! The arguments about what inputs are, and how outputs are written.

use std::num::NonZeroU64;

use clap::{Args, ValueEnum};
use dechrome::formats::json::FieldPath;
use dechrome::rules::nearest;
use dechrome::text::decode::Charset;

/// Encodings that are worth naming to someone who mistyped one.
const KNOWN_ENCODINGS: [&str; 14] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1254",
    "iso-8859-2",
    "koi8-r",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-jp",
    "euc-kr",
];

/// What inputs are, and where the text in them stands.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Formats")]
pub(crate) struct FormatFlags {
    /// What every input is [default: told from content and name]
    #[arg(long, value_name = "FORMAT", default_value = "auto", hide_default_value = true)]
    pub(crate) format: FormatName,
    /// The field or column with the text; a dot leads into an object, as in meta.text [default: text, content, body,
    /// raw_content, maintext or article]
    #[arg(long, value_name = "NAME", value_parser = parse_field)]
    pub(crate) text_field: Option<String>,
    /// The field or column with the address of the page [default: url, source_url, link, uri and others]
    #[arg(long, value_name = "NAME", value_parser = parse_field)]
    pub(crate) url_field: Option<String>,
    /// The field or column with the title [default: title, headline]
    #[arg(long, value_name = "NAME", value_parser = parse_field)]
    pub(crate) title_field: Option<String>,
    /// The field or column with the name of the record [default: id, uuid, doc_id and others]
    #[arg(long, value_name = "NAME", value_parser = parse_field)]
    pub(crate) id_field: Option<String>,
    /// What is taken of a page of HTML
    #[arg(long, value_name = "WHAT", default_value = "article")]
    pub(crate) html_text: HtmlTextName,
}

/// How outputs are written.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct RecordFlags {
    /// How outputs are compressed [default: as their inputs are]
    #[arg(long, value_name = "HOW")]
    pub(crate) compress: Option<CompressName>,
    /// Write every record that has a text to a file of its own: DIR/FILE/000000/000000001.txt
    #[arg(long)]
    pub(crate) explode: bool,
    /// How many times as large as its file the content of a compressed one may be, above 64 MB [default: 200]
    #[arg(long, value_name = "N", help_heading = "Limits")]
    pub(crate) max_ratio: Option<NonZeroU64>,
    /// The largest text that is cleaned, in bytes or with k, M or G; larger ones pass through [default: 16M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "Limits")]
    pub(crate) max_record: Option<usize>,
}

/// The formats, as they are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatName {
    /// Told from content and name
    #[default]
    Auto,
    /// Plain text
    Text,
    /// Pages of HTML
    Html,
    /// JSON Lines
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// Tab-separated values with a header
    Tsv,
    /// WARC and WET
    Warc,
    /// Parquet
    Parquet,
}

/// What is taken of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum HtmlTextName {
    /// The article, as an extractor finds it
    #[default]
    Article,
    /// All visible text, line by line
    Full,
}

/// How outputs are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompressName {
    /// Not at all
    None,
    /// As .gz
    Gzip,
    /// As .zst
    Zstd,
    /// As .bz2
    Bzip2,
    /// As .xz
    Xz,
    /// As .lz4
    Lz4,
}

/// Takes the label of an encoding.
pub(super) fn parse_encoding(label: &str) -> Result<String, String> {
    if Charset::for_label(label).is_some() {
        return Ok(label.to_owned());
    }
    let near = nearest(&label.to_ascii_lowercase(), KNOWN_ENCODINGS);
    let hint = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
    Err(format!("{hint}give one of the labels that web pages use, for example windows-1252, gb18030 or utf-16le"))
}

/// Takes the name of a field.
fn parse_field(name: &str) -> Result<String, String> {
    FieldPath::parse(name).map(|_| name.to_owned()).map_err(|error| error.to_string())
}

/// Reads a size in bytes.
fn parse_size(text: &str) -> Result<usize, String> {
    const FEWEST: usize = 1 << 10;
    const MOST: usize = 1 << 30;
    let (digits, unit) = match text.trim_end_matches(['b', 'B']).trim_end_matches('i') {
        text if text.ends_with(['k', 'K']) => (&text[..text.len() - 1], 1 << 10),
        text if text.ends_with(['m', 'M']) => (&text[..text.len() - 1], 1 << 20),
        text if text.ends_with(['g', 'G']) => (&text[..text.len() - 1], 1 << 30),
        text => (text, 1),
    };
    let size = digits.parse::<usize>().ok().and_then(|number| number.checked_mul(unit));
    size.filter(|size| (FEWEST..=MOST).contains(size))
        .ok_or_else(|| "give a size from 1k to 1G, for example 64M".into())
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes_may_have_units() {
        for (text, size) in
            [("4096", Some(4096)), ("64M", Some(64 << 20)), ("2MiB", Some(2 << 20)), ("1g", Some(1 << 30))]
        {
            assert_eq!(parse_size(text).ok(), size, "{text}");
        }
        for text in ["", "M", "12", "-5", "2G", "1.5M", "99999999999999999999"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }
}
