//! Runs a program over folded text.
//!
//! The machine backtracks, but visits each pair of step and position at most once, so that its time is bounded by their
//! product whatever the pattern and the text are. This is the bounded backtracker of Russ Cox, "Regular Expression
//! Matching: the Virtual Machine Approach" (2009), with slots as steps that have several ends.

use super::machines::Calendar;
use super::program::{Program, Step};
use super::slots;
use crate::rules::template::Slot;
use crate::text::chars::{is_spaced_word, is_unspaced};
use crate::text::fold::Folded;

/// The text a program runs over.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'t> {
    /// The folded text up to where a match may go.
    pub(crate) text: &'t str,
    /// The folding that `text` is a beginning of, for what depends on capitals.
    pub(crate) folded: &'t Folded,
    /// The original of the folding.
    pub(crate) raw: &'t str,
    /// The document's title, folded.
    pub(crate) title: Option<&'t str>,
    /// The names of months and weekdays.
    pub(crate) calendar: &'t Calendar,
}

/// Where a match has to end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// At the end of the text.
    Text,
    /// At a word border.
    Border,
}

/// How many steps a run may take before it begins to remember where it has been.
const BRIEF_STEPS: usize = 400;

/// How a brief run ended.
enum Brief {
    Done(Option<usize>),
    Unfinished,
}

/// Scratch space, kept between runs.
#[derive(Debug, Default)]
pub(crate) struct Machine {
    visited: Vec<u64>,
    stack: Vec<(u32, usize)>,
    ends: Vec<usize>,
    /// Whether a pattern has asked for the document's title.
    pub(super) asked_title: bool,
}

impl Machine {
    /// The end of the first match of `program` that begins at `start`.
    pub(crate) fn run(&mut self, program: &Program, subject: Subject<'_>, start: usize, end: End) -> Option<usize> {
        match self.run_briefly(program, subject, start, end) {
            Brief::Done(found) => found,
            Brief::Unfinished => self.run_at_length(program, subject, start, end),
        }
    }

    /// Most runs fail or succeed within a few steps; these need no memory of where they have been.
    fn run_briefly(&mut self, program: &Program, subject: Subject<'_>, start: usize, end: End) -> Brief {
        let steps = program.steps();
        self.stack.clear();
        self.stack.push((0, start));
        for _ in 0..BRIEF_STEPS {
            let Some((pc, at)) = self.stack.pop() else { return Brief::Done(None) };
            if let Some(found) = self.step(&steps[pc as usize], pc, at, start, subject, end) {
                return Brief::Done(Some(found));
            }
        }
        Brief::Unfinished
    }

    fn run_at_length(&mut self, program: &Program, subject: Subject<'_>, start: usize, end: End) -> Option<usize> {
        let width = subject.text.len() - start + 1;
        let steps = program.steps();
        self.visited.clear();
        self.visited.resize((steps.len() * width).div_ceil(64), 0);
        self.stack.clear();
        self.stack.push((0, start));
        while let Some((pc, at)) = self.stack.pop() {
            let bit = pc as usize * width + (at - start);
            let (word, mask) = (bit / 64, 1_u64 << (bit % 64));
            if self.visited[word] & mask != 0 {
                continue;
            }
            self.visited[word] |= mask;
            if let Some(found) = self.step(&steps[pc as usize], pc, at, start, subject, end) {
                return Some(found);
            }
        }
        None
    }

    fn step(&mut self, step: &Step, pc: u32, at: usize, start: usize, subject: Subject<'_>, end: End) -> Option<usize> {
        let text = subject.text;
        match step {
            Step::Match => {
                let found = match end {
                    End::Text => at == text.len(),
                    End::Border => is_border(text, at),
                };
                return found.then_some(at);
            }
            Step::Literal(literal) => {
                if text.as_bytes()[at..].starts_with(literal.as_bytes()) {
                    self.stack.push((pc + 1, at + literal.len()));
                }
            }
            Step::Blank => {
                if text.as_bytes().get(at) == Some(&b' ') {
                    self.stack.push((pc + 1, at + 1));
                } else if at == start || is_border(text, at) {
                    self.stack.push((pc + 1, at));
                }
            }
            Step::Split(first, second) => {
                self.stack.push((*second, at));
                self.stack.push((*first, at));
            }
            Step::Jump(target) => self.stack.push((*target, at)),
            Step::List(list) => {
                self.ends.clear();
                self.ends.extend(
                    list.beginning(&text[at..]).map(|word| at + word.len()).filter(|&end| is_border(text, end)),
                );
                self.push_ends(pc);
            }
            Step::OneOf(literals) => {
                self.ends.clear();
                self.ends.extend(literals.beginning(&text[at..]).map(|literal| at + literal.len()));
                self.push_ends(pc);
            }
            Step::Slot(slot) => {
                self.asked_title |= *slot == Slot::Title;
                self.ends.clear();
                slots::ends(slot, subject, at, &mut self.ends);
                self.push_ends(pc);
            }
        }
        None
    }

    /// Goes on behind each end; the first of them is tried first.
    fn push_ends(&mut self, pc: u32) {
        self.stack.extend(self.ends.iter().rev().map(|&end| (pc + 1, end)));
    }
}

/// Whether a word may begin or end at `at`: not between two characters of one word.
pub(crate) fn is_border(text: &str, at: usize) -> bool {
    let (Some(before), Some(after)) = (text[..at].chars().next_back(), text[at..].chars().next()) else { return true };
    !is_spaced_word(before) || !is_spaced_word(after) || is_unspaced(before) || is_unspaced(after)
}
