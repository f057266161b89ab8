//! Counting words.

use super::survey::Survey;

/// The words of a text: runs of letters, figures and marks; in scripts without blanks, characters.
pub(crate) fn count_words(text: &str) -> usize {
    Survey::of(text).words
}
