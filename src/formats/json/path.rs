//! Where a field stands in an object.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Where a field is looked for: the keys from the outermost object to the value, as in `text` or `meta.url`.
///
/// A dot that belongs to a key is written `\.`, a backslash `\\`. Elements of arrays have no path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldPath {
    keys: Vec<String>,
}

/// A path that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PathError {
    /// No key between two dots, or at an end.
    #[error(
        "the field path `{path}` has an empty key at byte {offset}; write keys with one dot between, as in `meta.url`"
    )]
    EmptyKey {
        /// The path.
        path: String,
        /// Where the key is missing.
        offset: usize,
    },
    /// A backslash before something else than a dot or a backslash.
    #[error(
        "the field path `{path}` has a backslash at byte {offset} with neither a dot nor a backslash behind it; \
         write `\\\\` for a backslash that belongs to the key"
    )]
    BadEscape {
        /// The path.
        path: String,
        /// Where the backslash stands.
        offset: usize,
    },
}

impl FieldPath {
    /// Reads a path as it is written.
    ///
    /// # Errors
    /// When a key is empty, or a backslash escapes neither a dot nor a backslash.
    pub fn parse(path: &str) -> Result<FieldPath, PathError> {
        let mut keys = vec![String::new()];
        let mut key_start = 0;
        let mut characters = path.char_indices();
        while let Some((offset, character)) = characters.next() {
            let character = match character {
                '.' => {
                    check_key(&keys, path, key_start)?;
                    keys.push(String::new());
                    key_start = offset + 1;
                    continue;
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('.' | '\\'))) => escaped,
                    _ => return Err(PathError::BadEscape { path: path.to_owned(), offset }),
                },
                other => other,
            };
            if let Some(key) = keys.last_mut() {
                key.push(character);
            }
        }
        check_key(&keys, path, key_start)?;
        Ok(FieldPath { keys })
    }

    /// The path of these keys, in which dots are part of the key.
    pub(super) fn of_keys(keys: &[&str]) -> FieldPath {
        FieldPath { keys: keys.iter().map(|key| (*key).to_owned()).collect() }
    }

    /// The keys, from the outermost object to the value.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }
}

fn check_key(keys: &[String], path: &str, offset: usize) -> Result<(), PathError> {
    match keys.last() {
        Some(key) if !key.is_empty() => Ok(()),
        _ => Err(PathError::EmptyKey { path: path.to_owned(), offset }),
    }
}

impl FromStr for FieldPath {
    type Err = PathError;

    fn from_str(path: &str) -> Result<FieldPath, PathError> {
        FieldPath::parse(path)
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, key) in self.keys.iter().enumerate() {
            if number > 0 {
                out.write_str(".")?;
            }
            out.write_str(&key.replace('\\', "\\\\").replace('.', "\\."))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_separate_keys() {
        assert_eq!(FieldPath::parse("text").expect("a path").keys(), ["text"]);
        assert_eq!(FieldPath::parse("meta.warc.url").expect("a path").keys(), ["meta", "warc", "url"]);
    }

    #[test]
    fn an_escaped_dot_belongs_to_the_key() {
        let path = FieldPath::parse(r"a\.b.c\\").expect("a path");
        assert_eq!(path.keys(), ["a.b", r"c\"]);
        assert_eq!(path.to_string(), r"a\.b.c\\");
    }

    #[test]
    fn empty_keys_and_stray_backslashes_are_refused() {
        for (path, at) in [("", 0), ("a.", 2), (".a", 0), ("a..b", 2)] {
            assert_eq!(FieldPath::parse(path), Err(PathError::EmptyKey { path: path.to_owned(), offset: at }));
        }
        for (path, at) in [(r"a\", 1), (r"ab\n", 2)] {
            assert_eq!(FieldPath::parse(path), Err(PathError::BadEscape { path: path.to_owned(), offset: at }));
        }
    }
}
