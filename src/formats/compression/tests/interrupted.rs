//! Inputs that cannot be read at times.

use std::io::{self, Read};

use super::{article, member};
use crate::formats::compression::{Codec, Decoder, Limits, ReadError};

/// Fails before every piece: once so that it is to be tried again at once, and once so that it is told.
struct Failing<'a> {
    bytes: &'a [u8],
    calls: u32,
}

impl Read for Failing<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        match self.calls % 3 {
            0 => self.bytes.read(&mut room[..700]),
            1 => Err(io::ErrorKind::Interrupted.into()),
            _ => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

#[test]
fn reading_goes_on_at_the_same_byte_when_the_input_can_be_read_again() {
    for codec in Codec::ALL {
        let texts = [article(1, 20_000), article(2, 20_000), article(3, 20_000)];
        let [first, mut second, third] = texts.each_ref().map(|text| member(codec, text));
        let middle = second.len() / 2;
        second[middle..middle + 8].copy_from_slice(&[0xff; 8]);
        let bytes = [&first[..], &second, &third].concat();
        let input = Failing { bytes: &bytes, calls: 0 };
        let mut decoder = Decoder::new(codec, input, Limits::default());
        let (mut text, mut room, mut damages) = (Vec::new(), [0; 4096], 0);
        loop {
            match decoder.read(&mut room) {
                Ok(0) => break,
                Ok(count) => text.extend_from_slice(&room[..count]),
                Err(ReadError::Io(error)) => assert_eq!(error.kind(), io::ErrorKind::TimedOut),
                Err(ReadError::Damaged(_)) => damages += 1,
            }
        }
        assert_eq!(damages, 1, "{codec}");
        assert!(text.starts_with(&texts[0]) && text.ends_with(&texts[2]), "{codec}");
    }
}
