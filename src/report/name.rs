//! The name of a document in reports.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

/// The path of a document, relative to the output directory, as the report writes it: UTF-8, parts set apart by `/`.
///
/// A path that is not UTF-8 has its odd bytes (and `%`) percent-escaped; all its bytes are then given in hexadecimal
/// digits beside it, so that no two files share a name and none is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentName {
    /// The readable path.
    pub path: String,
    /// The bytes of the path in hexadecimal digits, only when the path is not UTF-8.
    pub raw: Option<String>,
}

impl DocumentName {
    /// The name of a relative path.
    pub fn of(relative: &Path) -> DocumentName {
        let bytes = slashed(relative);
        match String::from_utf8(bytes) {
            Ok(path) => DocumentName { path, raw: None },
            Err(error) => {
                let bytes = error.into_bytes();
                DocumentName { path: percent_escaped(&bytes), raw: Some(hex(&bytes)) }
            }
        }
    }

    /// The relative path that a report names; `None` when it could lead out of the output directory.
    pub fn to_path(path: &str, raw: Option<&str>) -> Option<PathBuf> {
        let path = match raw {
            Some(raw) => path_of_bytes(unhex(raw)?)?,
            None => PathBuf::from(path),
        };
        let mut parts = path.components().peekable();
        parts.peek()?;
        parts.all(|part| matches!(part, Component::Normal(_))).then_some(path)
    }
}

/// The bytes of a path with `/` between its parts.
fn slashed(path: &Path) -> Vec<u8> {
    if cfg!(unix) {
        return path.as_os_str().as_encoded_bytes().to_vec();
    }
    let parts: Vec<&[u8]> = path.components().map(|part| part.as_os_str().as_encoded_bytes()).collect();
    parts.join(&b'/')
}

fn percent_escaped(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        out.push_str(&chunk.valid().replace('%', "%25"));
        for byte in chunk.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.len().is_multiple_of(2).then(|| digits.chunks(2).map(pair).collect())?
}

#[cfg(unix)]
fn path_of_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    use std::os::unix::ffi::OsStrExt;
    Some(PathBuf::from(OsStr::from_bytes(&bytes)))
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: Vec<u8>) -> Option<PathBuf> {
    Some(PathBuf::from(OsStr::new(&String::from_utf8(bytes).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_stands_as_it_is() {
        let name = DocumentName::of(Path::new("a/b%20c.txt"));
        assert_eq!(name, DocumentName { path: "a/b%20c.txt".into(), raw: None });
    }

    #[cfg(unix)]
    #[test]
    fn odd_bytes_are_escaped_and_kept() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(OsStr::from_bytes(b"a/\xff%.txt"));
        let name = DocumentName::of(path);
        assert_eq!(name.path, "a/%FF%25.txt");
        assert_eq!(DocumentName::to_path(&name.path, name.raw.as_deref()).as_deref(), Some(path));
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for bad in ["", "/etc/passwd", "../x", "a/../../x"] {
            assert_eq!(DocumentName::to_path(bad, None), None, "{bad}");
        }
        assert_eq!(DocumentName::to_path("x", Some("2e2e2f78")), None);
        assert_eq!(DocumentName::to_path("x", Some("2e2")), None);
    }
}
