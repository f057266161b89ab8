//! The shape of a line: how long it is, whether it holds a sentence, whether it looks like a headline.

use super::chars::unicode::{BLANK, CLOSING, STOP, UNSPACED, WORD};
use super::chars::{ASCII_WORD, ascii_class, class, is_word};
use super::sentence::is_abbreviation;

/// A sentence of this many words is body prose; the figure is DESIGN's for the end of a block.
pub(crate) const PROSE_WORDS: usize = 12;
/// The longest line, in words, that can still be a headline.
pub(crate) const HEADLINE_WORDS: usize = 28;
/// The longest line, in characters, that can still be a headline.
const HEADLINE_CHARS: usize = 200;
/// Characters of an unspaced script that read like one word, for tests of length (not for counts of words).
const CHARS_A_WORD: usize = 2;
/// Thai, Lao and Khmer write no full stop: so many characters without one are prose.
const UNSTOPPED_PROSE_CHARS: usize = 90;

/// What can be told from one line by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Runs of characters between blanks that hold a word; in scripts without blanks, characters.
    pub(crate) tokens: usize,
    /// Words as a reader would count them, scripts without blanks included.
    pub(crate) length: usize,
    /// Characters.
    pub(crate) chars: usize,
    /// Whether the line ends like a sentence (a closing mark may follow the stop).
    pub(crate) ends_sentence: bool,
    /// Whether the last mark is a full stop rather than `?`, `!` or an ellipsis.
    pub(crate) full_stop: bool,
    /// The longest sentence that comes to its end, in words as a reader would count them.
    pub(crate) longest_sentence: usize,
}

impl Shape {
    /// The shape of a line without its terminator.
    pub(crate) fn of(line: &str) -> Shape {
        let mut sum = Sum { line, shape: Shape::default(), token: Token::default(), sentence: 0, unstopped: 0 };
        sum.shape.chars = char_count(line);
        let bytes = line.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if ASCII_WORD[usize::from(byte)] {
                sum.take_word();
                at += 1;
                while at < bytes.len() && ASCII_WORD[usize::from(bytes[at])] {
                    at += 1;
                }
            } else if !byte.is_ascii() {
                let Some(c) = line[at..].chars().next() else { break };
                sum.take(at, at + c.len_utf8(), c, class(c));
                at += c.len_utf8();
            } else {
                sum.take(at, at + 1, char::from(byte), ascii_class(byte));
                at += 1;
            }
        }
        sum.end_token(bytes.len());
        sum.finish()
    }

    /// Whether a line is not too long for a headline, and does not end in a plain full stop, which is all that is to be known of
    /// most lines.
    pub(crate) fn may_be_headline(line: &str) -> bool {
        if has_plain_full_stop(line) {
            return false;
        }
        line.len() <= HEADLINE_CHARS
            || (line.len() <= HEADLINE_CHARS * char::MAX.len_utf8() && char_count(line) <= HEADLINE_CHARS)
    }

    /// Whether the line has no word at all.
    pub(crate) fn is_wordless(&self) -> bool {
        self.tokens == 0
    }

    /// Whether a line has no word at all, without a look at the rest of its shape.
    pub(crate) fn shows_no_word(line: &str) -> bool {
        let bytes = line.as_bytes();
        !bytes.iter().any(|&byte| ASCII_WORD[usize::from(byte)]) && (line.is_ascii() || !line.chars().any(is_word))
    }

    /// Whether a line is long enough for a sentence that only body text has: a word takes a byte and a blank at least.
    pub(crate) fn may_be_prose(line: &str) -> bool {
        line.len() >= 2 * PROSE_WORDS - 1
    }

    /// Whether the line holds a sentence that only body text has.
    pub(crate) fn is_prose(&self) -> bool {
        self.longest_sentence >= PROSE_WORDS
    }

    /// Whether the line could be a headline or a link text: some words, no full stop, not too long. Headlines of two
    /// sentences occur: "Bridge closed for a month. Buses take the long way".
    pub(crate) fn is_headline(&self) -> bool {
        (1..=HEADLINE_WORDS).contains(&self.length)
            && self.chars <= HEADLINE_CHARS
            && !self.full_stop
            && !self.is_prose()
    }

    /// Whether the line is short and does not end like a sentence: a label, a button, a headline.
    pub(crate) fn is_short(&self) -> bool {
        self.length <= 10 && !self.full_stop
    }
}

/// A run of characters between blanks, as far as it has been read.
#[derive(Default)]
struct Token {
    start: usize,
    /// Whether it holds anything at all.
    any: bool,
    /// Whether it holds a word of a script that sets blanks.
    spaced: bool,
    /// Its characters of scripts that set none.
    unspaced: usize,
    /// The mark that ends a sentence, if nothing but closing marks has come behind it.
    stop: Option<char>,
}

/// Adds up a shape character by character.
struct Sum<'l> {
    line: &'l str,
    shape: Shape,
    token: Token,
    /// Words of the sentence at hand.
    sentence: usize,
    /// Characters of scripts that write no full stop.
    unstopped: usize,
}

/// The characters of a line, counted apart from everything else, since this way it takes next to no time.
fn char_count(line: &str) -> usize {
    line.bytes().filter(|&byte| !is_continuation(byte)).count()
}

/// Whether a line's last word is one of ASCII with a full stop behind it, and no abbreviation.
fn has_plain_full_stop(line: &str) -> bool {
    let Some(before) = line.strip_suffix('.') else { return false };
    let bytes = before.as_bytes();
    let length = bytes.iter().rev().take_while(|&&byte| ASCII_WORD[usize::from(byte)]).count();
    let Some(start) = bytes.len().checked_sub(length).filter(|_| length > 0) else { return false };
    (start == 0 || bytes[start - 1] == b' ') && !is_abbreviation(&line[start..])
}

/// Whether a byte of UTF-8 is not the first of its character.
fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

impl Sum<'_> {
    /// Takes in letters and figures of ASCII, however many.
    fn take_word(&mut self) {
        self.token.any = true;
        self.token.spaced = true;
        self.token.stop = None;
    }

    fn take(&mut self, at: usize, next: usize, c: char, class: u16) {
        if class & BLANK != 0 {
            self.end_token(at);
            self.token = Token { start: next, ..Token::default() };
            return;
        }
        self.token.any = true;
        if class & WORD != 0 {
            self.token.stop = None;
            if class & UNSPACED == 0 {
                self.token.spaced = true;
            } else {
                self.token.unspaced += 1;
                self.unstopped += usize::from(matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1780}'..='\u{17ff}'));
            }
            return;
        }
        if class & STOP != 0 {
            // Two dots and more are an ellipsis, as after a label or a teaser that is cut off.
            self.token.stop = Some(if c == '.' && self.token.stop.is_some() { '…' } else { c });
            if matches!(c, '。' | '！' | '？' | '｡') {
                self.end_token(next);
                self.token = Token { start: next, ..Token::default() };
            }
        } else if class & CLOSING == 0 {
            self.token.stop = None;
        } else if self.token.start == at && self.shape.ends_sentence {
            // A closing mark right behind the end of a sentence belongs to it.
            self.token = Token { start: next, ..Token::default() };
        }
    }

    fn end_token(&mut self, end: usize) {
        let token = std::mem::take(&mut self.token);
        if !token.any {
            return;
        }
        let length = token.unspaced.div_ceil(CHARS_A_WORD) + usize::from(token.spaced);
        self.shape.tokens += token.unspaced + usize::from(token.spaced);
        self.shape.length += length;
        self.sentence += length;
        let stop = token.stop.filter(|&c| c != '.' || !is_abbreviation(&self.line[token.start..end]));
        self.shape.ends_sentence = stop.is_some();
        self.shape.full_stop = stop.is_some_and(|c| !matches!(c, '?' | '!' | '？' | '！' | '؟' | '…'));
        if stop.is_some() {
            self.shape.longest_sentence = self.shape.longest_sentence.max(self.sentence);
            self.sentence = 0;
        }
    }

    fn finish(mut self) -> Shape {
        if self.unstopped >= UNSTOPPED_PROSE_CHARS {
            self.shape.longest_sentence = self.shape.longest_sentence.max(self.unstopped / CHARS_A_WORD);
        }
        self.shape
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_counted_in_every_script() {
        assert_eq!(Shape::of("Two words - here").tokens, 3);
        assert_eq!(Shape::of("Читайте также").tokens, 2);
        assert_eq!(Shape::of("関連記事").tokens, 4);
        assert_eq!(Shape::of("").tokens, 0);
        assert!(Shape::of("* * *").is_wordless());
    }

    #[test]
    fn prose_is_a_sentence_that_ends() {
        assert!(Shape::of("The council met on Monday and voted to rebuild the old bridge over the river.").is_prose());
        assert!(
            !Shape::of("Council Votes To Rebuild The Old Bridge Over The River After Long And Bitter Debate")
                .is_prose()
        );
        assert!(!Shape::of("He left. She stayed. They met again.").is_prose());
        assert!(Shape::of("市議会は月曜日に会合を開き、古い橋を再建することを決めたと発表した。").is_prose());
        assert!(Shape::of("He said: “The council met on Monday and voted to rebuild the bridge.”").is_prose());
    }

    #[test]
    fn what_is_told_at_a_glance_is_what_the_shape_says() {
        for line in ["", " ", "* * *", "…", "— 1 —", "関", "_", "«»", "a b c d e f g h i j k l.", "🙂 🙂", "я"]
        {
            assert_eq!(Shape::shows_no_word(line), Shape::of(line).is_wordless(), "{line}");
            assert!(Shape::may_be_prose(line) || !Shape::of(line).is_prose(), "{line}");
        }
        for line in
            ["It ends.", "It ends..", "in the U.S.", "Mr.", "a_1.", "No. 7.", "“It ends.”", "It’s.", ".", " .", "x. y"]
        {
            assert!(Shape::may_be_headline(line) || !Shape::of(line).is_headline(), "{line}");
        }
        assert!(!Shape::may_be_headline("The council met."));
    }

    #[test]
    fn headlines_have_no_full_stop() {
        assert!(Shape::of("Council votes to rebuild the old bridge").is_headline());
        assert!(Shape::of("Is the U.S. ready for another storm?").is_headline());
        assert!(Shape::of("Bridge closed for a month. Buses take the long way").is_headline());
        assert!(Shape::of("Loading comments...").is_headline());
        assert!(!Shape::of("The council met. It voted.").is_headline());
        assert!(!Shape::of("The council met.").is_headline());
        assert!(Shape::of("Mr. Keller goes to Washington").is_headline());
    }
}
