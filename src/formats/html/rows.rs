//! Rows of quoted attributes, broken up.
//!
//! From one double-quoted attribute to the next, html5gum 0.9 calls itself; a tag with some ten thousand of them overflows
//! the stack, which nothing can catch. A slash between two attributes means nothing in HTML and makes it return, so each
//! row gets one in the place of a blank now and then. Offsets stay as they are.
//!
//! Only a tokenizer knows where a tag really begins: it may be in a script, or in a quotation. So all beginnings are
//! followed at once, one state a byte each, and of two that meet in a state the longer row counts.

use std::borrow::Cow;

/// So many double-quoted attributes may stand in a row.
const MAX_ROW: u8 = 64;

/// Where in a tag a byte may be; the names are those of the HTML standard's tokenizer.
#[derive(Clone, Copy)]
enum State {
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    DoubleQuoted,
    SingleQuoted,
    Unquoted,
    AfterQuoted,
}

impl State {
    const ALL: [State; 9] = [
        State::TagName,
        State::BeforeName,
        State::Name,
        State::AfterName,
        State::BeforeValue,
        State::DoubleQuoted,
        State::SingleQuoted,
        State::Unquoted,
        State::AfterQuoted,
    ];

    /// The state behind a byte; `None` behind the end of the tag.
    fn after(self, byte: u8) -> Option<State> {
        use State::{
            AfterName, AfterQuoted, BeforeName, BeforeValue, DoubleQuoted, Name, SingleQuoted, TagName, Unquoted,
        };
        Some(match (self, byte) {
            (DoubleQuoted, b'"') | (SingleQuoted, b'\'') => AfterQuoted,
            (DoubleQuoted | SingleQuoted, _) => self,
            (_, b'>') => return None,
            (BeforeValue, b'"') => DoubleQuoted,
            (BeforeValue, b'\'') => SingleQuoted,
            (BeforeValue | AfterName, _) if is_space(byte) => self,
            (Name, _) if is_space(byte) => AfterName,
            (_, _) if is_space(byte) => BeforeName,
            (BeforeValue | Unquoted, _) => Unquoted,
            (_, b'/') => BeforeName,
            (Name | AfterName, b'=') => BeforeValue,
            (TagName, _) => TagName,
            (BeforeName | Name | AfterName | AfterQuoted, _) => Name,
        })
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

/// The states that a byte may be in, each with the length of the longest row up to there.
#[derive(Default)]
struct Open([Option<u8>; State::ALL.len()]);

impl Open {
    fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// Whether a row is so long that a blank must become a slash here.
    fn is_full(&self) -> bool {
        self.0[State::AfterQuoted as usize].is_some_and(|row| row >= MAX_ROW)
    }

    fn add(&mut self, state: State, row: u8) {
        let longest = &mut self.0[state as usize];
        *longest = (*longest).max(Some(row));
    }

    /// The states behind a byte.
    fn after(&self, byte: u8) -> Open {
        let mut next = Open::default();
        for (state, row) in State::ALL.into_iter().zip(self.0) {
            let Some((row, to)) = row.zip(state.after(byte)) else { continue };
            let row = match (state, to) {
                (State::AfterQuoted, _) if byte == b'/' => 0,
                (State::BeforeValue, State::DoubleQuoted) => row.saturating_add(1),
                _ => row,
            };
            next.add(to, row);
        }
        next
    }
}

/// The page with slashes in the place of some blanks, where attributes stand in long rows.
pub(super) fn broken_up(page: &str) -> Cow<'_, str> {
    let blanks = blanks_in_rows(page.as_bytes());
    if blanks.is_empty() {
        return Cow::Borrowed(page);
    }
    let mut bytes = page.as_bytes().to_vec();
    for at in blanks {
        if let Some(blank) = bytes.get_mut(at) {
            *blank = b'/';
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(page), Cow::Owned)
}

/// The blanks that must become slashes.
fn blanks_in_rows(page: &[u8]) -> Vec<usize> {
    let (mut open, mut blanks, mut at) = (Open::default(), Vec::new(), 0);
    while let Some(byte) = page.get(at).copied() {
        if open.is_empty() && byte != b'<' {
            let Some(next) = memchr::memchr(b'<', &page[at..]) else { break };
            at += next;
            continue;
        }
        let breaks = is_space(byte) && open.is_full();
        if breaks {
            blanks.push(at);
        }
        open = open.after(if breaks { b'/' } else { byte });
        if byte == b'<' && page.get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() || *next == b'/') {
            open.add(State::TagName, 0);
        }
        at += 1;
    }
    blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slashes(page: &str) -> usize {
        blanks_in_rows(page.as_bytes()).len()
    }

    #[test]
    fn an_ordinary_page_stays_as_it_is() {
        let page = "<p class=\"a\" id=\"b\">\"One\" \"two\"</p>\n".repeat(1000);
        assert!(matches!(broken_up(&page), Cow::Borrowed(_)));
        let said = format!("<p>{}", "x=\"y\" ".repeat(1000));
        assert_eq!(slashes(&said), 0);
    }

    #[test]
    fn a_long_row_is_broken_up_and_keeps_its_length() {
        let page = format!("<p{}>é</p>", " a=\"b\"".repeat(1000));
        let broken = broken_up(&page);
        assert_eq!((broken.len(), slashes(&page), slashes(&broken)), (page.len(), 15, 0));
        assert!(broken.contains("a=\"b\"/a=\"b\"") && broken.ends_with(">é</p>"));
    }

    #[test]
    fn a_quotation_mark_before_it_hides_no_row() {
        let row = " a=\"b\"".repeat(1000);
        for before in
            ["<!-- <x \" -->", "<script>if (a<b) s = \"</script>", "<i title='\"'>", "<x y=\"<x '\">", "<a b=\"c"]
        {
            assert!(slashes(&format!("{before}<p{row}>")) >= 15, "{before}");
        }
        assert!(slashes(&format!("<p{}>", " \"=\"<x '>\"".repeat(1000))) >= 15);
    }
}
