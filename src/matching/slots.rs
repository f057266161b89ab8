//! What each slot takes in.

use super::machine::{Subject, is_border};
use crate::rules::template::Slot;
use crate::text::chars::{is_closing, is_sentence_end, is_unspaced, is_word};
use crate::text::sentence::is_abbreviation;

/// The most words of a name.
const MAX_NAME_WORDS: usize = 5;
/// The most characters of a name in an unspaced script, where a name is not told apart from the words beside it.
const MAX_UNSPACED_NAME: usize = 8;
/// Words that stand in lower case inside names.
const NAME_PARTICLES: &[&str] = &[
    "al", "and", "bin", "da", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "e", "el",
    "et", "la", "le", "of", "the", "und", "van", "von", "y", "&",
];
/// Words that begin with a capital at the start of a sentence and never begin a name.
const NO_NAMES: &[&str] = &[
    "he", "here", "his", "her", "i", "it", "its", "my", "our", "she", "that", "their", "there", "these", "they",
    "this", "those", "we", "what", "when", "where", "who", "why", "you", "your",
];
/// The fewest characters of a title that may stand for it when its end is cut off.
const MIN_TITLE_CHARS: usize = 12;

/// Adds the ends of what the slot takes in at `at`, the preferred one first.
pub(super) fn ends(slot: &Slot, subject: Subject<'_>, at: usize, ends: &mut Vec<usize>) {
    let text = subject.text;
    match slot {
        Slot::Number => ends.extend(number(text, at)),
        Slot::Any(words) => gap(text, at, usize::from(*words), ends),
        Slot::Name => name(subject, at, ends),
        Slot::Date => ends.extend(super::dates::date(text, at, subject.calendar.names())),
        Slot::Time => ends.extend(super::dates::time(text, at)),
        Slot::Url => ends.extend(url(text, at)),
        Slot::Email => ends.extend(email(text, at)),
        Slot::Handle => ends.extend(handle(text, at)),
        Slot::Title => title(subject, at, ends),
        // Word lists are steps of their own.
        Slot::List(_) => {}
    }
}

/// Figures of any script with separators inside, and a short form behind them: `1,204`, `1 204`, `3.4k`, `٢٣`.
pub(super) fn number(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    let mut chars = text[at..].char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        if c.is_numeric() {
            end = at + offset + c.len_utf8();
        } else if c == ' ' && is_thousands(&text[at + offset + 1..]) && end > at && end - at <= 7 {
            continue;
        } else if !(end > at
            && matches!(c, '.' | ',' | '\'' | '٬' | '٫')
            && chars.peek().is_some_and(|(_, n)| n.is_numeric()))
        {
            break;
        }
    }
    if end == at {
        return None;
    }
    let short = text[end..].chars().next().filter(|c| matches!(c, 'k' | 'm' | '万' | '千' | '만' | '천'));
    Some(match short {
        Some(c) if is_border(text, end + c.len_utf8()) => end + c.len_utf8(),
        _ => end,
    })
}

/// Whether a text begins with three figures and no more.
fn is_thousands(text: &str) -> bool {
    text.chars().take(4).take_while(char::is_ascii_digit).count() == 3
}

/// One word more at a time, never past the end of a sentence; in unspaced scripts a character is a word.
fn gap(text: &str, at: usize, most: usize, ends: &mut Vec<usize>) {
    let (mut words, mut in_word, mut word_start) = (0, false, at);
    for (offset, c) in text[at..].char_indices() {
        let here = at + offset;
        if c == ' ' {
            if in_word {
                ends.push(here);
                in_word = false;
            }
            if here == at || ends_sentence(&text[word_start..here]) {
                break;
            }
            word_start = here + 1;
        } else if is_unspaced(c) {
            if in_word {
                ends.push(here);
                in_word = false;
            }
            if words == most {
                break;
            }
            words += 1;
            ends.push(here + c.len_utf8());
        } else if !in_word {
            if words == most || matches!(c, '。' | '！' | '？') {
                break;
            }
            words += 1;
            in_word = true;
        }
    }
    if in_word && words <= most && !text[at..].ends_with(' ') && ends.last().is_none_or(|&end| end <= word_start) {
        ends.push(text.len());
    }
    inner_marks(text, at, ends);
}

/// Also lets the gap end before a mark that closes a word in mid-text, as in `{any:9}" has`, `{any:3}, {name}`.
fn inner_marks(text: &str, at: usize, ends: &mut Vec<usize>) {
    let mut more = Vec::new();
    for &end in ends.iter() {
        let trimmed = text[at..end].trim_end_matches(|c: char| !is_word(c) && c != ' ');
        let shorter = at + trimmed.len();
        if shorter < end && !trimmed.is_empty() {
            more.push(shorter);
        }
    }
    ends.extend(more);
    ends.sort_unstable();
    ends.dedup();
}

fn ends_sentence(token: &str) -> bool {
    let inner = token.trim_end_matches(is_closing);
    inner.chars().next_back().is_some_and(|c| is_sentence_end(c) && !(c == '.' && is_abbreviation_folded(inner)))
}

/// Folded text has no capitals, so an initial is any single letter.
fn is_abbreviation_folded(token: &str) -> bool {
    let mut letters = token.trim_start_matches(|c: char| !c.is_alphanumeric()).trim_end_matches('.').chars();
    let single = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
    single || is_abbreviation(token)
}

/// One to five words that begin with a capital in the original; particles may stand between them. Longest first.
fn name(subject: Subject<'_>, at: usize, ends: &mut Vec<usize>) {
    let text = subject.text;
    let mut start = at;
    for _ in 0..MAX_NAME_WORDS {
        let rest = &text[start..];
        let length = rest.find(' ').unwrap_or(rest.len());
        let token = &rest[..length];
        if token.is_empty() || token.chars().filter(|&c| is_unspaced(c)).count() > MAX_UNSPACED_NAME {
            break;
        }
        let particle = start > at && NAME_PARTICLES.contains(&token);
        if (start == at && NO_NAMES.contains(&token)) || (!particle && !is_name_word(subject, start, token)) {
            break;
        }
        if !particle {
            let word = token.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '.');
            let bare = word.trim_end_matches('.');
            if let Some(slash) = word.find('/').filter(|&slash| slash > 0) {
                ends.push(start + slash);
            }
            ends.push(start + word.len());
            if bare.len() < word.len() && !bare.is_empty() {
                ends.push(start + bare.len());
            }
            if word.len() < token.len() || (word.len() > bare.len() && !is_abbreviation_folded(word)) {
                break;
            }
        }
        start += length;
        if start >= text.len() {
            break;
        }
        start += 1;
    }
    ends.reverse();
}

fn is_name_word(subject: Subject<'_>, start: usize, token: &str) -> bool {
    let raw = &subject.raw[subject.folded.origin(start)..];
    let Some(first) = raw.chars().find(|c| c.is_alphanumeric()) else { return false };
    let has_case = first.is_uppercase() || first.is_lowercase();
    token.chars().next().is_some_and(|c| c.is_alphanumeric() || c == '\'' || c == '"')
        && if has_case { first.is_uppercase() } else { first.is_alphabetic() }
}

fn token(text: &str, at: usize) -> &str {
    text[at..].split(' ').next().unwrap_or_default()
}

fn url(text: &str, at: usize) -> Option<usize> {
    let token = token(text, at);
    let address = token.trim_end_matches(['.', ',', ';', ')', ']', '"', '\'', '>', '!']);
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://")).unwrap_or(address);
    let labels: Vec<&str> = host.split(['/', '?', '#', ':']).next().unwrap_or_default().split('.').collect();
    let named = host.len() < address.len() || address.starts_with("www.");
    let top = labels.last().is_some_and(|top| (2..=24).contains(&top.len()) && top.chars().all(char::is_alphabetic));
    let good = labels.len() >= 2 && labels.iter().all(|label| !label.is_empty()) && top && !host.contains('@');
    let good = good && (named || labels.iter().all(|l| l.chars().all(|c| c.is_alphanumeric() || c == '-')));
    good.then_some(at + address.len())
}

fn email(text: &str, at: usize) -> Option<usize> {
    let token = token(text, at);
    let address = token.trim_end_matches(|c: char| !c.is_alphanumeric());
    let (user, host) = address.split_once('@').or_else(|| address.split_once("[at]"))?;
    let good = !user.is_empty() && host.contains('.') && host.split('.').all(|label| !label.is_empty());
    good.then_some(at + address.len())
}

fn handle(text: &str, at: usize) -> Option<usize> {
    let name = text[at..].strip_prefix('@')?;
    let length = name.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(name.len());
    let name = name[..length].trim_end_matches('.');
    (!name.is_empty()).then_some(at + 1 + name.len())
}

/// The whole title, or a beginning of it that an ellipsis or the end of the text cuts off.
fn title(subject: Subject<'_>, at: usize, ends: &mut Vec<usize>) {
    let Some(title) = subject.title else { return };
    let rest = &subject.text[at..];
    if rest.starts_with(title) {
        ends.push(at + title.len());
        return;
    }
    let cut = rest.trim_end_matches(['.', '"', ' ']);
    if cut.chars().count() >= MIN_TITLE_CHARS && title.starts_with(cut) {
        ends.push(at + cut.len());
        ends.push(at + rest.len());
    }
}
