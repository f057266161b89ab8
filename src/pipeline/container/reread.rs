//! `--verify`: what a part wrote is read again, as any reader would, before it goes to the disk.

use std::io;

use crate::formats::compression::{Codec, Decoder, Limits, ReadError};
use crate::formats::{delimited, warc};
use crate::report::{Hash, Row, Status};

use super::records::Shape;
use super::text::{field_in, text_in};

/// A record that a row tells of: the hash of its bytes as they came, and that of its kept text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    came: Option<Hash>,
    kept: Option<Hash>,
}

impl Record {
    /// The record of a row; nothing where it is not in the output.
    pub(crate) fn of(row: &Row<'_>) -> Option<Record> {
        row.record.filter(|_| row.status != Status::Failed)?;
        Some(Record { came: row.hash_in, kept: row.hash_kept })
    }

    /// Whether these bytes are it: as they came, or with the kept text in them.
    fn is(&self, bytes: &[u8], text: impl FnOnce() -> Option<Hash>) -> bool {
        (self.kept.is_some() && text() == self.kept) || self.came == Some(Hash::of(bytes))
    }
}

/// Whether an output, decompressed, holds these records in their order; others may stand between.
pub(crate) fn holds(shape: &Shape, codec: Option<Codec>, output: &[u8], records: &[Record]) -> bool {
    match codec.map(|codec| decompressed(codec, output)) {
        None => is_in(shape, output, records),
        Some(Ok(plain)) => is_in(shape, &plain, records),
        Some(Err(_)) => false,
    }
}

fn decompressed(codec: Codec, packed: &[u8]) -> io::Result<Vec<u8>> {
    const PIECE: usize = 64 * 1024;
    // What was just packed is no bomb.
    let limits = Limits { max_ratio: u64::MAX, ..Limits::default() };
    let (mut decoder, mut plain) = (Decoder::new(codec, packed, limits), Vec::new());
    loop {
        let end = plain.len();
        plain.resize(end + PIECE, 0);
        let read = decoder.read(&mut plain[end..]).map_err(|error| match error {
            ReadError::Io(error) => error,
            ReadError::Damaged(damage) => io::Error::other(damage.to_string()),
        })?;
        plain.truncate(end + read);
        if read == 0 {
            return Ok(plain);
        }
    }
}

fn is_in(shape: &Shape, bytes: &[u8], records: &[Record]) -> bool {
    let mut left = records;
    let mut take = |bytes: &[u8], text: &dyn Fn() -> Option<Hash>| {
        if let Some((next, behind)) = left.split_first()
            && next.is(bytes, text)
        {
            left = behind;
        }
    };
    match shape {
        Shape::Json(locator) => bytes
            .split_inclusive(|&byte| byte == b'\n')
            .for_each(|line| take(line, &|| Some(Hash::of(text_in(locator, line)?.as_bytes())))),
        Shape::Table { dialect, columns } => delimited::records(bytes, *dialect).for_each(|row| {
            take(row.bytes, &|| Some(Hash::of(field_in(columns, *dialect, row.bytes)?.decode().text.as_bytes())));
        }),
        Shape::Archive => {
            warc::records(bytes).for_each(|record| take(record.bytes, &|| Some(Hash::of(record.block))));
        }
        // Their records do not stand there one by one.
        _ => return true,
    }
    left.is_empty()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::formats::FieldNames;
    use crate::formats::compression::Encoder;

    #[test]
    fn records_must_all_be_there_in_their_order() {
        let locator = super::super::text::locator(&FieldNames::default()).expect("a locator");
        let shape = Shape::Json(Arc::new(locator));
        let kept = |text: &str| Record { came: None, kept: Some(Hash::of(text.as_bytes())) };
        let came = |line: &str| Record { came: Some(Hash::of(line.as_bytes())), kept: None };
        let output = "{\"text\":\"one\"}\n\n{\"text\":\"tw\\u006f\"}\n[3]\n";
        let records = [kept("one"), kept("two"), came("[3]\n")];
        let holds = |output: &str, records: &[Record]| holds(&shape, None, output.as_bytes(), records);
        assert!(holds(output, &records) && holds(output, &records[1..]) && holds("", &[]));
        assert!(!holds(output, &[records[1], records[0]]) && !holds(output, &[kept("three")]));
        assert!(!holds(&output.replace("one", "ones"), &records));
    }

    #[test]
    fn what_is_compressed_is_decompressed_first() {
        let shape = Shape::Json(Arc::new(super::super::text::locator(&FieldNames::default()).expect("a locator")));
        let records = [Record { came: None, kept: Some(Hash::of(b"one")) }];
        for codec in Codec::ALL {
            let mut packed = Vec::new();
            let mut encoder = Encoder::new(codec).expect("an encoder");
            encoder.encode(b"{\"text\":\"one\"}\n", &mut packed).expect("packed");
            assert!(holds(&shape, Some(codec), &packed, &records), "{codec:?}");
            let last = packed.len() - 5;
            packed[last] ^= 0x55;
            packed.truncate(last + 1);
            assert!(!holds(&shape, Some(codec), &packed, &records), "{codec:?}");
        }
    }
}
