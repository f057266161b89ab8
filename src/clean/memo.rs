//! What is known of lines that have been looked at before: pages of one site, and of sites that share a theme, print the same
//! labels again and again.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::fast::FixedState;

use crate::matching::Hit;
use crate::text::shape::Shape;
use crate::text::words::count_words;

/// Longer lines are not remembered: hardly any comes again.
pub(super) const MAX_BYTES: usize = 400;
/// Lines of more bytes are remembered when they come a second time: some are printed by every page of a site, most by one.
const LABEL_BYTES: usize = 96;
/// How many of them are known to have come once; a power of two.
const SEEN: usize = 4096;
/// When so many lines, bytes of lines or hits are remembered, all are forgotten, so that a memo takes 2 MB at most.
const LINES: usize = 10 * 1024;
const TEXT_BYTES: usize = 512 * 1024;
const HITS: usize = 12 * 1024;
/// The first number of places, doubled as lines come; a power of two.
const PLACES: usize = 256;
/// A line stands at most so many places behind that of its key; where all of them are taken, it is not remembered, so that
/// no text makes a search long.
const REACH: usize = 32;

/// Lines with what was found out about them.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// Places by hash, the next one where one is taken; at most half of them are.
    places: Vec<Place>,
    lines: Vec<Remembered>,
    texts: String,
    hits: Vec<Hit>,
    /// Parts of the hashes of longer lines that have come once.
    seen: Vec<u32>,
}

/// A part of a hash, and the number of the line that has it, from 1.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    tag: u32,
    line: u32,
}

#[derive(Clone, Debug)]
struct Remembered {
    key: u64,
    text: Range<u32>,
    hits: Range<u32>,
    /// Known once the line has come a second time: most lines never do.
    more: Option<(Shape, u32)>,
}

/// What is remembered of a line.
pub(super) struct Recalled<'m> {
    pub(super) hits: &'m [Hit],
    pub(super) shape: Shape,
    pub(super) words: u32,
}

impl Memo {
    /// What is known of a line with this key.
    pub(super) fn recall(&mut self, line: &str, key: u64) -> Option<Recalled<'_>> {
        let number = self.find(line, key)?;
        let remembered = self.lines.get_mut(number)?;
        let (shape, words) = *remembered.more.get_or_insert_with(|| (Shape::of(line), count_words(line) as u32));
        let hits = self.hits.get(remembered.hits.start as usize..remembered.hits.end as usize)?;
        Some(Recalled { hits, shape, words })
    }

    fn find(&self, line: &str, key: u64) -> Option<usize> {
        for at in self.reach(key) {
            let place = self.places.get(at)?;
            let number = (place.line as usize).checked_sub(1)?;
            if place.tag == tag(key) && self.text(number) == Some(line) {
                return Some(number);
            }
        }
        None
    }

    fn text(&self, number: usize) -> Option<&str> {
        let Range { start, end } = self.lines.get(number)?.text;
        self.texts.get(start as usize..end as usize)
    }

    /// Remembers a line that is not known yet, if it is likely to come again.
    pub(super) fn remember(&mut self, line: &str, key: u64, hits: &[Hit]) {
        if line.len() > MAX_BYTES || hits.len() > HITS || (line.len() > LABEL_BYTES && !self.has_come(key)) {
            return;
        }
        let is_full = self.lines.len() >= LINES
            || self.texts.len() + line.len() > TEXT_BYTES
            || self.hits.len() + hits.len() > HITS;
        if is_full {
            self.forget();
        }
        if self.lines.len() * 2 >= self.places.len() {
            self.grow();
        }
        let (text, first) = (self.texts.len() as u32, self.hits.len() as u32);
        self.texts.push_str(line);
        self.hits.extend_from_slice(hits);
        self.lines.push(Remembered {
            key,
            text: text..self.texts.len() as u32,
            hits: first..self.hits.len() as u32,
            more: None,
        });
        self.settle(key, self.lines.len() as u32);
    }

    /// Whether a line with this key, as far as is known, has come before; from now on it has.
    fn has_come(&mut self, key: u64) -> bool {
        if self.seen.is_empty() {
            self.seen.resize(SEEN, 0);
        }
        let place = self.seen.get_mut(key as usize & (SEEN - 1));
        place.is_some_and(|seen| std::mem::replace(seen, tag(key)) == tag(key))
    }

    fn forget(&mut self) {
        self.places.fill(Place::default());
        self.lines.clear();
        self.texts.clear();
        self.hits.clear();
    }

    fn grow(&mut self) {
        let places = (self.places.len() * 2).max(PLACES);
        self.places.clear();
        self.places.resize(places, Place::default());
        for number in 0..self.lines.len() {
            self.settle(self.lines[number].key, number as u32 + 1);
        }
    }

    /// Gives a line the first free place from that of its key on.
    fn settle(&mut self, key: u64, line: u32) {
        let free = self.reach(key).find(|&at| self.places.get(at).is_some_and(|place| place.line == 0));
        if let Some(place) = free.and_then(|at| self.places.get_mut(at)) {
            *place = Place { tag: tag(key), line };
        }
    }

    /// The places where a line with this key may stand.
    fn reach(&self, key: u64) -> impl Iterator<Item = usize> + use<> {
        let last = self.places.len().wrapping_sub(1);
        (0..REACH).map(move |step| (key as usize).wrapping_add(step) & last)
    }
}

fn tag(key: u64) -> u32 {
    (key >> 32) as u32
}

/// Equal for equal lines, and (almost) only for those; white space at their edges aside.
pub(super) fn key(line: &str) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(trimmed(line).as_bytes());
    hasher.finish()
}

/// A line without white space at its edges, which most have none of.
pub(super) fn trimmed(line: &str) -> &str {
    let bytes = line.as_bytes();
    let is_bare = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    if is_bare(bytes.first()) && is_bare(bytes.last()) { line } else { line.trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recalled(memo: &mut Memo, line: &str) -> Option<Vec<Hit>> {
        memo.recall(line, key(line)).map(|it| it.hits.to_vec())
    }

    #[test]
    fn a_line_is_remembered_until_there_are_too_many() {
        let mut memo = Memo::default();
        let hits = vec![Hit { rule: 3, range: 0..4 }];
        assert_eq!(recalled(&mut memo, "Menu"), None);
        memo.remember("Menu", key("Menu"), &hits);
        assert_eq!(recalled(&mut memo, "Menu"), Some(hits.clone()));
        assert_eq!(recalled(&mut memo, "Menu "), None);
        for number in 0..LINES * 3 {
            let line = format!("Page {number}");
            assert_eq!(recalled(&mut memo, &line), None);
            memo.remember(&line, key(&line), &[]);
            assert_eq!(recalled(&mut memo, &line), Some(Vec::new()));
            assert_eq!(recalled(&mut memo, "Menu").is_some(), number + 2 <= LINES, "{number}");
        }
    }

    #[test]
    fn longer_lines_are_remembered_when_they_come_again_and_the_longest_never() {
        let mut memo = Memo::default();
        for (bytes, times) in
            [(LABEL_BYTES, [true, true]), (LABEL_BYTES + 1, [false, true]), (MAX_BYTES + 1, [false; 2])]
        {
            let line = "x".repeat(bytes);
            for is_known in times {
                memo.remember(&line, key(&line), &[]);
                assert_eq!(recalled(&mut memo, &line).is_some(), is_known, "{bytes}");
            }
        }
    }

    #[test]
    fn lines_with_one_key_are_told_apart() {
        let mut memo = Memo::default();
        memo.remember("Menu", 7, &[Hit { rule: 1, range: 0..4 }]);
        memo.remember(" Menu", 7, &[]);
        assert_eq!(memo.recall("Menu", 7).map(|it| it.hits.len()), Some(1));
        assert_eq!(memo.recall(" Menu", 7).map(|it| it.hits.len()), Some(0));
        assert!(memo.recall("Menu ", 7).is_none());
    }

    #[test]
    fn memory_is_bounded() {
        let mut memo = Memo::default();
        let hits = vec![Hit { rule: 1, range: 0..4 }; 100];
        for number in 0..LINES {
            let line = format!("{number:0MAX_BYTES$}");
            memo.remember(&line, key(&line), &hits);
            memo.remember(&line, key(&line), &hits);
        }
        assert!(memo.texts.len() <= TEXT_BYTES && memo.hits.len() <= HITS && memo.lines.len() <= LINES);
    }
}
