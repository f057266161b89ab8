//! Presets, titles and languages, as the command line asks for them.

use crate::support::{Dir, outcome};

const ARTICLE: &str = "\
Bridge reopens after two years of work
By Ana Lund

The bridge in the old town is open again, after two years of work that cost the town three million.
The first to cross it was the mayor, who had promised to walk over it in the rain and did so.

Photo: Ana Lund / Valley Courier
Leave a Reply
";

fn cleaned(flags: &[&str]) -> String {
    let (status, kept, stderr) = outcome(Dir::new().dechrome(&["clean"]).args(flags).write_stdin(ARTICLE));
    assert_eq!((status, stderr.as_str()), (0, ""));
    kept
}

#[test]
fn recall_takes_bylines_away_which_balanced_keeps() {
    assert!(cleaned(&[]).contains("By Ana Lund"));
    assert!(!cleaned(&["--preset", "recall"]).contains("By Ana Lund"));
    assert!(cleaned(&["--preset", "recall", "--keep", "byline"]).contains("By Ana Lund"));
}

#[test]
fn precision_keeps_credits_and_takes_what_is_certain() {
    let careful = cleaned(&["--preset", "precision"]);
    assert!(careful.contains("Photo: Ana Lund"), "{careful}");
    assert!(!careful.contains("Leave a Reply"), "{careful}");
    assert!(!cleaned(&[]).contains("Photo: Ana Lund"));
}

#[test]
fn the_title_goes_when_it_is_to_be_dropped_and_nothing_else_with_it() {
    let kept = cleaned(&[]);
    let dropped = cleaned(&["--title", "drop"]);
    assert_eq!(kept, format!("Bridge reopens after two years of work\n{dropped}"));
}

#[test]
fn recall_drops_the_title_unless_it_is_to_be_kept() {
    let title = "Bridge reopens after two years of work\n";
    assert!(!cleaned(&["--preset", "recall"]).contains(title));
    assert!(cleaned(&["--preset", "recall", "--title", "keep"]).starts_with(title));
}

#[test]
fn what_may_be_no_title_is_not_dropped() {
    for first in ["He had promised it:", "the bridge of the old town", "- A bridge of stone and iron", "Bridge"] {
        let text = format!(
            "{first}\nThe bridge in the old town is open again, after two years of work that cost the town a lot.\n"
        );
        let (_, kept, _) = outcome(Dir::new().dechrome(&["clean", "--title", "drop"]).write_stdin(text.clone()));
        assert_eq!(kept, text);
    }
}

#[test]
fn a_language_that_no_rule_speaks_is_refused_with_those_that_do() {
    let (status, kept, told) = outcome(Dir::new().dechrome(&["clean", "--lang", "qq"]).write_stdin(ARTICLE));
    assert_eq!((status, kept.as_str()), (2, ""));
    assert!(told.contains("no rule speaks the language `qq`"), "{told}");
    assert!(told.contains(" en ") && told.contains(" de "), "{told}");
}

#[test]
fn the_language_given_stands_in_the_report() {
    let dir = Dir::new();
    let args = ["clean", "--lang", "DA", "--report", "row.json"];
    assert_eq!(outcome(dir.dechrome(&args).write_stdin(ARTICLE)).0, 0);
    assert!(dir.read("row.json").contains("\"lang\":\"da\""));
}
