//! Every mistake in a rule file is reported at once, each with its place and what to write instead.

use std::fs;

use dechrome::{RuleErrors, RuleSet};

fn load(text: &str) -> Result<RuleSet, RuleErrors> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("own.toml");
    fs::write(&file, text).unwrap();
    RuleSet::loader().without_defaults().path(file).load()
}

fn mistakes(text: &str) -> Vec<String> {
    let errors = load(text).expect_err("the rules have mistakes");
    let told = errors.iter().map(ToString::to_string);
    told.map(|line| line.split_once("own.toml").map_or(line.clone(), |(_, rest)| rest.to_owned())).collect()
}

/// A rule without a mistake, with `change` applied to its text.
fn rule(change: impl Fn(String) -> String) -> String {
    change(
        r#"format = 1
category = "share"
lang = "en"

[[rule]]
id = "share-it"
strength = "alone"
form = "line"
pattern = 'share this {piece}'
why = "A test."
hit = ["Share this story"]
miss = ["They share this story with us."]
"#
        .to_owned(),
    )
}

#[test]
fn a_rule_without_a_mistake_loads() {
    assert_eq!(load(&rule(|text| text)).unwrap().rules().len(), 1);
}

#[test]
fn a_rule_may_have_another_category_than_its_file() {
    let of = |text: &str| load(text).unwrap().get("share-it").unwrap().category.to_string();
    assert_eq!(of(&rule(|text| text)), "share");
    assert_eq!(of(&rule(|text| text + "category = \"cookie\"\n")), "cookie");
    let told = mistakes(&rule(|text| text + "category = \"My Own\"\n"));
    assert!(told.len() == 1 && told[0].contains("the category `My Own` is not in kebab case"), "{told:?}");
}

#[test]
fn all_mistakes_of_a_file_are_reported_together() {
    let told = mistakes(
        r#"category = "Share Things"
colour = "red"

[[rule]]
id = "Share It"
strenght = "alone"
form = "lines"
pattern = ['Share this', '(a|)', 'read {any}', 'share {peice}']
why = ""
hit = []

[[rule]]
id = "twice"
lang = "en"
strength = "alone"
form = "line"
pattern = 'twice'
regex = 'twice'
why = "Both."
hit = ["Twice"]
miss = ["Once"]
"#,
    );
    let all = told.join("\n");
    for part in [
        ":1: the file does not say its format; write `format = 1`",
        ":1: the category `Share Things` is not in kebab case",
        ":2: unknown key `colour`",
        ":5: rule `Share It`: the id is not in kebab case",
        ":6: rule `Share It`: unknown key `strenght`; did you mean `strength`?",
        ":7: rule `Share It`: `form` is \"lines\"; write one of line, start, end, span, block, tail",
        "`Share this`: `Share` has the capital `S`; write `share`",
        "an alternative in `(a|)` is empty; write `(a|b)?`",
        "`{any}` has no count; write the most words it may take in, as in `{any:12}`",
        "the rule does not say why",
        "the rule has no `hit`",
        "the rule has no `miss`",
        ":12: rule `twice`: the rule has both `pattern` and `regex`",
    ] {
        assert!(all.contains(part), "no mistake says {part:?}:\n{all}");
    }
}

#[test]
fn slots_must_name_a_word_list() {
    let told = mistakes(&rule(|text| text.replace("{piece}", "{peice}")));
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("did you mean `{piece}`?"), "{}", told[0]);
}

#[test]
fn an_id_is_taken_once_and_never_that_of_a_judgement() {
    let told = mistakes(&rule(|text| text.clone() + &text[text.find("[[rule]]").unwrap()..]));
    assert!(told[0].contains("the id is taken by") && told[0].contains("`replaces = true`"), "{}", told[0]);
    let told = mistakes(&rule(|text| text.replace("share-it", "doubled-title")));
    assert!(told[0].contains("choose another id"), "{}", told[0]);
    let told = mistakes(&rule(|text| text.replace("id = \"share-it\"", "id = \"share-it\"\nreplaces = true")));
    assert!(told[0].contains("no rule of this id to replace"), "{}", told[0]);
}

#[test]
fn regular_expressions_have_limits() {
    for (regex, says) in [
        ("(a", "unclosed group"),
        (r"(\\w{400}){400}", "larger than"),
        ("a*", "matches empty text"),
        (r"(a)\\1", "backreferences are not supported"),
    ] {
        let told =
            mistakes(&rule(|text| text.replace("pattern = 'share this {piece}'", &format!("regex = \"{regex}\""))));
        assert!(told[0].contains(says), "{regex}: {}", told[0]);
    }
}

#[test]
fn rules_replace_disable_and_rename_built_in_ones() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("own.toml");
    fs::write(
        &file,
        r#"format = 1
category = "share"
lang = "en"

[[rule]]
id = "also-read"
replaces = true
was = ["also-see"]
strength = "alone"
form = "line"
pattern = 'zebra'
why = "A test."
hit = ["Zebra"]
miss = ["Horse"]

[[rule]]
id = "share-this"
disabled = true
"#,
    )
    .unwrap();
    let set = RuleSet::loader().path(&file).load().unwrap();
    assert_eq!(set.get("also-read").unwrap().patterns(), ["zebra"]);
    assert_eq!(&*set.get("also-see").unwrap().id, "also-read");
    assert!(set.get("share-this").is_none());
    assert_ne!(set.hash(), RuleSet::builtin().hash());
}
