//! Which fields of an object are looked for.

use super::path::FieldPath;

/// The fields of a record that matter, each with the paths it may stand at, the preferred one first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// The text to clean.
    pub text: Vec<FieldPath>,
    /// The address the text came from.
    pub url: Vec<FieldPath>,
    /// The title of the text.
    pub title: Vec<FieldPath>,
    /// What the record is called.
    pub id: Vec<FieldPath>,
}

impl Fields {
    /// The names that common dumps use.
    ///
    /// They were taken from the documentation of C4, mC4, OSCAR, RedPajama, Dolma, news-please and MongoDB's exports.
    pub fn guesses() -> Fields {
        Fields {
            text: paths(&[&["text"], &["content"], &["body"], &["raw_content"], &["maintext"], &["article"]]),
            url: paths(&[
                &["url"],
                &["source_url"],
                &["link"],
                &["uri"],
                &["warc-target-uri"],
                &["WARC-Target-URI"],
                &["meta", "url"],
                &["metadata", "url"],
                &["warc_headers", "warc-target-uri"],
                &["metadata", "warc_headers", "warc-target-uri"],
            ]),
            title: paths(&[&["title"], &["headline"], &["meta", "title"], &["metadata", "title"]]),
            id: paths(&[
                &["id"],
                &["uuid"],
                &["doc_id"],
                &["docid"],
                &["_id"],
                &["_id", "$oid"],
                &["warc_record_id"],
                &["meta", "id"],
                &["metadata", "id"],
            ]),
        }
    }
}

fn paths(paths: &[&[&str]]) -> Vec<FieldPath> {
    paths.iter().map(|keys| FieldPath::of_keys(keys)).collect()
}
