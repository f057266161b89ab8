//! Finding the next member behind a damaged one.
//!
//! The magic of a format may stand in compressed bytes by chance, and for a good reason: text that does not compress,
//! such as a page that a server sent compressed, is stored as it is. So a place counts as a member only if it decodes,
//! and if what stands before or behind it fits.

use std::io::{self, Read};

use memchr::memmem::Finder;

use crate::formats::compression::input::Input;
use crate::formats::compression::magic::{self, Match};
use crate::formats::compression::member::Outcome;
use crate::formats::compression::probe::{Finding, MOST_OUTPUT, Prober};
use crate::formats::compression::{Codec, DamageKind, Limits};

/// How many bytes of a candidate are tried.
const LOOK_AHEAD: usize = 256 << 10;
/// What a candidate must give before it fails, to count as a member that is itself damaged. Random bytes give a few.
const ENOUGH_TEXT: u64 = 1024;
/// The most that deflate makes of a byte.
const DEFLATE_RATIO: u64 = 1032;

/// A fault that was met, before it is known where the next member begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    pub(crate) kind: DamageKind,
    /// Where the member begins.
    pub(crate) start: u64,
    /// Where the fault was met.
    pub(crate) offset: u64,
    /// The bytes that the member gave.
    pub(crate) given: u64,
    /// There is no member at all at `start`.
    pub(crate) foreign: bool,
}

impl Fault {
    pub(crate) fn is_bomb(&self) -> bool {
        matches!(self.kind, DamageKind::Bomb { .. })
    }
}

/// How far behind its damage a decoder may have run before it met the fault, and so over a good member's start.
///
/// deflate: damaged codes lead to impossible ones within some kilobytes. zstd, lz4 and xz: a length that is wrong is
/// believed up to the largest block or chunk. bzip2: a block is decoded whole.
pub(crate) fn overrun(codec: Codec) -> usize {
    match codec {
        Codec::Gzip => 128 << 10,
        Codec::Zstd | Codec::Xz => 256 << 10,
        Codec::Bzip2 | Codec::Lz4 => 1 << 20,
    }
}

/// Looks for members in the middle of an input.
pub(crate) struct Searcher {
    codec: Codec,
    needle: Finder<'static>,
    prober: Prober,
}

impl Searcher {
    pub(crate) fn new(codec: Codec, limits: &Limits) -> Searcher {
        let needle = Finder::new(magic::needle(codec));
        Searcher { codec, needle, prober: Prober::new(codec, limits) }
    }

    /// Moves the input to the next member, and returns whether there is one; else the input is at its end.
    ///
    /// # Errors
    /// If the input cannot be read. The search may then be taken up again.
    pub(crate) fn find<R: Read>(&mut self, input: &mut Input<R>, fault: &Fault) -> io::Result<bool> {
        while self.find_needle(input)? {
            if self.is_member(input, fault)? {
                return Ok(true);
            }
            input.consume(1);
        }
        Ok(false)
    }

    fn find_needle<R: Read>(&self, input: &mut Input<R>) -> io::Result<bool> {
        loop {
            let unread = input.unread();
            if let Some(distance) = self.needle.find(unread) {
                input.consume(distance);
                return Ok(true);
            }
            // A needle may begin in the last bytes.
            let passed = (unread.len() + 1).saturating_sub(self.needle.needle().len());
            input.consume(passed);
            if input.fill()? == 0 {
                let rest = input.unread().len();
                input.consume(rest);
                return Ok(false);
            }
        }
    }

    fn is_member<R: Read>(&mut self, input: &mut Input<R>, fault: &Fault) -> io::Result<bool> {
        let offset = input.offset();
        input.ensure(LOOK_AHEAD)?;
        let fits = self.fits_before(input.behind(8), offset, fault);
        let bytes = input.unread();
        if !magic::may_begin_member(self.codec, bytes) || !self.prober.can_afford(offset) {
            return Ok(false);
        }
        let finding = self.prober.probe(bytes);
        Ok(match finding.outcome {
            Outcome::Ended => fits || self.fits_behind(bytes.get(finding.read..).unwrap_or_default()),
            Outcome::Going => goes_far(&finding) || (fits && self.has_begun(&finding)),
            Outcome::Failed(_) => fits && finding.written >= ENOUGH_TEXT,
        })
    }

    /// Tells whether a member that the input cuts off is one: formats with long magics need not have given text.
    fn has_begun(&self, finding: &Finding) -> bool {
        finding.written > 0 || !matches!(self.codec, Codec::Gzip | Codec::Zstd)
    }

    /// Tells whether what stands behind a member may: another one, padding, or the end.
    fn fits_behind(&self, behind: &[u8]) -> bool {
        behind.first().is_none_or(|&byte| byte == 0) || magic::of_member(self.codec, behind) != Match::Not
    }

    /// Tells whether what stands before a member may be the end of the damaged one, as far as its format shows that.
    fn fits_before(&self, before: &[u8], offset: u64, fault: &Fault) -> bool {
        if before == [0; 8] || offset == fault.start {
            return true;
        }
        match (self.codec, before) {
            (Codec::Gzip, &[.., a, b, c, d]) => is_length(u32::from_le_bytes([a, b, c, d]), offset, fault),
            (Codec::Xz, before) => before.ends_with(b"YZ"),
            // Their ends have no mark; behind the fault nothing of the member is believed to follow.
            (Codec::Zstd | Codec::Lz4, _) => offset >= fault.offset,
            // bzip2 stores no text as it is.
            _ => true,
        }
    }
}

/// Tells whether a candidate decodes so far that chance and a stored page are unlikely.
fn goes_far(finding: &Finding) -> bool {
    finding.read >= LOOK_AHEAD || finding.written >= MOST_OUTPUT
}

/// Tells whether a number is believable as the length of the damaged member, if that ended at `offset`.
///
/// gzip closes a member with its length, modulo 2^32. The member's rate of compression so far says how long it may be,
/// give or take a factor of eight.
fn is_length(number: u32, offset: u64, fault: &Fault) -> bool {
    let compressed = offset.saturating_sub(fault.start);
    let decoded = fault.offset.saturating_sub(fault.start);
    let (least, most) = if fault.given == 0 || decoded == 0 {
        (compressed / 2, compressed.saturating_mul(DEFLATE_RATIO))
    } else {
        let expected = u128::from(fault.given) * u128::from(compressed) / u128::from(decoded);
        let expected = u64::try_from(expected).unwrap_or(u64::MAX);
        (expected / 8, expected.saturating_mul(8).saturating_add(1024))
    };
    most > u64::from(u32::MAX) || (least..=most).contains(&u64::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_believed_within_the_rate_so_far() {
        let fault = Fault { kind: DamageKind::Corrupt, start: 1000, offset: 2000, given: 5000, foreign: false };
        assert!(is_length(10_000, 3000, &fault));
        assert!(!is_length(u32::from_le_bytes(*b"\r\n\r\n"), 3000, &fault));
        assert!(!is_length(5, 3000, &fault));
        let unknown = Fault { given: 0, ..fault };
        assert!(is_length(10_000, 3000, &unknown));
        assert!(!is_length(u32::from_le_bytes(*b"\r\n\r\n"), 3000, &unknown));
    }
}
