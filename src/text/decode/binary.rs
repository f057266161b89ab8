//! What is no text: by its first bytes, by its NULs, by its control characters.

use super::{Decoded, EncodingSource, NotText};

/// One NUL in so many bytes is still text. Scrapers leave some; data has them by the dozen.
const BYTES_PER_NUL: usize = 100;

/// In a short record, up to so many NULs are still text …
const FEW_NULS: usize = 8;

/// … if they are no more than one in so many bytes.
const BYTES_PER_FEW_NULS: usize = 10;

/// So many control characters are text in the shortest of records.
const FEW_CONTROLS: usize = 2;

/// One control character in so many characters of a decoded text is still text. Measured: EBCDIC
/// read as windows-1252 has one in seventeen, random bytes one in eight, and text none or nearly none.
const CHARS_PER_CONTROL: usize = 50;

/// One malformed sequence in so many characters is still text when the encoding is only a guess.
const CHARS_PER_FAULT: usize = 8;

/// The space of EBCDIC.
const EBCDIC_SPACE: u8 = 0x40;

/// It is no less than one byte in so many of a text in words.
const BYTES_PER_EBCDIC_SPACE: usize = 16;

/// With fewer bytes, chance may look like it: four characters of Big5 did.
const LEAST_EBCDIC: usize = 64;

/// Letters, digits and spaces are no less than so many bytes in a hundred of prose; Shift_JIS, the nearest, was
/// measured to have 62.
const EBCDIC_PERCENT: usize = 85;

/// The first bytes of kinds of files that turn up among text, from the `file` utility's list. A short one that letters
/// could spell counts only when there are more NULs than text has.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"\x1F\x8B\x08", "gzip"),
    (0, b"\x28\xB5\x2F\xFD", "zstd"),
    (0, b"\x1F\x9D", "compress"),
    (0, b"\x04\x22\x4D\x18", "LZ4"),
    (0, b"\xFD7zXZ\x00", "xz"),
    (0, b"BZh?1AY&SY", "bzip2"),
    (0, b"BZh?\x17\x72\x45\x38\x50\x90", "bzip2"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"7z\xBC\xAF\x27\x1C", "7z"),
    (0, b"Rar!\x1A\x07", "RAR"),
    (257, b"ustar", "tar"),
    (0, b"%PDF-", "PDF"),
    (0, b"\x89PNG\r\n\x1A\n", "PNG"),
    (0, b"\xFF\xD8\xFF", "JPEG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"II*\x00", "TIFF"),
    (0, b"MM\x00*", "TIFF"),
    (4, b"ftyp", "MP4"),
    (0, b"ID3", "MP3"),
    (0, b"OggS", "Ogg"),
    (0, b"fLaC", "FLAC"),
    (0, b"RIFF", "RIFF"),
    (0, b"\x1A\x45\xDF\xA3", "Matroska"),
    (0, b"wOFF", "WOFF"),
    (0, b"wOF2", "WOFF2"),
    (0, b"\x7FELF", "ELF"),
    (0, b"MZ", "DOS or Windows program"),
    (0, b"\x00asm", "WebAssembly"),
    (0, b"\xCA\xFE\xBA\xBE", "Java class"),
    (0, b"PAR1", "Parquet"),
    (0, b"ARROW1\x00", "Arrow"),
    (0, b"Obj\x01", "Avro"),
    (0, b"SQLite format 3\x00", "SQLite"),
    (0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "OLE (old Office)"),
];

/// Refuses data known by its first bytes.
pub(super) fn refuse_by_signature(bytes: &[u8]) -> Result<(), NotText> {
    for &(offset, signature, kind) in SIGNATURES {
        if matches_at(bytes, offset, signature) && (is_certain(signature) || refuse_by_nuls(bytes).is_err()) {
            return Err(NotText::Binary { kind, offset });
        }
    }
    Ok(())
}

/// Whether the signature stands there; `?` stands for any byte.
fn matches_at(bytes: &[u8], offset: usize, signature: &[u8]) -> bool {
    let found = bytes.get(offset..offset + signature.len());
    found.is_some_and(|found| found.iter().zip(signature).all(|(b, s)| b == s || *s == b'?'))
}

/// Whether no text starts so: PDF, and what is long or not made of printable ASCII alone.
fn is_certain(signature: &[u8]) -> bool {
    signature == b"%PDF-" || signature.len() >= 10 || signature.iter().any(|b| !matches!(b, b' '..=b'~'))
}

/// Refuses bytes with too many NULs, wherever they are.
pub(super) fn refuse_by_nuls(bytes: &[u8]) -> Result<(), NotText> {
    let Some(offset) = memchr::memchr(0, bytes) else { return Ok(()) };
    let nuls = memchr::memchr_iter(0, &bytes[offset..]).count();
    let few = nuls <= FEW_NULS && nuls * BYTES_PER_FEW_NULS <= bytes.len();
    if few || nuls.saturating_mul(BYTES_PER_NUL) <= bytes.len() {
        return Ok(());
    }
    Err(NotText::Binary { kind: "binary", offset })
}

/// Refuses a text that was decoded from `bytes` and has too many control characters, or faults in a guessed encoding.
pub(super) fn refuse_by_controls(bytes: &[u8], decoded: &Decoded<'_>) -> Result<(), NotText> {
    let (mut chars, mut controls) = (0_usize, 0_usize);
    for c in decoded.text.chars() {
        chars += 1;
        controls += usize::from(is_control(c));
    }
    let guessed = decoded.encoding.source == EncodingSource::Detected;
    let faulty = guessed && decoded.encoding.replacements.saturating_mul(CHARS_PER_FAULT) > chars;
    if !faulty && (controls <= FEW_CONTROLS || controls.saturating_mul(CHARS_PER_CONTROL) <= chars) {
        return Ok(());
    }
    let sign = |b: &u8| is_control(char::from(*b)) || *b == 0xFF;
    Err(NotText::Binary { kind: "binary", offset: bytes.iter().position(sign).unwrap_or(0) })
}

/// Controls that text does not have: all but white space, the backspace of overstruck manual pages and the escape of
/// terminal colours.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\u{08}'..='\u{0D}' | '\u{1B}' | '\u{85}')
}

/// Refuses text in EBCDIC, which no browser decodes and which reads as Cyrillic in IBM866 to a detector.
///
/// To be asked only when nobody declared an encoding and the bytes are neither UTF-8 nor UTF-16.
pub(super) fn refuse_ebcdic(bytes: &[u8]) -> Result<(), NotText> {
    let Some(offset) = memchr::memchr(EBCDIC_SPACE, bytes) else { return Ok(()) };
    // ASCII and all that extends it would have spaces or line ends; Shift_JIS and Big5 have 40 in their own wide space.
    if bytes.len() < LEAST_EBCDIC || memchr::memchr2(b' ', b'\n', bytes).is_some() {
        return Ok(());
    }
    let spaces = memchr::memchr_iter(EBCDIC_SPACE, bytes).count();
    let letters = bytes.iter().filter(|b| is_ebcdic_letter(**b)).count();
    let words = spaces.saturating_mul(BYTES_PER_EBCDIC_SPACE) >= bytes.len();
    if words && (spaces + letters).saturating_mul(100) >= bytes.len().saturating_mul(EBCDIC_PERCENT) {
        return Err(NotText::Binary { kind: "EBCDIC", offset });
    }
    Ok(())
}

/// Whether a byte is a letter or a digit in every code page of EBCDIC.
fn is_ebcdic_letter(b: u8) -> bool {
    matches!(b, 0x81..=0x89 | 0x91..=0x99 | 0xA2..=0xA9 | 0xC1..=0xC9 | 0xD1..=0xD9 | 0xE2..=0xE9 | 0xF0..=0xF9)
}

/// The same error for bytes that start `by` further on.
pub(super) fn moved(error: NotText, by: usize) -> NotText {
    match error {
        NotText::Binary { kind, offset } => NotText::Binary { kind, offset: offset + by },
        other => other,
    }
}
