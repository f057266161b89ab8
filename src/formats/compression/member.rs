//! What the decoder of every format does.

use crate::formats::compression::{Codec, DamageKind, Limits};
use crate::formats::compression::{bzip2::Bzip2, gzip::Gzip, lz4::Lz4, xz::Xz, zstd::Zstd};

/// Decodes one member after the other, from pieces of input of any size into rooms of any size.
pub(crate) trait Member: Send {
    /// Makes ready for a member that begins with the next byte of input.
    fn begin(&mut self);

    /// Reads some input and writes some output.
    ///
    /// Bytes that were decoded before a fault was met are written before it is told. `room` is never empty. A step that
    /// goes on without reading or writing wants more input.
    fn step(&mut self, input: &[u8], room: &mut [u8]) -> Step;
}

/// What a step did.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// Bytes taken from the input.
    pub(crate) read: usize,
    /// Bytes put into the room.
    pub(crate) written: usize,
    pub(crate) outcome: Outcome,
}

/// Where a step left the member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// There is more to come.
    Going,
    /// The member ended with the last byte read, and all its output is written.
    Ended,
    /// The member is damaged or refused.
    Failed(DamageKind),
}

/// Makes the decoder of a format.
pub(crate) fn of(codec: Codec, limits: &Limits) -> Box<dyn Member> {
    match codec {
        Codec::Gzip => Box::new(Gzip::new()),
        Codec::Zstd => Box::new(Zstd::new(limits.max_window())),
        Codec::Bzip2 => Box::new(Bzip2::new()),
        Codec::Xz => Box::new(Xz::new(limits.max_window())),
        Codec::Lz4 => Box::new(Lz4::new()),
    }
}
