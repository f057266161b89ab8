//! One text column of a Parquet file is read batch by batch and written again, all else copied byte for byte.
//!
//! The crate `parquet` decodes and encodes the values of that column. Everything around them is done here, for two
//! reasons. Lengths of a broken file must be checked before they are believed, and that crate allocates by some of them
//! and recurses over the schema. And a footer that goes through its types loses what they do not know (and declares
//! another order of floats than the file was written with), so ours is the original one with numbers put right.
//!
//! Should the crate panic over a broken file, that is caught and becomes an error. The hook for panics of the program
//! still sees it.

mod codec;
mod cursor;
mod delta;
mod encode;
mod error;
mod footer;
mod guard;
mod indexes;
mod page;
mod pages;
mod reader;
mod rewrite;
#[cfg(test)]
pub(crate) mod roundtrip;
mod schema;
mod settings;
mod source;
mod splice;
mod text;
mod thrift;

pub use cursor::Value;
pub use error::ParquetError;
pub use reader::{Batch, Reader};
pub use rewrite::{Written, rewrite};
pub use schema::Column;
