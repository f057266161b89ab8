//! The folded view: what text looks like to a pattern.
//!
//! Folding is what makes `𝗙𝗼𝗹𝗹𝗼𝘄 𝗢𝘂𝗿`, `FOLLOW  OUR` and `Fol​low our` (with a zero-width space) one and the same to a
//! pattern, while every folded byte still knows the byte of the original it came from. Steps, a character at a time:
//!
//! 1. invisible characters go, white space and controls become one blank;
//! 2. quotes and dashes of all kinds become `"`, `'` and `-`;
//! 3. compatibility forms are replaced (Unicode's NFKC) and letters lower-cased;
//! 4. letters that one language writes in two ways become one: final sigma, accented Greek (capitals drop the accent),
//!    dotless and dotted i, Arabic alef with and without hamza, Persian and Arabic kaf and yeh, Romanian cedilla and comma;
//!    Arabic and Hebrew vowel points go;
//! 5. no blank stands before `: ; ! ?`, as French and many themes set one.

use super::bits::gather;
use super::chars::unicode::{self, ATTACHED, BLANK, IGNORABLE};
use super::chars::{class, is_edge, is_han, simple_fold};

/// For each byte, whether it is ASCII that folds to itself but for case, whatever stands beside it.
static FOLDS_TO_ITSELF: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = b'!';
    while byte < 0x7f {
        table[byte as usize] = !matches!(byte, b'`' | b':' | b';' | b'!' | b'?');
        byte += 1;
    }
    table
};

/// For each byte, whether characters that begin with it may attach to the one before: not those of Latin, Greek and Cyrillic
/// letters, of Han and of kana but for their sound marks.
static MAY_ATTACH: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0xca;
    while byte < 0x100 {
        table[byte] = !matches!(byte, 0xce..=0xd1 | 0xe4..=0xe9);
        byte += 1;
    }
    table
};

/// Blanks that most lines are indented with.
const ASCII_BLANKS: [char; 2] = [' ', '\t'];

/// How many bytes are looked at together: one bit each of a number.
const BLOCK: usize = 64;

/// 0 for a byte that folds to itself but for case, if `next` stands behind it: visible ASCII, and a blank that is not followed by
/// another one, nor by a mark that a blank is lost before.
#[inline(always)]
fn is_odd(byte: u8, next: u8) -> u8 {
    let visible = u8::from(byte.wrapping_sub(b' ') <= b'~' - b' ') & u8::from(byte != b'`');
    let lost = u8::from(next == b' ') | u8::from(next | 1 == b';') | u8::from(next == b'!') | u8::from(next == b'?');
    (visible ^ 1) | (u8::from(byte == b' ') & lost)
}

/// Whether bytes fold to themselves but for case; `behind` holds, for each of them, the byte behind it.
#[inline]
fn all_plain(bytes: &[u8], behind: &[u8]) -> bool {
    bytes.iter().zip(behind).fold(0, |odd, (&byte, &next)| odd | is_odd(byte, next)) == 0
}

/// Notes which bytes do not fold to themselves, as bits.
fn note_odd(bytes: &[u8], odd: &mut Vec<u64>) {
    odd.clear();
    let mut rest = bytes;
    while let Some((block, _)) = rest.split_first_chunk::<{ BLOCK + 1 }>() {
        odd.push(odd_of_block(block));
        rest = &rest[BLOCK..];
    }
    let mut last = [b'x'; BLOCK + 1];
    last[..rest.len()].copy_from_slice(rest);
    odd.push(odd_of_block(&last));
}

/// Which bytes of a block do not fold to themselves; one more stands behind it.
fn odd_of_block(block: &[u8; BLOCK + 1]) -> u64 {
    let mut flags = [0; BLOCK];
    for (flag, (&byte, &next)) in flags.iter_mut().zip(block.iter().zip(&block[1..])) {
        *flag = is_odd(byte, next);
    }
    gather(&flags)
}

/// The first place from one on whose bit is set, if there is one before the end.
fn next_odd(odd: &[u64], from: usize) -> Option<usize> {
    let mut block = from / BLOCK;
    let mut bits = odd.get(block)? >> (from % BLOCK) << (from % BLOCK);
    while bits == 0 {
        block += 1;
        bits = *odd.get(block)?;
    }
    Some(block * BLOCK + bits.trailing_zeros() as usize)
}

/// Whether bytes that a text begins with fold to themselves but for case, all but the last one, whatever stands behind them.
pub(crate) fn begins_plain(bytes: &[u8]) -> bool {
    let Some((last, before)) = bytes.split_last() else { return false };
    // Of ASCII, only a blank depends on what stands behind it; what attaches to a letter is not ASCII.
    bytes[0].is_ascii_alphanumeric() && last.is_ascii_alphanumeric() && all_plain(before, &bytes[1..])
}

/// Whether a text folds to itself but for case.
fn is_plain(text: &str) -> bool {
    let Some((&last, before)) = text.as_bytes().split_last() else { return true };
    text.as_bytes()[0] != b' ' && all_plain(before, &text.as_bytes()[1..]) && all_plain(&[last], b"x")
}

/// The end of the bytes from a place on that fold to themselves but for case; `odd` tells which do not.
fn plain_run(bytes: &[u8], at: usize, odd: &[u64]) -> usize {
    if !FOLDS_TO_ITSELF[usize::from(bytes[at])] {
        return at;
    }
    let end = next_odd(odd, at).unwrap_or(bytes.len());
    // What attaches to a letter is not ASCII and stands behind it.
    let attaches = bytes.get(end).is_some_and(|byte| MAY_ATTACH[usize::from(*byte)]);
    if attaches { end.saturating_sub(1).max(at) } else { end }
}

/// Text as patterns see it, with the way back to the original.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    text: String,
    /// For each folded byte, the byte of the original its character began at; empty where that is its own place, but for blanks
    /// before the first one.
    origins: Vec<u32>,
    /// How many blanks stand before the first one, where that is all that is to be known.
    indent: usize,
    /// How many bytes the original has.
    raw_bytes: usize,
    /// Which bytes of the original do not fold to themselves; empty but while folding.
    odd: Vec<u64>,
}

impl Folded {
    /// Folds a text of at most 4 GiB.
    pub(crate) fn new(raw: &str) -> Folded {
        let mut folded = Folded::default();
        folded.refold(raw);
        folded
    }

    /// Folds another text into the same buffers.
    pub(crate) fn refold(&mut self, raw: &str) {
        self.text.clear();
        self.origins.clear();
        self.raw_bytes = raw.len();
        let inside = raw.trim_start_matches(ASCII_BLANKS);
        self.indent = raw.len() - inside.len();
        let inside = inside.trim_end_matches(ASCII_BLANKS);
        if is_plain(inside) {
            self.text.push_str(inside);
            self.text.make_ascii_lowercase();
            return;
        }
        self.text.reserve(raw.len() + 1);
        self.origins.reserve(raw.len() + 1);
        let bytes = raw.as_bytes();
        let mut at = 0;
        let mut odd = std::mem::take(&mut self.odd);
        note_odd(bytes, &mut odd);
        while at < bytes.len() {
            let end = plain_run(bytes, at, &odd);
            if end > at {
                self.push_run(raw, at..end);
                at = end;
            } else if bytes[at].is_ascii() && bytes.get(at + 1).is_none_or(|&next| !MAY_ATTACH[usize::from(next)]) {
                self.push_char(at, if bytes[at] == b'`' { '\'' } else { char::from(bytes[at].to_ascii_lowercase()) });
                at += 1;
            } else {
                let end = self.push_letters(raw, at);
                at = if end > at { end } else { self.push_cluster(raw, at) };
            }
        }
        odd.clear();
        self.odd = odd;
        if self.text.ends_with(' ') {
            self.text.pop();
            self.origins.pop();
        }
    }

    /// The folded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The byte of the original where the folded character at `at` began; the end of the original for the end.
    pub(crate) fn origin(&self, at: usize) -> usize {
        match self.origins.get(at) {
            Some(&origin) => origin as usize,
            None if at < self.text.len() => self.indent + at,
            None => self.raw_bytes,
        }
    }

    /// The byte of the original behind the character that the folded byte before `at` came of.
    pub(crate) fn end_origin(&self, at: usize) -> usize {
        if self.origins.is_empty() {
            return self.origin(at.max(1));
        }
        let last = at.checked_sub(1).map_or(0, |last| self.origin(last));
        let next = self.origins.partition_point(|&origin| origin as usize <= last);
        self.origin(next)
    }

    /// What a part of the original folds to.
    pub(crate) fn of_part(&self, part: std::ops::Range<usize>) -> &str {
        let place = |at: usize| match self.origins.is_empty() {
            true => at.saturating_sub(self.indent).min(self.text.len()),
            false => self.origins.partition_point(|&origin| (origin as usize) < at),
        };
        &self.text[place(part.start)..place(part.end)]
    }

    /// Folds ASCII that differs from its folding in case only.
    fn push_run(&mut self, raw: &str, range: std::ops::Range<usize>) {
        let start = self.text.len();
        self.origins.extend(range.start as u32..range.end as u32);
        self.text.push_str(&raw[range]);
        self.text[start..].make_ascii_lowercase();
    }

    /// Folds letters of Latin, Greek and Cyrillic, and Han characters, that nothing attaches to; the place behind them. None of them is
    /// blank or invisible.
    fn push_letters(&mut self, raw: &str, mut at: usize) -> usize {
        let bytes = raw.as_bytes();
        let attaches = |at: usize| bytes.get(at).is_some_and(|&byte| MAY_ATTACH[usize::from(byte)]);
        loop {
            match bytes[at..] {
                [first @ (0xc3..=0xc9 | 0xce..=0xd1), second, ..] if !attaches(at + 2) => {
                    let code = u32::from(first & 0x1f) << 6 | u32::from(second & 0x3f);
                    let folded = char::from_u32(code).and_then(simple_fold);
                    let Some(folded) = folded.filter(|folded| folded.len_utf8() == 2) else { return at };
                    self.text.push(folded);
                    self.origins.extend([at as u32; 2]);
                    at += 2;
                }
                // The usual quotation marks and dashes.
                [0xe2, 0x80, third @ (0x90..=0x95 | 0x98..=0x9f), ..] if !attaches(at + 3) => {
                    let Some(folded) = char::from_u32(0x2000 | u32::from(third & 0x3f)).and_then(simple_fold) else {
                        return at;
                    };
                    self.push(at, folded);
                    at += 3;
                }
                _ => match self.push_han(raw, at) {
                    end if end == at => return at,
                    end => at = end,
                },
            }
        }
    }

    /// Folds Han characters that nothing attaches to; the place behind them.
    fn push_han(&mut self, raw: &str, at: usize) -> usize {
        let bytes = raw.as_bytes();
        let attaches = |at: usize| bytes.get(at).is_some_and(|&byte| MAY_ATTACH[usize::from(byte)]);
        let mut end = at;
        while let [first, second, _, ..] = bytes[end..]
            && is_han(first, second)
            && !attaches(end + 3)
        {
            self.origins.extend([end as u32; 3]);
            end += 3;
        }
        self.text.push_str(&raw[at..end]);
        end
    }

    /// Folds the character at `at` with what attaches to it; the place behind them.
    fn push_cluster(&mut self, raw: &str, at: usize) -> usize {
        let mut chars = raw[at..].chars();
        let Some(first) = chars.next() else { return raw.len() };
        let end = at + first.len_utf8();
        let attached = |c: Option<char>| c.is_some_and(|c| class(c) & (ATTACHED | IGNORABLE) == ATTACHED);
        let may_attach = raw.as_bytes().get(end).is_some_and(|&byte| MAY_ATTACH[usize::from(byte)]);
        let mut next = if may_attach { chars.next() } else { None };
        if !attached(next) {
            match simple_fold(first) {
                // Nearly every character: a letter.
                Some(c) if !c.is_ascii() && class(c) & (BLANK | IGNORABLE) == 0 => self.push(at, c),
                Some(c) => self.push_char(at, c),
                None => unicode::fold(&raw[at..end], &mut |c| self.push_char(at, c)),
            }
            return end;
        }
        let mut cluster_end = end;
        while let Some(c) = next.filter(|_| attached(next)) {
            cluster_end += c.len_utf8();
            next = chars.next();
        }
        unicode::fold(&raw[at..cluster_end], &mut |c| self.push_char(at, c));
        cluster_end
    }

    fn push_char(&mut self, at: usize, c: char) {
        let class = class(c);
        if class & IGNORABLE != 0 {
            return;
        }
        if class & BLANK != 0 {
            if !self.text.is_empty() && !self.text.ends_with(' ') {
                self.push(at, ' ');
            }
            return;
        }
        if matches!(c, ':' | ';' | '!' | '?') && self.text.ends_with(' ') {
            self.text.pop();
            self.origins.pop();
        }
        self.push(at, c);
    }

    fn push(&mut self, at: usize, c: char) {
        self.text.push(c);
        self.origins.extend_from_slice(&[at as u32; 4][..c.len_utf8()]);
    }
}

/// The part of a folded line that patterns are compared with: without the bullets, arrows and marks at its edges.
pub(crate) fn inside_edges(text: &str) -> std::ops::Range<usize> {
    if has_plain_edges(text.as_bytes()) {
        return 0..text.len();
    }
    let whole = unlinked(text, trim_edges(text, 0..text.len()));
    trim_edges(text, whole)
}

/// Whether nothing at a line's edges is dropped, as it is with nearly every line: it begins with a letter or figure, and ends with
/// one or with a full stop behind one.
fn has_plain_edges(line: &[u8]) -> bool {
    let first = line.first().is_some_and(u8::is_ascii_alphanumeric);
    let last = match *line {
        [.., before, b'.' | b',' | b'?' | b')'] => before != b'.',
        [.., last] => last.is_ascii_alphanumeric(),
        [] => false,
    };
    first && last
}

/// Where the first word may begin of a folded text whose end is not known: behind the marks that are always dropped, and
/// behind the bracket of a link or the quotation mark that may be dropped, too.
pub(crate) fn inside_start(text: &str) -> (usize, usize) {
    if text.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
        return (0, 0);
    }
    let dropped = |c: char| c == ' ' || is_edge(c);
    let outer = text.find(|c| !dropped(c)).unwrap_or(text.len());
    let inner = text.find(|c| !dropped(c) && !matches!(c, '[' | '"' | '\'')).unwrap_or(text.len());
    (outer, inner)
}

fn trim_edges(text: &str, mut range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let odd_quote = text[range.clone()].bytes().filter(|&b| b == b'"').count() == 1;
    // A quotation mark with a blank on its inner side is an arrow: "Read more ›".
    let drops = |c: char, detached: bool| {
        c == ' ' || is_edge(c) || (c == '"' && (odd_quote || detached)) || (c == '\'' && detached)
    };
    loop {
        let rest = &text[range.clone()];
        match rest.chars().next() {
            Some(c) if drops(c, rest[c.len_utf8()..].starts_with(' ')) => range.start += c.len_utf8(),
            _ => break,
        }
    }
    loop {
        let rest = &text[range.clone()];
        match rest.chars().next_back() {
            Some(c) if drops(c, rest[..rest.len() - c.len_utf8()].ends_with(' ')) => range.end -= c.len_utf8(),
            Some('.') if rest.ends_with("..") => range.end = range.start + rest.trim_end_matches('.').len(),
            _ => return range,
        }
    }
}

/// Without the marks of a markdown link round the whole line: `[text](url)`, `[text][4]`, `[text]`.
fn unlinked(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let line = &text[range.clone()];
    let Some(inner) = line.strip_prefix('[') else { return range };
    let Some(close) = inner.find(']') else { return range };
    let behind = &inner[close + 1..];
    let is_target = (behind.starts_with('(') && behind.ends_with(')') && !behind[1..].contains('('))
        || (behind.starts_with('[') && behind.ends_with(']') && !behind[1..].contains('['))
        || behind.is_empty();
    if is_target && !inner[..close].contains('[') { range.start + 1..range.start + 1 + close } else { range }
}

/// A text folded once more: look-alike letters of Cyrillic and Greek become Latin, letters set apart by blanks close up.
///
/// `None` when that changes nothing, which is the case for nearly every line.
pub(crate) fn loosened(folded: &str) -> Option<String> {
    let has_latin = folded.bytes().any(|b| b.is_ascii_lowercase());
    let mut loose: String = if has_latin { folded.chars().map(latin_look).collect() } else { folded.to_owned() };
    let spaced = loose.split(' ').count() >= 4 && loose.split(' ').all(|word| word.chars().count() <= 1);
    if spaced {
        loose.retain(|c| c != ' ');
    }
    (loose != folded).then_some(loose)
}

/// The Latin letter that a Cyrillic or Greek one looks like (a part of Unicode's confusables, TR 39).
fn latin_look(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' => 'b',
        'с' => 'c',
        'ԁ' => 'd',
        'е' | 'є' => 'e',
        'һ' | 'н' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'ո' => 'n',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' => 'y',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_attaches_begins_with_bytes_that_are_known() {
        for c in (0..0x1_2000).filter_map(char::from_u32).filter(|&c| class(c) & ATTACHED != 0) {
            assert!(MAY_ATTACH[usize::from(c.to_string().as_bytes()[0])], "{c:?}");
        }
    }

    fn fold(raw: &str) -> String {
        Folded::new(raw).text().to_owned()
    }

    fn line(raw: &str) -> String {
        let folded = fold(raw);
        folded[inside_edges(&folded)].to_owned()
    }

    #[test]
    fn one_view_of_many_writings() {
        assert_eq!(fold("𝗙𝗼𝗹𝗹𝗼𝘄 𝗢𝘂𝗿 𝗪𝗵𝗮𝘁𝘀𝗔𝗽𝗽"), "follow our whatsapp");
        assert_eq!(fold("Ｒｅａｄ　Ｍｏｒｅ"), "read more");
        assert_eq!(fold("Fol\u{200b}low\u{a0}\t us"), "follow us");
        assert_eq!(fold("“Don’t” — ‘no’"), "\"don't\" - 'no'");
        assert_eq!(fold("Lire aussi : la suite"), "lire aussi: la suite");
    }

    #[test]
    fn letters_written_in_two_ways_become_one() {
        assert_eq!(fold("ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ"), fold("Διαβάστε επίσης"));
        assert_eq!(fold("YORUM YAPIN"), fold("yorum yapın"));
        assert_eq!(fold("İLGİLİ"), "ilgili");
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(fold("أخبار"), fold("اخبار"));
        assert_eq!(fold("cafe\u{301}"), fold("CAFÉ"));
    }

    #[test]
    fn every_folded_byte_knows_its_origin() {
        let raw = "  İ ﬁ 𝗙𝗼x…";
        let folded = Folded::new(raw);
        for at in 0..=folded.text().len() {
            assert!(raw.is_char_boundary(folded.origin(at)), "{at}");
        }
        let fox = folded.text().find("fox").unwrap();
        assert_eq!(&raw[folded.origin(fox)..folded.origin(fox + 3)], "𝗙𝗼x");
    }

    #[test]
    fn edges_lose_their_marks() {
        assert_eq!(line("• Share this story:"), "share this story");
        assert_eq!(line("**[CLICK HERE][14]**"), "click here");
        assert_eq!(line("## Related →"), "related");
        assert_eq!(line("» Publicidade"), "publicidade");
        assert_eq!(line("Read more ›"), "read more");
        assert_eq!(line("« Older posts"), "older posts");
        assert_eq!(line("Read more..."), "read more");
        assert_eq!(line("Read more…"), "read more");
        assert_eq!(line("👉 Follow us!"), "follow us");
        assert_eq!(line("Did you like it?"), "did you like it?");
        assert_eq!(line("He left."), "he left.");
        assert_eq!(line("“Quoted”"), "\"quoted\"");
        assert_eq!(line("***"), "");
        assert_eq!(line("© 2024 Example"), "© 2024 example");
    }

    #[test]
    fn loosening_finds_look_alikes_and_spaced_letters() {
        assert_eq!(loosened(&fold("Anzеigе")), Some("anzeige".into()));
        assert_eq!(loosened(&fold("A N Z E I G E")), Some("anzeige".into()));
        assert_eq!(loosened("реклама"), None);
        assert_eq!(loosened("share this story"), None);
    }

    #[test]
    fn a_thousand_marks_on_one_letter_fold_in_linear_time() {
        let raw = format!("e{}", "\u{301}".repeat(20_000));
        assert!(!fold(&raw).is_empty());
    }
}
