//! The escape hatch: regular expressions over folded text, within limits.

use regex::{Regex, RegexBuilder};

/// The largest compiled regular expression, in bytes.
const SIZE_LIMIT: usize = 1 << 20;
/// The deepest nesting of a regular expression.
const NEST_LIMIT: u32 = 40;

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

/// Whether a regular expression matches the empty text.
pub(crate) fn matches_empty(pattern: &str) -> bool {
    compile(pattern).is_ok_and(|regex| regex.is_match(""))
}
