//! Text as bytes, characters and lines: decoding, folding, line and sentence borders, words.

pub(crate) mod bits;
pub(crate) mod chars;
pub mod decode;
pub(crate) mod fold;
pub(crate) mod hidden;
pub(crate) mod lines;
pub(crate) mod sentence;
pub(crate) mod shape;
pub(crate) mod survey;
pub(crate) mod tokens;
pub(crate) mod words;
