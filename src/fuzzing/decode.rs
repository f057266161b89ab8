//! Decoding: UTF-8 comes back as it is, what is replaced is counted, and pieces give what the whole gives.

use std::borrow::Cow;

use super::Choices;
use crate::formats::text::Transcoder;
use crate::text::decode::{Charset, Decoded, EncodingInfo, decode};

const DECLARED: [Option<&str>; 10] = [
    None,
    None,
    None,
    Some("utf-8"),
    Some("windows-1252"),
    Some("shift_jis"),
    Some("iso-2022-jp"),
    Some("utf-16le"),
    Some("gb18030"),
    Some("macintosh"),
];

/// Decodes bytes at once and in pieces.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let declared = choices.pick(&DECLARED).and_then(Charset::for_label);
    let (sample, sizes) = (choices.number(), choices.sizes());
    let bytes = choices.rest();
    let whole = decode(bytes, declared);
    if let Ok(whole) = &whole {
        check_whole(bytes, whole);
    }
    let Ok(first) = Transcoder::for_sample(&bytes[..sample.min(bytes.len())], declared) else { return };
    let label = first.encoding().label;
    let (text, told) = in_pieces(first, bytes, &sizes);
    let again = Transcoder::for_sample(&bytes[..sample.min(bytes.len())], declared).expect("as before");
    assert_eq!(in_pieces(again, bytes, &[bytes.len().max(1)]), (text.clone(), told), "pieces give another text");
    if let Ok(whole) = whole
        && whole.encoding.label == label
    {
        assert_eq!(whole.text, text, "pieces give another text than the whole");
        assert_eq!(whole.encoding.replacements, told.replacements, "pieces count other replacements than the whole");
    }
}

fn check_whole(bytes: &[u8], whole: &Decoded<'_>) {
    let marks = whole.text.matches(char::REPLACEMENT_CHARACTER).count();
    assert!(whole.encoding.replacements <= marks, "more was replaced than the text shows");
    match whole.text {
        Cow::Borrowed(text) => {
            assert!(bytes.ends_with(text.as_bytes()), "borrowed text is not the input's end");
            assert_eq!(whole.encoding.replacements, 0, "borrowed text has replacements");
            assert_eq!(whole.bom, bytes.len() > text.len(), "only a mark may be left out");
        }
        Cow::Owned(_) => {
            let is_plain = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains(['\0', '\u{1b}']));
            let is_utf8 = whole.encoding.label == "UTF-8";
            assert!(!(is_plain && is_utf8), "valid UTF-8 was decoded anew");
        }
    }
}

fn in_pieces(mut coder: Transcoder, bytes: &[u8], sizes: &[usize]) -> (String, EncodingInfo) {
    let mut text = String::new();
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        let (piece, behind) = rest.split_at((*size).min(rest.len()));
        coder.push(piece, behind.is_empty(), &mut text);
        rest = behind;
        if rest.is_empty() {
            break;
        }
    }
    (text, coder.encoding())
}
