//! From a rule set to the hits of a line: literals first, then the patterns whose literal was found.

mod compile;
mod dates;
mod index;
mod machine;
mod matcher;
mod program;
mod sieve;
mod size;
mod slots;
mod span;

pub(crate) use matcher::{Hit, LineContext, Matcher, RuleIndex, Scratch};
