//! How long the stages of cleaning take one by one, on the same texts: `cargo bench --features stages --bench stages`.

#![allow(clippy::expect_used, missing_docs, reason = "a bench may stop at the first mistake")]

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime};
use dechrome::Cleaner;
use dechrome::formats::json::{Fields, Literal, Located, Locator, Scratch, TextField};
use dechrome::stages::{Folding, Matching, cut};
use texts::Language;

mod texts;

const BYTES: usize = 1 << 20;
const SEED: u64 = 3;
/// The kinds of texts that all stages are measured with.
const KINDS: [&str; 3] = ["articles", "dense", "pages"];

/// Runs a bench over the texts of each kind; what `of` makes of the texts must be at least one.
fn each_kind(c: &mut Criterion, stage: &str, mut of: impl FnMut(&mut BenchmarkGroup<'_, WallTime>, &str, &[String])) {
    let languages = Language::all();
    let languages: Vec<&Language> = languages.iter().collect();
    let mut group = c.benchmark_group(stage);
    for kind in KINDS {
        let texts = texts::texts(&languages, texts::kinds()[kind], BYTES, SEED);
        group.throughput(Throughput::Bytes(texts.iter().map(String::len).sum::<usize>() as u64));
        of(&mut group, kind, &texts);
    }
    group.finish();
}

fn fold(c: &mut Criterion) {
    let mut folding = Folding::default();
    each_kind(c, "fold", |group, kind, texts| {
        let expected: usize = texts.iter().map(|text| folding.lines(text)).sum();
        assert!(expected > BYTES / 2);
        group.bench_function(kind, |bench| {
            bench.iter(|| {
                let bytes: usize = texts.iter().map(|text| folding.lines(black_box(text))).sum();
                assert_eq!(bytes, expected);
            });
        });
    });
}

fn matching(c: &mut Criterion) {
    let mut matching = Matching::default();
    each_kind(c, "match", |group, kind, texts| {
        let expected: usize = texts.iter().map(|text| matching.lines(text)).sum();
        assert!(expected > 0 || kind == "articles");
        group.bench_function(kind, |bench| {
            bench.iter(|| {
                let hits: usize = texts.iter().map(|text| matching.lines(black_box(text))).sum();
                assert_eq!(hits, expected);
            });
        });
    });
}

/// One document again and again: what rules say of its lines is remembered, and what is left is weighing them.
fn weigh(c: &mut Criterion) {
    let cleaner = Cleaner::new();
    each_kind(c, "weigh", |group, kind, texts| {
        let text = &texts[0];
        let expected = cleaner.clean(text).removals().len();
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(kind, |bench| {
            bench.iter(|| assert_eq!(cleaner.clean(black_box(text)).removals().len(), expected));
        });
    });
}

fn cutting(c: &mut Criterion) {
    let cleaner = Cleaner::new();
    each_kind(c, "cut", |group, kind, texts| {
        let cleaned: Vec<_> = texts.iter().map(|text| (text, cleaner.clean(text))).collect();
        group.bench_function(kind, |bench| {
            bench.iter(|| {
                for (text, cleaned) in &cleaned {
                    assert_eq!(cut(black_box(text), cleaned.removals()).len(), cleaned.text().len());
                }
            });
        });
    });
}

/// A line of JSON Lines: the literal of its text is found, and what cleaning deletes is deleted of it.
fn splice(c: &mut Criterion) {
    let cleaner = Cleaner::new();
    let locator = Locator::new(&Fields::guesses());
    each_kind(c, "splice", |group, kind, texts| {
        let line =
            |text: &String| serde_json::json!({ "id": 7, "text": text, "url": "https://example.com/a" }).to_string();
        let lines: Vec<_> = texts.iter().map(|text| (line(text), cleaner.clean(text))).collect();
        let (mut scratch, mut out) = (Scratch::default(), Vec::new());
        group.bench_function(kind, |bench| {
            bench.iter(|| {
                for (line, cleaned) in &lines {
                    let located = locator.locate(black_box(line.as_bytes()), &mut scratch);
                    let literal = literal(located.expect("the line is JSON"));
                    out.clear();
                    literal.cut(cleaned.removals().iter().map(|removal| removal.range.clone()), &mut out);
                    assert!(out.len() <= literal.raw().len());
                }
            });
        });
    });
}

fn literal(located: Located<'_>) -> Literal<'_> {
    match located {
        Located::Object(object) => match object.text {
            TextField::Found(literal) => literal,
            _ => panic!("the line has a text"),
        },
        _ => panic!("the line is an object"),
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
    targets = fold, matching, weigh, cutting, splice
}
criterion_main!(benches);
