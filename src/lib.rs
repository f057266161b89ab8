//! dechrome removes site chrome (share prompts, comment forms, "ALSO READ" links, newsletter and cookie prompts, headline
//! tails, doubled titles …) from text that an extractor made of a web page, and accounts for every byte it took away.
//!
//! Three verbs, three types: load rules into a [`RuleSet`], build a [`Cleaner`] with them, and clean texts into
//! [`Cleaned`], which holds the kept text and every [`Removal`] with its evidence.
//!
//! ```
//! use dechrome::Cleaner;
//!
//! let cleaner = Cleaner::new();
//! let text = "The bridge is open again, after two years of work that cost the town three million.\n\
//!             ALSO READ: Storm Closes Harbour For Third Day\n\
//!             The mayor thanked all who had waited so long for this day.\n";
//! let cleaned = cleaner.clean(text);
//! assert!(!cleaned.text().contains("Storm"));
//!
//! let removal = &cleaned.removals()[0];
//! assert_eq!(&*removal.rule, "also-read");
//! assert_eq!(&text[removal.range.clone()], "ALSO READ: Storm Closes Harbour For Third Day\n");
//!
//! // Offsets of the kept text map back to the raw one.
//! let mayor = cleaned.text().find("mayor").unwrap();
//! assert!(text[cleaned.raw_offset(mayor)..].starts_with("mayor thanked"));
//! ```
//!
//! The kept text is the text without the removed ranges, and nothing else: never rewritten, re-ordered or normalised.
//! Text without chrome comes back borrowed.
//!
//! Without default features the library has no threads, no file walking and none of the command line's dependencies.

/// Takes in a file that the build script wrote. The build script, which reads rules with the same modules, takes in empty
/// tables instead.
macro_rules! generated {
    ($file:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $file));
    };
}

pub mod check;
pub mod clean;
pub mod formats;
#[cfg(all(any(test, fuzzing), feature = "cli"))]
#[doc(hidden)]
pub mod fuzzing;
mod matching;
#[cfg(feature = "cli")]
pub mod pipeline;
pub mod report;
pub mod rules;
#[cfg(feature = "stages")]
#[doc(hidden)]
pub mod stages;
pub mod text;

pub use clean::{
    Budget, BuildError, Cleaned, Cleaner, CleanerBuilder, Considered, Counts, Evidence, Explanation, Failure, Grounds,
    HeldBack, LineVerdict, Outcome, Reason, Removal, Title, restore,
};
pub use rules::{
    Action, Case, FoldMode, Form, Matchers, Origin, Place, Preset, Rule, RuleErrors, RuleSet, Strength, Until,
};
