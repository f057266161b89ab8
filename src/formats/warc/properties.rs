//! What holds of every input.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::fuzzing::warc::{Stretch, cuts, total};

/// Inputs made of what archives are made of, in any order.
fn archives() -> impl Strategy<Value = Vec<u8>> {
    let whole = samples::record(b"WARC-Type: conversion\r\nContent-Type: text/plain\r\n", b"A story.\n");
    let fragments: Vec<Vec<u8>> = [
        &b"WARC/1.0\r\n"[..],
        b"WARC/0.18\n",
        b"Content-Length: 9\r\n",
        b"Content-Length: 9\r\n\r\n",
        b"Content-Length: 60\r\n\r\n",
        b"Content-Length: 1000\r\n\r\n",
        b"Content-Length: x\r\n\r\n",
        b"WARC-Type: response\r\n folded\r\n",
        b"\r\n\r\n",
        b"\n",
        b"\r",
        b"A story.\n",
        b"WARC/",
        b"\xef\xbb\xbf",
        b"\xff",
        b"x",
    ]
    .iter()
    .map(|fragment| fragment.to_vec())
    .chain(std::iter::repeat_n(whole, 6))
    .collect();
    vec(select(fragments), 0..24).prop_map(|fragments| fragments.concat())
}

proptest! {
    #[test]
    fn all_pieces_together_are_the_input(input in archives(), pieces in vec(1_usize..200, 1..8)) {
        let stretches = cuts(&input, &pieces);
        prop_assert_eq!(total(&stretches), input.len());
        prop_assert_eq!(&stretches, &cuts(&input, &[usize::MAX / 2]));
        prop_assert_eq!(&stretches, &cuts(&input, &[1]));
    }

    #[test]
    fn any_bytes_are_cut_and_read(input in vec(any::<u8>(), 0..300), pieces in vec(1_usize..50, 1..4)) {
        prop_assert_eq!(total(&cuts(&input, &pieces)), input.len());
        for record in records(&input) {
            let _ = (record.url(), record.id(), record.payload(&HttpLimits::default()));
        }
    }

    #[test]
    fn any_body_is_read(head in "(Transfer-Encoding: chunked\r\n|Content-Encoding: (gzip|deflate|br|zstd)\r\n){0,2}",
        body in vec(any::<u8>(), 0..200)) {
        let http = [b"HTTP/1.1 200 OK\r\n", head.as_bytes(), b"\r\n", &body].concat();
        let bytes = samples::response(&http);
        for record in records(&bytes) {
            let _ = record.payload(&HttpLimits::default());
        }
    }

    #[test]
    fn a_rewritten_record_is_a_record_with_the_new_block(name in "[A-Za-z-]{1,12}", value in "[ -~]{0,20}",
        block in vec(any::<u8>(), 0..100)) {
        let bytes = samples::record(format!("{name}: {value}\r\n").as_bytes(), b"old");
        let Some(record) = records(&bytes).next() else { return Err(TestCaseError::reject("two lengths")) };
        let mut out = Vec::new();
        rewrite(&record, &block, &mut out);
        conversion(&record, &block, &mut out);
        let blocks: Vec<&[u8]> = records(&out).map(|record| record.block).collect();
        prop_assert_eq!(blocks, [&block[..], &block[..]]);
    }
}

#[test]
fn an_input_of_version_lines_is_damage() {
    let input = b"WARC/1.0\r\n".repeat(10_000);
    assert_eq!(cuts(&input, &[4096]), [Stretch::Damaged(input.len(), DamageKind::NotARecord)]);
}

#[test]
fn an_input_of_headers_is_cut_in_linear_time() {
    let input = b"WARC/1.0\r\nContent-Length: 300\r\n\r\n".repeat(20_000);
    assert_eq!(total(&cuts(&input, &[4096])), input.len());
}

#[test]
fn a_large_record_is_named_and_the_next_one_is_read() {
    let large = samples::record(b"", &[b'x'; 5000]);
    let input = [large.clone(), samples::record(b"", b"text")].concat();
    let small = input.len() - large.len();
    let expected = [Stretch::Large(large.len() - 4), Stretch::Blank(4), Stretch::Records(small)];
    assert_eq!(cuts(&input, &[64]), expected);
}

#[test]
fn records_behind_damage_are_read() {
    let good = samples::record(b"WARC-Type: conversion\r\n", b"A story.");
    for (bad, kind) in [
        ("WARC/1.0\r\nA: b\r\n\r\ntext\r\n\r\n", DamageKind::Length),
        ("WARC/1.0\r\nA: b\r\n", DamageKind::Header),
        ("WARC/1.0\r\nContent-Length: 5\r\n\r\nlong text\r\n\r\n", DamageKind::Boundary),
        ("WARC/1.0\r\nContent-Length: 50\r\n\r\nlong text\r\n\r\n", DamageKind::Boundary),
        ("WARC/1.0\r\nContent-Length: 5000\r\n\r\nlong text\r\n\r\n", DamageKind::Boundary),
        ("says WARC/1.0\r\nA: b\r\n", DamageKind::NotARecord),
    ] {
        let input = [&good, bad.as_bytes(), &good, &good].concat();
        let expected =
            [Stretch::Records(good.len()), Stretch::Damaged(bad.len(), kind), Stretch::Records(2 * good.len())];
        assert_eq!(cuts(&input, &[7]), expected, "{bad}");
    }
}

#[test]
fn the_last_record_may_be_cut_off() {
    let good = samples::record(b"WARC-Type: conversion\r\n", b"A story.");
    for len in 3..good.len() - 4 {
        let input = [&good[..], &good[..len]].concat();
        let expected = [Stretch::Records(good.len()), Stretch::Damaged(len, DamageKind::Truncated)];
        assert_eq!(cuts(&input, &[10]), expected, "{len}");
    }
}
