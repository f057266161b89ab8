//! How the text column is written: as it was, as far as its footer tells.

use ::parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, PageType, ZstdLevel};
use ::parquet::file::metadata::{ColumnChunkMetaData, FileMetaData};
use ::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterVersion};
use std::sync::Arc;

/// Returns the settings that write a column chunk like `chunk`.
///
/// The level of its compression is not told in the file, so it is the usual one.
pub(crate) fn settings(file: &FileMetaData, chunk: &ColumnChunkMetaData) -> Arc<WriterProperties> {
    let builder = WriterProperties::builder()
        .set_created_by(file.created_by().unwrap_or_default().to_owned())
        .set_writer_version(if has_v2(chunk) { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 })
        .set_compression(compression(chunk.compression()))
        .set_dictionary_enabled(has_dictionary(chunk))
        .set_encoding(encoding(chunk))
        .set_statistics_enabled(statistics(chunk))
        .set_bloom_filter_enabled(chunk.bloom_filter_offset().is_some());
    Arc::new(builder.build())
}

fn has_v2(chunk: &ColumnChunkMetaData) -> bool {
    chunk.page_encoding_stats().is_some_and(|pages| pages.iter().any(|page| page.page_type == PageType::DATA_PAGE_V2))
}

fn has_dictionary(chunk: &ColumnChunkMetaData) -> bool {
    chunk.encodings().any(|encoding| matches!(encoding, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY))
}

/// The encoding of values that are not in the dictionary.
fn encoding(chunk: &ColumnChunkMetaData) -> Encoding {
    let delta = [Encoding::DELTA_BYTE_ARRAY, Encoding::DELTA_LENGTH_BYTE_ARRAY];
    chunk.encodings().find(|encoding| delta.contains(encoding)).unwrap_or(Encoding::PLAIN)
}

fn statistics(chunk: &ColumnChunkMetaData) -> EnabledStatistics {
    if chunk.column_index_offset().is_some() {
        EnabledStatistics::Page
    } else if chunk.statistics().is_some() {
        EnabledStatistics::Chunk
    } else {
        EnabledStatistics::None
    }
}

fn compression(codec: Compression) -> Compression {
    match codec {
        Compression::GZIP(_) => Compression::GZIP(GzipLevel::default()),
        Compression::BROTLI(_) => Compression::BROTLI(BrotliLevel::default()),
        Compression::ZSTD(_) => Compression::ZSTD(ZstdLevel::default()),
        other => other,
    }
}
