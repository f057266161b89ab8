//! The template language, as a rule author meets it: a pattern, what it hits, what it misses.

use std::fs;

use dechrome::{Cleaner, RuleSet};

/// The examples that do not come out as they should, of one rule with this form and pattern.
fn failures(form: &str, extra: &str, pattern: &str, hits: &[&str], misses: &[&str]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("own.toml");
    // Arrays of strings are written alike in JSON and TOML.
    let (hits, misses) = (serde_json::to_string(hits).unwrap(), serde_json::to_string(misses).unwrap());
    let text = format!(
        "format = 1\ncategory = \"test\"\nlang = \"en\"\n[[rule]]\nid = \"tried\"\nstrength = \"alone\"\nform = \"{form}\"\n\
         {extra}\npattern = '''{pattern}'''\nwhy = \"A test.\"\nhit = {hits}\nmiss = {misses}\n"
    );
    fs::write(&file, text).unwrap();
    let rules = RuleSet::loader().without_defaults().path(&file).load().unwrap();
    let cleaner = Cleaner::builder().rules(rules).build().unwrap();
    cleaner.test_rules().iter().filter(|failure| failure.rule().is_some()).map(ToString::to_string).collect()
}

#[track_caller]
fn line(pattern: &str, hits: &[&str], misses: &[&str]) {
    assert_eq!(failures("line", "", pattern, hits, misses), [""; 0], "{pattern}");
}

#[test]
fn words_choices_and_options() {
    line(
        "(kindly|please)? share this (story|post)?",
        &["Share this", "Kindly  SHARE this story:", "• please share this post!", "**Share this**"],
        &["Share thistle", "Share this story now", "Share"],
    );
    line(r"why (this )?ad\?", &["Why ad?"], &["Why ad"]);
    line("thought(s)? on", &["Thought on", "Thoughts on"], &["Thoughtson"]);
}

#[test]
fn marks_are_seen_as_people_see_them() {
    line("don't miss it", &["Don’t miss it", "𝗗𝗼𝗻'𝘁 𝗺𝗶𝘀𝘀 𝗶𝘁", "Don't miss\u{200b} it"], &["Do not miss it"]);
    line("lire aussi: {any:9}", &["Lire aussi : la suite du récit", "LIRE AUSSI: la suite"], &["Lire aussi la suite"]);
    line("関連 記事", &["関連記事", "関連 記事"], &["関連する記事"]);
}

#[test]
fn numbers_dates_and_times() {
    line("{n} shares", &["12 Shares", "1,204 shares", "1 204 shares", "3.4k shares", "٢٣ shares"], &["many shares"]);
    line(
        "{date}",
        &["3 May 2026", "May 3, 2026", "Monday, 3 May 2026", "2026-05-03", "03.05.2026", "May 3rd, 2026"],
        &["May", "3", "Maybe 3", "12 monkeys"],
    );
    line("at {time}", &["at 10:45", "at 5.30 pm", "at 11h30", "at 10:45 GMT"], &["at 10", "at noon"]);
}

#[test]
fn names_addresses_and_handles() {
    line(
        "by {name}",
        &["By Anna Keller", "By A. B. van der Berg", "by Anna Keller-Brand"],
        &["by the river", "By Anna went home"],
    );
    line(
        "see {url}",
        &["See https://example.com/a?b=c", "see www.example.org", "see example.com"],
        &["see the example"],
    );
    line("write to {email}", &["Write to anna@example.com"], &["write to anna"]);
    line("follow {handle}", &["Follow @anna_k"], &["follow anna"]);
}

#[test]
fn gaps_take_words_and_never_cross_a_sentence() {
    line(
        "read {any:3} now",
        &["Read it now", "Read all of it now"],
        &["Read now", "Read all of it right now", "Read it. Leave now"],
    );
    line("{any:4} を読む", &["続きを読む"], &["この長い記事を読む"]);
}

#[test]
fn a_start_needs_a_headline_behind_it() {
    let hits = ["ALSO READ: Bridge Opens After Two Years", "Also read: Is the bridge safe?"];
    let misses = ["Also read:", "Also read: the bridge opened after two years of work.", "She also read: Bridge Opens"];
    assert_eq!(failures("start", "", "also read:", &hits, &misses), [""; 0]);
}

#[test]
fn a_span_begins_at_a_border() {
    let hits = [
        "He left. More on this at Example. She stayed.",
        "More on this at Example.",
        "He said so (more on this at Example).",
    ];
    let misses = ["He knows more on this at Example."];
    assert_eq!(failures("span", "", "more on this at {any:3}", &hits, &misses), [""; 0]);
}

#[test]
fn loose_folding_sees_through_disguises() {
    let hits = ["Anzеigе", "A N Z E I G E", "ANZEIGE"];
    assert_eq!(failures("line", "fold = \"loose\"", "anzeige", &hits, &["Anzeigen"]), [""; 0]);
    assert_eq!(failures("line", "", "anzeige", &["Anzeige"], &["Anzеigе", "A N Z E I G E"]), [""; 0]);
}
