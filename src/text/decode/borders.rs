//! Where the judgements turn: texts that are just still text, and data that just is none.
#![allow(clippy::unwrap_used)]

use super::binary::{refuse_by_controls, refuse_by_nuls, refuse_ebcdic};
use super::utf8::is_nearly;
use super::*;

fn charset(label: &str) -> Option<Charset> {
    Some(Charset::for_label(label).unwrap())
}

fn found(bytes: &[u8]) -> (String, EncodingSource) {
    let decoded = decode(bytes, None).unwrap();
    (decoded.text.into_owned(), decoded.encoding.source)
}

fn little(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn big(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// What refuses a text of these characters with so many faults in a guessed encoding.
fn guessed(bytes: &[u8], text: &str, replacements: usize) -> Result<(), NotText> {
    let encoding = EncodingInfo { label: "windows-1252", source: EncodingSource::Detected, replacements };
    refuse_by_controls(bytes, &Decoded { text: text.into(), encoding, bom: false })
}

#[test]
fn utf16_that_is_declared_is_followed_where_its_bytes_do_not_read_as_ascii() {
    // Each of these characters is a line feed or a tabulator and a letter of ASCII.
    for (label, bytes) in [("utf-16le", little("上上上上")), ("utf-16be", big("上上上上"))] {
        let decoded = decode(&bytes, charset(label)).unwrap();
        assert_eq!((decoded.text.as_ref(), decoded.encoding.source), ("上上上上", EncodingSource::Declared));
    }
    // Three units of four that read as ASCII are the border.
    assert_eq!(decode(b"ababab\nN", charset("utf-16le")).unwrap().text, "扡扡扡上");
    assert_eq!(decode(b"abababab\nN", charset("utf-16le")).unwrap().text, "abababab\nN");
}

#[test]
fn valid_utf8_beyond_ascii_is_not_taken_for_what_was_declared() {
    for label in ["utf-16le", "iso-2022-jp"] {
        let decoded = decode("Весной река выходит из берегов.".as_bytes(), charset(label)).unwrap();
        assert_eq!((decoded.encoding.label, decoded.encoding.source), ("UTF-8", EncodingSource::Utf8), "{label}");
    }
}

#[test]
fn utf8_with_a_nul_is_not_taken_for_utf16() {
    for text in ["п".repeat(60) + "a\0", "ab".repeat(60) + "c\0"] {
        assert_eq!(found(text.as_bytes()), (text, EncodingSource::Utf8));
    }
}

#[test]
fn utf16_needs_an_anchor_in_sixty_four_characters() {
    let thai = "\u{e19}".repeat(63) + " ";
    assert_eq!(found(&little(&thai)), (thai, EncodingSource::Utf16Pattern));
    // Spaces alone are anchors enough.
    let korean = "오래된 다리를 두 주 동안 닫는다";
    assert_eq!(found(&little(korean)), (korean.to_owned(), EncodingSource::Utf16Pattern));
    // One character without a place in text is allowed in thirty-two.
    let icon = "the ferry leaves at noon and carries mail \u{e000} bread";
    assert_eq!(found(&little(icon)), (icon.to_owned(), EncodingSource::Utf16Pattern));
    let torn = [little("one two "), vec![0, 0xD8], vec![0, 0xD8]].concat();
    assert!(decode(&torn, None).is_err(), "one unit of five is a lone surrogate");
    assert!(decode(b"\0", None).is_err(), "half a unit is no text");
}

#[test]
fn the_byte_order_with_more_anchors_wins() {
    let text = "a b c d\u{4100}";
    for bytes in [little(text), big(text)] {
        assert_eq!(found(&bytes), (text.to_owned(), EncodingSource::Utf16Pattern));
    }
}

#[test]
fn a_byte_order_mark_is_believed_where_the_text_does_not_speak_against_it() {
    for mark in [&b"\xFF\xFE"[..], b"\xFE\xFF"] {
        assert_eq!(found(mark), (String::new(), EncodingSource::Bom));
    }
    let quad = [&b"\xFF\xFE"[..], &little("a\u{2000}b c")].concat();
    assert_eq!(found(&quad), ("a\u{2000}b c".to_owned(), EncodingSource::Bom));
}

#[test]
fn a_text_may_begin_as_files_of_other_kinds_do() {
    for text in [&b"GIF89a is a name, they say in the caf\xE9"[..], b"MZ stands for a man who met us at the caf\xE9"] {
        assert!(found(text).0.ends_with("café"));
    }
}

#[test]
fn nuls_are_counted_against_the_length() {
    assert!(refuse_by_nuls(b"one NUL in a note\0 of some thirty").is_ok());
    assert!(refuse_by_nuls(b"four of them\0\0\0\0 in thirty is data").is_err());
}

#[test]
fn control_characters_and_faults_are_counted_against_the_characters() {
    assert!(guessed(b"", "\u{1}a\u{1}", 0).is_ok(), "two are text in the shortest of records");
    assert!(guessed(b"", &("\u{1}\u{1}\u{1}".to_owned() + &"a".repeat(147)), 0).is_ok());
    assert!(guessed(b"", &("\u{1}\u{1}\u{1}".to_owned() + &"a".repeat(146)), 0).is_err());
    assert!(guessed(b"", "sixteen letters!", 2).is_ok());
    assert!(guessed(b"", "sixteen letters!", 3).is_err());
}

#[test]
fn a_refusal_names_the_first_byte_that_shows_it() {
    let place = |bytes: &[u8]| guessed(bytes, "short", 5);
    assert_eq!(place(b"abc\xFFd\x01"), Err(NotText::Binary { kind: "binary", offset: 3 }));
    assert_eq!(place(b"ab\x01cd\xFF"), Err(NotText::Binary { kind: "binary", offset: 2 }));
}

#[test]
fn ebcdic_is_told_from_sixty_four_bytes_on_by_its_spaces_and_letters() {
    let words = |length: usize| -> Vec<u8> { b"\x81\x82\x83\x84\x85\x86\x87\x40".repeat(9)[..length].to_vec() };
    assert!(refuse_ebcdic(&words(63)).is_ok());
    assert!(refuse_ebcdic(&words(64)).is_err());
    let spaces_without_letters = [&[0x40; 10][..], &[0x81; 20], &[0x70; 34]].concat();
    assert!(refuse_ebcdic(&spaces_without_letters).is_ok());
}

#[test]
fn iso_2022_jp_may_have_one_fault_in_a_hundred_characters() {
    // `ESC [` is none of its switches.
    let japanese = |chars: usize, faults: usize| {
        [&ISO_2022_JP.encode(&"橋".repeat(chars)).0[..], &b"a\x1B["[..].repeat(faults)].concat()
    };
    let is_japanese = |bytes: &[u8]| found(bytes).1 == EncodingSource::Detected;
    assert!(is_japanese(&japanese(20, 0)));
    assert!(!is_japanese(&japanese(20, 1)));
    assert!(is_japanese(&japanese(150, 1)));
    assert!(!is_japanese(&japanese(120, 2)));
}

#[test]
fn utf8_with_faults_is_told_by_its_characters_and_words() {
    for (bytes, nearly, why) in [
        (&b"plain ASCII"[..], false, "there is no character of UTF-8"),
        (b"\xC3\xA9 caf\xE9", false, "one letter, and a lone lead byte that ends a word"),
        (b"\xC3\xA9 \xE9t", false, "as many words are wrong as right"),
        (b"\xC3\xA9\xC3\xA9\xC3\xA9\xFF\xC3\xA9\xC3\xA9", false, "a run of letters is one word, and this one is wrong"),
        (b"\xFF \xC3\xA9 \xC3\xA9 \xC3\xA9 \xC3\xA9", true, "four words are right, the last one, too"),
        (b"a \xC3\xA9 \xC3\xA9 \xC3\xA9 \xFF", false, "three are too few, and what is ASCII is not counted"),
        (b"\xC3\xA9 \xC3\xA9 \xC3\xA9 \xC3\xA9 \xFF \xFF \xFF \xFF \xFF", false, "more words are wrong than right"),
        (
            b"\xC3\xA9\x80\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9",
            true,
            "eight are right and one is wrong",
        ),
        (b"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\x80", false, "what ends the text is no cut character"),
        (b"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3 x", false, "only the end can cut a character"),
    ] {
        assert_eq!(is_nearly(bytes), nearly, "{why}");
    }
    let emojis = ["😀".repeat(8).as_bytes(), b" \xFF"].concat();
    assert!(is_nearly(&emojis), "characters of four bytes count");
}
