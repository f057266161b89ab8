//! The language of a document, told from its script and its commonest words.
//!
//! A trigram identifier would tell more languages apart, but takes longer than the whole rest of cleaning; the language is
//! only one small piece of evidence here, and a figure in the report. The words are data: the list `stopword` of each
//! language's vocabulary.

use std::ops::Range;
use std::sync::Arc;

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

/// A language's number.
pub(super) type LanguageIndex = usize;

/// Languages whose script no other language in the rules has.
const BY_SCRIPT: [&str; 7] = ["bn", "el", "he", "ja", "ko", "th", "zh"];

/// What a byte is to a token.
type Kinds = [u8; 256];
const BLANK: u8 = 0;
const MARK: u8 = 1;
/// A letter or figure of ASCII.
const LETTER: u8 = 2;
const FOREIGN: u8 = 3;

/// Tells languages apart.
#[derive(Debug)]
pub(super) struct Languages {
    /// The languages that have a word list; behind them those that show by their script, and all others that rules speak.
    codes: Vec<Arc<str>>,
    words: Words,
    kinds: Kinds,
}

/// A folded word of at most 16 bytes as a number, which is hashed at once; common words are short.
type Key = u128;
const KEY_BYTES: usize = size_of::<Key>();

impl Languages {
    pub(super) fn new(vocabulary: &Vocabulary) -> Languages {
        let (mut codes, mut words) = (Vec::new(), Vec::new());
        for (code, list) in vocabulary.by_language(LIST) {
            let number = codes.len() as u16;
            codes.push(code.clone());
            words.extend(list.iter().filter_map(|word| Some((key(word)?, number))));
        }
        let words = Words::new(words, codes.len());
        let mut languages = Languages { codes, words, kinds: kinds() };
        for code in BY_SCRIPT {
            languages.number(code);
        }
        languages
    }

    /// The number of a language, which it gets where it has none yet.
    pub(super) fn number(&mut self, code: &str) -> LanguageIndex {
        self.codes.iter().position(|known| &**known == code).unwrap_or_else(|| {
            self.codes.push(code.into());
            self.codes.len() - 1
        })
    }

    /// The code of a language.
    pub(super) fn code(&self, number: LanguageIndex) -> &str {
        &self.codes[number]
    }

    /// The language of a sample, if enough of its words tell one.
    pub(super) fn of(&self, sample: &str) -> Option<LanguageIndex> {
        if let Some(code) = by_script(sample) {
            return self.codes.iter().position(|known| &**known == code);
        }
        let mut votes = vec![0_u32; self.words.languages];
        let mut vote = |key| self.words.languages_of(key).iter().for_each(|&number| votes[usize::from(number)] += 1);
        self.keys(sample, &mut vote);
        let best = (0..votes.len()).max_by_key(|&n| (votes[n], std::cmp::Reverse(n)))?;
        (votes[best] >= MIN_VOTES).then_some(best)
    }

    /// Calls `found` with the key of each token of a sample, as [`key`] tells it.
    fn keys(&self, sample: &str, mut found: impl FnMut(Key)) {
        let bytes = sample.as_bytes();
        // Behind the sample stands as much as a key reads beyond a word.
        let mut lower = [bytes, &[0; KEY_BYTES]].concat();
        lower.make_ascii_lowercase();
        let mut at = 0;
        while at < bytes.len() {
            let word = self.run(bytes, at, |kind| kind == MARK);
            let behind = self.run(bytes, word, |kind| kind == LETTER);
            let mut end = self.run(bytes, behind, |kind| kind == LETTER || kind == MARK);
            if bytes.get(end).is_some_and(|byte| !byte.is_ascii()) {
                let token = sample[at..].split(is_between).next().unwrap_or_default();
                end = at + token.len();
                key(token).into_iter().for_each(&mut found);
            } else if end - at <= MAX_TOKEN_BYTES {
                key_of_ascii(&lower, word..behind).into_iter().for_each(&mut found);
            }
            at = end + sample[end..].chars().next().map_or(0, char::len_utf8);
        }
    }

    /// Where bytes of some kinds end that begin at a place.
    fn run(&self, bytes: &[u8], from: usize, is_part: impl Fn(u8) -> bool) -> usize {
        let mut end = from;
        while bytes.get(end).is_some_and(|&byte| is_part(self.kinds[usize::from(byte)])) {
            end += 1;
        }
        end
    }
}

/// Whether a character stands between tokens.
fn is_between(c: char) -> bool {
    c == ' ' || (!c.is_ascii_graphic() && is_blank(c))
}

/// The key of a word of ASCII, in bytes of a sample that are lower-cased already and go on behind it.
fn key_of_ascii(lower: &[u8], word: Range<usize>) -> Option<Key> {
    let bits = match word.len() {
        0 => return None,
        KEY_BYTES => Key::MAX,
        length if length < KEY_BYTES => (1 << (8 * length)) - 1,
        _ => return None,
    };
    let bytes = lower.get(word.start..)?.first_chunk::<KEY_BYTES>()?;
    Some(Key::from_le_bytes(*bytes) & bits)
}

/// The first word of a token, folded, as it is read: marks before it and what stands behind it do not count.
#[derive(Default)]
struct FirstWord {
    bytes: [u8; KEY_BYTES],
    /// How many bytes the word has, those that found no place included.
    length: usize,
    has_ended: bool,
}

impl FirstWord {
    /// Reads a character.
    fn take(&mut self, c: char) {
        if c.is_ascii() && ASCII_WORD[c as usize] {
            self.push(c.to_ascii_lowercase() as u8);
        } else if !c.is_ascii() && is_word(c) {
            let folded = simple_fold(c).unwrap_or(c);
            folded.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.push(byte));
        } else {
            self.end();
        }
    }

    /// Adds a byte of a letter or figure.
    fn push(&mut self, byte: u8) {
        if !self.has_ended {
            if let Some(place) = self.bytes.get_mut(self.length) {
                *place = byte;
            }
            self.length += 1;
        }
    }

    /// Reads a mark.
    fn end(&mut self) {
        self.has_ended = self.length > 0;
    }

    /// The word as a number; `None` for one that is too long to be common.
    fn key(&self) -> Option<Key> {
        (1..=KEY_BYTES).contains(&self.length).then_some(Key::from_le_bytes(self.bytes))
    }
}

/// Which languages have a word among their common ones: a table of keys, the next place where one is taken.
#[derive(Debug)]
struct Words {
    /// How many languages have words.
    languages: usize,
    /// Keys with the range of their languages; a power of two of places, of which at least half are free (0).
    places: Vec<(Key, Range<u32>)>,
    numbers: Vec<u16>,
}

impl Words {
    fn new(mut words: Vec<(Key, u16)>, languages: usize) -> Words {
        words.sort_unstable();
        let numbers: Vec<u16> = words.iter().map(|(_, number)| *number).collect();
        let mut table = Words { languages, places: Vec::new(), numbers };
        table.places.resize((words.len() * 2).next_power_of_two(), (0, 0..0));
        let mut start = 0;
        for same in words.chunk_by(|one, next| one.0 == next.0) {
            let end = start + same.len() as u32;
            let at = table.find(same[0].0);
            table.places[at] = (same[0].0, start..end);
            start = end;
        }
        table
    }

    /// The place of a key, or the free one where it would stand.
    fn find(&self, key: Key) -> usize {
        let last = self.places.len() - 1;
        // Fibonacci hashing: the upper bits of a product with 2^64 over the golden ratio (Knuth, TAOCP 3, 6.4).
        let mixed = (key as u64 ^ ((key >> 64) as u64).rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut at = (mixed >> 32) as usize & last;
        while self.places[at].0 != 0 && self.places[at].0 != key {
            at = (at + 1) & last;
        }
        at
    }

    /// The numbers of the languages that have a word.
    fn languages_of(&self, key: Key) -> &[u16] {
        let Range { start, end } = self.places[self.find(key)].1;
        self.numbers.get(start as usize..end as usize).unwrap_or_default()
    }
}

fn kinds() -> Kinds {
    let mut kinds = [FOREIGN; 256];
    for byte in 0..128_u8 {
        kinds[usize::from(byte)] = match () {
            () if ASCII_WORD[usize::from(byte)] => LETTER,
            () if is_between(char::from(byte)) => BLANK,
            () => MARK,
        };
    }
    kinds
}

/// The key of a token without the marks round it; `None` for a word that is too long to be common.
fn key(token: &str) -> Option<Key> {
    let mut word = FirstWord::default();
    token.chars().for_each(|c| word.take(c));
    word.key().filter(|_| token.len() <= MAX_TOKEN_BYTES)
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
    // The scripts of Europe but for Greek, and marks, begin with other bytes. All are looked at, many at a time.
    let may_tell = |byte: u8| matches!(byte, 0xcd..=0xcf | 0xd6 | 0xd7 | 0xe0 | 0xe3..=0xed);
    if !sample.bytes().fold(false, |any, byte| any | may_tell(byte)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tokens_of_a_sample_are_read_as_words_are() {
        let languages = Languages { codes: Vec::new(), words: Words::new(Vec::new(), 0), kinds: kinds() };
        for c in (0..0x3100).filter_map(char::from_u32) {
            let long = "a".repeat(17);
            let sample =
                format!("The{c}end {c}{c}of-THE {c} {long}{c} seventeen_letters 24{c} «Übermorgen»{c}\u{a0}Да");
            let mut found = Vec::new();
            languages.keys(&sample, |key| found.push(key));
            let tokens = sample.split(is_between);
            assert_eq!(found, tokens.filter_map(key).collect::<Vec<_>>(), "{sample:?}");
        }
    }

    #[test]
    fn every_word_is_found_with_its_languages() {
        let words = ["the", "der", "die", "of", "de", "de", "a", "averyverylongone"];
        let given = words.iter().enumerate().filter_map(|(number, word)| Some((key(word)?, number as u16)));
        let table = Words::new(given.collect(), words.len());
        for word in words {
            let want: Vec<u16> = (0..8).filter(|&number| words[usize::from(number)] == word).collect();
            assert_eq!(key(word).map(|key| table.languages_of(key).to_vec()), Some(want), "{word}");
        }
        assert_eq!(key("das").map(|key| table.languages_of(key).len()), Some(0));
    }
}
