//! Bytes to text: finds the encoding, decodes, and refuses what is no text.
//!
//! The order of the evidence, strongest first:
//!
//! 1. a byte order mark;
//! 2. the pattern of UTF-16 without a mark (see `utf16`);
//! 3. valid UTF-8, then UTF-8 with few faults (see `utf8`);
//! 4. the charset the caller declares: an option, an HTTP header, a `<meta>` element;
//! 5. a guess of [`chardetng`] (see `legacy`).
//!
//! So valid UTF-8 overrules a label that says otherwise: a legacy text that is valid multi-byte UTF-8 by accident is
//! far rarer than a wrong label. Pure ASCII is no such evidence, and a label that gives ASCII bytes another meaning
//! (ISO-2022-JP) is followed there.
//!
//! A malformed sequence becomes U+FFFD as the [WHATWG Encoding Standard](https://encoding.spec.whatwg.org/) says, and
//! is counted.

mod binary;
#[cfg(test)]
mod borders;
mod legacy;
#[cfg(test)]
mod tests;
mod utf16;
mod utf8;

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

/// The escape character, which in an ASCII file may be the sign of ISO-2022-JP.
const ESC: u8 = 0x1B;
/// The controls that other forms of ISO 2022 change their alphabet with.
const SHIFT_OUT: u8 = 0x0E;
const SHIFT_IN: u8 = 0x0F;

/// How the encoding of a text was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EncodingSource {
    /// A byte order mark.
    Bom,
    /// The bytes are valid UTF-8 (or plain ASCII).
    Utf8,
    /// The bytes are UTF-8 but for a few malformed or cut sequences.
    NearlyUtf8,
    /// The caller said so.
    Declared,
    /// UTF-16 without byte order mark, known by its pattern of NULs, spaces and controls.
    Utf16Pattern,
    /// A guess from the bytes.
    Detected,
}

/// The encoding of a text and how it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct EncodingInfo {
    /// The WHATWG name, as `UTF-8` or `windows-1252`.
    pub label: &'static str,
    /// How it was found.
    pub source: EncodingSource,
    /// How many malformed sequences became U+FFFD; zero exactly when nothing was lost.
    pub replacements: usize,
}

/// Decoded text.
#[derive(Clone, Debug)]
pub struct Decoded<'b> {
    /// The text without its byte order mark; borrowed when the bytes are the text.
    ///
    /// Only the first mark is the signature. A U+FEFF behind it, or amid the text, is kept.
    pub text: Cow<'b, str>,
    /// Its encoding.
    pub encoding: EncodingInfo,
    /// Whether there was a byte order mark.
    pub bom: bool,
}

/// A character encoding that text can be decoded from.
///
/// ```
/// use dechrome::text::decode::Charset;
///
/// assert_eq!(Charset::for_label("latin1").map(Charset::name), Some("windows-1252"));
/// assert!(Charset::for_label("utf-7").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset(&'static Encoding);

impl Charset {
    /// The encoding a label names, by the WHATWG list: any case, white space around it ignored.
    ///
    /// `None` for an unknown label and for those the list maps to the "replacement" encoding (hz-gb-2312,
    /// iso-2022-kr …), which are known as ways to smuggle markup past filters and decode to nothing.
    pub fn for_label(label: &str) -> Option<Charset> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(Charset)
    }

    /// The WHATWG name, as `windows-1252`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    fn is_utf16(self) -> bool {
        self.0 == UTF_16LE || self.0 == UTF_16BE
    }
}

/// Why bytes are not text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotText {
    /// Data of another kind, known by its first bytes or by its NULs and control characters.
    #[error("{kind} data, not text (seen at byte {offset})")]
    Binary {
        /// What it is, as `gzip`; `binary` when nothing better is known.
        kind: &'static str,
        /// The offset of the first byte that shows it.
        offset: usize,
    },
    /// UTF-32, with or without byte order mark, which neither browsers nor this tool decode.
    #[error("UTF-32 text, which is not supported (seen at byte 0); convert it to UTF-8")]
    Utf32,
    /// UTF-16 in the other byte order than its byte order mark says.
    #[error("the byte order mark at byte 0 says {said}, but the text behind it has the other byte order")]
    ByteOrder {
        /// The encoding of the mark.
        said: &'static str,
    },
}

/// Decodes bytes to text.
///
/// `declared` is what somebody said the encoding is; the [module](self) tells how far that is believed. Valid UTF-8 is
/// borrowed, whatever was declared, unless it is ASCII with the escape sequences of ISO-2022-JP.
///
/// ```
/// use dechrome::text::decode::{EncodingSource, NotText, decode};
///
/// let page = decode("Une journée à la mer".as_bytes(), None)?;
/// assert_eq!(page.text, "Une journée à la mer");
/// assert_eq!(page.encoding.source, EncodingSource::Utf8);
///
/// // The same text in windows-1252.
/// let page = decode(b"Une journ\xE9e \xE0 la mer", None)?;
/// assert_eq!((page.text.as_ref(), page.encoding.label), ("Une journée à la mer", "windows-1252"));
///
/// let error = decode(&[0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0], None).unwrap_err();
/// assert_eq!(error.to_string(), "gzip data, not text (seen at byte 0)");
/// # Ok::<(), NotText>(())
/// ```
///
/// # Errors
///
/// [`NotText`] for data of other kinds (archives, images, NULs and control characters in number), for UTF-32, and for
/// UTF-16 whose byte order mark is the wrong one. A text with a few NULs is text. The verdict depends on how many
/// such bytes there are, never on where they are.
pub fn decode<'b>(bytes: &'b [u8], declared: Option<Charset>) -> Result<Decoded<'b>, NotText> {
    if let Some(marked) = by_mark(bytes)? {
        return Ok(marked);
    }
    let valid = simdutf8::basic::from_utf8(bytes).ok();
    if let Some(text) = valid
        && memchr::memchr2(0, ESC, bytes).is_none()
    {
        return plain(text, declared);
    }
    binary::refuse_by_signature(bytes)?;
    if let Some(wide) = by_utf16_pattern(bytes, valid)? {
        return Ok(wide);
    }
    if let Some(charset) = declared.filter(|c| c.is_utf16()) {
        return checked(bytes, legacy::decode(bytes, charset.0, EncodingSource::Declared));
    }
    binary::refuse_by_nuls(bytes)?;
    match valid {
        Some(text) => Ok(with_escapes(text, declared)),
        None => by_label_or_guess(bytes, declared),
    }
}

/// The text of bytes that are valid UTF-8, unless ASCII stands for something else here.
fn plain<'b>(text: &'b str, declared: Option<Charset>) -> Result<Decoded<'b>, NotText> {
    // A PDF may be pure ASCII; all other signatures hold a byte that valid UTF-8 without NUL does not.
    if text.starts_with("%PDF-") {
        binary::refuse_by_signature(text.as_bytes())?;
    }
    let declared = declared.filter(|c| !c.0.is_ascii_compatible() && text.is_ascii());
    match declared {
        // Without NUL and all ASCII: UTF-16 only if somebody says so and it does not read as ASCII.
        Some(charset) if charset.is_utf16() && !utf16::reads_as_ascii(text.as_bytes()) => {
            checked(text.as_bytes(), legacy::decode(text.as_bytes(), charset.0, EncodingSource::Declared))
        }
        // Without ESC, ISO-2022-JP is ASCII, but for the two controls that it does not allow.
        Some(charset) if charset.0 == ISO_2022_JP => Ok(match memchr::memchr2(SHIFT_OUT, SHIFT_IN, text.as_bytes()) {
            Some(_) => legacy::decode(text.as_bytes(), charset.0, EncodingSource::Declared),
            None => borrowed(text, charset.0, EncodingSource::Declared),
        }),
        _ => Ok(borrowed(text, UTF_8, EncodingSource::Utf8)),
    }
}

/// The text of bytes that are valid UTF-8 with escape characters or a few NULs.
fn with_escapes<'b>(text: &'b str, declared: Option<Charset>) -> Decoded<'b> {
    let bytes = text.as_bytes();
    let japanese = text.is_ascii()
        && match declared {
            Some(charset) => charset.0 == ISO_2022_JP,
            None => legacy::looks_like_iso_2022_jp(bytes),
        };
    if !japanese {
        return borrowed(text, UTF_8, EncodingSource::Utf8);
    }
    let source = if declared.is_some() { EncodingSource::Declared } else { EncodingSource::Detected };
    legacy::decode(bytes, ISO_2022_JP, source)
}

/// The text of bytes that start with a byte order mark.
fn by_mark(bytes: &[u8]) -> Result<Option<Decoded<'_>>, NotText> {
    // FF FE 00 00 could be UTF-16LE that starts with U+0000, which no text does.
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(NotText::Utf32);
    }
    let Some((encoding, length)) = Encoding::for_bom(bytes) else { return Ok(None) };
    let rest = &bytes[length..];
    let decoded = if encoding == UTF_8 {
        if memchr::memchr(0, rest).is_some() {
            binary::refuse_by_nuls(rest).map_err(|e| binary::moved(e, length))?;
        }
        utf8::decode(rest, EncodingSource::Bom)
    } else {
        if utf16::is_swapped(rest, encoding) {
            return Err(NotText::ByteOrder { said: encoding.name() });
        }
        legacy::decode(rest, encoding, EncodingSource::Bom)
    };
    // A valid text is not searched for controls: the path of good UTF-8 stays one pass.
    let decoded = if matches!(decoded.text, Cow::Borrowed(_)) {
        decoded
    } else {
        checked(rest, decoded).map_err(|e| binary::moved(e, length))?
    };
    Ok(Some(Decoded { bom: true, ..decoded }))
}

/// The text of UTF-16 without byte order mark.
fn by_utf16_pattern<'b>(bytes: &'b [u8], valid: Option<&str>) -> Result<Option<Decoded<'b>>, NotText> {
    // Bytes that read as UTF-8 with non-ASCII characters are not UTF-16, unless their NULs rule out UTF-8 anyway.
    let as_utf8 = || valid.map_or_else(|| utf8::is_nearly(bytes), |text| !text.is_ascii());
    let nuls = binary::refuse_by_nuls(bytes).is_err();
    if !nuls && as_utf8() {
        return Ok(None);
    }
    if let Some(encoding) = utf16::without_mark(bytes) {
        return checked(bytes, legacy::decode(bytes, encoding, EncodingSource::Utf16Pattern)).map(Some);
    }
    if nuls && utf16::is_utf32(bytes) { Err(NotText::Utf32) } else { Ok(None) }
}

/// The text of bytes that are not valid UTF-8.
fn by_label_or_guess<'b>(bytes: &'b [u8], declared: Option<Charset>) -> Result<Decoded<'b>, NotText> {
    let decoded = if utf8::is_nearly(bytes) {
        utf8::decode(bytes, EncodingSource::NearlyUtf8)
    } else if let Some(charset) = declared.filter(|c| c.0 != UTF_8) {
        legacy::decode(bytes, charset.0, EncodingSource::Declared)
    } else {
        binary::refuse_ebcdic(bytes)?;
        legacy::decode_by_guess(bytes)
    };
    checked(bytes, decoded)
}

/// Refuses a decoded text that looks like decoded data.
fn checked<'b>(bytes: &[u8], decoded: Decoded<'b>) -> Result<Decoded<'b>, NotText> {
    binary::refuse_by_controls(bytes, &decoded)?;
    Ok(decoded)
}

/// Text that is its own bytes.
fn borrowed<'b>(text: &'b str, encoding: &'static Encoding, source: EncodingSource) -> Decoded<'b> {
    let encoding = EncodingInfo { label: encoding.name(), source, replacements: 0 };
    Decoded { text: Cow::Borrowed(text), encoding, bom: false }
}
