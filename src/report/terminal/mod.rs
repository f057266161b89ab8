//! Views for people: what goes to a terminal, and nothing raw among it.

#[cfg(feature = "cli")]
mod bars;
#[cfg(feature = "cli")]
mod comparison;
mod escape;
#[cfg(feature = "cli")]
mod explain;
#[cfg(feature = "cli")]
mod findings;
#[cfg(feature = "cli")]
mod forecast;
#[cfg(feature = "cli")]
mod look;
#[cfg(feature = "cli")]
mod overview;
#[cfg(feature = "cli")]
mod stats;
#[cfg(feature = "cli")]
mod style;
#[cfg(feature = "cli")]
mod tallies;
mod totals;
#[cfg(feature = "cli")]
mod why;
#[cfg(feature = "cli")]
mod width;

#[cfg(feature = "cli")]
pub use comparison::comparison_text;
pub use escape::{Escaped, escape_json, is_harmless};
#[cfg(feature = "cli")]
pub use explain::{ExplainView, explain_json, explain_text};
#[cfg(feature = "cli")]
pub use findings::findings_text;
#[cfg(feature = "cli")]
pub use forecast::forecast_text;
#[cfg(feature = "cli")]
pub use look::Look;
#[cfg(feature = "cli")]
pub use overview::{Source, overview_text};
#[cfg(feature = "cli")]
pub use stats::{stats_text, unused_text};
pub use totals::{count, totals_text};
#[cfg(feature = "cli")]
pub use why::{find_text, nowhere_text, why_of};
