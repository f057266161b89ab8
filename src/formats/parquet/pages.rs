//! The pages of one column chunk, one after the other.

use super::codec::Decompressor;
use super::delta::{VALUES, lengths_are_few};
use super::error::{ParquetError, broken, through};
use super::footer::stumbled;
use super::page::{PageHeader, PageKind, read_header};
use super::source::Source;
use super::thrift::Stumble;
use ::parquet::basic::{Encoding, Type};
use ::parquet::column::page::{Page, PageMetadata, PageReader};
use ::parquet::errors::{ParquetError as Told, Result as Answer};
use ::parquet::file::metadata::ColumnChunkMetaData;
use bytes::Bytes;
use std::ops::Range;
use std::sync::Arc;

/// The largest page that is read, compressed or not.
const PAGE_BYTES: u64 = 256 << 20;

/// How many bytes of a header are read at first, and at most (it may hold the least and the greatest value).
const HEADER_BYTES: usize = 256;
const HEADER_LIMIT: usize = 16 << 20;

/// Reads the pages of a chunk of a column without repetition, and checks each before the crate sees it.
pub(crate) struct Pages {
    source: Arc<Source>,
    left: Range<u64>,
    decompressor: Option<Decompressor>,
    physical: Type,
    has_levels: bool,
}

impl Pages {
    /// Begins with the first page of the chunk, which stands at `range`.
    ///
    /// # Errors
    /// The chunk is compressed by something that is not supported.
    pub(crate) fn new(
        source: Arc<Source>,
        range: Range<u64>,
        chunk: &ColumnChunkMetaData,
    ) -> Result<Self, ParquetError> {
        let decompressor = Decompressor::new(chunk.compression())
            .map_err(|error| ParquetError::Unsupported(format!("compression by {error}")))?;
        let has_levels = chunk.column_descr().max_def_level() > 0;
        Ok(Self { source, left: range, decompressor, physical: chunk.column_type(), has_levels })
    }

    fn page(&mut self) -> Result<Option<Page>, ParquetError> {
        while self.left.start < self.left.end {
            let start = self.left.start;
            let (header, len) = self.header()?;
            let at = start + len as u64;
            let room = self.left.end.saturating_sub(at);
            if header.stored as u64 > room {
                let what = format!("a page of {} bytes, but its column ends {room} bytes on", header.stored);
                return Err(broken(start, what));
            }
            let size = header.size.max(header.stored) as u64;
            if size > PAGE_BYTES {
                return Err(ParquetError::TooLarge { what: "a page", at: start, size, limit: PAGE_BYTES });
            }
            self.left.start = at + header.stored as u64;
            if header.kind != PageKind::Other {
                return self.read(at, &header).map(Some);
            }
        }
        Ok(None)
    }

    fn header(&self) -> Result<(PageHeader, usize), ParquetError> {
        let at = self.left.start;
        let all = usize::try_from(self.left.end - at).unwrap_or(usize::MAX).min(HEADER_LIMIT);
        let mut window = HEADER_BYTES.min(all);
        loop {
            let bytes = self.source.read(at, window)?;
            match read_header(&bytes) {
                Ok(found) => return Ok(found),
                Err(Stumble::Short) if window < all => window = (window * 4).min(all),
                Err(stumble) => return Err(stumbled(stumble, at, window)),
            }
        }
    }

    fn read(&mut self, at: u64, header: &PageHeader) -> Result<Page, ParquetError> {
        let stored = self.source.read(at, header.stored)?;
        if header.checksum.is_some_and(|sum| sum != crc32fast::hash(&stored)) {
            return Err(broken(at, "the checksum of this page is another"));
        }
        let (plain, compressed) = match header.kind {
            PageKind::DataV2 { definition, repetition, compressed, .. } => {
                (definition as usize + repetition as usize, compressed)
            }
            _ => (0, true),
        };
        let buf = match &mut self.decompressor {
            Some(decompressor) if compressed => {
                let parts = stored.split_at_checked(plain).zip(header.size.checked_sub(plain));
                let ((levels, values), size) = parts.ok_or_else(|| broken(at, "levels larger than their page"))?;
                decompressor.decompress(levels, values, size).map_err(|error| broken(at, error.to_string()))?
            }
            _ => stored,
        };
        self.check(&buf, &header.kind).map_err(|what| broken(at, what))?;
        Ok(into_page(header.kind, buf.into()))
    }

    /// Refuses a page over which the crate would make room for values that are not there.
    fn check(&self, buf: &[u8], kind: &PageKind) -> Result<(), &'static str> {
        match *kind {
            PageKind::Dictionary { values, .. } => {
                let least = if self.physical == Type::INT64 { 8 } else { 4 };
                if buf.len() / least < values as usize || values > VALUES {
                    return Err("a dictionary of more values than its page has room for");
                }
            }
            PageKind::Data { values, encoding, definition, .. } => {
                let levels = if self.has_levels { levels_of_first_version(buf, definition)? } else { 0 };
                check_lengths(encoding, buf.get(levels..), values)?;
            }
            PageKind::DataV2 { values, encoding, definition, repetition, .. } => {
                let levels = (definition as usize).saturating_add(repetition as usize);
                check_lengths(encoding, buf.get(levels..), values)?;
            }
            PageKind::Other => {}
        }
        Ok(())
    }
}

/// Returns the length of the levels that a page of the first version begins with, and their own length with them.
fn levels_of_first_version(buf: &[u8], encoding: Encoding) -> Result<usize, &'static str> {
    if encoding != Encoding::RLE {
        return Ok(0);
    }
    let len = buf.first_chunk::<4>().map(|len| u32::from_le_bytes(*len) as usize);
    len.and_then(|len| len.checked_add(4)).filter(|end| *end <= buf.len()).ok_or("levels larger than their page")
}

fn check_lengths(encoding: Encoding, values: Option<&[u8]>, count: u32) -> Result<(), &'static str> {
    let values = values.ok_or("levels larger than their page")?;
    // A page of nothing but nulls may have no bytes for its values at all.
    if values.is_empty() || lengths_are_few(encoding, values, count) {
        Ok(())
    } else {
        Err("more lengths of values than values")
    }
}

fn into_page(kind: PageKind, buf: Bytes) -> Page {
    match kind {
        PageKind::Data { values, encoding, definition, repetition } => Page::DataPage {
            buf,
            num_values: values,
            encoding,
            def_level_encoding: definition,
            rep_level_encoding: repetition,
            statistics: None,
        },
        PageKind::DataV2 { values, nulls, rows, encoding, definition, repetition, compressed } => Page::DataPageV2 {
            buf,
            num_values: values,
            encoding,
            num_nulls: nulls,
            num_rows: rows,
            def_levels_byte_len: definition,
            rep_levels_byte_len: repetition,
            is_compressed: compressed,
            statistics: None,
        },
        PageKind::Dictionary { values, encoding, sorted } => {
            Page::DictionaryPage { buf, num_values: values, encoding, is_sorted: sorted }
        }
        // Such pages are passed over before; an empty one changes nothing.
        PageKind::Other => Page::DictionaryPage { buf, num_values: 0, encoding: Encoding::PLAIN, is_sorted: false },
    }
}

impl Iterator for Pages {
    type Item = Answer<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Answer<Option<Page>> {
        self.page().map_err(through)
    }

    // Rows are never skipped, and only columns with repetition ask for the next page.
    fn peek_next_page(&mut self) -> Answer<Option<PageMetadata>> {
        Err(Told::NYI("looking ahead".to_owned()))
    }

    fn skip_next_page(&mut self) -> Answer<()> {
        Err(Told::NYI("skipping pages".to_owned()))
    }
}
