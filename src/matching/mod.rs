//! From a rule set to the hits of a line: literals first, then the patterns whose literal was found.

mod compile;
mod dates;
mod index;
mod inner;
mod machine;
mod machines;
mod matcher;
mod pattern;
mod prefixes;
mod program;
mod rare;
mod sieve;
mod size;
mod slots;
mod span;
mod spans;
mod start;
mod tables;

#[allow(unused_imports, reason = "the build script writes tables down")]
pub(crate) use self::{
    compile::tables,
    index::Index,
    inner::Inner,
    prefixes::Prefixes,
    tables::{Clues, Facts, FirstChars, Indices},
};
pub(crate) use matcher::{Hit, LineContext, Matcher, RuleIndex, Scratch};
pub(crate) use spans::TextTraits;
