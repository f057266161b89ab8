//! Rule files that somebody wrote to do harm: each is refused with its place, or takes no more than it may.

use std::fs;

use dechrome::{Cleaner, Outcome, RuleErrors, RuleSet};

fn load(name: &str, bytes: impl AsRef<[u8]>) -> Result<RuleSet, RuleErrors> {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(name), bytes).unwrap();
    RuleSet::loader().without_defaults().path(directory.path()).load()
}

/// What is told of a file, without the directory's name.
fn told(name: &str, bytes: impl AsRef<[u8]>) -> String {
    let errors = match load(name, bytes) {
        Ok(_) => return "it loads".to_owned(),
        Err(errors) => errors,
    };
    let lines = errors.to_string();
    let short = |line: &str| line.split_once(name).map_or(line.to_owned(), |(_, rest)| rest.to_owned());
    lines.lines().map(short).collect::<Vec<_>>().join("\n")
}

/// A rule file without a mistake but for what replaces a line of it, or stands behind it.
fn file(id: usize, line: &str) -> String {
    let key = line.split([' ', '=']).next().unwrap_or_default();
    let lines = [
        format!("id = \"rule-{id}\""),
        "strength = \"supported\"".to_owned(),
        "form = \"line\"".to_owned(),
        "pattern = 'share this story'".to_owned(),
        "why = \"A test.\"".to_owned(),
        "hit = [\"Share this story\"]".to_owned(),
        "miss = [\"They share it.\"]".to_owned(),
    ];
    let replaced = if key == "regex" { "pattern" } else { key };
    let kept: Vec<String> = lines.into_iter().filter(|it| !it.starts_with(&format!("{replaced} "))).collect();
    format!("[[rule]]\n{line}\n{}\n", kept.join("\n"))
}

fn headed(text: &str) -> String {
    format!("format = 1\ncategory = \"share\"\nlang = \"en\"\n{text}")
}

/// A file of one rule with this line in place of its own; the line stands on line 5.
fn with(line: &str) -> String {
    headed(&file(0, line))
}

fn times(count: usize, text: &str) -> String {
    text.repeat(count)
}

#[test]
fn a_file_that_is_no_rule_file_is_refused_with_its_line() {
    for (text, says) in [
        ("", ":1: the file does not say its format; write `format = 1`"),
        ("\u{feff}", ":1: the file does not say its format"),
        ("format = 1\0", ":1: not TOML: "),
        ("format = 1\ncategory = \"sh\0are\"", ":2: not TOML: "),
        ("format = 1\rcategory = 'share'", ":1: not TOML: "),
        ("format = 1\nformat = 1", ":2: not TOML: duplicate key; mend it"),
        ("format = 1\ncategory = \"share", ":2: not TOML: "),
        ("%YAML 1.2\n---\na: &a [x]\nb: [*a, *a]\n", ":1: not TOML: "),
        ("{\"format\": 1}", ":1: not TOML: "),
        ("format = 2", ":1: format 2 is not known; write `format = 1`, or use a newer dechrome"),
        ("format = 99999999999999999999", ":1: `format` is "),
        ("format = \"1\"", ":1: `format` is a string; write a whole number"),
        ("include = \"/etc/passwd\"", ":1: unknown key `include`"),
        (&times(20_000, "["), ":1: not TOML: "),
        (&format!("a = {}", times(20_000, "[")), ":1: not TOML: "),
        (&format!("a = {}", times(20_000, "{a=")), ":1: not TOML: "),
        (&format!("{}a = 1", times(20_000, "a.")), ":1: not TOML: recursion limit"),
        (&format!("a = \"{}", times(100_000, "\\")), ":1: not TOML: "),
    ] {
        let told = told("own.toml", text);
        assert!(told.contains(says), "{:?} is not told {says:?} but {told}", text.get(..60));
    }
    let told = told("own.toml", b"format = 1\ncategory = \"caf\xE9\"");
    assert_eq!(told, ": is not UTF-8: byte 26 is malformed; save it as UTF-8");
}

#[test]
fn a_rule_that_is_none_is_refused_with_its_line() {
    for (line, says) in [
        ("id = \"red\\u001b[31m\"", ":5: rule `red\u{1b}[31m`: the id is not in kebab case"),
        ("id = \"share\\u202eit\"", "the id is not in kebab case"),
        ("id = \"<script>\"", "the id is not in kebab case"),
        ("id = \"../up\"", "the id is not in kebab case"),
        ("id = ''", "the id is not in kebab case"),
        ("id = 7", ":5: `id` is a whole number; write a string"),
        ("category = \"../../etc\"", ":5: rule `rule-0`: the category `../../etc` is not in kebab case"),
        ("lang = \"klingon\"", "`klingon` is no language; write an ISO 639 code"),
        ("lang = [\"en\", 7]", "`lang` holds a whole number; write strings only"),
        ("include = 'other.toml'", "unknown key `include`"),
        ("pattern = []", "the rule has no `pattern`"),
        ("pattern = [[['share']]]", "`pattern` holds an array; write strings only"),
        ("pattern = { a = 1 }", "`pattern` is a table; write a string or an array of strings"),
        ("pattern = ''", "matches empty text"),
        ("pattern = '{any:0}'", "has no good count; write a number from 1 to 60"),
        ("pattern = '{any:61}'", "has no good count"),
        ("pattern = '{any:-1}'", "has no good count"),
        ("pattern = '{any:1e3}'", "has no good count"),
        ("pattern = '{}'", "is no slot"),
        ("pattern = '{'", "`{` is never closed"),
        ("pattern = 'a\\'", "`\\` ends the pattern"),
        ("pattern = \"\\u200b\\u2060\"", "folds to nothing"),
        ("pattern = '((((( a )))))'", "choices nest deeper than 4"),
        ("pattern = 'share? this?'", "matches empty text"),
        ("pattern = '!'", "nothing is left of it without the marks that folding drops"),
        ("regex = '(?R)'", "the regular expression matches empty text"),
        ("regex = '(?1)'", "the regular expression is not good: "),
        ("regex = '(a)\\1'", "backreferences are not supported"),
        ("regex = '(?=a)'", "look-around"),
        ("regex = '(?-u:\\xff)'", "pattern can match invalid UTF-8"),
        ("regex = '[z-a]'", "the regular expression is not good: "),
        ("regex = 'a{2,1}'", "the regular expression is not good: "),
        ("regex = 'a{99999999999}'", "the regular expression is not good: "),
        ("regex = '(?:a{1000}){1000}'", "larger than 1048576 bytes once compiled"),
        ("regex = '\\w{400}'", "larger than 1048576 bytes once compiled"),
        ("regex = '.*'", "the regular expression matches empty text; add something"),
        ("regex = '^$'", "matches empty text"),
        ("regex = '(?:){4294967295}'", "matches empty text"),
        ("regex = 'share|'", "matches empty text"),
        ("max_lines = 9223372036854775807", "write a number from 1 to 200"),
        ("max_lines = -1", "write a number from 1 to 200"),
        ("why = \"\"", "the rule does not say why"),
        ("hit = []", "the rule has no `hit`"),
        ("strength = \"alone \"", "`strength` is \"alone \"; write one of alone, supported, run"),
        ("replaces = true", "there is no rule of this id to replace"),
        ("disabled = \"yes\"", "`disabled` is a string; write true or false"),
    ] {
        let told = told("own.toml", with(line));
        let place = told.lines().all(|line| line.starts_with(":4: ") || line.starts_with(":5: "));
        assert!(told.contains(says) && place, "{line} is not told {says:?} but {told}");
    }
    let off = headed("[[rule]]\nid = 'rule-0'\ndisabled = true");
    assert!(told("own.toml", off).contains(":4: rule `rule-0`: there is no rule of this id to switch off"));
    let deep = with(&format!("regex = '{}a{}'", times(50, "("), times(50, ")")));
    assert!(told("own.toml", deep).contains(":5: rule `rule-0`: the regular expression is not good: "));
}

#[test]
fn what_is_no_table_among_rules_and_cases_is_refused() {
    for (text, says) in [
        ("rule = 1", ":4: `rule` is a whole number; write `[[rule]]` above each rule"),
        ("rule = [1, 2]", ":4: a `rule` is a whole number; write `[[rule]]` above each"),
        ("case = ['x']", ":4: a `case` is a string; write `[[case]]` above each"),
        ("[rule]\nid = 'x'", ":4: `rule` is a table; write `[[rule]]` above each rule"),
    ] {
        let told = told("own.toml", headed(text));
        assert!(told.contains(says), "{text} is not told {says:?} but {told}");
    }
    let told = told("categories.toml", "format = 1\ncategory = [1]");
    assert_eq!(told, ":2: a `category` is a whole number; write `[[category]]` above each");
}

#[test]
fn word_lists_weights_and_categories_are_held_to_their_form() {
    for (name, text, says) in [
        ("vocabulary.toml", "format = 1", ":1: the vocabulary has no language"),
        ("vocabulary.toml", "format = 1\nlang = 'en'\nlists = 7", ":3: `lists` is a whole number"),
        ("vocabulary.toml", "format = 1\nlang = 'en'\n[lists]\nany = ['x']", ":4: `any` is the name of a slot"),
        (
            "vocabulary.toml",
            "format = 1\nlang = 'en'\n[lists]\npiece = ['']",
            ":4: `piece` holds something that is no word",
        ),
        ("vocabulary.toml", "format = 1\nlang = 'en'\n[lists]\npiece = 'x'", ":4: `piece` is a string; write an array"),
        ("weights.toml", "format = 1\n[hit]\nalone = 1001", ":3: `alone` is 1001; write a number from -1000 to 1000"),
        ("weights.toml", "format = 1\nhit = 'all'", ":2: `hit` is a string; write a table of figures"),
        ("weights.toml", "format = 1\n[hits]", ":2: unknown key `hits`; did you mean `hit`?"),
        (
            "categories.toml",
            "format = 1\n[[category]]\nname = 'x'\nabout = 'y'\nend = 101",
            ":5: `end` is 101; write a number from 0 to 100",
        ),
        (
            "categories.toml",
            "format = 1\n[[category]]\nname = 'x'\nabout = 'y'\nkeep = 'always'",
            ":5: `keep` names the preset \"always\"",
        ),
        ("categories.toml", "format = 1\n[[category]]\nname = 'x'", ":2: a category needs a name and an `about`"),
    ] {
        let told = told(name, text);
        assert!(told.contains(says), "{text} is not told {says:?} but {told}");
    }
}

#[test]
fn mistakes_without_number_are_told_up_to_a_limit() {
    let unknown: String = (0..20_000).map(|n| format!("key-{n} = 1\n")).collect();
    let missing: String = (0..2_000).map(|n| file(n, "replaces = true")).collect();
    for text in [
        headed(&times(20_000, "[[rule]]\n")),
        times(50_000, "a\n"),
        unknown,
        headed(&times(20_000, "[[case]]\n")),
        headed(&missing),
    ] {
        let errors = load("own.toml", &text).unwrap_err();
        let told = errors.to_string();
        assert!((400..=500).contains(&errors.count()), "{}", errors.count());
        assert!(
            told.ends_with("\nthere may be more mistakes than these; mend them first"),
            "{}",
            &told[told.len() - 200..]
        );
    }
    // A few are told without it.
    assert!(!told("own.toml", headed(&times(3, "[[rule]]\n"))).contains("more mistakes"));
}

#[test]
fn a_mistake_quotes_no_more_than_it_needs() {
    let long = "x".repeat(1 << 20);
    for line in [
        format!("id = \"{long}\""),
        format!("{long} = 1"),
        format!("form = \"{long}\""),
        format!("pattern = '{{{long}}}'"),
    ] {
        let told = told("own.toml", with(&line));
        let longest = told.lines().map(str::len).max().unwrap();
        assert!(longest < 4000, "{longest} bytes");
    }
}

#[test]
fn regular_expressions_have_a_limit_together_and_the_one_that_crosses_it_is_named() {
    // Each takes nearly a megabyte once compiled.
    let heavy: String = (0..100).map(|n| file(n, &format!(r"regex = 'x{n}[\w\s]{{18}}'"))).collect();
    let told = told("own.toml", headed(&heavy));
    let crossed = told.lines().next().unwrap();
    assert!(
        crossed.ends_with(
            "the regular expressions up to this one take more than 64 MB together once compiled; write patterns in place of the \
             largest, or [a-z] in place of \\w"
        ) && told.lines().count() == 1,
        "{told}"
    );
    let number: usize = crossed.split("rule-").nth(1).and_then(|rest| rest.split('`').next()).unwrap().parse().unwrap();
    assert!((50..80).contains(&number), "{crossed}");
    // Many that are small are no trouble.
    let small: String = (0..1000).map(|n| file(n, &format!("regex = 'share {n} times[0-9]+'"))).collect();
    assert_eq!(load("own.toml", headed(&small)).unwrap().rules().len(), 1000);
}

#[test]
fn marks_of_order_and_windows_line_ends_are_accepted() {
    let plain = load("own.toml", with("")).unwrap();
    let windows = load("own.toml", format!("\u{feff}{}", with("").replace('\n', "\r\n"))).unwrap();
    assert_eq!((plain.rules().len(), plain.hash()), (1, windows.hash()));
}

const PROSE: &str =
    "The council met on Monday evening and voted, after a debate of three hours, to rebuild the old bridge.\n";

/// What is left of twenty sentences.
fn cleaned(rules: &str) -> (Outcome, bool) {
    let rules = load("own.toml", rules).unwrap();
    let cleaner = Cleaner::builder().rules(rules).build().unwrap();
    let text = times(20, PROSE);
    let cleaned = cleaner.clean(&text);
    (cleaned.outcome(), cleaned.text() == text)
}

#[test]
fn rules_that_match_everything_take_nothing_without_a_witness_that_suffices() {
    for line in [
        "regex = '.+'",
        "regex = '(?s).+'",
        "regex = '[^A]'",
        "pattern = '{any:60}'",
        "pattern = '(the|a|{any:9}) {any:60}'",
    ] {
        for form in ["line", "start", "end", "span", "block", "tail"] {
            for strength in ["supported", "run"] {
                let rules = with(line).replace("\"line\"", &format!("\"{form}\""));
                let (_, whole) = cleaned(&rules.replace("supported", strength));
                assert!(whole, "{line} as {form}, {strength}");
            }
        }
    }
}

#[test]
fn many_rules_that_say_the_same_are_held_back_in_a_few_tries() {
    let rules: String = (0..200).map(|n| file(n, "form = \"block\"")).collect();
    let rules = load("own.toml", headed(&rules)).unwrap();
    let cleaner = Cleaner::builder().rules(rules).build().unwrap();
    let text = "Share this story\n".repeat(400);
    let cleaned = cleaner.clean(&text);
    assert_eq!(cleaned.text(), text);
    assert!(cleaned.held_back().len() < 50, "{}", cleaned.held_back().len());
}

#[test]
fn labels_of_tails_without_end_cost_no_more_than_their_number() {
    let rules = load("own.toml", headed(&file(0, "form = \"tail\""))).unwrap();
    let cleaner = Cleaner::builder().rules(rules).build().unwrap();
    // With prose at the end no label is a tail; asking each for what follows it would take minutes.
    let text = "Share this story\n".repeat(60_000) + PROSE;
    assert_eq!(cleaner.clean(&text).text(), text);
}
