//! A configuration file: found, read within limits, and asked what it says.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use dechrome::report::terminal::Escaped;

use super::key::{Key, Kind};
use super::place::{Place, Source};
use super::reading;
use crate::args::RuleFlags;
use crate::exit::usage;
use crate::ui::shown;

/// The file that is read without being named.
pub(super) const FILE_NAME: &str = "dechrome.toml";
/// The largest file that is read, in bytes.
const MAX_BYTES: u64 = 256 << 10;

/// A value as the command line would have it.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) place: Place,
}

/// A key with its value, or the values of its list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) key: &'static Key,
    pub(super) place: Place,
    pub(super) values: Vec<Value>,
}

impl Entry {
    /// Whether it is a switch that is off, as all are that nobody names.
    pub(super) fn is_off(&self) -> bool {
        self.key.kind == Kind::Switch && self.values.iter().all(|value| value.text == "false")
    }
}

/// What a configuration file says.
#[derive(Clone, Debug)]
pub(crate) struct ConfigFile {
    pub(super) path: PathBuf,
    pub(super) entries: Vec<Entry>,
}

impl ConfigFile {
    /// Reads a file; `None` where none was named and the current directory holds none.
    pub(super) fn find(named: Option<&Path>) -> anyhow::Result<Option<ConfigFile>> {
        let path = named.unwrap_or(Path::new(FILE_NAME));
        let way_out = match named {
            Some(_) => "name another file",
            None => "rename it, or leave it out with --no-config",
        };
        match read_bytes(path) {
            Ok(bytes) => ConfigFile::parse(path, &bytes).map(Some),
            Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(usage(format!("the configuration {} cannot be read: {error}; {way_out}", shown(path)))),
        }
    }

    pub(super) fn parse(path: &Path, bytes: &[u8]) -> anyhow::Result<ConfigFile> {
        let name = Escaped(&path.to_string_lossy()).to_string();
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let place = Source::of_lossy(bytes, error.valid_up_to());
            usage(format!("{name}:{place}: not UTF-8; save it as UTF-8"))
        })?;
        let entries = reading::read(&name, text).map_err(usage)?;
        Ok(ConfigFile { path: path.to_owned(), entries })
    }

    /// The file itself.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.name == name)
    }

    /// The values of a list; paths start at the file.
    pub(super) fn list(&self, entry: &Entry) -> Vec<OsString> {
        let above = match entry.key.name {
            "rules" => self.path.parent().unwrap_or(Path::new("")),
            _ => Path::new(""),
        };
        entry.values.iter().map(|value| above.join(&value.text).into_os_string()).collect()
    }

    /// The rules that it names, for a command that puts others beside them.
    pub(crate) fn rules(&self) -> RuleFlags {
        let paths = self.entry("rules").map(|entry| self.list(entry)).unwrap_or_default();
        let no_default_rules = self.entry("no-default-rules").is_some_and(|entry| !entry.is_off());
        RuleFlags { paths: paths.into_iter().map(PathBuf::from).collect(), no_default_rules }
    }

    /// Where the values stand that an error speaks of, for people who look for them on the command line in vain.
    pub(crate) fn places_of(&self, error: &str) -> String {
        let mut told = String::new();
        for entry in self.entries.iter().filter(|entry| entry.key.kind != Kind::Switch) {
            for (value, text) in entry.values.iter().zip(self.list(entry)) {
                let (text, name) = (text.to_string_lossy(), entry.key.name);
                // Mistakes of rules begin with the path of their file; other values are told between marks.
                let is_meant =
                    if name == "rules" { error.contains(&*text) } else { error.contains(&format!("`{text}`")) };
                if is_meant {
                    let path = Escaped(&self.path.to_string_lossy()).to_string();
                    told.push_str(&format!(
                        "\n{path}:{}: there `{name}` names `{}`",
                        value.place,
                        Escaped(&value.text)
                    ));
                }
            }
        }
        told
    }
}

/// Reads no more than one byte above the limit; what is no regular file is not opened, since a FIFO might never answer.
fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let not_regular = || io::Error::other("it is not a regular file");
    if !fs::metadata(path)?.is_file() {
        return Err(not_regular());
    }
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(not_regular());
    }
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(io::Error::other(format!("it is larger than {} kB", MAX_BYTES >> 10)));
    }
    Ok(bytes)
}
