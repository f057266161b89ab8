//! Opening a container: its header is read, and who reads on is set up.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::formats::compression::Codec;
use crate::formats::delimited::{self, Columns, Dialect, HeaderError};
use crate::formats::{FieldNames, Format, Names, warc};
use crate::pipeline::Settings;
use crate::pipeline::input::{nested, note};
use crate::pipeline::opened::Opened;
use crate::report::{DocumentName, FailReason};

use super::text::{field_of_lines, locator};
use super::{Container, InputFile, Parts, Place, Reader, Shape, Split, ToldAs};

/// A record may be so many times as large as the text in it, for escapes take room.
const RAW_PER_TEXT: usize = 2;
/// How much more than a record a splitter of archives may want to see.
const ARCHIVE_SLACK: usize = 256 * 1024;
/// How large the header of a table may be.
const HEADER: usize = 1024 * 1024;

/// Who reads a container, and how its records look.
pub(crate) struct Set<'r> {
    pub(crate) parts: Parts<'r>,
    pub(crate) shape: Shape,
    /// The field or column with the texts.
    field: Option<String>,
}

/// Why a container cannot be read at all.
pub(crate) struct Unfit(pub(crate) FailReason, pub(crate) String);

/// What decides where records end and where their texts stand.
#[derive(Clone, Copy)]
pub(crate) struct Framing<'f> {
    /// Where the texts of records stand.
    pub(crate) fields: &'f FieldNames,
    /// The largest text that is cleaned.
    pub(crate) max_record: usize,
}

impl<'f> From<Settings<'f>> for Framing<'f> {
    fn from(settings: Settings<'f>) -> Framing<'f> {
        Framing { fields: settings.fields, max_record: settings.max_record }
    }
}

/// Which container is opened, and what for.
pub(crate) struct Opening<'o> {
    /// Its number in the order of the report.
    pub(crate) number: u64,
    /// Where it is.
    pub(crate) path: &'o Path,
    /// Where its output goes, relative to the output directory.
    pub(crate) target: PathBuf,
    /// Whether it was named itself, so that a symbolic link may be followed.
    pub(crate) named: bool,
    /// How the output is compressed.
    pub(crate) codec: Option<Codec>,
    /// Where an earlier run stopped in it.
    pub(crate) place: Option<Place>,
}

impl Container<'static> {
    /// Opens a container that is a file. What is wrong with it will be told by its only part.
    pub(crate) fn open(which: Opening<'_>, mut opened: Opened<'static>, settings: Settings<'_>) -> Container<'static> {
        let Opening { number, path, target, named, codec, place } = which;
        let name = DocumentName::of(&target);
        let notes: Vec<_> = opened.note.take().map(|detail| note(&name, detail)).into_iter().collect();
        let stamp = opened.stamp.unwrap_or_default();
        let identity = opened.identity.unwrap_or_default();
        let input = InputFile { path: path.to_owned(), is_named: named, stamp, identity };
        let (is_packed, format) = (opened.codec.is_some(), opened.format);
        let told_as = ToldAs { format, codec: opened.codec, field: None };
        let set = set_up(opened, settings.into(), Some(&input), place, false);
        let Set { parts, shape, field } = set.unwrap_or_else(|Unfit(reason, detail)| Set {
            parts: Parts::Unfit(Some((reason, detail))),
            shape: Shape::Other,
            field: None,
        });
        let has_output = !matches!(parts, Parts::Unfit(_));
        let bytes_reused = place.map_or(0, |_| parts.bytes_read());
        Container {
            number,
            first_part: if has_output { place.map_or(0, |place| place.part) } else { 0 },
            input: Some(input),
            name: Some(name),
            target,
            codec,
            is_packed,
            is_exploded: settings.explode && !matches!(shape, Shape::Other),
            has_output,
            format,
            shape,
            told_as: ToldAs { field, ..told_as },
            bytes_reused,
            notes,
            reader: Mutex::new(parts),
        }
    }
}

impl<'r> Container<'r> {
    /// Opens a container only to look at it; a path that is empty stands for a stream.
    ///
    /// # Errors
    /// When it is not what it was taken for.
    pub(crate) fn of_file_or_stream(
        path: &Path,
        opened: Opened<'r>,
        settings: Settings<'_>,
    ) -> Result<Container<'r>, (FailReason, String)> {
        let stamp = opened.stamp.unwrap_or_default();
        let identity = opened.identity.unwrap_or_default();
        let input = InputFile { path: path.to_owned(), is_named: true, stamp, identity };
        let input = Some(input).filter(|input| !input.path.as_os_str().is_empty());
        Container::looked_at(None, opened, None, settings, false, input)
    }

    /// Opens a container that is a stream.
    ///
    /// # Errors
    /// When it is not what it was taken for.
    pub(crate) fn of_stream(
        name: Option<DocumentName>,
        opened: Opened<'r>,
        codec: Option<Codec>,
        settings: Settings<'_>,
        is_live: bool,
    ) -> Result<Container<'r>, (FailReason, String)> {
        Container::looked_at(name, opened, codec, settings, is_live, None)
    }

    fn looked_at(
        name: Option<DocumentName>,
        opened: Opened<'r>,
        codec: Option<Codec>,
        settings: Settings<'_>,
        is_live: bool,
        input: Option<InputFile>,
    ) -> Result<Container<'r>, (FailReason, String)> {
        let (is_packed, format) = (opened.codec.is_some(), opened.format);
        let set = set_up(opened, settings.into(), input.as_ref(), None, is_live);
        let set = set.map_err(|Unfit(reason, detail)| (reason, detail))?;
        Ok(Container {
            number: 0,
            first_part: 0,
            input: None,
            name,
            target: PathBuf::new(),
            codec,
            is_packed,
            is_exploded: false,
            has_output: true,
            format,
            shape: set.shape,
            told_as: ToldAs::default(),
            bytes_reused: 0,
            notes: Vec::new(),
            reader: Mutex::new(set.parts),
        })
    }
}

/// Sets up who reads on in an input that is open.
pub(crate) fn set_up<'r>(
    mut opened: Opened<'r>,
    framing: Framing<'_>,
    input: Option<&InputFile>,
    place: Option<Place>,
    is_live: bool,
) -> Result<Set<'r>, Unfit> {
    if let Some(detail) = nested(&opened) {
        return Err(Unfit(FailReason::Unsupported, detail));
    }
    let limit = framing.max_record.saturating_mul(RAW_PER_TEXT).max(super::reader::BATCH);
    let mut field = None;
    let (split, shape, header) = match opened.format {
        Some(Format::Jsonl) => {
            refuse_wide(opened.window.bytes())?;
            field = field_of_lines(framing.fields, opened.window.bytes());
            let locator =
                locator(framing.fields).map_err(|error| Unfit(FailReason::NotThisFormat, error.to_string()))?;
            (Split::Lines, Shape::Json(Arc::new(locator)), 0)
        }
        Some(Format::Csv | Format::Tsv) => {
            refuse_wide(opened.window.bytes())?;
            of_table(&mut opened, framing.fields)?
        }
        Some(Format::Warc) => {
            refuse_foreign(opened.window.bytes())?;
            (Split::Archive(warc::Splitter::new(limit)), Shape::Archive, 0)
        }
        Some(Format::Parquet) => return of_columns(opened, framing, input),
        _ => (Split::Blocks, Shape::Other, 0),
    };
    let Opened { source, window, fault, .. } = opened;
    // A splitter of archives has its own limit, and may want some more to see what follows a record.
    let held = if matches!(split, Split::Archive(_)) { limit + ARCHIVE_SLACK } else { limit };
    let mut reader = Reader::new(source, window, fault, split, header, held, is_live);
    if let Some(place) = place {
        reader.skip_to(place).map_err(|error| Unfit(FailReason::Unreadable, error.to_string()))?;
    }
    if let Shape::Table { columns, .. } = &shape {
        field = Some(columns.text_name().to_owned());
    }
    Ok(Set { parts: Parts::Stream(Box::new(reader)), shape, field })
}

/// Lines in UTF-16 cannot be told from one another by their bytes.
fn refuse_wide(start: &[u8]) -> Result<(), Unfit> {
    let is_wide = start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]);
    match is_wide || start.iter().take(64).filter(|&&byte| byte == 0).count() > 8 {
        true => {
            Err(Unfit(FailReason::NotText, "UTF-16 or UTF-32, which records cannot be in; convert it to UTF-8".into()))
        }
        false => Ok(()),
    }
}

fn refuse_foreign(start: &[u8]) -> Result<(), Unfit> {
    if warc::looks_like_arc(start) {
        let detail = "an ARC file, the format before WARC; make a WARC file of it, with `warcio recompress`";
        return Err(Unfit(FailReason::NotThisFormat, detail.into()));
    }
    if start.is_empty() || warc::looks_like_warc(start) {
        return Ok(());
    }
    Err(Unfit(FailReason::NotThisFormat, "no WARC file: it does not begin with a record".into()))
}

/// Reads the header of a table with separators.
fn of_table(opened: &mut Opened<'_>, names: &FieldNames) -> Result<(Split, Shape, usize), Unfit> {
    // Damage will be told in its place.
    if opened.fault.is_none() {
        opened.fault = opened.window.fill(&mut opened.source, HEADER.min(super::reader::BATCH)).err();
    }
    let start = opened.window.bytes();
    if start.is_empty() {
        return Ok((Split::Blocks, Shape::Other, 0));
    }
    let given = if opened.format == Some(Format::Tsv) { Some(b'\t') } else { None };
    let dialect = Dialect::of_header(start, given);
    // The mark goes with the header.
    let mark = start.len() - delimited::without_mark(start).len();
    let mut rows = delimited::records(&start[mark..], dialect);
    // Blank lines before it go with it, too.
    let first = rows.find(|row| !row.bytes.trim_ascii().is_empty());
    let Some(first) = first else { return Ok((Split::Blocks, Shape::Other, 0)) };
    let header = &start[..mark + first.start + first.bytes.len()];
    match Columns::of_header(first.bytes, dialect, names) {
        Ok(columns) => Ok((Split::Rows(dialect), Shape::Table { dialect, columns }, header.len())),
        // Nobody said that there is a text in it.
        Err(HeaderError::NoTextColumn { .. }) if matches!(names.text, Names::Guesses(_)) => {
            Ok((Split::Blocks, Shape::Other, 0))
        }
        Err(error) => Err(Unfit(FailReason::NotThisFormat, error.to_string())),
    }
}

#[cfg(feature = "parquet")]
fn of_columns<'r>(opened: Opened<'r>, framing: Framing<'_>, input: Option<&InputFile>) -> Result<Set<'r>, Unfit> {
    use crate::formats::parquet::{ParquetError, Reader as ColumnReader};
    use crate::pipeline::opened::reopened;
    use crate::pipeline::source::{Source, Window};

    let unfit = |error: String| Unfit(FailReason::NotThisFormat, error);
    let Some(input) = input.filter(|_| opened.codec.is_none()) else {
        let detail =
            "Parquet is read from both ends: name the file, not compressed as a whole, and a directory with --out";
        return Err(Unfit(FailReason::Unsupported, detail.into()));
    };
    let file = || reopened(&input.path, input.is_named).map_err(|error| unfit(error.to_string()));
    match ColumnReader::open(file()?, framing.fields) {
        Ok(reader) => {
            let (shape, field) = (Shape::Columns(reader.column().clone()), Some(reader.column().path()));
            let rows = super::table::Rows::new(reader, input.stamp.size);
            Ok(Set { parts: Parts::Columns(Box::new(rows)), shape, field })
        }
        Err(ParquetError::NoSuchColumn { .. }) if matches!(framing.fields.text, Names::Guesses(_)) => {
            let limit = super::reader::BATCH;
            let source = Source::Plain(Box::new(file()?));
            let reader = Reader::new(source, Window::default(), None, Split::Blocks, 0, limit, false);
            Ok(Set { parts: Parts::Stream(Box::new(reader)), shape: Shape::Other, field: None })
        }
        Err(error) => Err(unfit(error.to_string())),
    }
}

#[cfg(not(feature = "parquet"))]
fn of_columns<'r>(_: Opened<'r>, _: Framing<'_>, _: Option<&InputFile>) -> Result<Set<'r>, Unfit> {
    let detail = "Parquet, which this dechrome was built without (feature `parquet`)";
    Err(Unfit(FailReason::Unsupported, detail.into()))
}
