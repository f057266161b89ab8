//! Records of JSON Lines and of tables with separators: one value of each is spliced, the rest stays as it is.

use std::borrow::Cow;
use std::ops::Range;

use crate::clean::Cleaned;
use crate::formats::compression::Damage;
use crate::formats::delimited::{self, Columns, Dialect};
use crate::formats::json::{self, Located, Locator, Object, TextField, Value};
use crate::formats::{FieldNames, Names, ranges};
use crate::pipeline::accounting::Spliced;
use crate::pipeline::panics::guarded;
use crate::report::FailReason;
use crate::report::row::{DUPLICATE_FIELD, NO_TEXT, RecordInfo};

use super::marks::mark;
use super::records::{Fate, Text, Work, info};

impl Work<'_, '_> {
    /// Works on lines of JSON.
    pub(super) fn lines(&mut self, locator: &Locator, bytes: &[u8], offset: u64, first: u64, torn: Option<&Damage>) {
        let (mut at, mut number) = (0, first);
        while at < bytes.len() {
            let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |end| at + end + 1);
            let line = &bytes[at..end];
            let mut scratch = std::mem::take(&mut self.scratch);
            self.remember_id(None);
            // The end of the line is no part of what is checked, lest it be blamed for standing in a string that is not closed.
            let whole = line.strip_suffix(b"\n").unwrap_or(line);
            match guarded(|| locator.locate(whole, &mut scratch)) {
                Ok(Ok(Located::Blank)) => self.pass(line, None),
                Ok(Ok(Located::OtherValue)) => {
                    let info = info(number, None, None);
                    self.record(line, offset + at as u64, &info, |work| work.unchanged(line, &info, NO_TEXT, None));
                }
                Ok(Ok(Located::Object(object))) => {
                    let info = of_object(number, &object);
                    self.remember_id(Some(&object));
                    self.record(line, offset + at as u64, &info, |work| work.object(locator, line, &info, &object));
                }
                Err(panicked) => {
                    scratch = json::Scratch::default();
                    self.record(line, offset + at as u64, &info(number, None, None), |_| panicked.into());
                }
                Ok(Err(error)) => {
                    let (reason, detail) = match torn.filter(|_| end == bytes.len()) {
                        Some(damage) => (FailReason::Truncated, format!("the record is cut off: {damage}")),
                        None => (FailReason::NotJson, error.to_string()),
                    };
                    let info = info(number, None, None);
                    self.record(line, offset + at as u64, &info, |_| Fate::Failed(reason, detail));
                }
            }
            self.scratch = scratch;
            (at, number) = (end, number + 1);
            self.at = at;
        }
    }

    fn object(&mut self, locator: &Locator, line: &[u8], info: &RecordInfo, object: &Object<'_>) -> Fate {
        let literal = match &object.text {
            TextField::Found(literal) => literal,
            TextField::Missing | TextField::NotAString => return self.unchanged(line, info, NO_TEXT, None),
            TextField::Duplicate => {
                let warning = "its text field is there twice, so neither was touched";
                return self.unchanged(line, info, DUPLICATE_FIELD, Some(warning));
            }
        };
        let decoded = literal.decode();
        let title = object.title.as_ref().map(|title| title.decode().text);
        let mut text = Text::utf8(&decoded.text, decoded.malformed);
        text.title = title.as_deref();
        text.literal = Some(*literal);
        text.warnings.extend(surrogates(decoded.lone_surrogates).map(Into::into));
        if let Some(tags) = self.settings().tags {
            let id = self.id.clone();
            return self.clean(line, info, &text, |out, cleaned| {
                mark(tags, &id, &decoded.text, cleaned, out);
                Ok(())
            });
        }
        // Of two flaws that a removal makes neighbours, the second is written in another way.
        let is_sound = decoded.malformed == 0 && decoded.lone_surrogates == 0;
        self.clean(line, info, &text, |out, cleaned| {
            let gone = ranges(cleaned.removals());
            match splice(line, literal.range(), cleaned, out, |out| literal.cut(gone.clone(), out)) {
                None => Ok(()),
                Some(spliced) => {
                    let gone = is_sound.then(|| literal.raw_ranges(gone));
                    spliced.check(gone, cleaned.text(), |line| text_in(locator, line))
                }
            }
        })
    }

    /// Works on rows of a table.
    pub(super) fn table(&mut self, dialect: Dialect, columns: &Columns, bytes: &[u8], offset: u64, first: u64) {
        for (number, row) in (first..).zip(delimited::records(bytes, dialect)) {
            let at = offset + row.start as u64;
            match guarded(|| columns.locate(row.bytes, dialect)) {
                Ok(Ok(delimited::Located::Blank)) => self.pass(row.bytes, None),
                Ok(Ok(delimited::Located::Record(fields))) => {
                    let info = info(number, decoded(fields.url), decoded(fields.id));
                    self.record(row.bytes, at, &info, |work| work.row((columns, dialect), row.bytes, &info, &fields));
                }
                Err(panicked) => self.record(row.bytes, at, &info(number, None, None), |_| panicked.into()),
                Ok(Err(error)) => {
                    let info = info(number, None, None);
                    let failed = |_: &mut Self| Fate::Failed(FailReason::NotARow, error.to_string());
                    self.record(row.bytes, at, &info, failed);
                }
            }
            self.at = row.start + row.bytes.len();
        }
    }

    fn row(
        &mut self,
        (columns, dialect): (&Columns, Dialect),
        row: &[u8],
        info: &RecordInfo,
        fields: &delimited::Record<'_>,
    ) -> Fate {
        let field = &fields.text;
        let decoded = field.decode();
        let title = fields.title.as_ref().map(|title| title.decode().text);
        let mut text = Text::utf8(&decoded.text, decoded.malformed);
        text.title = title.as_deref();
        self.clean(row, info, &text, |out, cleaned| {
            let gone = ranges(cleaned.removals());
            let Some(spliced) = splice(row, field.range(), cleaned, out, |out| field.cut(gone.clone(), out)) else {
                return Ok(());
            };
            let found = field_in(columns, dialect, spliced.written);
            // What is left may need quotes that the whole did not.
            let is_alike = found.is_some_and(|found| found.is_quoted() == field.is_quoted());
            let gone = (is_alike && decoded.malformed == 0).then(|| field.raw_ranges(gone));
            spliced.check(gone, cleaned.text(), |_| found.map(|found| found.decode().text))
        })
    }
}

/// Writes a record of which only the value in this range changes. Where something did, it must be looked at.
fn splice<'s>(
    record: &'s [u8],
    value: Range<usize>,
    cleaned: &Cleaned<'_>,
    out: &'s mut Vec<u8>,
    cut: impl FnOnce(&mut Vec<u8>),
) -> Option<Spliced<'s>> {
    if cleaned.removals().is_empty() {
        out.extend_from_slice(record);
        return None;
    }
    let before = out.len();
    out.extend_from_slice(&record[..value.start]);
    cut(out);
    out.extend_from_slice(&record[value.end..]);
    Some(Spliced { record, value, written: &out[before..] })
}

/// The text that a reader finds in a line.
pub(super) fn text_in<'b>(locator: &Locator, line: &'b [u8]) -> Option<Cow<'b, str>> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    match locator.locate(line, &mut json::Scratch::default()) {
        Ok(Located::Object(Object { text: TextField::Found(literal), .. })) => Some(literal.decode().text),
        _ => None,
    }
}

/// The field with the text that a reader finds in a row.
pub(super) fn field_in<'b>(columns: &Columns, dialect: Dialect, row: &'b [u8]) -> Option<delimited::Field<'b>> {
    match columns.locate(row, dialect) {
        Ok(delimited::Located::Record(fields)) => Some(fields.text),
        _ => None,
    }
}

/// What a field says, unless that is nothing.
fn decoded(field: Option<delimited::Field<'_>>) -> Option<String> {
    field.map(|field| field.decode().text.into_owned()).filter(|text| !text.is_empty())
}

fn of_object(number: u64, object: &Object<'_>) -> RecordInfo {
    let url = object.url.as_ref().map(|url| url.decode().text.into_owned());
    let id = object.id.as_ref().map(|id| match id {
        Value::String(literal) => literal.decode().text.into_owned(),
        Value::Bare(raw) => String::from_utf8_lossy(raw).into_owned(),
    });
    info(number, url.filter(|url| !url.is_empty()), id)
}

fn surrogates(count: usize) -> Option<String> {
    (count > 0)
        .then(|| format!("{count} lone surrogates are read as U+FFFD; in the output their escapes stand as they were"))
}

/// The field with the text in the first of some lines, as far as these begin with a whole one.
pub(super) fn field_of_lines(names: &FieldNames, start: &[u8]) -> Option<String> {
    if let Names::Given(names) = &names.text {
        return names.first().cloned();
    }
    let line = start.split_inclusive(|&byte| byte == b'\n').next().filter(|line| line.ends_with(b"\n"))?;
    let mut scratch = json::Scratch::default();
    json::Fields::guesses().text.into_iter().find_map(|path| {
        let locator = Locator::new(&json::Fields { text: vec![path.clone()], ..json::Fields::default() });
        match locator.locate(line.strip_suffix(b"\n").unwrap_or(line), &mut scratch) {
            Ok(Located::Object(Object { text: TextField::Found(_), .. })) => Some(path.to_string()),
            _ => None,
        }
    })
}

/// What finds the fields of a JSON record, by their names.
///
/// # Errors
/// When a name is no path.
pub(crate) fn locator(names: &FieldNames) -> Result<Locator, json::PathError> {
    let guesses = json::Fields::guesses();
    let paths = |names: &Names, guesses| match names {
        Names::Given(names) => names.iter().map(|name| json::FieldPath::parse(name)).collect(),
        Names::Guesses(_) => Ok(guesses),
    };
    let fields = json::Fields {
        text: paths(&names.text, guesses.text)?,
        url: paths(&names.url, guesses.url)?,
        title: paths(&names.title, guesses.title)?,
        id: paths(&names.id, guesses.id)?,
    };
    Ok(Locator::new(&fields))
}
