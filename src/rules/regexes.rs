//! The escape hatch: regular expressions over folded text, within limits.

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, Hir, HirKind};

use super::regex_needs::needs;
use super::regex_size::compiled_size;
use super::template::{Bounds, MAX_PREFIX, Marks, Needs, any};

/// The largest compiled regular expression, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// How much all regular expressions of a rule set may take together, likewise.
const MAX_ALL: usize = 64 << 20;
/// The longest regular expression, in bytes.
const MAX_BYTES: usize = 4096;
/// The deepest nesting of a regular expression.
const NEST_LIMIT: u32 = 40;

/// What every regular expression takes, however small.
const LEAST_SIZE: usize = 4 << 10;

/// The largest class of characters that is taken for so many beginnings.
const MAX_CLASS: usize = 64;

/// The most literals that are taken from a regular expression.
const MAX_LITERALS: usize = 1000;

/// From so many bytes on, one text tells no less than a longer one.
const ENOUGH_BYTES: usize = 3;

/// Compiles a regular expression of a rule.
///
/// # Errors
/// A line that says what is wrong with it: its syntax, its size, its nesting.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern).size_limit(SIZE_LIMIT).dfa_size_limit(SIZE_LIMIT).nest_limit(NEST_LIMIT).build().map_err(
        |error| match error {
            regex::Error::CompiledTooBig(limit) => format!("it is larger than {limit} bytes once compiled"),
            // The message draws the pattern with a caret over several lines; the last one says what is wrong.
            other => {
                other.to_string().lines().last().unwrap_or("it cannot be read").trim_start_matches("error: ").to_owned()
            }
        },
    )
}

/// A regular expression, read for what is known of its matches.
pub(crate) struct Syntax {
    hir: Option<Hir>,
}

impl Syntax {
    /// Reads a regular expression; of one that has mistakes nothing is known.
    pub(crate) fn new(pattern: &str) -> Syntax {
        Syntax { hir: regex_syntax::parse(pattern).ok() }
    }

    /// The texts that every match begins with one of, if there are such.
    pub(crate) fn beginnings(&self) -> Option<Vec<String>> {
        self.literals(ExtractKind::Prefix)
    }

    /// The texts that every match ends with one of, if there are such.
    pub(crate) fn endings(&self) -> Option<Vec<String>> {
        self.literals(ExtractKind::Suffix)
    }

    /// The most bytes a match can have, if there is such a bound.
    pub(crate) fn longest(&self) -> Option<usize> {
        self.hir.as_ref()?.properties().maximum_len()
    }

    /// Marks of which every match holds at least one; none, where that is not known.
    pub(crate) fn needed_marks(&self) -> Marks {
        self.hir.as_ref().and_then(needed_marks).unwrap_or_default()
    }

    /// What every match holds, which begins and ends where words may.
    pub(crate) fn needs(&self) -> Needs {
        self.hir.as_ref().map_or_else(Needs::default, |hir| needs(hir, Bounds::WHOLE).told())
    }

    /// Texts of which every match holds one at least; none, where such are not known.
    pub(crate) fn clues(&self) -> Vec<String> {
        let texts = self.hir.as_ref().and_then(clues).unwrap_or_default();
        if worth(&texts) > 1 { texts } else { Vec::new() }
    }

    /// Whether no match holds an ASCII letter or figure.
    pub(crate) fn is_wordless(&self) -> bool {
        self.hir.as_ref().is_some_and(is_wordless)
    }

    /// How many bytes it takes once compiled, at most; one that cannot be read takes as much as is allowed.
    fn size(&self) -> usize {
        self.hir.as_ref().map_or(SIZE_LIMIT, |hir| compiled_size(hir).saturating_add(LEAST_SIZE))
    }

    fn literals(&self, kind: ExtractKind) -> Option<Vec<String>> {
        let mut extractor = Extractor::new();
        extractor.kind(kind).limit_class(MAX_CLASS).limit_literal_len(MAX_PREFIX).limit_total(MAX_LITERALS);
        let found = extractor.extract(self.hir.as_ref()?);
        let texts = found.literals()?.iter().map(|literal| whole_characters(literal.as_bytes()).to_owned());
        let texts: Vec<String> = texts.collect();
        (!texts.is_empty() && texts.iter().all(|text| !text.is_empty())).then_some(texts)
    }
}

/// As deep as [`NEST_LIMIT`] goes.
fn needed_marks(hir: &Hir) -> Option<Marks> {
    match hir.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).ok().and_then(Marks::rarest),
        HirKind::Class(class) => class_marks(class),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed_marks(&repetition.sub),
        HirKind::Capture(capture) => needed_marks(&capture.sub),
        HirKind::Concat(parts) => parts.iter().filter_map(needed_marks).min_by_key(|marks| marks.weight()),
        HirKind::Alternation(parts) => any(parts.iter().map(needed_marks)),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

/// Texts of which every match holds one at least. As deep as [`NEST_LIMIT`] goes.
fn clues(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(_) => beginnings_of(hir.clone()),
        HirKind::Repetition(repetition) if repetition.min > 0 => clues(&repetition.sub),
        HirKind::Capture(capture) => clues(&capture.sub),
        HirKind::Concat(parts) => {
            let tails = (0..parts.len()).filter_map(|at| beginnings_of(Hir::concat(parts[at..].to_vec())));
            // The last of the best, since what matches begin with is known from the index.
            parts.iter().filter_map(clues).chain(tails).max_by_key(|texts| worth(texts))
        }
        HirKind::Alternation(parts) => {
            let texts = parts.iter().map(clues).collect::<Option<Vec<_>>>()?.concat();
            (texts.len() <= MAX_LITERALS).then_some(texts)
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) | HirKind::Class(_) => None,
    }
}

/// The texts that every match begins with one of.
fn beginnings_of(hir: Hir) -> Option<Vec<String>> {
    let mut extractor = Extractor::new();
    extractor.limit_literal_len(MAX_PREFIX);
    let found = extractor.extract(&hir);
    let texts = found.literals()?.iter().map(|literal| whole_characters(literal.as_bytes()).to_owned());
    Some(texts.collect())
}

/// How much it tells that a line holds one of some texts: as much as the shortest does, up to a bound.
fn worth(texts: &[String]) -> usize {
    texts.iter().map(|text| text.len().min(ENOUGH_BYTES)).min().unwrap_or(0)
}

/// As deep as [`NEST_LIMIT`] goes.
fn is_wordless(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => !literal.0.iter().any(u8::is_ascii_alphanumeric),
        HirKind::Class(Class::Unicode(class)) => {
            let holds = |first: char, last: char| {
                class.ranges().iter().any(|range| range.start() <= last && first <= range.end())
            };
            !holds('0', '9') && !holds('A', 'Z') && !holds('a', 'z')
        }
        HirKind::Class(Class::Bytes(_)) => false,
        HirKind::Repetition(repetition) => is_wordless(&repetition.sub),
        HirKind::Capture(capture) => is_wordless(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().all(is_wordless),
    }
}

/// The marks of a class that holds nothing else.
fn class_marks(class: &Class) -> Option<Marks> {
    let Class::Unicode(class) = class else { return None };
    let ranges = || class.ranges().iter();
    if ranges().map(|range| range.len()).sum::<usize>() > MAX_CLASS {
        return None;
    }
    any(ranges().flat_map(|range| range.start()..=range.end()).map(Marks::of_char))
}

/// The whole characters that some bytes begin with.
fn whole_characters(bytes: &[u8]) -> &str {
    bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}

/// Why a regular expression is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the regular expression has {0} bytes, more than {MAX_BYTES}")]
    TooLong(usize),
    #[error("the regular expression is not good: {0}")]
    NotGood(String),
    #[error("the regular expression matches empty text")]
    MatchesEmpty,
    #[error("the regular expressions up to this one take more than {} MB together once compiled", MAX_ALL >> 20)]
    TooMuch,
}

impl Refusal {
    /// What to write instead.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Refusal::TooLong(_) => "split it, or write a pattern",
            Refusal::NotGood(_) => "mend it, or write a `pattern` instead",
            Refusal::MatchesEmpty => "add something that must be there",
            Refusal::TooMuch => "write patterns in place of the largest, or [a-z] in place of \\w",
        }
    }
}

/// What the regular expressions of a rule set may still take, in bytes once compiled; nothing, where that was told to be too
/// much. Compiling takes up to 25 ms a megabyte, and a megabyte is no more than twenty times `\w`.
#[derive(Debug)]
pub(super) struct Allowance {
    left: Option<usize>,
}

impl Default for Allowance {
    fn default() -> Allowance {
        Allowance { left: Some(MAX_ALL) }
    }
}

impl Allowance {
    /// Takes a regular expression of a rule to the others, if it is good.
    ///
    /// # Errors
    /// Why it is not. That they are too large together is told once; from there on nothing is compiled any more.
    pub(super) fn admit(&mut self, pattern: &str) -> Result<(), Refusal> {
        if pattern.len() > MAX_BYTES {
            return Err(Refusal::TooLong(pattern.len()));
        }
        let Some(left) = self.left else { return Ok(()) };
        let syntax = Syntax::new(pattern);
        self.left = left.checked_sub(syntax.size().min(SIZE_LIMIT));
        if self.left.is_none() {
            return Err(Refusal::TooMuch);
        }
        let regex = compile(pattern).map_err(Refusal::NotGood)?;
        if regex.is_match("") { Err(Refusal::MatchesEmpty) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clues(pattern: &str) -> Vec<String> {
        Syntax::new(pattern).clues()
    }

    #[test]
    fn a_match_holds_one_of_the_clues() {
        assert_eq!(
            clues("[^()]{20,}\\((photo|image)( by|:)?"),
            ["photo by", "photo:", "photo", "image by", "image:", "image"]
        );
        assert_eq!(clues("(begin|end)( of)? (ad|banner)"), [" ad", " banner"]);
        assert_eq!(clues("var (gtag|fbq)|[a-z]+_id"), ["gtag", "fbq", "_id"]);
    }

    #[test]
    fn what_may_be_missing_is_no_clue() {
        assert_eq!(clues("(photo)?[a-z]+"), [] as [String; 0]);
        assert_eq!(clues("photo|[a-z]+"), [] as [String; 0]);
        assert_eq!(clues("[0-9]{4}"), [] as [String; 0]);
    }
}
