//! Markdown links in what was meant to be plain text: the text of the link stays, its brackets and its target go.
//!
//! Converters to Markdown write `[text][3]` and list the targets below the text, or `[text](https://…)`. Both break the words of
//! a sentence apart from each other. A picture, `![…](…)`, goes with its description.

use std::ops::Range;

use super::document::Document;
use super::line::Line;

/// References without a list of targets are believed from so many on; fewer may be code.
const REFERENCES: usize = 3;
/// A link's text is at most so many lines long, where a converter broke it at a width.
const TEXT_LINES: usize = 4;
/// The most digits of a reference's number.
const NUMBER_DIGITS: usize = 4;
/// Brackets open at once; deeper ones are not links.
const MAX_OPEN: usize = 16;

/// What of a line, as an index into the document's, is the markup of links.
pub(super) type Markup = Vec<(usize, Vec<Range<usize>>)>;

/// Whether a text may hold links in Markdown at all: a quick look.
pub(super) fn may_hold_links(text: &str) -> bool {
    memchr::memchr_iter(b']', text.as_bytes()).any(|at| matches!(text.as_bytes().get(at + 1), Some(b'[' | b'(')))
}

/// Whether a text lists the targets of links: `[3]: https://…` on a line of its own.
pub(super) fn lists_targets(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.strip_prefix('[').and_then(number).is_some_and(|rest| rest.starts_with(": "))
    })
}

/// A bracket that is open: its line, by place among the lines that are left, and where it stands in it.
#[derive(Clone, Copy)]
struct Open {
    place: usize,
    at: usize,
}

/// The markup of all links in the lines that are left.
pub(super) fn markup(document: &Document<'_>) -> Markup {
    let alive: Vec<usize> = (0..document.lines.len()).filter(|&line| !document.lines[line].gone).collect();
    let mut finder = Finder { document, alive: &alive, open: Vec::new(), found: Vec::new(), references: Vec::new() };
    for place in 0..alive.len() {
        finder.read(place);
    }
    let Finder { mut found, references, .. } = finder;
    if document.lists_targets || references.len() >= REFERENCES {
        found.extend(references.into_iter().flatten());
    }
    by_line(found)
}

/// A part of a line that is markup.
type Part = (usize, Range<usize>);

struct Finder<'f, 't> {
    document: &'f Document<'t>,
    alive: &'f [usize],
    open: Vec<Open>,
    found: Vec<Part>,
    /// References to a list of targets, each with its parts.
    references: Vec<Vec<Part>>,
}

impl Finder<'_, '_> {
    fn line(&self, place: usize) -> &Line {
        &self.document.lines[self.alive[place]]
    }

    fn text(&self, place: usize) -> &str {
        self.line(place).text(self.document.text)
    }

    fn read(&mut self, place: usize) {
        if place > 0 && self.is_blank_behind(place - 1) {
            // No link goes on over a blank line.
            self.open.clear();
        }
        let mut behind = 0;
        while let Some(at) = self.next_bracket(place, behind) {
            behind = at + 1;
            if self.text(place).as_bytes()[at] == b'[' {
                self.open.push(Open { place, at });
                if self.open.len() > MAX_OPEN {
                    self.open.remove(0);
                }
            } else if let Some(open) = self.open.pop().filter(|open| place - open.place < TEXT_LINES) {
                behind = self.close(open, place, at).unwrap_or(behind);
            }
        }
    }

    /// Whether a blank line stands behind a line, and stays there: those behind a line that went go with it.
    fn is_blank_behind(&self, place: usize) -> bool {
        let line = self.alive[place];
        let next = self.document.lines.get(line + 1);
        next.is_some_and(|next| next.number > self.document.lines[line].number + 1)
    }

    fn next_bracket(&self, place: usize, from: usize) -> Option<usize> {
        memchr::memchr2(b'[', b']', &self.text(place).as_bytes()[from..]).map(|at| from + at)
    }

    /// Notes the markup of a link whose text ends here, if it is one; where its target ends.
    fn close(&mut self, open: Open, place: usize, at: usize) -> Option<usize> {
        let rest = &self.text(place)[at + 1..];
        let (length, is_reference) = match reference(rest) {
            Some(length) => (length, true),
            None => (target(rest)?, false),
        };
        let before = &self.text(open.place)[..open.at];
        let is_picture = before.ends_with('!');
        // `matrix[i][1]` is code.
        if is_reference && !is_picture && before.ends_with(char::is_alphanumeric) {
            return None;
        }
        let end = at + 1 + length;
        let parts = self.parts(open, place, at, end, is_picture);
        if is_reference {
            self.references.push(parts);
        } else {
            self.found.extend(parts);
        }
        Some(end)
    }

    fn parts(&self, open: Open, place: usize, at: usize, end: usize, is_picture: bool) -> Vec<Part> {
        let line = |place: usize| self.alive[place];
        let start = open.at - usize::from(is_picture);
        let text_is_empty = place == open.place && self.text(place)[open.at + 1..at].trim().is_empty();
        if place == open.place && (is_picture || text_is_empty) {
            return vec![(line(place), start..end)];
        }
        vec![(line(open.place), start..open.at + 1), (line(place), at..end)]
    }
}

/// How long a reference at the start of a text is: `[12]`.
fn reference(text: &str) -> Option<usize> {
    let rest = number(text.strip_prefix('[')?)?;
    Some(text.len() - rest.len())
}

/// What stands behind a number and its closing bracket.
fn number(text: &str) -> Option<&str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=NUMBER_DIGITS).contains(&digits).then(|| text[digits..].strip_prefix(']')).flatten()
}

/// How long a target at the start of a text is: `(https://…)`, `(/path "title")`.
fn target(text: &str) -> Option<usize> {
    const STARTS: [&str; 10] = ["http://", "https://", "//", "/", "#", "./", "../", "mailto:", "tel:", "javascript:"];
    let inner = text.strip_prefix('(')?;
    let inner = inner.strip_prefix('<').unwrap_or(inner);
    if !STARTS.iter().any(|start| inner.get(..start.len()).is_some_and(|it| it.eq_ignore_ascii_case(start))) {
        return None;
    }
    let mut depth = 0;
    let mut in_title = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => in_title = !in_title && text[..at].ends_with(' '),
            _ if in_title => {}
            '(' => depth += 1,
            ')' if depth == 1 => return Some(at + 1),
            ')' => depth -= 1,
            // Nothing but a title may stand behind a blank.
            c if c.is_whitespace() && !text[at..].trim_start().starts_with(['"', ')']) => return None,
            _ => {}
        }
    }
    None
}

/// Parts by line, ascending; of two that overlap, the one that begins first.
fn by_line(mut parts: Vec<Part>) -> Markup {
    parts.sort_by_key(|(line, part)| (*line, part.start, std::cmp::Reverse(part.end)));
    let mut markup: Markup = Vec::new();
    for (line, part) in parts {
        match markup.last_mut().filter(|(last, _)| *last == line) {
            Some((_, parts)) if parts.last().is_some_and(|last| last.end > part.start) => {}
            Some((_, parts)) => parts.push(part),
            None => markup.push((line, vec![part])),
        }
    }
    markup
}

#[cfg(test)]
mod tests {
    use crate::Cleaner;

    fn kept(text: &str) -> String {
        Cleaner::new().clean(text).text().to_owned()
    }

    #[test]
    fn the_text_of_a_link_stays_and_its_target_goes() {
        for (text, want) in [
            ("See the [old bridge](https://example.com/bridge) by day.\n", "See the old bridge by day.\n"),
            ("See [it](/a_(b) \"The bridge\"), he said.\n", "See it, he said.\n"),
            ("The [[old] bridge](<https://example.com>) stands.\n", "The [old] bridge stands.\n"),
            ("Seen ![the bridge by day](https://example.com/a.jpg) today.\n", "Seen  today.\n"),
            ("The [![b](/b.png)](/c) bridge.\n", "The  bridge.\n"),
            (
                "The [old][1] and the [new][2]\nbridge, and [the\nferry][3] too.\n",
                "The old and the new\nbridge, and the\nferry too.\n",
            ),
            ("The [old][1] bridge.\n\n[1]: https://example.com/old\n", "The old bridge.\n"),
            ("The [\nADVERTISEMENT\nold bridge](/bridge) stands.\n", "The \nold bridge stands.\n"),
        ] {
            assert_eq!(kept(text), want);
        }
    }

    #[test]
    fn code_footnotes_and_brackets_stay() {
        for text in [
            "The [old][1] bridge.\n",
            "matrix[i][1] = matrix[j][2] + matrix[k][3] + a[0][1]\n",
            "The bridge [1][2] is old [3].\n",
            "He said [sic](and meant it) [so](he thought).\n",
            "[a](b) [c] (https://example.com)\n",
            "f[0](/ 2)\n",
            "[one\n\ntwo](https://example.com) stays.\n",
        ] {
            assert_eq!(kept(text), text);
        }
    }
}
