//! Lines as byte ranges, so that cutting never rewrites a line end.

use std::ops::Range;

/// One line: its content and the terminator behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LineSpan {
    /// First byte of the content.
    pub(crate) start: usize,
    /// First byte behind the content.
    pub(crate) end: usize,
    /// First byte of the next line.
    pub(crate) next: usize,
}

impl LineSpan {
    /// The bytes of the line without its terminator.
    pub(crate) fn content(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The lines of a text, in order and without gaps.
///
/// Lines end in LF or CRLF, and in CR only where the text has no LF at all; no other character ends a line, since
/// U+2028, U+0085, VT and FF occur inside paragraphs of real dumps. Text behind the last terminator is a line of its own;
/// an empty rest is not.
pub(crate) fn lines(text: &str) -> Vec<LineSpan> {
    let bytes = text.as_bytes();
    let terminator = if memchr::memchr(b'\n', bytes).is_some() { b'\n' } else { b'\r' };
    let mut lines = Vec::with_capacity(bytes.len() / 80 + 1);
    let mut start = 0;
    for at in memchr::memchr_iter(terminator, bytes) {
        let end = if terminator == b'\n' && at > start && bytes[at - 1] == b'\r' { at - 1 } else { at };
        lines.push(LineSpan { start, end, next: at + 1 });
        start = at + 1;
    }
    if start < bytes.len() {
        lines.push(LineSpan { start, end: bytes.len(), next: bytes.len() });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<&str> {
        lines(text).iter().map(|line| &text[line.content()]).collect()
    }

    #[test]
    fn lines_end_in_lf_or_crlf() {
        assert_eq!(contents("one\ntwo\r\nthree"), ["one", "two", "three"]);
        assert_eq!(contents("one\n\ntwo\n"), ["one", "", "two"]);
        assert_eq!(contents(""), [""; 0]);
    }

    #[test]
    fn cr_ends_a_line_only_where_there_is_no_lf() {
        assert_eq!(contents("one\rtwo\r"), ["one", "two"]);
        assert_eq!(contents("one\rtwo\nthree"), ["one\rtwo", "three"]);
        assert_eq!(contents("a\r\r\nb\n"), ["a\r", "b"]);
    }

    #[test]
    fn other_separators_are_text() {
        assert_eq!(contents("a\u{2028}b\u{85}c\u{b}d\u{c}e"), ["a\u{2028}b\u{85}c\u{b}d\u{c}e"]);
    }

    #[test]
    fn lines_cover_the_text_without_gaps() {
        let text = "a\r\n\r\n\n b\nc";
        let spans = lines(text);
        assert_eq!(spans.first().map(|line| line.start), Some(0));
        assert_eq!(spans.last().map(|line| line.next), Some(text.len()));
        assert!(spans.windows(2).all(|pair| pair[0].next == pair[1].start));
    }
}
