//! JSON Lines: one object a line, of which one string is the text to clean.
//!
//! [`Locator::locate`] checks a line against the grammar of RFC 8259 in one pass that builds no tree, and finds the raw
//! literals of the fields asked for. [`Literal::cut`] deletes from a raw literal what stands for ranges of its decoded
//! text; escapes around them, and all other bytes of the line, stay as they were. Two things are read more widely than
//! the grammar has them, since dumps hold them and no byte is lost by it: strings may hold bytes that are not UTF-8,
//! and a line may begin with a byte order mark or with the record separator of RFC 7464.

mod error;
mod fields;
mod key_tree;
mod literal;
mod locate;
mod nesting;
mod path;
mod scan;
mod sniff;
mod token;

pub use self::error::{Container, JsonError, JsonErrorKind};
pub use self::fields::Fields;
pub use self::literal::Literal;
pub use self::locate::{Located, Locator, Object, Scratch, TextField, Value};
pub use self::path::{FieldPath, PathError};
pub use self::sniff::{looks_like_json_array_or_pretty, looks_like_jsonl};
pub use super::splice::{Decoded, Misplaced, Returned};
