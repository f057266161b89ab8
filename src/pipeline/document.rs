//! One document, from its bytes to its row.

use std::any::Any;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use super::read::read_some;
use crate::clean::{Cleaned, Cleaner};
use crate::formats::text::{self, Transcoder};
use crate::report::{DocumentName, FailReason, Hash, Row};
use crate::text::decode::{Charset, Decoded, NotText};

/// The largest input and text, in bytes, that is cleaned; what is larger passes through.
pub const MAX_RECORD: usize = 16 * 1024 * 1024;
/// How much of a large input is held at a time.
const PIECE: usize = 256 * 1024;

/// How documents are cleaned; the same for all of a run.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The cleaner.
    pub cleaner: &'a Cleaner,
    /// The encoding that the caller declares.
    pub encoding: Option<Charset>,
    /// The largest input that is cleaned; usually [`MAX_RECORD`].
    pub max_record: usize,
}

/// Where the kept text of one document goes.
pub trait Output {
    /// Takes the next part of the kept text.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(&mut self, kept: &str) -> Result<(), WriteError>;

    /// All parts were put: the output becomes visible under its name.
    ///
    /// # Errors
    /// When it cannot be completed.
    fn finish(&mut self) -> Result<(), WriteError>;
}

/// Output that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {}: {source}", super::error::shown(path))]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
    /// Whether this concerns one document only, as a name that is too long does; the others may go on.
    pub local: bool,
}

/// An input: its first bytes, and where the others come from when there are more than are cleaned at once.
pub(crate) struct Input<'i> {
    pub(crate) name: Option<&'i DocumentName>,
    pub(crate) bytes: &'i [u8],
    pub(crate) rest: &'i mut dyn Read,
}

/// Cleans one document: its kept text goes to `output`, its row to `emit`.
///
/// A panic fails this document and no other.
///
/// # Errors
/// When output cannot be written in a way that concerns more than this document.
pub(crate) fn process(
    settings: Settings<'_>,
    input: Input<'_>,
    output: &mut dyn Output,
    emit: &mut dyn FnMut(&Row<'_>),
) -> Result<(), WriteError> {
    let name = input.name;
    let work = || match input.bytes.len() > settings.max_record {
        true => pass_through(settings, input, output, emit),
        false => clean_whole(settings, name, input.bytes, output, emit),
    };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let detail = format!("this is a mistake in dechrome, please report it: {}", panic_message(&*panic));
        emit(&Row::failed(name, FailReason::Panicked, &detail));
        Ok(())
    })
}

fn clean_whole(
    settings: Settings<'_>,
    name: Option<&DocumentName>,
    bytes: &[u8],
    output: &mut dyn Output,
    emit: &mut dyn FnMut(&Row<'_>),
) -> Result<(), WriteError> {
    let fail = |emit: &mut dyn FnMut(&Row<'_>), reason, detail: &str| {
        emit(&Row::failed(name, reason, detail).with_input(bytes));
    };
    let decoded = match text::read(bytes, settings.encoding) {
        Ok(decoded) => decoded,
        Err(error) => {
            fail(emit, not_text_reason(&error), &error.to_string());
            return Ok(());
        }
    };
    if decoded.text.len() > settings.max_record {
        return keep_decoded(name, bytes, &decoded, output, emit);
    }
    let cleaned = settings.cleaner.clean(&decoded.text);
    if !adds_up(&decoded.text, &cleaned) {
        fail(emit, FailReason::Unaccounted, "kept text and removals do not add up; this is a mistake in dechrome");
        return Ok(());
    }
    match write_whole(output, cleaned.text()) {
        Ok(()) => emit(&Row::cleaned(name, bytes, &decoded, &cleaned)),
        Err(error) if error.local => fail(emit, FailReason::Unwritable, &error.to_string()),
        Err(error) => return Err(error),
    }
    Ok(())
}

/// Writes a text that grew too large in decoding.
fn keep_decoded(
    name: Option<&DocumentName>,
    bytes: &[u8],
    decoded: &Decoded<'_>,
    output: &mut dyn Output,
    emit: &mut dyn FnMut(&Row<'_>),
) -> Result<(), WriteError> {
    match write_whole(output, &decoded.text) {
        Ok(()) => {
            let sizes = [bytes.len() as u64, decoded.text.len() as u64];
            let hashes = [Hash::of(bytes), Hash::of(decoded.text.as_bytes())];
            emit(&Row::too_large(name, decoded.encoding, sizes, hashes));
        }
        Err(error) if error.local => emit(&Row::failed(name, FailReason::Unwritable, &error.to_string())),
        Err(error) => return Err(error),
    }
    Ok(())
}

fn write_whole(output: &mut dyn Output, kept: &str) -> Result<(), WriteError> {
    output.put(kept)?;
    output.finish()
}

/// Copies a text that is too large to be cleaned, piece by piece.
fn pass_through(
    settings: Settings<'_>,
    input: Input<'_>,
    output: &mut dyn Output,
    emit: &mut dyn FnMut(&Row<'_>),
) -> Result<(), WriteError> {
    let name = input.name;
    let mut fail = |reason, detail: &str| emit(&Row::failed(name, reason, detail));
    let mut copy = match Copy::new(input.bytes, settings.encoding) {
        Ok(copy) => copy,
        Err(error) => {
            fail(not_text_reason(&error), &error.to_string());
            return Ok(());
        }
    };
    match copy.run(input.bytes, input.rest, output) {
        Ok(()) => emit(&copy.row(name)),
        Err(CopyError::Read(error)) => fail(FailReason::Unreadable, &error.to_string()),
        Err(CopyError::Write(error)) if error.local => fail(FailReason::Unwritable, &error.to_string()),
        Err(CopyError::Write(error)) => return Err(error),
    }
    Ok(())
}

/// A copy from input to output that decodes, counts and hashes as it goes.
struct Copy {
    coder: Transcoder,
    text: String,
    sizes: [u64; 2],
    hashers: [blake3::Hasher; 2],
}

enum CopyError {
    Read(io::Error),
    Write(WriteError),
}

impl Copy {
    fn new(sample: &[u8], declared: Option<Charset>) -> Result<Copy, NotText> {
        let coder = Transcoder::for_sample(sample, declared)?;
        Ok(Copy { coder, text: String::new(), sizes: [0; 2], hashers: [blake3::Hasher::new(), blake3::Hasher::new()] })
    }

    fn run(&mut self, start: &[u8], rest: &mut dyn Read, output: &mut dyn Output) -> Result<(), CopyError> {
        for piece in start.chunks(PIECE) {
            self.push(piece, false, output)?;
        }
        let mut piece = vec![0; PIECE];
        loop {
            let read = read_some(rest, &mut piece).map_err(CopyError::Read)?;
            self.push(&piece[..read], read == 0, output)?;
            if read == 0 {
                return output.finish().map_err(CopyError::Write);
            }
        }
    }

    fn push(&mut self, piece: &[u8], last: bool, output: &mut dyn Output) -> Result<(), CopyError> {
        self.text.clear();
        self.coder.push(piece, last, &mut self.text);
        self.sizes[0] += piece.len() as u64;
        self.sizes[1] += self.text.len() as u64;
        self.hashers[0].update(piece);
        self.hashers[1].update(self.text.as_bytes());
        output.put(&self.text).map_err(CopyError::Write)
    }

    fn row<'n>(&self, name: Option<&'n DocumentName>) -> Row<'n> {
        let [input, text] = &self.hashers;
        Row::too_large(name, self.coder.encoding(), self.sizes, [Hash::finish(input), Hash::finish(text)])
    }
}

/// Whether the kept text is the decoded text without the removed ranges, byte for byte.
fn adds_up(text: &str, cleaned: &Cleaned<'_>) -> bool {
    let (text, mut kept) = (text.as_bytes(), cleaned.text().as_bytes());
    let mut at = 0;
    for removal in cleaned.removals() {
        let Some(rest) = text.get(at..removal.range.start).and_then(|gap| kept.strip_prefix(gap)) else {
            return false;
        };
        if removal.range.is_empty() || removal.range.end > text.len() {
            return false;
        }
        (kept, at) = (rest, removal.range.end);
    }
    std::ptr::eq(kept, &text[at..]) || kept == &text[at..]
}

pub(super) fn not_text_reason(error: &NotText) -> FailReason {
    match error {
        NotText::Binary { .. } => FailReason::Binary,
        #[allow(unreachable_patterns, reason = "the kinds of bytes that are not text may grow")]
        _ => FailReason::NotText,
    }
}

pub(super) fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message")
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    /// Keeps what is put, or panics.
    #[derive(Default)]
    struct Memory {
        text: String,
        finished: bool,
        panics: bool,
    }

    impl Output for Memory {
        fn put(&mut self, kept: &str) -> Result<(), WriteError> {
            assert!(!self.panics, "a made-up mistake");
            self.text.push_str(kept);
            Ok(())
        }

        fn finish(&mut self) -> Result<(), WriteError> {
            self.finished = true;
            Ok(())
        }
    }

    fn run(text: &[u8], max_record: usize, output: &mut Memory) -> serde_json::Value {
        let cleaner = Cleaner::new();
        let settings = Settings { cleaner: &cleaner, encoding: None, max_record };
        let (bytes, mut rest) = text.split_at(text.len().min(max_record + 1));
        let mut row = None;
        let input = Input { name: None, bytes, rest: &mut rest };
        process(settings, input, output, &mut |done| row = serde_json::to_value(done).ok()).expect("no write error");
        row.expect("a row")
    }

    #[test]
    fn a_panic_fails_the_document_and_nothing_else() {
        let mut output = Memory { panics: true, ..Memory::default() };
        let row = run(b"Some text.\n", MAX_RECORD, &mut output);
        assert_eq!((&row["status"], &row["reason"]), (&"failed".into(), &"panicked".into()));
        assert!(row["warnings"][0].as_str().is_some_and(|detail| detail.contains("a made-up mistake")), "{row}");
        assert!(!output.finished);
    }

    #[test]
    fn what_is_too_large_passes_through_in_pieces() {
        let text = "Größe, 大きさ.\n".repeat(60_000);
        let mut output = Memory::default();
        let row = run(text.as_bytes(), 1000, &mut output);
        assert_eq!((&row["status"], &row["reason"]), (&"kept_whole".into(), &"too_large".into()));
        assert_eq!(output.text, text);
        assert_eq!(row["bytes_text"], text.len());
        assert_eq!(row["hash_kept"], Hash::of(text.as_bytes()).to_string());
        assert!(output.finished && row["words"].is_null());
    }
}
