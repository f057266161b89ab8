//! Reading what a run wrote: regular files below the output directory, with no link on the way.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Why;
use crate::formats::Format;
use crate::formats::compression::Codec;
use crate::formats::recognise::NameSays;
use crate::pipeline::dir::{Dir, NOT_REGULAR};
use crate::pipeline::opened::{Looking, Opened};
use crate::pipeline::source::{Bytes, Fault, Source, Window};
use crate::report::Hash;

/// Opens a file below a directory; gives its size, too.
pub(in crate::pipeline) fn open_below(root: &Path, target: &Path) -> Result<(File, u64), Why> {
    let opened = || {
        let root = Dir::open(root)?;
        let (dir, name) = root.of_file(target)?;
        let file = dir.open_file(name)?;
        let size = file.metadata()?.len();
        Ok((file, size))
    };
    opened().map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::NotADirectory | NOT_REGULAR => Why::NotRegular,
        _ => of_error(&error),
    })
}

pub(super) fn of_error(error: &io::Error) -> Why {
    match error.kind() {
        io::ErrorKind::NotFound => Why::Missing,
        _ => Why::Unreadable(error.to_string()),
    }
}

pub(super) fn of_fault(fault: &Fault) -> Why {
    match fault {
        Fault::Io(error) => of_error(error),
        Fault::Damaged(damage) => Why::NotThisFormat(format!("what the run wrote: {damage}")),
    }
}

/// A file of which all that is read is hashed. Its clones share it.
#[derive(Clone)]
pub(super) struct Hashed(Arc<Mutex<State>>);

struct State {
    file: File,
    hasher: blake3::Hasher,
}

impl Hashed {
    pub(super) fn new(file: File) -> Hashed {
        Hashed(Arc::new(Mutex::new(State { file, hasher: blake3::Hasher::new() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The hash of the whole file, of which what is left is read now.
    pub(super) fn finish(&self) -> Result<Hash, Why> {
        io::copy(&mut self.clone(), &mut io::sink()).map_err(|error| of_error(&error))?;
        Ok(Hash::finish(&self.state().hasher))
    }
}

impl Read for Hashed {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let mut state = self.state();
        let read = state.file.read(room)?;
        state.hasher.update(&room[..read]);
        Ok(read)
    }
}

/// Looks at an output: how it is compressed, and what it is where nobody says.
pub(super) fn look_at(
    file: Hashed,
    size: u64,
    target: &Path,
    format: Option<Format>,
    max_record: usize,
) -> Result<Opened<'static>, Why> {
    // What came from there before may come from there again, however well it is compressed.
    let looking = Looking { format, max_record, max_ratio: u64::MAX };
    let bytes: Bytes<'static> = Box::new(file);
    let mut opened =
        looking.at(bytes, NameSays::of(target), Window::default(), size).map_err(|error| of_error(&error))?;
    if opened.codec.is_none() && size == 0 {
        opened.codec = codec_of_name(target);
    }
    Ok(opened)
}

/// What a text holds that stands in an output as it is.
pub(super) fn plain(file: File) -> Opened<'static> {
    let source = Source::Plain(Box::new(file));
    let window = Window::default();
    Opened { stamp: None, identity: None, codec: None, format: None, source, window, fault: None, note: None }
}

/// The compression that a name tells of, which is all there is to tell it where nothing was written.
pub(super) fn codec_of_name(target: &Path) -> Option<Codec> {
    target.extension().and_then(|extension| extension.to_str()).and_then(Codec::of_extension)
}
