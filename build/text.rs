//! The modules about text that rules are read with.

#[path = "../src/text/bits.rs"]
pub(crate) mod bits;
#[path = "../src/text/chars/mod.rs"]
pub(crate) mod chars;
#[path = "../src/text/fold.rs"]
pub(crate) mod fold;
#[path = "../src/text/sentence.rs"]
pub(crate) mod sentence;
#[path = "../src/text/shape.rs"]
pub(crate) mod shape;
#[path = "../src/text/survey.rs"]
pub(crate) mod survey;
#[path = "../src/text/tokens.rs"]
pub(crate) mod tokens;
