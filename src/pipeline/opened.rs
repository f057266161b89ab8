//! Opening an input and finding out what it is.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::moving::Identity;
use super::read::open_regular;
use super::source::{Bytes, Fault, Source, Window};
use super::{ReadError, Settings};
use crate::formats::Format;
use crate::formats::compression::Codec;
use crate::formats::recognise::{NameSays, SAMPLE, format_of};

/// What tells whether a file is still the one that was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// Its size in bytes.
    pub(crate) size: u64,
    /// When it was last changed, in nanoseconds since 1970; 0 where the system does not say.
    pub(crate) modified: i64,
}

impl Stamp {
    pub(crate) fn of(found: &std::fs::Metadata) -> Stamp {
        let since = found.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let nanos = since.and_then(|since| i64::try_from(since.as_nanos()).ok());
        Stamp { size: found.len(), modified: nanos.unwrap_or(0) }
    }
}

/// An input that is open, with its first bytes in the window.
pub(crate) struct Opened<'r> {
    /// Nothing for a stream.
    pub(crate) stamp: Option<Stamp>,
    /// Which file it is; nothing for a stream.
    pub(crate) identity: Option<Identity>,
    pub(crate) codec: Option<Codec>,
    /// The format, where anything tells it.
    pub(crate) format: Option<Format>,
    pub(crate) source: Source<'r>,
    pub(crate) window: Window,
    /// Damage that showed in the first bytes, and that reading will not tell again.
    pub(crate) fault: Option<Fault>,
    /// What is odd about it, and no mistake.
    pub(crate) note: Option<String>,
}

/// How inputs are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Looking {
    /// What the caller says that all inputs are.
    pub(crate) format: Option<Format>,
    /// How much of a plain document is read at once.
    pub(crate) max_record: usize,
    /// How many times as large as it is what a compressed input holds may be.
    pub(crate) max_ratio: u64,
}

impl Looking {
    /// How the settings say that inputs are looked at.
    pub(crate) fn with(settings: Settings<'_>) -> Looking {
        let Settings { format, max_record, max_ratio, .. } = settings;
        Looking { format, max_record, max_ratio }
    }
}

impl Looking {
    /// Opens a regular file; a symbolic link is followed only where `follow` says so. The window's memory is used again.
    pub(crate) fn at_file(self, path: &Path, follow: bool, window: Window) -> Result<Opened<'static>, ReadError> {
        let (file, found) = open_regular(path, follow)?;
        let stamp = Stamp::of(&found);
        let window = window.of_size(stamp.size);
        // A file that grows while it is read ends where it ended when it was opened. Files below /proc say 0 and are not empty.
        let bytes: Bytes<'static> = if stamp.size > 0 { Box::new(file.take(stamp.size)) } else { Box::new(file) };
        let opened = self.at(bytes, NameSays::of(path), window, stamp.size)?;
        Ok(Opened { stamp: Some(stamp), identity: Some(Identity::of(&found)), ..opened })
    }

    /// Looks at a stream, which has no name.
    pub(crate) fn at_stream<'r>(self, stream: Bytes<'r>) -> io::Result<Opened<'r>> {
        // What has come so far must do: whoever writes may wait for an answer.
        let opened = self.at(stream, NameSays::default(), Window::default(), 0)?;
        // It has no name that could be wrong.
        Ok(Opened { note: None, ..opened })
    }

    /// Looks at bytes of which the name and the size may be known.
    pub(crate) fn at<'r>(
        self,
        bytes: Bytes<'r>,
        says: NameSays,
        mut window: Window,
        size: u64,
    ) -> io::Result<Opened<'r>> {
        let mut source = Source::Plain(bytes);
        let most = self.max_record.saturating_add(1);
        // A file of usual size comes with one call.
        let wanted = usize::try_from(size.saturating_add(1)).unwrap_or(most).min(most).max(SAMPLE);
        let first = if size > SAMPLE as u64 * 16 { SAMPLE } else { wanted };
        match fill(&mut window, &mut source, first, size) {
            Ok(()) => {}
            Err(Fault::Io(error)) => return Err(error),
            // A plain source has no damage.
            Err(Fault::Damaged(_)) => {}
        }
        let codec = Codec::of_magic(window.bytes());
        let note = mismatch(says.codec, codec, window.bytes().is_empty());
        let mut fault = None;
        if let Some(codec) = codec {
            (source, fault) = unpacked(codec, self.max_ratio, source, &mut window)?;
        }
        let format = self.format.or_else(|| format_of(sample(window.bytes()), says));
        Ok(Opened { stamp: None, identity: None, codec, format, source, window, fault, note })
    }
}

/// Of a file all that is wanted; of a stream only what is there already, but something.
fn fill(window: &mut Window, source: &mut Source<'_>, wanted: usize, size: u64) -> Result<(), Fault> {
    if size > 0 {
        return window.fill(source, wanted);
    }
    window.fill_some(source, wanted)?;
    // A signature or the first line may come in pieces.
    while !window.is_at_end() && window.bytes().len() < SAMPLE && !window.bytes().contains(&b'\n') {
        window.fill_some(source, wanted)?;
    }
    Ok(())
}

/// Replaces the window on compressed bytes by one on what they hold.
fn unpacked<'r>(
    codec: Codec,
    max_ratio: u64,
    source: Source<'r>,
    window: &mut Window,
) -> io::Result<(Source<'r>, Option<Fault>)> {
    let Source::Plain(rest) = source else { return Ok((source, None)) };
    let start = window.bytes().to_vec();
    window.reset();
    let mut source = Source::packed(codec, max_ratio, start, rest);
    match window.fill(&mut source, SAMPLE) {
        Ok(()) => Ok((source, None)),
        Err(Fault::Io(error)) => Err(error),
        Err(damaged) => Ok((source, Some(damaged))),
    }
}

fn sample(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(SAMPLE)]
}

/// What is odd about a name that promises another compression than there is.
fn mismatch(said: Option<Codec>, found: Option<Codec>, is_empty: bool) -> Option<String> {
    match (said, found) {
        (Some(said), None) if is_empty => Some(format!("named as {}, and empty", said.name())),
        (Some(said), None) => Some(format!("named as {}, but not compressed; read as it is", said.name())),
        (Some(said), Some(found)) if said != found => {
            Some(format!("named as {}, but {} by its first bytes; read as that", said.name(), found.name()))
        }
        (None, Some(found)) => Some(format!("compressed as {}, which its name does not say", found.name())),
        _ => None,
    }
}

/// Opens a regular file again, at its beginning.
pub(crate) fn reopened(path: &Path, follow: bool) -> Result<File, ReadError> {
    Ok(open_regular(path, follow)?.0)
}
