//! The tables that starts of the program take their short cuts by: with and without them, every verdict is the same.

use std::fs;
use std::path::{Path, PathBuf};

use dechrome::rules::Loader;
use dechrome::{Cleaner, RuleSet};

/// Rules of a user's, which the tables do not know.
const RULES: &str = r#"
format = 1
category = "share"
lang = "en"

[[rule]]
id = "quorvex-line"
form = "line"
strength = "alone"
pattern = ["quorvex {n} now", "{name} loves quorvex"]
why = "A test."
hit = ["Quorvex 7 now"]
miss = ["Quorvex"]

[[rule]]
id = "quorvex-span"
form = "span"
strength = "alone"
pattern = "see quorvex"
why = "A test."
hit = ["See quorvex."]
miss = ["Quorvex"]
"#;
const MORE_TEXT: &str = "\nQuorvex 7 now\nAnn Lee loves quorvex\nThe bridge is open. See quorvex. It rained all day.\n";
const REPLACING: &str = r#"
[[rule]]
id = "leave-a-reply"
replaces = true
form = "line"
strength = "alone"
pattern = "quorvex"
why = "A test."
hit = ["Quorvex"]
miss = ["Leave a quorvex"]
"#;
const DISABLING: &str = "\n[[rule]]\nid = \"also-read\"\ndisabled = true\n";
const WORDS: &str = "format = 1\nlang = \"en\"\n[lists]\npiece = [\"quorvex\"]\n";

fn sample_texts(directory: &Path, texts: &mut Vec<String>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sample_texts(&path, texts);
        } else if let Ok(text) = fs::read_to_string(&path) {
            texts.push(text + MORE_TEXT);
        }
    }
}

/// What is left of every sample, and what was decided about each of its lines.
fn verdicts(loader: Loader) -> Vec<String> {
    let cleaner = Cleaner::builder().rules(loader.load().unwrap()).build().unwrap();
    let mut texts = Vec::new();
    sample_texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/in"), &mut texts);
    texts.iter().map(|text| format!("{:?}\n{:?}", cleaner.clean(text), cleaner.explain(text))).collect()
}

/// Compares the verdicts with tables and with rules that are read from their files, these paths added to both.
fn compare(files: &[(&str, &str)]) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let with = |loader: Loader| if files.is_empty() { loader } else { loader.path(directory.path()) };
    let tables = verdicts(with(RuleSet::loader()));
    let read = verdicts(with(RuleSet::loader().with_examples()));
    assert!(!tables.is_empty());
    for (tables, read) in tables.iter().zip(&read) {
        assert_eq!(tables, read);
    }
}

#[test]
fn built_in_rules_judge_alike() {
    compare(&[]);
}

#[test]
fn rules_that_are_added_judge_alike() {
    compare(&[("mine.toml", RULES)]);
}

#[test]
fn rules_and_words_that_are_changed_judge_alike() {
    compare(&[("mine.toml", &format!("{RULES}{REPLACING}{DISABLING}"))]);
    compare(&[("mine.toml", RULES), ("vocabulary.toml", WORDS)]);
}

#[test]
fn hashes_are_alike() {
    let (tables, read) = (RuleSet::builtin(), RuleSet::loader().with_examples().load().unwrap());
    assert_eq!(tables.hash(), read.hash());
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("mine.toml"), RULES).unwrap();
    let more = RuleSet::loader().path(directory.path()).load().unwrap();
    let read = RuleSet::loader().with_examples().path(directory.path()).load().unwrap();
    assert_eq!(more.hash(), read.hash());
    assert_ne!(more.hash(), tables.hash());
}
