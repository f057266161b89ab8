//! What must hold for every text whatever.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

use dechrome::{Cleaned, Cleaner, Outcome, Preset, RuleSet, Title};
use proptest::prelude::*;
use std::sync::LazyLock;

static CLEANERS: LazyLock<Vec<Cleaner>> = LazyLock::new(|| {
    [Preset::Precision, Preset::Balanced, Preset::Recall]
        .into_iter()
        // A title that is dropped stands outside the promise that cleaning twice is cleaning once.
        .map(|preset| Cleaner::builder().preset(preset).title(Title::Keep).build().expect("the built-in rules build"))
        .collect()
});

static BODY_ONLY: LazyLock<Cleaner> =
    LazyLock::new(|| Cleaner::builder().preset(Preset::Recall).build().expect("the built-in rules build"));

/// A document made of prose, headlines, chrome of every hit in the rules, blank lines and noise.
fn mixed_document() -> impl Strategy<Value = String> {
    let hits: Vec<String> = {
        let rules = RuleSet::loader().with_examples().load().unwrap();
        rules.rules().iter().flat_map(|rule| rule.hit.clone()).collect()
    };
    let prose = prop::sample::select(vec![
        "The council met on Monday evening and voted, after a debate of three hours, to rebuild the old bridge."
            .to_owned(),
        "“We will not wait another year,” said the mayor, who had promised the work before the last election."
            .to_owned(),
        "Der Rat beschloss am Montag nach langer Debatte, die alte Brücke über den Fluss bis zum Herbst neu zu bauen."
            .to_owned(),
        "市議会は月曜日に会合を開き、三時間にわたる議論の末に古い橋を再建することを決めた。".to_owned(),
        "He left.".to_owned(),
    ]);
    let headline = prop::sample::select(vec![
        "Council votes to rebuild the old bridge".to_owned(),
        "Storm closes harbour for third day".to_owned(),
        "What to know".to_owned(),
        "Harbour strike enters its second week as talks stall".to_owned(),
    ]);
    let linked = (
        headline.clone(),
        prop::sample::select(vec![
            "[{}](https://example.com/a)",
            "[{}][3]",
            "![{}](/b.png)",
            "[{}",
            "{}][4]",
            "[[{}][1]][2]",
        ]),
    )
        .prop_map(|(headline, link)| link.replace("{}", &headline));
    let sited =
        (headline.clone(), prop::sample::select(vec![" - The Valley Courier", " | Courier", " · Courier | Valley"]))
            .prop_map(|(headline, site)| headline + site);
    let hits_again = hits.clone();
    let line = prop_oneof![
        4 => prose.clone(),
        3 => prop::sample::select(hits.clone()),
        2 => headline.clone(),
        1 => (prose.clone(), prop::sample::select(hits)).prop_map(|(prose, hit)| format!("{prose} {hit}")),
        1 => (headline.clone(), prop::sample::select(vec![". ", ".\u{a0}", ".\u{3000}", "\u{a0}Mr.\u{a0}"]), prose.clone())
            .prop_map(|(headline, blank, prose)| format!("{headline}{blank}{prose}").replace(' ', "\u{a0}")),
        1 => (prop::sample::select(hits_again), prop::sample::select(vec!["\u{a0}", "\u{3000}"]))
            .prop_map(|(hit, blank)| format!("{hit}{blank}Mr.{blank}Keller{blank}left.").replace(' ', blank)),
        1 => (headline, prose).prop_map(|(headline, prose)| format!("{headline} {prose}")),
        1 => linked,
        1 => sited,
        1 => Just("[1]: https://example.com/a".to_owned()),
        2 => Just(String::new()),
        1 => "\\PC{0,60}",
    ];
    let end = prop::sample::select(vec!["\n", "\n", "\n\n", "\r\n"]);
    prop::collection::vec((line, end), 0..40)
        .prop_map(|lines| lines.into_iter().flat_map(|(line, end)| [line, end.to_owned()]).collect())
}

fn assert_accounted(text: &str, cleaned: &Cleaned<'_>) {
    let mut kept = String::new();
    let mut at = 0;
    for removal in cleaned.removals() {
        assert!(removal.range.start >= at, "removals overlap or are out of order");
        assert!(removal.range.start < removal.range.end, "a removal is empty");
        assert!(
            text.is_char_boundary(removal.range.start) && text.is_char_boundary(removal.range.end),
            "a character is split"
        );
        kept.push_str(&text[at..removal.range.start]);
        at = removal.range.end;
    }
    kept.push_str(&text[at..]);
    assert_eq!(kept, cleaned.text(), "the kept text is not the text without the removals");
    let removed: usize = cleaned.removals().iter().map(|removal| removal.range.len()).sum();
    assert_eq!(text.len(), cleaned.text().len() + removed);
    let counts = cleaned.counts();
    assert!(counts.words_removed <= counts.words && counts.lines_removed <= counts.lines);
    if cleaned.outcome() == Outcome::Unchanged {
        assert!(cleaned.removals().is_empty());
    }
}

fn assert_offsets_map_back(text: &str, cleaned: &Cleaned<'_>) {
    for (at, c) in cleaned.text().char_indices().step_by(7) {
        let raw = cleaned.raw_offset(at);
        assert_eq!(text[raw..].chars().next(), Some(c));
    }
}

fn assert_all(text: &str) {
    for cleaner in CLEANERS.iter() {
        let cleaned = cleaner.clean(text);
        assert_accounted(text, &cleaned);
        assert_offsets_map_back(text, &cleaned);
        let again = cleaner.clean(cleaned.text());
        assert_eq!(again.text(), cleaned.text(), "cleaning twice is not cleaning once");
        let explained = cleaner.explain(text);
        let removed: usize = explained.lines.iter().flat_map(|line| &line.removed).count();
        assert_eq!(removed, cleaned.removals().len(), "explaining shows other removals than cleaning makes");
    }
    assert_accounted(text, &BODY_ONLY.clean(text));
}

proptest! {

    #[test]
    fn any_text_is_accounted_for_and_clean_after_one_cleaning(text in "\\PC*") {
        assert_all(&text);
    }

    #[test]
    fn any_lines_are_accounted_for_and_clean_after_one_cleaning(lines in prop::collection::vec("[ -~“”’\u{200b}\u{a0}\u{3000}é世\t]{0,80}", 0..30)) {
        assert_all(&lines.join("\n"));
        assert_all(&lines.join("\r\n"));
        assert_all(&lines.join("\r"));
    }

    #[test]
    fn chrome_and_body_mixed_are_accounted_for_and_clean_after_one_cleaning(text in mixed_document()) {
        assert_all(&text);
    }
}

#[test]
fn a_cleaner_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Cleaner>();
    shared::<RuleSet>();
}

#[test]
fn text_without_chrome_is_borrowed() {
    let text = "The council met on Monday evening and voted to rebuild the old bridge over the river.\n";
    let cleaned = CLEANERS[1].clean(text);
    assert!(matches!(cleaned.into_text(), std::borrow::Cow::Borrowed(_)));
}

proptest! {
    #[test]
    fn what_was_removed_can_be_put_back(text in mixed_document()) {
        for cleaner in CLEANERS.iter().chain([&*BODY_ONLY]) {
            let cleaned = cleaner.clean(&text);
            let removed = cleaned.removals().iter().map(|removal| (removal.range.clone(), &text[removal.range.clone()]));
            let restored = dechrome::restore(cleaned.text(), removed);
            prop_assert_eq!(restored.as_deref(), Some(&*text));
        }
    }
}
