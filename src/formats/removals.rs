//! What cleaning took away, as the formats need it.

use std::ops::Range;

use crate::clean::Removal;

/// The byte ranges of removals, in their order.
pub fn ranges(removals: &[Removal]) -> impl Iterator<Item = Range<usize>> + Clone {
    removals.iter().map(|removal| removal.range.clone())
}
