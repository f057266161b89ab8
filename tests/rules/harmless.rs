//! Texts that speak like chrome, or look like it, and hold none: recipes, poems, league tables, articles about cookies.

use std::fs;
use std::path::Path;

use dechrome::Cleaner;

#[test]
fn nothing_is_taken_from_texts_without_chrome() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples/harmless");
    let mut paths: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let cleaner = Cleaner::new();
    let mut harm = Vec::new();
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        for removal in cleaner.clean(&text).removals() {
            harm.push(format!("{}: {}: {:?}", path.display(), removal.rule, &text[removal.range.clone()]));
        }
    }
    assert!(harm.is_empty(), "{} removals from {} texts:\n{}", harm.len(), paths.len(), harm.join("\n"));
}
