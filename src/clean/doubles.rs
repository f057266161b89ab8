//! Lines that print the title once more.

use super::document::{Document, folded_line};
use crate::text::words::count_words;

/// How many more or fewer bytes a double of the title may have, for the name of the site and marks at its edges.
const SITE_BYTES: usize = 60;
/// How many lines below a title with a site's name its double without one may stand.
const TITLE_REACH: usize = 3;
/// The most words of a site's name, and the fewest of a title that it stands behind.
const SITE_WORDS: usize = 5;
const SITED_WORDS: usize = 4;

/// The lines that print the title once more, whatever their capitals, as indices: those behind it, and where only one of two
/// has the site's name behind it ("… | The Valley Courier"), that one.
pub(super) fn of_title(document: &Document<'_>) -> Vec<usize> {
    let Some(title) = &document.title else { return Vec::new() };
    let Some(first) = first(document) else { return Vec::new() };
    let bytes = document.lines[first].text(document.text).len();
    let begin = begin(&title.text);
    let mut doubles = Vec::new();
    let alive = document.lines.iter().enumerate().skip(first + 1).filter(|(_, line)| !line.gone);
    for (distance, (index, line)) in (1..).zip(alive) {
        let text = line.text(document.text);
        // Most lines are told apart by their length and by what they begin with.
        if text.len().abs_diff(bytes) > SITE_BYTES || self::begin(text) != begin {
            continue;
        }
        match double_of(&title.text, text) {
            Some(Double::Line) => doubles.push(index),
            // Farther off it may be a subheading that the title begins with.
            Some(Double::Title) if distance <= TITLE_REACH => doubles.push(first),
            Some(Double::Title) | None => {}
        }
    }
    doubles.dedup();
    doubles
}

/// The first line that is left and is the title.
pub(super) fn first(document: &Document<'_>) -> Option<usize> {
    let title = document.title.as_ref()?;
    let is_title = |line: &str| may_fold_to(&title.text, line) && folded_line(line) == *title.text;
    let before = title.line.unwrap_or(document.lines.len());
    let mut alive = document.lines.iter().take(before).enumerate().filter(|(_, line)| !line.gone);
    alive.find(|(_, line)| is_title(line.text(document.text))).map(|(index, _)| index).or(title.line)
}

/// Whether a line may fold to a title, as far as its first letter or figure tells: between characters of ASCII it folds to its
/// lower case, and nothing before it folds to one.
fn may_fold_to(title: &str, line: &str) -> bool {
    let bytes = line.as_bytes();
    let Some(at) = bytes.iter().position(|byte| !byte.is_ascii() || byte.is_ascii_alphanumeric()) else { return true };
    if !bytes[at].is_ascii() || bytes.get(at + 1).is_some_and(|next| !next.is_ascii()) {
        return true;
    }
    title.chars().find(|c| c.is_alphanumeric()) == Some(char::from(bytes[at].to_ascii_lowercase()))
}

/// The first letter or figure of a text, as a small one.
fn begin(text: &str) -> Option<char> {
    match text.as_bytes().first() {
        Some(first) if first.is_ascii_alphanumeric() => Some(char::from(first.to_ascii_lowercase())),
        _ => text.chars().find_map(|c| c.is_alphanumeric().then(|| c.to_lowercase().next())).flatten(),
    }
}

/// Which of a title and its double is one too many.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Double {
    Line,
    Title,
}

/// Whether a line prints a folded title once more, with or without the name of a site behind one of them.
fn double_of(title: &str, line: &str) -> Option<Double> {
    let line = folded_line(line);
    if line == *title || without_site(&line) == Some(title) {
        return Some(Double::Line);
    }
    (without_site(title) == Some(&*line)).then_some(Double::Title)
}

/// What stands before the name of a site at the end of a folded title.
fn without_site(title: &str) -> Option<&str> {
    let (at, mark) =
        [" - ", " | ", " :: ", " · ", " » ", " • "].iter().filter_map(|mark| Some((title.rfind(mark)?, mark))).max()?;
    let (before, site) = (title[..at].trim_end(), &title[at + mark.len()..]);
    let fits = count_words(before) >= SITED_WORDS && (1..=SITE_WORDS).contains(&count_words(site));
    fits.then_some(before)
}
