//! Raw text as pieces that stand for decoded text, and how ranges of the one are deleted from the other.
//!
//! A string literal of JSON and a field of CSV are both text in which some bytes stand for others. Once such a value is
//! told as pieces, decoding and cutting are the same for both.

use std::borrow::Cow;
use std::ops::Range;
use std::str;

/// The decoded text of a value, and what had to be replaced in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, borrowed where the raw bytes are the text.
    pub text: Cow<'b, str>,
    /// Escapes of surrogates without a partner, each of which became U+FFFD.
    pub lone_surrogates: usize,
    /// Sequences of bytes that are not UTF-8, each of which became U+FFFD.
    pub malformed: usize,
}

/// A stretch of a raw value, and what it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'b> {
    /// Text that stands for itself.
    Plain(&'b str),
    /// Bytes that stand for one character.
    Escape(&'b [u8], char),
    /// Bytes that stand for no character, and are read as U+FFFD.
    Flawed(&'b [u8], Flaw),
}

/// Why bytes stand for no character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// The escape of half a character.
    LoneSurrogate,
    /// Bytes that are not UTF-8.
    Malformed,
}

/// The first piece of bytes in which nothing is escaped, and the bytes behind it; `None` where there are none.
///
/// Malformed sequences are told apart as the Encoding Standard's UTF-8 decoder does.
pub(crate) fn plain_piece(bytes: &[u8]) -> Option<(Piece<'_>, &[u8])> {
    if bytes.is_empty() {
        return None;
    }
    let error = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => return Some((Piece::Plain(text), &[])),
        Err(error) => error,
    };
    let (valid, behind) = bytes.split_at(error.valid_up_to());
    if let Ok(text) = simdutf8::basic::from_utf8(valid)
        && !text.is_empty()
    {
        return Some((Piece::Plain(text), behind));
    }
    let (flawed, behind) = behind.split_at(error.error_len().unwrap_or(behind.len()).min(behind.len()));
    Some((Piece::Flawed(flawed, Flaw::Malformed), behind))
}

/// The text that pieces stand for; `raw_len` is how many bytes they have together.
pub(crate) fn decode<'b>(pieces: impl Iterator<Item = Piece<'b>>, raw_len: usize) -> Decoded<'b> {
    let mut text = String::with_capacity(raw_len);
    let (mut lone_surrogates, mut malformed) = (0, 0);
    for piece in pieces {
        match piece {
            Piece::Plain(plain) => text.push_str(plain),
            Piece::Escape(_, character) => text.push(character),
            Piece::Flawed(_, flaw) => {
                text.push(char::REPLACEMENT_CHARACTER);
                match flaw {
                    Flaw::LoneSurrogate => lone_surrogates += 1,
                    Flaw::Malformed => malformed += 1,
                }
            }
        }
    }
    Decoded { text: Cow::Owned(text), lone_surrogates, malformed }
}

/// Appends the raw bytes of pieces without those that stand for the given ranges of the decoded text.
///
/// The ranges are sorted, disjoint and on character borders. What stands for one character goes as a whole, when the
/// first byte of that character does.
pub(crate) fn cut<'b>(
    pieces: impl Iterator<Item = Piece<'b>>,
    ranges: impl Iterator<Item = Range<usize>>,
    out: &mut Vec<u8>,
) {
    let mut cutter = Cutter { ranges: Removed::new(ranges), at: 0, seam: Seam::default(), out };
    for piece in pieces {
        match piece {
            Piece::Plain(text) => cutter.plain(text.as_bytes()),
            Piece::Escape(raw, character) => cutter.whole(raw, character.len_utf8()),
            Piece::Flawed(raw, _) => cutter.flawed(raw),
        }
    }
}

/// A removal that goes back to its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned<'r> {
    /// Where it begins in the whole decoded text.
    pub start: usize,
    /// What was removed, decoded.
    pub text: &'r str,
    /// The raw bytes that stood for it, where they were not those of the plain way of writing.
    pub raw: Option<&'r str>,
}

/// Removals that cannot go back to where they say that they stood: they overlap, or the text ends before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the removal at byte {start} has no place in the text")]
pub struct Misplaced {
    /// Where the removal begins, as it says.
    pub start: usize,
}

/// Appends the raw bytes of pieces, and removals where they stood: the reverse of [`cut`].
///
/// `write` appends the raw bytes of a removal.
///
/// # Errors
/// At the first removal that has no place.
pub(crate) fn insert<'b, 'r>(
    pieces: impl Iterator<Item = Piece<'b>>,
    removed: impl Iterator<Item = Returned<'r>>,
    write: impl Fn(&Returned<'r>, &mut Vec<u8>),
    out: &mut Vec<u8>,
) -> Result<(), Misplaced> {
    let mut removed = removed.peekable();
    let mut at = 0;
    for piece in pieces {
        let (mut raw, is_plain, mut len) = match piece {
            Piece::Plain(text) => (text.as_bytes(), true, text.len()),
            Piece::Escape(raw, character) => (raw, false, character.len_utf8()),
            Piece::Flawed(raw, _) => (raw, false, char::REPLACEMENT_CHARACTER.len_utf8()),
        };
        while let Some(next) = removed.next_if(|next| next.start < at + len) {
            // What stands for one character stands together.
            let before = next.start.checked_sub(at).filter(|&before| is_plain || before == 0);
            let (kept, rest) = before.and_then(|before| raw.split_at_checked(before)).ok_or(Misplaced::of(&next))?;
            out.extend_from_slice(kept);
            write(&next, out);
            (raw, len) = (rest, len - kept.len());
            at = next.start + next.text.len();
        }
        out.extend_from_slice(raw);
        at += len;
    }
    for next in removed {
        if next.start != at {
            return Err(Misplaced::of(&next));
        }
        write(&next, out);
        at += next.text.len();
    }
    Ok(())
}

impl Misplaced {
    fn of(removal: &Returned<'_>) -> Misplaced {
        Misplaced { start: removal.start }
    }
}

/// Where the raw bytes of pieces stand that stand for ranges of the decoded text; the ranges are sorted, disjoint and on
/// character borders.
pub(crate) fn raw_ranges<'b>(
    pieces: impl Iterator<Item = Piece<'b>>,
    ranges: impl Iterator<Item = Range<usize>>,
) -> Vec<Range<usize>> {
    let mut borders = ranges.flat_map(|range| [range.start, range.end]).peekable();
    let (mut found, mut at, mut raw_at) = (Vec::new(), 0, 0);
    for piece in pieces {
        if borders.peek().is_none() {
            break;
        }
        let (raw_len, len) = match piece {
            Piece::Plain(text) => (text.len(), text.len()),
            Piece::Escape(raw, character) => (raw.len(), character.len_utf8()),
            Piece::Flawed(raw, _) => (raw.len(), char::REPLACEMENT_CHARACTER.len_utf8()),
        };
        while let Some(border) = borders.next_if(|&border| border < at + len) {
            found.push(raw_at + border.saturating_sub(at).min(raw_len));
        }
        (at, raw_at) = (at + len, raw_at + raw_len);
    }
    found.extend(borders.map(|_| raw_at));
    found.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect()
}

/// The ranges that go, asked for in ascending order.
struct Removed<R> {
    ranges: R,
    current: Option<Range<usize>>,
}

impl<R: Iterator<Item = Range<usize>>> Removed<R> {
    fn new(mut ranges: R) -> Removed<R> {
        let current = ranges.next();
        Removed { ranges, current }
    }

    /// The first range that ends behind `at`.
    fn behind(&mut self, at: usize) -> Option<&Range<usize>> {
        while self.current.as_ref().is_some_and(|range| range.end <= at) {
            self.current = self.ranges.next();
        }
        self.current.as_ref()
    }

    fn holds(&mut self, at: usize) -> bool {
        self.behind(at).is_some_and(|range| range.start <= at)
    }
}

/// What stands right before the next kept piece.
#[derive(Default)]
struct Seam {
    /// The last kept piece was flawed.
    flawed: bool,
    /// Something was deleted behind it.
    deleted: bool,
}

struct Cutter<'o, R> {
    ranges: Removed<R>,
    /// Offset in the decoded text.
    at: usize,
    seam: Seam,
    out: &'o mut Vec<u8>,
}

impl<R: Iterator<Item = Range<usize>>> Cutter<'_, R> {
    fn plain(&mut self, mut text: &[u8]) {
        while !text.is_empty() {
            let Some(range) = self.ranges.behind(self.at) else {
                return self.keep(text);
            };
            let before = range.start.saturating_sub(self.at).min(text.len());
            let within = range.end.saturating_sub(self.at).clamp(before, text.len()) - before;
            let (kept, rest) = text.split_at(before);
            self.keep(kept);
            self.seam.deleted |= within > 0;
            self.at += within;
            text = rest.get(within..).unwrap_or_default();
        }
    }

    fn keep(&mut self, text: &[u8]) {
        if !text.is_empty() {
            self.out.extend_from_slice(text);
            self.at += text.len();
            self.seam = Seam::default();
        }
    }

    fn whole(&mut self, raw: &[u8], decoded_len: usize) {
        if self.ranges.holds(self.at) {
            self.seam.deleted = true;
        } else {
            self.out.extend_from_slice(raw);
            self.seam = Seam::default();
        }
        self.at += decoded_len;
    }

    /// Two flawed pieces that a deletion makes neighbours could be read as one character: half a surrogate pair and the
    /// other half. The second one is then written as what it is read as.
    fn flawed(&mut self, raw: &[u8]) {
        let mut buffer = [0; 4];
        let replacement = char::REPLACEMENT_CHARACTER.encode_utf8(&mut buffer).as_bytes();
        if self.ranges.holds(self.at) {
            self.seam.deleted = true;
        } else {
            self.out.extend_from_slice(if self.seam.flawed && self.seam.deleted { replacement } else { raw });
            self.seam = Seam { flawed: true, deleted: false };
        }
        self.at += replacement.len();
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "lists of ranges are meant")]
mod tests {
    use super::*;

    fn pieces(mut bytes: &[u8]) -> Vec<Piece<'_>> {
        let mut found = Vec::new();
        while let Some((piece, behind)) = plain_piece(bytes) {
            assert!(behind.len() < bytes.len());
            found.push(piece);
            bytes = behind;
        }
        found
    }

    fn cut_plain(bytes: &[u8], ranges: &[Range<usize>]) -> Vec<u8> {
        let mut out = Vec::new();
        cut(pieces(bytes).into_iter(), ranges.iter().cloned(), &mut out);
        out
    }

    #[test]
    fn malformed_sequences_are_told_apart_as_the_standard_does() {
        for bytes in [b"a\xe2\x82b".as_slice(), b"\xf0\x9f\x98", b"\xed\xa0\x80", b"\xc0\xaf", b"ok", b"\xff\xfeab\xc3"]
        {
            let decoded = decode(pieces(bytes).into_iter(), bytes.len());
            assert_eq!(decoded.text, String::from_utf8_lossy(bytes));
            assert_eq!(decoded.malformed, decoded.text.matches('\u{fffd}').count());
        }
    }

    #[test]
    fn ranges_may_touch_the_ends_and_each_other() {
        assert_eq!(cut_plain(b"abcdef", &[0..1, 1..2, 5..6]), b"cde");
        assert_eq!(cut_plain(b"abcdef", &[0..6]), b"");
        assert_eq!(cut_plain(b"abcdef", &[]), b"abcdef");
        assert_eq!(cut_plain(b"abcdef", &[2..2, 4..99]), b"abcd");
    }

    #[test]
    fn malformed_bytes_stay_as_they_are() {
        assert_eq!(cut_plain(b"a\xe2\x82b\xffc", &[0..1]), b"\xe2\x82b\xffc");
        assert_eq!(cut_plain(b"a\xe2\x82b\xffc", &[1..4]), b"ab\xffc");
    }

    #[test]
    fn a_deletion_makes_no_character_of_two_flawed_pieces() {
        assert_eq!(cut_plain(b"\xe2X\x82\xac", &[3..4]), b"\xe2\xef\xbf\xbd\xac");
        assert_eq!(cut_plain(b"\xe2X\x82\xac", &[]), b"\xe2X\x82\xac");
    }
}
