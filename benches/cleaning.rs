//! How long rules take to load, and texts and trees to clean. Each bench checks what it made, so that wrong is never fast.
//!
//! The texts are made up by `texts`, each different, so that the memory of lines does no more than it does in a crawl.

#![allow(clippy::expect_used, missing_docs, reason = "a bench may stop at the first mistake")]

use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use dechrome::formats::FieldNames;
use dechrome::pipeline::{self, Durability, Existing, Naming, Plan, Run, Settings, Silent};
use dechrome::report::summary::OptionsUsed;
use dechrome::{Cleaner, Outcome, RuleSet};
use texts::{Language, Random};

mod texts;

/// How much text a bench cleans.
const BYTES: usize = 1 << 20;
const SEED: u64 = 11;
/// How many files a bench of a tree cleans.
const FILES: usize = 1000;
/// A rule of a user's.
const RULE: &str = r#"
format = 1
category = "share"
lang = "en"

[[rule]]
id = "quay-pass"
form = "line"
strength = "alone"
pattern = ["renew (our|your) quay pass", "quay pass: claim it {n} days before {date}"]
why = "A label of a page."
hit = ["Renew your quay pass"]
miss = ["The quay"]
"#;

fn compile_rules(c: &mut Criterion) {
    c.bench_function("compile the rules", |bench| {
        bench.iter(|| {
            let cleaner = Cleaner::builder().rules(RuleSet::builtin()).build().expect("the built-in rules build");
            assert!(cleaner.rules().rules().len() > 100);
            cleaner
        });
    });
}

/// The same with a rule file of one's own.
fn compile_more_rules(c: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("mine.toml");
    fs::write(&file, RULE).expect("the rules can be written");
    c.bench_function("compile the rules and a user's", |bench| {
        bench.iter(|| {
            let rules = RuleSet::loader().path(&file).load().expect("the rules can be read");
            let cleaner = Cleaner::builder().rules(rules).build().expect("the rules build");
            assert!(cleaner.rules().get("quay-pass").is_some());
            cleaner
        });
    });
}

/// Articles as they should come out, one language after the other: nothing to remove.
fn clean_articles(c: &mut Criterion) {
    for language in &Language::all() {
        let texts = texts::texts(&[language], Language::article, BYTES, SEED);
        bench_texts(c, &format!("articles in {}", language.code), &texts, |outcome| outcome == Outcome::Unchanged);
    }
}

/// Texts with chrome, in all languages.
fn clean_chrome(c: &mut Criterion) {
    let languages = Language::all();
    let languages: Vec<&Language> = languages.iter().collect();
    for (name, kind) in texts::kinds().into_iter().filter(|(name, _)| *name != "articles") {
        let texts = texts::texts(&languages, kind, BYTES, SEED);
        bench_texts(c, name, &texts, |outcome| {
            outcome != Outcome::Unchanged || name == "long-lines" || name == "one-line"
        });
    }
}

/// Cleans texts with a cleaner that has seen none of them; what comes of them must be as expected.
fn bench_texts(c: &mut Criterion, name: &str, texts: &[String], expected: impl Fn(Outcome) -> bool) {
    let cleaner = Cleaner::new();
    let as_expected = |text: &&String| expected(cleaner.clean(text).outcome());
    let (all, wrong) = (texts.len(), texts.iter().filter(|text| !as_expected(text)).count());
    assert!(wrong * 20 <= all, "{name}: {wrong} of {all} came out otherwise");
    let removals: usize = texts.iter().map(|text| cleaner.clean(text).removals().len()).sum();
    let mut group = c.benchmark_group("clean");
    group.throughput(Throughput::Bytes(texts.iter().map(String::len).sum::<usize>() as u64));
    group.bench_function(name, |bench| {
        bench.iter(|| {
            let made: usize = texts.iter().map(|text| cleaner.clean(black_box(text)).removals().len()).sum();
            assert_eq!(made, removals);
        });
    });
    group.finish();
}

/// From files to files, with report and summary.
fn tree(c: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let inputs = directory.path().join("in");
    fs::create_dir(&inputs).expect("a directory can be made");
    let languages = Language::all();
    let mut random = Random::new(SEED);
    let mut bytes = 0;
    for (number, language) in (0..FILES).zip(languages.iter().cycle()) {
        let text = language.page(&mut random);
        fs::write(inputs.join(format!("{number:05}.txt")), &text).expect("a file can be written");
        bytes += text.len();
    }
    let cleaner = Cleaner::new();
    let mut group = c.benchmark_group("tree");
    group.throughput(Throughput::Bytes(bytes as u64)).sample_size(20);
    let mut round = 0;
    group.bench_function("a thousand files", |bench| {
        bench.iter_batched(
            || {
                round += 1;
                directory.path().join(format!("out-{round}"))
            },
            |out| clean_tree(&cleaner, &inputs, &out),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

fn clean_tree(cleaner: &Cleaner, inputs: &Path, out: &Path) {
    let plan = Plan::new(&[inputs.to_owned()], out, Existing::Refuse, Naming::default()).expect("input and output fit");
    let fields = FieldNames::default();
    let run = Run {
        plan: &plan,
        settings: Settings::new(cleaner, &fields),
        shard: None,
        threads: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        sync: Durability::default(),
        options: &OptionsUsed::default(),
        observer: &Silent,
        stop: &AtomicBool::new(false),
    };
    let summary = pipeline::run(&run).expect("the tree can be written");
    assert_eq!(summary.totals.documents.total, FILES as u64);
    assert_eq!(summary.totals.documents.failed, 0);
    assert!(summary.totals.documents.cleaned > 0);
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4));
    targets = compile_rules, compile_more_rules, clean_articles, clean_chrome, tree
}
criterion_main!(benches);
