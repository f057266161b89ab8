//! Web archives: the cuts of an input are the input however it arrives, and a rewritten record is a record.

use super::Choices;
use crate::formats::warc::{
    Body, Cut, DamageKind, HttpLimits, Payload, Record, Splitter, conversion, records, rewrite,
};

/// Small, so that records beyond it are common.
const LIMIT: usize = 400;

const HTTP: HttpLimits = HttpLimits { max_bytes: 1 << 20, max_ratio: 200, ratio_from: 64 << 10 };

/// Cuts an archive, reads its records and writes them anew.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let sizes = choices.sizes();
    let bytes = choices.rest();
    let stretches = cuts(bytes, &sizes);
    assert_eq!(total(&stretches), bytes.len(), "the cuts are not the input");
    assert_eq!(stretches, cuts(bytes, &[usize::MAX / 2]), "the cuts depend on how the bytes arrive");
    for record in records(bytes) {
        check_record(&record);
    }
}

fn check_record(record: &Record<'_>) {
    let _ = (record.kind(), record.url(), record.id());
    match record.payload(&HTTP) {
        Payload::Text(Body { bytes, .. }) | Payload::Html(Body { bytes, .. }) => {
            assert!(bytes.len() <= HTTP.max_bytes.max(record.block.len()), "a body of {} bytes", bytes.len());
        }
        Payload::None(_) | Payload::Broken(_) => {}
    }
    let mut out = Vec::new();
    rewrite(record, record.block, &mut out);
    rewrite(record, b"Another text.\n", &mut out);
    conversion(record, b"Another text.\n", &mut out);
    let found: Vec<Record<'_>> = records(&out).collect();
    let blocks: Vec<&[u8]> = found.iter().map(|record| record.block).collect();
    assert_eq!(blocks, [record.block, b"Another text.\n", b"Another text.\n"], "records cannot be read back");
    assert_eq!(found.iter().map(|record| record.bytes.len()).sum::<usize>(), out.len(), "something is over");
    assert_eq!((found[1].kind(), found[1].url(), found[1].id()), (record.kind(), record.url(), record.id()));
}

/// A stretch of the input, as the cuts of all its pieces together name it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stretch {
    Records(usize),
    Blank(usize),
    Damaged(usize, DamageKind),
    Large(usize),
}

/// Cuts an input that arrives in pieces of these lengths, over and over.
pub(crate) fn cuts(input: &[u8], pieces: &[usize]) -> Vec<Stretch> {
    let mut splitter = Splitter::new(LIMIT);
    let mut stretches = Vec::new();
    let mut pieces = pieces.iter().cycle();
    let (mut start, mut end) = (0, 0);
    while start < input.len() {
        let at_end = end == input.len();
        let buffer = &input[start..end];
        let len = match splitter.cut(buffer, at_end) {
            Cut::More => {
                assert!(!at_end, "more at the end");
                assert!(splitter.wanted() > buffer.len(), "nothing new wanted");
                end = input.len().min(end.saturating_add(pieces.next().copied().unwrap_or(1)));
                continue;
            }
            Cut::Records(len) => {
                assert_eq!(records(&buffer[..len]).map(|record| record.bytes.len()).sum::<usize>(), len);
                push(&mut stretches, Stretch::Records(len));
                len
            }
            Cut::Blank(len) => {
                push(&mut stretches, Stretch::Blank(len));
                len
            }
            Cut::Damaged { len, kind, continued } => {
                match stretches.last_mut() {
                    Some(Stretch::Damaged(before, _)) if continued => *before += len,
                    _ => stretches.push(Stretch::Damaged(len, kind)),
                }
                len
            }
            Cut::Large { len, .. } => {
                let len = usize::try_from(len).unwrap_or(usize::MAX).min(input.len() - start);
                push(&mut stretches, Stretch::Large(len));
                len
            }
        };
        assert!(len > 0, "a cut of nothing");
        start += len;
        end = end.max(start);
    }
    assert_eq!(splitter.cut(&[], true), Cut::Records(0));
    stretches
}

/// Adds a stretch, to the last one if they are of a kind.
fn push(stretches: &mut Vec<Stretch>, stretch: Stretch) {
    match (stretches.last_mut(), &stretch) {
        (Some(Stretch::Records(before)), Stretch::Records(len)) => *before += len,
        (Some(Stretch::Blank(before)), Stretch::Blank(len)) => *before += len,
        _ => stretches.push(stretch),
    }
}

/// How long all stretches are together.
pub(crate) fn total(stretches: &[Stretch]) -> usize {
    stretches
        .iter()
        .map(|stretch| match stretch {
            Stretch::Records(len) | Stretch::Blank(len) | Stretch::Damaged(len, _) | Stretch::Large(len) => *len,
        })
        .sum()
}
