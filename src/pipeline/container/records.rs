//! Working on a part: every record of it is found, cleaned, written, and told in a row.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clean::Cleaned;
use crate::formats::compression::{Codec, Damage, DamageKind, Encoder};
use crate::formats::delimited::{Columns, Dialect};
use crate::formats::json;
use crate::formats::{ranges, site_of};
use crate::pipeline::accounting::{Unaccounted, check_text};
use crate::pipeline::open_output::hash_of_stretch;
use crate::pipeline::opened::reopened;
use crate::pipeline::panics::{Panicked, guarded};
use crate::pipeline::verify::{Expected, check_file};
use crate::pipeline::write::Tree;
use crate::pipeline::{QUARANTINE_NAME, Seen, Settings, WriteError};
use crate::report::row::{EMPTY, NO_TEXT, OffsetIn, RecordInfo};
use crate::report::summary::Named;
use crate::report::{DocumentName, FailReason, Hash, Quarantined, Row, Status, Totals};
use crate::text::decode::{EncodingInfo, EncodingSource};

use super::reread::holds;
use super::{Container, Part, PartKind, Spoilt, Yield};

/// How the records of a container look.
pub(crate) enum Shape {
    /// Lines of JSON.
    Json(Arc<json::Locator>),
    /// Rows of a table with these columns.
    Table { dialect: Dialect, columns: Columns },
    /// Records of a web archive.
    Archive,
    /// Rows of a table of columns, of which this one is cleaned.
    #[cfg(feature = "parquet")]
    Columns(crate::formats::parquet::Column),
    /// None that could be cleaned.
    Other,
}

/// A text of a record, as it can be cleaned.
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    pub(super) encoding: EncodingInfo,
    pub(super) extractor: Option<&'t str>,
    pub(super) title: Option<&'t str>,
    /// What it stands in, where that may write it in several ways.
    pub(super) literal: Option<json::Literal<'t>>,
    pub(super) warnings: Vec<Cow<'t, str>>,
}

impl<'t> Text<'t> {
    /// A text that stands in UTF-8.
    pub(super) fn utf8(text: &'t str, replacements: usize) -> Text<'t> {
        let source = if replacements == 0 { EncodingSource::Utf8 } else { EncodingSource::NearlyUtf8 };
        let encoding = EncodingInfo { label: "UTF-8", source, replacements };
        Text { text, encoding, extractor: None, title: None, literal: None, warnings: Vec::new() }
    }
}

/// What becomes of a record.
pub(super) enum Fate {
    /// It was written, or copied.
    Done,
    /// It cannot be: its bytes go to quarantine.
    Failed(FailReason, String),
}

impl From<Panicked> for Fate {
    fn from(panicked: Panicked) -> Fate {
        Fate::Failed(FailReason::Panicked, panicked.to_string())
    }
}

/// One thread's work on the parts of a container.
pub(crate) struct Work<'w, 'r> {
    settings: Settings<'w>,
    pub(super) container: &'w Container<'r>,
    /// Where each record becomes a file, the tree that they are written to.
    tree: Option<&'w Tree>,
    totals: &'w mut Totals,
    encoder: Option<Encoder>,
    pub(super) scratch: json::Scratch,
    /// The output of this part, not yet compressed.
    pub(super) plain: Vec<u8>,
    /// Where texts are marked, the id of the record that is worked on, as it stands there.
    pub(super) id: Vec<u8>,
    /// How many bytes of the part are worked on.
    pub(super) at: usize,
    done: Yield,
    error: Option<WriteError>,
}

impl<'w, 'r> Work<'w, 'r> {
    pub(crate) fn new(
        settings: Settings<'w>,
        container: &'w Container<'r>,
        tree: Option<&'w Tree>,
        totals: &'w mut Totals,
    ) -> Result<Work<'w, 'r>, WriteError> {
        let encoder = container.codec.map(Encoder::new).transpose();
        let encoder = encoder.map_err(|source| WriteError { path: container.target.clone(), source, local: false })?;
        let (scratch, plain, id, done) = (json::Scratch::default(), Vec::new(), Vec::new(), Yield::default());
        Ok(Work { settings, container, tree, totals, encoder, scratch, plain, id, at: 0, done, error: None })
    }

    pub(super) fn settings(&self) -> Settings<'w> {
        self.settings
    }

    /// Does what is to be done with a part.
    ///
    /// # Errors
    /// When output cannot be written in a way that concerns more than one record.
    pub(crate) fn part(mut self, part: Part) -> Result<Yield, WriteError> {
        let is_read_again = self.settings.verify && self.tree.is_none() && self.settings.tags.is_none();
        self.done.told.records = (is_read_again && matches!(part.kind, PartKind::Records { .. })).then(Vec::new);
        match part.kind {
            PartKind::Verbatim(bytes) => self.plain = bytes,
            PartKind::Records { bytes, offset, first, torn } => {
                let done = guarded(|| self.records(&bytes, offset, first, torn.as_ref()));
                done.unwrap_or_else(|panicked| self.give_up(&bytes, offset, &panicked));
            }
            PartKind::Piece { bytes, record, whole } => self.piece(bytes, record, whole),
            PartKind::Spoilt(spoilt) => self.spoilt(spoilt),
            PartKind::Undecodable(damage) => self.undecodable(&damage),
            #[cfg(feature = "parquet")]
            PartKind::Rows(batch) => self.rows(batch),
            PartKind::Failed { reason, detail } => self.file_failed(reason, &detail),
            PartKind::End { notes, garbage, is_empty } => {
                self.done.quarantine_input = garbage.map(|(start, end)| (start, Some(end)));
                self.end(notes, is_empty);
            }
        }
        self.flush();
        if let Some(records) = self.done.told.records.take() {
            self.done.is_wrong = !holds(&self.container.shape, self.container.codec, &self.done.output, &records);
        }
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.done),
        }
    }

    /// The program panicked between two records: what stands behind the first goes to quarantine.
    fn give_up(&mut self, bytes: &[u8], offset: u64, panicked: &Panicked) {
        let (reason, detail) = (FailReason::Panicked, panicked.to_string());
        let (bytes, offset) = (bytes.get(self.at..).unwrap_or_default().to_vec(), offset + self.at as u64);
        self.spoilt(Spoilt { bytes, offset, reason, detail, goes_on: false });
    }

    fn records(&mut self, bytes: &[u8], offset: u64, first: u64, torn: Option<&Damage>) {
        let container = self.container;
        match &container.shape {
            Shape::Json(locator) => self.lines(locator, bytes, offset, first, torn),
            Shape::Table { dialect, columns } => self.table(*dialect, columns, bytes, offset, first),
            Shape::Archive => self.archive(bytes, offset, first),
            #[cfg(feature = "parquet")]
            Shape::Columns(_) => {}
            Shape::Other => self.pass(bytes, None),
        }
    }

    /// Works on one record; whatever goes wrong with it concerns no other. What was written of it before goes away again.
    pub(super) fn record(
        &mut self,
        bytes: &[u8],
        offset: u64,
        info: &RecordInfo,
        work: impl FnOnce(&mut Self) -> Fate,
    ) {
        let before = self.plain.len();
        let fate = guarded(|| work(self)).unwrap_or_else(Fate::from);
        if let Fate::Failed(reason, detail) = fate {
            self.plain.truncate(before);
            self.fail(bytes, offset, info, reason, &detail);
        }
    }

    /// A record of an archive is written: readers expect a gzip member for every record, so that each can be read by itself.
    pub(super) fn end_member(&mut self) {
        if self.container.codec == Some(Codec::Gzip) {
            self.flush();
        }
    }

    /// Cleans a text and tells it in a row; `write` puts the record with what is left into the output, and checks that it did.
    pub(super) fn clean(
        &mut self,
        bytes: &[u8],
        info: &RecordInfo,
        text: &Text<'_>,
        write: impl FnOnce(&mut Vec<u8>, &Cleaned<'_>) -> Result<(), Unaccounted>,
    ) -> Fate {
        if text.text.len() > self.settings.max_record {
            return self.keep_whole(bytes, info, text);
        }
        let cleaned = self.settings.cleaner.clean_titled(text.text, text.title);
        let written = check_text(text.text, &cleaned).and_then(|()| match self.tree {
            None => write(&mut self.plain, &cleaned),
            Some(_) => Ok(()),
        });
        if let Err(unaccounted) = written {
            return Fate::Failed(FailReason::Unaccounted, unaccounted.to_string());
        }
        match self.tree {
            None => {}
            Some(_) => match self.explode(info.number, cleaned.text()) {
                Fate::Done => {}
                failed => return failed,
            },
        }
        let name = self.name_of(info.number);
        let row = Row::cleaned(name.as_deref(), bytes, text.encoding, text.text, &cleaned);
        let spelt = text.literal.filter(|_| self.tree.is_none());
        let raw = spelt.map(|literal| literal.spellings(text.text, ranges(cleaned.removals())));
        self.tell(row.with_raw(raw.into_iter().flatten()), info, text);
        Fate::Done
    }

    fn keep_whole(&mut self, bytes: &[u8], info: &RecordInfo, text: &Text<'_>) -> Fate {
        match self.tree {
            None => self.copy(bytes),
            Some(_) => match self.explode(info.number, text.text) {
                Fate::Done => {}
                failed => return failed,
            },
        }
        let sizes = [bytes.len() as u64, text.text.len() as u64];
        let hashes = [Hash::of(bytes), Hash::of(text.text.as_bytes())];
        let name = self.name_of(info.number);
        self.tell(Row::too_large(name.as_deref(), text.encoding, sizes, hashes), info, text);
        Fate::Done
    }

    fn tell(&mut self, row: Row<'_>, info: &RecordInfo, text: &Text<'_>) {
        let warnings = text.warnings.iter().map(|it| Cow::Borrowed(&**it));
        let row = Row { extractor: text.extractor, ..row.of_record(info).warned(warnings) };
        if let Some(view) = self.settings.view {
            let container = self.container;
            let source = container.input.as_ref().map(|input| input.path.as_path());
            let target = source.map(|_| container.target.as_path());
            view.text(&Seen { source, target, text: text.text, row: &row }, &mut self.done.told.shown);
        }
        self.done.told.add(&row.telling(self.settings.removed), self.totals);
    }

    /// A record without a text to clean: it passes as it is.
    pub(super) fn unchanged(
        &mut self,
        bytes: &[u8],
        info: &RecordInfo,
        reason: &'static str,
        warning: Option<&str>,
    ) -> Fate {
        if self.tree.is_none() {
            self.copy(bytes);
        }
        let row = Row::unchanged(self.container.name.as_ref(), reason, bytes).of_record(info);
        let row = row.warned(warning.map(Cow::Borrowed));
        self.done.told.add(&row, self.totals);
        Fate::Done
    }

    /// Bytes that are no document: they pass as they are, without a row.
    pub(super) fn pass(&mut self, bytes: &[u8], kind: Option<&str>) {
        if self.tree.is_none() {
            self.copy(bytes);
        }
        if let Some(kind) = kind {
            self.done.told.pass(kind);
        }
    }

    fn fail(&mut self, bytes: &[u8], offset: u64, info: &RecordInfo, reason: FailReason, detail: &str) {
        let container = self.container;
        let row = Row::failed(container.name.as_ref(), reason, detail).with_input(bytes).of_record(info);
        let Some(quarantined) = self.aside(offset, bytes.len() as u64) else {
            // A stream has no place beside it: what cannot be cleaned stays where it was.
            self.copy(bytes);
            return self.done.told.add(&row, self.totals);
        };
        self.stand_in();
        self.done.quarantine(bytes, &quarantined);
        self.done.told.add(&row.with_quarantine(&quarantined), self.totals);
    }

    /// Where bytes of the input go that cannot be cleaned.
    fn aside(&self, offset: u64, bytes: u64) -> Option<Quarantined> {
        let name = self.container.name.as_ref().filter(|_| self.container.input.is_some())?;
        let of = if self.container.is_packed { OffsetIn::Decompressed } else { OffsetIn::File };
        let path = format!("{QUARANTINE_NAME}/{}", name.path);
        // The row has the hash of these bytes.
        Some(Quarantined { path, offset, bytes, of, hash: None })
    }

    fn piece(&mut self, bytes: Vec<u8>, record: u64, whole: Option<(u64, Hash)>) {
        let info = RecordInfo { number: record, ..RecordInfo::default() };
        match (self.tree, whole) {
            (None, _) if self.settings.tags.is_none() => self.plain = bytes,
            (None, None) => return,
            (None, Some(_)) => self.stand_in(),
            (Some(_), None) => return,
            (Some(_), Some((length, _))) => {
                let detail = format!("a record of {length} bytes cannot become a file; it is in the input");
                let row = Row::failed(self.container.name.as_ref(), FailReason::TooLarge, &detail).of_record(&info);
                return self.done.told.add(&row, self.totals);
            }
        }
        if let Some((length, hash)) = whole {
            let row = Row::passed(self.container.name.as_ref(), length, hash).of_record(&info);
            let unseen = self.settings.tags.map(|_| "its id was not looked at, so its attributes have none".into());
            let row = row.warned(unseen);
            self.done.told.add(&row, self.totals);
        }
    }

    fn spoilt(&mut self, spoilt: Spoilt) {
        let Spoilt { bytes, offset, reason, detail, goes_on } = spoilt;
        let Some(quarantined) = self.aside(offset, bytes.len() as u64) else {
            self.plain.extend_from_slice(&bytes);
            let row = Row::failed(self.container.name.as_ref(), reason, &detail).with_input(&bytes);
            if !goes_on {
                self.done.told.add(&row, self.totals);
            }
            return;
        };
        self.done.quarantine(&bytes, &quarantined);
        let detail = if goes_on { format!("goes on: {detail}") } else { detail };
        let row = Row::failed(self.container.name.as_ref(), reason, &detail).with_input(&bytes);
        self.done.told.add(&row.with_quarantine(&quarantined), self.totals);
    }

    /// Compressed bytes that cannot be read: they are copied from the input itself.
    fn undecodable(&mut self, damage: &Damage) {
        let detail = damage.to_string();
        let name = self.container.name.as_ref();
        let reason = reason_of(damage);
        let start = start_of(damage);
        let stamp = self.container.input.as_ref().map(|input| input.stamp.size);
        let end = damage.resumes.or(stamp).filter(|&end| end > start);
        let row = Row::failed(name, reason, &detail);
        match (name, end) {
            (Some(name), Some(end)) => {
                let path = format!("{QUARANTINE_NAME}/{}", name.path);
                let hash = self.hash_of_input(start, end);
                let of = OffsetIn::File;
                let quarantined = Quarantined { path, offset: start, bytes: end - start, of, hash };
                self.done.quarantine_input = Some((start, Some(end)));
                self.done.told.add(&row.with_quarantine(&quarantined), self.totals);
            }
            _ => self.done.told.add(&row, self.totals),
        }
    }

    /// The file as a whole, or from here on, is not what it was taken for.
    fn file_failed(&mut self, reason: FailReason, detail: &str) {
        let name = self.container.name.as_ref();
        let row = Row::failed(name, reason, detail);
        let size = self.container.input.as_ref().map(|input| input.stamp.size);
        match (name, size.filter(|_| reason != FailReason::Unreadable)) {
            (Some(name), Some(bytes)) => {
                let path = format!("{QUARANTINE_NAME}/{}", name.path);
                let hash = self.hash_of_input(0, bytes);
                let quarantined = Quarantined { path, offset: 0, bytes, of: OffsetIn::File, hash };
                self.done.quarantine_input = Some((0, None));
                self.done.told.add(&row.with_quarantine(&quarantined), self.totals);
            }
            _ => self.done.told.add(&row, self.totals),
        }
    }

    /// The hash of a stretch of the file itself; nothing where it cannot be read any more.
    fn hash_of_input(&self, start: u64, end: u64) -> Option<Hash> {
        let input = self.container.input.as_ref()?;
        let file = reopened(&input.path, input.is_named).ok()?;
        hash_of_stretch(file, start, end).ok()
    }

    fn end(&mut self, notes: Vec<String>, is_empty: bool) {
        let name = self.container.name.clone().unwrap_or_default();
        if is_empty {
            let row = Row::bare(self.container.name.as_ref(), Status::Unchanged, Some(EMPTY));
            self.done.told.add(&row, self.totals);
        } else if matches!(self.container.shape, Shape::Other) {
            let row = Row::bare(self.container.name.as_ref(), Status::Unchanged, Some(NO_TEXT));
            self.done.told.add(&row, self.totals);
        }
        self.done.told.notes.extend(self.container.notes.iter().cloned());
        let noted = notes.into_iter().map(|detail| Named {
            path: name.path.clone(),
            path_raw: name.raw.clone(),
            reason: "noted".into(),
            detail: Some(detail),
        });
        self.done.told.notes.extend(noted);
    }

    /// Compresses what is there of the output, so that it stands for itself.
    fn flush(&mut self) {
        match &mut self.encoder {
            Some(encoder) if !self.plain.is_empty() => {
                let packed = guarded(|| encoder.encode(&self.plain, &mut self.done.output));
                let packed = packed.unwrap_or_else(|panicked| Err(io::Error::other(panicked)));
                // What it has written so far may be half of something, so the run does not go on behind it.
                if let Err(source) = packed {
                    self.error = Some(WriteError { path: self.container.target.clone(), source, local: false });
                }
                self.plain.clear();
            }
            Some(_) => {}
            None if self.done.output.is_empty() => std::mem::swap(&mut self.plain, &mut self.done.output),
            None => self.done.output.append(&mut self.plain),
        }
    }

    #[cfg(feature = "parquet")]
    pub(super) fn put_column(&mut self, column: Vec<Option<Vec<u8>>>) {
        self.done.column = Some(column);
    }

    /// Writes a record's text to a file of its own.
    fn explode(&mut self, number: u64, text: &str) -> Fate {
        let Some(tree) = self.tree else { return Fate::Done };
        let target = self.container.target.join(exploded(number, self.container.codec));
        let packed = self.encoder.as_mut().map(|encoder| {
            let mut out = Vec::new();
            encoder.encode(text.as_bytes(), &mut out).map(|()| out)
        });
        let written = match packed {
            Some(Ok(packed)) => tree.write(&target, &packed),
            _ => tree.write(&target, text.as_bytes()),
        };
        match written {
            Ok(()) if self.settings.verify && !tree.is_nowhere() => self.check_exploded(tree, &target, text),
            Ok(()) => Fate::Done,
            Err(error) if error.local => Fate::Failed(FailReason::Unwritable, error.to_string()),
            Err(error) => {
                let detail = error.to_string();
                self.error = Some(error);
                Fate::Failed(FailReason::Unwritable, detail)
            }
        }
    }

    /// Reads the file of a record again.
    fn check_exploded(&mut self, tree: &Tree, target: &Path, text: &str) -> Fate {
        let expected = Expected { len: text.len() as u64, hash: Hash::of(text.as_bytes()).to_string() };
        match check_file(tree, target, self.container.codec, &expected) {
            Ok(verified) => {
                self.done.told.verified += verified;
                Fate::Done
            }
            Err(unverified) => Fate::Failed(FailReason::Unverified, unverified.to_string()),
        }
    }

    /// The name of what a record is written to.
    fn name_of(&self, number: u64) -> Option<Cow<'w, DocumentName>> {
        let container = self.container;
        match self.tree {
            Some(_) => Some(Cow::Owned(DocumentName::of(&container.target.join(exploded(number, container.codec))))),
            None => container.name.as_ref().map(Cow::Borrowed),
        }
    }
}

/// What a record is known by, from what it says of itself.
pub(super) fn info(number: u64, url: Option<String>, id: Option<String>) -> RecordInfo {
    let site = url.as_deref().and_then(site_of);
    RecordInfo { number, url, site, id }
}

/// The file that a record becomes: never named after what it holds. A thousand of them stand in a directory.
pub(crate) fn exploded(number: u64, codec: Option<Codec>) -> PathBuf {
    let packed = codec.map(|codec| format!(".{}", codec.extension())).unwrap_or_default();
    PathBuf::from(format!("{:06}", number / 1000)).join(format!("{number:09}.txt{packed}"))
}

/// Where compressed bytes begin that gave nothing. A block gives all or nothing, and where the damaged one begins is not told, but
/// no block is larger than 4 MiB (those of lz4). Only gzip gives all that stands before a wrong checksum.
fn start_of(damage: &Damage) -> u64 {
    const LARGEST_BLOCK: u64 = 4 << 20;
    let is_whole = matches!(damage.kind, DamageKind::Checksum | DamageKind::Length) && damage.codec == Codec::Gzip;
    if is_whole { damage.offset } else { damage.start.max(damage.offset.saturating_sub(LARGEST_BLOCK)) }
}

/// The reason in the report for damage to compressed data.
pub(crate) fn reason_of(damage: &Damage) -> FailReason {
    match damage.kind.code() {
        "truncated" => FailReason::Truncated,
        "checksum" => FailReason::Checksum,
        "bomb" => FailReason::Bomb,
        "unsupported" => FailReason::Unsupported,
        _ => FailReason::Corrupt,
    }
}
