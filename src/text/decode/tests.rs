#![allow(clippy::unwrap_used, clippy::expect_used)]

use encoding_rs::{BIG5, EUC_KR, GB18030, ISO_8859_2, KOI8_R, SHIFT_JIS, WINDOWS_1251, WINDOWS_1252};
use proptest::prelude::*;

use super::*;

const FRENCH: &str = "Le marché ouvre à six heures, et déjà la première charrette arrive du port.\n\
    Les pêcheurs vendent leurs crabes près de l'église ; leurs sœurs, elles, préfèrent le café d'en face.\n";
const POLISH: &str = "Wczesną wiosną źródło za młynem wysycha, więc młynarz bierze wodę ze studni.\n\
    Jego córka chciałaby mieszkać w mieście, lecz żaden pociąg się tu nie zatrzymuje.\n";
const RUSSIAN: &str = "Весной река выходит из берегов, и старый мост закрывают на две недели.\n\
    Жители деревни переправляются на лодках и возят почту, хлеб и новости с другой стороны.\n";
const ARABIC: &str = "يفتح السوق أبوابه عند الفجر، ويأتي الصيادون من الميناء.\nثم يجلسون في المقهى حتى الظهر.\n";
const JAPANESE: &str = "春になると川の水が増え、古い橋は二週間のあいだ通れなくなる。\n\
    村の人たちは舟で向こう岸へ渡り、手紙やパンを運んでいる。子どもたちは学校を休んで喜ぶ。\n";
const CHINESE: &str =
    "春天河水上涨，老桥要关闭两个星期。\n村民们坐船到对岸去，把信件和面包带回来，孩子们不用上学，都很高兴。\n";
const CHINESE_TRADITIONAL: &str =
    "春天河水上漲，老橋要關閉兩個星期。\n村民們坐船到對岸去，把信件和麵包帶回來，孩子們不用上學，都很高興。\n";
const KOREAN: &str =
    "봄이 되면 강물이 불어나 오래된 다리를 두 주 동안 닫는다.\n마을 사람들은 배를 타고 건너가 편지와 빵을 나른다.\n";
const ALL: [&str; 8] = [FRENCH, POLISH, RUSSIAN, ARABIC, JAPANESE, CHINESE, CHINESE_TRADITIONAL, KOREAN];

fn encode(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy, "{} cannot hold the text", encoding.name());
    bytes.into_owned()
}

fn utf16(text: &str, encoding: &'static Encoding) -> Vec<u8> {
    let bytes = if encoding == UTF_16LE { u16::to_le_bytes } else { u16::to_be_bytes };
    text.encode_utf16().flat_map(bytes).collect()
}

fn found(bytes: &[u8]) -> (String, &'static str, EncodingSource, usize) {
    let decoded = decode(bytes, None).unwrap();
    (decoded.text.into_owned(), decoded.encoding.label, decoded.encoding.source, decoded.encoding.replacements)
}

fn charset(label: &str) -> Option<Charset> {
    Some(Charset::for_label(label).unwrap())
}

fn refusal(bytes: &[u8]) -> String {
    decode(bytes, None).unwrap_err().to_string()
}

#[test]
fn legacy_encodings_are_found_and_followed() {
    let cases = [
        (FRENCH, WINDOWS_1252),
        (POLISH, ISO_8859_2),
        (RUSSIAN, KOI8_R),
        (RUSSIAN, WINDOWS_1251),
        (JAPANESE, SHIFT_JIS),
        (CHINESE, GB18030),
        (CHINESE_TRADITIONAL, BIG5),
        (KOREAN, EUC_KR),
    ];
    for (text, encoding) in cases {
        let bytes = encode(text, encoding);
        let guessed = decode(&bytes, None).unwrap();
        assert_eq!(guessed.text, text, "guessed {} for {}", guessed.encoding.label, encoding.name());
        assert_eq!((guessed.encoding.source, guessed.encoding.replacements), (EncodingSource::Detected, 0));
        let declared = decode(&bytes, charset(encoding.name())).unwrap();
        assert_eq!(declared.text, text);
        assert_eq!(declared.encoding.label, encoding.name());
        assert_eq!(declared.encoding.source, EncodingSource::Declared);
    }
}

#[test]
fn utf16_is_found_with_and_without_mark() {
    for (encoding, mark) in [(UTF_16LE, [0xFF, 0xFE]), (UTF_16BE, [0xFE, 0xFF])] {
        for text in ALL.into_iter().chain(["Hi", "A plain English line.\n"]) {
            let bytes = utf16(text, encoding);
            assert_eq!(found(&bytes), (text.to_owned(), encoding.name(), EncodingSource::Utf16Pattern, 0));
            let marked = [&mark[..], &bytes].concat();
            assert_eq!(found(&marked), (text.to_owned(), encoding.name(), EncodingSource::Bom, 0));
            assert!(decode(&marked, charset("koi8-r")).unwrap().bom);
        }
    }
}

#[test]
fn utf16_that_is_cut_or_has_lone_surrogates_is_counted() {
    let mut bytes = utf16(RUSSIAN, UTF_16LE);
    bytes.push(0x10);
    assert_eq!(found(&bytes).3, 1);
    let lone = b"\xFF\xFEx\x00\x01\xD8y\x00\x02\xDC\n\x00";
    assert_eq!(found(lone), ("x\u{FFFD}y\u{FFFD}\n".to_owned(), "UTF-16LE", EncodingSource::Bom, 2));
}

#[test]
fn wrong_byte_order_and_utf32_are_refused() {
    let swapped = [&[0xFE, 0xFF][..], &utf16(FRENCH, UTF_16LE)].concat();
    assert_eq!(decode(&swapped, None).unwrap_err(), NotText::ByteOrder { said: "UTF-16BE" });
    let short = [&[0xFE, 0xFF][..], &utf16("一二三", UTF_16BE)].concat();
    assert_eq!(found(&short).0, "一二三");
    for text in ALL {
        let little: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        let big: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect();
        for bytes in
            [&little, &big, &[&[0xFF, 0xFE, 0, 0], &little[..]].concat(), &[&[0, 0, 0xFE, 0xFF], &big[..]].concat()]
        {
            assert_eq!(decode(bytes, None).unwrap_err(), NotText::Utf32);
        }
    }
}

#[test]
fn valid_utf8_wins_over_the_label_but_ascii_does_not() {
    for text in ALL {
        let decoded = decode(text.as_bytes(), charset("windows-1252")).unwrap();
        assert_eq!((decoded.text.as_ref(), decoded.encoding.source), (text, EncodingSource::Utf8));
        assert!(matches!(decoded.text, Cow::Borrowed(_)));
    }
    let japanese = encode(JAPANESE, ISO_2022_JP);
    let declared = decode(&japanese, charset("iso-2022-jp")).unwrap();
    assert_eq!((declared.text.as_ref(), declared.encoding.source), (JAPANESE, EncodingSource::Declared));
    assert_eq!(found(&japanese), (JAPANESE.to_owned(), "ISO-2022-JP", EncodingSource::Detected, 0));
    assert_eq!(decode(&japanese, charset("utf-8")).unwrap().text.as_bytes(), japanese);
    let plain = decode(b"no escapes", charset("iso-2022-jp")).unwrap();
    assert_eq!((plain.text.as_ref(), plain.encoding.label), ("no escapes", "ISO-2022-JP"));
    // A page without NUL that says it is UTF-16 is not; the HTML standard says the same.
    assert_eq!(decode(b"<p>plainly ASCII</p>", charset("utf-16le")).unwrap().encoding.source, EncodingSource::Utf8);
    assert_eq!(decode(b"\x1B[1mbold\x1B[0m", None).unwrap().text, "\x1B[1mbold\x1B[0m");
}

#[test]
fn a_mark_wins_and_only_the_first_is_taken() {
    let decoded = decode(b"\xEF\xBB\xBF\xEF\xBB\xBFtext", charset("koi8-r")).unwrap();
    assert_eq!((decoded.text.as_ref(), decoded.bom), ("\u{FEFF}text", true));
    assert!(matches!(decoded.text, Cow::Borrowed(_)));
    assert_eq!(decode(b"\xEF\xBB\xBF", None).unwrap().text, "");
    let faulty = decode(b"\xEF\xBB\xBFa\xFFb", None).unwrap();
    assert_eq!((faulty.text.as_ref(), faulty.encoding.replacements), ("a\u{FFFD}b", 1));
    assert_eq!(faulty.encoding.source, EncodingSource::Bom);
}

#[test]
fn utf8_with_faults_stays_utf8() {
    for text in ALL {
        let at = text.find('\n').unwrap();
        let stray = [&text.as_bytes()[..at], b"\xFF", &text.as_bytes()[at..]].concat();
        let (decoded, _, source, replacements) = found(&stray);
        assert_eq!((source, replacements), (EncodingSource::NearlyUtf8, 1));
        assert_eq!(decoded.replace('\u{FFFD}', ""), text);
        assert_eq!(decode(&stray, charset("windows-1252")).unwrap().encoding.source, EncodingSource::NearlyUtf8);
    }
    let cut = &RUSSIAN.as_bytes()[..9];
    assert_eq!(found(cut), ("Весн\u{FFFD}".to_owned(), "UTF-8", EncodingSource::NearlyUtf8, 1));
    assert_eq!(found(b"price: \xE2\x82").3, 1);
    // CESU-8 and the NUL of Java.
    assert_eq!(found("naïve".as_bytes()).3, 0);
    assert_eq!(found(b"na\xC3\xAFve \xED\xA0\xBD\xED\xB8\x80").3, 6);
    assert_eq!(found(b"a\xC0\x80b"), ("a\u{FFFD}\u{FFFD}b".to_owned(), "UTF-8", EncodingSource::NearlyUtf8, 2));
}

#[test]
fn mixed_lines_leave_the_utf8_ones_alone() {
    let bytes = [FRENCH.as_bytes(), &encode(FRENCH, WINDOWS_1252)].concat();
    let (text, label, source, replacements) = found(&bytes);
    assert!(text.starts_with(FRENCH));
    assert_eq!((label, source), ("UTF-8", EncodingSource::NearlyUtf8));
    assert_eq!(replacements, text.matches('\u{FFFD}').count());
}

#[test]
fn the_last_letter_of_a_legacy_text_is_no_cut_character() {
    assert_eq!(found(b"un caf\xE9").0, "un café");
    assert_eq!(found(b"\x93quoted\x94 \x85").0, "“quoted” …");
}

#[test]
fn cyrillic_in_an_encoding_of_chinese_is_no_big5() {
    let text =
        format!("{RUSSIAN} Смотрители сменяли друг друга раз в две недели; один из них, бывший рыбак, вёл тетрадь.");
    let bytes = encode(&text, GB18030);
    assert_eq!(decode(&bytes, None).unwrap().text, text);
    assert_eq!(found(&encode("風力發電機組在海邊轉動，村民們說聲音不大。", BIG5)).1, "Big5");
}

#[test]
fn a_long_text_is_judged_by_what_is_not_ascii_in_it() {
    let page = |text: &[u8]| {
        let ascii = b"<p class='item'>plain words and nothing but them</p>\n".repeat(4000);
        [ascii.as_slice(), b"\n", text, b"\n", ascii.as_slice()].concat()
    };
    for (text, encoding) in [(RUSSIAN, WINDOWS_1251), (JAPANESE, SHIFT_JIS)] {
        assert_eq!(found(&page(&encode(&text.repeat(3), encoding))).1, encoding.name());
    }
}

#[test]
fn a_long_text_is_judged_by_both_ends() {
    // ASCII for the first megabytes, then two-byte characters without a space where the tail begins.
    let mut bytes = b"plain words ".repeat(300_000);
    bytes.extend(encode(CHINESE, GB18030).repeat(20_000));
    let decoded = decode(&bytes, None).unwrap();
    assert_eq!((decoded.encoding.label, decoded.encoding.replacements), ("GBK", 0));
    assert!(decoded.text.ends_with(CHINESE));
}

#[test]
fn a_few_nuls_are_text_wherever_they_are() {
    let text = "A paragraph that stays.\n".repeat(400);
    for at in [0, 24, text.len() / 2, text.len()] {
        for nuls in ["\0", "\0\0\0"] {
            let with = [&text[..at], nuls, &text[at..]].concat();
            assert_eq!(decode(with.as_bytes(), None).unwrap().text, with);
        }
        let many = [&text[..at], &"\0".repeat(200), &text[at..]].concat();
        let offset = at;
        assert_eq!(decode(many.as_bytes(), None).unwrap_err(), NotText::Binary { kind: "binary", offset });
    }
    let legacy = [&encode(RUSSIAN, KOI8_R)[..], b"\0"].concat();
    assert_eq!(found(&legacy).0, format!("{RUSSIAN}\0"));
    let nearly = [RUSSIAN.as_bytes(), b"\0 \xFF"].concat();
    assert_eq!(found(&nearly).2, EncodingSource::NearlyUtf8);
}

#[test]
fn data_is_refused_with_its_kind_and_place() {
    assert_eq!(refusal(&[0; 4096]), "binary data, not text (seen at byte 0)");
    let every: Vec<u8> = (0..=255).cycle().take(4096).collect();
    assert_eq!(refusal(&every), "binary data, not text (seen at byte 0)");
    assert_eq!(refusal(b"%PDF-1.4\nall ASCII"), "PDF data, not text (seen at byte 0)");
    assert_eq!(refusal(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR"), "PNG data, not text (seen at byte 0)");
    assert_eq!(refusal(b"\x28\xB5\x2F\xFD\x24\x00"), "zstd data, not text (seen at byte 0)");
    assert_eq!(refusal(b"BZh91AY&SY\x8F\x01"), "bzip2 data, not text (seen at byte 0)");
    assert_eq!(refusal(b"\xEF\xBB\xBFa\0\0\0\0"), "binary data, not text (seen at byte 4)");
    assert_eq!(found(b"GIF89a was the last version.").2, EncodingSource::Utf8);
    assert_eq!(found("MZ and ID3 don't make a café binary".as_bytes()).2, EncodingSource::Utf8);
    // A small generator, so that the bytes are the same in each run.
    let noise: Vec<u8> = (0..50_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    assert!(refusal(&noise).contains("not text"));
}

#[test]
fn ebcdic_is_named() {
    // Code page 500: letters in three rows, 40 the space, 25 the line end.
    let letter = |c: u8| match c {
        b'a'..=b'i' => c - b'a' + 0x81,
        b'j'..=b'r' => c - b'j' + 0x91,
        b's'..=b'z' => c - b's' + 0xA2,
        b'\n' => 0x25,
        _ => 0x40,
    };
    let bytes: Vec<u8> =
        b"the ferry leaves at noon and carries mail and bread\n".repeat(5).into_iter().map(letter).collect();
    assert!(refusal(&bytes).starts_with("EBCDIC data"));
    let japanese = encode(&JAPANESE.replace(['\n', '、'], "\u{3000}"), SHIFT_JIS);
    assert_eq!(found(&japanese).1, "Shift_JIS");
}

#[test]
fn labels_are_those_of_the_standard() {
    assert_eq!(Charset::for_label(" Latin1 ").map(Charset::name), Some("windows-1252"));
    assert_eq!(Charset::for_label("cp1251").map(Charset::name), Some("windows-1251"));
    for label in ["hz-gb-2312", "iso-2022-kr", "replacement", "utf-7", "cp500", ""] {
        assert_eq!(Charset::for_label(label), None, "{label}");
    }
}

#[test]
fn controls_that_iso_2022_jp_does_not_allow_are_counted() {
    let japanese = charset("iso-2022-jp");
    let decoded = decode(b"The bridge\x0eis open.", japanese).unwrap();
    assert_eq!((decoded.text.as_ref(), decoded.encoding.replacements), ("The bridge\u{fffd}is open.", 1));
    let plain = decode(b"The bridge is open.", japanese).unwrap();
    assert!(matches!(plain.text, Cow::Borrowed(_)) && plain.encoding.label == "ISO-2022-JP");
}

#[test]
fn a_declared_utf8_that_is_not_is_overruled() {
    let decoded = decode(&encode(RUSSIAN, WINDOWS_1251), charset("utf-8")).map(|d| d.text.into_owned());
    assert_eq!(decoded.as_deref(), Ok(RUSSIAN));
}

#[test]
fn names_in_the_report() {
    let info = found_info("é".as_bytes());
    assert_eq!(serde_json::to_string(&info).unwrap(), r#"{"label":"UTF-8","source":"utf8","replacements":0}"#);
    let names = [EncodingSource::NearlyUtf8, EncodingSource::Utf16Pattern].map(|s| serde_json::to_string(&s).unwrap());
    assert_eq!(names, ["\"nearly_utf8\"", "\"utf16_pattern\""]);
}

fn found_info(bytes: &[u8]) -> EncodingInfo {
    decode(bytes, None).unwrap().encoding
}

/// Any bytes, and bytes that come close to text: runs of text in several encodings, marks, NULs, escapes.
fn dubious() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        any::<String>().prop_map(String::into_bytes),
        any::<String>().prop_map(|s| utf16(&s, UTF_16LE)),
        proptest::sample::select(vec![
            &b"\xFF\xFE"[..],
            b"\xFE\xFF",
            b"\xEF\xBB\xBF",
            b"\0",
            b"\x1B$B",
            b"\x1B(B",
            b"\xE2\x82"
        ])
        .prop_map(<[u8]>::to_vec),
    ];
    proptest::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn any_charset() -> impl Strategy<Value = Option<Charset>> {
    let labels =
        ["utf-8", "windows-1252", "shift_jis", "iso-2022-jp", "gb18030", "utf-16le", "utf-16be", "x-user-defined"];
    proptest::option::of(proptest::sample::select(labels.to_vec()).prop_map(|l| Charset::for_label(l).unwrap()))
}

proptest! {
    #[test]
    fn decode_never_panics_and_always_answers_alike(bytes in dubious(), declared in any_charset()) {
        let (first, second) = (decode(&bytes, declared), decode(&bytes, declared));
        prop_assert_eq!(format!("{first:?}"), format!("{second:?}"));
        if let Ok(decoded) = first {
            let marks = decoded.text.matches('\u{FFFD}').count();
            prop_assert!(decoded.encoding.replacements <= marks);
        }
    }

    #[test]
    fn valid_utf8_comes_back_borrowed(text in "[^\0\u{1B}\u{FEFF}]*") {
        prop_assume!(!text.starts_with("%PDF-"));
        let decoded = decode(text.as_bytes(), None).unwrap();
        prop_assert!(matches!(&decoded.text, Cow::Borrowed(_)));
        prop_assert_eq!(decoded.text.as_ref(), text.as_str());
        prop_assert_eq!(decoded.encoding.replacements, 0);
    }

    #[test]
    fn nothing_is_lost_exactly_when_nothing_is_replaced(bytes in dubious()) {
        // For UTF-8 the loss can be told without the decoder: the text without replacements is the bytes.
        if let Ok(decoded) = decode(&bytes, None) && decoded.encoding.label == "UTF-8" {
            let rest = if decoded.bom { &bytes[3..] } else { &bytes };
            prop_assert_eq!(decoded.encoding.replacements == 0, decoded.text.as_bytes() == rest);
        }
    }

    #[test]
    fn utf16_decodes_back(text in "[a-zа-я一-龠가-힣 \n]{1,200}") {
        for (encoding, mark) in [(UTF_16LE, [0xFF, 0xFE]), (UTF_16BE, [0xFE, 0xFF])] {
            let bytes = [&mark[..], &utf16(&text, encoding)].concat();
            prop_assert_eq!(decode(&bytes, None).unwrap().text, text.as_str());
        }
    }
}
