//! The bytes that members begin with.
//!
//! Sources: RFC 1952 (gzip), RFC 8878 (zstd), "The .xz File Format" 1.2.1, "LZ4 Frame Format Description" 1.6.4, and
//! the sources of bzip2 1.0.8.

use std::ops::RangeInclusive;

use crate::formats::compression::Codec;

/// The most bytes that are looked at to tell whether a member begins.
pub(crate) const LONGEST: usize = 10;

/// How far some bytes are those of a magic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    /// They are not.
    Not,
    /// They are as far as they go, but there are too few.
    Cut,
    /// They are.
    Whole,
}

/// A magic of which only the first byte may vary.
struct Magic {
    first: RangeInclusive<u8>,
    rest: &'static [u8],
}

impl Magic {
    const fn new(first: RangeInclusive<u8>, rest: &'static [u8]) -> Magic {
        Magic { first, rest }
    }

    fn compare(&self, bytes: &[u8]) -> Match {
        let Some((first, behind)) = bytes.split_first() else { return Match::Cut };
        let seen = behind.len().min(self.rest.len());
        if !self.first.contains(first) || behind[..seen] != self.rest[..seen] {
            Match::Not
        } else if seen < self.rest.len() {
            Match::Cut
        } else {
            Match::Whole
        }
    }
}

const GZIP: [Magic; 1] = [Magic::new(0x1f..=0x1f, &[0x8b, 0x08])];
const BZIP2: [Magic; 1] = [Magic::new(b'B'..=b'B', b"Zh")];
const XZ: [Magic; 1] = [Magic::new(0xfd..=0xfd, &[b'7', b'z', b'X', b'Z', 0])];
const SKIPPABLE: Magic = Magic::new(0x50..=0x5f, &[0x2a, 0x4d, 0x18]);
/// Frames, skippable frames, and frames of the versions before 0.8, which are recognised to be refused.
const ZSTD: [Magic; 3] =
    [Magic::new(0x28..=0x28, &[0xb5, 0x2f, 0xfd]), SKIPPABLE, Magic::new(0x22..=0x27, &[0xb5, 0x2f, 0xfd])];
/// Frames, skippable frames, and legacy frames, which are recognised to be refused.
const LZ4: [Magic; 3] =
    [Magic::new(0x04..=0x04, &[0x22, 0x4d, 0x18]), SKIPPABLE, Magic::new(0x02..=0x02, &[0x21, 0x4c, 0x18])];

/// Tells whether bytes begin with a member, one that is refused included.
pub(crate) fn of_member(codec: Codec, bytes: &[u8]) -> Match {
    let magics: &[Magic] = match codec {
        Codec::Gzip => &GZIP,
        Codec::Zstd => &ZSTD,
        Codec::Bzip2 => return of_bzip2(bytes),
        Codec::Xz => &XZ,
        Codec::Lz4 => &LZ4,
    };
    magics.iter().map(|magic| magic.compare(bytes)).max().unwrap_or(Match::Not)
}

fn of_bzip2(bytes: &[u8]) -> Match {
    let [magic] = &BZIP2;
    match (magic.compare(bytes), bytes.get(3)) {
        (Match::Whole, None) => Match::Cut,
        (Match::Whole, Some(b'1'..=b'9')) => Match::Whole,
        (Match::Whole, Some(_)) => Match::Not,
        (compared, _) => compared,
    }
}

/// Tells whether bytes begin with a skippable frame, which zstd and lz4 share.
pub(crate) fn is_skippable(bytes: &[u8]) -> bool {
    SKIPPABLE.compare(bytes) == Match::Whole
}

/// Returns what stands behind the skippable frames at the start of the bytes; nothing, if these do not show it.
pub(crate) fn behind_skippable_frames(mut bytes: &[u8]) -> &[u8] {
    while is_skippable(bytes) {
        let Some(&[a, b, c, d]) = bytes.get(4..8) else { return &[] };
        let length = u32::from_le_bytes([a, b, c, d]) as usize;
        bytes = length.checked_add(8).and_then(|skipped| bytes.get(skipped..)).unwrap_or(&[]);
    }
    bytes
}

/// The bytes to search for where a member is looked for in the middle of an input.
pub(crate) fn needle(codec: Codec) -> &'static [u8] {
    match codec {
        Codec::Gzip => &[0x1f, 0x8b, 0x08],
        Codec::Zstd => &[0x28, 0xb5, 0x2f, 0xfd],
        Codec::Bzip2 => b"BZh",
        Codec::Xz => &[0xfd, b'7', b'z', b'X', b'Z', 0],
        Codec::Lz4 => &[0x04, 0x22, 0x4d, 0x18],
    }
}

/// Tells whether what stands at a needle may be a member, from bits that every member has set or clear.
///
/// `bytes` begin with the needle and hold [`LONGEST`] bytes unless the input ends.
pub(crate) fn may_begin_member(codec: Codec, bytes: &[u8]) -> bool {
    match (codec, bytes) {
        (Codec::Gzip, [_, _, _, flags, ..]) => flags & 0b1110_0000 == 0,
        (Codec::Zstd, [_, _, _, _, descriptor, ..]) => descriptor & 0b0000_1000 == 0,
        (Codec::Bzip2, [_, _, _, b'1'..=b'9', block @ ..]) => block.starts_with(&[0x31, 0x41, 0x59, 0x26, 0x53, 0x59]),
        (Codec::Xz, [_, _, _, _, _, _, 0, check, ..]) => check & 0xf0 == 0,
        (Codec::Lz4, [_, _, _, _, flags, block, ..]) => flags & 0b1100_0010 == 0b0100_0000 && block & 0b1000_1111 == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_magic_may_be_cut() {
        assert_eq!(of_member(Codec::Gzip, &[0x1f]), Match::Cut);
        assert_eq!(of_member(Codec::Gzip, &[0x1f, 0x8b, 8]), Match::Whole);
        assert_eq!(of_member(Codec::Gzip, &[0x1f, 0x8c]), Match::Not);
        assert_eq!(of_member(Codec::Bzip2, b"BZh"), Match::Cut);
        assert_eq!(of_member(Codec::Bzip2, b"BZh0"), Match::Not);
        assert_eq!(of_member(Codec::Xz, &[]), Match::Cut);
    }

    #[test]
    fn a_skippable_frame_that_claims_too_much_shows_nothing() {
        assert_eq!(behind_skippable_frames(&[0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0xff, 1]), b"");
        assert_eq!(behind_skippable_frames(&[0x50, 0x2a, 0x4d, 0x18, 1]), b"");
    }
}
