//! The texts of an input, for those who only want to look at them.

use std::path::Path;

use super::container::{Container, Opening, Part, PartKind, Shape};
use super::document::{not_text_reason, of_fault};
use super::input::{Input, look_at, unnamed};
use super::opened::{Looking, Opened};
use super::page::page_text;
use super::source::Window;
use super::{ReadError, Settings, Single};
use crate::formats::delimited;
use crate::formats::json::{Located, Scratch, TextField};
use crate::formats::warc::{self, HttpLimits, Payload};
use crate::formats::{Format, text};
use crate::report::FailReason;
use crate::text::decode::{Charset, EncodingInfo, EncodingSource, decode};

/// Why an input has no texts.
#[derive(Debug)]
pub(crate) enum Unread {
    /// Nothing says that it can be cleaned.
    Skipped,
    /// It cannot be read.
    Failed(FailReason, String),
}

/// Takes the texts one by one, with the numbers of the records they are of; nothing for one that is too large.
pub(crate) type Take<'t> = dyn FnMut(Option<u64>, Option<&str>, EncodingInfo) + 't;

/// Hands every text of an input to `take`. Records that have none, or are none, are passed over.
///
/// # Errors
/// When the input cannot be read, or not to its end.
pub(crate) fn each_text(settings: Settings<'_>, path: &Path, named: bool, take: &mut Take<'_>) -> Result<(), Unread> {
    let looking = Looking::with(settings);
    let opened = looking.at_file(path, named, Window::default());
    let mut opened = opened.map_err(|error| Unread::Failed(FailReason::Unreadable, error.to_string()))?;
    match look_at(&mut opened, path, named) {
        Input::Skipped => Err(Unread::Skipped),
        Input::Document => document(settings, opened, take),
        Input::Container => container(settings, path, named, opened, take),
    }
}

/// The text of one document, to explain it, and how it was decoded; of a container, that of the record with this number.
///
/// # Errors
/// When it cannot be read, has no text, or is larger than what is cleaned in one piece.
pub fn text_of(
    single: Single<'_>,
    record: Option<u64>,
    settings: Settings<'_>,
) -> Result<(String, EncodingInfo), ReadError> {
    let looking = Looking::with(settings);
    let (opened, path) = match single {
        Single::Stream(reader) => (looking.at_stream(reader)?, Path::new("")),
        Single::File(path) => (looking.at_file(path, true, Window::default())?, path),
    };
    let opened = Opened { format: opened.format.or_else(|| Some(unnamed(path, opened.window.bytes()))), ..opened };
    let mut found = None;
    let mut take = |number, text: Option<&str>, encoding| {
        if number == record {
            found = Some(text.map(|text| (text.to_owned(), encoding)));
        }
    };
    let is_container = opened.format.is_some_and(Format::is_container);
    let read = match (is_container, record) {
        (true, None) => return Err(ReadError::Records),
        (false, _) => document(settings, opened, &mut take),
        (true, Some(_)) => match Container::of_file_or_stream(path, opened, settings) {
            Ok(container) => each_record(settings, &container, &mut take),
            Err((reason, detail)) => Err(Unread::Failed(reason, detail)),
        },
    };
    match (found, read) {
        (Some(Some(text)), _) => Ok(text),
        (Some(None), _) => Err(ReadError::TooLarge(settings.max_record)),
        (None, Err(Unread::Failed(_, detail))) => Err(ReadError::Damaged(detail)),
        (None, _) => Err(ReadError::NoRecord(record.unwrap_or(0))),
    }
}

fn document(settings: Settings<'_>, mut opened: Opened<'_>, take: &mut Take<'_>) -> Result<(), Unread> {
    let filled = match opened.fault.take() {
        Some(fault) => Err(fault),
        None => opened.window.fill(&mut opened.source, settings.max_record.saturating_add(1)),
    };
    filled.map_err(|fault| {
        let (reason, detail) = of_fault(&fault);
        Unread::Failed(reason, detail)
    })?;
    let bytes = opened.window.bytes();
    if bytes.len() > settings.max_record {
        take(None, None, utf8(0));
        return Ok(());
    }
    let unread = |error: crate::text::decode::NotText| Unread::Failed(not_text_reason(&error), error.to_string());
    if opened.format == Some(Format::Html) {
        let declared = settings.encoding.map(Charset::name);
        let page = page_text(bytes, declared, None, settings.html).map_err(unread)?;
        give(settings, None, &page.text, page.encoding, take);
    } else {
        let decoded = text::read(bytes, settings.encoding).map_err(unread)?;
        give(settings, None, &decoded.text, decoded.encoding, take);
    }
    Ok(())
}

fn give(settings: Settings<'_>, record: Option<u64>, text: &str, encoding: EncodingInfo, take: &mut Take<'_>) {
    take(record, Some(text).filter(|text| text.len() <= settings.max_record), encoding);
}

/// How the text of a record stands in its container.
fn utf8(replacements: usize) -> EncodingInfo {
    let source = if replacements == 0 { EncodingSource::Utf8 } else { EncodingSource::NearlyUtf8 };
    EncodingInfo { label: "UTF-8", source, replacements }
}

fn container(
    settings: Settings<'_>,
    path: &Path,
    named: bool,
    opened: Opened<'static>,
    take: &mut Take<'_>,
) -> Result<(), Unread> {
    let which = Opening { number: 0, path, target: path.into(), named, codec: None, place: None };
    let container = Container::open(which, opened, settings);
    each_record(settings, &container, take)
}

fn each_record(settings: Settings<'_>, container: &Container<'_>, take: &mut Take<'_>) -> Result<(), Unread> {
    while let Some(part) = container.next(true) {
        match part {
            Part { kind: PartKind::Failed { reason, detail }, .. } => return Err(Unread::Failed(reason, detail)),
            Part { kind: PartKind::Undecodable(damage), .. } => {
                return Err(Unread::Failed(super::container::reason_of(&damage), damage.to_string()));
            }
            Part { kind: PartKind::Records { bytes, first, .. }, .. } => {
                records(settings, &container.shape, &bytes, first, take);
            }
            Part { kind: PartKind::Piece { record, whole: Some(_), .. }, .. } => take(Some(record), None, utf8(0)),
            #[cfg(feature = "parquet")]
            Part { kind: PartKind::Rows(batch), .. } => {
                for (number, value) in (batch.first_row + 1..).zip(&batch.texts) {
                    if let Some(value) = value {
                        give(settings, Some(number), &String::from_utf8_lossy(value), utf8(0), take);
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn records(settings: Settings<'_>, shape: &Shape, bytes: &[u8], first: u64, take: &mut Take<'_>) {
    match shape {
        Shape::Json(locator) => {
            let mut scratch = Scratch::default();
            for (number, line) in (first..).zip(bytes.split_inclusive(|&byte| byte == b'\n')) {
                if let Ok(Located::Object(object)) = locator.locate(line, &mut scratch)
                    && let TextField::Found(literal) = object.text
                {
                    let decoded = literal.decode();
                    give(settings, Some(number), &decoded.text, utf8(decoded.malformed), take);
                }
            }
        }
        Shape::Table { dialect, columns } => {
            for (number, row) in (first..).zip(delimited::records(bytes, *dialect)) {
                if let Ok(delimited::Located::Record(fields)) = columns.locate(row.bytes, *dialect) {
                    let decoded = fields.text.decode();
                    give(settings, Some(number), &decoded.text, utf8(decoded.malformed), take);
                }
            }
        }
        Shape::Archive => {
            for (number, record) in (first..).zip(warc::records(bytes)) {
                archived(settings, &record, number, take);
            }
        }
        #[cfg(feature = "parquet")]
        Shape::Columns(_) => {}
        Shape::Other => {}
    }
}

fn archived(settings: Settings<'_>, record: &warc::Record<'_>, number: u64, take: &mut Take<'_>) {
    let given = settings.encoding;
    match record.payload(&HttpLimits::default()) {
        Payload::Text(body) => {
            let declared = given.or_else(|| body.charset.as_deref().and_then(Charset::for_label));
            if let Ok(decoded) = decode(&body.bytes, declared) {
                give(settings, Some(number), &decoded.text, decoded.encoding, take);
            }
        }
        Payload::Html(body) => {
            let label = given.map(Charset::name).or(body.charset.as_deref());
            if let Ok(page) = page_text(&body.bytes, label, record.url().as_deref(), settings.html) {
                give(settings, Some(number), &page.text, page.encoding, take);
            }
        }
        Payload::None(_) | Payload::Broken(_) => {}
    }
}
