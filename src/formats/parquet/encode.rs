//! The description of a newly written column chunk, as bytes.
//!
//! The crate writes such descriptions only as parts of a whole footer. So it writes the footer of a file with nothing
//! but this column, into memory, and the parts are taken out of it.

use super::error::{ParquetError, broken, told};
use super::footer::stumbled;
use super::thrift::{Kind, Step, Walk};
use ::parquet::column::writer::ColumnCloseResult;
use ::parquet::file::metadata::page_index::PageIndexBuilder;
use ::parquet::file::metadata::{
    ColumnChunkMetaData, FileMetaData, ParquetMetaData, ParquetMetaDataBuilder, ParquetMetaDataReader,
    ParquetMetaDataWriter, RowGroupMetaData,
};
use ::parquet::schema::types::{SchemaDescriptor, Type};
use std::ops::Range;
use std::sync::Arc;

/// The indexes of the pages of a column chunk, as they stand in a file.
#[derive(Debug, Default)]
pub(crate) struct Indexes {
    pub(crate) of_values: Option<Vec<u8>>,
    pub(crate) of_offsets: Option<Vec<u8>>,
}

/// Encodes the indexes of the pages of a chunk.
///
/// # Errors
/// The crate cannot encode them.
pub(crate) fn encode_indexes(chunk: &ColumnCloseResult) -> Result<Indexes, ParquetError> {
    let mut index = PageIndexBuilder::new(1, 1);
    if let Some(values) = &chunk.column_index {
        index.put_column_index(values.clone(), 0, 0);
    }
    if let Some(offsets) = &chunk.offset_index {
        index.put_offset_index(offsets.clone(), 0, 0);
    }
    let metadata = file_of(&chunk.metadata)?.into_builder().set_page_index(Some(Arc::new(index.build()))).build();
    let file = write(&metadata)?;
    let read = ParquetMetaDataReader::decode_metadata(footer_of(&file)).map_err(|error| told(0, error))?;
    let Some(chunk) = read.row_groups().first().and_then(|group| group.columns().first()) else {
        return Ok(Indexes::default());
    };
    let part = |range: Option<Range<u64>>| {
        range.and_then(|range| file.get(range.start as usize..range.end as usize)).map(<[u8]>::to_vec)
    };
    Ok(Indexes { of_values: part(chunk.column_index_range()), of_offsets: part(chunk.offset_index_range()) })
}

/// Encodes the description of a chunk, as it stands in the list of its row group.
///
/// # Errors
/// The crate cannot encode it.
pub(crate) fn encode_chunk(chunk: &ColumnChunkMetaData) -> Result<Vec<u8>, ParquetError> {
    use Step::{Element, Field};
    let file = write(&file_of(chunk)?)?;
    let footer = footer_of(&file);
    let mut walk = Walk::new(footer);
    while let Some(item) = walk.next().map_err(|stumble| stumbled(stumble, 0, footer.len()))? {
        let path = [Field(4), Element(0), Field(1), Element(0)];
        if item.kind == Kind::End && walk.path() == path {
            return Ok(footer.get(item.span).unwrap_or_default().to_vec());
        }
    }
    Err(broken(0, "the new column has no description"))
}

/// A file of one row group with one column, which is not nested: how it is, its own path tells.
fn file_of(chunk: &ColumnChunkMetaData) -> Result<ParquetMetaData, ParquetError> {
    let leaf = chunk.column_descr().self_type_ptr();
    let schema = Type::group_type_builder("schema").with_fields(vec![leaf]).build().map_err(|error| told(0, error))?;
    let schema = Arc::new(SchemaDescriptor::new(Arc::new(schema)));
    let group = RowGroupMetaData::builder(Arc::clone(&schema))
        .set_num_rows(chunk.num_values())
        .add_column_metadata(chunk.clone())
        .build()
        .map_err(|error| told(0, error))?;
    let file = FileMetaData::new(1, chunk.num_values(), None, None, schema, None);
    Ok(ParquetMetaDataBuilder::new(file).add_row_group(group).build())
}

fn write(metadata: &ParquetMetaData) -> Result<Vec<u8>, ParquetError> {
    let mut file = Vec::new();
    ParquetMetaDataWriter::new(&mut file, metadata).finish().map_err(|error| told(0, error))?;
    Ok(file)
}

/// Returns the footer of a file in memory.
fn footer_of(file: &[u8]) -> &[u8] {
    let Some((rest, tail)) = file.split_last_chunk::<8>() else { return &[] };
    let [a, b, c, d, ..] = *tail;
    let len = u32::from_le_bytes([a, b, c, d]) as usize;
    rest.len().checked_sub(len).and_then(|start| rest.get(start..)).unwrap_or_default()
}
