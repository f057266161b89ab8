//! Properties of JSON lines, with `serde_json` as a second opinion.

use std::fmt::Write as _;
use std::ops::Range;

use dechrome::formats::json::{
    FieldPath, Fields, JsonError, Literal, Located, Locator, Returned, Scratch, TextField,
    looks_like_json_array_or_pretty, looks_like_jsonl,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

fn locate(line: &[u8]) -> Result<Located<'_>, JsonError> {
    let mut fields = Fields::guesses();
    fields.text.push(FieldPath::parse("page.text").expect("a path"));
    Locator::new(&fields).locate(line, &mut Scratch::default())
}

fn text_of(line: &[u8]) -> Literal<'_> {
    match locate(line) {
        Ok(Located::Object(object)) => match object.text {
            TextField::Found(literal) => literal,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

/// The line without what stands for ranges of its text.
fn splice(line: &[u8], literal: Literal<'_>, ranges: &[Range<usize>]) -> Vec<u8> {
    let mut out = line[..literal.range().start].to_vec();
    literal.cut(ranges.iter().cloned(), &mut out);
    out.extend_from_slice(&line[literal.range().end..]);
    out
}

/// The line with ranges of its text back in it, which were cut from it as `whole` has them.
fn put_back(line: &[u8], whole: Literal<'_>, ranges: &[Range<usize>]) -> Vec<u8> {
    let (text, literal) = (whole.decode().text, text_of(line));
    let mut spellings = whole.spellings(&text, ranges.iter().cloned()).into_iter();
    let removed = ranges.iter().map(|range| Returned {
        start: range.start,
        text: &text[range.clone()],
        raw: spellings.next().flatten(),
    });
    let mut out = line[..literal.range().start].to_vec();
    literal.insert(removed, &mut out).expect("a place for each");
    out.extend_from_slice(&line[literal.range().end..]);
    out
}

fn without(text: &str, ranges: &[Range<usize>]) -> String {
    let mut kept = text.to_owned();
    ranges.iter().rev().for_each(|range| kept.replace_range(range.clone(), ""));
    kept
}

/// Sorted, disjoint ranges between characters, made of numbers.
fn ranges_of(text: &str, picks: &[Index]) -> Vec<Range<usize>> {
    let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut ends: Vec<usize> = picks.iter().map(|pick| borders[pick.index(borders.len())]).collect();
    ends.sort_unstable();
    ends.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect()
}

/// Writes values in every way that JSON allows, as a list of numbers decides.
struct Writer<'s> {
    style: std::iter::Cycle<std::slice::Iter<'s, u8>>,
    out: String,
}

impl Writer<'_> {
    fn pick(&mut self, count: u8) -> u8 {
        self.style.next().copied().unwrap_or(0) % count
    }

    fn space(&mut self) {
        let spaces = ["", "", "", " ", "\t", "\r\n", "  "];
        let space = spaces[usize::from(self.pick(7))];
        self.out.push_str(space);
    }

    fn string(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            self.character(character);
        }
        self.out.push('"');
    }

    fn character(&mut self, character: char) {
        let short = "\"\\/\u{8}\u{c}\n\r\t".chars().zip("\"\\/bfnrt".chars()).find(|(known, _)| *known == character);
        let must = character < ' ' || character == '"' || character == '\\';
        match (self.pick(4), short) {
            (0, _) => self.units(character),
            (1, Some((_, letter))) => self.out.extend(['\\', letter]),
            _ if must => self.units(character),
            _ => self.out.push(character),
        }
    }

    fn units(&mut self, character: char) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let written =
                if self.pick(2) == 0 { write!(self.out, "\\u{unit:04x}") } else { write!(self.out, "\\u{unit:04X}") };
            written.expect("a String takes everything");
        }
    }

    fn value(&mut self, value: &Value) {
        self.space();
        match value {
            Value::String(text) => self.string(text),
            Value::Array(values) => {
                self.out.push('[');
                for (number, value) in values.iter().enumerate() {
                    self.out.push_str(if number > 0 { "," } else { "" });
                    self.value(value);
                }
                self.space();
                self.out.push(']');
            }
            Value::Object(values) => {
                self.out.push('{');
                for (number, (key, value)) in values.iter().enumerate() {
                    self.out.push_str(if number > 0 { "," } else { "" });
                    self.space();
                    self.string(key);
                    self.space();
                    self.out.push(':');
                    self.value(value);
                }
                self.space();
                self.out.push('}');
            }
            bare => self.out.push_str(&bare.to_string()),
        }
        self.space();
    }
}

fn characters() -> impl Strategy<Value = String> {
    let likely = select(vec!['a', ' ', '\n', '"', '\\', '/', '\t', 'é', '€', '😀', '\0', '\u{7f}', '\u{2028}']);
    vec(prop_oneof![3 => likely, 1 => any::<char>()], 0..60).prop_map(String::from_iter)
}

fn values() -> impl Strategy<Value = Value> {
    let keys = prop_oneof![characters(), select(vec!["text", "page", "url", "id"]).prop_map(str::to_owned)];
    let leaves = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        // Sixteenths are the same in every reader.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 16.0)),
        characters().prop_map(Value::String),
    ];
    leaves.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(keys.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// An object with a text, as it might be written.
fn lines() -> impl Strategy<Value = (String, String)> {
    let others = prop::collection::btree_map(characters(), values(), 0..5);
    (others, characters(), any::<bool>(), vec(any::<u8>(), 1..200)).prop_map(|(others, text, nested, style)| {
        let mut object: serde_json::Map<_, _> = others.into_iter().filter(|(key, _)| key != "content").collect();
        let value = Value::String(text.clone());
        if nested {
            object.remove("text");
            object.insert("page".to_owned(), Value::Object([("text".to_owned(), value)].into_iter().collect()));
        } else {
            object.insert("text".to_owned(), value);
        }
        let mut writer = Writer { style: style.iter().cycle(), out: String::new() };
        writer.value(&Value::Object(object));
        (writer.out, text)
    })
}

/// The raw bytes of a string with everything that is wrong in strings but allowed here.
fn flawed_literals() -> impl Strategy<Value = Vec<u8>> {
    let parts: Vec<&[u8]> = vec![
        b"a",
        br"\n",
        br"\ud83d",
        br"\ude00",
        br"\ud83d\ude00",
        br"\u00e9",
        b"\xe2",
        b"\x82",
        b"\xac",
        b"\xff",
        b"\xf0\x9f",
        b"\x98\x80",
        "é".as_bytes(),
        br"\\",
    ];
    vec(select(parts), 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn values_are_json_here_where_they_are_elsewhere(value in values(), style in vec(any::<u8>(), 1..200)) {
        let mut writer = Writer { style: style.iter().cycle(), out: String::new() };
        writer.value(&value);
        prop_assert_eq!(serde_json::from_str::<Value>(&writer.out).expect("JSON"), value);
        prop_assert!(locate(writer.out.as_bytes()).is_ok());
    }

    #[test]
    fn a_text_decodes_to_what_it_was_written_from((line, text) in lines()) {
        let decoded = text_of(line.as_bytes()).decode();
        prop_assert_eq!(decoded.text.as_ref(), &text);
        prop_assert_eq!((decoded.lone_surrogates, decoded.malformed), (0, 0));
    }

    #[test]
    fn a_cut_takes_the_ranges_and_nothing_else((line, text) in lines(), picks in vec(any::<Index>(), 0..8)) {
        let literal = text_of(line.as_bytes());
        let ranges = ranges_of(&text, &picks);
        let cut = splice(line.as_bytes(), literal, &ranges);
        let mut expected: Value = serde_json::from_str(&line).expect("JSON");
        let place = if expected.pointer("/text").is_some_and(Value::is_string) { "/text" } else { "/page/text" };
        *expected.pointer_mut(place).expect("a text") = Value::String(without(&text, &ranges));
        prop_assert_eq!(serde_json::from_slice::<Value>(&cut).expect("still JSON"), expected);
        prop_assert!(cut.ends_with(&line.as_bytes()[literal.range().end..]));
        prop_assert!(!ranges.is_empty() || cut == line.as_bytes());
    }

    #[test]
    fn what_is_cut_comes_back_byte_for_byte((line, text) in lines(), picks in vec(any::<Index>(), 0..8)) {
        let literal = text_of(line.as_bytes());
        let ranges = ranges_of(&text, &picks);
        let cut = splice(line.as_bytes(), literal, &ranges);
        prop_assert_eq!(put_back(&cut, literal, &ranges), line.as_bytes());
    }

    #[test]
    fn what_is_cut_of_a_flawed_text_comes_back_as_text(raw in flawed_literals(), picks in vec(any::<Index>(), 0..8)) {
        let line = [b"{\"text\":\"".as_slice(), &raw, b"\"}"].concat();
        let literal = text_of(&line);
        let text = literal.decode().text;
        let ranges = ranges_of(&text, &picks);
        let back = put_back(&splice(&line, literal, &ranges), literal, &ranges);
        let is_flawed = ranges.iter().any(|range| range.start > 0 && text[..range.start].ends_with('\u{fffd}'));
        if literal.decode().malformed == 0 && !is_flawed {
            prop_assert_eq!(&back, &line);
        }
        if literal.decode().malformed == 0 {
            prop_assert_eq!(text_of(&back).decode().text, text);
        }
    }

    #[test]
    fn flaws_do_not_spread(raw in flawed_literals(), picks in vec(any::<Index>(), 0..8)) {
        let line = [b"{\"text\":\"".as_slice(), &raw, b"\"}"].concat();
        let literal = text_of(&line);
        let decoded = literal.decode();
        prop_assert_eq!(decoded.text.matches('\u{fffd}').count(), decoded.lone_surrogates + decoded.malformed);
        let ranges = ranges_of(&decoded.text, &picks);
        let cut = splice(&line, literal, &ranges);
        prop_assert_eq!(text_of(&cut).decode().text.into_owned(), without(&decoded.text, &ranges));
        prop_assert_eq!(splice(&line, literal, &[]), line);
    }

    #[test]
    fn serde_json_and_this_agree_on_damaged_lines(
        (line, _) in lines(),
        at in any::<Index>(),
        byte in any::<u8>(),
        mode in 0..3,
    ) {
        let mut line = line.into_bytes();
        let at = at.index(line.len());
        match mode {
            0 => line[at] = byte,
            1 => drop(line.remove(at)),
            _ => line.truncate(at),
        }
        let theirs = serde_json::from_slice::<&serde_json::value::RawValue>(&line);
        let blank = line.iter().all(u8::is_ascii_whitespace);
        // What is not UTF-8 is allowed here; there, it is not.
        if std::str::from_utf8(&line).is_ok() && !blank {
            prop_assert_eq!(locate(&line).is_ok(), theirs.is_ok());
        } else if theirs.is_ok() {
            prop_assert!(locate(&line).is_ok());
        }
    }

    #[test]
    fn any_bytes_do(
        bytes in vec(prop_oneof![3 => select(b"{}[]\",:\\u0e-.tn \n".to_vec()), 1 => any::<u8>()], 0..200),
    ) {
        match locate(&bytes) {
            Ok(_) => {}
            Err(error) => prop_assert!(error.offset <= bytes.len() && !error.to_string().is_empty()),
        }
        let _ = (looks_like_jsonl(&bytes), looks_like_json_array_or_pretty(&bytes));
    }

    #[test]
    fn a_sample_of_any_length_tells_lines((line, _) in lines(), cut in any::<Index>()) {
        let members = line.trim().strip_prefix('{').expect("an object").replace(['\n', '\r'], " ");
        let line = format!("{{\"k\":1,{members}");
        let len = cut.index(line.len() + 1).max("{\"k\":".len());
        prop_assert!(looks_like_jsonl(&line.as_bytes()[..len]));
        prop_assert!(!looks_like_json_array_or_pretty(&line.as_bytes()[..len]));
    }
}
