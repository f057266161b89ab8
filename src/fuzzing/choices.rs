//! How an input decides what is done with it.

use std::ops::Range;

/// An input that is taken apart from its end: its last bytes decide, what is left of it is worked on. So any file is an input,
/// and hardly another one for the bytes it loses.
pub(crate) struct Choices<'b> {
    bytes: &'b [u8],
}

impl<'b> Choices<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Choices<'b> {
        Choices { bytes }
    }

    /// A number of eight bits; 0 where nothing is left.
    pub(crate) fn byte(&mut self) -> u8 {
        let Some((last, rest)) = self.bytes.split_last() else { return 0 };
        self.bytes = rest;
        *last
    }

    /// A number of sixteen bits.
    pub(crate) fn number(&mut self) -> usize {
        usize::from(u16::from_be_bytes([self.byte(), self.byte()]))
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::from(self.byte()) % from.len()]
    }

    /// A few numbers, at most seven.
    pub(crate) fn numbers(&mut self) -> Vec<usize> {
        let count = self.byte() & 7;
        (0..count).map(|_| self.number()).collect()
    }

    /// Sizes of pieces, none of which is empty, to be used over and over.
    pub(crate) fn sizes(&mut self) -> Vec<usize> {
        let sizes = self.numbers().iter().map(|size| size % 600 + 1).collect::<Vec<_>>();
        if sizes.is_empty() { vec![1] } else { sizes }
    }

    /// What is to be worked on.
    pub(crate) fn rest(self) -> &'b [u8] {
        self.bytes
    }
}

/// Sorted, disjoint ranges between characters of a text, made of numbers.
pub(crate) fn ranges_of(text: &str, picks: &[usize]) -> Vec<Range<usize>> {
    let mut ends: Vec<usize> = picks.iter().map(|pick| border_before(text, pick % (text.len() + 1))).collect();
    ends.sort_unstable();
    ends.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect()
}

/// A text without ranges of it.
pub(crate) fn without(text: &str, ranges: &[Range<usize>]) -> String {
    let mut kept = text.to_owned();
    ranges.iter().rev().for_each(|range| kept.replace_range(range.clone(), ""));
    kept
}

fn border_before(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
