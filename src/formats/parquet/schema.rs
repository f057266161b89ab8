//! Which column is which.

use super::error::ParquetError;
use crate::formats::{FieldNames, Names};
use ::parquet::basic::{ConvertedType, LogicalType, Type};
use ::parquet::schema::types::{ColumnDescPtr, ColumnDescriptor, SchemaDescriptor};

/// A column of a file.
#[derive(Debug, Clone)]
pub struct Column {
    pub(crate) index: usize,
    pub(crate) descriptor: ColumnDescPtr,
}

impl Column {
    /// Returns the path of the column, its names joined by points.
    #[must_use]
    pub fn path(&self) -> String {
        self.descriptor.path().string()
    }

    /// Returns whether rows may have no value here.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.descriptor.max_def_level() > 0
    }

    pub(crate) fn holds(&self) -> Holds {
        holds(&self.descriptor)
    }
}

/// What a column holds, as far as we care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Strings, declared as such or not.
    Strings,
    /// Whole numbers of 32 or 64 bits.
    Int32 {
        signed: bool,
    },
    Int64 {
        signed: bool,
    },
    /// Anything else.
    Others,
}

/// The columns of a file that are read.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pub(crate) text: Column,
    pub(crate) url: Option<Column>,
    pub(crate) title: Option<Column>,
    pub(crate) id: Option<Column>,
}

impl Columns {
    /// Finds the columns in a schema.
    ///
    /// # Errors
    /// There is no column for the text, or none of a name that the user gave, or it will not do.
    pub(crate) fn find(schema: &SchemaDescriptor, wanted: &FieldNames) -> Result<Self, ParquetError> {
        let strings = |holds| matches!(holds, Holds::Strings);
        let text = find(schema, &wanted.text, strings)?.ok_or_else(|| ParquetError::NoSuchColumn {
            wanted: wanted.text.names().to_vec(),
            available: available(schema),
        })?;
        Ok(Self {
            text,
            url: find(schema, &wanted.url, strings)?,
            title: find(schema, &wanted.title, strings)?,
            id: find(schema, &wanted.id, |holds| !matches!(holds, Holds::Others))?,
        })
    }
}

fn find(
    schema: &SchemaDescriptor,
    wanted: &Names,
    will_do: impl Fn(Holds) -> bool,
) -> Result<Option<Column>, ParquetError> {
    let mut nearly = None;
    for name in wanted.names() {
        for (index, descriptor) in schema.columns().iter().enumerate() {
            match fits(name, wanted.is_given(), descriptor) {
                Fit::No => continue,
                Fit::Within => {}
                Fit::Yes if descriptor.max_rep_level() == 0 && will_do(holds(descriptor)) => {
                    return Ok(Some(Column { index, descriptor: descriptor.clone() }));
                }
                Fit::Yes => {}
            }
            nearly.get_or_insert((name, descriptor));
        }
    }
    match nearly {
        Some((name, descriptor)) if wanted.is_given() => Err(refusal(schema, name, descriptor)),
        None if wanted.is_given() && !wanted.names().is_empty() => {
            Err(ParquetError::NoSuchColumn { wanted: wanted.names().to_vec(), available: available(schema) })
        }
        _ => Ok(None),
    }
}

/// How a name fits a column.
enum Fit {
    No,
    /// The name is that of a group which the column is within.
    Within,
    Yes,
}

fn fits(name: &str, exact: bool, descriptor: &ColumnDescriptor) -> Fit {
    let path = descriptor.path().string();
    let same = |part: &str| if exact { part == name } else { part.eq_ignore_ascii_case(name) };
    if same(&path) {
        return Fit::Yes;
    }
    match path.split_at_checked(name.len()) {
        Some((group, rest)) if rest.starts_with('.') && same(group) => Fit::Within,
        _ => Fit::No,
    }
}

fn refusal(schema: &SchemaDescriptor, name: &str, descriptor: &ColumnDescriptor) -> ParquetError {
    if descriptor.max_rep_level() > 0 {
        return ParquetError::Repeated(name.to_owned());
    }
    let kind = if descriptor.path().string() == name {
        match descriptor.logical_type_ref() {
            Some(logical) => format!("{logical:?}"),
            None => descriptor.physical_type().to_string(),
        }
    } else {
        "fields".to_owned()
    };
    ParquetError::NotText { column: name.to_owned(), kind, available: available(schema) }
}

/// Columns of bytes that are declared to be something else than strings (JSON, decimals, shapes …) must stay whole.
fn holds(descriptor: &ColumnDescriptor) -> Holds {
    use ConvertedType::{INT_8, INT_16, INT_32, INT_64, NONE, UINT_8, UINT_16, UINT_32, UINT_64, UTF8};
    let (logical, converted) = (descriptor.logical_type_ref(), descriptor.converted_type());
    let signed = match (logical, converted) {
        (Some(LogicalType::Integer(integer)), _) => Some(integer.is_signed),
        (None, NONE | INT_8 | INT_16 | INT_32 | INT_64) => Some(true),
        (None, UINT_8 | UINT_16 | UINT_32 | UINT_64) => Some(false),
        _ => None,
    };
    match descriptor.physical_type() {
        Type::BYTE_ARRAY => match (logical, converted) {
            (Some(LogicalType::String), _) | (None, NONE | UTF8) => Holds::Strings,
            _ => Holds::Others,
        },
        Type::INT32 => signed.map_or(Holds::Others, |signed| Holds::Int32 { signed }),
        Type::INT64 => signed.map_or(Holds::Others, |signed| Holds::Int64 { signed }),
        _ => Holds::Others,
    }
}

fn available(schema: &SchemaDescriptor) -> Vec<String> {
    let strings = schema.columns().iter().filter(|column| column.max_rep_level() == 0);
    strings.filter(|column| holds(column) == Holds::Strings).map(|column| column.path().string()).collect()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use ::parquet::schema::parser::parse_message_type;
    use std::sync::Arc;

    fn schema() -> SchemaDescriptor {
        let message = "message schema {
            required int64 id (INTEGER(64,false));
            optional binary Text (STRING);
            optional group doc { optional binary text (STRING); optional binary raw (JSON); }
            optional group tags (LIST) { repeated group list { optional binary element (STRING); } }
            optional binary bytes;
        }";
        SchemaDescriptor::new(Arc::new(parse_message_type(message).expect("a schema")))
    }

    fn text(names: &[&str], exact: bool) -> Result<String, ParquetError> {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        let text = if exact { Names::Given(names) } else { Names::Guesses(names) };
        let wanted = FieldNames { text, ..FieldNames::default() };
        Columns::find(&schema(), &wanted).map(|columns| columns.text.path())
    }

    #[test]
    fn guessed_names_may_have_other_capitals_and_given_ones_may_not() {
        assert_eq!(text(&["content", "text"], false).expect("found"), "Text");
        assert_eq!(text(&["doc.text"], true).expect("found"), "doc.text");
        assert_eq!(text(&["bytes"], true).expect("found"), "bytes");
        let error = text(&["text"], true).expect_err("not found");
        assert_eq!(error.to_string(), "no column is named text; columns of strings are: Text, doc.text, bytes");
    }

    #[test]
    fn columns_that_will_not_do_are_refused_by_what_they_hold() {
        assert!(matches!(text(&["tags"], true), Err(ParquetError::Repeated(name)) if name == "tags"));
        assert!(matches!(text(&["doc.raw"], true), Err(ParquetError::NotText { kind, .. }) if kind == "Json"));
        assert!(matches!(text(&["doc"], true), Err(ParquetError::NotText { kind, .. }) if kind == "fields"));
        assert!(matches!(text(&["id"], true), Err(ParquetError::NotText { .. })));
        assert!(matches!(text(&["id"], false), Err(ParquetError::NoSuchColumn { .. })));
    }

    #[test]
    fn an_id_may_be_a_number_and_may_be_missing() {
        let names = |name: &str| Names::Guesses(vec![name.to_owned()]);
        let mut wanted = FieldNames { text: names("text"), id: names("ID"), ..FieldNames::default() };
        let found = Columns::find(&schema(), &wanted).expect("found").id.expect("an id");
        assert_eq!(found.holds(), Holds::Int64 { signed: false });
        wanted.id = names("key");
        assert!(Columns::find(&schema(), &wanted).expect("found").id.is_none());
    }
}
