//! Compressed streams to bytes and back: gzip, zstd, bzip2, xz and lz4, member by member.
//!
//! All five formats let complete pieces stand one behind the other: gzip calls them members, zstd and lz4 frames, bzip2
//! and xz streams. Here they are all called *members*. A [`Decoder`] reads every member of an input, says where one is
//! damaged, and goes on with the next; an [`Encoder`] makes one complete member of each piece of text it is given.

mod bzip2;
mod codec;
mod damage;
mod decoder;
mod encode;
mod gather;
mod gzip;
mod input;
mod limits;
mod lz4;
mod magic;
mod member;
mod probe;
mod search;
#[cfg(test)]
mod tests;
mod xz;
mod zstd;

pub use codec::Codec;
pub use damage::{Damage, DamageKind, Note, ReadError};
pub use decoder::Decoder;
pub use encode::{Encoder, encode};
pub use limits::Limits;
