//! Lists the built-in rule files and tabulates character classes, so that both are compiled into the program.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

#[allow(dead_code)]
#[path = "src/text/chars/unicode.rs"]
mod unicode;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/text/chars/unicode.rs");
    println!("cargo::rerun-if-changed=rules");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    fs::write(out.join("builtin_rules.rs"), builtin_rules()?)?;
    fs::write(out.join("char_tables.rs"), table("CLASS", &class) + &table("FOLD", &fold))
}

/// Every rule file twice: whole, and lean, without examples and reasons, which takes a third of the time to read.
fn builtin_rules() -> io::Result<String> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    rule_files(&root.join("rules"), &mut files)?;
    files.sort();
    let mut code = String::from("pub(super) static FILES: &[(&str, &str, &str)] = &[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let lean = lean(&fs::read_to_string(&file)?);
        let _ = writeln!(code, "    ({name:?}, include_str!({:?}), {lean:?}),", file.display().to_string());
    }
    code.push_str("];\n");
    Ok(code)
}

/// A rule file without what only people and tests read. A file with mistakes stays as it is, so that they are reported.
fn lean(text: &str) -> String {
    let Ok(mut table) = text.parse::<toml::Table>() else { return text.to_owned() };
    table.remove("about");
    table.remove("case");
    let lines = text.lines().enumerate().filter(|(_, line)| line.trim_end() == "[[rule]]").map(|(at, _)| at + 1);
    let rules = table.get_mut("rule").and_then(toml::Value::as_array_mut).into_iter().flatten();
    for (rule, line) in rules.filter_map(toml::Value::as_table_mut).zip(lines) {
        for key in ["why", "hit", "miss"] {
            rule.remove(key);
        }
        rule.insert("line".to_owned(), toml::Value::Integer(line as i64));
    }
    toml::to_string(&table).unwrap_or_else(|_| text.to_owned())
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

fn class(code: u32) -> u16 {
    char::from_u32(code).map_or(0, unicode::class)
}

/// The one character of the Basic Multilingual Plane that a character folds to, or 0xffff.
fn fold(code: u32) -> u16 {
    let Some(c) = char::from_u32(code) else { return 0xffff };
    let mut folded = Vec::new();
    unicode::fold(&c.to_string(), &mut |c| folded.push(c));
    match folded[..] {
        [one] => u16::try_from(u32::from(one)).unwrap_or(0xffff),
        _ => 0xffff,
    }
}

/// A table over the Basic Multilingual Plane in two stages, equal blocks of 256 stored once.
fn table(name: &str, value: &dyn Fn(u32) -> u16) -> String {
    let mut blocks: Vec<Vec<u16>> = Vec::new();
    let mut known: HashMap<Vec<u16>, usize> = HashMap::new();
    let mut index = Vec::new();
    for start in (0..0x1_0000_u32).step_by(256) {
        let block: Vec<u16> = (start..start + 256).map(value).collect();
        let number = *known.entry(block.clone()).or_insert_with(|| {
            blocks.push(block);
            blocks.len() - 1
        });
        index.push(number);
    }
    let mut code = String::new();
    let _ = writeln!(code, "pub(super) static {name}_INDEX: [u8; {}] = {index:?};", index.len());
    let _ = writeln!(code, "pub(super) static {name}_BLOCKS: [[u16; 256]; {}] = {blocks:?};", blocks.len());
    code
}
