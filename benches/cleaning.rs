//! How long rules take to load, and texts and trees to clean. Each bench checks what it made, so that wrong is never fast.
//!
//! The texts are those of `samples/`, set one behind the other until they are large enough to measure.

#![allow(clippy::expect_used, missing_docs, reason = "a bench may stop at the first mistake")]

use std::fs;
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use dechrome::formats::FieldNames;
use dechrome::pipeline::{self, Durability, Existing, Naming, Plan, Run, Settings, Silent};
use dechrome::report::summary::OptionsUsed;
use dechrome::{Cleaner, Outcome, RuleSet};

/// How many documents a bench of texts cleans.
const DOCUMENTS: usize = 400;
/// How many files a bench of a tree cleans.
const FILES: usize = 1000;

/// Every file below a directory of the samples, sorted.
fn texts(directory: &str) -> Vec<String> {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join(directory), &mut files);
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).expect("a sample can be read")).collect()
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the samples are there") {
        let path = entry.expect("the samples can be listed").path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

fn compile_rules(c: &mut Criterion) {
    c.bench_function("compile the rules", |bench| {
        bench.iter(|| {
            let cleaner = Cleaner::builder().rules(RuleSet::builtin()).build().expect("the built-in rules build");
            assert!(cleaner.rules().rules().len() > 100);
            cleaner
        });
    });
}

/// Articles as they should come out: nothing to remove.
fn clean_text(c: &mut Criterion) {
    let texts = texts("samples/expected");
    let documents: Vec<&str> = texts.iter().map(String::as_str).cycle().take(DOCUMENTS).collect();
    bench_texts(c, "text without chrome", &documents, |outcome| outcome == Outcome::Unchanged);
}

/// Nothing but what the samples lose: as dense as chrome gets.
fn dense_text(c: &mut Criterion) {
    let cleaner = Cleaner::new();
    let chrome_of = |text: &String| -> String {
        let cleaned = cleaner.clean(text);
        let body: String =
            text.lines().filter(|line| line.len() > 150).take(2).map(|line| format!("{line}\n")).collect();
        let chrome = cleaned.removals().iter().filter(|removal| &*removal.rule != "blank");
        let chrome: String = chrome.map(|removal| format!("{}\n", text[removal.range.clone()].trim())).collect();
        body + &chrome
    };
    let texts: Vec<String> =
        texts("samples/in").iter().map(chrome_of).filter(|text| text.lines().count() > 4).collect();
    let documents: Vec<&str> = texts.iter().map(String::as_str).cycle().take(DOCUMENTS).collect();
    bench_texts(c, "text dense with chrome", &documents, |outcome| outcome != Outcome::Unchanged);
}

fn bench_texts(c: &mut Criterion, name: &str, documents: &[&str], expected: impl Fn(Outcome) -> bool) {
    let cleaner = Cleaner::new();
    let bytes: usize = documents.iter().map(|document| document.len()).sum();
    let mut group = c.benchmark_group("clean");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function(name, |bench| {
        bench.iter(|| {
            for document in documents {
                assert!(expected(cleaner.clean(black_box(document)).outcome()));
            }
        });
    });
    group.finish();
}

/// From files to files, with report and summary.
fn tree(c: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let inputs = directory.path().join("in");
    fs::create_dir(&inputs).expect("a directory can be made");
    let texts = texts("samples/in");
    let mut bytes = 0;
    for (number, text) in texts.iter().cycle().take(FILES).enumerate() {
        fs::write(inputs.join(format!("{number:05}.txt")), text).expect("a file can be written");
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
    targets = compile_rules, clean_text, dense_text, tree
}
criterion_main!(benches);
