//! The help texts, compared with `tests/help/*.txt`; `BLESS=1 cargo test --test cli help` writes them anew.

use std::fs;
use std::path::Path;

use crate::support::Dir;

const HELPS: &[(&str, &[&str])] = &[
    ("dechrome", &["--help"]),
    ("short", &["-h"]),
    ("clean", &["clean", "--help"]),
    ("clean-short", &["clean", "-h"]),
    ("explain", &["explain", "--help"]),
    ("diff", &["diff", "--help"]),
    ("restore", &["restore", "--help"]),
    ("report", &["report", "--help"]),
    ("report-merge", &["report", "merge", "--help"]),
    ("why", &["why", "--help"]),
    ("rules", &["rules", "--help"]),
    ("rules-list", &["rules", "list", "--help"]),
    ("rules-show", &["rules", "show", "--help"]),
    ("rules-index", &["rules", "index", "--help"]),
    ("rules-stats", &["rules", "stats", "--help"]),
    ("rules-check", &["rules", "check", "--help"]),
    ("rules-test", &["rules", "test", "--help"]),
    ("config", &["config", "--help"]),
    ("completions", &["completions", "--help"]),
    ("man", &["man", "--help"]),
];

#[test]
fn help_is_as_it_was_blessed() {
    let dir = Dir::new();
    for (name, args) in HELPS {
        let (status, help, stderr) = dir.run(args);
        assert_eq!((status, stderr.as_str()), (0, ""), "{name}");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/help/{name}.txt"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &help).unwrap();
        }
        let blessed = fs::read_to_string(&path).unwrap_or_default();
        assert!(help == blessed, "help of {name} changed; BLESS=1 accepts it:\n{help}");
    }
}

#[test]
fn version_names_the_program() {
    let (status, stdout, _) = Dir::new().run(&["--version"]);
    assert_eq!((status, stdout), (0, format!("dechrome {}\n", env!("CARGO_PKG_VERSION"))));
}
