//! What holds for any page.

use dechrome::formats::html::{Article, Extractor, FullText, declared_charset, has_markup, looks_like_html};
use proptest::prelude::*;

/// Pieces that mean something to HTML, and some that do not.
fn piece() -> impl Strategy<Value = String> {
    let tags = "p|div|b|font size=2|table|tr|td|ul|li|pre|script|style|title|textarea|svg|math|template|br|a href=x|\
                span hidden|p style='display:none'|plaintext|noscript|iframe|frameset|body|!--|!doctype html|select|\
                option|h1";
    let names: Vec<String> = tags.split('|').map(str::to_owned).collect();
    let odd = vec!["&amp;", "&#0;", "&", "<", "-->", "\0", "]]>", "<![CDATA[", "\"", "<é"];
    prop_oneof![
        3 => proptest::sample::select(names.clone()).prop_map(|name| format!("<{name}>")),
        3 => proptest::sample::select(names).prop_map(|name| format!("</{}>", name.split(' ').next().unwrap_or(""))),
        3 => "[ a-zé\u{a0}\n\r日]{0,8}",
        1 => proptest::sample::select(odd).prop_map(str::to_owned),
    ]
}

fn page() -> impl Strategy<Value = String> {
    proptest::collection::vec(piece(), 0..60).prop_map(|pieces| pieces.concat())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn words(text: &str) -> Vec<&str> {
    text.split_ascii_whitespace().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>(), page in page()) {
        for input in [&text, &page] {
            for extractor in [&Article as &dyn Extractor, &FullText] {
                let extracted = extractor.extract(input, None);
                prop_assert!(extracted.text.is_empty() || extracted.text.ends_with('\n'));
                prop_assert!(!extracted.text.trim().is_empty() || !extracted.warnings.is_empty());
            }
        }
    }

    #[test]
    fn any_bytes_are_looked_at_without_panic(bytes in any::<Vec<u8>>(), page in page()) {
        for input in [bytes.as_slice(), page.as_bytes()] {
            let _ = (looks_like_html(input), has_markup(input));
            if let Some(declared) = declared_charset(input) {
                prop_assert!(declared.offset <= input.len());
            }
        }
    }

    #[test]
    fn escaped_text_comes_back(text in "[^\0\r\u{c}]{0,200}") {
        let extracted = FullText.extract(&format!("<p>{}</p>", escaped(&text)), None);
        // A line of nothing but U+00A0 is blank.
        let no_break_only = text.chars().all(|letter| letter == '\u{a0}' || letter.is_ascii_whitespace());
        prop_assert!(no_break_only || words(&extracted.text) == words(&text), "{:?} of {:?}", extracted.text, text);
    }

    #[test]
    fn no_tag_of_the_page_is_in_the_text(words in proptest::collection::vec("[a-z]{1,6}", 1..30)) {
        let names = ["p", "div", "b", "li", "td", "x-tag", "h2", "section"];
        let tagged = |(at, word): (usize, &String)| {
            let name = names[at % names.len()];
            format!("<{name} class='{word}'>{word} </{name}>")
        };
        let page: String = words.iter().enumerate().map(tagged).collect();
        for extractor in [&Article as &dyn Extractor, &FullText] {
            prop_assert!(!extractor.extract(&page, None).text.contains('<'));
        }
        let full = FullText.extract(&page, None).text;
        prop_assert_eq!(full.split_whitespace().collect::<Vec<_>>(), words);
    }

    #[test]
    fn mixed_blocks_lose_no_word(words in proptest::collection::vec("[a-z]{1,6}", 1..60), depth in 500_usize..1200) {
        let paragraphs: String = words.iter().map(|word| format!("<p>{word}")).collect();
        let page = format!("{}{paragraphs}", "<div><b>".repeat(depth));
        let full = FullText.extract(&page, None).text;
        prop_assert_eq!(full.split_whitespace().collect::<Vec<_>>(), words);
    }
}
