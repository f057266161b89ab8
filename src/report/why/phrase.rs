//! A phrase that is looked for, and the parts of it that may be found where the whole is not.

use memchr::memmem::Finder;

use crate::text::fold::Folded;

/// How many words of a phrase its parts are made of; the number of parts goes with the square of it.
const MOST_WORDS: usize = 12;
/// The fewest characters of a word that says something alone.
const TELLING_WORD: usize = 4;

/// A phrase, ready to be looked for.
#[derive(Clone, Debug)]
pub struct Phrase {
    pub(super) finder: Finder<'static>,
    /// Runs of so many words and one more, those of one length together, the shortest first.
    pub(super) parts: Vec<Vec<Finder<'static>>>,
}

impl Phrase {
    /// The phrase, if folding leaves anything of it to look for.
    #[must_use]
    pub fn new(text: &str) -> Option<Phrase> {
        let folded = Folded::new(text);
        let phrase = folded.text().trim();
        (!phrase.is_empty()).then(|| Phrase { finder: owned(phrase), parts: parts(phrase) })
    }
}

fn owned(text: &str) -> Finder<'static> {
    Finder::new(text).into_owned()
}

/// The runs of words that tell something about a phrase which is not there as a whole: of two words and more, or one word of
/// two.
fn parts(phrase: &str) -> Vec<Vec<Finder<'static>>> {
    let words: Vec<&str> = phrase.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS).collect();
    let is_whole = words.len() == phrase.split(' ').count();
    let shortest = if words.len() > 2 { 2 } else { 1 };
    let longest = if is_whole { words.len().saturating_sub(1) } else { words.len() };
    let telling = |run: &&[&str]| run.len() > 1 || run.iter().any(|word| word.chars().count() >= TELLING_WORD);
    let runs = |length: usize| words.windows(length).filter(telling).map(|run| owned(&run.join(" "))).collect();
    (shortest..=longest).map(runs).collect()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    fn told(phrase: &str) -> Vec<Vec<String>> {
        let text = |finder: &Finder<'_>| String::from_utf8_lossy(finder.needle()).into_owned();
        let phrase = Phrase::new(phrase).expect("a phrase");
        phrase.parts.iter().map(|parts| parts.iter().map(text).collect()).collect()
    }

    #[test]
    fn a_phrase_is_folded_and_has_parts() {
        assert_eq!(told("  Follow\n OUR “Channel” "), [["follow our", "our \"channel\""]]);
        assert_eq!(told("the bridge"), [["bridge"]]);
        assert!(told("bridge").is_empty());
        assert!(Phrase::new(" \u{200b}\n").is_none());
    }

    #[test]
    fn a_long_phrase_has_few_parts() {
        let parts = told(&"word ".repeat(10_000));
        assert_eq!((parts.len(), parts.iter().map(Vec::len).sum::<usize>()), (11, 66));
    }
}
