//! How rows and fields are told apart.

/// The signs of a delimited text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between two fields.
    pub delimiter: u8,
    /// What ends a row.
    pub terminator: Terminator,
    /// Whether a quote at the beginning of a field quotes it.
    pub quoting: bool,
}

/// What ends a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminator {
    /// LF or CRLF; a CR anywhere else is text.
    Lf,
    /// CR; LF is text.
    Cr,
}

impl Terminator {
    /// The byte that ends a row.
    pub fn byte(self) -> u8 {
        match self {
            Terminator::Lf => b'\n',
            Terminator::Cr => b'\r',
        }
    }
}

/// The delimiters that are told from a header, in order of precedence among equals.
const DELIMITERS: [u8; 4] = [b'\t', b',', b';', b'|'];

impl Dialect {
    /// Fields between commas.
    pub const CSV: Dialect = Dialect { delimiter: b',', terminator: Terminator::Lf, quoting: true };

    /// Fields between tabs, quoted as in CSV.
    pub const TSV: Dialect = Dialect { delimiter: b'\t', ..Dialect::CSV };

    /// The dialect of a text that begins with these bytes; a delimiter that is given is not guessed.
    ///
    /// Of tab, comma, semicolon and bar, the one that is most often in the header outside of quotes is the delimiter; a
    /// comma if there is none.
    pub fn of_header(sample: &[u8], given: Option<u8>) -> Dialect {
        let mut counts = [0_usize; DELIMITERS.len()];
        let mut terminator = Terminator::Lf;
        let mut quoted = false;
        let mut bytes = without_mark(sample).iter().peekable();
        while let Some(byte) = bytes.next() {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => break,
                b'\r' if !quoted => {
                    if bytes.peek().is_some_and(|next| **next != b'\n') {
                        terminator = Terminator::Cr;
                    }
                    break;
                }
                _ => {
                    for (count, delimiter) in counts.iter_mut().zip(DELIMITERS) {
                        *count += usize::from(*byte == delimiter && !quoted);
                    }
                }
            }
        }
        Dialect { delimiter: given.unwrap_or_else(|| most_frequent(counts)), terminator, quoting: true }
    }
}

fn most_frequent(counts: [usize; DELIMITERS.len()]) -> u8 {
    let most = counts.into_iter().max().unwrap_or(0);
    let found = DELIMITERS.into_iter().zip(counts).find(|(_, count)| *count == most && most > 0);
    found.map_or(b',', |(delimiter, _)| delimiter)
}

/// The bytes without the byte order mark of UTF-8 that a file may begin with.
pub fn without_mark(start: &[u8]) -> &[u8] {
    start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_told_from_the_header() {
        for (header, delimiter) in [
            ("id,text,url\n1;2;3;4;5\n", b','),
            ("id;text;url\n", b';'),
            ("id\ttext, plain\n", b'\t'),
            ("id|text", b'|'),
            ("text\n", b','),
            ("", b','),
            ("\u{feff}\"a,b,c\";text\n", b';'),
        ] {
            assert_eq!(Dialect::of_header(header.as_bytes(), None).delimiter, delimiter, "{header}");
        }
        assert_eq!(Dialect::of_header(b"id,text;x\n", Some(b';')).delimiter, b';');
    }

    #[test]
    fn cr_ends_rows_where_it_ends_the_header() {
        let of = |header: &[u8]| Dialect::of_header(header, None).terminator;
        assert_eq!(of(b"id,text\r1,a\r"), Terminator::Cr);
        assert_eq!(of(b"id,text\r\n1,a\r"), Terminator::Lf);
        assert_eq!(of(b"id,\"te\rxt\"\n1,a\r"), Terminator::Lf);
        assert_eq!(of(b"id,text\r"), Terminator::Lf);
    }
}
