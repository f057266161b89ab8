//! What the program is built from: licences, versions, sources and the Rust they need, held against `deny.toml`.
//!
//! cargo-deny judges the same and more, but has to be installed; these tests run wherever the program is built.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod graph;
mod licence;
mod licences;
mod policy;
mod sources;
mod versions;
