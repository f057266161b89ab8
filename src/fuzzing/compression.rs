//! Compressed streams: reading any bytes ends, within the limits, with the same result however they arrive; and what was
//! compressed here comes out as it was.

use std::io::{self, Read};

use super::Choices;
use crate::formats::compression::{Codec, Damage, Decoder, Limits, Note, ReadError, encode};

/// The most that may come out.
const MOST: u64 = 1 << 18;

const LIMITS: Limits = Limits { max_ratio: 50, ratio_from: 16 << 10, max_bytes: Some(MOST), max_window_log: 20 };

/// Reads bytes as a compressed stream, and text that was compressed.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let codec = choices.pick(&Codec::ALL);
    let (size, room) = (choices.number() % 600 + 1, choices.number() % 5000 + 1);
    let bytes = choices.rest();
    let codec = Codec::of_magic(bytes).unwrap_or(codec);
    let whole = read(codec, bytes, usize::MAX, 64 << 10);
    let pieced = read(codec, bytes, size, room);
    // How much of a damaged block comes out, and so what is found behind it, is up to the libraries.
    let first = |outcome: &Outcome| outcome.damages.first().map(|damage| damage.start);
    assert_eq!(first(&whole), first(&pieced), "whether there is damage depends on the pieces");
    assert!(!whole.damages.is_empty() || whole == pieced, "what comes out depends on the pieces");
    check_round_trip(codec, bytes, room);
}

fn check_round_trip(codec: Codec, bytes: &[u8], room: usize) {
    let mut packed = Vec::new();
    encode(codec, bytes, &mut packed).expect("bytes can be compressed");
    let outcome = read(codec, &packed, usize::MAX, room);
    assert_eq!(outcome, Outcome { text: bytes.to_vec(), ..Outcome::default() }, "what was compressed is another");
}

/// All that came of an input.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    text: Vec<u8>,
    damages: Vec<Damage>,
    notes: Vec<Note>,
}

fn read(codec: Codec, bytes: &[u8], size: usize, room: usize) -> Outcome {
    let mut decoder = Decoder::new(codec, Pieces { bytes, size }, LIMITS);
    let mut room = vec![0; room];
    let mut outcome = Outcome::default();
    loop {
        match decoder.read(&mut room) {
            Ok(0) => break,
            Ok(count) => outcome.text.extend_from_slice(&room[..count]),
            Err(ReadError::Damaged(damage)) => {
                check_damage(&damage, outcome.damages.last(), bytes.len() as u64);
                outcome.damages.push(damage);
            }
            Err(ReadError::Io(error)) => panic!("a slice can be read: {error}"),
        }
        assert!(outcome.text.len() as u64 <= MOST, "more came out than may");
    }
    assert_eq!(decoder.bytes_out(), outcome.text.len() as u64);
    assert!(matches!(decoder.read(&mut room), Ok(0)), "the end does not stay the end");
    outcome.notes = decoder.notes().to_vec();
    outcome
}

/// Damages stand behind one another, and reading goes on behind each.
fn check_damage(damage: &Damage, before: Option<&Damage>, len: u64) {
    assert!(damage.start <= damage.offset && damage.offset <= len, "{damage:?} stands outside of {len} bytes");
    assert!(
        damage.resumes.is_none_or(|resumes| damage.start < resumes && resumes <= len),
        "{damage:?} resumes nowhere"
    );
    if let Some(before) = before {
        let resumed = before.resumes.expect("an input that was searched to its end gives no more");
        assert!(resumed <= damage.start, "{damage:?} stands before the end of {before:?}");
    }
}

/// An input that gives its bytes in pieces of a size.
struct Pieces<'b> {
    bytes: &'b [u8],
    size: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = room.len().min(self.size);
        self.bytes.read(&mut room[..count])
    }
}
