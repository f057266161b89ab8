//! What stands where a block should end.

use super::start::{Start, starts_loosely};

/// Blank bytes that are counted to the record before them. The standard has four; more are rare, and passed on as they
/// are.
pub(super) const MAX_BLANKS: usize = 16;

/// As many bytes behind a block tell what its end is.
pub(super) const LOOKAHEAD: usize = MAX_BLANKS + b"WARC/1".len();

/// What stands behind a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    /// The next record or the end of the input, behind so many blank bytes.
    Sound { blanks: usize },
    /// Two line ends as the standard wants them, and something else than a record.
    Closed { blanks: usize },
    /// The text goes on.
    Missed,
    /// More bytes are needed.
    Unknown,
}

impl Boundary {
    /// Looks at the bytes behind a block; `at_end` says that the input has no more than these.
    ///
    /// That no blank line stands between two records is accepted; ClueWeb has such archives.
    pub(super) fn of(behind: &[u8], at_end: bool) -> Boundary {
        let blanks = behind.iter().take(MAX_BLANKS).take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if blanks == MAX_BLANKS {
            return Boundary::Sound { blanks };
        }
        match starts_loosely(behind.get(blanks..).unwrap_or_default()) {
            Start::Yes => Boundary::Sound { blanks },
            Start::Perhaps if at_end => Boundary::Sound { blanks },
            Start::Perhaps => Boundary::Unknown,
            Start::No if behind.starts_with(b"\r\n\r\n") => Boundary::Closed { blanks },
            Start::No => Boundary::Missed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_or_the_end_makes_a_boundary_sound() {
        assert_eq!(Boundary::of(b"\r\n\r\nWARC/1.0", false), Boundary::Sound { blanks: 4 });
        assert_eq!(Boundary::of(b"\n\nWARC/1", false), Boundary::Sound { blanks: 2 });
        assert_eq!(Boundary::of(b"WARC/1.0", false), Boundary::Sound { blanks: 0 });
        assert_eq!(Boundary::of(b"\r\n", true), Boundary::Sound { blanks: 2 });
        assert_eq!(Boundary::of(b"", true), Boundary::Sound { blanks: 0 });
    }

    #[test]
    fn what_the_bytes_do_not_show_is_unknown() {
        for behind in [&b""[..], b"\r\n\r\n", b"\r\n\r\nWARC", b"WARC/"] {
            assert_eq!(Boundary::of(behind, false), Boundary::Unknown);
        }
    }

    #[test]
    fn text_behind_a_block_is_no_boundary() {
        assert_eq!(Boundary::of(b" and so on", false), Boundary::Missed);
        assert_eq!(Boundary::of(b"\n\nNext", true), Boundary::Missed);
        assert_eq!(Boundary::of(b"\r\n\r\nNext", true), Boundary::Closed { blanks: 4 });
    }

    #[test]
    fn many_blank_lines_are_counted_so_far() {
        assert_eq!(Boundary::of(&[b'\n'; 99], false), Boundary::Sound { blanks: MAX_BLANKS });
        assert_eq!(Boundary::of(&[b'\n'; LOOKAHEAD], false), Boundary::Sound { blanks: MAX_BLANKS });
    }
}
