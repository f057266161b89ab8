//! Why a line is not JSON.

use std::fmt;

use thiserror::Error;

/// A line that is not one JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not JSON: {kind} at byte {offset}{}", kind.way_out())]
pub struct JsonError {
    /// Offset in the line of the first byte that is wrong; the line's length where it ends too early.
    pub offset: usize,
    /// What is wrong there.
    pub kind: JsonErrorKind,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// Something else stands where a value must begin.
    #[error("a value was expected")]
    ValueExpected,
    /// Something else stands where a key must begin.
    #[error("a key in quotes was expected")]
    KeyExpected,
    /// A key without a colon behind it.
    #[error("a colon was expected")]
    ColonExpected,
    /// Neither a comma nor the end of the array or object stands behind one of its values.
    #[error("a comma or the end of the {0} was expected")]
    CommaExpected(Container),
    /// A number without a digit where it needs one.
    #[error("a digit was expected")]
    DigitExpected,
    /// A bare word that JSON does not have.
    #[error("`true`, `false` or `null` was expected")]
    WordExpected,
    /// An escape that JSON does not have.
    #[error("a backslash must begin an escape such as \\n or \\u00e9; something else stands")]
    BadEscape,
    /// A control character that is not escaped.
    #[error("a string holds the control character U+{0:04X}, which must be escaped,")]
    ControlCharacter(u8),
    /// The line ends inside a string.
    #[error("the line ends inside the string that begins at byte {start},")]
    UnclosedString {
        /// Offset of the string's quote.
        start: usize,
    },
    /// The line ends inside an array or object.
    #[error("the line ends inside an {0}")]
    Unclosed(Container),
    /// A second value.
    #[error("a second value on the line")]
    SecondValue,
    /// Something that is no value stands behind the value.
    #[error("something stands behind the value")]
    BehindValue,
}

impl JsonErrorKind {
    fn way_out(self) -> &'static str {
        match self {
            JsonErrorKind::UnclosedString { .. } => ": the record is cut off, or a line break in it is not escaped",
            JsonErrorKind::Unclosed(Container::Array) => {
                ": it is cut off, or the file is a JSON array, which is not JSON Lines; `jq -c '.[]'` makes lines of it"
            }
            JsonErrorKind::Unclosed(Container::Object) => {
                ": it is cut off, or this is pretty-printed JSON, which is not JSON Lines; `jq -c .` makes lines of it"
            }
            JsonErrorKind::SecondValue => "; each needs a line of its own, `jq -c .` gives it one",
            _ => "",
        }
    }
}

/// What holds other values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `[…]`
    Array,
    /// `{…}`
    Object,
}

impl fmt::Display for Container {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Container::Array => "array",
            Container::Object => "object",
        })
    }
}
