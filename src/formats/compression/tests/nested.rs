//! Members inside members: what servers sent compressed stands in dumps as it is.

use super::{article, decode, member, noise};
use crate::formats::compression::{Codec, DamageKind};

/// A page as a server sent it, in gzip, within text.
fn record(seed: u32) -> Vec<u8> {
    let body = member(Codec::Gzip, &article(seed, 400_000));
    [b"content-encoding: gzip\r\n\r\n", &body[..], b"\r\n\r\n"].concat()
}

#[test]
fn a_page_stored_in_a_damaged_member_is_no_member() {
    // Noise makes deflate store it all, and the page with it.
    let mut text = noise(1, 50_000);
    text.extend(record(1));
    text.extend(noise(2, 50_000));
    let mut bytes = member(Codec::Gzip, &text);
    let (first, border) = (bytes.len() / 8, bytes.len() as u64);
    bytes.extend(member(Codec::Gzip, b"next"));
    for at in [first, first * 7] {
        let mut damaged = bytes.clone();
        damaged[at..at + 20_000.min(first)].fill(0xff);
        let outcome = decode(Codec::Gzip, &damaged);
        assert!(outcome.text.ends_with(b"next"));
        assert_eq!(outcome.damage().resumes, Some(border), "{:?}", outcome.damages);
    }
}

#[test]
fn a_page_stored_in_a_truncated_member_is_no_member() {
    let text = [noise(1, 50_000), record(1), noise(2, 90_000)].concat();
    let bytes = member(Codec::Gzip, &text);
    let outcome = decode(Codec::Gzip, &bytes[..bytes.len() - 30_000]);
    assert!(text.starts_with(&outcome.text));
    assert_eq!(outcome.damage().kind, DamageKind::Truncated);
    assert_eq!(outcome.damage().resumes, None);
}

#[test]
fn a_member_in_a_member_is_read_one_layer_deep() {
    let inner = member(Codec::Gzip, b"The bridge is open again.");
    assert_eq!(decode(Codec::Gzip, &member(Codec::Gzip, &inner)).text, inner);
}
