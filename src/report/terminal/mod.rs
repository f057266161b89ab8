//! Views for people: what goes to a terminal, and nothing raw among it.

mod escape;
#[cfg(feature = "cli")]
mod explain;
mod totals;

pub use escape::{Escaped, escape_json, is_harmless};
#[cfg(feature = "cli")]
pub use explain::{explain_json, explain_text};
pub use totals::{count, totals_text};
