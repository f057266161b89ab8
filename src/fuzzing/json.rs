//! JSON Lines: a cut changes nothing of a line but its text, and comes back byte for byte.

use std::ops::Range;

use serde::de::IgnoredAny;

use super::Choices;
use super::choices::{ranges_of, without};
use crate::formats::json::{
    FieldPath, Fields, JsonError, Literal, Located, Locator, Returned, Scratch, TextField,
    looks_like_json_array_or_pretty, looks_like_jsonl,
};

/// Reads a line, and cuts ranges of its text.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let picks = choices.numbers();
    let line = choices.rest();
    let _ = (looks_like_jsonl(line), looks_like_json_array_or_pretty(line));
    let located = locate(line);
    check_verdict(line, &located);
    let Some(literal) = text_of(&located) else { return };
    assert_eq!(&line[literal.range()], literal.raw(), "a literal stands elsewhere");
    let decoded = literal.decode();
    let ranges = ranges_of(&decoded.text, &picks);
    let cut = spliced(line, literal, &ranges);
    assert!(!ranges.iter().all(Range::is_empty) || cut == line, "nothing was cut, and the line is another");
    let again = locate(&cut);
    let kept = text_of(&again).expect("a line that was cut is a line with a text");
    assert_eq!(kept.decode().text, without(&decoded.text, &ranges), "the text is not the cut one");
    assert_eq!(cut[..kept.range().start], line[..literal.range().start], "something before the text changed");
    assert_eq!(cut[kept.range().end..], line[literal.range().end..], "something behind the text changed");
    // Of bytes that are not UTF-8 the report does not tell how they were written, and of two half characters that a cut makes
    // neighbours the second is written as U+FFFD.
    if decoded.malformed == 0 && decoded.lone_surrogates == 0 {
        assert_eq!(put_back(&cut, kept, literal, &ranges), line, "what was cut does not come back");
    }
}

fn locate(line: &[u8]) -> Result<Located<'_>, JsonError> {
    let mut fields = Fields::guesses();
    fields.text.extend(FieldPath::parse("page.text"));
    Locator::new(&fields).locate(line, &mut Scratch::default())
}

fn text_of<'b>(located: &Result<Located<'b>, JsonError>) -> Option<Literal<'b>> {
    match located {
        Ok(Located::Object(object)) => match object.text {
            TextField::Found(literal) => Some(literal),
            _ => None,
        },
        _ => None,
    }
}

/// What is JSON to `serde_json` is JSON here, and the other way round, where it does not begin with a mark.
fn check_verdict(line: &[u8], located: &Result<Located<'_>, JsonError>) {
    if let Err(error) = located {
        assert!(error.offset <= line.len() && !error.to_string().is_empty(), "an error stands behind the line");
    }
    let is_marked = line.first().is_some_and(|first| matches!(first, 0xef | 0x1e));
    if is_marked || matches!(located, Ok(Located::Blank)) {
        return;
    }
    let theirs = serde_json::from_slice::<IgnoredAny>(line);
    assert_eq!(located.is_ok(), theirs.is_ok(), "{located:?} and {theirs:?}");
}

fn spliced(line: &[u8], literal: Literal<'_>, ranges: &[Range<usize>]) -> Vec<u8> {
    let mut out = line[..literal.range().start].to_vec();
    literal.cut(ranges.iter().cloned(), &mut out);
    out.extend_from_slice(&line[literal.range().end..]);
    out
}

fn put_back(cut: &[u8], kept: Literal<'_>, whole: Literal<'_>, ranges: &[Range<usize>]) -> Vec<u8> {
    let text = whole.decode().text;
    let mut spellings = whole.spellings(&text, ranges.iter().cloned()).into_iter();
    let removed = ranges.iter().map(|range| Returned {
        start: range.start,
        text: &text[range.clone()],
        raw: spellings.next().flatten(),
    });
    let mut out = cut[..kept.range().start].to_vec();
    kept.insert(removed, &mut out).expect("a place for each");
    out.extend_from_slice(&cut[kept.range().end..]);
    out
}
