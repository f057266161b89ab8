//! How outputs are called: as their inputs, but for the extension of a compression that changes.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::formats::compression::Codec;

/// How outputs are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compress {
    /// As their inputs are.
    #[default]
    AsInput,
    /// Not at all.
    No,
    /// In this way.
    With(Codec),
}

impl Compress {
    /// The compression of an output whose input has this one.
    pub(crate) fn codec(self, input: Option<Codec>) -> Option<Codec> {
        match self {
            Compress::AsInput => input,
            Compress::No => None,
            Compress::With(codec) => Some(codec),
        }
    }
}

/// How outputs are called. It depends on the name of the input alone, so that outputs can be sorted before inputs are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Naming {
    /// How outputs are compressed.
    pub compress: Compress,
}

impl Naming {
    /// Whether outputs may be called other than their inputs.
    pub(crate) fn changes(self) -> bool {
        self.compress != Compress::AsInput
    }

    /// The name of the output of an input with this name.
    pub(crate) fn output(self, name: &OsStr) -> OsString {
        if !self.changes() {
            return name.to_owned();
        }
        let path = Path::new(name);
        let extension = path.extension().and_then(|found| found.to_str());
        let is_packed = extension.is_some_and(|found| Codec::of_extension(found).is_some());
        let stem = path.file_stem().filter(|_| is_packed).unwrap_or(name);
        let mut output = stem.to_owned();
        if let Compress::With(codec) = self.compress {
            output.push(".");
            output.push(codec.extension());
        }
        output
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_extension_of_the_compression_changes() {
        for (compress, name, output) in [
            (Compress::AsInput, "a.txt.gz", "a.txt.gz"),
            (Compress::No, "a.txt.gz", "a.txt"),
            (Compress::No, "a.txt", "a.txt"),
            (Compress::With(Codec::Zstd), "a.txt.gz", "a.txt.zst"),
            (Compress::With(Codec::Zstd), "a.txt", "a.txt.zst"),
            (Compress::No, ".gz", ".gz"),
        ] {
            assert_eq!(Naming { compress }.output(OsStr::new(name)), output, "{compress:?} {name}");
        }
    }
}
