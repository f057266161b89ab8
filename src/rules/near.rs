//! The nearest of several names, for "did you mean".

/// The candidate that is nearest to `word`, if it is near enough to have been meant.
///
/// Nearness is the count of single-character edits (Levenshtein), at most a third of the word's length.
///
/// ```
/// assert_eq!(dechrome::rules::nearest("strenght", ["strength", "form"]), Some("strength"));
/// assert_eq!(dechrome::rules::nearest("colour", ["strength", "form"]), None);
/// ```
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let limit = (word.chars().count() / 3).max(1) + 1;
    candidates
        .into_iter()
        .map(|candidate| (edits(word, candidate), candidate))
        .filter(|(distance, _)| *distance < limit.max(2))
        .min()
        .map(|(_, candidate)| candidate)
}

fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
