//! Texts to measure with: as many as are wanted, each different, the same every time.
//!
//! Sentences are put together of parts written for it, in five languages; there are some hundred thousand of them in each,
//! and a paragraph of three to six hardly ever comes twice, so that a memory of lines is of no help. Chrome is what the
//! built-in rules have as examples, of the language at hand, and labels with headlines of stories that are made up.

#![allow(clippy::expect_used, dead_code, reason = "each bench uses some of it, and may stop at the first mistake")]

use std::collections::BTreeMap;

use dechrome::{Action, Form, RuleSet};

/// The languages there are texts in.
pub(crate) const LANGUAGES: [&str; 5] = ["en", "de", "ru", "zh", "ar"];

/// Numbers without a pattern, from a seed: SplitMix64 (Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn pick<'i>(&mut self, items: &[&'i str]) -> &'i str {
        items[self.below(items.len())]
    }
}

/// A language: parts of sentences, and what is chrome in it.
pub(crate) struct Language {
    pub(crate) code: &'static str,
    who: Vec<&'static str>,
    did: Vec<&'static str>,
    when: Vec<&'static str>,
    and: Vec<&'static str>,
    counts: Vec<&'static str>,
    things: Vec<&'static str>,
    places: Vec<&'static str>,
    gap: &'static str,
    stop: &'static str,
    chrome: Vec<String>,
}

impl Language {
    /// All of them.
    pub(crate) fn all() -> Vec<Language> {
        let rules = RuleSet::loader().with_examples().load().expect("the built-in rules can be read");
        LANGUAGES.iter().map(|code| Language::new(code, &rules)).collect()
    }

    fn new(code: &'static str, rules: &RuleSet) -> Language {
        let (gap, stop) = if code == "zh" { ("", "。") } else { (" ", ".") };
        let mut parts = parts(code).split("---\n").map(|part| part.lines().collect::<Vec<_>>());
        let mut next = || parts.next().expect("every language has all parts");
        let (who, did, when, and) = (next(), next(), next(), next());
        let (counts, things, places) = (next(), next(), next());
        Language { code, who, did, when, and, counts, things, places, gap, stop, chrome: chrome(code, rules) }
    }

    pub(crate) fn sentence(&self, random: &mut Random) -> String {
        let Language { who, did, when, and, gap, stop, .. } = self;
        let parts = [random.pick(who), random.pick(did), random.pick(when), random.pick(and)];
        parts.join(gap) + stop
    }

    pub(crate) fn paragraph(&self, random: &mut Random) -> String {
        let sentences: Vec<String> = (0..3 + random.below(4)).map(|_| self.sentence(random)).collect();
        sentences.join(self.gap)
    }

    pub(crate) fn headline(&self, random: &mut Random) -> String {
        let Language { counts, things, places, .. } = self;
        let parts = [random.pick(places), random.pick(counts), random.pick(things), random.pick(places)];
        parts.join(self.gap)
    }

    /// An article as it should come out: a title, and paragraphs.
    pub(crate) fn article(&self, random: &mut Random) -> String {
        let mut text = self.headline(random) + "\n\n";
        for _ in 0..6 + random.below(10) {
            text += &self.paragraph(random);
            text += "\n\n";
        }
        text
    }

    fn chrome_line(&self, random: &mut Random) -> &str {
        &self.chrome[random.below(self.chrome.len())]
    }

    /// What an extractor makes of a page that is mostly chrome: two paragraphs between labels, links and prompts.
    pub(crate) fn dense(&self, random: &mut Random) -> String {
        let mut lines = vec![self.headline(random)];
        for block in 0..3 {
            lines.extend((0..8 + random.below(8)).map(|_| self.chrome_line(random).to_owned()));
            lines.extend((0..random.below(4)).map(|_| self.headline(random)));
            if block < 2 {
                lines.push(self.paragraph(random));
            }
        }
        lines.join("\n") + "\n"
    }

    /// All the text of a page: menu, article with prompts in between, comments, other stories, foot.
    pub(crate) fn page(&self, random: &mut Random) -> String {
        let mut lines: Vec<String> = (0..30).map(|_| random.pick(&self.places).to_owned()).collect();
        lines.extend((0..6).map(|_| self.chrome_line(random).to_owned()));
        lines.push(self.headline(random));
        for _ in 0..8 + random.below(8) {
            lines.push(self.paragraph(random));
            if random.below(3) == 0 {
                lines.push(self.chrome_line(random).to_owned());
            }
        }
        lines.extend((0..20).map(|_| self.chrome_line(random).to_owned()));
        lines.extend((0..15).map(|_| self.headline(random)));
        lines.extend((0..10).map(|_| self.chrome_line(random).to_owned()));
        lines.join("\n") + "\n"
    }

    /// An article with its chrome in one line, as extractors leave it that lose line ends.
    pub(crate) fn one_line(&self, random: &mut Random) -> String {
        let mut parts = vec![self.headline(random)];
        for _ in 0..12 {
            parts.push(self.paragraph(random));
            if random.below(3) == 0 {
                parts.push(self.chrome_line(random).to_owned());
            }
        }
        parts.join(" ") + "\n"
    }

    /// Few lines of some sixty kilobytes each.
    pub(crate) fn long_lines(&self, random: &mut Random) -> String {
        let mut text = String::new();
        for _ in 0..3 {
            let begin = text.len();
            while text.len() < begin + (60 << 10) {
                text += &self.sentence(random);
                text += self.gap;
            }
            text += "\n";
        }
        text
    }
}

fn parts(code: &str) -> &'static str {
    match code {
        "de" => include_str!("de.txt"),
        "ru" => include_str!("ru.txt"),
        "zh" => include_str!("zh.txt"),
        "ar" => include_str!("ar.txt"),
        _ => include_str!("en.txt"),
    }
}

/// What rules that know whole lines of a language have as examples.
fn chrome(code: &str, rules: &RuleSet) -> Vec<String> {
    let speaks = |langs: &[std::sync::Arc<str>]| langs.is_empty() || langs.iter().any(|lang| **lang == *code);
    let of_lines = rules
        .rules()
        .iter()
        .filter(|rule| rule.action == Action::Remove && rule.form != Form::Span && speaks(&rule.langs));
    of_lines.flat_map(|rule| rule.hit.iter().cloned()).filter(|hit| !hit.contains('\n')).collect()
}

/// A kind of text.
pub(crate) type Kind = fn(&Language, &mut Random) -> String;

/// The kinds of texts by name.
pub(crate) fn kinds() -> BTreeMap<&'static str, Kind> {
    let kinds: [(&'static str, Kind); 5] = [
        ("articles", Language::article),
        ("dense", Language::dense),
        ("pages", Language::page),
        ("one-line", Language::one_line),
        ("long-lines", Language::long_lines),
    ];
    kinds.into_iter().collect()
}

/// Texts of a kind in some languages in turn, until they are so many bytes together.
pub(crate) fn texts(languages: &[&Language], kind: Kind, bytes: usize, seed: u64) -> Vec<String> {
    let (mut random, mut texts, mut length) = (Random::new(seed), Vec::new(), 0);
    for language in languages.iter().cycle() {
        if length >= bytes {
            break;
        }
        let text = kind(language, &mut random);
        length += text.len();
        texts.push(text);
    }
    texts
}
