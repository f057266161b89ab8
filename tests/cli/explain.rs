//! `explain`: the view for people and the one for programs.

use crate::support::{Dir, WITH_CHROME, WITHOUT_CHROME, outcome};
use serde_json::Value;

fn ready() -> Dir {
    let dir = Dir::new();
    dir.write("a.txt", WITH_CHROME);
    dir
}

#[test]
fn every_line_is_shown_with_its_verdict() {
    let (status, stdout, stderr) = ready().run(&["explain", "a.txt"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(lines[0], "a.txt");
    assert!(lines[1].starts_with("UTF-8, language "), "{stdout}");
    let at = lines.iter().position(|line| line.contains("- ALSO READ: Some Other Headline Here")).unwrap();
    assert!(lines[at].starts_with("    6 -"), "{stdout}");
    assert!(lines[at + 1].starts_with("        ") && lines[at + 1].contains("(cross-promo"), "{stdout}");
    assert!(lines.iter().any(|line| line.starts_with("    1   Council approves")), "{stdout}");
    assert!(!stdout.contains('\u{1b}'));
}

#[test]
fn json_has_every_line_and_every_byte() {
    let (status, stdout, _) = ready().run(&["explain", "a.txt", "--json"]);
    assert_eq!(status, 0);
    let told: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&told["path"], &told["status"]), (&"a.txt".into(), &"cleaned".into()));
    let lines = told["lines"].as_array().unwrap();
    let text: String = lines.iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(text, WITH_CHROME);
    let line = &lines[5];
    assert_eq!((&line["line"], &line["verdict"]), (&6.into(), &"removed".into()));
    assert!(line["removed"][0]["evidence"].is_object() && line["removed"][0]["rule"].is_string());
    assert_eq!(lines[0]["verdict"], "kept");
}

#[test]
fn standard_input_can_be_explained() {
    let dir = ready();
    let (status, stdout, _) = outcome(dir.dechrome(&["explain", "-"]).write_stdin(WITH_CHROME));
    assert!(status == 0 && stdout.starts_with("standard input\n"), "{stdout}");
    let (_, stdout, _) = outcome(dir.dechrome(&["explain", "-", "--json"]).write_stdin(WITH_CHROME));
    assert!(serde_json::from_str::<Value>(&stdout).unwrap()["path"].is_null());
}

#[test]
fn colour_comes_when_it_is_asked_for() {
    let dir = ready();
    let colored = |args: &[&str], no_color: bool| {
        let mut command = dir.dechrome(args);
        if no_color {
            command.env("NO_COLOR", "1");
        }
        outcome(&mut command).1.contains('\u{1b}')
    };
    assert!(colored(&["explain", "a.txt", "--color", "always"], false));
    assert!(colored(&["--color=always", "explain", "a.txt"], true), "the flag says more than the environment");
    assert!(!colored(&["explain", "a.txt", "--color", "never"], false));
    assert!(!colored(&["explain", "a.txt"], true));
    assert!(colored(&["--help", "--color", "always"], false));
    assert!(!colored(&["--help"], false));
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_gets_colour_unless_no_color_is_set() {
    // `script` runs a command on a terminal of its own.
    let dir = ready();
    let on_terminal = |no_color: bool| {
        let mut command = std::process::Command::new("script");
        command.args(["-qec", concat!(env!("CARGO_BIN_EXE_dechrome"), " explain a.txt"), "/dev/null"]);
        command
            .current_dir(dir.path("."))
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .stdin(std::process::Stdio::null());
        if no_color {
            command.env("NO_COLOR", "1");
        }
        command.output().ok().filter(|output| output.status.success()).map(|output| output.stdout.contains(&0x1b))
    };
    // Not every machine has it.
    if let (Some(with), Some(without)) = (on_terminal(false), on_terminal(true)) {
        assert!(with && !without);
    }
}

#[test]
fn a_directory_cannot_be_explained() {
    let (status, _, stderr) = ready().run(&["explain", "."]);
    assert!(status == 2 && stderr.contains("name one file"), "{stderr}");
}

/// A line of which a part goes, between lines that stay.
fn in_part() -> String {
    let paragraph =
        "The depot on Mill Street was opened again on Monday, and the first buses left it before sunrise.\n\n";
    format!(
        "{}The mayor cut the ribbon. (Also read: Storm Closes Harbour) Nobody minded the rain.\n\n{}",
        paragraph.repeat(8),
        paragraph.repeat(8)
    )
}

#[test]
fn a_legend_tells_what_marks_and_numbers_mean() {
    let (_, stdout, _) = ready().run(&["explain", "a.txt"]);
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(lines[2], "- goes  ~ goes in part: [-this-]  unmarked lines stay");
    assert!(lines[3].starts_with("numbers: ") && lines[3].ends_with("a removal needs 70"), "{stdout}");
    let (_, stdout, _) = ready().run(&["explain", "a.txt", "--preset", "recall"]);
    assert!(!stdout.contains("a removal needs 70\n"), "{stdout}");
}

#[test]
fn the_budget_is_told_even_where_nothing_counts_towards_it() {
    let (_, stdout, _) = ready().run(&["explain", "a.txt"]);
    assert!(
        stdout.lines().last().unwrap().starts_with("budget: 0 of the 80 words that may go on evidence  ░"),
        "{stdout}"
    );
}

#[test]
fn what_goes_of_a_line_is_marked_in_its_place() {
    let dir = Dir::new();
    dir.write("a.txt", in_part());
    let (_, stdout, _) = dir.run(&["explain", "a.txt"]);
    let line = stdout.lines().find(|line| line.starts_with("   17 ~ ")).unwrap_or_else(|| panic!("{stdout}"));
    assert!(line.contains("ribbon.[- (Also read: Storm Closes Harbour)-] Nobody minded"), "{line}");
    let (_, stdout, _) = dir.run(&["explain", "a.txt", "--color", "always"]);
    assert!(stdout.contains("\u{1b}[9m") && !stdout.contains("[- ("), "{stdout}");
}

#[test]
fn lines_that_stay_are_folded_where_only_changes_are_asked_for() {
    let dir = Dir::new();
    dir.write("a.txt", in_part());
    let (_, whole, _) = dir.run(&["explain", "a.txt"]);
    assert!(!whole.contains(" lines kept "), "{whole}");
    let (status, stdout, _) = dir.run(&["explain", "a.txt", "--changes"]);
    assert_eq!((status, stdout.matches(" lines kept …\n").count()), (0, 2), "{stdout}");
    dir.write("b.txt", WITHOUT_CHROME);
    assert!(stdout.contains("      … 14 lines kept …\n   15 "), "{stdout}");
    let (_, stdout, _) = dir.run(&["explain", "b.txt", "--changes"]);
    assert!(stdout.contains("      … 4 lines kept …\n"), "{stdout}");
}

#[test]
fn a_rule_that_is_held_back_is_told_with_its_words() {
    let dir = Dir::new();
    let own = "format = 1\ncategory = 'own'\nlang = 'en'\n[[rule]]\nid = 'greedy-lines'\nstrength = 'supported'\nform = 'line'\n\
               pattern = 'stand by the gate and wait for the next {any:12}'\nwhy = 'A test.'\n\
               hit = 'Stand by the gate and wait for the next bus'\nmiss = 'Stand by'\n\
               [[case]]\ntext = \"\"\"\nStand by the gate and wait for the next bus\n\"\"\"\nkept = \"\"\"\n\"\"\"\n";
    dir.write("own.toml", own);
    let lines: String = ["north", "south", "east", "west", "left", "right", "upper", "lower", "inner", "outer"]
        .map(|side| format!("Stand by the gate and wait for the next {side} bus\n"))
        .concat();
    dir.write("a.txt", format!("{WITHOUT_CHROME}\n{lines}"));
    let (_, stdout, stderr) = dir.run(&["explain", "a.txt", "--rules", "own.toml"]);
    let told = stdout.lines().find(|line| line.starts_with("rule greedy-lines held back: it would have removed "));
    let told = told.unwrap_or_else(|| panic!("{stdout}{stderr}"));
    assert!(told.contains(" words, and one rule may remove 80  ████████████████████"), "{told}");
}
