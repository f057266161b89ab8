//! Where dependencies come from, and which of them bring C along.

use serde::Deserialize;

use crate::graph::{BUILT, compiling_c};
use crate::policy::file;

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    source: Option<String>,
    checksum: Option<String>,
}

#[test]
fn everything_comes_from_one_registry_under_a_checksum() {
    let lock: Lock = toml::from_str(&file("Cargo.lock")).unwrap();
    let packages = || lock.package.iter().filter(|package| package.name != "dechrome");
    let registry = packages().find_map(|package| package.source.as_deref()).unwrap();
    assert!(registry.starts_with("registry+"), "{registry}");
    for package in packages() {
        assert_eq!(package.source.as_deref(), Some(registry), "{}", package.name);
        assert!(package.checksum.is_some(), "{} has no checksum", package.name);
    }
}

#[test]
fn the_security_page_names_every_dependency_that_compiles_c() {
    let page = file("SECURITY.md");
    let compiling = compiling_c();
    assert!(compiling.contains("zstd-sys"), "{compiling:?}");
    for name in compiling {
        assert!(page.contains(&format!("`{name}`")), "{name} compiles C");
    }
}

#[test]
fn the_security_page_names_no_crate_that_is_not_there() {
    let page = file("SECURITY.md");
    let table = page.lines().filter(|line| line.starts_with("| `"));
    for name in table.filter_map(|line| line.split('`').nth(1)) {
        assert!(BUILT.iter().any(|package| package.name == name), "{name} is no dependency");
    }
}
