//! Short views of long texts: a removal with what stands round it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::document::{Piece, Shown};

/// How many removals of a rule are shown in their context.
const MOST_EXCERPTS: usize = 3;
/// How much of a removal such an excerpt shows, in bytes.
const REMOVED_BYTES: usize = 300;
/// How much of the text on either side, in bytes.
const BESIDE_BYTES: usize = 120;

/// A text whose middle may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Clip {
    pub(super) head: String,
    /// How many bytes are left out.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) omitted: u64,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) tail: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Clip {
    /// A text of so many bytes at most: three quarters of them from its beginning, the rest from its end.
    pub(super) fn of(text: &str, most: usize) -> Clip {
        if text.len() <= most {
            return Clip { head: text.to_owned(), ..Clip::default() };
        }
        let head = border_before(text, most / 4 * 3);
        let tail = border_behind(text, text.len() - most / 4);
        let part = |part: Option<&str>| part.unwrap_or_default().to_owned();
        Clip { head: part(text.get(..head)), omitted: (tail - head) as u64, tail: part(text.get(tail..)) }
    }

    /// The same, of so many bytes at most.
    pub(super) fn shorter(&self, most: usize) -> Clip {
        if self.len() <= most {
            return self.clone();
        }
        let Clip { head, tail, .. } = Clip::of(&format!("{}{}", self.head, self.tail), most);
        let omitted = self.omitted + (self.len() - head.len() - tail.len()) as u64;
        Clip { head, omitted, tail }
    }

    /// How many bytes are there.
    pub(super) fn len(&self) -> usize {
        self.head.len() + self.tail.len()
    }
}

/// A removal in its context.
#[derive(Clone, Debug)]
pub(super) struct Excerpt {
    /// The number of the document.
    pub(super) document: usize,
    pub(super) before: String,
    pub(super) removed: Option<Clip>,
    pub(super) after: String,
}

/// The last border between characters at `at` or before.
pub(super) fn border_before(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// The first border between characters at `at` or behind.
pub(super) fn border_behind(text: &str, at: usize) -> usize {
    (at..text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

impl Shown {
    /// Adds its removals to those that show their rules, one a rule.
    pub(super) fn excerpts(&self, number: usize, by_rule: &mut BTreeMap<String, Vec<Excerpt>>) {
        for (at, piece) in self.pieces.iter().enumerate() {
            let Piece::Removed(removal) = piece else { continue };
            let Some(removed) = self.removals.get(*removal) else { continue };
            let excerpts = by_rule.entry(removed.rule.clone()).or_default();
            if excerpts.len() >= MOST_EXCERPTS || excerpts.iter().any(|excerpt| excerpt.document == number) {
                continue;
            }
            let before = at.checked_sub(1).and_then(|before| self.pieces.get(before));
            excerpts.push(Excerpt {
                document: number,
                before: before.map(end_of).unwrap_or_default(),
                removed: removed.text.as_ref().map(|text| text.shorter(REMOVED_BYTES)),
                after: self.pieces.get(at + 1).map(start_of).unwrap_or_default(),
            });
        }
    }
}

fn end_of(piece: &Piece) -> String {
    let Piece::Kept(text) = piece else { return String::new() };
    let from = border_behind(text, text.len().saturating_sub(BESIDE_BYTES));
    let more = if from > 0 { "…" } else { "" };
    format!("{more}{}", text.get(from..).unwrap_or_default())
}

fn start_of(piece: &Piece) -> String {
    let Piece::Kept(text) = piece else { return String::new() };
    let to = border_before(text, BESIDE_BYTES);
    let more = if to < text.len() { "…" } else { "" };
    format!("{}{more}", text.get(..to).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_counted() {
        let text = "ü".repeat(1000);
        let clip = Clip::of(&text, 101);
        assert_eq!(clip.len() as u64 + clip.omitted, 2000);
        let shorter = clip.shorter(30);
        assert!(shorter.len() <= 32);
        assert_eq!(shorter.len() as u64 + shorter.omitted, 2000);
        assert_eq!(Clip::of("short", 5), Clip { head: "short".into(), ..Clip::default() });
    }
}
