//! What fuzzing found worth keeping, and the seeds it began with, are looked at again by every test run.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use super::{ORACLES, Oracle, seeds};

/// The inputs that are kept for a target; none where the sources came without them.
fn corpus(target: &str) -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(dir).into_iter().flatten();
    let mut paths: Vec<PathBuf> = files.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn holds(check: &Oracle, bytes: &[u8]) -> bool {
    catch_unwind(|| check(bytes)).is_ok()
}

#[test]
fn what_fuzzing_found_worth_keeping_holds() {
    let kept = ORACLES.iter().flat_map(|(target, check)| corpus(target).into_iter().map(move |path| (path, check)));
    let broken: Vec<PathBuf> =
        kept.filter(|(path, check)| !holds(check, &fs::read(path).expect("a file"))).map(|it| it.0).collect();
    assert!(broken.is_empty(), "{broken:?}");
}

/// `SEEDS=DIR cargo test --lib seeds` also writes them to `DIR/<target>`, for the fuzzer to begin with.
#[test]
fn the_seeds_hold() {
    let out = std::env::var_os("SEEDS").map(PathBuf::from);
    let mut broken = Vec::new();
    for (target, check) in ORACLES {
        let seeds = seeds::of(target);
        assert!(!seeds.is_empty(), "{target} has no seeds");
        for (number, seed) in seeds.iter().enumerate() {
            if !holds(check, seed) {
                broken.push(format!("{target}/{number}"));
            }
            if let Some(dir) = out.as_ref().map(|out| out.join(target)) {
                fs::create_dir_all(&dir).expect("a directory");
                fs::write(dir.join(format!("seed-{number}")), seed).expect("written");
            }
        }
    }
    assert!(broken.is_empty(), "{broken:?}");
}
