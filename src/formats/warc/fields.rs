//! The lines of a header, WARC's or HTTP's: `Name: value`, which the next lines go on with if they begin with a blank.

use std::borrow::Cow;

use memchr::memchr;

/// One line of a header, with the lines that were folded off it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'b> {
    bytes: &'b [u8],
}

impl<'b> Line<'b> {
    /// The line as it stands, with its line end.
    pub fn bytes(self) -> &'b [u8] {
        self.bytes
    }

    /// What stands before the colon; `None` for a line without one.
    pub fn name(self) -> Option<&'b [u8]> {
        let (name, _) = self.bytes.split_at(self.colon()?);
        Some(name.trim_ascii())
    }

    /// What stands behind the colon, without blanks around it; folds become one space. Empty for a line without a
    /// colon.
    pub fn value(self) -> Cow<'b, [u8]> {
        let (_, value, _) = self.parts();
        unfolded(value)
    }

    /// The name with its colon and the blanks behind it, the value as it stands, and the line end with blanks before
    /// it.
    pub(super) fn parts(self) -> (&'b [u8], &'b [u8], &'b [u8]) {
        let colon = self.colon().map_or(self.bytes.len(), |at| at + 1);
        let (name, rest) = self.bytes.split_at(colon);
        let value = rest.trim_ascii();
        let blanks = if value.is_empty() { 0 } else { rest.len() - rest.trim_ascii_start().len() };
        let (before, after) = self.bytes.split_at(name.len() + blanks);
        (before, value, after.get(value.len()..).unwrap_or_default())
    }

    fn colon(self) -> Option<usize> {
        memchr(b':', self.bytes)
    }
}

/// The value with every fold, line end and blanks around it, made one space.
fn unfolded(value: &[u8]) -> Cow<'_, [u8]> {
    if memchr(b'\n', value).is_none() {
        return Cow::Borrowed(value);
    }
    let pieces = value.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii).filter(|piece| !piece.is_empty());
    Cow::Owned(pieces.collect::<Vec<_>>().join(&b' '))
}

/// The lines of a header one by one, up to the blank line that ends it; see [`Header::lines`](super::Header::lines).
#[derive(Clone, Debug)]
pub struct Lines<'b> {
    rest: &'b [u8],
}

impl<'b> Lines<'b> {
    /// Goes over lines that begin with the first byte of `bytes`.
    pub(super) fn new(bytes: &'b [u8]) -> Lines<'b> {
        Lines { rest: bytes }
    }

    /// The first value that is not empty under a name, whatever the case of its letters.
    pub(super) fn find(self, name: &[u8]) -> Option<Cow<'b, [u8]>> {
        self.named(name).map(Line::value).find(|value| !value.is_empty())
    }

    /// All lines of a name, whatever the case of its letters.
    pub(super) fn named(self, name: &[u8]) -> impl Iterator<Item = Line<'b>> {
        self.filter(move |line| line.name().is_some_and(|found| found.eq_ignore_ascii_case(name)))
    }
}

impl<'b> Iterator for Lines<'b> {
    type Item = Line<'b>;

    fn next(&mut self) -> Option<Line<'b>> {
        let mut len = line_len(self.rest);
        if is_blank(self.rest.get(..len)?) {
            self.rest = &[];
            return None;
        }
        while let Some(behind @ [b' ' | b'\t', ..]) = self.rest.get(len..) {
            len += line_len(behind);
        }
        let (bytes, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(Line { bytes })
    }
}

/// The length of the first line with its line end; all bytes if none ends.
pub(super) fn line_len(bytes: &[u8]) -> usize {
    memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1)
}

/// Whether a line is nothing but its line end, or nothing at all.
pub(super) fn is_blank(line: &[u8]) -> bool {
    matches!(line, b"" | b"\n" | b"\r\n")
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Lines::new(bytes).map(|line| (text(line.name().unwrap_or(b"-")), text(&line.value()))).collect()
    }

    #[test]
    fn lines_end_at_the_blank_line() {
        assert_eq!(read(b"A: 1\r\nB:2 \n\r\nC: 3\r\n"), [("A".into(), "1".into()), ("B".into(), "2".into())]);
    }

    #[test]
    fn folded_lines_are_one() {
        assert_eq!(read(b"A: x\r\n y\r\n\t z \r\nB: 2\r\n"), [("A".into(), "x y z".into()), ("B".into(), "2".into())]);
    }

    #[test]
    fn a_line_without_a_colon_has_no_name() {
        assert_eq!(read(b"word\nA: b:c"), [("-".into(), String::new()), ("A".into(), "b:c".into())]);
    }

    #[test]
    fn the_parts_of_a_line_are_the_line() {
        for bytes in [&b"A: 1\r\n"[..], b"A :  x\r\n y \r\n", b"A:\r\n", b"word\r\n", b"A: 1"] {
            let line = Lines::new(bytes).next().expect("a line");
            let (before, value, after) = line.parts();
            assert_eq!([before, value, after].concat(), bytes);
        }
    }

    #[test]
    fn a_name_is_found_whatever_its_case() {
        let lines = Lines::new(b"X: \r\nx: 1\r\nX: 2\r\n");
        assert_eq!(lines.clone().find(b"X").as_deref(), Some(&b"1"[..]));
        assert_eq!(lines.find(b"Y"), None);
    }
}
