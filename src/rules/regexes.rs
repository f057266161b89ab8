//! The escape hatch: regular expressions over folded text, within limits.

use regex::{Regex, RegexBuilder};
use regex_syntax::hir::Hir;
use regex_syntax::hir::literal::{ExtractKind, Extractor};

use super::template::MAX_PREFIX;

/// The largest compiled regular expression, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// The deepest nesting of a regular expression.
const NEST_LIMIT: u32 = 40;

/// The largest class of characters that is taken for so many beginnings.
const MAX_CLASS: usize = 64;

/// The most literals that are taken from a regular expression.
const MAX_LITERALS: usize = 1000;

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

    fn literals(&self, kind: ExtractKind) -> Option<Vec<String>> {
        let mut extractor = Extractor::new();
        extractor.kind(kind).limit_class(MAX_CLASS).limit_literal_len(MAX_PREFIX).limit_total(MAX_LITERALS);
        let found = extractor.extract(self.hir.as_ref()?);
        let texts = found.literals()?.iter().map(|literal| whole_characters(literal.as_bytes()).to_owned());
        let texts: Vec<String> = texts.collect();
        (!texts.is_empty() && texts.iter().all(|text| !text.is_empty())).then_some(texts)
    }
}

/// The whole characters that some bytes begin with.
fn whole_characters(bytes: &[u8]) -> &str {
    bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid())
}

/// Whether a regular expression matches the empty text.
pub(crate) fn matches_empty(pattern: &str) -> bool {
    compile(pattern).is_ok_and(|regex| regex.is_match(""))
}
