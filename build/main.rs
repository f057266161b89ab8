//! Reads the built-in rules and tabulates what starts of the program need of them, and what characters are.
//!
//! The rules are read and looked at with the program's own modules, so that a table says what the program itself would find
//! out. These modules take in no tables here, and do without.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What the modules take in instead of tables: empty ones.
macro_rules! generated {
    ("char_tables.rs") => {
        pub(super) static CLASS_INDEX: &[u8] = &[];
        pub(super) static CLASS_BLOCKS: &[[u16; 256]] = &[];
        pub(super) static FOLD_INDEX: &[u8] = &[];
        pub(super) static FOLD_BLOCKS: &[[u16; 256]] = &[];
    };
    ("builtin_rules.rs") => {
        pub(super) static FILES: &[File] = &[];
        pub(super) static LEAN: Option<Lean> = None;
    };
    ("pattern_tables.rs") => {
        static TABLES: Option<Tables> = None;
    };
}

mod arrays;
mod chars;
mod lean;
mod linking;
#[allow(dead_code, unused_imports, unreachable_pub)]
#[path = "../src/matching/mod.rs"]
mod matching;
mod patterns;
#[allow(dead_code, unused_imports, unreachable_pub)]
#[path = "../src/rules/mod.rs"]
mod rules;
#[allow(dead_code)]
mod text;

use rules::RuleSet;

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    linking::pack_relocations();
    println!("cargo::rerun-if-changed=rules");
    let mut files = Vec::new();
    rule_files(&root.join("rules"), &mut files)?;
    files.sort();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
    }
    let (lean, tables) = match RuleSet::loader().without_defaults().path(root.join("rules")).load() {
        Ok(set) => (lean::code(&set, &files, &root), patterns::code(&set)),
        Err(_) => {
            println!("cargo::warning=the built-in rules have mistakes; `dechrome rules check` names them");
            (lean::none(), patterns::none())
        }
    };
    fs::write(out.join("builtin_rules.rs"), lean::files(&files, &root) + &lean)?;
    fs::write(out.join("pattern_tables.rs"), tables)?;
    fs::write(out.join("char_tables.rs"), chars::code())
}

fn rule_files(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            rule_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
    Ok(())
}

/// The name of a built-in file, from `rules/` on.
fn name(file: &Path, root: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).to_string_lossy().replace('\\', "/")
}
