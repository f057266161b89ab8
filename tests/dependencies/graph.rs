//! The crates that the program is built from, as cargo resolves them.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::policy::Policy;

/// A crate in one version.
#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) rust_version: Option<String>,
}

/// The crates that the program holds, or that its build runs.
pub(crate) static BUILT: LazyLock<Vec<Package>> = LazyLock::new(|| packages("normal,build"));

/// Those of tests and benches, too.
pub(crate) static ALL: LazyLock<Vec<Package>> = LazyLock::new(|| packages("normal,build,dev"));

/// Every crate that is built for one of the systems in `deny.toml`, the program left out.
///
/// `cargo metadata` knows the details, but names crates that only other systems turn on; `cargo tree` names those that
/// are built.
fn packages(edges: &str) -> Vec<Package> {
    #[derive(Deserialize)]
    struct Metadata {
        packages: Vec<Package>,
    }
    let targets = Policy::read().graph.targets;
    let mut metadata = cargo(&["metadata", "--format-version", "1", "--all-features"]);
    for target in &targets {
        metadata.args(["--filter-platform", target]);
    }
    let metadata: Metadata = serde_json::from_str(&printed(&mut metadata)).unwrap();
    let keyed = metadata.packages.into_iter().map(|package| ((package.name.clone(), package.version.clone()), package));
    let mut known: BTreeMap<(String, String), Package> = keyed.collect();
    let built: BTreeSet<(String, String)> = targets.iter().flat_map(|target| resolved(target, edges, &[])).collect();
    built.iter().map(|name| known.remove(name).unwrap_or_else(|| panic!("{name:?} is in no metadata"))).collect()
}

/// The names of the crates whose build runs a compiler of C.
pub(crate) fn compiling_c() -> BTreeSet<String> {
    let above = ["--invert", "cc", "--depth", "1"];
    let targets = Policy::read().graph.targets;
    let found = targets.iter().flat_map(|target| resolved(target, "normal,build", &above));
    found.map(|(name, _)| name).filter(|name| name != "cc").collect()
}

/// Names and versions of what is built for a system.
fn resolved(target: &str, edges: &str, more: &[&str]) -> Vec<(String, String)> {
    let arguments =
        ["tree", "--all-features", "--prefix", "none", "--format", "{p}", "--target", target, "--edges", edges];
    let tree = printed(cargo(&arguments).args(more));
    let lines = tree.lines().filter(|line| !line.is_empty() && !line.starts_with("dechrome "));
    let split = |line: &str| {
        let (name, behind) = line.split_once(" v").unwrap();
        (name.to_owned(), behind.split(' ').next().unwrap().to_owned())
    };
    lines.map(split).collect()
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).arg("--locked");
    command
}

fn printed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
