//! The transfer coding `chunked` (RFC 9112, section 7.1), undone.

use super::fields::{Lines, line_len};

/// The longest line with a chunk's size; extensions are all but unknown.
const MAX_SIZE_LINE: usize = 256;

/// A body whose head says that it comes in chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chunks {
    /// It does; without the chunks' sizes it is this.
    Whole(Vec<u8>),
    /// It does so at first, one whole chunk at least; what comes behind the break stands as it was.
    Broken(Vec<u8>),
    /// It does not.
    None,
}

impl Chunks {
    /// Joins the chunks.
    pub(super) fn of(body: &[u8]) -> Chunks {
        let mut joined = Vec::with_capacity(body.len());
        let mut rest = body;
        while let Some(chunk) = Chunk::first(rest) {
            joined.extend_from_slice(chunk.data);
            rest = chunk.behind;
            if chunk.data.is_empty() {
                // Trailers and a blank line; what stands behind them is of no message.
                return match Lines::new(rest).all(|line| line.name().is_some()) {
                    true => Chunks::Whole(joined),
                    false => Chunks::None,
                };
            }
        }
        if joined.is_empty() {
            return Chunks::None;
        }
        joined.extend_from_slice(behind_break(rest));
        Chunks::Broken(joined)
    }
}

/// What a chunk of a wrong size and all behind it hold, without this size and the last chunk's, if they are there.
fn behind_break(rest: &[u8]) -> &[u8] {
    let content = size_line(rest).map_or(rest, |(_, behind)| behind);
    content.strip_suffix(b"\r\n0\r\n\r\n").unwrap_or(content)
}

struct Chunk<'b> {
    data: &'b [u8],
    behind: &'b [u8],
}

impl<'b> Chunk<'b> {
    /// The chunk that the first line begins, if it is whole and its line end or nothing follows; one without data is
    /// the last.
    fn first(bytes: &'b [u8]) -> Option<Chunk<'b>> {
        let (size, behind) = size_line(bytes)?;
        if size == 0 {
            return Some(Chunk { data: &[], behind });
        }
        let (data, behind) = behind.split_at_checked(usize::try_from(size).ok()?)?;
        match behind {
            [b'\r', b'\n', behind @ ..] | [b'\n', behind @ ..] | behind @ [] => Some(Chunk { data, behind }),
            _ => None,
        }
    }
}

/// The size that the first line says, and what stands behind the line.
fn size_line(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let len = line_len(bytes.get(..MAX_SIZE_LINE).unwrap_or(bytes));
    let (line, behind) = bytes.split_at_checked(len)?;
    let line = line.strip_suffix(b"\n")?;
    let digits = std::str::from_utf8(line.split(|&byte| byte == b';').next()?.trim_ascii()).ok()?;
    let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| u64::from_str_radix(digits, 16).ok())?.map(|size| (size, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Chunks {
        Chunks::Whole(text.into())
    }

    #[test]
    fn chunks_are_joined() {
        assert_eq!(Chunks::of(b"5\r\nhello\r\n6 ;x=y\r\n world\r\n0\r\nA: b\r\n\r\n"), whole("hello world"));
        assert_eq!(Chunks::of(b"00A\nhelloworld\n0\n\n"), whole("helloworld"));
        assert_eq!(Chunks::of(b"0\r\n\r\n"), whole(""));
    }

    #[test]
    fn what_only_says_that_it_is_chunked_is_none() {
        for body in [
            &b"<html>"[..],
            b"",
            b"5\r\nhello world",
            b"FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
            b"10000000000000005\r\nhello\r\n0\r\n\r\n",
            b"5",
            b"-5\r\nhello\r\n",
            b"add\nsome flour",
            b"0\r\nNo trailer but text.",
        ] {
            assert_eq!(Chunks::of(body), Chunks::None, "{}", body.escape_ascii());
        }
    }

    #[test]
    fn chunks_that_break_off_give_the_rest_as_it_stands() {
        let broken = |text: &str| Chunks::Broken(text.into());
        assert_eq!(Chunks::of(b"5\r\nhello\r\n6\r\n wor"), broken("hello wor"));
        assert_eq!(Chunks::of(b"5\r\nhello\r\n"), broken("hello"));
        assert_eq!(Chunks::of(b"5\r\nhello"), broken("hello"));
        assert_eq!(Chunks::of(b"5\r\nhello\r\nworld"), broken("helloworld"));
        assert_eq!(Chunks::of(b"5\r\nhello\r\n2\r\nworld\r\n0\r\n\r\n"), broken("helloworld"));
    }
}
