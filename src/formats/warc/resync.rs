//! Finds the next record behind damage.

use memchr::{memmem, memrchr};

use super::start::{MAGIC, Start, starts};

/// Where the next record begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    At(usize),
    /// Not before here; what stands here may be the beginning of one, of which the rest is missing.
    NotBefore(usize),
}

/// Searches the start of a record at the start of a line, at `from` or behind it.
///
/// `line_start` says whether the first byte of `bytes` begins a line. Text that holds a header in the midst of a line
/// is passed by.
pub(super) fn find(bytes: &[u8], from: usize, line_start: bool) -> Found {
    let begins_line = |at: usize| match at.checked_sub(1) {
        Some(before) => bytes.get(before) == Some(&b'\n'),
        None => line_start,
    };
    let behind = bytes.get(from..).unwrap_or_default();
    for at in memmem::find_iter(behind, MAGIC).map(|at| from + at).filter(|at| begins_line(*at)) {
        match starts(bytes.get(at..).unwrap_or_default()) {
            Start::Yes => return Found::At(at),
            Start::Perhaps => return Found::NotBefore(at),
            Start::No => {}
        }
    }
    let last_line = memrchr(b'\n', behind).map_or(from, |at| from + at + 1);
    match bytes.get(last_line..) {
        Some(line) if begins_line(last_line) && MAGIC.starts_with(line) => Found::NotBefore(last_line),
        _ => Found::NotBefore(bytes.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_found_at_the_start_of_a_line_only() {
        let bytes = b"see WARC/1.0\r\nA: b\r\nWARC/1.0\r\nA: b\r\n";
        assert_eq!(find(bytes, 0, true), Found::At(20));
        assert_eq!(find(&bytes[4..], 0, false), Found::At(16));
        assert_eq!(find(&bytes[4..], 0, true), Found::At(0));
    }

    #[test]
    fn a_beginning_at_the_end_is_left_for_later() {
        assert_eq!(find(b"text\nWARC/1.0\r\nCont", 0, true), Found::NotBefore(5));
        assert_eq!(find(b"text\nWAR", 0, true), Found::NotBefore(5));
        assert_eq!(find(b"text\n", 0, true), Found::NotBefore(5));
        assert_eq!(find(b"text WAR", 0, true), Found::NotBefore(8));
        assert_eq!(find(b"WAR", 0, true), Found::NotBefore(0));
        assert_eq!(find(b"WAR", 0, false), Found::NotBefore(3));
    }

    #[test]
    fn a_start_behind_the_end_finds_nothing() {
        assert_eq!(find(b"WARC/1.0\nA:", 40, true), Found::NotBefore(11));
    }
}
