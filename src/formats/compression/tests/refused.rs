//! Members that ask for too much.

use super::{Pieces, decode, decode_pieces, member};
use crate::formats::compression::{Codec, DamageKind, Limits};

fn limited(codec: Codec, bytes: &[u8], limits: Limits) -> super::Outcome {
    decode_pieces(codec, Pieces { bytes, size: usize::MAX }, 64 << 10, limits)
}

#[test]
fn a_bomb_is_stopped_and_a_member_far_behind_it_is_read() {
    let limits = Limits { ratio_from: 1 << 20, ..Limits::default() };
    for codec in [Codec::Gzip, Codec::Zstd, Codec::Bzip2, Codec::Xz] {
        let bomb = member(codec, &vec![b'a'; 64 << 20]);
        let outcome = limited(codec, &bomb, limits.clone());
        assert!(matches!(outcome.damage().kind, DamageKind::Bomb { .. }), "{codec}");
        assert!(outcome.text.len() as u64 <= (1 << 20) + 200 * bomb.len() as u64 + (64 << 10), "{codec}");
        let noise = member(codec, &super::noise(5, 1 << 20));
        let outcome = limited(codec, &[&bomb[..], &noise, &noise].concat(), limits.clone());
        assert_eq!(outcome.damages.len(), 1, "{codec}");
        assert!(outcome.damage().resumes.is_some(), "{codec}");
        assert!(outcome.text.ends_with(&super::noise(5, 1 << 20)), "{codec}");
    }
}

#[test]
fn many_small_bombs_are_one() {
    let limits = Limits { ratio_from: 1 << 20, ..Limits::default() };
    let bomb = member(Codec::Zstd, &vec![b'a'; 60_000]).repeat(200);
    let outcome = limited(Codec::Zstd, &bomb, limits);
    assert!(matches!(outcome.damage().kind, DamageKind::Bomb { .. }));
    assert!(outcome.text.len() < 3 << 20);
}

#[test]
fn the_limit_of_bytes_is_met_to_the_byte() {
    for codec in Codec::ALL {
        let bytes = member(codec, b"The bridge").repeat(2);
        for most in [0, 1, 10, 19] {
            let outcome = limited(codec, &bytes, Limits { max_bytes: Some(most), ..Limits::default() });
            assert_eq!(outcome.text, b"The bridgeThe bridge"[..most as usize]);
            assert!(matches!(outcome.damage().kind, DamageKind::Bomb { .. }), "{codec} {most}");
            assert_eq!(outcome.damage().resumes, None, "{codec} {most}");
        }
        let outcome = limited(codec, &bytes, Limits { max_bytes: Some(20), ..Limits::default() });
        assert!(outcome.damages.is_empty(), "{codec}");
    }
}

#[test]
fn a_window_above_the_limit_is_refused_and_the_next_frame_is_read() {
    let huge = [0x28, 0xb5, 0x2f, 0xfd, 0, 0xff, 1, 0, 0];
    let bytes = [&huge[..], &member(Codec::Zstd, b"next")].concat();
    let outcome = decode(Codec::Zstd, &bytes);
    assert_eq!(outcome.text, b"next");
    assert!(matches!(outcome.damage().kind, DamageKind::Window { .. }));
    assert_eq!(outcome.damage().resumes, Some(huge.len() as u64));
}

#[test]
fn a_dictionary_above_the_limit_is_refused_in_xz() {
    let bytes = member(Codec::Xz, &super::noise(1, 4 << 20));
    let outcome = limited(Codec::Xz, &bytes, Limits { max_window_log: 20, ..Limits::default() });
    assert_eq!(outcome.damage().kind, DamageKind::Memory { allowed: 1 << 20 });
}

#[test]
fn a_frame_that_needs_a_dictionary_names_it() {
    let bytes = [0x28, 0xb5, 0x2f, 0xfd, 0b0000_0001, 0, 42, 1, 0, 0];
    let outcome = decode(Codec::Zstd, &bytes);
    assert_eq!(outcome.damage().kind, DamageKind::Dictionary { id: 42 });
    assert_eq!(outcome.damage().kind.code(), "unsupported");
}

#[test]
fn old_versions_are_refused() {
    for (codec, magic) in [(Codec::Zstd, [0x27, 0xb5, 0x2f, 0xfd]), (Codec::Lz4, [0x02, 0x21, 0x4c, 0x18])] {
        let outcome = decode(codec, &[&magic[..], &[0; 20]].concat());
        assert_eq!(outcome.damage().kind, DamageKind::Unsupported);
    }
}

#[test]
fn skippable_frames_are_skipped() {
    for codec in [Codec::Zstd, Codec::Lz4] {
        let skippable = [0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
        let frame = member(codec, b"one");
        let outcome = decode(codec, &[&skippable[..], &frame, &skippable, &frame, &skippable].concat());
        assert_eq!(outcome.text, b"oneone");
        assert!(outcome.damages.is_empty() && outcome.notes.is_empty());
    }
}
