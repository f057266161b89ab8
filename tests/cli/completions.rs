//! Scripts for shells, and manual pages.

use std::path::Path;
use std::process::Command;

use crate::support::Dir;

/// Whether a program is there to check with.
fn is_installed(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    let dir = Dir::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (status, script, stderr) = dir.run(&["completions", shell]);
        assert_eq!((status, stderr.as_str()), (0, ""), "{shell}");
        for word in ["clean", "explain", "stats", "no-default-rules"] {
            assert!(script.contains(word), "{shell} does not know {word}");
        }
    }
}

#[test]
fn bash_reads_its_script_and_completes_with_it() {
    if !is_installed("bash") {
        return;
    }
    let dir = Dir::new();
    dir.write("dechrome.bash", dir.run(&["completions", "bash"]).1);
    let checked = Command::new("bash").arg("-n").arg(dir.path("dechrome.bash")).output().unwrap();
    assert!(checked.status.success() && checked.stderr.is_empty(), "{}", String::from_utf8_lossy(&checked.stderr));
    let asked = "source \"$1\"; COMP_WORDS=(dechrome clean --pre); COMP_CWORD=2; _dechrome dechrome --pre clean; \
                 echo \"${COMPREPLY[@]}\"";
    let found = Command::new("bash").args(["-c", asked, "bash"]).arg(dir.path("dechrome.bash")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&found.stdout), "--preset\n", "{}", String::from_utf8_lossy(&found.stderr));
}

#[test]
fn every_command_has_a_page() {
    let dir = Dir::new();
    let (status, stdout, stderr) = dir.run(&["man", "--out", "man/man1"]);
    assert_eq!((status, stdout.as_str()), (0, ""), "{stderr}");
    let names = dir.names("man/man1");
    for page in ["dechrome.1", "dechrome-clean.1", "dechrome-config.1", "dechrome-rules.1", "dechrome-rules-stats.1"] {
        assert!(names.iter().any(|name| name == page), "no {page} in {names:?}");
    }
    let commands = help_pages(&dir, &[]);
    assert_eq!(names.len(), commands, "{names:?}");
    assert_eq!(dir.run(&["man"]).1, dir.read("man/man1/dechrome.1"));
    let page = dir.read("man/man1/dechrome-clean.1");
    assert!(page.contains(".SH EXAMPLES") && page.contains(".SH \"EXIT STATUS\""), "{page}");
}

/// How many commands the help knows, with the one at `path` and those below it.
fn help_pages(dir: &Dir, path: &[&str]) -> usize {
    let (_, help, _) = dir.run(&[path, &["--help"]].concat());
    let commands =
        help.split("Commands:\n").nth(1).and_then(|commands| commands.split("\n\n").next()).unwrap_or_default();
    // Longer descriptions go on in lines that are further in.
    let names = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help");
    1 + names.map(|name| help_pages(dir, &[path, &[name]].concat())).sum::<usize>()
}

#[test]
fn pages_can_be_set_without_warnings() {
    if !is_installed("groff") {
        return;
    }
    let dir = Dir::new();
    dir.run(&["man", "--out", "man1"]);
    for name in dir.names("man1") {
        let set = Command::new("groff").args(["-man", "-ww", "-Tascii"]).arg(dir.path("man1").join(&name)).output();
        let said = String::from_utf8_lossy(&set.unwrap().stderr).into_owned();
        assert_eq!(said, "", "{name}");
    }
}

#[test]
fn pages_that_cannot_be_written_are_told() {
    let dir = Dir::new();
    dir.write("file", "in the way");
    let (status, _, stderr) = dir.run(&["man", "--out", "file/man1"]);
    assert_eq!(status, 4);
    assert!(stderr.contains("cannot make the directory"), "{stderr}");
    assert!(!Path::new(&dir.path("file/man1")).exists());
}
