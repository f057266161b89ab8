//! The language of a document, told from its script and its commonest words.
//!
//! A trigram identifier would tell more languages apart, but takes longer than the whole rest of cleaning; the language is
//! only one small piece of evidence here, and a figure in the report. The words are data: the list `stopword` of each
//! language's vocabulary.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::rules::Vocabulary;
use crate::text::chars::{ASCII_WORD, is_blank, is_word, simple_fold};

/// The name of the word list.
const LIST: &str = "stopword";
/// How many bytes of a text are looked at.
const SAMPLE_BYTES: usize = 480;
/// Tokens of more bytes, marks included, are no common words.
const MAX_TOKEN_BYTES: usize = 24;
/// The fewest common words that tell a language.
const MIN_VOTES: u32 = 3;

/// Tells languages apart.
#[derive(Debug)]
pub(super) struct Languages {
    codes: Vec<Arc<str>>,
    by_word: HashMap<Key, Vec<u16>, FixedState>,
}

/// A folded word of at most 16 bytes as a number, which is hashed at once; common words are short.
type Key = u128;

impl Languages {
    pub(super) fn new(vocabulary: &Vocabulary) -> Languages {
        let mut languages = Languages { codes: Vec::new(), by_word: HashMap::default() };
        for (code, words) in vocabulary.by_language(LIST) {
            let number = languages.codes.len() as u16;
            languages.codes.push(code.clone());
            for word in words {
                if let Some(key) = key(word) {
                    languages.by_word.entry(key).or_default().push(number);
                }
            }
        }
        languages
    }

    /// The language of a sample, if enough of its words tell one.
    pub(super) fn of(&self, sample: &str) -> Option<Arc<str>> {
        if let Some(code) = by_script(sample) {
            return Some(code.into());
        }
        let mut votes = vec![0_u32; self.codes.len()];
        for token in sample.split(|c: char| c == ' ' || (!c.is_ascii_graphic() && is_blank(c))) {
            let numbers = key(token).and_then(|key| self.by_word.get(&key));
            for &number in numbers.into_iter().flatten() {
                votes[usize::from(number)] += 1;
            }
        }
        let best = (0..votes.len()).max_by_key(|&n| (votes[n], std::cmp::Reverse(n)))?;
        (votes[best] >= MIN_VOTES).then(|| self.codes[best].clone())
    }
}

/// The key of a token without the marks round it; `None` for a word that is too long to be common.
fn key(token: &str) -> Option<Key> {
    if token.len() > MAX_TOKEN_BYTES {
        return None;
    }
    let mut key = [0; size_of::<Key>()];
    let mut length = 0;
    for c in token.chars() {
        let is_part = if c.is_ascii() { ASCII_WORD[c as usize] } else { is_word(c) };
        if !is_part {
            if length == 0 { continue } else { break }
        }
        if c.is_ascii() {
            *key.get_mut(length)? = c.to_ascii_lowercase() as u8;
            length += 1;
            continue;
        }
        let folded = simple_fold(c).unwrap_or(c);
        let end = length + folded.len_utf8();
        folded.encode_utf8(key.get_mut(length..end)?);
        length = end;
    }
    (length > 0).then_some(Key::from_ne_bytes(key))
}

/// A sample of some lines, from the middle third on, where the body is.
///
/// It depends on nothing but the lines, blank ones left out, so that a cleaned text is judged as it was while being cleaned.
pub(super) fn sample<'l>(count: usize, lines: impl Iterator<Item = &'l str>) -> String {
    let mut sample = String::with_capacity(SAMPLE_BYTES);
    for line in lines.skip(count / 3) {
        let left = SAMPLE_BYTES - sample.len();
        // A document may be one long line: then it is that line's middle third that tells.
        let start = if sample.is_empty() { line.len() / 3 * usize::from(line.len() > 3 * SAMPLE_BYTES) } else { 0 };
        sample.push_str(part(line, start, left));
        sample.push(' ');
        if sample.len() >= SAMPLE_BYTES {
            break;
        }
    }
    sample
}

/// At most so many bytes of a text from a place on, both moved to a character border.
fn part(text: &str, mut start: usize, bytes: usize) -> &str {
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let mut end = (start + bytes).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[start..end]
}

/// Languages whose script no other language in the rules has.
fn by_script(sample: &str) -> Option<&'static str> {
    if sample.is_ascii() {
        return None;
    }
    let (mut kana, mut han, mut hangul, mut thai, mut greek, mut hebrew, mut bengali, mut letters) =
        (0, 0, 0, 0, 0, 0, 0, 0);
    for c in sample.chars().filter(|&c| is_word(c)) {
        letters += 1;
        match c {
            '\u{3040}'..='\u{30ff}' => kana += 1,
            '\u{4e00}'..='\u{9fff}' => han += 1,
            '\u{ac00}'..='\u{d7af}' => hangul += 1,
            '\u{0e00}'..='\u{0e7f}' => thai += 1,
            '\u{0370}'..='\u{03ff}' => greek += 1,
            '\u{0590}'..='\u{05ff}' => hebrew += 1,
            '\u{0980}'..='\u{09ff}' => bengali += 1,
            _ => {}
        }
    }
    let most = |count: usize| count * 2 > letters;
    Some(match () {
        () if kana * 10 > letters && most(kana + han) => "ja",
        () if most(han) => "zh",
        () if most(hangul) => "ko",
        () if most(thai) => "th",
        () if most(greek) => "el",
        () if most(hebrew) => "he",
        () if most(bengali) => "bn",
        () => return None,
    })
}
