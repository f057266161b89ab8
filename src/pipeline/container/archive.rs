//! Records of web archives: texts are cleaned, pages become texts as a WET file has them, all else passes.

use crate::formats::warc::{self, Body, BrokenBody, HttpLimits, HttpWarning, Payload, Record};
use crate::pipeline::accounting::Unaccounted;
use crate::pipeline::page::page_text;
use crate::pipeline::panics::guarded;
use crate::report::FailReason;
use crate::report::row::RecordInfo;
use crate::text::decode::{Charset, decode};

use crate::pipeline::document::not_text_reason;

use super::records::{Fate, Text, Work, info};

impl Work<'_, '_> {
    /// Works on records of a web archive.
    pub(super) fn archive(&mut self, bytes: &[u8], offset: u64, first: u64) {
        let mut at = offset;
        for (number, record) in (first..).zip(warc::records(bytes)) {
            match &guarded(|| record.payload(&HttpLimits::default())) {
                Err(panicked) => {
                    let info = info(number, None, None);
                    self.record(record.bytes, at, &info, |_| panicked.clone().into());
                }
                Ok(Payload::None(skip)) => self.pass(record.bytes, Some(skip.as_str())),
                Ok(payload) => {
                    let url = record.url().map(|url| url.into_owned());
                    let id = record.id().map(|id| id.into_owned());
                    let info = info(number, url, id);
                    self.record(record.bytes, at, &info, |work| work.archived(&record, &info, payload));
                }
            }
            self.end_member();
            at += record.bytes.len() as u64;
            self.at += record.bytes.len();
        }
    }

    fn archived(&mut self, record: &Record<'_>, info: &RecordInfo, payload: &Payload<'_>) -> Fate {
        match payload {
            Payload::Text(body) => self.archived_text(record, info, body),
            Payload::Html(body) => self.archived_page(record, info, body),
            Payload::Broken(broken) => Fate::Failed(reason_of(broken), broken.to_string()),
            Payload::None(_) => Fate::Done,
        }
    }

    fn archived_text(&mut self, record: &Record<'_>, info: &RecordInfo, body: &Body<'_>) -> Fate {
        let declared = self.settings().encoding.or_else(|| body.charset.as_deref().and_then(Charset::for_label));
        let decoded = match decode(&body.bytes, declared) {
            Ok(decoded) => decoded,
            Err(error) => return Fate::Failed(not_text_reason(&error), error.to_string()),
        };
        let mut text = Text::utf8(&decoded.text, 0);
        text.encoding = decoded.encoding;
        text.warnings.extend(body.warning.map(|warning| described(warning).into()));
        let is_own = record.kind() == warc::Kind::Conversion;
        self.clean(record.bytes, info, &text, |out, cleaned| {
            let kept = cleaned.text().as_bytes();
            if !is_own {
                return written(kept, out, |out| warc::conversion(record, kept, out));
            }
            if !cleaned.removals().is_empty() {
                return written(kept, out, |out| warc::rewrite(record, kept, out));
            }
            out.extend_from_slice(record.bytes);
            Ok(())
        })
    }

    fn archived_page(&mut self, record: &Record<'_>, info: &RecordInfo, body: &Body<'_>) -> Fate {
        let given = self.settings().encoding.map(Charset::name);
        let page = match page_text(
            &body.bytes,
            given.or(body.charset.as_deref()),
            info.url.as_deref(),
            self.settings().html,
        ) {
            Ok(page) => page,
            Err(error) => return Fate::Failed(not_text_reason(&error), error.to_string()),
        };
        let mut text = Text::utf8(&page.text, 0);
        text.encoding = page.encoding;
        text.extractor = Some(page.extractor);
        text.warnings.extend(body.warning.map(|warning| described(warning).into()));
        text.warnings.extend(page.warnings.iter().map(|it| it.as_str().into()));
        self.clean(record.bytes, info, &text, |out, cleaned| {
            let kept = cleaned.text().as_bytes();
            written(kept, out, |out| warc::conversion(record, kept, out))
        })
    }
}

/// Writes a record with this block, and reads it again: it must be one record that holds nothing else.
fn written(block: &[u8], out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Unaccounted> {
    let before = out.len();
    write(out);
    let bytes = out.get(before..).unwrap_or_default();
    let is_whole = |record: &Record<'_>| record.bytes.len() == bytes.len() && record.block == block;
    match warc::records(bytes).next().filter(is_whole) {
        Some(_) => Ok(()),
        None => Err(Unaccounted("the record that was written is not what was kept")),
    }
}

fn reason_of(broken: &BrokenBody) -> FailReason {
    match broken {
        BrokenBody::TooLarge { .. } | BrokenBody::Bomb { .. } => FailReason::Bomb,
        BrokenBody::TooManyCodings { .. } => FailReason::Unsupported,
        BrokenBody::Damaged { .. } => FailReason::Corrupt,
    }
}

/// What a response says of its body that is not so.
fn described(warning: HttpWarning) -> &'static str {
    match warning {
        HttpWarning::NotChunked => "not_chunked: the response says that its body comes in chunks, and it does not",
        HttpWarning::BrokenChunks => "broken_chunks: the chunks of the body break off; the rest was taken as it stands",
        HttpWarning::NotEncoded => "not_encoded: the response says that its body is compressed, and it is not",
    }
}
