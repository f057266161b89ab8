//! What only the document as a whole shows: where the body lies, runs of weak hits, titles and headlines out of place.

use std::cell::OnceCell;

use super::document::Document;
use super::doubles;
use super::line::Line;
use super::rulebook::Rulebook;
use crate::matching::Hit;
use crate::rules::{Form, Strength};

/// Where there is no prose at all, so many lines are head, and so many tail.
const EDGE_LINES: usize = 3;
/// The fewest lines of a run.
const RUN_LINES: usize = 3;
/// The fewest words of a headline of another story; shorter lines may be names, scores, dates.
const STORY_WORDS: usize = 4;
/// The fewest words of a title that is recognised away from its first place.
const TITLE_WORDS: usize = 4;
/// How many lines below the title its double may stand.
const DOUBLE_REACH: usize = 3;
/// The most words of an entry of a menu, the fewest entries of one, and in percent those that rules must know.
const ENTRY_WORDS: usize = 4;
const MENU_LINES: usize = 6;
const KNOWN_ENTRIES: usize = 33;
/// So many figures are a number to call.
const PHONE_FIGURES: usize = 7;
/// The fewest words of a last entry that may be the title.
const TITLE_IN_MENU: usize = 3;
/// The fewest headlines behind the body that are taken for other stories though nothing says so.
const BARE_LINES: usize = 2;
/// The most headlines that are taken for a tail of other stories.
const TAIL_LINES: usize = 40;

/// A judgement that needs no rule, named and switched like one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContextRule {
    /// Its name in reports, `--keep` and `--drop`.
    pub id: &'static str,
    /// Its category.
    pub category: &'static str,
    /// What it takes away, in a sentence.
    pub why: &'static str,
}

/// Every judgement that needs no rule.
pub const CONTEXT_RULES: &[ContextRule] = &[
    ContextRule {
        id: "after-the-end",
        category: "after-end",
        why: "Comments, other stories and blurbs behind lines that end an article: a comment form, a copyright line, a ranking.",
    },
    ContextRule {
        id: "doubled-title",
        category: "duplicate",
        why: "The title once more, below itself or behind the body: pages print it as heading and as link.",
    },
    ContextRule {
        id: "headline-tail",
        category: "related",
        why: "Headlines of other stories behind the last sentence of the body and behind chrome, up to the end.",
    },
    ContextRule {
        id: "link-markup",
        category: "link",
        why: "Brackets, numbers and targets of Markdown links, and pictures: the text of a link stays.",
    },
    ContextRule {
        id: "menu-run",
        category: "nav",
        why: "Short lines among the entries of a menu, before the body or behind it: sections and places that no rule can list.",
    },
    ContextRule {
        id: "title",
        category: "title",
        why: "The title above the body, where `--title drop` asks for the body only.",
    },
];

/// A judgement by its place among [`CONTEXT_RULES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Judgement {
    /// What stands behind the end of the article.
    AfterEnd,
    /// The title, printed again.
    DoubledTitle,
    /// Headlines of other stories.
    HeadlineTail,
    /// Brackets and targets of links.
    LinkMarkup,
    /// Entries of a menu that no rule knows.
    MenuRun,
    /// The title, where it is to be dropped.
    Title,
}

impl Judgement {
    pub(super) fn rule(self) -> &'static ContextRule {
        &CONTEXT_RULES[self as usize]
    }
}

/// What is known of each line that is left, by its place among them.
pub(super) struct Context {
    /// The lines that are left, as indices into the document's.
    pub(super) alive: Vec<usize>,
    /// The first and the last line of body prose, by place.
    body: Option<(usize, usize)>,
    /// The keys of lines that stand in the document more than once, sorted; told when first asked for.
    repeated: OnceCell<Vec<u64>>,
}

impl Context {
    pub(super) fn new(document: &Document<'_>, rulebook: &Rulebook) -> Context {
        let mut alive = Vec::with_capacity(document.lines.len());
        alive.extend((0..document.lines.len()).filter(|&line| !document.lines[line].gone));
        let is_body = |place: &usize| is_body(&document.lines[alive[*place]], document, rulebook);
        let first = (0..alive.len()).find(is_body);
        let last = first.and_then(|first| (first..alive.len()).rev().find(is_body));
        Context { body: first.zip(last), repeated: OnceCell::new(), alive }
    }

    fn line<'d>(&self, document: &'d Document<'_>, place: usize) -> &'d Line {
        &document.lines[self.alive[place]]
    }

    /// Whether a line that a rule hit is one of a run of such lines; those without a word go along.
    pub(super) fn in_run(&self, document: &Document<'_>, place: usize) -> bool {
        let is_member = |place: usize| {
            let line = self.line(document, place);
            !line.hits.is_empty() || line.is_wordless(document.text)
        };
        let near = RUN_LINES - 1;
        let before = (place.saturating_sub(near)..place).rev().take_while(|&it| is_member(it)).count();
        let behind = (place + 1..self.alive.len()).take(near).take_while(|&it| is_member(it)).count();
        before + 1 + behind >= RUN_LINES
    }

    /// Whether the same line stands elsewhere, too.
    pub(super) fn is_repeated(&self, document: &Document<'_>, place: usize) -> bool {
        let key = |place: usize| self.line(document, place).key(document.text);
        let repeated = self.repeated.get_or_init(|| {
            let mut keys: Vec<u64> = (0..self.alive.len()).map(key).collect();
            keys.sort_unstable();
            keys.chunk_by(|one, next| one == next).filter(|same| same.len() > 1).map(|same| same[0]).collect()
        });
        repeated.binary_search(&key(place)).is_ok()
    }

    /// Whether there is prose at all; among poems and tables short lines mean nothing.
    pub(super) fn has_body(&self) -> bool {
        self.body.is_some()
    }

    /// Whether the line stands before the body.
    pub(super) fn in_head(&self, place: usize) -> bool {
        self.body.map_or(place < EDGE_LINES, |(first, _)| place < first)
    }

    /// Whether the line stands behind the body.
    pub(super) fn in_tail(&self, place: usize) -> bool {
        self.body.map_or(place + EDGE_LINES >= self.alive.len(), |(_, last)| place > last)
    }

    /// Whether no prose of the body stands behind the line.
    pub(super) fn ends_body(&self, place: usize) -> bool {
        self.body.is_none_or(|(_, last)| last <= place)
    }

    /// The places of lines that print the title once more where no article repeats it: right below it, or outside the body.
    pub(super) fn doubled_titles(&self, document: &Document<'_>, doubles: &[usize]) -> Vec<usize> {
        if doubles.is_empty() {
            return Vec::new();
        }
        let first = doubles::first(document).and_then(|line| self.alive.binary_search(&line).ok());
        let Some(first) = first else { return Vec::new() };
        let long = self.line(document, first).shape(document.text).length >= TITLE_WORDS;
        // What stands three times and more is a refrain, a speaker, a heading of a list.
        let once = doubles.len() == 1;
        let is_double = |place: usize| {
            let near = self.has_body() && place <= first + DOUBLE_REACH;
            let outside = self.has_body() && (self.in_head(place) || self.in_tail(place));
            let below = self.has_body()
                && place == first + 1
                && !doubles.contains(&self.alive.get(place + 1).copied().unwrap_or(usize::MAX));
            below || (long && once && (near || outside))
        };
        let places = doubles.iter().filter_map(|line| self.alive.binary_search(line).ok());
        places.filter(|&place| is_double(place)).collect()
    }

    /// The places of lines in menus: short lines in a row, outside the body, of which enough go by a rule.
    pub(super) fn menus(
        &self,
        document: &Document<'_>,
        goes: &dyn Fn(usize) -> bool,
        is_known: &dyn Fn(usize) -> bool,
    ) -> Vec<usize> {
        let Some((first, last)) = self.body else { return Vec::new() };
        let is_entry = |place: usize| {
            if goes(place) {
                return true;
            }
            let line = self.line(document, place);
            let shape = line.shape(document.text);
            shape.length <= ENTRY_WORDS && !shape.ends_sentence && !is_datum(line.text(document.text))
        };
        let mut found = Vec::new();
        for part in [0..first, last + 1..self.alive.len()] {
            if !part.clone().any(is_known) {
                continue;
            }
            let mut start = part.start;
            for place in part.start..=part.end {
                if place < part.end && is_entry(place) {
                    continue;
                }
                let known = (start..place).filter(|&it| is_known(it)).count();
                if place - start >= MENU_LINES && known * 100 >= (place - start) * KNOWN_ENTRIES {
                    let end = if part.start == 0 { self.title_at_the_end(document, start..place, goes) } else { place };
                    found.extend((start..end).filter(|&it| !goes(it)));
                }
                start = place + 1;
            }
        }
        found
    }

    /// The places of headlines behind the body up to the end, with nothing among them that tells what they are: other stories, most
    /// likely, but a list may end an article, too.
    pub(super) fn bare_headlines(&self, document: &Document<'_>) -> Vec<usize> {
        let Some((_, last_body)) = self.body else { return Vec::new() };
        let line = |place: usize| self.line(document, place);
        let places = last_body + 1..self.alive.len();
        let is_headline = |place: usize| line(place).hits.is_empty() && line(place).shape(document.text).is_headline();
        if places.len() < BARE_LINES || !places.clone().all(is_headline) {
            return Vec::new();
        }
        let stories = places.clone().filter(|&it| line(it).shape(document.text).length >= STORY_WORDS).count();
        let announced = line(last_body).text(document.text).trim_end().ends_with(':');
        let are_stories = stories * 2 >= places.len() && !announced && !document.is_wrapped();
        if are_stories { places.collect() } else { Vec::new() }
    }

    /// The end of a menu, without a short title right behind it.
    fn title_at_the_end(
        &self,
        document: &Document<'_>,
        menu: std::ops::Range<usize>,
        goes: &dyn Fn(usize) -> bool,
    ) -> usize {
        let last = menu.end - 1;
        let is_title = !goes(last) && self.line(document, last).shape(document.text).length >= TITLE_IN_MENU;
        if is_title { last } else { menu.end }
    }

    /// The places of the headlines of other stories behind the body: from the last line that goes to the end, when nothing
    /// else stands there.
    pub(super) fn headline_tail(&self, document: &Document<'_>, goes: &dyn Fn(usize) -> bool) -> Vec<usize> {
        let Some((_, last_body)) = self.body else { return Vec::new() };
        let mut found = Vec::new();
        for place in (last_body + 1..self.alive.len()).rev() {
            let line = self.line(document, place);
            if goes(place) {
                if !found.is_empty() {
                    return found;
                }
            } else if line.hits.is_empty()
                && line.shape(document.text).is_headline()
                && line.shape(document.text).length >= STORY_WORDS
                && found.len() < TAIL_LINES
            {
                found.push(place);
            } else {
                return Vec::new();
            }
        }
        Vec::new()
    }
}

/// Whether a line is prose of the body: a sentence of some length that no rule speaks of.
pub(super) fn is_body(line: &Line, document: &Document<'_>, rulebook: &Rulebook) -> bool {
    let is_strong = |hit: &Hit| {
        let rule = rulebook.rule(hit.rule);
        rule.strength != Strength::Run && rule.form != Form::Span
    };
    line.is_prose(document.text) && !document.hits(line).iter().any(is_strong)
}

/// Whether a line is a quantity, a number to call or a label with its value, which no menu has.
fn is_datum(line: &str) -> bool {
    line.trim_start().starts_with(|c: char| c.is_ascii_digit())
        || line.trim_end().trim_end_matches([':', '：']).contains([':', '：'])
        || line.bytes().filter(u8::is_ascii_digit).count() >= PHONE_FIGURES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judgements_stand_at_their_numbers() {
        use Judgement::*;
        for (judgement, id) in [
            (AfterEnd, "after-the-end"),
            (DoubledTitle, "doubled-title"),
            (HeadlineTail, "headline-tail"),
            (LinkMarkup, "link-markup"),
            (MenuRun, "menu-run"),
            (Title, "title"),
        ] {
            assert_eq!(judgement.rule().id, id);
        }
    }

    #[test]
    fn no_rule_can_take_the_name_of_a_judgement() {
        assert!(CONTEXT_RULES.iter().all(|rule| crate::rules::RESERVED_IDS.contains(&rule.id)));
    }

    const BODY: &str =
        "The bridge in the old town is open again, after two years of work that cost the town three million.\n";

    fn kept(text: &str) -> String {
        crate::Cleaner::new().clean(text).text().to_owned()
    }

    #[test]
    fn a_title_stays_without_the_name_of_the_site() {
        let title = "Bridge in the old town is open again\n";
        for sited in [
            "Bridge in the Old Town Is Open Again - The Valley Courier",
            "Bridge in the old town is open again | Courier",
        ] {
            assert_eq!(kept(&format!("{sited}\n{title}\n{BODY}")), format!("{title}\n{BODY}"), "{sited}");
            assert_eq!(kept(&format!("{title}\n{sited}\n\n{BODY}")), format!("{title}\n{BODY}"), "{sited}");
        }
    }

    #[test]
    fn a_title_with_a_dash_in_it_stays() {
        for text in [
            format!("Bridge in the old town - open again\n\n{BODY}"),
            format!("Bridge in the old town - open again\n\n{BODY}{BODY}{BODY}\nBridge in the old town\n\n{BODY}"),
            format!("Open - again\nOpen\n\n{BODY}"),
        ] {
            assert_eq!(kept(&text), text);
        }
    }
}
