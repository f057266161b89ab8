//! Fields of a row: what they stand for, and how text is cut from them.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use super::super::splice::{self, Decoded, Misplaced, Piece, Returned};
use super::dialect::Dialect;
use super::error::RecordError;
use super::lex::{Extent, Stop, field_at};

/// A field as it stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'b> {
    raw: &'b [u8],
    start: usize,
    style: Style,
}

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    /// Between quotes, which are not part of the raw bytes.
    Quoted,
    /// Without quotes, but it may have them.
    Bare,
    /// In a dialect that has no quotes.
    Verbatim,
}

/// The fields of one row; nothing comes behind an error.
///
/// # Errors
/// Items are errors where a quote is never closed or text stands behind a closing quote.
pub fn fields(record: &[u8], dialect: Dialect) -> impl Iterator<Item = Result<Field<'_>, RecordError>> {
    let mut start = Some(0);
    std::iter::from_fn(move || {
        let extent = field_at(record, start?, dialect);
        start = (extent.stop == Stop::Delimiter).then_some(extent.next);
        let field = Field::of_extent(record, &extent, dialect);
        start = start.filter(|_| field.is_ok());
        Some(field)
    })
}

impl<'b> Field<'b> {
    fn of_extent(record: &'b [u8], extent: &Extent, dialect: Dialect) -> Result<Field<'b>, RecordError> {
        let start = extent.content.start;
        if extent.stop == Stop::Unclosed {
            return Err(RecordError::UnclosedQuote { offset: start.saturating_sub(1) });
        }
        if let Some(offset) = extent.stray {
            return Err(RecordError::BehindQuote { offset });
        }
        let style = match (extent.quoted, dialect.quoting) {
            (true, _) => Style::Quoted,
            (false, true) => Style::Bare,
            (false, false) => Style::Verbatim,
        };
        Ok(Field { raw: record.get(extent.content.clone()).unwrap_or_default(), start, style })
    }

    /// The bytes of the field, without the quotes around it.
    pub fn raw(&self) -> &'b [u8] {
        self.raw
    }

    /// Where the raw bytes stand in the row.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.raw.len()
    }

    /// Whether the field stands between quotes.
    pub fn is_quoted(&self) -> bool {
        self.style == Style::Quoted
    }

    /// The text that the field stands for.
    ///
    /// Returns U+FFFD for each sequence that is not UTF-8, and counts them.
    pub fn decode(&self) -> Decoded<'b> {
        let has_pairs = self.is_quoted() && memchr(b'"', self.raw).is_some();
        if !has_pairs && let Ok(text) = simdutf8::basic::from_utf8(self.raw) {
            return Decoded { text: Cow::Borrowed(text), lone_surrogates: 0, malformed: 0 };
        }
        splice::decode(self.pieces(), self.raw.len())
    }

    /// Appends the raw bytes without what stands for the given ranges of the decoded text.
    ///
    /// The ranges are sorted, disjoint and on character borders. What is appended takes the place of [`Field::range`],
    /// so a quoted field keeps its quotes. A field without quotes gets them where the rest would be misread: when it
    /// begins with a quote, ends in CR, or is empty, which could be taken for a blank line or for null.
    pub fn cut(&self, ranges: impl Iterator<Item = Range<usize>>, out: &mut Vec<u8>) {
        let start = out.len();
        splice::cut(self.pieces(), ranges, out);
        let kept = out.get(start..).unwrap_or_default();
        let unsafe_bare = kept.is_empty() || kept.starts_with(b"\"") || kept.ends_with(b"\r");
        if self.style == Style::Bare && unsafe_bare && kept != self.raw {
            let kept = out.split_off(start);
            push_quoted(&kept, out);
        }
    }

    /// Where in the raw bytes those stand that stand for the given ranges of the decoded text: what [`Field::cut`] deletes.
    pub fn raw_ranges(&self, ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
        splice::raw_ranges(self.pieces(), ranges)
    }

    /// Appends the raw bytes with removals where they stood: the reverse of [`Field::cut`].
    ///
    /// What is appended takes the place of [`Field::range`]. Removals are written as the field is: in a quoted one, their
    /// quotes are doubled.
    ///
    /// # Errors
    /// When a removal has no place in the text.
    pub fn insert<'r>(&self, removed: impl Iterator<Item = Returned<'r>>, out: &mut Vec<u8>) -> Result<(), Misplaced> {
        let write = |removal: &Returned<'_>, out: &mut Vec<u8>| match self.style {
            Style::Quoted => push_doubled(removal.text.as_bytes(), out),
            Style::Bare | Style::Verbatim => out.extend_from_slice(removal.text.as_bytes()),
        };
        splice::insert(self.pieces(), removed, write, out)
    }

    /// The same for a field that has had no quotes around it until [`Field::cut`] gave it some; what is appended takes the
    /// place of [`Field::quoted_range`].
    ///
    /// # Errors
    /// When a removal has no place in the text.
    pub fn insert_bare<'r>(
        &self,
        removed: impl Iterator<Item = Returned<'r>>,
        out: &mut Vec<u8>,
    ) -> Result<(), Misplaced> {
        let halved = self.pieces().map(|piece| match piece {
            Piece::Escape(pair, quote) => Piece::Escape(&pair[..pair.len().min(1)], quote),
            piece => piece,
        });
        splice::insert(halved, removed, |removal, out| out.extend_from_slice(removal.text.as_bytes()), out)
    }

    /// Where the field stands in the row with the quotes around it.
    pub fn quoted_range(&self) -> Range<usize> {
        let Range { start, end } = self.range();
        if self.is_quoted() { start.saturating_sub(1)..end + 1 } else { start..end }
    }

    fn pieces(&self) -> Pieces<'b> {
        match self.style {
            Style::Quoted => Pieces { run: &[], rest: self.raw },
            Style::Bare | Style::Verbatim => Pieces { run: self.raw, rest: &[] },
        }
    }
}

fn push_quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    push_doubled(text, out);
    out.push(b'"');
}

fn push_doubled(text: &[u8], out: &mut Vec<u8>) {
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
}

/// The pieces of a field, in order and without gaps.
#[derive(Clone, Debug)]
struct Pieces<'b> {
    /// What is left of a run in which quotes stand for themselves.
    run: &'b [u8],
    /// What stands behind the run, in which two quotes are one.
    rest: &'b [u8],
}

impl<'b> Iterator for Pieces<'b> {
    type Item = Piece<'b>;

    fn next(&mut self) -> Option<Piece<'b>> {
        if self.run.is_empty() {
            if self.rest.first() == Some(&b'"') {
                let (pair, behind) = self.rest.split_at(self.rest.len().min(2));
                self.rest = behind;
                return Some(Piece::Escape(pair, '"'));
            }
            let len = memchr(b'"', self.rest).unwrap_or(self.rest.len());
            (self.run, self.rest) = self.rest.split_at(len);
        }
        let (piece, behind) = splice::plain_piece(self.run)?;
        self.run = behind;
        Some(piece)
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "lists of ranges are meant")]
mod tests {
    use super::*;

    fn row(record: &[u8]) -> Vec<Field<'_>> {
        fields(record, Dialect::CSV).collect::<Result<_, _>>().expect("a row")
    }

    /// The row, of which the second field loses the ranges.
    fn cut(record: &str, ranges: &[Range<usize>]) -> String {
        let field = row(record.as_bytes())[1];
        let mut out = record.as_bytes()[..field.range().start].to_vec();
        field.cut(ranges.iter().cloned(), &mut out);
        out.extend_from_slice(&record.as_bytes()[field.range().end..]);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn fields_stand_for_their_text() {
        let texts: Vec<_> = row(b"a,\"b \"\"x\"\",\n\",,d\"\"\xff\r\n").iter().map(Field::decode).collect();
        let plain: Vec<_> = texts.iter().map(|decoded| decoded.text.as_ref()).collect();
        assert_eq!(plain, ["a", "b \"x\",\n", "", "d\"\"\u{fffd}"]);
        assert_eq!(texts[3].malformed, 1);
        assert!(matches!(texts[0].text, Cow::Borrowed(_)));
    }

    #[test]
    fn a_delimiter_at_the_end_has_an_empty_field_behind_it() {
        assert_eq!(row(b"a,\n").len(), 2);
        assert_eq!(row(b"a,").len(), 2);
        assert_eq!(row(b"\n").len(), 1);
    }

    #[test]
    fn a_quoted_field_keeps_its_quotes() {
        assert_eq!(cut("1,\"He \"\"said\"\" so. Share\",x\n", &[3..4, 8..9, 13..19]), "1,\"He said so.\",x\n");
        assert_eq!(cut("1,\"Share\",x\n", &[0..5]), "1,\"\",x\n");
    }

    #[test]
    fn a_bare_field_gets_quotes_only_where_it_needs_them() {
        assert_eq!(cut("1,Share it. Now,x\n", &[0..5]), "1, it. Now,x\n");
        assert_eq!(cut("1,By \"Bo\" x,y\n", &[0..3]), "1,\"\"\"Bo\"\" x\",y\n");
        assert_eq!(cut("1,Share,x\n", &[0..5]), "1,\"\",x\n");
        assert_eq!(cut("1,a\rShare\n", &[2..7]), "1,\"a\r\"\n");
        assert_eq!(cut("1,,x\n", &[]), "1,,x\n");
    }

    #[test]
    fn without_quoting_nothing_is_quoted() {
        let dialect = Dialect { quoting: false, ..Dialect::TSV };
        let field = fields(b"By \"Bo\"\tx", dialect).next().expect("a field").expect("a row");
        let mut out = Vec::new();
        field.cut([0..3].into_iter(), &mut out);
        assert_eq!(out, b"\"Bo\"");
    }

    #[test]
    fn nothing_comes_behind_an_error() {
        let found: Vec<_> = fields(b"a,\"b\"c,d", Dialect::CSV).skip(1).collect();
        assert_eq!(found, [Err(RecordError::BehindQuote { offset: 5 })]);
        let found: Vec<_> = fields(b"a,\"b,c\n", Dialect::CSV).skip(1).collect();
        assert_eq!(found, [Err(RecordError::UnclosedQuote { offset: 2 })]);
    }
}
