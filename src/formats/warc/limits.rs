//! How far a body may grow when it is decoded, and what is wrong with one that cannot be.

use thiserror::Error;

/// Limits for the bodies of responses that are stored compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// The most bytes a decoded body may have.
    pub max_bytes: usize,
    /// How many times its encoded bytes a body may have, once it has more than `ratio_from`.
    pub max_ratio: usize,
    /// The decoded bytes up to which the ratio does not matter.
    pub ratio_from: usize,
}

impl Default for HttpLimits {
    /// 256 MB at most, and above 64 MB no more than two hundred times the encoded bytes.
    fn default() -> HttpLimits {
        HttpLimits { max_bytes: 256 << 20, max_ratio: 200, ratio_from: 64 << 20 }
    }
}

impl HttpLimits {
    /// Whether so many bytes may come from so many encoded ones.
    ///
    /// # Errors
    /// When they are too many.
    pub(super) fn check(&self, decoded: usize, encoded: usize) -> Result<(), BrokenBody> {
        if decoded > self.max_bytes {
            return Err(BrokenBody::TooLarge { max_bytes: self.max_bytes });
        }
        if decoded > self.ratio_from && decoded > encoded.saturating_mul(self.max_ratio) {
            return Err(BrokenBody::Bomb { encoded, decoded, max_ratio: self.max_ratio });
        }
        Ok(())
    }
}

/// Why a body could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BrokenBody {
    /// More bytes than the limit.
    #[error("the body decodes to more than {max_bytes} bytes; raise the limit if it is meant to be so large")]
    TooLarge {
        /// The limit.
        max_bytes: usize,
    },
    /// So many bytes from so few that they are no text.
    #[error(
        "{encoded} bytes of the body decode to {decoded} and more, over {max_ratio} times as many: a decompression \
         bomb; raise the limit if it is none"
    )]
    Bomb {
        /// The encoded bytes.
        encoded: usize,
        /// The decoded bytes when decoding was given up.
        decoded: usize,
        /// The limit.
        max_ratio: usize,
    },
    /// Encoded more often than any server does.
    #[error("the body names more than {max_codings} content codings")]
    TooManyCodings {
        /// The limit.
        max_codings: usize,
    },
    /// The encoded bytes are damaged or cut off.
    #[error("the body's {coding} data are damaged behind decoded byte {offset}: {reason}; fetch the page anew")]
    Damaged {
        /// The coding's name.
        coding: &'static str,
        /// How many bytes were decoded before.
        offset: usize,
        /// What the decoder says.
        reason: String,
    },
}

impl BrokenBody {
    /// What is wrong as a code for reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            BrokenBody::TooLarge { .. } => "too_large",
            BrokenBody::Bomb { .. } => "bomb",
            BrokenBody::TooManyCodings { .. } => "too_many_codings",
            BrokenBody::Damaged { .. } => "damaged",
        }
    }
}
