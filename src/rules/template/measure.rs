//! How large a pattern is, and how large it may be: what is larger costs time on every line, or was not meant.

use super::{Node, Slot, TemplateError};

/// The most steps of the program a pattern becomes; its time grows with them.
const MAX_STEPS: usize = 1000;
/// The most slots of a pattern.
const MAX_SLOTS: usize = 40;
/// The most words that all gaps which a text passes through may take in together.
const MAX_GAP_WORDS: usize = 600;
/// The most texts that a pattern may stand for, a slot counted as one.
const MAX_EXPANSIONS: u64 = 1_000_000_000_000_000;

/// The size of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Measure {
    steps: usize,
    slots: usize,
    gap_words: usize,
    expansions: u64,
}

impl Measure {
    fn of(node: &Node) -> Measure {
        let one = Measure { steps: 1, slots: 0, gap_words: 0, expansions: 1 };
        match node {
            Node::Literal(_) | Node::Blank => one,
            Node::Slot(Slot::Any(words)) => Measure { slots: 1, gap_words: usize::from(*words), ..one },
            Node::Slot(_) => Measure { slots: 1, ..one },
            Node::Optional(node) => {
                let inner = Measure::of(node);
                Measure { steps: inner.steps + 1, expansions: inner.expansions.saturating_add(1), ..inner }
            }
            Node::Sequence(nodes) => nodes.iter().map(Measure::of).fold(Measure { steps: 0, ..one }, |sum, part| {
                Measure { expansions: sum.expansions.saturating_mul(part.expansions), ..sum.with(part, 0) }
            }),
            // Each alternative comes with a split and a jump.
            Node::Choice(nodes) => {
                nodes.iter().map(Measure::of).fold(Measure { steps: 0, expansions: 0, ..one }, |sum, part| Measure {
                    expansions: sum.expansions.saturating_add(part.expansions),
                    gap_words: sum.gap_words.max(part.gap_words),
                    ..sum.with(part, 2)
                })
            }
        }
    }

    fn with(self, part: Measure, more_steps: usize) -> Measure {
        Measure {
            steps: self.steps + part.steps + more_steps,
            slots: self.slots + part.slots,
            gap_words: self.gap_words + part.gap_words,
            ..self
        }
    }
}

/// Refuses a pattern that is too large.
pub(super) fn check_size(node: &Node) -> Result<(), TemplateError> {
    let Measure { steps, slots, gap_words, expansions } = Measure::of(node);
    let too_large = |what: String, help: &str| Err(TemplateError { what, help: help.to_owned() });
    if slots > MAX_SLOTS {
        return too_large(format!("the pattern has {slots} slots, more than {MAX_SLOTS}"), "split it into several");
    }
    if gap_words > MAX_GAP_WORDS {
        return too_large(
            format!("its gaps take in {gap_words} words together, more than {MAX_GAP_WORDS}"),
            "write smaller counts, as in `{any:12}`, or several patterns",
        );
    }
    if steps > MAX_STEPS {
        return too_large(
            format!("the pattern becomes {steps} steps, more than {MAX_STEPS}"),
            "split it into several, or put its words into a list of vocabulary.toml",
        );
    }
    if expansions > MAX_EXPANSIONS {
        return too_large(
            format!("the pattern stands for {expansions} texts, more than {MAX_EXPANSIONS}"),
            "make less of it optional, or split it into several",
        );
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::rules::{Matchers, RuleSet, Template};

    fn measure(pattern: &str) -> Measure {
        Measure::of(Template::new(pattern).unwrap().node())
    }

    #[test]
    fn patterns_are_measured() {
        let found = measure("(share|read (this|that))? {any:4} {n}");
        assert_eq!((found.slots, found.gap_words, found.expansions), (2, 4, 4));
        assert_eq!(measure("share this").steps, 3);
    }

    #[test]
    fn built_in_patterns_keep_to_the_limits() {
        let rules = RuleSet::builtin();
        for rule in rules.rules() {
            let Matchers::Templates(templates) = &rule.matchers else { continue };
            for template in templates {
                let found = Measure::of(template.node());
                assert!(found.steps <= MAX_STEPS, "{}: {found:?}", rule.id);
                assert!(found.slots <= MAX_SLOTS, "{}: {found:?}", rule.id);
                assert!(found.gap_words <= MAX_GAP_WORDS, "{}: {found:?}", rule.id);
                assert!(found.expansions <= MAX_EXPANSIONS, "{}: {found:?}", rule.id);
            }
        }
    }
}
