//! The built-in rules: every hit, miss and case, and the order of the files.

use dechrome::check::{Severity, check_rules};
use dechrome::{Cleaner, RuleSet};

#[test]
fn every_hit_miss_and_case_of_the_built_in_rules_holds() {
    let rules = RuleSet::loader().with_examples().load().unwrap();
    let failures = Cleaner::builder().rules(rules).build().unwrap().test_rules();
    let report: Vec<String> = failures.iter().map(ToString::to_string).collect();
    assert!(report.is_empty(), "{} failures:\n{}", report.len(), report.join("\n"));
}

#[test]
fn rules_are_sorted_by_id_within_their_file() {
    let set = RuleSet::builtin();
    for pair in set.rules().windows(2).filter(|pair| pair[0].origin.file == pair[1].origin.file) {
        assert!(
            pair[0].id < pair[1].id,
            "{} stands before {} in {}",
            pair[0].id,
            pair[1].id,
            pair[0].origin.file.display()
        );
    }
}

#[test]
fn no_built_in_rule_matches_ordinary_text() {
    let rules = RuleSet::loader().with_examples().load().unwrap();
    let errors = check_rules(&rules, |_| true).into_iter().filter(|found| found.severity == Severity::Error);
    let told: Vec<String> = errors.map(|found| found.to_string()).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_category_says_what_it_is() {
    for (name, category) in RuleSet::builtin().categories() {
        assert!(category.is_some(), "rules/categories.toml does not name `{name}`");
    }
}

#[test]
fn the_hash_names_the_rules_and_nothing_else() {
    let set = RuleSet::builtin();
    assert_eq!(set.hash().len(), 64);
    let with_examples = RuleSet::loader().with_examples().load().unwrap();
    assert_eq!(set.hash(), with_examples.hash());
    for (lean, whole) in set.rules().iter().zip(with_examples.rules()) {
        assert_eq!(lean.origin, whole.origin);
    }
    let without = RuleSet::loader().without_defaults().load().expect("word lists and weights load");
    assert_ne!(set.hash(), without.hash());
    assert!(without.rules().is_empty());
}
