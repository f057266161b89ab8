//! What rule files may hold: every refusal names file, line, rule, limit, and the way out.

use std::fs;
use std::path::Path;

use dechrome::{RuleErrors, RuleSet};

fn load(path: &Path) -> Result<RuleSet, RuleErrors> {
    RuleSet::loader().without_defaults().path(path).load()
}

/// The mistakes of a directory with these files, without the directory's name.
fn mistakes(files: &[(&str, &str)]) -> String {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let told = load(directory.path()).expect_err("the rules have mistakes").to_string();
    told.replace(directory.path().to_str().unwrap(), "DIR")
}

/// A rule file without a mistake, but for this.
fn rule(matcher: &str) -> String {
    format!(
        "format = 1\ncategory = \"share\"\nlang = \"en\"\n\n[[rule]]\nid = \"share-it\"\nstrength = \"alone\"\n\
         form = \"line\"\n{matcher}\nwhy = \"A test.\"\nhit = [\"Share this story\"]\nmiss = [\"They share it.\"]\n"
    )
}

fn pattern(pattern: &str) -> String {
    rule(&format!("pattern = '{pattern}'"))
}

/// Small ones, but many.
fn many(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect::<Vec<_>>().join(" ")
}

#[test]
fn oversized_patterns_are_refused() {
    for (text, says) in [
        (pattern(&"share this ".repeat(200)), "the pattern has 2200 characters, more than 2000; split it"),
        (pattern(&many(41, |_| "{n}".into())), "the pattern has 41 slots, more than 40; split it"),
        (pattern(&many(11, |_| "{any:60}".into())), "take in 660 words together, more than 600; write smaller counts"),
        (pattern(&many(300, |_| "(a|b)".into()).replace(' ', "")), "becomes 1800 steps, more than 1000; split it"),
        (
            pattern(&format!("a {}", many(60, |n| format!("w{n}?")))),
            "texts, more than 1000000000000000; make less of it optional",
        ),
        (
            rule(&format!("regex = '{}'", "ab".repeat(2500))),
            "the regular expression has 5000 bytes, more than 4096; split it",
        ),
        (rule("regex = '(\\w{300}){300}'"), "larger than 1048576 bytes once compiled; mend it"),
    ] {
        let told = mistakes(&[("own.toml", &text)]);
        assert!(told.contains("DIR/own.toml:9: rule `share-it`: "), "{told}");
        assert!(told.contains(says), "{says:?} is not in {}", &told[told.len().saturating_sub(300)..]);
    }
}

#[test]
fn oversized_rules_are_refused() {
    let list =
        |count: usize| format!("[{}]", (0..count).map(|n| format!("'share {n}'")).collect::<Vec<_>>().join(", "));
    for (text, says) in [
        (
            rule(&format!("pattern = {}", list(201))),
            ":5: rule `share-it`: the rule has 201 texts under `pattern`, more than 200; split",
        ),
        (
            rule(&format!("regex = {}", list(201))),
            ":5: rule `share-it`: the rule has 201 texts under `regex`, more than 200; split",
        ),
        (
            pattern("share this story").replace("[\"They share it.\"]", &list(201)),
            ":5: rule `share-it`: the rule has 201 texts under `miss`, more than 200; keep the most telling",
        ),
        (
            pattern("share this story").replace("They share it", &"x".repeat(6001)),
            ":12: rule `share-it`: a `miss` has 6002 bytes, more than 6000; shorten it",
        ),
    ] {
        let told = mistakes(&[("own.toml", &text)]);
        assert!(told.contains(says), "{says:?} is not in {told}");
    }
}

#[test]
fn oversized_word_lists_are_refused() {
    let list = |words: &str| format!("format = 1\nlang = \"en\"\n\n[lists]\npiece = [{words}]\n");
    let many = (0..20_001).map(|n| format!("'w{n}'")).collect::<Vec<_>>().join(",");
    let told = mistakes(&[("vocabulary.toml", &list(&many))]);
    assert_eq!(
        told,
        "DIR/vocabulary.toml:5: `piece` holds 20001 words, more than 20000; keep the usual ones, or write several lists"
    );
    let told = mistakes(&[("vocabulary.toml", &list(&format!("'{}'", "ü".repeat(201))))]);
    assert_eq!(
        told,
        "DIR/vocabulary.toml:5: `piece` holds a text of more than 200 characters; write single words and short phrases"
    );
}

#[test]
fn files_are_read_within_limits() {
    let big = "#".repeat((4 << 20) + 1);
    assert_eq!(mistakes(&[("big.toml", &big)]), "DIR/big.toml: is larger than 4 MB; split it");
    let deep = format!("{}own.toml", "d/".repeat(17));
    let told = mistakes(&[(&deep, "")]);
    assert!(
        told.ends_with(" lies more than 16 directories deep; name a directory further down, or move it up"),
        "{told}"
    );
    let nearly = format!("format = 1\ncategory = 'x'\n{}", "#".repeat(3 << 20));
    let names: Vec<String> = ('a'..='k').map(|name| format!("{name}.toml")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), nearly.as_str())).collect();
    let told = mistakes(&files);
    assert_eq!(told, "DIR/k.toml: brings what rule files hold together above 32 MB; name fewer of them");
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe.toml");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let told = load(&pipe).expect_err("a pipe is no rule file").to_string();
    assert!(told.ends_with("pipe.toml: is neither a file nor a directory; name a rule file"), "{told}");
    let told = load(directory.path()).expect_err("a pipe is no rule file").to_string();
    assert!(told.ends_with(": holds no *.toml file; name a directory with rule files"), "{told}");
    let told = load(Path::new("/dev/null")).expect_err("a device is no rule file").to_string();
    assert!(told.contains("is neither a file nor a directory"), "{told}");
}
