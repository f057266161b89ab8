//! The formats of compression.

use std::fmt;

use crate::formats::compression::magic;

/// A format of compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Codec {
    /// gzip (RFC 1952), many members.
    Gzip,
    /// Zstandard (RFC 8878), many frames.
    Zstd,
    /// bzip2, many streams.
    Bzip2,
    /// xz, many streams.
    Xz,
    /// lz4 frames, many.
    Lz4,
}

impl Codec {
    /// All formats.
    pub const ALL: [Codec; 5] = [Codec::Gzip, Codec::Zstd, Codec::Bzip2, Codec::Xz, Codec::Lz4];

    /// Tells the format of a file from its first bytes.
    ///
    /// zstd and lz4 share the magic of skippable frames: what follows these frames decides, and they count as zstd
    /// where it is not among the bytes given. Returns nothing if the bytes begin no format.
    pub fn of_magic(start: &[u8]) -> Option<Codec> {
        let behind = magic::behind_skippable_frames(start);
        let shown = if behind.is_empty() { start } else { behind };
        Codec::ALL.into_iter().find(|&codec| magic::of_member(codec, shown) == magic::Match::Whole)
    }

    /// Tells the format from a file name's last extension, without its dot and in any case.
    ///
    /// Returns nothing for the extension of another format.
    pub fn of_extension(extension: &str) -> Option<Codec> {
        const EXTENSIONS: [(&str, Codec); 7] = [
            ("gz", Codec::Gzip),
            ("gzip", Codec::Gzip),
            ("zst", Codec::Zstd),
            ("zstd", Codec::Zstd),
            ("bz2", Codec::Bzip2),
            ("xz", Codec::Xz),
            ("lz4", Codec::Lz4),
        ];
        EXTENSIONS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(extension)).map(|(_, codec)| codec)
    }

    /// The format's name, which is also that of its usual program.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Gzip => "gzip",
            Codec::Zstd => "zstd",
            Codec::Bzip2 => "bzip2",
            Codec::Xz => "xz",
            Codec::Lz4 => "lz4",
        }
    }

    /// The usual extension of a file, without its dot.
    pub fn extension(self) -> &'static str {
        match self {
            Codec::Gzip => "gz",
            Codec::Zstd => "zst",
            Codec::Bzip2 => "bz2",
            Codec::Xz => "xz",
            Codec::Lz4 => "lz4",
        }
    }
}

impl fmt::Display for Codec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_known_in_any_case() {
        assert_eq!(Codec::of_extension("GZ"), Some(Codec::Gzip));
        assert_eq!(Codec::of_extension("Zst"), Some(Codec::Zstd));
        assert_eq!(Codec::of_extension("txt"), None);
        for codec in Codec::ALL {
            assert_eq!(Codec::of_extension(codec.extension()), Some(codec));
        }
    }

    #[test]
    fn what_is_encoded_is_told_by_its_magic() {
        for codec in Codec::ALL {
            let mut out = Vec::new();
            assert!(crate::formats::compression::encode(codec, b"The bridge is open again.", &mut out).is_ok());
            assert_eq!(Codec::of_magic(&out), Some(codec));
        }
        assert_eq!(Codec::of_magic(b"The bridge is open again."), None);
        assert_eq!(Codec::of_magic(b""), None);
    }

    #[test]
    fn what_stands_behind_a_skippable_frame_decides() {
        let skippable = [0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 7, 7];
        assert_eq!(Codec::of_magic(&skippable), Some(Codec::Zstd));
        let lz4 = [&skippable[..], &[0x04, 0x22, 0x4d, 0x18]].concat();
        assert_eq!(Codec::of_magic(&lz4), Some(Codec::Lz4));
        let zstd = [&skippable[..], &[0x28, 0xb5, 0x2f, 0xfd]].concat();
        assert_eq!(Codec::of_magic(&zstd), Some(Codec::Zstd));
    }
}
