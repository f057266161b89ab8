//! Members that are damaged, and those behind them.

use super::{Pieces, article, decode, decode_pieces, member, noise};
use crate::formats::compression::{Codec, DamageKind, Limits, Note};

/// Three members of different text, and where each begins.
fn three(codec: Codec, length: usize) -> (Vec<u8>, [Vec<u8>; 3], [usize; 3]) {
    let texts = [article(1, length), article(2, length), article(3, length)];
    let mut bytes = Vec::new();
    let starts = [0, 1, 2].map(|index| {
        let start = bytes.len();
        bytes.extend(member(codec, &texts[index]));
        start
    });
    (bytes, texts, starts)
}

#[test]
fn all_members_are_read() {
    for codec in Codec::ALL {
        let (mut bytes, texts, _) = three(codec, 50_000);
        bytes.extend(member(codec, b""));
        bytes.extend(member(codec, b"end"));
        let outcome = decode(codec, &bytes);
        assert!(outcome.text == [&texts.concat()[..], b"end"].concat(), "{codec}");
        assert!(outcome.damages.is_empty() && outcome.notes.is_empty(), "{codec}");
    }
}

#[test]
fn the_member_behind_a_damaged_one_comes_out_once() {
    for codec in Codec::ALL {
        for length in [3000, 40_000, 300_000] {
            let (bytes, texts, starts) = three(codec, length);
            for tenth in 1..10 {
                let mut damaged = bytes.clone();
                let at = starts[1] + (starts[2] - starts[1]) * tenth / 10;
                damaged[at..at + 8].copy_from_slice(&[0xff; 8]);
                let outcome = decode(codec, &damaged);
                let told = format!("{codec} {length} {tenth}: {:?}", outcome.damages);
                assert!(outcome.text.starts_with(&texts[0]), "{told}");
                assert!(outcome.text.ends_with(&texts[2]), "{told}");
                assert_eq!(outcome.damages.len(), 1, "{told}");
                let damage = outcome.damage();
                assert_eq!((damage.start, damage.resumes), (starts[1] as u64, Some(starts[2] as u64)), "{told}");
                assert!(damage.offset > damage.start && damage.offset <= starts[2] as u64, "{told}");
                let given = outcome.text.len() - texts[0].len() - texts[2].len();
                assert_eq!(outcome.damages[0].0, texts[0].len() + given, "{told}");
            }
        }
    }
}

#[test]
fn two_damaged_members_in_a_row_are_two_damages() {
    let texts: Vec<Vec<u8>> = (0..4).map(|seed| article(seed, 60_000)).collect();
    let mut bytes = Vec::new();
    let mut starts = Vec::new();
    for text in &texts {
        starts.push(bytes.len());
        bytes.extend(member(Codec::Gzip, text));
    }
    for damaged in [1, 2] {
        let middle = (starts[damaged] + starts[damaged + 1]) / 2;
        bytes[middle..middle + 8].copy_from_slice(&[0xff; 8]);
    }
    let outcome = decode(Codec::Gzip, &bytes);
    let told: Vec<u64> = outcome.damages.iter().map(|(_, damage)| damage.start).collect();
    assert_eq!(told, [starts[1] as u64, starts[2] as u64]);
    assert!(outcome.text.ends_with(&texts[3]));
}

#[test]
fn a_lost_piece_costs_only_the_members_it_touches() {
    for codec in Codec::ALL {
        let (bytes, texts, starts) = three(codec, 60_000);
        let lost = [&bytes[..starts[1] / 2], &bytes[(starts[1] + starts[2]) / 2..]].concat();
        let outcome = decode(codec, &lost);
        assert!(outcome.text.ends_with(&texts[2]), "{codec}");
        assert_eq!(outcome.damages.len(), 1, "{codec}: {:?}", outcome.damages);
    }
}

#[test]
fn text_with_a_wrong_checksum_comes_out_whole() {
    let text = article(1, 500_000);
    let from_end = [(Codec::Gzip, 8), (Codec::Zstd, 1), (Codec::Lz4, 1), (Codec::Xz, 30)];
    for (codec, distance) in from_end {
        let mut bytes = member(codec, &text);
        let behind = bytes.len() as u64;
        let at = bytes.len() - distance;
        bytes[at] ^= 1;
        bytes.extend(member(codec, b"next"));
        let outcome = decode(codec, &bytes);
        assert!(outcome.text == [&text[..], b"next"].concat(), "{codec}");
        assert_eq!(outcome.damage().kind, DamageKind::Checksum, "{codec}");
        assert_eq!(outcome.damage().resumes, Some(behind), "{codec}");
    }
}

#[test]
fn a_wrong_block_checksum_of_bzip2_is_told_behind_the_block() {
    let text = article(1, 50_000);
    let mut bytes = member(Codec::Bzip2, &text);
    // Behind the stream's magic and level and the block's mark stands the block's checksum.
    bytes[12] ^= 1;
    let outcome = decode(Codec::Bzip2, &bytes);
    assert!(outcome.text == text);
    assert_eq!(outcome.damage().kind, DamageKind::Checksum);
}

#[test]
fn a_wrong_stream_checksum_of_bzip2_is_one() {
    let mut bytes = member(Codec::Bzip2, b"");
    bytes[12] ^= 1;
    let outcome = decode(Codec::Bzip2, &bytes);
    assert_eq!(outcome.damage().kind, DamageKind::Checksum);
}

#[test]
fn a_wrong_length_is_told_behind_the_text() {
    let mut bytes = member(Codec::Gzip, b"The bridge is open again.");
    let at = bytes.len() - 1;
    bytes[at] ^= 1;
    let outcome = decode(Codec::Gzip, &bytes);
    assert_eq!(outcome.text, b"The bridge is open again.");
    assert_eq!(outcome.damage().kind, DamageKind::Length);
    assert_eq!(outcome.damage().kind.code(), "checksum");
}

#[test]
fn without_its_trailer_a_gzip_member_is_truncated() {
    let bytes = member(Codec::Gzip, b"The bridge is open again.");
    let outcome = decode(Codec::Gzip, &bytes[..bytes.len() - 8]);
    assert_eq!(outcome.text, b"The bridge is open again.");
    assert_eq!(outcome.damage().kind, DamageKind::Truncated);
    assert_eq!(outcome.damage().resumes, None);
}

#[test]
fn a_member_cut_inside_its_magic_is_truncated() {
    for codec in Codec::ALL {
        let first = member(codec, b"The bridge is open again.");
        let cut = [&first[..], &first[..2]].concat();
        let outcome = decode(codec, &cut);
        assert_eq!(outcome.text, b"The bridge is open again.");
        assert_eq!(outcome.damage().kind, DamageKind::Truncated);
        assert_eq!(outcome.damage().start, first.len() as u64);
    }
}

#[test]
fn zeros_behind_a_member_are_padding() {
    for codec in Codec::ALL {
        let first = member(codec, b"one");
        let padded = [&first[..], &[0; 100_000], &first, &[0; 3]].concat();
        let outcome = decode(codec, &padded);
        assert_eq!(outcome.text, b"oneone");
        assert!(outcome.damages.is_empty() && outcome.notes.is_empty());
    }
}

#[test]
fn garbage_behind_the_last_member_is_a_note() {
    for codec in Codec::ALL {
        let first = member(codec, b"one");
        let outcome = decode(codec, &[&first[..], &[0, 0], b"garbage"].concat());
        assert_eq!(outcome.text, b"one");
        assert!(outcome.damages.is_empty(), "{codec}");
        assert_eq!(outcome.notes, [Note::Garbage { offset: first.len() as u64 + 2, len: 7 }], "{codec}");
    }
}

#[test]
fn garbage_between_members_is_damage() {
    for codec in Codec::ALL {
        let first = member(codec, b"one");
        let outcome = decode(codec, &[&first[..], b"garbage", &first].concat());
        assert_eq!(outcome.text, b"oneone", "{codec}");
        let damage = outcome.damage();
        let border = first.len() as u64;
        assert_eq!((damage.kind, damage.start, damage.offset), (DamageKind::Corrupt, border, border));
        assert_eq!(damage.resumes, Some(border + 7));
    }
}

#[test]
fn noise_behind_a_damaged_member_holds_no_members() {
    for codec in Codec::ALL {
        let mut bytes = member(codec, &article(1, 20_000));
        bytes.truncate(bytes.len() / 2);
        bytes.extend(noise(7, 3_000_000));
        let outcome = decode(codec, &bytes);
        assert_eq!(outcome.damage().resumes, None, "{codec}");
    }
}

#[test]
fn many_magics_are_searched_in_linear_time() {
    for codec in Codec::ALL {
        // The beginning of a member, over and over, each of which decodes for a while.
        let whole = member(codec, &noise(9, 5000));
        let beginning = &whole[..whole.len().min(40)];
        let bytes = beginning.repeat(100_000);
        let outcome = decode_pieces(codec, Pieces { bytes: &bytes, size: usize::MAX }, 1 << 20, Limits::default());
        assert!(outcome.text.len() < 220 * bytes.len(), "{codec}");
    }
}

#[test]
fn a_fault_far_inside_a_large_member_is_found_with_bounded_look_back() {
    let mut bytes = member(Codec::Gzip, &noise(3, 6 << 20));
    let border = bytes.len();
    bytes[5 << 20] ^= 0x10;
    bytes.extend(member(Codec::Gzip, b"next"));
    let outcome = decode(Codec::Gzip, &bytes);
    assert!(outcome.text.ends_with(b"next"));
    assert_eq!(outcome.damage().resumes, Some(border as u64));
}
