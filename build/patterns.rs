//! What is known of all patterns, as static tables.

use std::fmt::Write as _;

use crate::arrays::Arrays;
use crate::matching::{Clues, Facts, FirstChars, Index, Indices, Inner, Prefixes, tables};
use crate::rules::RuleSet;

/// That there are no tables.
pub(crate) fn none() -> String {
    "static TABLES: Option<Tables> = None;\n".to_owned()
}

/// The tables of a rule set.
pub(crate) fn code(set: &RuleSet) -> String {
    let tables = tables(set);
    let mut arrays = Arrays::default();
    let patterns = arrays.add("Facts", tables.patterns.iter().map(of_facts));
    let required = numbers(&mut arrays, "u16", &tables.required);
    let marks = borrowed(&arrays.add("NeededMarks", tables.marks.iter().map(|marks| format!("{marks:?}"))));
    let (remove, protect) = (of_indices(&mut arrays, &tables.remove), of_indices(&mut arrays, &tables.protect));
    let (loose, span_starts) = (of_index(&mut arrays, &tables.loose), of_chars(&mut arrays, &tables.span_starts));
    let asks_title = tables.asks_title;
    let clues: Vec<String> = tables.clues.iter().map(|clues| of_clues(&mut arrays, clues)).collect();
    let clues = borrowed(&arrays.add("Clues", clues.into_iter()));
    let mut code = "use super::{inner::Inner, prefixes::{PatternIds, Prefixes}};\n\n".to_owned() + &arrays.code;
    let _ = writeln!(
        code,
        "static TABLES: Option<Tables> = Some(Tables {{\n    patterns: {}, required: {required}, marks: {marks},\n    remove: {remove},\n    \
         protect: {protect},\n    loose: {loose},\n    span_starts: {span_starts}, asks_title: {asks_title},\n    clues: {clues}\n}});",
        borrowed(&patterns)
    );
    code
}

fn borrowed(array: &str) -> String {
    format!("Cow::Borrowed({array})")
}

fn numbers<T: std::fmt::Display>(arrays: &mut Arrays, kind: &str, numbers: &[T]) -> String {
    borrowed(&arrays.add(kind, numbers.iter().map(T::to_string)))
}

fn of_facts(facts: &Facts) -> String {
    let Facts { rule, number, words, form, foreign, figure, marks, wordless, regex, required, required_count } = facts;
    format!(
        "Facts {{ rule: {rule}, number: {number}, words: {words}, form: Form::{form:?}, foreign: {foreign}, figure: {figure}, marks: {marks}, wordless: {wordless}, regex: {regex}, required: {required}, required_count: {required_count} }}\n"
    )
}

fn of_clues(arrays: &mut Arrays, Clues { rule, number, texts }: &Clues) -> String {
    let texts = texts.iter().map(|text| format!("Text::Borrowed({text:?})"));
    format!("Clues {{ rule: {rule}, number: {number}, texts: {} }}", borrowed(&arrays.add("Text", texts)))
}

fn of_indices(arrays: &mut Arrays, indices: &Indices) -> String {
    let Indices { lines, ends, spans } = indices;
    let (lines, ends, spans) = (of_index(arrays, lines), of_index(arrays, ends), of_index(arrays, spans));
    format!("Indices {{ lines: {lines}, ends: {ends}, spans: {spans} }}")
}

fn of_index(arrays: &mut Arrays, index: &Index) -> String {
    let prefixes = of_prefixes(arrays, &index.prefixes);
    let inner = index.inner.as_ref().map_or("None".to_owned(), |inner| format!("Some({})", of_inner(arrays, inner)));
    let (openings, always) = (numbers(arrays, "u32", &index.openings), numbers(arrays, "u32", &index.always));
    format!("Index {{ prefixes: {prefixes}, openings: {openings}, inner: {inner}, always: {always}, more: None }}")
}

fn of_inner(arrays: &mut Arrays, inner: &Inner) -> String {
    let (filter, words) = (numbers(arrays, "u64", &inner.filter), numbers(arrays, "u32", &inner.words));
    let texts = inner.literals.iter().map(|literal| format!("Text::Borrowed({literal:?})"));
    let (rare, groups) = (numbers(arrays, "u8", &inner.rare), numbers(arrays, "u32", &inner.groups));
    let marks = borrowed(&arrays.add("Marks", inner.marks.iter().map(|marks| format!("{marks:?}"))));
    let literals = borrowed(&arrays.add("Text", texts));
    let (starts, patterns) = (numbers(arrays, "u32", &inner.starts), numbers(arrays, "u32", &inner.patterns));
    format!(
        "Inner {{ filter: {filter}, words: {words}, literals: {literals}, rare: {rare}, groups: {groups}, marks: {marks}, starts: {starts}, patterns: {patterns} }}"
    )
}

fn of_prefixes(arrays: &mut Arrays, prefixes: &Prefixes) -> String {
    let Prefixes { hashes, patterns, starts, short_pairs, short_lengths, fours, lengths, eights } = prefixes;
    let (lower, upper) = (numbers(arrays, "u16", &patterns.lower), numbers(arrays, "u16", &patterns.upper));
    let fields = [
        ("hashes", numbers(arrays, "u16", hashes)),
        ("patterns", format!("PatternIds {{ lower: {lower}, upper: {upper} }}")),
        ("starts", numbers(arrays, "u32", starts)),
        ("short_pairs", numbers(arrays, "u64", short_pairs)),
        ("short_lengths", numbers(arrays, "u16", short_lengths)),
        ("fours", numbers(arrays, "u64", fours)),
        ("lengths", numbers(arrays, "u8", lengths)),
        ("eights", numbers(arrays, "u8", eights)),
    ];
    let fields: Vec<String> = fields.iter().map(|(name, array)| format!("{name}: {array}")).collect();
    format!("Prefixes {{ {} }}", fields.join(", "))
}

fn of_chars(arrays: &mut Arrays, chars: &FirstChars) -> String {
    let FirstChars { any, chars } = chars;
    let chars = borrowed(&arrays.add("char", chars.iter().map(|c| format!("{c:?}"))));
    format!("FirstChars {{ any: {any}, chars: {chars} }}")
}
