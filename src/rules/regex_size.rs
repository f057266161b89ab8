//! How large a regular expression becomes once compiled, told before it is compiled.

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// What a state of the automaton takes, in bytes: a little more than was measured.
const STATE: usize = 64;
/// What a class takes besides its ranges where it goes beyond ASCII: characters become sequences of bytes there.
const BEYOND_ASCII: usize = 2400;

/// The bytes that a regular expression takes once compiled: an upper bound for those that do not repeat by the hundred what is
/// nothing. As deep as the parser lets expressions nest.
pub(super) fn compiled_size(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => STATE,
        HirKind::Literal(literal) => literal.0.len().saturating_mul(STATE),
        HirKind::Class(Class::Unicode(class)) => class_size(class),
        HirKind::Class(Class::Bytes(_)) => BEYOND_ASCII,
        HirKind::Repetition(repetition) => {
            let times = repetition.max.unwrap_or(repetition.min).max(1) as usize;
            let once = compiled_size(&repetition.sub).saturating_add(STATE);
            once.saturating_mul(times).saturating_add(STATE)
        }
        HirKind::Capture(capture) => compiled_size(&capture.sub).saturating_add(2 * STATE),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(compiled_size).fold(STATE, |sum, size| sum.saturating_add(size).saturating_add(STATE / 4))
        }
    }
}

fn class_size(class: &ClassUnicode) -> usize {
    let ascii = class.ranges().iter().filter(|range| range.end().is_ascii()).count();
    let beyond = class.ranges().len() - ascii;
    let wide = if beyond > 0 { BEYOND_ASCII } else { 0 };
    STATE + ascii * STATE / 4 + beyond * STATE * 3 / 2 + wide
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn no_regular_expression_takes_more_than_is_told() {
        for pattern in [
            "share|send",
            "(share|send)+",
            r"(?i)share this story",
            r"\w",
            r"\w+ \w+ [0-9]{5} x",
            r"\pL{20}",
            r".{50}",
            r"[^a]{30}",
            r"\p{Han}{4}",
            r"\p{Lu}{5}",
            r"\PL{3}",
            r"(\w+,){10}",
            r"((a?){5}){5}",
            r"x{0,100}",
            r"(?i)[à-ü]{5}|[一-龥]{10}",
            r"\w+?\w*?\w??",
            r"\b\w+\b",
            r"\S{30}",
            "(?:(?:a{3}){3}){3}",
        ] {
            let told = compiled_size(&regex_syntax::parse(pattern).unwrap());
            let built = regex::RegexBuilder::new(pattern).size_limit(told).build();
            assert!(built.is_ok(), "{pattern} takes more than {told} bytes");
        }
    }

    #[test]
    fn repetitions_of_repetitions_are_multiplied() {
        let size = |pattern: &str| compiled_size(&regex_syntax::parse(pattern).unwrap());
        assert!(size("((a{100}){100}){100}") > 64_000_000);
        assert_eq!(size("(((((a{1000}){1000}){1000}){1000}){1000}){1000}"), usize::MAX);
    }
}
