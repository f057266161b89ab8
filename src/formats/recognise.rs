//! What an input is: told by its content first and its name second.

use std::path::Path;

use super::Format;
use super::compression::Codec;
use super::{json, warc};

/// How many of the first bytes are looked at, once they are decompressed.
pub const SAMPLE: usize = 64 * 1024;

/// What the name of a file says: `story.txt.gz` is text inside gzip.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameSays {
    /// The format, by the extension that is left without that of a compression.
    pub format: Option<Format>,
    /// The compression.
    pub codec: Option<Codec>,
}

impl NameSays {
    /// Reads the extensions of a name.
    ///
    /// ```
    /// use dechrome::formats::Format;
    /// use dechrome::formats::compression::Codec;
    /// use dechrome::formats::recognise::NameSays;
    ///
    /// let says = NameSays::of("CC-MAIN-0001.warc.wet.GZ".as_ref());
    /// assert_eq!((says.format, says.codec), (Some(Format::Warc), Some(Codec::Gzip)));
    /// ```
    pub fn of(path: &Path) -> NameSays {
        let extension = |path: &Path| path.extension().and_then(|found| found.to_str()).map(str::to_owned);
        let codec = extension(path).and_then(|found| Codec::of_extension(&found));
        let inner = path.file_stem().map(Path::new).filter(|_| codec.is_some()).unwrap_or(path);
        NameSays { format: extension(inner).and_then(|found| Format::of_extension(&found)), codec }
    }
}

/// The format of an input with this name and this beginning; `None` when neither tells.
///
/// `start` is the beginning of the decompressed input, [`SAMPLE`] bytes of it where there are as many.
///
/// ```
/// use dechrome::formats::Format;
/// use dechrome::formats::recognise::{NameSays, format_of};
///
/// let text = NameSays { format: Some(Format::Text), codec: None };
/// assert_eq!(format_of(b"The harbour is closed.", text), Some(Format::Text));
/// assert_eq!(format_of(b"{\"text\": \"The harbour is closed.\"}\n", text), Some(Format::Jsonl));
/// assert_eq!(format_of(b"\x89PNG", NameSays::default()), None);
/// ```
pub fn format_of(start: &[u8], says: NameSays) -> Option<Format> {
    if let Some(certain) = by_content(start) {
        return Some(certain);
    }
    match says.format {
        None if is_html(start) => Some(Format::Html),
        // Pages are also saved as text; but a text may begin with a tag, as many a README does.
        Some(Format::Text) if is_html_document(start) => Some(Format::Html),
        Some(Format::Html) if !has_markup(start) => Some(Format::Text),
        named => named,
    }
}

/// Formats that show by themselves.
fn by_content(start: &[u8]) -> Option<Format> {
    if start.starts_with(b"PAR1") {
        return Some(Format::Parquet);
    }
    if warc::looks_like_warc(start) {
        return Some(Format::Warc);
    }
    json::looks_like_jsonl(start).then_some(Format::Jsonl)
}

#[cfg(feature = "html")]
use super::html::{has_markup, is_html_document, looks_like_html as is_html};

/// Without the feature, names decide alone.
#[cfg(not(feature = "html"))]
fn is_html(_start: &[u8]) -> bool {
    false
}

#[cfg(not(feature = "html"))]
use is_html as is_html_document;

#[cfg(not(feature = "html"))]
fn has_markup(_start: &[u8]) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(name: &str, start: &str) -> Option<Format> {
        format_of(start.as_bytes(), NameSays::of(Path::new(name)))
    }

    #[test]
    fn content_goes_before_the_name() {
        for (name, start, expected) in [
            ("a.txt", "Plain prose.\n", Some(Format::Text)),
            ("a.txt", "{\"text\":\"x\"}\n{\"text\":\"y\"}\n", Some(Format::Jsonl)),
            ("a.txt", "{not json} begins this line\n", Some(Format::Text)),
            ("a.jsonl", "no json at all\n", Some(Format::Jsonl)),
            ("a.csv", "id,text\n1,x\n", Some(Format::Csv)),
            ("a.jpg", "Plain prose.\n", None),
            ("a.jpg", "PAR1....", Some(Format::Parquet)),
            ("dump", "WARC/1.0\r\nWARC-Type: warcinfo\r\n", Some(Format::Warc)),
        ] {
            assert_eq!(format(name, start), expected, "{name}: {start}");
        }
    }

    #[cfg(feature = "html")]
    #[test]
    fn a_page_is_known_whatever_its_name() {
        for (name, start, expected) in [
            ("a.txt", "<!DOCTYPE html><html><body><p>Prose.</p>", Some(Format::Html)),
            ("a.md", "<p align=center>My project</p>\n\n# Use", Some(Format::Text)),
            ("a.html", "Plain prose without a tag.\n", Some(Format::Text)),
            ("a.html", "<p>Prose.", Some(Format::Html)),
            ("dump", "<div>Prose.</div>", Some(Format::Html)),
        ] {
            assert_eq!(format(name, start), expected, "{name}: {start}");
        }
    }

    #[test]
    fn names_may_have_two_extensions() {
        for (name, format, codec) in [
            ("a.txt", Some(Format::Text), None),
            ("a.TXT.GZ", Some(Format::Text), Some(Codec::Gzip)),
            ("a.jsonl.zst", Some(Format::Jsonl), Some(Codec::Zstd)),
            ("a.gz", None, Some(Codec::Gzip)),
            ("a.tar.gz", None, Some(Codec::Gzip)),
            ("txt", None, None),
            (".txt", None, None),
        ] {
            assert_eq!(NameSays::of(Path::new(name)), NameSays { format, codec }, "{name}");
        }
    }
}
