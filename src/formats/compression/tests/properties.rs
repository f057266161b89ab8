//! Properties that hold for all texts.

use proptest::prelude::*;

use super::{Outcome, Pieces, article, decode, decode_pieces, member, noise};
use crate::formats::compression::{Codec, DamageKind, Limits};

fn codecs() -> impl Strategy<Value = Codec> {
    prop::sample::select(Codec::ALL.to_vec())
}

fn texts() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..30),
        (any::<u32>(), 0..200_000usize).prop_map(|(seed, length)| article(seed, length)),
        (any::<u32>(), 0..100_000usize).prop_map(|(seed, length)| noise(seed, length)),
    ]
}

/// Members of some texts, one behind the other.
fn members(codec: Codec, texts: &[Vec<u8>]) -> Vec<u8> {
    texts.iter().flat_map(|text| member(codec, text)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_was_encoded_is_decoded_in_pieces_of_any_size(
        codec in codecs(),
        texts in prop::collection::vec(texts(), 1..4),
        size in prop_oneof![1..100usize, 1000..200_000usize],
        room in prop_oneof![1..100usize, 1000..200_000usize],
    ) {
        let bytes = members(codec, &texts);
        let outcome = decode_pieces(codec, Pieces { bytes: &bytes, size }, room, Limits::default());
        prop_assert!(outcome == Outcome { text: texts.concat(), ..Outcome::default() }, "{:?}", outcome.damages);
    }

    #[test]
    fn a_truncated_member_gives_a_prefix_and_is_told(
        codec in codecs(),
        text in texts(),
        cut in any::<prop::sample::Index>(),
    ) {
        let bytes = member(codec, &text);
        let outcome = decode(codec, &bytes[..cut.index(bytes.len() - 1) + 1]);
        prop_assert!(text.starts_with(&outcome.text));
        if cut.index(bytes.len() - 1) + 1 < bytes.len() {
            prop_assert_eq!(outcome.damage().kind, DamageKind::Truncated);
            prop_assert_eq!(outcome.damage().resumes, None);
        }
    }

    #[test]
    fn a_flipped_byte_is_told_or_changes_nothing(
        codec in codecs(),
        text in texts(),
        at in any::<prop::sample::Index>(),
        flip in 1..=255u8,
    ) {
        let mut bytes = member(codec, &text);
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let outcome = decode(codec, &bytes);
        if outcome.damages.is_empty() {
            prop_assert!(outcome.text == text || !outcome.notes.is_empty(), "{} at {}", codec, at);
        }
    }

    #[test]
    fn members_around_a_flipped_byte_come_out(
        codec in codecs(),
        middle in texts(),
        at in any::<prop::sample::Index>(),
        flip in 1..=255u8,
    ) {
        let (first, last) = (article(1, 5000), article(2, 5000));
        let mut bytes = member(codec, &first);
        let start = bytes.len();
        let mut damaged = member(codec, &middle);
        let at = at.index(damaged.len());
        damaged[at] ^= flip;
        bytes.extend(damaged);
        bytes.extend(member(codec, &last));
        let outcome = decode(codec, &bytes);
        prop_assert!(outcome.text.starts_with(&first), "{} at {}", codec, at);
        prop_assert!(outcome.text.ends_with(&last), "{} at {} {:?}", codec, at, outcome.damages);
        for (_, damage) in &outcome.damages {
            prop_assert!(damage.start >= start as u64);
        }
    }

    #[test]
    fn any_bytes_behind_a_magic_end(
        codec in codecs(),
        bytes in prop::collection::vec(any::<u8>(), 0..2000),
        cut in 0..40usize,
    ) {
        let mut input = member(codec, b"The bridge is open again.");
        input.truncate(cut.max(4));
        input.extend(bytes);
        decode_pieces(codec, Pieces { bytes: &input, size: 13 }, 17, Limits::default());
    }

    #[test]
    fn damage_does_not_depend_on_the_pieces(
        codec in codecs(),
        texts in prop::collection::vec(texts(), 1..4),
        at in any::<prop::sample::Index>(),
        sizes in (1..5000usize, 1..5000usize),
    ) {
        let mut bytes = members(codec, &texts);
        let at = at.index(bytes.len());
        bytes[at] = !bytes[at];
        let whole = decode(codec, &bytes);
        let pieces = Pieces { bytes: &bytes, size: sizes.0 };
        let pieced = decode_pieces(codec, pieces, sizes.1, Limits::default());
        // How much of a damaged block comes out, and so where its damage is seen, is up to the libraries.
        prop_assert_eq!(whole.damages.len(), pieced.damages.len());
        prop_assert_eq!(whole.notes, pieced.notes);
        for ((_, one), (_, other)) in whole.damages.iter().zip(&pieced.damages) {
            prop_assert_eq!((one.start, one.resumes), (other.start, other.resumes));
        }
    }
}
