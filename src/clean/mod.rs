//! Cleaning: context, weighing and cutting turn a text into [`Cleaned`].
//!
//! Nothing here touches a disk, a thread, a clock or the standard output.

mod after;
mod cleaned;
mod cleaner;
mod context;
mod cut;
mod document;
mod doubles;
mod explain;
mod language;
mod ledger;
mod line;
mod links;
mod memo;
mod pass;
mod pool;
mod prove;
mod restore;
mod rulebook;
mod run;
mod settings;
mod title;
mod weigh;

pub use cleaned::{Cleaned, Counts, Evidence, Grounds, Outcome, Reason, Removal};
pub use cleaner::{Cleaner, CleanerBuilder};
pub use context::{CONTEXT_RULES, ContextRule};
pub use explain::{Considered, Explanation, HeldBack, LineVerdict};
pub use prove::Failure;
pub use restore::restore;
pub use run::Budget;
pub use settings::BuildError;
pub use title::Title;

pub(crate) use cut::BLANK;
#[cfg(feature = "stages")]
pub(crate) use cut::cut;

use settings::Settings;
