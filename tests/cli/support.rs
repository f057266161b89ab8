//! What the tests of the command line share.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "tests; not every one needs every helper")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

/// An article with one line of chrome in it.
pub(crate) const WITH_CHROME: &str = "\
Council approves four new bus routes

The city council voted on Monday evening to add four bus routes to the eastern districts, where residents have asked
for better connections for almost ten years. The first buses will run in September, the transport office said.

ALSO READ: Some Other Headline Here

Drivers are being trained already, and the depot on Mill Street will be enlarged next spring so that sixteen more
vehicles can be kept there. The cost of the whole plan is estimated at nine million euros over three years.
";

/// An article without chrome.
pub(crate) const WITHOUT_CHROME: &str = "\
The ferry had been late every morning that week, and the people who waited at the pier had begun to talk to each other.
A teacher knew the captain, a nurse knew the mechanic, and between them they had worked out what was wrong.

When the boat came at last, the mechanic waved and said that the pump was repaired and that nobody would wait again.
";

/// A directory that goes when the test ends.
pub(crate) struct Dir(tempfile::TempDir);

impl Dir {
    pub(crate) fn new() -> Dir {
        Dir(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, with the directories above it.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// The program, run in this directory.
    pub(crate) fn dechrome(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dechrome"));
        command.current_dir(self.0.path()).args(args);
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "TERM", "LANG", "LC_ALL", "LC_CTYPE"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs the program; gives its status, standard output and standard error.
    pub(crate) fn run(&self, args: &[&str]) -> (i32, String, String) {
        outcome(&mut self.dechrome(args))
    }

    /// The same with bytes on standard input, and bytes on standard output.
    pub(crate) fn pipe(&self, args: &[&str], input: &[u8]) -> (i32, Vec<u8>, String) {
        let output = self.dechrome(args).write_stdin(input).output().unwrap();
        (output.status.code().unwrap_or(-1), output.stdout, String::from_utf8(output.stderr).unwrap())
    }

    /// Runs `dechrome clean in --out out` with these further arguments, and expects this status.
    pub(crate) fn clean(&self, out: &str, more: &[&str], status: i32) -> String {
        let args = [&["clean", "in", "--out", out], more].concat();
        let (found, _, stderr) = self.run(&args);
        assert_eq!(found, status, "{args:?}: {stderr}");
        stderr
    }

    /// What is left of a text that is a file of its own.
    pub(crate) fn cleaned(&self, text: &str) -> String {
        self.write("alone/text.txt", text);
        let (status, stdout, stderr) = self.run(&["clean", "alone/text.txt"]);
        assert_eq!(status, 0, "{stderr}");
        stdout
    }

    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// The rows of the report in `out`.
    pub(crate) fn rows(&self, out: &str) -> Vec<Value> {
        let report = self.read(&format!("{out}/report.jsonl"));
        report.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The row of one document.
    pub(crate) fn row(&self, out: &str, path: &str) -> Value {
        let row = self.rows(out).into_iter().find(|row| row["path"] == path);
        row.unwrap_or_else(|| panic!("no row for {path}"))
    }

    pub(crate) fn summary(&self, out: &str) -> Value {
        serde_json::from_str(&self.read(&format!("{out}/summary.json"))).unwrap()
    }

    /// Every file below a directory with its bytes.
    pub(crate) fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let root = self.path(name);
        let files = walkdir::WalkDir::new(&root).into_iter().map(Result::unwrap);
        let files = files.filter(|entry| entry.file_type().is_file());
        files.map(|entry| (relative(&root, entry.path()), fs::read(entry.path()).unwrap())).collect()
    }

    /// The names of what is directly in a directory.
    pub(crate) fn names(&self, name: &str) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.path(name))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

fn relative(root: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(root).unwrap().to_owned()
}

pub(crate) fn outcome(command: &mut Command) -> (i32, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// Checks a row against the decoded input and the output: sizes, ranges, texts and hashes.
pub(crate) fn check_account(row: &Value, text: &str, kept: &str) {
    let number = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    let (mut at, mut rebuilt, mut gone) = (0, String::new(), 0);
    for removed in row["removed"].as_array().unwrap() {
        let (start, end) = (number(&removed["start"]), number(&removed["end"]));
        assert!(at <= start && start < end, "{removed}");
        assert_eq!(removed["text"], text[start..end]);
        assert_eq!(number(&removed["line"]), text[..start].matches('\n').count() + 1);
        assert!(removed["rule"].is_string() && removed["category"].is_string() && removed["evidence"].is_object());
        rebuilt.push_str(&text[at..start]);
        gone += end - start;
        at = end;
    }
    rebuilt.push_str(&text[at..]);
    assert_eq!(rebuilt, kept);
    assert_eq!(number(&row["bytes_text"]), text.len());
    assert_eq!(number(&row["bytes_kept"]), kept.len());
    assert_eq!(text.len(), kept.len() + gone);
    let hash = |text: &str| format!("blake3:{}", blake3::hash(text.as_bytes()).to_hex());
    assert_eq!(row["hash_text"], hash(text));
    assert_eq!(row["hash_kept"], hash(kept));
}

/// The hash that rows have of these bytes.
pub(crate) fn hash_of(bytes: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(bytes).to_hex())
}
