//! A row as a line of the report.
//!
//! It is what the derived serialiser makes of the row, byte for byte, at a quarter of its price: rows are written for each
//! document, and may be longer than that is.

use super::json::{Json, Object, list};
use super::row::summed;
use super::{RemovedRow, Row};

/// How long a row is, but for what was removed.
const USUAL: usize = 1024;

impl Row<'_> {
    /// Appends the row as JSON, and a line feed.
    ///
    /// # Errors
    /// When it cannot be written as JSON. Then a part of it may have been.
    pub fn write_line(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        let texts: usize = self.removed.iter().map(|removed| USUAL / 4 + removed.text.map_or(0, str::len)).sum();
        out.reserve(USUAL + texts);
        let mut row = Object::begin(out);
        self.write_name(&mut row);
        self.write_outcome(&mut row)?;
        self.write_sizes(&mut row);
        if let Some(quarantined) = self.quarantine {
            serde_json::to_writer(row.key("quarantine"), quarantined)?;
        }
        list(&self.removed, row.key("removed"), RemovedRow::write);
        if !self.tally.is_empty() {
            serde_json::to_writer(row.key("tally"), &self.tally)?;
        }
        list(&self.warnings, row.key("warnings"), |warning, out| warning.write(out));
        row.end();
        out.push(b'\n');
        Ok(())
    }

    fn write_name(&self, row: &mut Object<'_>) {
        row.field("schema", self.schema);
        row.field("path", self.path);
        row.field_if("path_raw", self.path_raw);
        row.field("record", self.record);
        row.field("url", self.url);
        row.field("site", self.site);
        row.field_if("id", self.id);
    }

    fn write_outcome(&self, row: &mut Object<'_>) -> serde_json::Result<()> {
        row.field("status", self.status.as_str());
        row.field("reason", self.reason);
        row.field_if("extractor", self.extractor);
        serde_json::to_writer(row.key("encoding"), &self.encoding)?;
        row.field("lang", self.lang);
        Ok(())
    }

    fn write_sizes(&self, row: &mut Object<'_>) {
        row.field("bytes_in", self.bytes_in);
        row.field("bytes_text", self.bytes_text);
        row.field("bytes_kept", self.bytes_kept);
        row.field("hash_in", self.hash_in);
        row.field("hash_text", self.hash_text);
        row.field("hash_kept", self.hash_kept);
        row.field("lines", self.lines);
        row.field("lines_removed", self.lines_removed);
        row.field("words", self.words);
        row.field("words_removed", self.words_removed);
    }
}

impl RemovedRow<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        let mut removed = Object::begin(out);
        removed.field("start", self.start);
        removed.field("end", self.end);
        removed.field("line", self.line);
        removed.field("rule", self.rule);
        removed.field("category", self.category);
        let mut evidence = Object::begin(removed.key("evidence"));
        for (name, weight) in summed(self.evidence) {
            evidence.named(name, weight);
        }
        evidence.end();
        removed.field_if("text", self.text);
        removed.field_if("words", self.words);
        removed.field_if("raw", self.raw);
        removed.end();
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use crate::Cleaner;
    use crate::report::row::OffsetIn;
    use crate::report::{DocumentName, FailReason, Hash, Quarantined, RecordInfo, RemovedDetail, Row};
    use crate::text::decode::{EncodingInfo, EncodingSource};

    const TEXT: &str = "The bridge is \"open\" again, after two years of work that cost the town three million.\r\n\r\n\
                        ALSO READ: Storm\tCloses \\ Harbour For Third Day\r\n\r\nALSO READ: Ferry Late Again\r\n\r\n\
                        The mayor thanked all who had waited so long for this day.\r\n\r\nLeave a Reply\r\n";

    fn same(row: &Row<'_>) {
        let mut line = Vec::new();
        row.write_line(&mut line).expect("a row is JSON");
        let serialised = serde_json::to_string(row).expect("a row is JSON") + "\n";
        assert_eq!(String::from_utf8_lossy(&line), serialised);
    }

    #[test]
    fn rows_are_written_as_they_are_serialised() {
        let cleaner = Cleaner::new();
        let cleaned = cleaner.clean(TEXT);
        assert!(cleaned.removals().len() > 3, "{cleaned:?}");
        let odd = || Some("a\"b\u{1}".to_owned());
        let name = DocumentName { path: "ä/\"b\".txt".into(), raw: Some("c3".into()) };
        let info = RecordInfo { number: 7, url: odd(), site: odd(), id: odd() };
        let encoding = EncodingInfo { label: "UTF-8", source: EncodingSource::NearlyUtf8, replacements: 2 };
        for detail in [RemovedDetail::Text, RemovedDetail::Spans, RemovedDetail::None] {
            let row = Row::cleaned(Some(&name), TEXT.as_bytes(), encoding, TEXT, &cleaned);
            let row = row.with_raw([Some("\\u0041"), None]).of_record(&info).telling(detail);
            same(&Row { extractor: Some("readability"), ..row });
        }
    }

    #[test]
    fn rows_of_what_failed_are_written_as_they_are_serialised() {
        let aside = Quarantined {
            path: "quarantine/a".into(),
            offset: 3,
            bytes: 4,
            of: OffsetIn::Decompressed,
            hash: Some(Hash::of(b"x")),
        };
        let row = Row::failed(None, FailReason::Corrupt, "it ends\nin its middle");
        same(&row.clone().with_quarantine(&aside).warned(["and more".into()]));
        same(&row);
        same(&Row::passed(None, u64::MAX, Hash::of(b"")));
    }
}
