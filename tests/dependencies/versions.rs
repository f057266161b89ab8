//! Versions of dependencies, and the Rust they need.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::graph::ALL;
use crate::policy::{Policy, file};

#[test]
fn no_crate_comes_in_two_versions_but_those_with_a_reason() {
    let skipped = Policy::read().bans.skip;
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in ALL.iter() {
        let is_skipped = skipped.iter().any(|skip| skip.package == format!("{}@{}", package.name, package.version));
        if !is_skipped {
            versions.entry(package.name.clone()).or_default().push(package.version.clone());
        }
    }
    for (name, versions) in versions {
        assert_eq!(versions.len(), 1, "{name} comes in versions {versions:?}");
    }
    for skip in skipped {
        let (name, _) = skip.package.split_once('@').expect("name@version");
        let count = ALL.iter().filter(|package| package.name == name).count();
        assert!(count > 1, "{} has no other version beside it: the entry of deny.toml can go", skip.package);
        assert!(!skip.reason.is_empty(), "{} has no reason", skip.package);
    }
}

#[test]
fn no_dependency_needs_a_newer_rust_than_the_program_says() {
    let ours = release(&manifest().package.rust_version);
    for package in ALL.iter() {
        if let Some(theirs) = &package.rust_version {
            assert!(release(theirs) <= ours, "{} {} needs Rust {theirs}", package.name, package.version);
        }
    }
}

#[test]
fn the_rust_that_the_readme_names_is_the_one_of_the_manifest() {
    let version = manifest().package.rust_version;
    for name in ["README.md", "SECURITY.md", ".ci/run", ".ci/oldest-rust"] {
        // What is packed for the registry leaves some of them out.
        if std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name).exists() {
            assert!(file(name).contains(&version), "{name} does not speak of Rust {version}");
        }
    }
}

#[derive(Deserialize)]
struct Manifest {
    package: Stated,
}

#[derive(Deserialize)]
struct Stated {
    #[serde(rename = "rust-version")]
    rust_version: String,
}

fn manifest() -> Manifest {
    toml::from_str(&file("Cargo.toml")).unwrap()
}

/// The numbers of a release; those that are not said are 0.
fn release(version: &str) -> [u32; 3] {
    let mut numbers = version.split('.').map(|number| number.parse().unwrap());
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}
