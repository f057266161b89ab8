//! `rules check`: rules that match ordinary text, rules and patterns that are of no use, and what it says of good ones.

use crate::support::Dir;

/// A rule without a mistake.
const GOOD: &str = r#"
[[rule]]
id = "house-mark"
strength = "alone"
form = "line"
pattern = ['zebra (crossing|gazette) {n}']
why = "A test."
hit = ["Zebra gazette 7"]
miss = ["The zebra gazette was not read."]
"#;

fn file(rules: &str) -> String {
    format!("format = 1\ncategory = \"house\"\nlang = \"en\"\n{rules}")
}

fn other(id: &str) -> String {
    GOOD.replace("house-mark", id)
}

/// What `rules check` says of these rules, besides the built-in ones.
fn check(rules: &str, flags: &[&str]) -> (i32, String, String) {
    let dir = Dir::new();
    dir.write("own.toml", file(rules));
    dir.run(&[&["rules", "check", "own.toml"], flags].concat())
}

/// What it says of rules that are no mistake, line by line.
fn warnings(rules: &str) -> Vec<String> {
    let (status, stdout, stderr) = check(rules, &[]);
    assert_eq!((status, stderr.as_str()), (0, ""), "{stdout}");
    let mut lines: Vec<String> = stdout.lines().map(str::to_owned).collect();
    let last = lines.pop().unwrap();
    let counted = match lines.len() {
        0 => "no mistakes".to_owned(),
        1 => "no mistakes, 1 warning".to_owned(),
        more => format!("no mistakes, {more} warnings"),
    };
    assert!(last.ends_with(&counted), "{stdout}");
    lines
}

#[test]
fn good_rules_are_passed_without_a_word() {
    assert!(warnings(GOOD).is_empty());
}

#[test]
fn rules_that_match_ordinary_text_are_mistakes() {
    for pattern in ["{any:12}", "{name}", "{any:3} {any:9}?", "(the)? {any:20}", "{any:4}(.)?"] {
        let rules = GOOD.replace("zebra (crossing|gazette) {n}", pattern);
        let (status, stdout, stderr) = check(&rules, &[]);
        assert_eq!((status, stdout.as_str()), (2, ""), "{pattern}");
        for part in ["own.toml:5: rule `house-mark`: matches ordinary text (", "; write words into its patterns"] {
            assert!(stderr.contains(part), "{pattern}: {stderr}");
        }
    }
    let regex = GOOD.replace("pattern = ['zebra (crossing|gazette) {n}']", "regex = '[a-z ]+[0-9a-z]*'");
    assert!(check(&regex, &[]).2.contains("matches ordinary text"));
}

#[test]
fn spans_and_starts_are_tried_on_ordinary_text_too() {
    for (form, pattern) in [("start", "{any:2}"), ("end", "{any:3}"), ("span", "(she|it|the) {any:6}")] {
        let rules = GOOD.replace("\"line\"", &format!("\"{form}\"")).replace("zebra (crossing|gazette) {n}", pattern);
        let (status, _, stderr) = check(&rules, &[]);
        assert!(status == 2 && stderr.contains("matches ordinary text"), "{form}: {stderr}");
    }
}

#[test]
fn weaker_rules_that_match_nearly_everything_are_warned_of() {
    let case = "\n[[case]]\ntext = \"\"\"\nThe bridge is open again after two years of work, the town said on Monday.\n\nZebra gazette 7\n\"\"\"\nkept = \"\"\"\nThe bridge is open again after two years of work, the town said on Monday.\n\"\"\"\n";
    let rules = GOOD.replace("\"alone\"", "\"supported\"").replace("zebra (crossing|gazette) {n}", "{any:12}") + case;
    let told = warnings(&rules);
    assert!(told.len() == 1 && told[0].contains("rule `house-mark`: matches ordinary text"), "{told:?}");
    let rules = GOOD.replace("\"alone\"", "\"supported\"") + case;
    assert!(warnings(&rules).is_empty());
}

#[test]
fn shadowed_rules_name_what_shadows_them() {
    let built_in = GOOD
        .replace("zebra (crossing|gazette) {n}", "leave a (reply|comment)")
        .replace("Zebra gazette 7", "Leave a Reply");
    assert_eq!(
        warnings(&built_in),
        ["warning: own.toml:5: rule `house-mark`: is shadowed: all its hits are removed without it, by the rule \
          `leave-a-reply` (built in); remove it, or add a hit that only it matches"]
    );
    // Of two that are equal, the later is told, and not both.
    let told = warnings(&(GOOD.to_owned() + &other("house-mark-again")));
    assert!(told.len() == 1 && told[0].contains("own.toml:14: rule `house-mark-again`: is shadowed"), "{told:?}");
    // A weaker rule, or one for another place, takes nothing away from a stronger one.
    let tail = other("house-mark-tail").replace("form =", "place = \"tail\"\nform =");
    let told = warnings(&(tail + GOOD));
    assert!(told.len() == 1 && told[0].contains("rule `house-mark-tail`: is shadowed"), "{told:?}");
}

#[test]
fn patterns_that_others_cover_are_told() {
    let with = |patterns: &str| GOOD.replace("'zebra (crossing|gazette) {n}'", patterns);
    for (patterns, says) in [
        (
            "'zebra (crossing|gazette) {n}', 'zebra gazette {n}'",
            "`zebra gazette {n}` matches nothing that is not matched by `zebra (crossing|gazette) {n}`; remove the pattern",
        ),
        (
            "'zebra gazette {n}', 'zebra (crossing|gazette) {n}'",
            "`zebra gazette {n}` matches nothing that is not matched by `zebra (crossing|gazette) {n}`; remove the pattern",
        ),
        (
            "'zebra gazette {name}? {n}', 'zebra gazette {any:5}'",
            "`zebra gazette {name}? {n}` matches nothing that is not matched by `zebra gazette {any:5}`; remove the pattern",
        ),
        (
            "'zebra (gazette|crossing|gazette) {n}'",
            "`gazette` stands twice in a choice of `zebra (gazette|crossing|gazette) {n}`; remove one of them",
        ),
        ("'zebra (a|b) gazette', 'zebra {n}', 'zebra gazette {n}'", ""),
    ] {
        let told = warnings(&with(patterns));
        if says.is_empty() {
            assert!(told.is_empty(), "{patterns}: {told:?}");
        } else {
            assert_eq!(told, [format!("warning: own.toml:5: rule `house-mark`: {says}")], "{patterns}");
        }
    }
    let twice = warnings(&with("'zebra (crossing|gazette) {n}', 'zebra (gazette|crossing) {n}'"));
    assert!(twice.iter().any(|line| line.contains("says the same as a pattern before it")), "{twice:?}");
}

#[test]
fn a_rule_that_is_switched_off_is_told() {
    let told = warnings(
        &(GOOD.to_owned()
            + &other("old-mark").replace("zebra", "quagga").replace("Zebra", "Quagga")
            + "\n[[rule]]\nid = \"old-mark\"\ndisabled = true\n"),
    );
    assert_eq!(
        told,
        [
            "warning: own.toml:14: rule `old-mark`: is switched off at own.toml:23; remove the rule, or the `disabled = true`"
        ]
    );
    // Switching off a built-in rule is what `disabled` is for.
    assert!(warnings(&(GOOD.to_owned() + "\n[[rule]]\nid = \"leave-a-reply\"\ndisabled = true\n")).is_empty());
}

#[test]
fn patterns_without_an_example_are_noted_when_asked_for() {
    let rules = GOOD.replace("{n}']", "{n}', 'quagga {n} times']");
    assert!(warnings(&rules).is_empty());
    let (status, stdout, _) = check(&rules, &["-v"]);
    let note = "note: own.toml:5: rule `house-mark`: no hit shows what `quagga {n} times` matches; add one\n";
    assert!(status == 0 && stdout.starts_with(note), "{stdout}");
}

#[test]
fn without_a_path_the_built_in_rules_are_checked() {
    let dir = Dir::new();
    let (status, stdout, stderr) = dir.run(&["rules", "check"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let (_, list, _) = dir.run(&["rules", "list"]);
    let last = stdout.lines().last().unwrap();
    assert!(
        last.starts_with(&format!("{} rules in ", list.lines().filter(|line| !line.contains("  judgement  ")).count()))
            && last.contains("no mistakes"),
        "{stdout}"
    );
    // Word lists alone bring no rules, and the built-in ones are not asked for.
    dir.write("vocabulary.toml", "format = 1\nlang = \"en\"\n\n[lists]\npiece = [\"tale\"]\n");
    let (status, stdout, _) = dir.run(&["rules", "check", "vocabulary.toml"]);
    assert_eq!((status, stdout.as_str()), (0, "0 rules in 1 file, no mistakes\n"));
}

#[test]
fn patterns_that_are_tried_everywhere_are_told() {
    let rules = |form: &str| {
        GOOD.replace("\"line\"", form)
            .replace("zebra (crossing|gazette) {n}", "{name} {time} {n}")
            .replace("Zebra gazette 7", "Anna Keller 10:30 7")
    };
    let told = warnings(&rules("\"span\""));
    let says = "own.toml:5: rule `house-mark`: `{name} {time} {n}` holds no word to look it up by, so it is tried at every sentence of every text; begin it with a word, or with a choice of words";
    assert_eq!(told, [format!("warning: {says}")]);
    assert!(warnings(&rules("\"line\"")).is_empty());
    assert!(check(&rules("\"line\""), &["-v"]).1.contains("so it is tried on every short line"));
}
