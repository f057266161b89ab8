//! How fast the texts of a directory are cleaned in memory, one core, without files and reports: megabytes a second.
//!
//! `DECHROME_CORPUS=DIRECTORY cargo bench --bench corpus`, with `DECHROME_ROUNDS=N` for more or fewer rounds. The best
//! round counts, since whatever else the machine does only makes it slower.

#![allow(clippy::expect_used, missing_docs, reason = "a bench may stop at the first mistake")]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use dechrome::Cleaner;

const ROUNDS: usize = 10;

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the directory can be read") {
        let path = entry.expect("the directory can be listed").path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// How long this thread has been on a processor, where the system tells; otherwise how long it has been running.
fn processor_time(start: Instant) -> Duration {
    let nanoseconds =
        fs::read_to_string("/proc/self/schedstat").ok().and_then(|stat| stat.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| start.elapsed(), Duration::from_nanos)
}

/// How long one round over all texts takes, and how many removals it makes.
fn round(cleaner: &Cleaner, texts: &[String]) -> (Duration, usize) {
    let start = Instant::now();
    let before = processor_time(start);
    let removals = texts.iter().map(|text| cleaner.clean(black_box(text)).removals().len()).sum();
    (processor_time(start) - before, removals)
}

fn main() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/in");
    let directory = env::var_os("DECHROME_CORPUS").map_or(samples, PathBuf::from);
    let rounds = env::var("DECHROME_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS);
    let mut files = Vec::new();
    collect(&directory, &mut files);
    files.sort();
    let texts: Vec<String> = files.iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let cleaner = Cleaner::new();
    let (first, removals) = round(&cleaner, &texts);
    let best = (0..rounds).map(|_| round(&cleaner, &texts).0).min().unwrap_or(first);
    let speed = bytes as f64 / 1e6 / best.as_secs_f64();
    println!("{}: {} texts, {:.1} MB, {removals} removals", directory.display(), texts.len(), bytes as f64 / 1e6);
    println!("{speed:.1} MB/s at best; first round {:.0} ms, best {:.0} ms", first.as_millis(), best.as_millis());
}
