//! WARC 0.18, 1.0 and 1.1, and WET: cut into records, read, rewritten.
//!
//! [`Splitter`] cuts what has been read so far into runs of whole records and damaged stretches, [`records`] goes over
//! the records of a run, and [`Record::payload`] says what a record holds as a document. [`rewrite`] writes a record
//! with another block, [`conversion`] makes a record as a WET file has. Nothing here reads a file or inflates one:
//! whether a member of a gzip file holds one record or all of them makes no difference.
//!
//! The format: ISO 28500:2017, <https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/>.

mod boundary;
mod chunked;
mod coding;
mod conversion;
mod damage;
mod digest;
mod fields;
mod frame;
mod header;
mod http;
mod kind;
mod limits;
mod media;
mod payload;
mod record;
mod resync;
mod rewrite;
mod sniff;
mod split;
mod start;
mod warning;

pub use conversion::conversion;
pub use damage::DamageKind;
pub use fields::{Line, Lines};
pub use header::Header;
pub use kind::Kind;
pub use limits::{BrokenBody, HttpLimits};
pub use payload::{Body, Payload, Skip};
pub use record::{Record, Records, records};
pub use rewrite::rewrite;
pub use sniff::{looks_like_arc, looks_like_warc};
pub use split::{Cut, Splitter};
pub use warning::HttpWarning;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod samples;
