//! Sentence borders inside a line.

use super::chars::unicode::{BLANK, CLOSING, OPENING, STOP};
use super::chars::{ascii_class, class, is_blank, is_closing, is_han, is_sentence_end};

/// Words that end in a full stop without ending a sentence, in several languages, lower case and without their stop.
const ABBREVIATIONS: &[&str] = &[
    "abs", "al", "apr", "art", "aug", "ave", "bzw", "ca", "cf", "co", "col", "corp", "dec", "dept", "dr", "dra", "etc",
    "evtl", "feb", "fig", "gen", "ggf", "gov", "hon", "inc", "jan", "jr", "jul", "jun", "lt", "ltd", "mar", "min",
    "mr", "mrs", "ms", "mt", "no", "nov", "nr", "núm", "oct", "op", "p", "pg", "pp", "prof", "rep", "rev", "sen",
    "sep", "sept", "sgt", "sig", "sr", "sra", "st", "str", "tel", "tzn", "ul", "usw", "vgl", "vol", "vs", "zb", "г",
    "гг", "др", "им", "млн", "млрд", "руб", "стр", "тыс", "ул",
];

/// Whether a token that ends in a full stop is an abbreviation or an initial rather than the end of a sentence.
///
/// `etc.` and the like also end sentences; reading them as abbreviations errs towards a longer sentence, which keeps text.
pub(crate) fn is_abbreviation(token: &str) -> bool {
    let word = token.trim_start_matches(|c: char| !c.is_alphanumeric());
    let Some(word) = word.strip_suffix('.') else { return false };
    let mut letters = word.chars();
    let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    let dotted = word.contains('.') && word.split('.').all(|part| (1..=2).contains(&part.chars().count()));
    initial || dotted || ABBREVIATIONS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// The first place at or behind `from` where a sentence ends, its closing marks included; `None` when none ends.
pub(crate) fn sentence_end(line: &str, from: usize) -> Option<usize> {
    let mut chars = line[from..].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_sentence_end(c) {
            continue;
        }
        let mut end = from + at + c.len_utf8();
        while let Some(&(_, next)) = chars.peek().filter(|(_, next)| is_closing(*next) || is_sentence_end(*next)) {
            end += next.len_utf8();
            chars.next();
        }
        if ends_here(line, from + at, c, end) {
            return Some(end);
        }
    }
    None
}

fn ends_here(line: &str, stop: usize, c: char, end: usize) -> bool {
    let Some(next) = line[end..].chars().next() else { return true };
    if matches!(c, '。' | '！' | '？' | '｡' | '।') {
        return true;
    }
    if !is_blank(next) {
        return false;
    }
    let token = line[..stop + c.len_utf8()].rsplit(is_blank).next().unwrap_or_default();
    c != '.' || !is_abbreviation(token)
}

/// Calls `found` with each place inside a line where a span may begin, in no order: its start, behind a sentence's end and
/// its blank, behind an opening bracket.
///
/// `foreign_stops` is whether the line may hold stops or brackets that are not ASCII, as far as is known.
pub(crate) fn borders(line: &str, foreign_stops: bool, mut found: impl FnMut(usize)) {
    let start = line.find(|c| !is_blank(c)).unwrap_or(line.len());
    if start < line.len() {
        found(start);
    }
    if foreign_stops && has_foreign_stops(line) {
        return slow_borders(line, start, &mut found);
    }
    // Nearly every text: only ASCII marks end sentences and open brackets, and those are found many bytes at a time.
    for stop in memchr::memchr3_iter(b'.', b'!', b'?', line.as_bytes()) {
        behind_stop(line, stop + 1, false, &mut found);
    }
    for opening in memchr::memchr3_iter(b'(', b'[', b'{', line.as_bytes()) {
        if opening + 1 < line.len() {
            found(opening + 1);
        }
    }
}

/// Whether a line may hold stops or brackets that are not ASCII, told from the first bytes of their characters; the one
/// exception is the ellipsis, behind which no span begins.
fn has_foreign_stops(line: &str) -> bool {
    let is_one = |byte: u8| u8::from(matches!(byte, 0xd6 | 0xd8 | 0xdb | 0xe0 | 0xe1 | 0xe3 | 0xef));
    !line.is_ascii() && line.bytes().fold(0, |any, byte| any | is_one(byte)) != 0
}

fn slow_borders(line: &str, start: usize, found: &mut impl FnMut(usize)) {
    let bytes = line.as_bytes();
    let mut at = start;
    loop {
        match bytes[at..] {
            [] => return,
            [byte, ..] if byte.is_ascii() && ascii_class(byte) & (STOP | OPENING) == 0 => {
                at += 1;
                continue;
            }
            [first, second, _, ..] if is_han(first, second) => {
                at += 3;
                continue;
            }
            _ => {}
        }
        let Some(c) = line[at..].chars().next() else { return };
        at += c.len_utf8();
        let class = class(c);
        if class & OPENING != 0 {
            if at < bytes.len() {
                found(at);
            }
        } else if class & STOP != 0 && c != '…' {
            behind_stop(line, at, matches!(c, '。' | '！' | '？'), found);
        }
    }
}

/// Whether a sentence begins right behind a full stop because the blank between them was lost: `he said.ALSO READ: …`.
fn is_glued(line: &str, at: usize, c: char) -> bool {
    let mut before = line[..at].chars().rev();
    c.is_uppercase() && before.next() == Some('.') && before.next().is_some_and(char::is_lowercase)
}

/// Looks behind a stop for the start of the next sentence.
fn behind_stop(line: &str, mut at: usize, needs_no_blank: bool, found: &mut impl FnMut(usize)) {
    let mut rest = line[at..].chars();
    let mut blank = false;
    while let Some(c) = rest.next() {
        let class = class(c);
        if class & BLANK != 0 {
            blank = true;
        } else if blank || ((needs_no_blank || is_glued(line, at, c)) && class & (STOP | CLOSING) == 0) {
            return found(at);
        } else if class & STOP != 0 || class & CLOSING == 0 {
            // A stop behind a stop is looked at by itself.
            return;
        }
        at = line.len() - rest.as_str().len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_binary_search() {
        assert!(ABBREVIATIONS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn abbreviations_do_not_end_sentences() {
        let line = "He met Mr. Keller of the U.S. Navy at 3.30 p.m. yesterday. She left.";
        assert_eq!(
            sentence_end(line, 0).map(|end| &line[..end]),
            Some("He met Mr. Keller of the U.S. Navy at 3.30 p.m. yesterday.")
        );
    }

    #[test]
    fn blanks_of_several_bytes_stand_before_abbreviations_too() {
        let line = "He met\u{a0}Mr.\u{3000}Keller of the\u{a0}U.S. Navy.\u{2003}She left.";
        assert_eq!(sentence_end(line, 0).map(|end| &line[end..]), Some("\u{2003}She left."));
    }

    #[test]
    fn closing_marks_belong_to_the_sentence() {
        let line = "“It is over.” She left.";
        assert_eq!(sentence_end(line, 0).map(|end| &line[..end]), Some("“It is over.”"));
        assert_eq!(sentence_end("これで終わり。次の文", 0).map(|end| &"これで終わり。次の文"[end..]), Some("次の文"));
        assert_eq!(sentence_end("No end", 0), None);
    }

    #[test]
    fn spans_begin_behind_sentences_and_brackets() {
        let line = "He left. (See also: this.) Gone";
        let mut found = Vec::new();
        borders(line, true, |at| found.push(&line[at..at + 3]));
        found.sort_unstable();
        assert_eq!(found, ["(Se", "Gon", "He ", "See"]);
        let mut found = Vec::new();
        borders("He left.ALSO READ: More. www.Example.com", true, |at| found.push(at));
        assert_eq!(found, [0, 8, 25, 29]);
    }
}
