//! One pattern, ready to run.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::machine::{End, Machine, Subject, is_border};
use super::program::Program;
use crate::rules::template::Text;
use crate::rules::{Form, regexes};
use crate::text::shape::Shape;

/// So many texts are searched for what matches hold; then compiling costs less than going on so.
const MAX_SEARCHES: u32 = 256;

/// A pattern to run.
#[derive(Debug)]
pub(super) enum Pattern {
    Template(Program),
    /// A regular expression with the anchors of its rule's form.
    Regex(Arc<LazyRegex>),
}

/// A regular expression that is compiled when a text may hold a match: that takes longer than cleaning an article.
#[derive(Debug)]
pub(super) struct LazyRegex {
    source: String,
    /// Texts of which every match holds one at least; none, where such are not known.
    clues: Cow<'static, [Text]>,
    /// How many texts were searched for these in vain.
    searched: AtomicU32,
    /// Nothing in it, where it cannot be compiled.
    regex: OnceLock<Option<Regex>>,
}

impl LazyRegex {
    /// A regular expression of which this is known.
    pub(super) fn new(source: String, clues: Cow<'static, [Text]>) -> LazyRegex {
        LazyRegex { source, clues, searched: AtomicU32::new(0), regex: OnceLock::new() }
    }

    /// The end of the match that a text begins with.
    fn end(&self, text: &str) -> Option<usize> {
        if self.regex.get().is_none() && !self.may_match(text) {
            return None;
        }
        let regex = self.regex.get_or_init(|| regexes::compile(&self.source).ok());
        regex.as_ref()?.find(text).filter(|found| found.start() == 0).map(|found| found.end())
    }

    fn may_match(&self, text: &str) -> bool {
        self.clues.is_empty()
            || self.searched.fetch_add(1, Ordering::Relaxed) >= MAX_SEARCHES
            || self.clues.iter().any(|clues| text.contains(&**clues))
    }
}

impl Pattern {
    /// Whether the pattern matches the folded line from `start` on, in the way its form asks for.
    pub(super) fn hits_line(&self, form: Form, machine: &mut Machine, subject: Subject<'_>, start: usize) -> bool {
        match form {
            Form::Line | Form::Block | Form::Tail => self.ends_with_text(machine, subject, start),
            Form::Start => self.end_at(machine, subject, start).is_some_and(|end| is_link_text(subject, end)),
            Form::End => word_starts(subject.text, start)
                .any(|at| self.ends_with_text(machine, subject, at) && is_link_lead(subject, start, at)),
            Form::Span => false,
        }
    }

    fn ends_with_text(&self, machine: &mut Machine, subject: Subject<'_>, start: usize) -> bool {
        match self {
            Pattern::Template(program) => machine.run(program, subject, start, End::Text).is_some(),
            Pattern::Regex(regex) => {
                let text = &subject.text[start..];
                regex.end(text) == Some(text.len())
            }
        }
    }

    /// The end of a match that begins at `start`.
    pub(super) fn end_at(&self, machine: &mut Machine, subject: Subject<'_>, start: usize) -> Option<usize> {
        match self {
            Pattern::Template(program) => machine.run(program, subject, start, End::Border),
            Pattern::Regex(regex) => {
                let end = start + regex.end(&subject.text[start..])?;
                is_border(subject.text, end).then_some(end)
            }
        }
    }
}

/// A rule's regular expression with the anchors of its form.
pub(super) fn anchored(source: &str, form: Form) -> String {
    match form {
        Form::Line | Form::Block | Form::Tail | Form::End => format!("^(?:{source})$"),
        Form::Start | Form::Span => format!("^(?:{source})"),
    }
}

/// Whether what follows a start looks like a headline or a link text.
fn is_link_text(subject: Subject<'_>, end: usize) -> bool {
    let from = subject.folded.origin(end).min(subject.raw.len());
    let rest =
        subject.raw[from..].trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '(' | '[' | '@' | '#'));
    Shape::of(rest).is_headline()
}

/// Whether what stands before an end is at most a headline.
fn is_link_lead(subject: Subject<'_>, start: usize, at: usize) -> bool {
    let lead = &subject.raw[subject.folded.origin(start)..subject.folded.origin(at)];
    let shape = Shape::of(lead);
    shape.is_wordless() || shape.is_headline()
}

/// The places from `start` on where a word begins.
fn word_starts(text: &str, start: usize) -> impl Iterator<Item = usize> {
    text[start..]
        .char_indices()
        .map(move |(at, _)| start + at)
        .filter(move |&at| at == start || (is_border(text, at) && !text[at..].starts_with(' ')))
}
