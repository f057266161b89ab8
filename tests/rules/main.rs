//! The rules: what is built in, and what a user adds.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod builtin;
mod errors;
mod harmless;
mod hostile;
mod limits;
mod start;
mod templates;
