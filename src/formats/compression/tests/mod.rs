//! Tests of decoder and encoder together.

#![allow(clippy::expect_used, reason = "tests")]

mod damage;
mod interrupted;
mod nested;
mod properties;
mod refused;

use std::io::{self, Read};

use crate::formats::compression::{Codec, Damage, Decoder, Limits, Note, ReadError, encode};

/// An input that gives its bytes in pieces of a size.
pub(super) struct Pieces<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) size: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = room.len().min(self.size);
        self.bytes.read(&mut room[..count])
    }
}

/// All that came of an input.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub(super) text: Vec<u8>,
    /// The damages, each with the bytes that had come out before.
    pub(super) damages: Vec<(usize, Damage)>,
    pub(super) notes: Vec<Note>,
}

impl Outcome {
    /// The only damage.
    pub(super) fn damage(&self) -> &Damage {
        assert_eq!(self.damages.len(), 1, "{:?}", self.damages);
        &self.damages[0].1
    }
}

pub(super) fn decode_pieces(codec: Codec, input: Pieces<'_>, room: usize, limits: Limits) -> Outcome {
    let mut decoder = Decoder::new(codec, input, limits);
    let mut room = vec![0; room];
    let mut outcome = Outcome::default();
    loop {
        match decoder.read(&mut room) {
            Ok(0) => break,
            Ok(count) => outcome.text.extend_from_slice(&room[..count]),
            Err(ReadError::Damaged(damage)) => outcome.damages.push((outcome.text.len(), damage)),
            Err(ReadError::Io(error)) => panic!("a slice can be read: {error}"),
        }
    }
    assert_eq!(decoder.bytes_out(), outcome.text.len() as u64);
    assert!(matches!(decoder.read(&mut room), Ok(0)), "the end stays the end");
    outcome.notes = decoder.notes().to_vec();
    outcome
}

pub(super) fn decode(codec: Codec, bytes: &[u8]) -> Outcome {
    decode_pieces(codec, Pieces { bytes, size: usize::MAX }, 64 << 10, Limits::default())
}

pub(super) fn member(codec: Codec, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    encode(codec, text, &mut out).expect("text can be compressed");
    out
}

/// Bytes that do not compress, the same for the same seed (xorshift, Marsaglia 2003).
pub(super) fn noise(seed: u32, length: usize) -> Vec<u8> {
    let mut state = seed | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// Text that compresses about as articles do.
pub(super) fn article(seed: u32, length: usize) -> Vec<u8> {
    const WORDS: [&str; 16] = [
        "the ",
        "bridge ",
        "is ",
        "open ",
        "again, ",
        "town ",
        "said ",
        "on ",
        "Monday. ",
        "A ",
        "council ",
        "vote ",
        "follows ",
        "in ",
        "spring.\n",
        "water ",
    ];
    let mut text: Vec<u8> =
        noise(seed, length).iter().flat_map(|&byte| WORDS[usize::from(byte) & 15].bytes()).take(length).collect();
    text.truncate(length);
    text
}
