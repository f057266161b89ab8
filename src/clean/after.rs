//! Where an article is over: comments, other stories and blurbs behind the lines that end one.
//!
//! No rule can know the comments of readers or the teasers of other stories: they are prose. But what stands before them tells:
//! a comment form, a copyright line, a ranking. Each category says in `categories.toml` how much a line of it tells that the
//! article is over; every kind counts once, from a line on to the document's end.

use std::borrow::Cow;

use super::Settings;
use super::cleaned::Evidence;
use super::document::Document;
use super::rulebook::CategoryIndex;
use super::weigh::Score;

/// The fewest paragraphs of the body before the end.
const BODY_LINES: usize = 3;
/// The least that the category of a line must tell for the article to be over there.
const MARK: i32 = 20;
/// Some kind among those that are counted must tell as much: what stands in the middle of articles, too, tells nothing by its
/// number.
const TELLING: i32 = 40;
/// Where it tells less than is needed, the next line that tells something must follow within so many lines, and no sentence between:
/// a newsletter box stands between two paragraphs, too.
const MARK_REACH: usize = 12;
/// What is known of a line of the document, whether it is left or not.
#[derive(Clone, Copy, Default)]
pub(super) struct LineFacts {
    /// The category it went as, or a part of it.
    pub(super) mark: Option<CategoryIndex>,
    /// Whether nothing of it is left.
    pub(super) goes: bool,
    /// Whether it is prose of the body.
    pub(super) is_body: bool,
    /// Whether it is a sentence at least.
    pub(super) is_sentence: bool,
}

/// The end of an article.
pub(super) struct End {
    /// The last line that tells it, as an index into the document's: what is behind it goes.
    pub(super) line: usize,
    /// What tells it.
    pub(super) score: Score,
}

/// A line from which on enough tells that the article is over.
struct Mark {
    line: usize,
    /// How many of the kinds tell it, and how much they tell together.
    kinds: usize,
    sum: i32,
}

/// Whether lines that went as these categories tell enough together.
pub(super) fn may_end(marks: impl Iterator<Item = CategoryIndex>, settings: &Settings) -> bool {
    let mut met = vec![false; settings.rulebook().categories()];
    let mut sum = 0;
    for mark in marks {
        if !std::mem::replace(&mut met[mark], true) {
            sum += settings.rulebook().category(mark).end;
        }
    }
    sum >= settings.end_needed()
}

/// Where the article is over, if anything tells it and enough of an article stands before it.
pub(super) fn end(facts: &[LineFacts], document: &Document<'_>, settings: &Settings) -> Option<End> {
    let (marks, kinds) = marks(facts, settings);
    if marks.is_empty() || document.is_wrapped() {
        return None;
    }
    let sums = sums(facts, document);
    let all = sums.last().copied().unwrap_or_default();
    // The earliest one that leaves enough.
    let earliest = marks.into_iter().rev().find(|mark| {
        let before = sums[mark.line];
        let behind = all.words - before.words;
        before.body >= BODY_LINES && behind > 0 && behind * 100 <= before.words * share(mark.sum, settings)
    })?;
    let tells = |&kind: &CategoryIndex| {
        let category = settings.rulebook().category(kind);
        Evidence { name: Cow::Owned(category.name.to_string()), weight: category.end }
    };
    let evidence = kinds.iter().take(earliest.kinds).map(tells).collect();
    Some(End { line: earliest.line, score: Score::told(evidence) })
}

/// What is kept up to a line, that line included.
#[derive(Clone, Copy, Default)]
struct Sum {
    /// Lines that are prose of the body.
    body: usize,
    words: usize,
}

/// Adds up what is kept, line by line.
fn sums(facts: &[LineFacts], document: &Document<'_>) -> Vec<Sum> {
    let kept = facts.iter().zip(&document.lines).scan(Sum::default(), |sum, (facts, line)| {
        if !facts.goes {
            sum.body += usize::from(facts.is_body);
            sum.words += line.words(document.text);
        }
        Some(*sum)
    });
    kept.collect()
}

/// How many words may go, in percent of those before: the more tells the end, the more, up to as many again.
fn share(sum: i32, settings: &Settings) -> usize {
    let times = sum / settings.end_needed().max(1);
    (settings.end_share() * usize::try_from(times).unwrap_or(0)).min(100)
}

/// Every line from which on enough tells that the article is over, the last first, and the kinds of lines that tell it.
fn marks(facts: &[LineFacts], settings: &Settings) -> (Vec<Mark>, Vec<CategoryIndex>) {
    let (mut marks, mut kinds) = (Vec::new(), Vec::new());
    let mut sum = 0;
    let mut lines_between = 0;
    let mut strongest = 0;
    for (line, facts) in facts.iter().enumerate().rev() {
        if !facts.goes {
            lines_between += if facts.is_sentence { MARK_REACH + 1 } else { 1 };
        }
        let Some(category) = facts.mark else { continue };
        let weight = settings.rulebook().category(category).end;
        if weight > 0 && !kinds.contains(&category) {
            kinds.push(category);
            sum += weight;
            strongest = strongest.max(weight);
        }
        let is_mark = weight >= settings.end_needed() || (weight >= MARK && lines_between <= MARK_REACH);
        if weight > 0 {
            lines_between = 0;
        }
        let is_telling = strongest >= TELLING.min(settings.end_needed());
        if is_mark && is_telling && sum >= settings.end_needed() {
            marks.push(Mark { line, kinds: kinds.len(), sum });
        }
    }
    (marks, kinds)
}

#[cfg(test)]
mod tests {
    use crate::{Cleaner, Preset};

    const BODY: &str = "\
The bridge in the old town is open again, after two years of work that cost the town three million.

The first to cross it was the mayor, who had promised to walk over it in the rain and did so.

Drivers had to take the long way round, by the mill and the quarry, which took them half an hour.

Nobody will miss that road, said the baker, who had to get up at two in the morning because of it.
";
    const COMMENTS: &str = "
12 Comments

Rosa
I crossed it this morning and it still smells of paint, but what a view over the river you get.

miller77
They should have built it of wood, as the old one was, and nobody would have had to pay for it.
";

    fn kept(cleaner: &Cleaner, text: &str) -> String {
        cleaner.clean(text).text().to_owned()
    }

    #[test]
    fn comments_behind_their_heading_and_before_the_form_go() {
        let text = format!("{BODY}{COMMENTS}\nLeave a Reply\n");
        assert_eq!(kept(&Cleaner::new(), &text), BODY);
        let rules: Vec<String> = Cleaner::new().clean(&text).removals().iter().map(|it| it.rule.to_string()).collect();
        assert!(rules.contains(&"after-the-end".to_owned()), "{rules:?}");
    }

    #[test]
    fn they_stay_where_precision_or_the_user_wants_it() {
        let text = format!("{BODY}{COMMENTS}\nLeave a Reply\n");
        for builder in [Cleaner::builder().preset(Preset::Precision), Cleaner::builder().keep("after-end")] {
            let cleaner = builder.build().unwrap_or_default();
            assert!(kept(&cleaner, &text).contains("smells of paint"));
        }
    }

    #[test]
    fn each_judgement_is_switched_off_by_itself() {
        let text = format!("{BODY}{COMMENTS}\nLeave a Reply\n");
        for other in ["headline-tail", "menu-run", "doubled-title", "link-markup"] {
            let cleaner = Cleaner::builder().keep(other).build().unwrap_or_default();
            assert_eq!(kept(&cleaner, &text), BODY, "{other}");
        }
    }

    #[test]
    fn a_box_between_two_paragraphs_ends_nothing() {
        for label in ["Sign up for our newsletter", "Related stories", "Leave a Reply"] {
            let text = format!("{BODY}\n{label}\n\n{BODY}");
            assert_eq!(kept(&Cleaner::new(), &text).matches("took them half an hour").count(), 2, "{label}");
        }
    }

    #[test]
    fn a_correction_stays_behind_the_end() {
        let note = "Correction: An earlier version of this article misstated the cost of the bridge.\n";
        let text = format!("{BODY}{COMMENTS}\n{note}\nLeave a Reply\n");
        assert_eq!(kept(&Cleaner::new(), &text), format!("{BODY}\n{note}"));
    }
}
