//! The readers of formats: what holds for any bytes, with other libraries as a second opinion.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod big_records;
mod delimited;
#[cfg(feature = "html")]
mod html;
mod json;
