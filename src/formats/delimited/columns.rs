//! Which columns of a table matter, and their fields in a row.

use super::dialect::{Dialect, without_mark};
use super::error::{HeaderError, RecordError};
use super::field::{Field, fields};
use super::records::is_blank;
use crate::formats::{FieldNames, Names};

/// How many columns a table may have; their names are held in memory.
const LIMIT: usize = 100_000;

/// How many columns a message names, and how long a name may be in it.
const SHOWN: (usize, usize) = (30, 60);

/// The columns that matter, by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    count: usize,
    text: usize,
    text_name: String,
    url: Option<usize>,
    title: Option<usize>,
    id: Option<usize>,
}

/// What a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Located<'b> {
    /// The fields that matter.
    Record(Record<'b>),
    /// Nothing but a terminator.
    Blank,
}

/// The fields of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'b> {
    /// The text to clean.
    pub text: Field<'b>,
    /// The address the text came from.
    pub url: Option<Field<'b>>,
    /// The title.
    pub title: Option<Field<'b>>,
    /// What the record is called.
    pub id: Option<Field<'b>>,
}

impl Columns {
    /// Finds the wanted columns in a table's first row, which may begin with a byte order mark.
    ///
    /// Of columns other than the text's that have one name the first is taken.
    ///
    /// # Errors
    /// When no column has a name for the text, several columns have it, there are more than 100,000 columns, or the row
    /// cannot be read.
    pub fn of_header(record: &[u8], dialect: Dialect, wanted: &FieldNames) -> Result<Columns, HeaderError> {
        let mut names = Vec::new();
        for field in fields(without_mark(record), dialect) {
            if names.len() == LIMIT {
                return Err(HeaderError::TooManyColumns { limit: LIMIT });
            }
            names.push(field?.decode().text.into_owned());
        }
        let first = |wanted: &Names| wanted.find(&names).and_then(|(_, columns)| columns.first().copied());
        let text = text_column(&names, &wanted.text)?;
        Ok(Columns {
            count: names.len(),
            text,
            text_name: names.get(text).cloned().unwrap_or_default(),
            url: first(&wanted.url),
            title: first(&wanted.title),
            id: first(&wanted.id),
        })
    }

    /// How many columns there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The name of the column with the text.
    pub fn text_name(&self) -> &str {
        &self.text_name
    }

    /// The fields of a row that matter.
    ///
    /// # Errors
    /// When the row has another number of fields than the header, or its quotes cannot be paired.
    pub fn locate<'b>(&self, record: &'b [u8], dialect: Dialect) -> Result<Located<'b>, RecordError> {
        if is_blank(record, dialect) {
            return Ok(Located::Blank);
        }
        let (mut text, mut url, mut title, mut id) = (None, None, None, None);
        let mut found = 0;
        for field in fields(record, dialect) {
            let field = field?;
            let number = Some(found);
            for (column, place) in
                [(Some(self.text), &mut text), (self.url, &mut url), (self.title, &mut title), (self.id, &mut id)]
            {
                if column == number {
                    *place = Some(field);
                }
            }
            found += 1;
        }
        match text {
            Some(text) if found == self.count => Ok(Located::Record(Record { text, url, title, id })),
            _ => Err(RecordError::FieldCount { expected: self.count, found }),
        }
    }
}

fn text_column(names: &[String], wanted: &Names) -> Result<usize, HeaderError> {
    match wanted.find(names) {
        None => Err(HeaderError::NoTextColumn { wanted: listed(wanted.names(), " or "), columns: listed(names, ", ") }),
        Some((name, columns)) => match columns.as_slice() {
            [column] => Ok(*column),
            several => Err(HeaderError::DuplicateTextColumn { name: quoted(name), count: several.len() }),
        },
    }
}

fn listed(names: &[String], between: &str) -> String {
    let shown: Vec<String> = names.iter().take(SHOWN.0).map(|name| quoted(name)).collect();
    let rest = if names.len() > SHOWN.0 { ", …" } else { "" };
    shown.join(between) + rest
}

/// A name as messages show it: short, and without anything that a terminal would obey.
fn quoted(name: &str) -> String {
    format!("`{}`", name.chars().take(SHOWN.1).flat_map(char::escape_debug).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str) -> Result<Columns, HeaderError> {
        Columns::of_header(header.as_bytes(), Dialect::CSV, &FieldNames::default())
    }

    fn given(header: &str, name: &str) -> Result<Columns, HeaderError> {
        let text = Names::Given(vec![name.to_owned()]);
        Columns::of_header(header.as_bytes(), Dialect::CSV, &FieldNames { text, ..FieldNames::default() })
    }

    #[test]
    fn columns_are_found_by_likely_names() {
        let found = columns("\u{feff}\"URL\",Id , Content,Title,body\r\n").expect("a header");
        let text_name = " Content".into();
        assert_eq!(found, Columns { count: 5, text: 2, text_name, url: Some(0), title: Some(3), id: Some(1) });
    }

    #[test]
    fn given_names_count_as_they_are_written() {
        assert_eq!(given("text,Text\n", "Text").expect("a header").text, 1);
        let error = given("id,Text\n", "text").expect_err("no column").to_string();
        assert_eq!(error, "no column is named `text`; the columns are `id`, `Text`: name the one that holds the text");
    }

    #[test]
    fn two_columns_for_the_text_are_refused() {
        let error = columns("text,id,TEXT\n").expect_err("two columns").to_string();
        assert!(error.starts_with("2 columns are named `text`"), "{error}");
        assert!(columns("text,content,content\n").is_ok());
    }

    #[test]
    fn fields_of_a_row_are_found() {
        let columns = columns("id,text,url\n").expect("a header");
        let row = b"7,\"a,b\",http://a.example\r\n";
        let Ok(Located::Record(record)) = columns.locate(row, Dialect::CSV) else { panic!("a record") };
        assert_eq!((record.text.raw(), record.text.range()), (b"a,b".as_slice(), 3..6));
        assert_eq!(record.url.map(|url| url.raw()), Some(b"http://a.example".as_slice()));
        assert_eq!(columns.locate(b"\r\n", Dialect::CSV), Ok(Located::Blank));
    }

    #[test]
    fn a_row_with_another_number_of_fields_is_an_error() {
        let columns = columns("id,text,url\n").expect("a header");
        for (row, found) in [("1,a\n", 2), ("1,a,b,c\n", 4), ("1\n", 1)] {
            assert_eq!(
                columns.locate(row.as_bytes(), Dialect::CSV),
                Err(RecordError::FieldCount { expected: 3, found })
            );
        }
    }

    #[test]
    fn a_first_row_of_countless_fields_is_no_header() {
        assert_eq!(columns(&",".repeat(LIMIT)), Err(HeaderError::TooManyColumns { limit: LIMIT }));
    }

    #[test]
    fn messages_name_columns_safely() {
        let header = format!("\"\u{1b}[2J\",{}\n", ["x"; 50].join(","));
        let error = columns(&header).expect_err("no column").to_string();
        assert!(
            error.contains(r"`\u{1b}[2J`, `x`") && error.ends_with("`x`, …: name the one that holds the text"),
            "{error}"
        );
    }
}
