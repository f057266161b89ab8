//! Whether a text may hold one of a few words: asked once of a whole text, so that not each of its sentences has to be searched.

use super::index::Index;

/// More words than these are not looked for; then every text may hold one.
const MAX_WORDS: usize = 8;
/// Bytes that are compared at once.
const BLOCK: usize = 64;
/// Letters from rare to common, in the languages of Europe taken together.
const BY_RARITY: &[u8] = b"jqxzkwyvbfhgpumcdlontrsaie";

/// How common a byte is in texts: the rarest first.
pub(super) fn rarity(byte: u8) -> usize {
    match byte {
        b' ' => usize::MAX,
        0x80.. => BY_RARITY.len(),
        _ => BY_RARITY.iter().position(|&letter| letter == byte).map_or(0, |place| place + 1),
    }
}

/// Words of which each literal of an index holds one.
#[derive(Debug)]
pub(super) struct RareWords {
    /// `None` where that is not known, or where they are too many.
    words: Option<Vec<Word>>,
}

/// A word with its two rarest letters, which are looked for first.
#[derive(Debug)]
struct Word {
    text: Vec<u8>,
    first: usize,
    second: usize,
}

impl RareWords {
    /// The words of the literals that some indices look texts up by.
    pub(super) fn new(indices: &[&Index]) -> RareWords {
        let mut words: Vec<Option<Word>> = Vec::new();
        for index in indices {
            index.each_inner_literal(&mut |literal| words.push(Word::of(literal)));
        }
        let mut words: Option<Vec<Word>> = words.into_iter().collect();
        if let Some(words) = &mut words {
            words.sort_by(|a, b| a.text.cmp(&b.text));
            words.dedup_by(|longer, shorter| longer.text.starts_with(&shorter.text));
        }
        RareWords { words: words.filter(|words| words.len() <= MAX_WORDS) }
    }

    /// Whether a text whose ASCII letters stand for themselves may hold one of the literals once it is folded.
    pub(super) fn may_stand_in(&self, text: &str) -> bool {
        self.words.as_ref().is_none_or(|words| words.iter().any(|word| word.stands_in(text.as_bytes())))
    }
}

impl Word {
    /// The longest run of ASCII letters and figures of a folded literal. Nothing else folds to these, and nothing between them
    /// vanishes, where a text holds no aliases.
    fn of(literal: &str) -> Option<Word> {
        let run = literal.split(|c: char| !c.is_ascii_alphanumeric()).max_by_key(|run| run.len())?.as_bytes();
        let rarity = |at: &usize| BY_RARITY.iter().position(|&letter| letter == run[*at]).unwrap_or(BY_RARITY.len());
        let mut places: Vec<usize> = (0..run.len()).collect();
        places.sort_by_key(rarity);
        let [first, second, ..] = places[..] else { return None };
        Some(Word { text: run.to_vec(), first: first.min(second), second: first.max(second) })
    }

    fn stands_in(&self, text: &[u8]) -> bool {
        let Some(last) = text.len().checked_sub(self.text.len()) else { return false };
        let firsts = &text[self.first..=self.first + last];
        let seconds = &text[self.second..=self.second + last];
        let letters = (self.text[self.first], self.text[self.second]);
        let ((firsts, first_rest), (seconds, second_rest)) =
            (firsts.as_chunks::<BLOCK>(), seconds.as_chunks::<BLOCK>());
        let stands = |(block, (a, b)): (usize, (&[u8; BLOCK], &[u8; BLOCK]))| {
            has_both(a, b, letters) && self.stands_at(text, block * BLOCK, BLOCK)
        };
        firsts.iter().zip(seconds).enumerate().any(stands)
            || (has_both(first_rest, second_rest, letters)
                && self.stands_at(text, firsts.len() * BLOCK, first_rest.len()))
    }

    /// Whether it stands at one of so many places.
    fn stands_at(&self, text: &[u8], from: usize, places: usize) -> bool {
        let letter = |at: usize, place: usize| text[at + place] | 0x20 == self.text[place] | 0x20;
        (from..from + places).any(|at| {
            letter(at, self.first)
                && letter(at, self.second)
                && text[at..at + self.text.len()].eq_ignore_ascii_case(&self.text)
        })
    }
}

/// Whether two letters stand at the same place of two slices, whatever their case. Without a branch, so that the compiler looks
/// at many bytes at once.
#[inline(always)]
fn has_both(firsts: &[u8], seconds: &[u8], (first, second): (u8, u8)) -> bool {
    let (first, second) = (first | 0x20, second | 0x20);
    let odd = |byte: u8, letter: u8| (byte | 0x20) ^ letter;
    firsts.iter().zip(seconds).fold(0xff, |least: u8, (&a, &b)| least.min(odd(a, first) | odd(b, second))) == 0
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        let word = Word::of("a (commission) of").unwrap();
        assert_eq!(word.text, b"commission");
        for before in 0..150 {
            let text = format!("{}Commission", "m m ".repeat(before));
            assert!(word.stands_in(text.as_bytes()), "{before}");
            assert!(!word.stands_in(&text.as_bytes()[..text.len() - 1]), "{before}");
        }
    }

    #[test]
    fn a_literal_without_a_word_tells_nothing() {
        assert!(Word::of("関連").is_none() && Word::of("(").is_none());
    }
}
