//! Word lists by language, which give the slots of patterns their words.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::error::Mistakes;
use super::file::check_format;
use super::list::List;
use super::reader::{Fields, Source, kind};
use super::template::{SLOT_NAMES, Text};
use crate::text::fold::Folded;

/// The most words of one list of one file.
const MAX_WORDS: usize = 20_000;
/// The longest word, in characters.
const MAX_WORD_CHARS: usize = 200;

/// The language of lists that every rule may use.
const ANY: &str = "any";

/// All word lists: by name, then by language, folded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Vocabulary {
    lists: BTreeMap<Text, BTreeMap<Arc<str>, List<Text>>>,
}

impl Vocabulary {
    /// Reads a vocabulary file; its lists add to those that are there.
    pub(super) fn read(&mut self, source: &Source<'_>, errors: &mut Mistakes) {
        let Some(table) = source.parse(errors) else { return };
        let mut head = Fields::new(source, table.get_ref(), 1, errors);
        check_format(&mut head);
        head.string("about");
        let lang: Arc<str> = match head.string("lang") {
            Some((lang, _)) => lang.into(),
            None => {
                head.error_here(
                    "the vocabulary has no language",
                    "write `lang = \"en\"`, or `lang = \"any\"`, at its head",
                );
                ANY.into()
            }
        };
        let lists = head.value("lists");
        head.finish();
        let Some((value, line)) = lists else { return };
        let Some(table) = value.as_table() else {
            return errors.push(source.error(
                line,
                None,
                format!("`lists` is {}", kind(value)),
                "write a `[lists]` table",
            ));
        };
        for (name, words) in table.iter() {
            let line = source.line(name.span().start);
            let name = name.get_ref().as_ref();
            if SLOT_NAMES.contains(&name) {
                errors.push(source.error(
                    line,
                    None,
                    format!("`{name}` is the name of a slot"),
                    "give the list another name",
                ));
            }
            let Some(items) = words.get_ref().as_array() else {
                errors.push(source.error(
                    line,
                    None,
                    format!("`{name}` is {}", kind(words.get_ref())),
                    "write an array of strings",
                ));
                continue;
            };
            if items.len() > MAX_WORDS {
                let what = format!("`{name}` holds {} words, more than {MAX_WORDS}", items.len());
                errors.push(source.error(line, None, what, "keep the usual ones, or write several lists"));
                continue;
            }
            let list =
                self.lists.entry(Text::Owned(name.to_owned())).or_default().entry(lang.clone()).or_default().to_mut();
            for item in items.iter() {
                match item.get_ref().as_str().map(|word| Folded::new(word).text().to_owned()) {
                    Some(word) if word.chars().count() > MAX_WORD_CHARS => errors.push(source.error(
                        source.line(item.span().start),
                        None,
                        format!("`{name}` holds a text of more than {MAX_WORD_CHARS} characters"),
                        "write single words and short phrases",
                    )),
                    Some(word) if !word.is_empty() => list.push(word.into()),
                    _ => errors.push(source.error(
                        source.line(item.span().start),
                        None,
                        format!("`{name}` holds something that is no word"),
                        "write strings that are not empty",
                    )),
                }
            }
        }
    }

    /// Adds a list that is compiled into the program, folded.
    pub(super) fn add_static(&mut self, name: &'static str, lang: Arc<str>, words: List<Text>) {
        self.lists.entry(Text::Borrowed(name)).or_default().insert(lang, words);
    }

    /// The words a rule of these languages (none for `any`) gets for a slot: those of its languages and of `any`, sorted.
    pub(crate) fn words(&self, name: &str, langs: &[Arc<str>]) -> Vec<&Text> {
        let lists = self.lists.get(name).into_iter().flatten();
        let chosen = lists.filter(|(lang, _)| langs.is_empty() || ***lang == *ANY || langs.contains(lang));
        let mut words: Vec<&Text> = chosen.flat_map(|(_, words)| words.iter()).collect();
        words.sort_unstable();
        words.dedup();
        words
    }

    /// Whether a rule of these languages has any word for a slot.
    pub(crate) fn has_words(&self, name: &str, langs: &[Arc<str>]) -> bool {
        let speaks = |lang: &Arc<str>| langs.is_empty() || **lang == *ANY || langs.contains(lang);
        self.by_language(name).any(|(lang, words)| speaks(lang) && !words.is_empty())
    }

    /// The names of all lists, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(|name| &**name)
    }

    /// The languages that have a word list.
    pub(crate) fn languages(&self) -> impl Iterator<Item = &Arc<str>> {
        self.lists.values().flat_map(|list| list.keys()).filter(|lang| ***lang != *ANY)
    }

    /// A list by language, for what is told apart by language.
    pub(crate) fn by_language(&self, name: &str) -> impl Iterator<Item = (&Arc<str>, &[Text])> {
        self.lists.get(name).into_iter().flatten().map(|(lang, words)| (lang, &**words))
    }
}
