//! Where a phrase went: into a removal, or not at all.
//!
//! Phrase and texts are compared as rules see texts: folded, so that case, quotes, white space, line breaks and fancy letters
//! make no difference.

mod document;
mod excerpt;
mod hunt;
mod phrase;
#[cfg(test)]
mod properties;

pub use excerpt::Excerpt;
pub use hunt::{Fate, Find, FoundRemoval, Hunt, Nearest, Take};
pub use phrase::Phrase;
