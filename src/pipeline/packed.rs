//! An output that is compressed on its way.

use std::io;

use super::{Output, WriteError};
use crate::formats::compression::{Codec, Encoder};

/// Compresses what is put into it, part by part, and counts what comes out.
pub(crate) struct Packed<O> {
    inner: O,
    encoder: Option<Encoder>,
    out: Vec<u8>,
    len: u64,
}

impl<O: Output> Packed<O> {
    pub(crate) fn new(inner: O, codec: Option<Codec>) -> io::Result<Packed<O>> {
        Ok(Packed { inner, encoder: codec.map(Encoder::new).transpose()?, out: Vec::new(), len: 0 })
    }

    /// How many bytes were written.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }
}

impl<O: Output> Output for Packed<O> {
    fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
        let Some(encoder) = &mut self.encoder else {
            self.len += kept.len() as u64;
            return self.inner.put(kept);
        };
        self.out.clear();
        if let Err(error) = encoder.encode(kept, &mut self.out) {
            let source = io::Error::new(error.kind(), format!("compression failed: {error}"));
            return Err(WriteError { path: "the output".into(), source, local: false });
        }
        self.len += self.out.len() as u64;
        self.inner.put(&self.out)
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        self.inner.finish()
    }
}
