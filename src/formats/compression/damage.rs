//! What may be wrong with a compressed input.

use std::io;

use crate::formats::compression::Codec;

/// Why a read gave no bytes.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The input could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A member is damaged or refused; the next read goes on behind it.
    #[error(transparent)]
    Damaged(#[from] Damage),
}

/// A member that is damaged or refused.
///
/// The bytes it gave before were returned by earlier reads. What was not decoded stands in the compressed input from
/// `offset` to `resumes`, or to the end of the input.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{codec} member at byte {start}, damage seen at byte {offset}: {kind}")]
pub struct Damage {
    /// What is wrong.
    pub kind: DamageKind,
    /// The format.
    pub codec: Codec,
    /// Where the member begins in the compressed input.
    pub start: u64,
    /// Where the damage was seen in the compressed input; never behind `resumes`.
    pub offset: u64,
    /// Where the next member begins. Nothing, if none does: the input was searched to its end.
    pub resumes: Option<u64>,
}

/// What is wrong with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DamageKind {
    /// The input ends inside the member.
    #[error("the input ends inside it; fetch the file again, or work with what came out before")]
    Truncated,
    /// The bytes are none that the format allows.
    #[error("its bytes are damaged; fetch the file again, or work with what came out before")]
    Corrupt,
    /// All bytes came out, but they are not those that were compressed.
    #[error("its checksum does not match, so some of its text is wrong; fetch the file again")]
    Checksum,
    /// All bytes came out, but not as many as were compressed.
    #[error("its length is not the one it was written with, so some of its text may be missing; fetch the file again")]
    Length,
    /// Far more came out than text gives, or more than was allowed.
    #[error(
        "{bytes_out} bytes came out of {bytes_in}, which is over the limit for decompression; \
         if the file is to be trusted, allow more with --max-ratio"
    )]
    Bomb {
        /// The bytes of the input that were read.
        bytes_in: u64,
        /// The bytes that came out.
        bytes_out: u64,
    },
    /// It refers further back than is allowed, which would take as much memory.
    #[error(
        "it asks for a window of {bytes} bytes, and {allowed} are allowed; decompress it with its own program first"
    )]
    Window {
        /// The bytes it asks for.
        bytes: u64,
        /// The bytes that are allowed.
        allowed: u64,
    },
    /// It asks for more memory than is allowed, or than there is; how much is not known.
    #[error("it asks for more than {allowed} bytes of memory; decompress it with its own program first")]
    Memory {
        /// The bytes that are allowed.
        allowed: u64,
    },
    /// It needs a dictionary that does not come with it.
    #[error("it needs the dictionary {id}, which is not in the file; decompress it with that dictionary first")]
    Dictionary {
        /// The dictionary's number.
        id: u32,
    },
    /// It is of a version or uses a feature that is not read here.
    #[error(
        "it is of an old version or uses a feature that is not read here; decompress it with its own program first"
    )]
    Unsupported,
}

impl DamageKind {
    /// A code for reports: `truncated`, `corrupt`, `checksum`, `bomb` or `unsupported`.
    pub fn code(&self) -> &'static str {
        match self {
            DamageKind::Truncated => "truncated",
            DamageKind::Corrupt => "corrupt",
            DamageKind::Checksum | DamageKind::Length => "checksum",
            DamageKind::Bomb { .. } => "bomb",
            DamageKind::Window { .. }
            | DamageKind::Memory { .. }
            | DamageKind::Dictionary { .. }
            | DamageKind::Unsupported => "unsupported",
        }
    }
}

/// Something that is worth a remark and no damage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Bytes behind the last member that belong to none.
    Garbage {
        /// Where they begin in the compressed input.
        offset: u64,
        /// How many they are.
        len: u64,
    },
}
