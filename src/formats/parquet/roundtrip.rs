//! Tests of reading and writing together, on files that the crate writes.

#![allow(clippy::expect_used, reason = "tests")]

use super::{Batch, ParquetError, Reader, Written, rewrite};
use crate::formats::{FieldNames, Names};
use ::parquet::basic::{BrotliLevel, Compression, Encoding, GzipLevel, ZstdLevel};
use ::parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use ::parquet::file::metadata::{KeyValue, SortingColumn};
use ::parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesBuilder, WriterVersion};
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::file::serialized_reader::ReadOptionsBuilder;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::record::RowAccessor;
use ::parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::Arc;

const FLAT: &str = "message m {
    required int64 id;
    optional binary text (STRING);
    required binary url (STRING);
}";

type Texts = Vec<Option<String>>;

fn wanted(text: &str) -> FieldNames {
    let guessed = |name: &str| Names::Guesses(vec![name.to_owned()]);
    let text = Names::given(text);
    FieldNames { text, url: guessed("url"), title: guessed("title"), id: guessed("id") }
}

/// Writes a file of one row group for each list of texts.
fn file_of(groups: &[Texts], settings: WriterPropertiesBuilder) -> File {
    let schema = Arc::new(parse_message_type(FLAT).expect("a schema"));
    let file = tempfile::tempfile().expect("a file");
    let out = file.try_clone().expect("a handle");
    let mut writer = SerializedFileWriter::new(out, schema, Arc::new(settings.build())).expect("a writer");
    let mut id = 0;
    for texts in groups {
        let mut group = writer.next_row_group().expect("a group");
        let ids: Vec<i64> = (id..).take(texts.len()).collect();
        let urls: Vec<ByteArray> = ids.iter().map(|id| ByteArray::from(format!("u{id}").into_bytes())).collect();
        id += texts.len() as i64;
        let mut column = group.next_column().expect("a column").expect("ids");
        column.typed::<Int64Type>().write_batch(&ids, None, None).expect("written");
        column.close().expect("closed");
        let mut column = group.next_column().expect("a column").expect("texts");
        let values: Vec<ByteArray> = texts.iter().flatten().map(|text| text.as_str().into()).collect();
        let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
        column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).expect("written");
        column.close().expect("closed");
        let mut column = group.next_column().expect("a column").expect("urls");
        column.typed::<ByteArrayType>().write_batch(&urls, None, None).expect("written");
        column.close().expect("closed");
        group.close().expect("closed");
    }
    writer.close().expect("closed");
    file
}

fn plain(groups: &[Texts]) -> File {
    file_of(groups, WriterProperties::builder())
}

fn texts(rows: usize) -> Texts {
    (0..rows).map(|row| (row % 5 != 4).then(|| format!("row {row} ").repeat(row % 4))).collect()
}

fn again(file: &File) -> File {
    file.try_clone().expect("a handle")
}

fn batches(file: &File, rows: usize, bytes: usize) -> Result<Vec<Batch>, ParquetError> {
    let mut reader = Reader::open(again(file), &wanted("text"))?;
    let mut all = Vec::new();
    while let Some(batch) = reader.next(rows, bytes)? {
        all.push(batch);
    }
    Ok(all)
}

fn read(file: &File) -> Texts {
    let all = batches(file, 100, 1 << 20).expect("read");
    let texts = all.into_iter().flat_map(|batch| batch.texts);
    texts.map(|text| text.map(|text| String::from_utf8(text.to_vec()).expect("UTF-8"))).collect()
}

/// Writes `file` again with `change` made to each text.
fn changed(file: &File, change: impl Fn(&str) -> String) -> Result<(File, Written), ParquetError> {
    let mut reader = Reader::open(again(file), &wanted("text"))?;
    let column = reader.column().clone();
    let out = tempfile::tempfile().expect("a file");
    let mut next = || {
        let batch = reader.next(7, 1 << 20).ok().flatten()?;
        let texts = batch.texts.iter();
        Some(
            texts.map(|text| text.as_deref().map(|text| change(&String::from_utf8_lossy(text)).into_bytes())).collect(),
        )
    };
    let written = rewrite(file, again(&out), &column, &mut next)?;
    Ok((out, written))
}

fn bytes_of(file: &File) -> Vec<u8> {
    let (mut file, mut bytes) = (again(file), Vec::new());
    file.seek(SeekFrom::Start(0)).expect("sought");
    file.read_to_end(&mut bytes).expect("read");
    bytes
}

/// Small files with every kind of page, for those who damage them.
pub(crate) fn samples() -> Vec<Vec<u8>> {
    let groups = [texts(20), texts(7)];
    let builder = WriterProperties::builder;
    let delta = builder().set_dictionary_enabled(false);
    let delta = delta.set_column_encoding("text".into(), Encoding::DELTA_BYTE_ARRAY);
    let kinds = [
        builder(),
        builder().set_compression(Compression::SNAPPY).set_writer_version(WriterVersion::PARQUET_2_0),
        builder().set_dictionary_enabled(false).set_compression(Compression::ZSTD(ZstdLevel::default())),
        delta.set_data_page_row_count_limit(5),
        builder().set_bloom_filter_enabled(true).set_compression(Compression::GZIP(GzipLevel::default())),
    ];
    kinds.into_iter().map(|settings| bytes_of(&file_of(&groups, settings))).collect()
}

fn file_with(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().expect("a file");
    file.write_all(bytes).expect("written");
    file
}

fn without_r(text: &str) -> String {
    text.replace('r', "")
}

/// Checks that the second file is the first without an "r", by the reader of the crate.
fn is_without_r(old: &File, new: &File) {
    let open = |file: &File| {
        let reader = SerializedFileReader::new(again(file)).expect("a Parquet file");
        let mut chunks = reader.metadata().row_groups().iter().flat_map(|group| group.columns());
        if chunks.any(|chunk| chunk.column_index_offset().is_none()) || reader.num_row_groups() == 0 {
            return reader;
        }
        // With the indexes, pages are read from where these say.
        let options = ReadOptionsBuilder::new().with_page_index().build();
        SerializedFileReader::new_with_options(again(file), options).expect("indexes")
    };
    let (old, new) = (open(old), open(new));
    assert_eq!(old.metadata().file_metadata(), new.metadata().file_metadata());
    let rows = |reader: &SerializedFileReader<File>| {
        let rows = reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row"));
        let row = |row: ::parquet::record::Row| {
            (row.get_long(0).expect("id"), row.get_string(1).ok().cloned(), row.get_string(2).expect("url").clone())
        };
        rows.map(row).collect::<Vec<_>>()
    };
    let expected: Vec<_> =
        rows(&old).into_iter().map(|(id, text, url)| (id, text.as_deref().map(without_r), url)).collect();
    assert_eq!(rows(&new), expected);
}

#[test]
fn a_batch_ends_with_its_row_group_its_rows_or_its_bytes() {
    let long: Texts = vec![Some("x".repeat(100)); 5];
    let file = plain(&[texts(5), vec![], texts(3), long]);
    let sizes = |rows, bytes| {
        let all = batches(&file, rows, bytes).expect("read");
        all.iter().map(|batch| (batch.first_row, batch.texts.len())).collect::<Vec<_>>()
    };
    assert_eq!(sizes(100, 1 << 20), [(0, 5), (5, 3), (8, 5)]);
    assert_eq!(sizes(4, 1 << 20), [(0, 4), (4, 1), (5, 3), (8, 4), (12, 1)]);
    assert_eq!(sizes(100, 200), [(0, 5), (5, 3), (8, 2), (10, 2), (12, 1)]);
    assert_eq!(sizes(0, 0).len(), 13);
}

#[test]
fn a_row_comes_with_its_address_and_id_where_there_are_such() {
    let all = batches(&plain(&[texts(3)]), 10, 1 << 20).expect("read");
    let batch = all.first().expect("a batch");
    let as_text = |values: &[Option<super::Value>]| {
        values.iter().map(|value| String::from_utf8_lossy(value.as_deref().unwrap_or(b"-")).into_owned()).collect()
    };
    let (ids, urls): (Vec<String>, Vec<String>) = (as_text(&batch.ids), as_text(&batch.urls));
    assert_eq!((ids.join(" "), urls.join(" ")), ("0 1 2".to_owned(), "u0 u1 u2".to_owned()));
    assert!(batch.titles.is_empty());
}

#[test]
fn every_compression_and_encoding_comes_back() {
    let codecs = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
        Compression::BROTLI(BrotliLevel::default()),
    ];
    let encodings = [Encoding::PLAIN, Encoding::DELTA_BYTE_ARRAY, Encoding::DELTA_LENGTH_BYTE_ARRAY];
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for (number, codec) in codecs.into_iter().enumerate() {
            let settings = WriterProperties::builder()
                .set_writer_version(version)
                .set_compression(codec)
                .set_dictionary_enabled(number % 2 == 0)
                .set_column_encoding("text".into(), encodings[number % 3])
                .set_bloom_filter_enabled(number % 3 == 0)
                .set_data_page_row_count_limit(40);
            let file = file_of(&[texts(300), texts(0), texts(41)], settings);
            let (new, written) = changed(&file, without_r).expect("rewritten");
            assert_eq!((written.rows, written.row_groups), (341, 3));
            assert_eq!(written.bytes, new.metadata().expect("a length").len());
            is_without_r(&file, &new);
        }
    }
}

#[test]
fn what_the_file_says_of_itself_stays() {
    let sorted = |column| Some(vec![SortingColumn { column_idx: column, descending: false, nulls_first: true }]);
    for (column, stays) in [(0, true), (1, false)] {
        let settings = WriterProperties::builder()
            .set_created_by("someone else".to_owned())
            .set_key_value_metadata(Some(vec![KeyValue::new("pandas".to_owned(), "{}".to_owned())]))
            .set_sorting_columns(sorted(column))
            .set_statistics_enabled(EnabledStatistics::Chunk);
        let file = file_of(&[texts(20)], settings);
        let (new, _) = changed(&file, without_r).expect("rewritten");
        let reader = SerializedFileReader::new(again(&new)).expect("a Parquet file");
        assert_eq!(reader.metadata().file_metadata().created_by(), Some("someone else"));
        let group = reader.metadata().row_group(0);
        assert_eq!(group.sorting_columns().cloned(), if stays { sorted(column) } else { Some(vec![]) });
        assert!(group.columns().iter().all(|column| column.statistics().is_some()));
        assert!(group.columns().iter().all(|column| column.column_index_offset().is_none()));
        let sizes: i64 = group.columns().iter().map(|column| column.uncompressed_size()).sum();
        assert_eq!(group.total_byte_size(), sizes);
        is_without_r(&file, &new);
    }
}

#[test]
fn writing_the_same_texts_again_changes_nothing_more() {
    let file = plain(&[texts(50), texts(9)]);
    let (once, _) = changed(&file, str::to_owned).expect("rewritten");
    let (twice, _) = changed(&once, str::to_owned).expect("rewritten");
    assert_eq!(read(&once), read(&file));
    assert_eq!(bytes_of(&once), bytes_of(&twice));
}

#[test]
fn a_file_without_rows_comes_back() {
    for groups in [vec![], vec![texts(0)]] {
        let file = plain(&groups);
        let (new, written) = changed(&file, without_r).expect("rewritten");
        assert_eq!(written.rows, 0);
        is_without_r(&file, &new);
    }
}

#[test]
fn a_stopped_run_and_batches_that_do_not_fit_are_errors() {
    let file = plain(&[texts(5)]);
    let column = Reader::open(again(&file), &wanted("text")).expect("open").column().clone();
    let write = |batch: Option<Vec<Option<Vec<u8>>>>| rewrite(&file, std::io::sink(), &column, &mut || batch.clone());
    assert!(matches!(write(None), Err(ParquetError::Stopped)));
    assert!(matches!(write(Some(vec![None; 3])), Err(ParquetError::Mismatch { row: 5, .. })));
    assert!(write(Some(vec![None; 5])).is_ok());
    let required = Reader::open(again(&file), &wanted("url")).expect("open").column().clone();
    let result = rewrite(&file, std::io::sink(), &required, &mut || Some(vec![Some(vec![]), None]));
    assert!(matches!(result, Err(ParquetError::Mismatch { row: 1, .. })));
}

#[test]
fn a_full_disk_is_an_error_of_the_output() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let file = plain(&[vec![Some("x".repeat(100_000)); 3]]);
    let column = Reader::open(again(&file), &wanted("text")).expect("open").column().clone();
    let result = rewrite(&file, Full, &column, &mut || Some(vec![None; 3]));
    assert!(matches!(result, Err(ParquetError::Io(error)) if error.kind() == std::io::ErrorKind::StorageFull));
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    let bytes = bytes_of(&plain(&[texts(30)]));
    for len in (0..bytes.len()).step_by(13).chain([bytes.len() - 1]) {
        assert!(batches(&file_with(&bytes[..len]), 100, 1 << 20).is_err(), "cut at {len}");
    }
}

#[test]
fn any_one_byte_may_be_wrong() {
    let settings = WriterProperties::builder().set_compression(Compression::SNAPPY).set_bloom_filter_enabled(true);
    let file = file_of(&[vec![Some("a".to_owned()), None, Some("b".to_owned())]], settings.set_bloom_filter_max_ndv(8));
    let bytes = bytes_of(&file);
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut wrong = bytes.clone();
            wrong[at] ^= flip;
            // It may be found or not, but it ends.
            drop(changed(&file_with(&wrong), without_r));
        }
    }
}

#[test]
fn structs_that_are_missing_and_texts_that_are_missing_stay_apart() {
    let schema = "message m { optional group doc { optional binary text (STRING); } }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let file = tempfile::tempfile().expect("a file");
    let mut writer = SerializedFileWriter::new(again(&file), schema, Arc::default()).expect("a writer");
    let mut group = writer.next_row_group().expect("a group");
    let mut column = group.next_column().expect("a column").expect("texts");
    let levels = [0, 2, 1, 2];
    column.typed::<ByteArrayType>().write_batch(&["r1".into(), "2r".into()], Some(&levels), None).expect("written");
    column.close().expect("closed");
    group.close().expect("closed");
    writer.close().expect("closed");

    let column = Reader::open(again(&file), &wanted("doc.text")).expect("open").column().clone();
    let new = tempfile::tempfile().expect("a file");
    let texts = vec![None, Some(b"1".to_vec()), None, Some(b"2".to_vec())];
    rewrite(&file, again(&new), &column, &mut || Some(texts.clone())).expect("rewritten");
    let reader = SerializedFileReader::new(new).expect("a Parquet file");
    let rows: Vec<String> =
        reader.get_row_iter(None).expect("rows").map(|row| row.expect("a row").to_string()).collect();
    assert_eq!(rows, ["{doc: null}", "{doc: {text: \"1\"}}", "{doc: {text: null}}", "{doc: {text: \"2\"}}"]);
    let other = vec![Some(vec![]); 4];
    let result = rewrite(&file, std::io::sink(), &column, &mut || Some(other.clone()));
    assert!(matches!(result, Err(ParquetError::Mismatch { row: 0, .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_texts_come_back(
        groups in proptest::collection::vec(proptest::collection::vec(proptest::option::of(".{0,30}"), 0..40), 0..4),
        page_rows in 1usize..20,
        second_version: bool,
        dictionary: bool,
    ) {
        let version = if second_version { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let settings = WriterProperties::builder()
            .set_writer_version(version)
            .set_dictionary_enabled(dictionary)
            .set_data_page_row_count_limit(page_rows);
        let file = file_of(&groups, settings);
        let all: Texts = groups.concat();
        prop_assert_eq!(read(&file), all.clone());
        let (new, _) = changed(&file, without_r).expect("rewritten");
        is_without_r(&file, &new);
        let expected: Texts = all.iter().map(|text| text.as_deref().map(without_r)).collect();
        prop_assert_eq!(read(&new), expected);
    }

    #[test]
    fn any_bytes_in_place_of_some_are_an_error_or_none(
        at in any::<prop::sample::Index>(),
        wrong in proptest::collection::vec(any::<u8>(), 1..20),
        second_version: bool,
    ) {
        let version = if second_version { WriterVersion::PARQUET_2_0 } else { WriterVersion::PARQUET_1_0 };
        let settings = WriterProperties::builder().set_writer_version(version).set_dictionary_enabled(!second_version);
        let mut bytes = bytes_of(&file_of(&[texts(20), texts(20)], settings));
        let at = at.index(bytes.len());
        for (old, new) in bytes.iter_mut().skip(at).zip(&wrong) {
            *old = *new;
        }
        drop(changed(&file_with(&bytes), without_r));
    }
}

#[test]
fn what_is_written_from_a_damaged_footer_can_be_read_or_is_refused() {
    let good = bytes_of(&plain(&[texts(9)]));
    let size = u32::from_le_bytes(*good[..good.len() - 4].last_chunk().expect("a length")) as usize;
    let mut written = 0;
    for at in good.len() - 8 - size..good.len() - 8 {
        for change in [1, 3, 0x0c, 0x10, 0x50] {
            let mut bytes = good.clone();
            bytes[at] ^= change;
            let file = file_with(&bytes);
            let readable = batches(&file, 7, 1 << 20).is_ok();
            if let Some((out, _)) = changed(&file, without_r).ok().filter(|_| readable) {
                written += 1;
                let again = batches(&out, 7, 1 << 20);
                assert!(again.is_ok(), "byte {at} of {} changed by {change}: {again:?}", good.len());
            }
        }
    }
    assert!(written > 100, "{written}");
}
