//! Rules as data: the file format, the template language, word lists, weights, and the built-in set.

mod all;
mod builtin;
mod category;
mod error;
mod file;
mod files;
mod list;
mod loader;
mod near;
mod on_demand;
mod preset;
mod reader;
mod regex_needs;
mod regex_size;
pub(crate) mod regexes;
mod rule;
mod set;
pub(crate) mod template;
mod vocabulary;
mod weights;

pub(crate) use all::Rules;
pub use category::Category;
pub use error::{RuleError, RuleErrors};
#[cfg(test)]
pub(crate) use file::RESERVED_IDS;
pub use list::List;
pub use loader::Loader;
pub use near::nearest;
pub(crate) use on_demand::OnDemand;
pub use preset::Preset;
pub use rule::{Action, Case, FoldMode, Form, Matchers, Origin, Place, Rule, Strength, Until};
pub use set::RuleSet;
pub use template::Template;
pub(crate) use vocabulary::Vocabulary;
pub(crate) use weights::Weights;
