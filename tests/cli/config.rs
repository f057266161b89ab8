//! Options that stand in `dechrome.toml`: where it is read, what it means, and what is said of its mistakes.

use serde_json::Value;

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME};

const RULES: &str = r#"
format = 1
category = "share"
lang = "en"

[[rule]]
id = "wave-to-the-ferry"
strength = "alone"
form = "line"
pattern = 'wave to the ferry'
why = "A line that only this test prints."
hit = ["Wave to the ferry!"]
miss = ["They wave to the ferry every morning, she said."]
"#;

/// A directory with a small tree.
fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("in/a.txt", WITH_CHROME);
    dir.write("in/b/c.txt", format!("{WITHOUT_CHROME}\nWave to the ferry!\n"));
    dir.write("in/d.jsonl", format!("{}\n", serde_json::json!({"words": WITH_CHROME, "link": "https://example.org/"})));
    dir
}

/// The summary without what differs from run to run.
fn summary_of(dir: &Dir, out: &str) -> Value {
    let mut summary = dir.summary(out);
    summary.as_object_mut().unwrap().remove("timings");
    summary
}

/// Everything in an output but the summary.
fn tree_of(dir: &Dir, out: &str) -> impl PartialEq + use<> {
    let mut tree = dir.tree(out);
    tree.retain(|path, _| !path.ends_with("summary.json"));
    tree
}

/// Runs the program, which must refuse the configuration and say all of `said`.
#[track_caller]
fn refused(dir: &Dir, args: &[&str], said: &[&str]) {
    let (status, stdout, stderr) = dir.run(args);
    assert_eq!((status, stdout.as_str()), (2, ""), "{stderr}");
    for word in said {
        assert!(stderr.contains(word), "`{word}` is not said in: {stderr}");
    }
    assert!(!dir.path("out").exists());
}

#[test]
fn a_file_means_what_flags_mean() {
    let dir = ready();
    dir.write("my-rules.toml", RULES);
    let flags = "--preset recall --keep byline --keep newsletter --drop caption --title keep --lang en --rules my-rules.toml \
                 --text-field words --url-field link --html-text full --encoding windows-1252 --max-ratio 300 \
                 --max-record 8M --threads 2 --compress zstd --explode";
    dir.clean("flags", &flags.split_whitespace().collect::<Vec<_>>(), 0);
    dir.write(
        "dechrome.toml",
        r#"
        preset = "recall"
        keep = ["byline", "newsletter"]
        drop = "caption"
        title = "keep"
        lang = "en"
        rules = ["my-rules.toml"]
        text-field = "words"
        url-field = "link"
        html-text = "full"
        encoding = "windows-1252"
        max-ratio = 300
        max-record = "8M"
        threads = 2
        compress = "zstd"
        explode = true
        "#,
    );
    let said = dir.clean("file", &[], 0);
    assert!(said.contains("using `dechrome.toml`: preset, keep, drop, title, lang, rules, text-field"), "{said}");
    assert!(tree_of(&dir, "flags") == tree_of(&dir, "file"));
    assert_eq!(summary_of(&dir, "flags"), summary_of(&dir, "file"));
    assert!(!dir.clean("without", &["--no-config"], 0).contains("using"));
    assert_ne!(summary_of(&dir, "file")["fingerprint"], summary_of(&dir, "without")["fingerprint"]);
}

#[test]
fn the_command_line_comes_before_the_file() {
    let dir = ready();
    dir.write(
        "dechrome.toml",
        "preset = \"recall\"\ndrop = [\"byline\", \"caption\"]\nkeep = [\"share\"]\nverbose = true\n",
    );
    dir.clean("out", &["--preset=precision", "--keep", "byline", "--keep", "newsletter", "--drop", "share", "-q"], 0);
    let options = &dir.summary("out")["options"];
    assert_eq!(options["preset"], "precision");
    assert_eq!(options["keep"], serde_json::json!(["byline", "newsletter"]));
    assert_eq!(options["drop"], serde_json::json!(["caption", "share"]));
}

#[test]
fn options_before_the_command_and_names_that_begin_with_a_dash_stay_what_they_are() {
    let dir = ready();
    dir.write("dechrome.toml", "keep = [\"related\"]\n");
    dir.write("other.toml", "keep = [\"cross-promo\"]\n");
    dir.write("-x.txt", WITH_CHROME);
    dir.write("clean", "keep = [\"cross-promo\"]\n");
    for args in [
        &["--config", "other.toml", "clean", "--", "-x.txt"][..],
        &["--config", "clean", "--color", "never", "clean", "--", "-x.txt"],
        &["clean", "--config=other.toml", "./-x.txt"],
    ] {
        let (status, stdout, stderr) = dir.run(args);
        assert_eq!((status, stdout.as_str(), stderr.as_str()), (0, WITH_CHROME, ""), "{args:?}");
    }
}

#[test]
fn only_the_current_directory_is_looked_at() {
    let dir = ready();
    dir.write("in/dechrome.toml", "keep = [\"cross-promo\"]\n");
    dir.clean("out", &[], 0);
    assert_eq!(dir.summary("out")["options"]["keep"], serde_json::json!([]));
    dir.write("dechrome.toml", "not TOML");
    dir.write("in/b/a.txt", WITH_CHROME);
    let mut below = dir.dechrome(&["clean", "a.txt"]);
    let output = below.current_dir(dir.path("in/b")).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "a file of a directory above was read");
}

#[test]
fn paths_of_rules_start_at_the_file() {
    let dir = ready();
    dir.write("set/my-rules.toml", RULES);
    dir.write("set/dechrome.toml", "rules = [\"my-rules.toml\"]\n");
    let args = ["clean", "in/b/c.txt", "--config", "set/dechrome.toml"];
    let (status, stdout, stderr) = dir.run(&args);
    assert_eq!((status, stdout.as_str(), stderr.as_str()), (0, WITHOUT_CHROME, ""));
    // Named on the command line, too, they are read once.
    let (status, stdout, _) = dir.run(&[&args[..], &["--rules", "set/../set/my-rules.toml"]].concat());
    assert_eq!((status, stdout.as_str()), (0, WITHOUT_CHROME));
    let (status, stdout, _) = dir.run(&["rules", "show", "wave-to-the-ferry", "--config", "set/dechrome.toml"]);
    assert_eq!(status, 0, "{stdout}");
}

#[test]
fn all_mistakes_are_told_at_once_each_with_its_place() {
    let dir = ready();
    dir.write(
        "dechrome.toml",
        "prest = \"recall\"\n  preset = \"strict\"\nthreads = 0\nlang = 3\nkeep = [\"a\", 4, \"share\"]\ndrop = \"share\"\n\
         out = \"elsewhere\"\nmax-record = \"1T\"\nencoding = \"windows-1522\"\nno_default_rules = true\nquiet = true\n\
         verbose = true\ntext-field = \"a..b\"\ntitle = \"\"\nfrobnicate = 1\nformat = \"json\"\n[clean]\nexplode = 3\n",
    );
    let said = [
        "error: the configuration has mistakes:",
        "dechrome.toml:1:1: unknown key `prest`; did you mean `preset`?",
        "dechrome.toml:2:12: `preset` is `strict`; write one of precision, balanced, recall",
        "dechrome.toml:3:11: `threads` is `0`; give a number from 1 to 1024",
        "dechrome.toml:4:8: `lang` is a whole number; write a string",
        "dechrome.toml:5:14: `keep` is a whole number",
        "dechrome.toml:7:1: `out` cannot stand here; what a run writes",
        "dechrome.toml:8:14: `max-record` is `1T`; give a size from 1k to 1G",
        "dechrome.toml:9:12: `encoding` is `windows-1522`; did you mean `windows-1252`?",
        "dechrome.toml:10:1: unknown key `no_default_rules`; did you mean `no-default-rules`?",
        "dechrome.toml:12:11: `quiet` and `verbose` contradict each other",
        "dechrome.toml:13:14: `text-field` is `a..b`",
        "dechrome.toml:14:9: `title` is empty",
        "dechrome.toml:15:1: unknown key `frobnicate`; the keys are preset, keep",
        "dechrome.toml:16:10: `format` is `json`; did you mean `jsonl`?",
        "dechrome.toml:17:2: unknown key `clean`; keys stand at the top level",
    ];
    refused(&dir, &["clean", "in", "--out", "out"], &said);
    refused(&dir, &["explain", "in/a.txt"], &said);
    assert_eq!(dir.run(&["explain", "in/a.txt", "--no-config"]).0, 0);
}

#[test]
fn what_is_kept_and_dropped_in_one_file_is_a_mistake() {
    let dir = ready();
    dir.write("dechrome.toml", "keep = [\"byline\", \"share\"]\ndrop = [\n  \"caption\",\n  \"share\",\n]\n");
    refused(&dir, &["clean", "in", "--out", "out"], &["dechrome.toml:4:3: `share` stands under `keep` and `drop`"]);
}

#[test]
fn mistakes_that_show_later_name_their_place_in_the_file() {
    let dir = ready();
    dir.write("dechrome.toml", "lang = \"english\"\n");
    let place = "dechrome.toml:1:8: there `lang` names `english`";
    refused(&dir, &["clean", "in", "--out", "out"], &["`english`", "codes", place]);
    dir.write("dechrome.toml", "\nkeep = [\"byline\", \"shaer\"]\n");
    refused(&dir, &["clean", "in", "--out", "out"], &["did you mean `share`?", "dechrome.toml:2:19: there `keep`"]);
    dir.write("dechrome.toml", "rules = \"nowhere.toml\"\n");
    refused(&dir, &["rules", "list"], &["nowhere.toml: cannot be read", "dechrome.toml:1:9: there `rules`"]);
}

#[test]
fn what_is_no_configuration_is_refused() {
    let dir = ready();
    dir.write("large.toml", "# a remark\n".repeat(30_000));
    dir.write("binary.toml", b"preset = \"recall\"\nlang = \"\xff\"\n");
    dir.write("broken.toml", "preset = \"recall\nlang = \"en\"\n");
    dir.write("marked.toml", "\u{feff}preset = 3\n");
    dir.write("twice.toml", "lang = \"en\"\nlang = \"de\"\n");
    for (file, said) in [
        ("nowhere.toml", "`nowhere.toml` cannot be read"),
        ("in", "`in` cannot be read: it is not a regular file"),
        ("large.toml", "it is larger than 256 kB"),
        ("binary.toml", "binary.toml:2:9: not UTF-8"),
        ("broken.toml", "broken.toml:1:"),
        ("marked.toml", "marked.toml:1:10: `preset` is a whole number"),
        ("twice.toml", "twice.toml:2:1: not TOML: duplicate key"),
    ] {
        refused(&dir, &["clean", "in", "--out", "out", "--config", file], &[said]);
    }
    refused(&dir, &["config", "--config", "large.toml", "--no-config"], &["cannot be used with"]);
    std::fs::create_dir(dir.path("dechrome.toml")).unwrap();
    refused(
        &dir,
        &["clean", "in", "--out", "out"],
        &["not a regular file; rename it, or leave it out with --no-config"],
    );
}

#[test]
fn a_configuration_made_to_take_long_is_refused_soon() {
    let dir = ready();
    let many = |part: &str| part.repeat(200_000 / part.len());
    for (text, said) in [
        (format!("keep = {}", many("[")), "not TOML"),
        (format!("keep = [{}]", many("\"a\",")), "`keep` holds 50000 entries; name no more than 1000"),
        (format!("{} = 1", many("a.")), "not TOML"),
        ((0..20_000).map(|n| format!("key{n}=1\n")).collect(), "x.toml: and more"),
        (format!("{} = 1", many("k")), "unknown key `kkkkkkkk"),
        (many("]"), "not TOML"),
        (format!("preset = \"{}\"", many("x")), "xxx…`; write one of"),
    ] {
        dir.write("x.toml", text);
        let mut command = dir.dechrome(&["config", "--config", "x.toml"]);
        let output = command.timeout(std::time::Duration::from_secs(60)).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(
            stderr.contains(said) && stderr.len() < 20_000,
            "{said}: {}",
            stderr.chars().take(2000).collect::<String>()
        );
    }
}

#[cfg(unix)]
#[test]
fn a_configuration_that_is_a_fifo_is_not_waited_for() {
    let dir = ready();
    let made = std::process::Command::new("mkfifo").arg(dir.path("dechrome.toml")).status().unwrap();
    assert!(made.success());
    refused(&dir, &["clean", "in", "--out", "out"], &["not a regular file"]);
}

#[test]
fn nothing_that_a_file_says_steers_the_terminal() {
    let dir = ready();
    dir.write("dechrome.toml", "\"\\u001b[2J\" = 1\npreset = \"\\u001b]0;x\\u0007\"\n");
    let (status, _, stderr) = dir.run(&["clean", "in", "--out", "out"]);
    assert_eq!(status, 2);
    assert!(!stderr.contains(['\u{1b}', '\u{7}']), "{stderr:?}");
    dir.write("dechrome.toml", "text-field = \"a\\u001b[2J\\u202e\"\n");
    let (status, stdout, _) = dir.run(&["config"]);
    assert_eq!(status, 0);
    assert!(!stdout.contains(['\u{1b}', '\u{202e}']), "{stdout:?}");
}

#[test]
fn a_filter_says_nothing_of_the_file_unless_it_is_asked_to() {
    let dir = ready();
    dir.write("dechrome.toml", "keep = [\"cross-promo\"]\nexplode = true\ncolor = \"never\"\n");
    let (status, stdout, stderr) = dir.run(&["clean", "in/a.txt"]);
    assert_eq!((status, stdout.as_str(), stderr.as_str()), (0, WITH_CHROME, ""));
    let (_, _, stderr) = dir.run(&["clean", "in/a.txt", "-v"]);
    assert!(stderr.starts_with("using `dechrome.toml`: keep, color\n"), "{stderr}");
}

#[test]
fn a_run_that_goes_on_sees_that_the_file_changed() {
    let dir = ready();
    dir.write("dechrome.toml", "keep = [\"cross-promo\"]\n");
    dir.clean("out", &[], 0);
    assert_eq!(dir.read("out/a.txt"), WITH_CHROME);
    dir.write("dechrome.toml", "keep = []\n");
    dir.clean("out", &["--resume"], 0);
    assert!(!dir.read("out/a.txt").contains("ALSO READ"));
}

#[test]
fn other_commands_take_the_options_that_they_have() {
    let dir = ready();
    dir.write(
        "dechrome.toml",
        "keep = [\"cross-promo\"]\ncompress = \"zstd\"\nthreads = 1\nno-default-rules = false\n",
    );
    let (status, stdout, stderr) = dir.run(&["explain", "in/a.txt", "--json"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(!stdout.contains("\"remove\""), "{stdout}");
    for args in [&["rules", "list"][..], &["rules", "check"], &["rules", "test"], &["diff", "in", "--rules", "r.toml"]]
    {
        dir.write("r.toml", RULES);
        assert_eq!(dir.run(args).0, 0, "{args:?}");
    }
}

#[test]
fn rules_of_the_file_stand_on_both_sides_of_a_comparison() {
    let dir = ready();
    dir.write("mine.toml", RULES);
    dir.write(
        "new.toml",
        RULES
            .replace("wave-to-the-ferry", "council-line")
            .replace("wave to the ferry", "a new line")
            .replace("Wave to the ferry", "A new line"),
    );
    dir.write("dechrome.toml", "rules = [\"mine.toml\"]\nkeep = [\"comment-form\"]\ndrop = [\"wave-to-the-ferry\"]\n");
    let (status, stdout, stderr) = dir.run(&["diff", "in", "--rules", "new.toml", "--json"]);
    assert_eq!(status, 0, "{stderr}");
    assert!(!stdout.contains("wave-to-the-ferry"), "{stdout}");
    let (_, stdout, _) = dir.run(&["diff", "in", "--rules", "mine.toml", "--json"]);
    let compared: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(compared["removed"]["rules"][0]["rule"], "wave-to-the-ferry");
}

/// The example with the remark sign gone in front of what is chosen.
fn uncommented(example: &str, mark: &str) -> String {
    example
        .lines()
        .filter_map(|line| line.strip_prefix(mark))
        .filter(|line| !line.starts_with([' ', '#']))
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_example_explains_every_key_and_holds_the_defaults() {
    let dir = ready();
    let (status, example, stderr) = dir.run(&["config", "--example"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert!(example.lines().all(|line| line.chars().count() <= 100 && (line.is_empty() || line.starts_with('#'))));
    dir.clean("plain", &[], 0);
    dir.write("dechrome.toml", &example);
    assert!(!dir.clean("remarks", &[], 0).contains("using"));
    let defaults = uncommented(&example, "#");
    assert!(defaults.contains("preset = \"balanced\"\n") && defaults.contains("explode = false\n"), "{defaults}");
    dir.write("dechrome.toml", &defaults);
    dir.clean("defaults", &[], 0);
    for out in ["remarks", "defaults"] {
        assert_eq!(summary_of(&dir, "plain"), summary_of(&dir, out));
        assert!(tree_of(&dir, "plain") == tree_of(&dir, out));
    }
    let (_, listed, _) = dir.run(&["config"]);
    assert!(listed.contains("preset = \"balanced\"") && listed.contains("# dechrome.toml:"), "{listed}");
}

#[test]
fn what_the_example_shows_can_be_written() {
    let dir = ready();
    dir.write("my-rules.toml", RULES);
    let (_, example, _) = dir.run(&["config", "--example"]);
    let shown = uncommented(&example, "# For example: ");
    assert!(shown.lines().count() > 10, "{shown}");
    dir.write("dechrome.toml", shown);
    let said = dir.clean("out", &[], 0);
    assert!(said.contains("using `dechrome.toml`: keep, drop, title, lang, rules, encoding, text-field"), "{said}");
}

#[test]
fn config_tells_where_each_option_comes_from() {
    let dir = Dir::new();
    let (status, stdout, stderr) = dir.run(&["config"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert!(stdout.starts_with("# No file is read; dechrome.toml in the current directory would be."), "{stdout}");
    dir.write("dechrome.toml", "# mine\npreset = \"recall\"\nrules = [\"r.toml\"]\nverbose = true\n");
    let (_, stdout, _) = dir.run(&["config", "--color=never", "-q"]);
    let words: Vec<String> = stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "preset = \"recall\" # dechrome.toml:2:1",
        "rules = [\"r.toml\"] # dechrome.toml:3:1",
        "color = \"never\" # the command line",
        "quiet = true # the command line",
        "verbose = false # default",
        "keep = [] # default",
        "# lang # default: told from each text",
    ] {
        assert!(words.iter().any(|found| found == line), "`{line}` is not in:\n{stdout}");
    }
    // What is shown is a configuration itself.
    dir.write("again.toml", &stdout);
    assert_eq!(dir.run(&["config", "--config", "again.toml"]).0, 0);
    // Another file, and none.
    assert!(dir.run(&["config", "--no-config"]).1.starts_with("# No file is read. "));
}

#[test]
fn what_the_program_tells_of_itself_needs_no_sound_file() {
    let dir = Dir::new();
    dir.write("dechrome.toml", "not TOML at all");
    for args in [&["config", "--example"][..], &["completions", "bash"], &["man"], &["--help"], &["clean", "--help"]] {
        assert_eq!(dir.run(args).0, 0, "{args:?}");
    }
    assert_eq!(dir.run(&["config"]).0, 2);
}
