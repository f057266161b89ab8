//! What `deny.toml` allows.

use std::path::Path;

use serde::Deserialize;

/// `deny.toml`, as far as the tests can judge it.
#[derive(Deserialize)]
pub(crate) struct Policy {
    pub(crate) graph: Graph,
    pub(crate) licenses: Licences,
    pub(crate) bans: Bans,
}

#[derive(Deserialize)]
pub(crate) struct Graph {
    pub(crate) targets: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Licences {
    pub(crate) allow: Vec<String>,
    pub(crate) exceptions: Vec<Exception>,
}

/// A crate that may have further licences.
#[derive(Deserialize)]
pub(crate) struct Exception {
    #[serde(rename = "crate")]
    pub(crate) name: String,
    pub(crate) allow: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Bans {
    pub(crate) skip: Vec<Skip>,
}

/// An older version that may stand beside a newer one.
#[derive(Deserialize)]
pub(crate) struct Skip {
    /// `name@version`
    #[serde(rename = "crate")]
    pub(crate) package: String,
    pub(crate) reason: String,
}

impl Policy {
    pub(crate) fn read() -> Policy {
        toml::from_str(&file("deny.toml")).unwrap()
    }
}

/// A file at the root of the repository.
pub(crate) fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}
