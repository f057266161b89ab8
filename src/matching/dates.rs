//! Dates and times, in figures and in words of any language that a vocabulary knows.

use super::machine::is_border;
use super::program::WordList;
use crate::text::chars::is_unspaced;

/// The most parts a date may have, marks included: `Wednesday, the 3rd of May, 2026`.
const MAX_PARTS: usize = 12;
/// Words that stand between the parts of a date.
const CONNECTORS: &[&str] =
    &["of", "the", "de", "del", "di", "le", "la", "den", "dne", "d", "ของ", "г", "года", "року", "г.", "р."];
/// Units that stand behind figures in East Asian dates.
const UNITS: &[char] = &['年', '月', '日', '년', '월', '일', '号'];

enum Part {
    Number { digits: usize },
    Name,
    Unit,
    Mark,
}

/// The end of the date at `at`: at least two figures, or a figure and a name of `calendar` (months and weekdays of every
/// language).
pub(super) fn date(text: &str, at: usize, calendar: &WordList) -> Option<usize> {
    let (mut end, mut position) = (None, at);
    let (mut numbers, mut names, mut units, mut marks, mut long) = (0, 0, 0, 0, false);
    for _ in 0..MAX_PARTS {
        let Some((part, next)) = part(text, position, calendar) else { break };
        match part {
            Part::Number { digits } => {
                numbers += 1;
                long |= digits == 4;
            }
            Part::Name => names += 1,
            Part::Unit => units += 1,
            Part::Mark => marks += 1,
        }
        if numbers > 3 || names > 2 {
            break;
        }
        position = next;
        let complete = (names >= 1 && numbers >= 1) || (numbers == 3 && marks >= 2) || (numbers >= 2 && units >= 2);
        if complete
            && !matches!(part, Part::Mark)
            && is_border(text, position)
            && (names > 0 || units > 0 || long || numbers == 3)
        {
            end = Some(position);
        }
        if text[position..].starts_with(' ') {
            position += 1;
        }
    }
    end
}

fn part(text: &str, at: usize, calendar: &WordList) -> Option<(Part, usize)> {
    let rest = &text[at..];
    let first = rest.chars().next()?;
    if first.is_numeric() {
        let digits = rest.chars().take_while(|c| c.is_numeric()).count();
        let length: usize = rest.chars().take(digits).map(char::len_utf8).sum();
        let ordinal = ["st", "nd", "rd", "th", "er", "º", "°"].iter().find(|o| rest[length..].starts_with(**o));
        let end = at + length + ordinal.filter(|o| is_border(text, at + length + o.len())).map_or(0, |o| o.len());
        return (digits <= 4).then_some((Part::Number { digits }, end));
    }
    if UNITS.contains(&first) {
        return Some((Part::Unit, at + first.len_utf8()));
    }
    if let Some(name) = calendar.beginning(rest).find(|name| is_border(text, at + name.len())) {
        return Some((Part::Name, at + name.len()));
    }
    if matches!(first, '.' | ',' | '/' | '-' | '،' | '(' | ')') {
        return Some((Part::Mark, at + 1.max(first.len_utf8())));
    }
    let connector = CONNECTORS.iter().find(|word| rest.starts_with(**word) && is_border(text, at + word.len()))?;
    let spaced = !connector.chars().any(is_unspaced);
    (spaced || !connector.is_empty()).then_some((Part::Mark, at + connector.len()))
}

/// The end of the time of day at `at`: `10:45`, `5.30 pm`, `11h30`, `9 uhr`, with a zone of capitals behind it.
pub(super) fn time(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let hours = digits(at);
    if !(1..=2).contains(&hours) {
        return None;
    }
    let mut end = at + hours;
    let mut clocked = false;
    for _ in 0..2 {
        let separated = matches!(bytes.get(end), Some(b':' | b'.' | b'h')) && digits(end + 1) == 2;
        if separated {
            end += 3;
            clocked = true;
        }
    }
    if !clocked && matches!(bytes.get(end), Some(b'h')) && is_border(text, end + 1) {
        return Some(end + 1);
    }
    let behind = text[end..].strip_prefix(' ').unwrap_or(&text[end..]);
    let skipped = text.len() - end - behind.len();
    let word = ["a.m.", "p.m.", "am", "pm", "uhr", "hrs", "h"]
        .into_iter()
        .find(|word| behind.starts_with(word) && is_border(text, end + skipped + word.len()));
    if let Some(word) = word {
        clocked = true;
        end += skipped + word.len();
    }
    let zone = text[end..].strip_prefix(' ').and_then(|rest| {
        [
            "est", "edt", "et", "pst", "pdt", "pt", "cst", "cdt", "ct", "gmt", "utc", "bst", "cet", "cest", "ist",
            "wib", "msk", "jst",
        ]
        .into_iter()
        .find(|zone| rest.starts_with(zone) && is_border(text, end + 1 + zone.len()))
    });
    end += zone.map_or(0, |zone| zone.len() + 1);
    (clocked && is_border(text, end)).then_some(end)
}
