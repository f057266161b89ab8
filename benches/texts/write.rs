//! Writes texts to measure with: as JSON Lines, as a tree of files, or rules of one's own as a user might have them.
//!
//! `cargo run --example texts -- lines KIND BYTES FILE`, `… -- tree KIND FILES DIRECTORY`, `… -- rules NUMBER DIRECTORY`. KIND is
//! articles, dense, pages, one-line or long-lines, or one of these and a language, such as `articles:de`.

#![allow(clippy::expect_used, missing_docs, reason = "a tool for measuring may stop at the first mistake")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use texts::{Kind, Language, Random};

#[path = "mod.rs"]
mod texts;

const SEED: u64 = 7;
const FILES_A_DIRECTORY: usize = 100;
const RULES_A_FILE: usize = 5000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["lines", kind, bytes, file] => lines(kind, number(bytes), Path::new(file)),
        ["tree", kind, files, directory] => tree(kind, number(files), Path::new(directory)),
        ["rules", count, directory] => rules(number(count), Path::new(directory)),
        _ => panic!("give `lines KIND BYTES FILE`, `tree KIND FILES DIRECTORY` or `rules NUMBER DIRECTORY`"),
    }
}

fn number(text: &str) -> usize {
    text.parse().expect("a number")
}

/// The languages and the kind that a name such as `articles:de` stands for.
fn chosen<'l>(all: &'l [Language], kind: &str) -> (Vec<&'l Language>, Kind) {
    let (kind, code) = kind.split_once(':').unwrap_or((kind, ""));
    let languages = all.iter().filter(|language| code.is_empty() || language.code == code).collect();
    (languages, texts::kinds()[kind])
}

fn lines(kind: &str, bytes: usize, file: &Path) {
    let all = Language::all();
    let (languages, kind) = chosen(&all, kind);
    let mut out = BufWriter::new(File::create(file).expect("the file can be made"));
    for (number, text) in texts::texts(&languages, kind, bytes, SEED).iter().enumerate() {
        let record = serde_json::json!({ "id": number, "text": text });
        writeln!(out, "{record}").expect("the file can be written");
    }
}

fn tree(kind: &str, files: usize, directory: &Path) {
    let all = Language::all();
    let (languages, kind) = chosen(&all, kind);
    let mut random = Random::new(SEED);
    for (number, language) in (0..files).zip(languages.iter().cycle()) {
        let place = directory.join(format!("{:04}", number / FILES_A_DIRECTORY));
        if number % FILES_A_DIRECTORY == 0 {
            fs::create_dir_all(&place).expect("a directory can be made");
        }
        let text = kind(language, &mut random);
        fs::write(place.join(format!("{number:06}.txt")), text).expect("a file can be written");
    }
}

/// Verbs, things and turns of which labels are made that no other rule has.
const VERBS: [&str; 12] =
    ["unlock", "browse", "collect", "renew", "claim", "preview", "compare", "gift", "stream", "redeem", "swap", "tour"];
const THINGS: [&str; 12] = [
    "harbour cards",
    "quay passes",
    "tide alerts",
    "ferry perks",
    "orchard boxes",
    "lamp badges",
    "mill stamps",
    "pier deals",
    "river guides",
    "bridge clubs",
    "market bundles",
    "garden kits",
];
const TURNS: [&str; 6] =
    ["today", "in (one|two) taps", "with your {piece}", "for {n} days", "before {date}", "at {name}"];

/// Rule files as a user might write them: labels with choices and slots, each rule of words of its own.
fn rules(count: usize, directory: &Path) {
    fs::create_dir_all(directory).expect("a directory can be made");
    let mut random = Random::new(SEED);
    for first in (0..count).step_by(RULES_A_FILE) {
        let mut text = "format = 1\ncategory = \"share\"\nlang = \"en\"\n".to_owned();
        (first..count.min(first + RULES_A_FILE)).for_each(|number| text += &rule(number, &mut random));
        fs::write(directory.join(format!("{first:06}.toml")), text).expect("the rules can be written");
    }
}

fn rule(number: usize, random: &mut Random) -> String {
    let (verb, thing) = (VERBS[random.below(VERBS.len())], THINGS[random.below(THINGS.len())]);
    let (turn, word) = (TURNS[random.below(TURNS.len())], word(number, random));
    format!(
        "\n[[rule]]\nid = \"mine-{number}\"\nform = \"line\"\nstrength = \"alone\"\npattern = [\n    '{verb} (our|your) {word} \
         {thing}',\n    '{word} {thing}: {verb} (them|it)? {turn}',\n]\nwhy = \"A label of a page.\"\nhit = [\"{verb} your {word} \
         {thing}\"]\nmiss = [\"{word}\"]\n"
    )
}

/// A word that no other number has.
fn word(number: usize, random: &mut Random) -> String {
    const ONSETS: [&str; 16] = ["b", "br", "d", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "qu", "st", "tr", "v"];
    const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ea", "ou"];
    let mut word = String::new();
    let mut rest = number;
    for _ in 0..3 {
        word += ONSETS[rest % 16];
        rest /= 16;
        word += VOWELS[rest % 8];
        rest /= 8;
    }
    word + ["n", "rk", "l", "st"][random.below(4)]
}
