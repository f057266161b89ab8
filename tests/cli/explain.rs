//! `explain`: the view for people and the one for programs.

use crate::support::{Dir, WITH_CHROME, outcome};
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
