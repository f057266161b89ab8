//! Removals as a unified diff, such as `patch` reads.
//!
//! The kept text is the text without some ranges, so nothing needs to be compared: lines that a removal touches go, and what
//! is left of them comes.

use std::io::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Style};

use super::terminal::{Escaped, is_harmless};

/// How many lines stand unchanged round a change.
const CONTEXT: usize = 3;

const NAME: Style = Style::new().bold();
const HUNK: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// How a diff looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiffLook {
    /// Whether it is in colour.
    pub is_colored: bool,
    /// Whether what could steer a terminal is spelt out. Such a diff is for eyes, not for `patch`.
    pub is_escaped: bool,
}

/// Lines that a removal touches, and what is left of them.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    /// Bytes of the text, from the beginning of a line to the end of one.
    range: Range<usize>,
    /// The bytes in it that go, as places in the list of removals.
    removals: Range<usize>,
}

/// Writes the diff of a text that loses these ranges, which are sorted and do not overlap; nothing where there are none.
///
/// `name` is the name of the text in bytes, and stands behind `a/` and `b/`.
pub fn write_diff(out: &mut Vec<u8>, name: &[u8], text: &str, removals: &[Range<usize>], look: DiffLook) {
    let changes = changes(text, removals);
    if changes.is_empty() {
        return;
    }
    let mut writer = Writer { out, text, removals, look };
    writer.heading(b"--- ", b"a/", name);
    writer.heading(b"+++ ", b"b/", name);
    let (mut line, mut new_line, mut at) = (0, 0, 0);
    for hunk in hunks(text, &changes) {
        let start = context_before(text, at, hunk[0].range.start);
        let skipped = lines(&text[at..start]);
        line += skipped;
        new_line += skipped;
        let end = context_behind(text, hunk[hunk.len() - 1].range.end);
        let counts = writer.hunk(hunk, start..end, [line, new_line]);
        (line, new_line, at) = (line + counts[0], new_line + counts[1], end);
    }
}

/// How many lines a text has.
fn lines(text: &str) -> usize {
    let open = usize::from(!text.is_empty() && !text.ends_with('\n'));
    memchr::memchr_iter(b'\n', text.as_bytes()).count() + open
}

/// The beginning of the line that this place is in.
fn line_start(text: &str, at: usize) -> usize {
    memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1)
}

/// The end of the line that holds the byte before this place.
fn line_end(text: &str, at: usize) -> usize {
    let from = at.saturating_sub(1);
    memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |end| from + end + 1)
}

/// The end of the line that begins here.
fn next_line(text: &str, at: usize) -> usize {
    line_end(text, at + 1)
}

fn changes(text: &str, removals: &[Range<usize>]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut first = 0;
    while let Some(removal) = removals.get(first) {
        let start = line_start(text, removal.start);
        let (mut end, mut behind) = (line_end(text, removal.end), first + 1);
        loop {
            while let Some(removal) = removals.get(behind).filter(|removal| removal.start < end) {
                end = end.max(line_end(text, removal.end));
                behind += 1;
            }
            // A line that lost its end goes on with the next one.
            if end == text.len() || !is_open(text, start..end, &removals[first..behind]) {
                break;
            }
            end = next_line(text, end);
        }
        changes.push(Change { range: start..end, removals: first..behind });
        first = behind;
    }
    changes
}

/// Whether what is left of a range does not end with the end of a line, although something is left.
fn is_open(text: &str, range: Range<usize>, removals: &[Range<usize>]) -> bool {
    let mut end = range.end;
    for removal in removals.iter().rev() {
        if removal.end < end {
            break;
        }
        end = removal.start;
    }
    end > range.start && text.as_bytes()[end - 1] != b'\n'
}

/// Changes that stand so near that their contexts meet.
fn hunks<'c>(text: &str, changes: &'c [Change]) -> impl Iterator<Item = &'c [Change]> {
    changes.chunk_by(|before, behind| {
        let between = &text[before.range.end..behind.range.start];
        between.split_inclusive('\n').nth(CONTEXT * 2).is_none()
    })
}

fn context_before(text: &str, from: usize, start: usize) -> usize {
    let before = text[from..start].split_inclusive('\n').rev().take(CONTEXT);
    start - before.map(str::len).sum::<usize>()
}

fn context_behind(text: &str, end: usize) -> usize {
    end + text[end..].split_inclusive('\n').take(CONTEXT).map(str::len).sum::<usize>()
}

/// Where the diff is written.
struct Writer<'w> {
    out: &'w mut Vec<u8>,
    text: &'w str,
    removals: &'w [Range<usize>],
    look: DiffLook,
}

impl Writer<'_> {
    fn heading(&mut self, mark: &[u8], side: &[u8], name: &[u8]) {
        let mut line = mark.to_vec();
        line.extend(quoted(&[side, name].concat()));
        self.styled(NAME, &line);
        self.out.push(b'\n');
    }

    /// Writes a hunk; gives how many lines it had and has. What goes and what comes is counted on the way, so the heading is put
    /// in front when all is there.
    fn hunk(&mut self, changes: &[Change], range: Range<usize>, before: [usize; 2]) -> [usize; 2] {
        let begin = self.out.len();
        let mut counts = [0, 0];
        let mut at = range.start;
        for change in changes {
            self.context(at..change.range.start, &mut counts);
            self.change(change, &mut counts);
            at = change.range.end;
        }
        self.context(at..range.end, &mut counts);
        let body = self.out.split_off(begin);
        let [old, new] = [0, 1].map(|side| place(before[side], counts[side]));
        self.styled(HUNK, format!("@@ -{old} +{new} @@").as_bytes());
        self.out.push(b'\n');
        self.out.extend(body);
        counts
    }

    fn context(&mut self, range: Range<usize>, counts: &mut [usize; 2]) {
        let text = self.text;
        for line in text[range].split_inclusive('\n') {
            self.line(b' ', Style::new(), line);
            counts[0] += 1;
            counts[1] += 1;
        }
    }

    fn change(&mut self, change: &Change, counts: &mut [usize; 2]) {
        let text = self.text;
        for line in text[change.range.clone()].split_inclusive('\n') {
            self.line(b'-', REMOVED, line);
            counts[0] += 1;
        }
        let mut kept = String::new();
        let mut at = change.range.start;
        for removal in &self.removals[change.removals.clone()] {
            kept.push_str(&text[at..removal.start]);
            at = removal.end;
        }
        kept.push_str(&text[at..change.range.end]);
        for line in kept.split_inclusive('\n') {
            self.line(b'+', ADDED, line);
            counts[1] += 1;
        }
    }

    fn line(&mut self, mark: u8, style: Style, line: &str) {
        let (content, is_ended) = match line.strip_suffix('\n') {
            Some(content) => (content, true),
            None => (line, false),
        };
        let mut shown = vec![mark];
        match self.look.is_escaped {
            true => shown.extend(spelt_out(content.strip_suffix('\r').unwrap_or(content)).bytes()),
            false => shown.extend_from_slice(content.as_bytes()),
        }
        self.styled(style, &shown);
        self.out.push(b'\n');
        if !is_ended {
            self.out.extend_from_slice(b"\\ No newline at end of file\n");
        }
    }

    fn styled(&mut self, style: Style, shown: &[u8]) {
        let style = if self.look.is_colored { style } else { Style::new() };
        // Writing to memory cannot fail.
        let _ = write!(self.out, "{style}");
        self.out.extend_from_slice(shown);
        let _ = write!(self.out, "{style:#}");
    }
}

/// A line as a terminal may show it; tabs stay.
fn spelt_out(line: &str) -> String {
    let parts: Vec<String> = line.split('\t').map(|part| Escaped(part).to_string()).collect();
    parts.join("\t")
}

/// Where lines stand: behind `before` others, so many. None stand behind those before them.
fn place(before: usize, count: usize) -> String {
    match count {
        0 => format!("{before},0"),
        1 => format!("{}", before + 1),
        _ => format!("{},{count}", before + 1),
    }
}

/// A name as git writes it: in quotes, with escapes, where it holds what would end it, is not text, or could steer a terminal.
/// One with blanks is ended by a tab.
fn quoted(name: &[u8]) -> Vec<u8> {
    let is_plain = |char: char| is_harmless(char) && !matches!(char, '"' | '\\');
    if let Ok(text) = std::str::from_utf8(name)
        && text.chars().all(is_plain)
    {
        let tab: &[u8] = if text.contains(' ') { b"\t" } else { b"" };
        return [name, tab].concat();
    }
    let mut out = vec![b'"'];
    for chunk in name.utf8_chunks() {
        for char in chunk.valid().chars() {
            match char {
                '"' | '\\' => out.extend([b'\\', char as u8]),
                '\n' => out.extend(b"\\n"),
                '\t' => out.extend(b"\\t"),
                '\r' => out.extend(b"\\r"),
                char if is_harmless(char) => out.extend(char.encode_utf8(&mut [0; 4]).bytes()),
                char => octal(char.encode_utf8(&mut [0; 4]).as_bytes(), &mut out),
            }
        }
        octal(chunk.invalid(), &mut out);
    }
    out.push(b'"');
    out
}

fn octal(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        let _ = write!(out, "\\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(text: &str, removals: &[Range<usize>]) -> String {
        let mut out = Vec::new();
        write_diff(&mut out, b"t", text, removals, DiffLook::default());
        String::from_utf8_lossy(&out).into_owned()
    }

    /// The removals of these pieces, each of which is looked for behind the one before.
    fn of(text: &str, pieces: &[&str]) -> Vec<Range<usize>> {
        let mut at = 0;
        let range = |piece: &&str| {
            let start = at + text[at..].find(*piece).unwrap_or(text.len());
            at = start + piece.len();
            start..at
        };
        pieces.iter().map(range).collect()
    }

    #[track_caller]
    fn shows(text: &str, pieces: &[&str], hunks: &str) {
        assert_eq!(diff(text, &of(text, pieces)), format!("--- a/t\n+++ b/t\n{hunks}"));
    }

    const TEN: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

    #[test]
    fn nothing_removed_is_no_diff() {
        assert_eq!(diff(TEN, &[]), "");
        assert_eq!(diff("", &[]), "");
    }

    #[test]
    fn three_lines_stand_round_a_change_as_far_as_there_are_any() {
        shows(TEN, &["5\n"], "@@ -2,7 +2,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n");
        shows(TEN, &["1\n"], "@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n");
        shows(TEN, &["10\n"], "@@ -7,4 +7,3 @@\n 7\n 8\n 9\n-10\n");
    }

    #[test]
    fn changes_that_stand_near_share_a_hunk_and_others_do_not() {
        shows(TEN, &["1\n", "8\n"], "@@ -1,10 +1,8 @@\n-1\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n 9\n 10\n");
        shows(TEN, &["1\n", "9\n"], "@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -6,5 +5,4 @@\n 6\n 7\n 8\n-9\n 10\n");
    }

    #[test]
    fn a_line_of_which_a_part_goes_goes_and_comes() {
        shows("a b c\nd e\n", &["b ", "e"], "@@ -1,2 +1,2 @@\n-a b c\n+a c\n-d e\n+d \n");
    }

    #[test]
    fn lines_that_lose_the_end_between_them_become_one() {
        shows("a b\nc d\ne\n", &["b\nc "], "@@ -1,3 +1,2 @@\n-a b\n-c d\n+a d\n e\n");
        shows("a\nb\nc\n", &["\n"], "@@ -1,3 +1,2 @@\n-a\n-b\n+ab\n c\n");
    }

    #[test]
    fn a_missing_end_of_line_is_told_where_it_is() {
        shows("a\nb", &["b"], "@@ -1,2 +1 @@\n a\n-b\n\\ No newline at end of file\n");
        shows("a\nb\n", &["\nb\n"], "@@ -1,2 +1 @@\n-a\n-b\n+a\n\\ No newline at end of file\n");
        shows("a\nb", &["a\n"], "@@ -1,2 +1 @@\n-a\n b\n\\ No newline at end of file\n");
        shows("a", &["a"], "@@ -1 +0,0 @@\n-a\n\\ No newline at end of file\n");
    }

    #[test]
    fn other_ends_of_lines_stay_unless_they_are_shown_to_a_terminal() {
        let removals = of("a\r\nb\u{1b}[2J\r\n", &["b\u{1b}[2J\r\n"]);
        let text = "a\r\nb\u{1b}[2J\r\n";
        assert!(diff(text, &removals).ends_with(" a\r\n-b\u{1b}[2J\r\n"));
        let mut out = Vec::new();
        write_diff(&mut out, b"t", text, &removals, DiffLook { is_escaped: true, is_colored: true });
        let shown = String::from_utf8_lossy(&out).into_owned();
        assert!(shown.contains("\u{1b}[36m@@ -1,2 +1 @@\u{1b}[0m\n a\n\u{1b}[31m-b\\u{1b}[2J\u{1b}[0m\n"), "{shown:?}");
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        for (name, shown) in [
            (&b"a/b.txt"[..], &b"a/b.txt"[..]),
            ("a/größe.txt".as_bytes(), "a/größe.txt".as_bytes()),
            (b"a/two words", b"a/two words\t"),
            (b"a/new\nline", b"\"a/new\\nline\""),
            (b"a/\"\\\x1b", b"\"a/\\\"\\\\\\033\""),
            (b"a/\xff", b"\"a/\\377\""),
            ("a/\u{9b}\u{202e}".as_bytes(), b"\"a/\\302\\233\\342\\200\\256\""),
        ] {
            assert_eq!(quoted(name), shown, "{}", String::from_utf8_lossy(name));
        }
    }
}
