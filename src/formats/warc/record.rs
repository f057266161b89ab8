//! One record, and the records of a run.

use std::borrow::Cow;

use super::frame::Frame;
use super::header::Header;
use super::kind::Kind;

/// A whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record<'b> {
    /// The record as it stands, with the blank lines behind it.
    pub bytes: &'b [u8],
    /// The header.
    pub header: Header<'b>,
    /// The block: what stands between the header and the blank lines.
    pub block: &'b [u8],
}

impl<'b> Record<'b> {
    /// What the record is.
    pub fn kind(&self) -> Kind {
        self.field("WARC-Type").map_or(Kind::Other, |name| Kind::of_name(&name))
    }

    /// The address of what the record holds, without the angle brackets that old versions of wget put around it.
    ///
    /// Bytes that are not UTF-8 are percent-escaped, as a browser would send them. `field("WARC-Target-URI")` gives
    /// the bytes themselves.
    pub fn url(&self) -> Option<Cow<'b, str>> {
        self.field("WARC-Target-URI").map(|url| escaped(without_brackets(url)))
    }

    /// The record's identifier, `urn:uuid:…` as a rule, without its angle brackets; bytes that are not UTF-8 are
    /// percent-escaped.
    pub fn id(&self) -> Option<Cow<'b, str>> {
        self.field("WARC-Record-ID").map(|id| escaped(without_brackets(id)))
    }

    /// The first value of a field that is not empty, whatever the case of the name's letters; folded lines are
    /// unfolded.
    pub fn field(&self, name: &str) -> Option<Cow<'b, [u8]>> {
        self.header.field(name)
    }

    /// The blank lines behind the block, as they stand.
    pub(super) fn tail(&self) -> &'b [u8] {
        self.bytes.get(self.header.bytes().len() + self.block.len()..).unwrap_or_default()
    }
}

fn without_brackets(value: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    fn inner(value: &[u8]) -> &[u8] {
        value.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">")).unwrap_or(value)
    }
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(inner(value)),
        Cow::Owned(value) => Cow::Owned(inner(&value).to_vec()),
    }
}

/// The bytes as text, those that are not UTF-8 as `%E9`.
fn escaped(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(escape(bytes)),
        },
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).unwrap_or_else(|error| escape(error.as_bytes()))),
    }
}

fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    text
}

/// Goes over the records of a run of whole ones, as [`Cut::Records`](super::Cut::Records) names it.
///
/// The bytes of all records together are the run. Where no record begins the iterator ends, which does not happen in
/// such a run.
pub fn records(bytes: &[u8]) -> Records<'_> {
    Records { rest: bytes }
}

/// The records of a run; see [`records`].
#[derive(Clone, Debug)]
pub struct Records<'b> {
    rest: &'b [u8],
}

impl<'b> Iterator for Records<'b> {
    type Item = Record<'b>;

    fn next(&mut self) -> Option<Record<'b>> {
        let Frame::Record { len } = Frame::of(self.rest, usize::MAX, true) else { return None };
        let (bytes, rest) = self.rest.split_at_checked(len)?;
        let header = Header::read(bytes).ok()?;
        let block = usize::try_from(header.block_len().ok()?).ok()?;
        let (_, behind) = bytes.split_at_checked(header.bytes().len())?;
        self.rest = rest;
        Some(Record { bytes, header, block: behind.get(..block)? })
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::super::samples::record;
    use super::*;

    fn url(value: &[u8]) -> Option<String> {
        let fields = [b"WARC-Target-URI: ", value, b"\r\n"].concat();
        let bytes = record(&fields, b"text");
        records(&bytes).next().expect("a record").url().map(Cow::into_owned)
    }

    #[test]
    fn a_run_is_its_records() {
        let one = record(b"WARC-Type: Conversion\r\nWARC-Record-ID: <urn:uuid:1>\r\n", b"one");
        let two = record(b"WARC-Type: response\r\n", b"");
        let run = [one.clone(), two.clone()].concat();
        let found: Vec<Record<'_>> = records(&run).collect();
        assert_eq!(found.iter().map(|record| record.bytes).collect::<Vec<_>>(), [one, two]);
        assert_eq!(found.iter().map(|record| record.block).collect::<Vec<_>>(), [&b"one"[..], b""]);
        assert_eq!(found.iter().map(Record::kind).collect::<Vec<_>>(), [Kind::Conversion, Kind::Response]);
        assert_eq!(found[0].id().as_deref(), Some("urn:uuid:1"));
        assert_eq!((found[1].id(), found[0].tail()), (None, &b"\r\n\r\n"[..]));
    }

    #[test]
    fn where_no_record_begins_the_records_end() {
        assert_eq!(records(b"text").count(), 0);
        assert_eq!(records(b"").count(), 0);
    }

    #[test]
    fn an_address_loses_the_brackets_of_wget() {
        assert_eq!(url(b"<http://a.example/>").as_deref(), Some("http://a.example/"));
        assert_eq!(url(b"http://a.example/x\r\n y").as_deref(), Some("http://a.example/x y"));
        assert_eq!(url(b"<http://a.example/x\r\n y>").as_deref(), Some("http://a.example/x y"));
        assert_eq!(url(b""), None);
    }

    #[test]
    fn bytes_of_an_address_that_are_not_utf8_are_escaped() {
        assert_eq!(url(b"http://a.example/caf\xe9").as_deref(), Some("http://a.example/caf%E9"));
        assert_eq!(url("http://a.example/café".as_bytes()).as_deref(), Some("http://a.example/café"));
    }
}
