//! The index of the built-in rules, compared with `rules/INDEX.md`; `BLESS=1 cargo test --test cli rules_index` writes it anew.

use std::fs;
use std::path::Path;

use crate::support::Dir;

#[test]
fn the_index_in_the_repository_is_the_one_that_is_printed() {
    let (status, index, stderr) = Dir::new().run(&["rules", "index"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/INDEX.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &index).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let differing = index.lines().zip(kept.lines()).find(|(new, old)| new != old);
    assert!(index == kept, "rules/INDEX.md is not in step, first at {differing:?}; BLESS=1 writes it anew");
}

#[test]
fn every_rule_has_its_line() {
    let dir = Dir::new();
    let (_, index, _) = dir.run(&["rules", "index"]);
    let (_, list, _) = dir.run(&["rules", "list"]);
    let rules = list.lines().filter(|line| !line.contains("  judgement  "));
    for id in rules.filter_map(|line| line.split_whitespace().next()) {
        let lines = index.lines().filter(|line| line.split(" | ").nth(1) == Some(format!("`{id}`").as_str()));
        assert_eq!(lines.count(), 1, "{id}");
    }
    assert!(
        index
            .lines()
            .filter(|line| line.starts_with('|'))
            .all(|line| line.replace("\\|", "").matches('|').count() == 6)
    );
}

#[test]
fn rules_of_ones_own_can_be_indexed() {
    let dir = Dir::new();
    let own = "format = 1\ncategory = 'own'\n[[rule]]\nid = 'see-also'\nlang = ['en', 'de']\nstrength = 'alone'\nform = 'start'\n\
               place = 'tail'\npattern = 'also | read:'\nwhy = 'A *test*.'\nhit = 'Also | read: it'\nmiss = 'Also'\n";
    dir.write("own.toml", own.replace("also | read", "also \\| read"));
    let (status, index, stderr) = dir.run(&["rules", "index", "--no-default-rules", "--rules", "own.toml"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    let end = "1 rule:\n[en, de](#en-de) 1.\n\n## en, de\n\n1 rule: own 1.\n\n| category | rule | how | hits | why |\n\
               |---|---|---|---|---|\n| own | `see-also` | alone start, tail | Also \\| read: it | A \\*test\\*. |\n";
    assert!(index.ends_with(end), "{index}");
}
