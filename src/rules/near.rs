//! The nearest of several names, for "did you mean".

/// A longer word is no misspelt name, in characters.
const MAX_CHARS: usize = 64;
/// Nor is a longer candidate what was meant, in bytes.
const MAX_BYTES: usize = 4 * MAX_CHARS;
/// So many candidates are compared with a word.
const MAX_CANDIDATES: usize = 5_000;

/// The candidate that is nearest to `word`, if it is near enough to have been meant.
///
/// Nearness is the count of single-character edits and swaps of neighbours (optimal string alignment), at most a third of
/// the word's length. Only the first five thousand candidates are looked at, and only for a word of a usual length.
///
/// ```
/// assert_eq!(dechrome::rules::nearest("strenght", ["strength", "form"]), Some("strength"));
/// assert_eq!(dechrome::rules::nearest("shaer", ["strength", "share"]), Some("share"));
/// assert_eq!(dechrome::rules::nearest("colour", ["strength", "form"]), None);
/// ```
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let chars = word.chars().count();
    let most = (chars / 3).max(1);
    let looked_at = if chars > MAX_CHARS { 0 } else { MAX_CANDIDATES };
    let near = candidates
        .into_iter()
        .take(looked_at)
        .filter(|it| it.len() <= MAX_BYTES)
        .map(|candidate| (edits(word, candidate), candidate));
    near.filter(|(distance, _)| *distance <= most).min().map(|(_, candidate)| candidate)
}

fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i];
        for j in 1..=b.len() {
            let replaced = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replaced.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}
