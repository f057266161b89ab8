//! Bytes to records and back: the formats.
//!
//! A format knows two things: how the bytes of an input are split into records, each with one text to clean, and how
//! the kept texts become bytes again. Every format is a module of its own here and a variant of [`Format`]; the
//! pipeline asks [`Format::of_name`] and never looks at names itself. HTML, JSONL, WARC, Parquet and compressed inputs
//! will stand beside [`text`].

pub mod text;

use std::path::Path;

/// The kinds of input that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Plain text: the whole input is one record.
    Text,
}

impl Format {
    /// The format of a file that was found in a tree, told by its name alone; `None` when such files are skipped.
    ///
    /// # Example
    /// ```
    /// use std::path::Path;
    /// use dechrome::formats::Format;
    ///
    /// assert_eq!(Format::of_name(Path::new("2024/story.TXT")), Some(Format::Text));
    /// assert_eq!(Format::of_name(Path::new("photo.jpg")), None);
    /// ```
    pub fn of_name(path: &Path) -> Option<Format> {
        text::is_text_name(path).then_some(Format::Text)
    }
}
