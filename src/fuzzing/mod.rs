//! What must hold for any bytes whatever: the oracles of the fuzz targets, by target.
//!
//! An oracle takes bytes, lets one part of the library work on them, and panics where a property is broken. The targets in
//! `fuzz/` call them with what the fuzzer makes up; tests call them with what was found worth keeping, and with inputs that
//! are made up here. No normal build has this module.

#![allow(clippy::expect_used, reason = "what does not hold must show")]

mod accounting;
mod choices;
pub mod clean;
pub mod compression;
pub mod decode;
pub mod delimited;
pub mod fold;
#[cfg(feature = "html")]
pub mod html;
pub mod journal;
pub mod json;
pub mod names;
#[cfg(feature = "parquet")]
pub mod parquet;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod replay;
pub mod report;
pub mod resume;
pub mod rules;
#[cfg(test)]
mod seeds;
pub mod stream;
pub mod warc;

pub(crate) use choices::Choices;

/// Looks at what the library makes of bytes.
///
/// # Panics
/// Where a property is broken.
pub type Oracle = fn(&[u8]);

/// Every oracle with the name of its target.
pub const ORACLES: &[(&str, Oracle)] = &[
    ("clean", clean::check),
    ("compression", compression::check),
    ("decode", decode::check),
    ("delimited", delimited::check),
    ("fold", fold::check),
    #[cfg(feature = "html")]
    ("html", html::check),
    ("journal", journal::check),
    ("json", json::check),
    ("names", names::check),
    #[cfg(feature = "parquet")]
    ("parquet", parquet::check),
    ("report", report::check),
    ("resume", resume::check),
    ("rules", rules::check),
    ("stream", stream::check),
    ("warc", warc::check),
];
