//! The program as its users see it: a command, what it prints, what it writes.

#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod archives;
mod check;
mod completions;
mod compressed;
mod config;
mod diff;
mod explain;
mod explode;
mod faults;
mod filter;
mod help;
#[cfg(unix)]
mod hostile;
#[cfg(feature = "html")]
mod hostile_rules;
mod html;
#[cfg(unix)]
mod inputs;
mod jsonl;
mod older;
mod overwrite;
mod presets;
mod preview;
mod progress;
mod refused;
mod removed;
mod report_table;
mod restore;
mod resume;
mod review;
mod rules;
mod rules_index;
mod schema;
mod shard;
mod stats;
mod support;
mod tables;
mod tags;
mod tree;
mod unified;
mod usage;
#[cfg(unix)]
mod verify;
mod why;
