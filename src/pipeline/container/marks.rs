//! Lines of attributes in the place of records: where texts are marked, a record becomes a line that says what would go.

use super::records::Work;
use crate::clean::Cleaned;
use crate::formats::dolma;
use crate::formats::json::{Object, Value};
use crate::pipeline::Tags;

impl Work<'_, '_> {
    /// Remembers the id of the record that is worked on, as it stands there; nothing where it has none.
    pub(super) fn remember_id(&mut self, object: Option<&Object<'_>>) {
        if self.settings().tags.is_none() {
            return;
        }
        self.id.clear();
        match object.and_then(|object| object.id.as_ref()) {
            Some(Value::Bare(raw)) => self.id.extend_from_slice(raw),
            Some(Value::String(literal)) => {
                self.id.push(b'"');
                self.id.extend_from_slice(literal.raw());
                self.id.push(b'"');
            }
            None => {}
        }
    }

    /// Puts what belongs in the place of a record that is left as it is: the record, or a line that marks nothing.
    pub(super) fn copy(&mut self, bytes: &[u8]) {
        match self.settings().tags {
            None => self.plain.extend_from_slice(bytes),
            Some(Tags::Dolma) => dolma::write_unmarked(&self.id, &mut self.plain),
        }
    }

    /// Puts the same in the place of a record that went to quarantine: nothing, or a line that marks nothing.
    pub(super) fn stand_in(&mut self) {
        if self.settings().tags.is_some() {
            self.copy(b"");
        }
    }
}

/// Appends the line that marks what cleaning would take away.
pub(super) fn mark(tags: Tags, id: &[u8], text: &str, cleaned: &Cleaned<'_>, out: &mut Vec<u8>) {
    match tags {
        Tags::Dolma => dolma::write_attributes(id, text, cleaned.removals(), out),
    }
}
