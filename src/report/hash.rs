//! The fingerprint of bytes, as the report writes it.

use std::fmt;
use std::io::{self, Read};

use serde::{Serialize, Serializer};

/// A BLAKE3 hash; written as `blake3:` and 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(blake3::Hash);

impl Hash {
    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(blake3::hash(bytes))
    }

    /// The hash of all that can be read.
    ///
    /// # Errors
    /// When it cannot be read to its end.
    pub fn of_reader(mut reader: impl Read) -> io::Result<Hash> {
        let mut hasher = blake3::Hasher::new();
        io::copy(&mut reader, &mut hasher)?;
        Ok(Hash(hasher.finalize()))
    }

    /// Its 64 digits.
    pub(super) fn hexadecimal(self) -> impl std::ops::Deref<Target = str> {
        self.0.to_hex()
    }

    /// The hash of what this hasher was fed.
    pub fn finish(hasher: &blake3::Hasher) -> Hash {
        Hash(hasher.finalize())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "blake3:{}", self.0.to_hex())
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
