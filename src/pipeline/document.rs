//! One document that is an input of its own, from its bytes to its row.

use std::io;
use std::path::PathBuf;

use super::accounting::check_text;
use super::container::reason_of;
use super::marking::Tags;
use super::opened::Opened;
use super::page::{HtmlText, page_text};
use super::panics::guarded;
use super::source::{Fault, Source, Window};
use super::verify::Unverified;
use super::view::View;
use crate::clean::Cleaner;
use crate::formats::text::{self, Transcoder};
use crate::formats::{FieldNames, Format};
use crate::report::{DocumentName, FailReason, Hash, RemovedDetail, Row};
use crate::text::decode::{Charset, EncodingInfo, NotText};

/// The largest input and text, in bytes, that is cleaned; what is larger passes through.
pub const MAX_RECORD: usize = 16 * 1024 * 1024;
/// Text hardly ever becomes smaller than a thirtieth by compression; what becomes much smaller is an attack, or no text.
pub const MAX_RATIO: u64 = 200;
/// How much of a large input is held at a time.
const PIECE: usize = 1024 * 1024;

/// How documents are cleaned; the same for all of a run.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The cleaner.
    pub cleaner: &'a Cleaner,
    /// The encoding that the caller declares.
    pub encoding: Option<Charset>,
    /// The largest input that is cleaned; usually [`MAX_RECORD`].
    pub max_record: usize,
    /// How many times as large as it is what a compressed input holds may be; usually [`MAX_RATIO`].
    pub max_ratio: u64,
    /// The format of all inputs, where the caller says it.
    pub format: Option<Format>,
    /// Where the texts of records stand.
    pub fields: &'a FieldNames,
    /// What is taken of pages.
    pub html: HtmlText,
    /// Whether every record of a container becomes a file.
    pub explode: bool,
    /// Who is shown each text that is cleaned.
    pub view: Option<&'a dyn View>,
    /// How much rows tell of what was removed.
    pub removed: RemovedDetail,
    /// Whether what was written is read again.
    pub verify: bool,
    /// How texts are marked, where they are not cut; then only JSON Lines are inputs.
    pub tags: Option<Tags>,
}

impl<'a> Settings<'a> {
    /// The settings that a careful person would choose.
    pub fn new(cleaner: &'a Cleaner, fields: &'a FieldNames) -> Settings<'a> {
        Settings {
            cleaner,
            encoding: None,
            max_record: MAX_RECORD,
            max_ratio: MAX_RATIO,
            format: None,
            fields,
            html: HtmlText::default(),
            explode: false,
            view: None,
            removed: RemovedDetail::default(),
            verify: false,
            tags: None,
        }
    }
}

/// Where the kept text of one document goes.
pub trait Output {
    /// Takes the next part of the kept text.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(&mut self, kept: &[u8]) -> Result<(), WriteError>;

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

/// Takes the row of a document, and the text where it was cleaned.
pub(crate) type Emit<'e> = dyn FnMut(Row<'_>, Option<&str>) + 'e;

/// Cleans one document that is text or a page: its kept text goes to `output`, its row to `emit`.
///
/// A panic fails this document and no other.
///
/// # Errors
/// When output cannot be written in a way that concerns more than this document.
pub(crate) fn process(
    settings: Settings<'_>,
    name: Option<&DocumentName>,
    opened: &mut Opened<'_>,
    output: &mut dyn Output,
    emit: &mut Emit<'_>,
) -> Result<(), WriteError> {
    let work = || Document { settings, name, format: opened.format, output, emit }.work(opened);
    guarded(work).unwrap_or_else(|panicked| {
        emit(Row::failed(name, FailReason::Panicked, &panicked.to_string()), None);
        Ok(())
    })
}

/// A document in the making.
struct Document<'d, 'e> {
    settings: Settings<'d>,
    name: Option<&'d DocumentName>,
    format: Option<Format>,
    output: &'d mut dyn Output,
    emit: &'d mut Emit<'e>,
}

impl Document<'_, '_> {
    fn work(mut self, opened: &mut Opened<'_>) -> Result<(), WriteError> {
        let most = self.settings.max_record;
        let fault = match opened.fault.take() {
            Some(fault) => Err(fault),
            None => opened.window.fill(&mut opened.source, most.saturating_add(1)),
        };
        if let Err(fault) = fault {
            let (reason, detail) = of_fault(&fault);
            self.fail(reason, &detail, opened.window.bytes());
            return Ok(());
        }
        if opened.window.bytes().len() > most {
            return self.pass_through(&mut opened.window, &mut opened.source);
        }
        let bytes = opened.window.bytes();
        if self.format == Some(Format::Html) { self.page(bytes) } else { self.text(bytes) }
    }

    fn tell(&mut self, row: Row<'_>) {
        (self.emit)(row, None);
    }

    fn fail(&mut self, reason: FailReason, detail: &str, bytes: &[u8]) {
        self.tell(Row::failed(self.name, reason, detail).with_input(bytes));
    }

    fn text(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        match text::read(bytes, self.settings.encoding) {
            Ok(decoded) => self.clean(bytes, &decoded.text, decoded.encoding, Made::default()),
            Err(error) => {
                self.fail(not_text_reason(&error), &error.to_string(), bytes);
                Ok(())
            }
        }
    }

    fn page(&mut self, bytes: &[u8]) -> Result<(), WriteError> {
        let declared = self.settings.encoding.map(Charset::name);
        match page_text(bytes, declared, None, self.settings.html) {
            Ok(page) => {
                let made = Made { by: Some(page.extractor), warnings: &page.warnings };
                self.clean(bytes, &page.text, page.encoding, made)
            }
            Err(error) => {
                self.fail(not_text_reason(&error), &error.to_string(), bytes);
                Ok(())
            }
        }
    }

    fn clean(&mut self, bytes: &[u8], text: &str, encoding: EncodingInfo, made: Made<'_>) -> Result<(), WriteError> {
        if text.len() > self.settings.max_record {
            return self.keep_whole(bytes, text, encoding);
        }
        let cleaned = self.settings.cleaner.clean(text);
        if let Err(unaccounted) = check_text(text, &cleaned) {
            self.fail(FailReason::Unaccounted, &unaccounted.to_string(), bytes);
            return Ok(());
        }
        if self.write_whole(cleaned.text(), bytes)? {
            let row = Row::cleaned(self.name, bytes, encoding, text, &cleaned);
            let warnings = made.warnings.iter().map(|warning| warning.as_str().into());
            (self.emit)(Row { extractor: made.by, ..row.warned(warnings) }, Some(text));
        }
        Ok(())
    }

    /// Writes a text that grew too large in decoding.
    fn keep_whole(&mut self, bytes: &[u8], text: &str, encoding: EncodingInfo) -> Result<(), WriteError> {
        if self.write_whole(text, bytes)? {
            let sizes = [bytes.len() as u64, text.len() as u64];
            let hashes = [Hash::of(bytes), Hash::of(text.as_bytes())];
            self.tell(Row::too_large(self.name, encoding, sizes, hashes));
        }
        Ok(())
    }

    /// Writes the whole output; `false` when that failed for this document alone, which is then told.
    fn write_whole(&mut self, kept: &str, bytes: &[u8]) -> Result<bool, WriteError> {
        let done = self.output.put(kept.as_bytes()).and_then(|()| self.output.finish());
        match done {
            Ok(()) => Ok(true),
            Err(error) if error.local => {
                let (reason, detail) = of_write(&error);
                self.fail(reason, &detail, bytes);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Copies a text that is too large to be cleaned, piece by piece.
    fn pass_through(&mut self, window: &mut Window, source: &mut Source<'_>) -> Result<(), WriteError> {
        let mut copy = match Copy::new(window.bytes(), self.settings.encoding) {
            Ok(copy) => copy,
            Err(error) => {
                self.tell(Row::failed(self.name, not_text_reason(&error), &error.to_string()));
                return Ok(());
            }
        };
        match copy.run(window, source, self.output) {
            Ok(()) => self.tell(copy.row(self.name)),
            Err(CopyError::Read(fault)) => {
                let (reason, detail) = of_fault(&fault);
                self.tell(Row::failed(self.name, reason, &detail));
            }
            Err(CopyError::Write(error)) if error.local => {
                let (reason, detail) = of_write(&error);
                self.tell(Row::failed(self.name, reason, &detail));
            }
            Err(CopyError::Write(error)) => return Err(error),
        }
        Ok(())
    }
}

/// What a text was made by, where it is not the input itself.
#[derive(Clone, Copy, Default)]
struct Made<'m> {
    by: Option<&'m str>,
    warnings: &'m [String],
}

/// Why reading failed.
pub(super) fn of_fault(fault: &Fault) -> (FailReason, String) {
    match fault {
        Fault::Io(error) => (FailReason::Unreadable, error.to_string()),
        Fault::Damaged(damage) => (reason_of(damage), damage.to_string()),
    }
}

/// Why one document has no output.
pub(super) fn of_write(error: &WriteError) -> (FailReason, String) {
    match Unverified::of(error) {
        Some(unverified) => (FailReason::Unverified, unverified.to_string()),
        None => (FailReason::Unwritable, error.to_string()),
    }
}

/// A copy from input to output that decodes, counts and hashes as it goes.
struct Copy {
    coder: Transcoder,
    text: String,
    sizes: [u64; 2],
    hashers: [blake3::Hasher; 2],
}

enum CopyError {
    Read(Fault),
    Write(WriteError),
}

impl Copy {
    fn new(sample: &[u8], declared: Option<Charset>) -> Result<Copy, NotText> {
        let coder = Transcoder::for_sample(sample, declared)?;
        Ok(Copy { coder, text: String::new(), sizes: [0; 2], hashers: [blake3::Hasher::new(), blake3::Hasher::new()] })
    }

    fn run(&mut self, window: &mut Window, source: &mut Source<'_>, output: &mut dyn Output) -> Result<(), CopyError> {
        loop {
            window.fill(source, PIECE).map_err(CopyError::Read)?;
            let length = window.bytes().len().min(PIECE);
            let is_last = window.is_at_end() && length == window.bytes().len();
            self.push(&window.bytes()[..length], is_last, output)?;
            window.consume(length);
            if is_last {
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
        output.put(self.text.as_bytes()).map_err(CopyError::Write)
    }

    fn row<'n>(&self, name: Option<&'n DocumentName>) -> Row<'n> {
        let [input, text] = &self.hashers;
        Row::too_large(name, self.coder.encoding(), self.sizes, [Hash::finish(input), Hash::finish(text)])
    }
}

pub(super) fn not_text_reason(error: &NotText) -> FailReason {
    match error {
        NotText::Binary { .. } => FailReason::Binary,
        #[allow(unreachable_patterns, reason = "the kinds of bytes that are not text may grow")]
        _ => FailReason::NotText,
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::pipeline::opened::Looking;

    /// Keeps what is put, or panics.
    #[derive(Default)]
    struct Memory {
        text: String,
        finished: bool,
        panics: bool,
    }

    impl Output for Memory {
        fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
            assert!(!self.panics, "a made-up mistake");
            self.text.push_str(std::str::from_utf8(kept).expect("UTF-8"));
            Ok(())
        }

        fn finish(&mut self) -> Result<(), WriteError> {
            self.finished = true;
            Ok(())
        }
    }

    fn run(text: &'static [u8], max_record: usize, output: &mut Memory) -> serde_json::Value {
        let (cleaner, fields) = (Cleaner::new(), FieldNames::default());
        let settings = Settings { max_record, ..Settings::new(&cleaner, &fields) };
        let looking = Looking::with(settings);
        let mut opened = looking.at_stream(Box::new(text)).expect("a stream");
        let mut row = None;
        let mut emit = |done: Row<'_>, _: Option<&str>| row = serde_json::to_value(done).ok();
        process(settings, None, &mut opened, output, &mut emit).expect("no write error");
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
        let row = run(text.clone().leak().as_bytes(), 1000, &mut output);
        assert_eq!((&row["status"], &row["reason"]), (&"kept_whole".into(), &"too_large".into()));
        assert_eq!(output.text, text);
        assert_eq!(row["bytes_text"], text.len());
        assert_eq!(row["hash_kept"], Hash::of(text.as_bytes()).to_string());
        assert!(output.finished && row["words"].is_null());
    }
}
