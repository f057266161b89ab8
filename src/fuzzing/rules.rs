//! Rule files: any bytes give an error or rules, soon; and rules, whatever they say, keep the promises of cleaning.

use std::path::Path;

use super::{Choices, accounting};
use crate::check::check_rules;
use crate::{Cleaner, RuleErrors, RuleSet};

/// What a file is called decides how it is read.
const NAMES: [&str; 6] = ["a.toml", "a.toml", "a.toml", "vocabulary.toml", "weights.toml", "categories.toml"];

const ARTICLE: &str = "The bridge is open again, after two years of work that cost the town three million.\n\n\
                       ALSO READ: Storm closes harbour for third day\n\nThe mayor thanked all who had waited so long \
                       for this day, she said on Monday.\n\nShare this story\nFacebook\nTwitter\nLeave a Reply\n";

/// Loads a rule file, and cleans an article and the file itself with it: its examples are what its rules hit.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let name = choices.pick(&NAMES);
    let bytes = choices.rest();
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join(name);
    std::fs::write(&path, bytes).expect("written");
    match RuleSet::loader().without_defaults().path(&path).load() {
        Ok(rules) => check_loaded(rules, &String::from_utf8_lossy(bytes)),
        Err(errors) => check_errors(&errors, &path, bytes),
    }
}

fn check_loaded(rules: RuleSet, own: &str) {
    let _ = check_rules(&rules, |_| true);
    let cleaner = Cleaner::builder().rules(rules).build().expect("rules that load build");
    let _ = cleaner.test_rules();
    for text in [ARTICLE, own] {
        let cleaned = cleaner.clean(text);
        accounting::check(text, &cleaned);
        accounting::check_twice(&cleaner, &cleaned, None);
    }
}

/// Every mistake has its file, and a line that is there.
fn check_errors(errors: &RuleErrors, path: &Path, bytes: &[u8]) {
    let lines = bytes.split(|&byte| byte == b'\n').count();
    assert!(errors.count() > 0 && errors.count() == errors.iter().count(), "no mistake is an error");
    for error in errors.iter() {
        assert!(error.file == path && error.line <= lines, "{error} stands elsewhere");
        assert!(!error.what.is_empty(), "a mistake that does not say what it is");
    }
}
