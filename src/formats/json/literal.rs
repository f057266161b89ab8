//! String literals: what they stand for, and how text is cut from them.

use std::borrow::Cow;
use std::ops::Range;
use std::str;

use memchr::memchr;

use super::super::splice::{self, Decoded, Flaw, Misplaced, Piece, Returned};

/// A string as it stands in a line, without its quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Literal<'b> {
    raw: &'b [u8],
    start: usize,
}

impl<'b> Literal<'b> {
    /// A literal that the scanner has checked.
    pub(super) fn new(raw: &'b [u8], start: usize) -> Literal<'b> {
        Literal { raw, start }
    }

    /// The bytes between the quotes.
    pub fn raw(&self) -> &'b [u8] {
        self.raw
    }

    /// Where the raw bytes stand in the line.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.raw.len()
    }

    /// The text that the literal stands for.
    ///
    /// Returns U+FFFD for each surrogate without a partner and for each sequence that is not UTF-8, and counts them.
    pub fn decode(&self) -> Decoded<'b> {
        if !self.is_escaped()
            && let Ok(text) = simdutf8::basic::from_utf8(self.raw)
        {
            return Decoded { text: Cow::Borrowed(text), lone_surrogates: 0, malformed: 0 };
        }
        splice::decode(self.pieces(), self.raw.len())
    }

    /// Appends the raw bytes without what stands for the given ranges of the decoded text.
    ///
    /// The ranges are sorted, disjoint and on character borders. What is kept is kept as it is written, escapes and
    /// malformed bytes, too. Only where a deletion would join two halves of a surrogate pair, or two pieces of a
    /// malformed sequence, which are read as U+FFFD each, is the second half written as U+FFFD.
    pub fn cut(&self, ranges: impl Iterator<Item = Range<usize>>, out: &mut Vec<u8>) {
        splice::cut(self.pieces(), ranges, out);
    }

    /// Where in the raw bytes those stand that stand for the given ranges of the decoded text: what [`Literal::cut`] deletes.
    pub fn raw_ranges(&self, ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
        splice::raw_ranges(self.pieces(), ranges)
    }

    /// Appends the raw bytes with removals where they stood: the reverse of [`Literal::cut`].
    ///
    /// A removal without raw bytes of its own is written in the plain way: quotes, backslashes and control characters are
    /// escaped, as short as can be, and nothing else.
    ///
    /// # Errors
    /// When a removal has no place in the text.
    pub fn insert<'r>(&self, removed: impl Iterator<Item = Returned<'r>>, out: &mut Vec<u8>) -> Result<(), Misplaced> {
        let write = |removal: &Returned<'_>, out: &mut Vec<u8>| match removal.raw {
            Some(raw) => out.extend_from_slice(raw.as_bytes()),
            None => write_plain(removal.text, out),
        };
        splice::insert(self.pieces(), removed, write, out)
    }

    /// How each range of the decoded text is written, where that is not the plain way and is UTF-8: what [`Literal::insert`]
    /// needs beside the text. Nothing at all where no range is written otherwise.
    pub fn spellings(&self, text: &str, ranges: impl Iterator<Item = Range<usize>> + Clone) -> Vec<Option<&'b str>> {
        if !self.is_escaped() {
            return Vec::new();
        }
        let mut plain = Vec::new();
        let raw = splice::raw_ranges(self.pieces(), ranges.clone());
        let spelling = |(raw, range): (Range<usize>, Range<usize>)| {
            plain.clear();
            write_plain(text.get(range)?, &mut plain);
            let raw = self.raw.get(raw)?;
            if raw == plain { None } else { str::from_utf8(raw).ok() }
        };
        raw.into_iter().zip(ranges).map(spelling).collect()
    }

    /// Whether the literal stands for exactly this text; nothing is decoded further than the two agree.
    pub(super) fn is(&self, text: &str) -> bool {
        if !self.is_escaped() {
            return self.raw == text.as_bytes();
        }
        let mut rest = text;
        for piece in self.pieces() {
            let behind = match piece {
                Piece::Plain(plain) => rest.strip_prefix(plain),
                Piece::Escape(_, character) => rest.strip_prefix(character),
                Piece::Flawed(..) => None,
            };
            match behind {
                Some(behind) => rest = behind,
                None => return false,
            }
        }
        rest.is_empty()
    }

    fn is_escaped(&self) -> bool {
        memchr(b'\\', self.raw).is_some()
    }

    fn pieces(&self) -> Pieces<'b> {
        match simdutf8::basic::from_utf8(self.raw) {
            Ok(text) => Pieces { text, run: &[], rest: &[] },
            Err(_) => Pieces { text: "", run: &[], rest: self.raw },
        }
    }
}

/// The pieces of a literal, in order and without gaps.
#[derive(Clone, Debug)]
struct Pieces<'b> {
    /// What is left where all of it is UTF-8, so that no stretch of it has to be looked at again.
    text: &'b str,
    /// Elsewhere, what is left of a run without backslashes.
    run: &'b [u8],
    /// What stands behind the run.
    rest: &'b [u8],
}

impl<'b> Iterator for Pieces<'b> {
    type Item = Piece<'b>;

    fn next(&mut self) -> Option<Piece<'b>> {
        if !self.text.is_empty() {
            return Some(self.next_of_text());
        }
        if self.run.is_empty() {
            if self.rest.first() == Some(&b'\\') {
                let (piece, len) = escape(self.rest);
                self.rest = self.rest.get(len..).unwrap_or_default();
                return Some(piece);
            }
            let len = run_len(self.rest);
            (self.run, self.rest) = self.rest.split_at(len);
        }
        let (piece, behind) = splice::plain_piece(self.run)?;
        self.run = behind;
        Some(piece)
    }
}

impl<'b> Pieces<'b> {
    fn next_of_text(&mut self) -> Piece<'b> {
        let bytes = self.text.as_bytes();
        if bytes.first() != Some(&b'\\') {
            let (plain, behind) = self.text.split_at(run_len(bytes));
            self.text = behind;
            return Piece::Plain(plain);
        }
        let (piece, len) = escape(bytes);
        match self.text.get(len..) {
            Some(behind) => self.text = behind,
            // An escape of what cannot be escaped, amid a character.
            None => (self.text, self.rest) = ("", bytes.get(len..).unwrap_or_default()),
        }
        piece
    }
}

/// Appends a text as most programs write it into a literal, if they leave what is not ASCII as it is.
fn write_plain(text: &str, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for &byte in text.as_bytes() {
        let short = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x8 => b'b',
            0xc => b'f',
            0..0x20 => {
                out.extend_from_slice(b"\\u00");
                out.extend([byte >> 4, byte & 0xf].map(|digit| DIGITS[usize::from(digit)]));
                continue;
            }
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend([b'\\', short]);
    }
}

/// How many bytes there are before the next backslash.
fn run_len(bytes: &[u8]) -> usize {
    // Between escaped letters there is often one space, for which a search costs too much.
    let near = bytes.iter().take(4).position(|byte| *byte == b'\\');
    near.or_else(|| memchr(b'\\', bytes)).unwrap_or(bytes.len())
}

/// The escape that `bytes` begin with, and its length.
fn escape(bytes: &[u8]) -> (Piece<'_>, usize) {
    let meaning = match bytes.get(1) {
        Some(b'u') => return unicode_escape(bytes),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(byte) => char::from(*byte),
        None => '\\',
    };
    let raw = bytes.get(..2).unwrap_or(bytes);
    (Piece::Escape(raw, meaning), raw.len())
}

/// `\uXXXX`, or two of them that are a surrogate pair.
fn unicode_escape(bytes: &[u8]) -> (Piece<'_>, usize) {
    let unit = code_unit(bytes).unwrap_or(u32::from(char::REPLACEMENT_CHARACTER));
    let one = bytes.get(..6).unwrap_or(bytes);
    if let Some(character) = char::from_u32(unit) {
        return (Piece::Escape(one, character), one.len());
    }
    match (bytes.get(..12), bytes.get(6..).and_then(code_unit)) {
        (Some(two), Some(low @ 0xDC00..=0xDFFF)) if unit < 0xDC00 => {
            let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            (Piece::Escape(two, character), two.len())
        }
        _ => (Piece::Flawed(one, Flaw::LoneSurrogate), one.len()),
    }
}

/// The UTF-16 code unit that `\uXXXX` stands for.
fn code_unit(bytes: &[u8]) -> Option<u32> {
    let [b'\\', b'u', digits @ ..] = bytes else {
        return None;
    };
    let unit = digits.get(..4)?.iter().fold(0, |unit, digit| unit << 4 | HEX[usize::from(*digit)]);
    (unit <= 0xFFFF).then_some(unit)
}

/// Marks what is no digit; it stays above the digits whatever is shifted in.
const NO_DIGIT: u32 = 0x1_0000;

/// What each byte is worth as a hexadecimal digit, since digits and letters alternate so that no branch is foreseen.
const HEX: [u32; 256] = {
    let mut worth = [NO_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        worth[b"0123456789abcdef"[digit] as usize] = digit as u32;
        worth[b"0123456789ABCDEF"[digit] as usize] = digit as u32;
        digit += 1;
    }
    worth
};

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "lists of ranges are meant")]
mod tests {
    use super::*;

    fn literal(raw: &[u8]) -> Literal<'_> {
        Literal::new(raw, 0)
    }

    fn cut(raw: &[u8], ranges: &[Range<usize>]) -> Vec<u8> {
        let mut out = Vec::new();
        literal(raw).cut(ranges.iter().cloned(), &mut out);
        out
    }

    #[test]
    fn a_literal_without_escapes_is_borrowed() {
        assert!(matches!(literal("so gut wie Käse".as_bytes()).decode().text, Cow::Borrowed(_)));
    }

    #[test]
    fn escapes_stand_for_characters() {
        let decoded = literal(br#"\"\\\/\b\f\n\r\t\u0000\u00E9\u20ac\ud83d\ude00 \uD83D\uDE00"#).decode();
        assert_eq!(decoded.text, "\"\\/\u{8}\u{c}\n\r\t\0é€😀 😀");
        assert_eq!((decoded.lone_surrogates, decoded.malformed), (0, 0));
    }

    #[test]
    fn lone_surrogates_are_replaced_and_counted() {
        let decoded = literal(br"a\ud83d b\ude00\ud83d\u0041\ud83d\ud83d\ude00\ud83d").decode();
        assert_eq!(decoded.text, "a\u{fffd} b\u{fffd}\u{fffd}A\u{fffd}😀\u{fffd}");
        assert_eq!(decoded.lone_surrogates, 5);
    }

    #[test]
    fn malformed_bytes_are_replaced_and_counted() {
        let decoded = literal(b"caf\xe9 \\n\xe2\x82\\u00e9\xff").decode();
        assert_eq!(decoded.text, "caf\u{fffd} \n\u{fffd}é\u{fffd}");
        assert_eq!(decoded.malformed, 3);
    }

    #[test]
    fn escapes_around_a_cut_stay_as_they_are() {
        let raw = br"Home\nA \u0042\/\ud83d\ude00 c.\u000aShare";
        assert_eq!(literal(raw).decode().text, "Home\nA B/😀 c.\nShare");
        assert_eq!(cut(raw, &[0..5, 17..22]), br"A \u0042\/\ud83d\ude00 c.\u000a");
        assert_eq!(cut(raw, &[9..13]), br"Home\nA \u0042\/ c.\u000aShare".as_slice());
        assert_eq!(cut(raw, &[4..5, 7..9]), br"HomeA \ud83d\ude00 c.\u000aShare");
    }

    #[test]
    fn a_lone_surrogate_stays_an_escape() {
        assert_eq!(cut(br"Share \udc00 end", &[0..6]), br"\udc00 end");
        assert_eq!(cut(br"Share \udc00 end", &[6..9]), b"Share  end");
    }

    #[test]
    fn two_halves_do_not_become_a_pair() {
        let out = cut(br"\ud83dX\ude00", &[3..4]);
        assert_eq!(literal(&out).decode().text, "\u{fffd}\u{fffd}");
        assert!(out.starts_with(br"\ud83d"));
    }

    /// Cuts ranges and puts them back from their texts and spellings.
    fn there_and_back(raw: &[u8], ranges: &[Range<usize>]) -> Vec<u8> {
        let whole = literal(raw);
        let text = whole.decode().text;
        let mut spellings = whole.spellings(&text, ranges.iter().cloned()).into_iter();
        let removed = ranges.iter().map(|range| Returned {
            start: range.start,
            text: &text[range.clone()],
            raw: spellings.next().flatten(),
        });
        let mut out = Vec::new();
        literal(&cut(raw, ranges)).insert(removed, &mut out).expect("a place for each");
        out
    }

    #[test]
    fn what_was_cut_goes_back_as_it_was_written() {
        let raw = br#"Home\nA \u0042\/\ud83d\ude00 c.\u000aSh\u00e9re \"x\" \u001f\b / \ud800"#;
        let len = literal(raw).decode().text.len();
        for ranges in [vec![0..5, 17..22], vec![9..13], vec![4..5, 7..9], vec![0..len], vec![len - 3..len], vec![0..0]]
        {
            assert_eq!(there_and_back(raw, &ranges), raw, "{ranges:?}");
        }
    }

    #[test]
    fn only_what_is_written_in_an_unusual_way_is_spelt() {
        let spellings = |raw: &'static [u8], range: Range<usize>| {
            let literal = literal(raw);
            literal.spellings(&literal.decode().text, [range].into_iter())
        };
        assert_eq!(spellings("Käse".as_bytes(), 0..5), []);
        assert_eq!(spellings(br#"K\u00e4se \"a\" \\ \n\u001f"#, 5..13), [None]);
        assert_eq!(spellings(br#"K\u00e4se"#, 0..3), [Some(r"K\u00e4")]);
        assert_eq!(spellings(br"a\/b", 0..3), [Some(r"a\/b")]);
    }

    #[test]
    fn a_removal_without_a_place_is_an_error() {
        let put = |start| {
            let removed = [Returned { start, text: "x", raw: None }].into_iter();
            literal(br"a\u00e9b").insert(removed, &mut Vec::new())
        };
        assert_eq!((put(0), put(1), put(3), put(4)), (Ok(()), Ok(()), Ok(()), Ok(())));
        assert_eq!((put(2), put(5)), (Err(Misplaced { start: 2 }), Err(Misplaced { start: 5 })));
    }

    #[test]
    fn keys_compare_by_what_they_stand_for() {
        assert!(literal(br"te\u0078t").is("text"));
        assert!(literal(b"text").is("text"));
        for other in [br"te\u0078".as_slice(), br"te\u0078t2", br"\ud800", b"Text", b""] {
            assert!(!literal(other).is("text"));
        }
        assert!(!literal(br"\ud800").is("\u{fffd}"));
    }
}
