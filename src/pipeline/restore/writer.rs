//! Where restored bytes go: to a file that gets its name at the end, or nowhere.

use std::io::{self, Write};
use std::path::Path;

use crate::formats::compression::{Codec, Encoder};
use crate::pipeline::write::{Tree, TreeFile};
use crate::pipeline::{Output, WriteError};

/// How many bytes are compressed or written at a time.
const PIECE: usize = 1024 * 1024;

/// A file that is being restored.
pub(super) struct Writer<'t> {
    /// Nothing where it is only tried.
    file: Option<TreeFile<'t>>,
    codec: Option<Codec>,
    encoder: Option<Encoder>,
    pending: Vec<u8>,
    packed: Vec<u8>,
    /// What went wrong, where it could not be told at once.
    pub(super) failed: Option<WriteError>,
}

impl<'t> Writer<'t> {
    /// Begins a file; nothing of it is there before its first bytes are.
    pub(super) fn new(
        tree: Option<&'t Tree>,
        target: &'t Path,
        codec: Option<Codec>,
    ) -> Result<Writer<'t>, WriteError> {
        // What is only tried need not be compressed.
        let codec = codec.filter(|_| tree.is_some());
        let encoder = codec.map(Encoder::new).transpose();
        let encoder = encoder.map_err(|source| WriteError { path: target.to_owned(), source, local: false })?;
        let file = tree.map(|tree| tree.file(target));
        Ok(Writer { file, codec, encoder, pending: Vec::new(), packed: Vec::new(), failed: None })
    }

    /// Appends.
    pub(super) fn put(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        if self.file.is_none() {
            return Ok(());
        }
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PIECE { self.write_out() } else { Ok(()) }
    }

    /// A record of an archive is whole: in gzip, each is a member of its own.
    pub(super) fn end_record(&mut self) -> Result<(), WriteError> {
        if self.codec == Some(Codec::Gzip) { self.write_out() } else { Ok(()) }
    }

    fn write_out(&mut self) -> Result<(), WriteError> {
        let Some(file) = self.file.as_mut().filter(|_| !self.pending.is_empty()) else { return Ok(()) };
        match &mut self.encoder {
            None => file.put(&self.pending)?,
            Some(encoder) => {
                self.packed.clear();
                let failed = |source| WriteError { path: "the output".into(), source, local: false };
                encoder.encode(&self.pending, &mut self.packed).map_err(failed)?;
                file.put(&self.packed)?;
            }
        }
        self.pending.clear();
        Ok(())
    }

    /// Gives it its name.
    pub(super) fn finish(mut self) -> Result<(), WriteError> {
        self.write_out()?;
        self.file.map_or(Ok(()), |mut file| file.finish())
    }
}

/// For writers that know nothing of ours; what went wrong is kept.
impl Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.put(bytes).map(|()| bytes.len()).map_err(|error| {
            self.failed = Some(error);
            io::Error::other("the output cannot be written")
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
