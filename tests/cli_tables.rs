//! Tables with separators and tables of columns through the program.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod cli_support;

use cli_support::{Dir, WITH_CHROME};

#[test]
fn a_large_record_may_hold_line_breaks() {
    let dir = Dir::new();
    let field = "A line of prose in a large field, with a comma.\n".repeat(30_000);
    let table = |last: &str| format!("id,text\n1,\"short, quoted\"\n2,\"{field}\"\n3,\"{last}\"\n");
    dir.write("in/a.csv", table(WITH_CHROME));
    dir.clean("out", &["--max-record", "1k"], 0);
    assert!(dir.read("out/a.csv") == table(&dir.cleaned(WITH_CHROME)));
    assert_eq!(dir.rows("out").len(), 3);
}
