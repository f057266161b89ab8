//! How the fields or columns are called that hold what is looked for.

/// The names under which something may stand, the one that goes first, first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Names {
    /// What the caller said: nothing else will do.
    Given(Vec<String>),
    /// Sensible guesses: the first that is there is taken, and none need be there.
    Guesses(Vec<String>),
}

impl Names {
    /// One name that the caller said.
    pub fn given(name: impl Into<String>) -> Names {
        Names::Given(vec![name.into()])
    }

    fn guesses(names: &[&str]) -> Names {
        Names::Guesses(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// The names.
    pub fn names(&self) -> &[String] {
        match self {
            Names::Given(names) | Names::Guesses(names) => names,
        }
    }

    /// Whether the caller said them.
    pub fn is_given(&self) -> bool {
        matches!(self, Names::Given(_))
    }

    /// The first name that is there, and the numbers of the columns that have it.
    pub(crate) fn find(&self, columns: &[String]) -> Option<(&str, Vec<usize>)> {
        self.names().iter().find_map(|name| {
            let having = columns.iter().enumerate().filter(|(_, column)| self.is_same(name, column));
            let numbers: Vec<usize> = having.map(|(number, _)| number).collect();
            (!numbers.is_empty()).then_some((name.as_str(), numbers))
        })
    }

    fn is_same(&self, name: &str, column: &str) -> bool {
        match self {
            Names::Given(_) => name == column,
            Names::Guesses(_) => name.eq_ignore_ascii_case(column.trim()),
        }
    }
}

/// The names of all that is looked for in a record: of fields of JSON, where `meta.url` is the field `url` in the object
/// `meta`, and of columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldNames {
    /// The text to clean.
    pub text: Names,
    /// The address of the page.
    pub url: Names,
    /// The title.
    pub title: Names,
    /// The name of the record.
    pub id: Names,
}

impl FieldNames {
    /// The names that the documents of dolma have: a text and an id that stand elsewhere are none.
    pub fn dolma() -> FieldNames {
        FieldNames { text: Names::given("text"), id: Names::given("id"), ..FieldNames::default() }
    }
}

impl Default for FieldNames {
    /// The names that dumps use most for their columns; for fields of JSON, [`json::Fields::guesses`](super::json::Fields::guesses)
    /// knows some more.
    fn default() -> FieldNames {
        FieldNames {
            text: Names::guesses(&["text", "content", "body", "raw_content", "maintext", "article"]),
            url: Names::guesses(&["url", "source_url", "link", "uri", "warc-target-uri"]),
            title: Names::guesses(&["title", "headline"]),
            id: Names::guesses(&["id", "uuid", "doc_id", "docid", "_id"]),
        }
    }
}
