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

/// Every rule file twice: as it is, and lean, as a table without what only people and tests read.
fn builtin_rules() -> io::Result<String> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut files = Vec::new();
    rule_files(&root.join("rules"), &mut files)?;
    files.sort();
    let mut code = String::from("pub(super) static FILES: &[File] = &[\n");
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        let lean = lean(&name, &fs::read_to_string(&file)?).unwrap_or_else(|| "Lean::None".to_owned());
        let text = file.display().to_string();
        let _ = writeln!(code, "    File {{ name: {name:?}, text: include_str!({text:?}), lean: {lean} }},");
    }
    code.push_str("];\n");
    Ok(code)
}

/// The table of a rule file or vocabulary; `None` if anything in it is not plain, so that it is read, and its mistakes are
/// reported, like a file of a user.
fn lean(name: &str, text: &str) -> Option<String> {
    let mut table = text.parse::<toml::Table>().ok()?;
    if table.remove("format")? != toml::Value::Integer(1) {
        return None;
    }
    table.remove("about");
    let code = match name.rsplit('/').next()? {
        "weights.toml" | "categories.toml" => return None,
        "vocabulary.toml" => lean_words(&mut table)?,
        _ => lean_rules(text, &mut table)?,
    };
    table.is_empty().then_some(code)
}

fn lean_words(table: &mut toml::Table) -> Option<String> {
    let lang = string(table.remove("lang")?)?;
    let mut lists = String::new();
    for (name, words) in table.remove("lists")?.as_table()? {
        let words = strings(words.as_array()?.clone().into())?;
        let _ = write!(lists, "({name:?}, &{words:?}), ");
    }
    Some(format!("Lean::Words {{ lang: {lang:?}, lists: &[{lists}] }}"))
}

fn lean_rules(text: &str, table: &mut toml::Table) -> Option<String> {
    table.remove("case");
    let category = string(table.remove("category")?)?;
    let langs = table.remove("lang").map_or(Some(Vec::new()), strings)?;
    let rules = table.remove("rule")?.as_array()?.clone();
    let lines = text.lines().enumerate().filter(|(_, line)| line.trim_end() == "[[rule]]").map(|(at, _)| at + 1);
    let lines: Vec<usize> = lines.collect();
    if lines.len() != rules.len() {
        return None;
    }
    let rules = rules.into_iter().zip(lines).map(|(rule, line)| lean_rule(rule, line));
    let rules: String = rules.collect::<Option<_>>()?;
    Some(format!("Lean::Rules {{ category: {category:?}, langs: &{langs:?}, rules: &[\n{rules}    ] }}"))
}

fn lean_rule(rule: toml::Value, line: usize) -> Option<String> {
    let toml::Value::Table(mut rule) = rule else { return None };
    for key in ["why", "hit", "miss"] {
        rule.remove(key);
    }
    let mut code = format!("        LeanRule {{ line: {line}");
    for key in ["id", "form", "strength"] {
        let _ = write!(code, ", {key}: {:?}", string(rule.remove(key)?)?);
    }
    for key in ["place", "action", "until", "fold"] {
        let word = rule.remove(key).map_or(Some(None), |value| string(value).map(Some))?;
        let _ = write!(code, ", {key}: {word:?}");
    }
    for (key, field) in [("lang", "langs"), ("was", "was"), ("pattern", "patterns"), ("regex", "regexes")] {
        let texts = rule.remove(key).map_or(Some(Vec::new()), strings)?;
        let _ = write!(code, ", {field}: &{texts:?}");
    }
    let max_lines = rule.remove("max_lines").map_or(Some(None), |value| value.as_integer().map(Some))?;
    let _ = writeln!(code, ", max_lines: {max_lines:?} }},");
    rule.is_empty().then_some(code)
}

fn string(value: toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text),
        _ => None,
    }
}

/// A string, or an array of strings.
fn strings(value: toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::Array(items) => items.into_iter().map(string).collect(),
        other => string(other).map(|text| vec![text]),
    }
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
