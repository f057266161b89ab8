//! Finding and reading rule files: regular ones only, and within limits, since a path may lead anywhere.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::error::{Mistakes, RuleError};

/// The most rule files one path may bring.
const MAX_FILES: usize = 5_000;
/// The largest rule file that is read.
const MAX_FILE_BYTES: u64 = 4 << 20;
/// The most that all rule files of a set may hold together.
const MAX_ALL_BYTES: u64 = 32 << 20;
/// How deep rule directories are searched.
const MAX_DEPTH: usize = 16;

fn error(path: &Path, what: impl Into<String>, help: &str) -> RuleError {
    RuleError { file: path.to_owned(), line: 0, rule: None, what: what.into(), help: help.to_owned() }
}

/// Reads rule files one by one, as long as they are not too much together.
pub(super) struct Reading {
    left: u64,
}

impl Reading {
    /// Nothing has been read yet.
    pub(super) fn new() -> Reading {
        Reading { left: MAX_ALL_BYTES }
    }

    /// The text of a rule file; nothing where it cannot be had.
    pub(super) fn text(&mut self, file: &Path, errors: &mut Mistakes) -> Option<String> {
        let text = read_text(file, errors)?;
        let Some(left) = self.left.checked_sub(text.len() as u64) else {
            let what = format!("brings what rule files hold together above {} MB", MAX_ALL_BYTES >> 20);
            errors.push(error(file, what, "name fewer of them"));
            return None;
        };
        self.left = left;
        Some(text)
    }
}

/// The rule files at a path, sorted; symbolic links below it are not followed.
pub(super) fn find(path: &Path, errors: &mut Mistakes) -> Vec<PathBuf> {
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(reason) => {
            let what = format!("cannot be read: {reason}");
            errors.push(error(path, what, "name a rule file or a directory of them"));
            return Vec::new();
        }
    };
    if meta.is_file() {
        return vec![path.to_owned()];
    }
    if !meta.is_dir() {
        errors.push(error(path, "is neither a file nor a directory", "name a rule file"));
        return Vec::new();
    }
    let mut files = Vec::new();
    match collect(path, 0, &mut files) {
        Err(mistake) => errors.push(mistake),
        Ok(()) if files.is_empty() => {
            errors.push(error(path, "holds no *.toml file", "name a directory with rule files"));
        }
        Ok(()) => files.sort(),
    }
    files
}

fn collect(directory: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), RuleError> {
    if depth > MAX_DEPTH {
        let what = format!("lies more than {MAX_DEPTH} directories deep");
        return Err(error(directory, what, "name a directory further down, or move it up"));
    }
    let unreadable =
        |reason: io::Error| error(directory, format!("cannot be read: {reason}"), "name another directory");
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let kind = entry.file_type().map_err(unreadable)?;
        let path = entry.path();
        if kind.is_dir() {
            collect(&path, depth + 1, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == "toml") {
            if files.len() >= MAX_FILES {
                let what = format!("brings the count of rule files above {MAX_FILES}");
                return Err(error(directory, what, "name a directory with fewer of them"));
            }
            files.push(path);
        }
    }
    Ok(())
}

fn read_text(path: &Path, errors: &mut Mistakes) -> Option<String> {
    let bytes = match read_bytes(path) {
        Ok(bytes) if bytes.len() as u64 > MAX_FILE_BYTES => {
            errors.push(error(path, format!("is larger than {} MB", MAX_FILE_BYTES >> 20), "split it"));
            return None;
        }
        Ok(bytes) => bytes,
        Err(reason) => {
            errors.push(error(path, format!("cannot be read: {reason}"), "check its name and permissions"));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(mistake) => {
            let at = mistake.utf8_error().valid_up_to();
            errors.push(error(path, format!("is not UTF-8: byte {at} is malformed"), "save it as UTF-8"));
            None
        }
    }
}

/// Reads no more than one byte above the limit, whatever size the system told.
fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
