//! Decompression of pages, which stops where the page should end.
//!
//! The codecs of the crate decompress gzip, Brotli and LZ4 to the end of the data, however long that is.

use ::parquet::basic::Compression;
use std::io::{self, Read};

/// Decompresses pages of one column chunk.
pub(crate) enum Decompressor {
    Gzip,
    Brotli,
    Snappy(snap::raw::Decoder),
    Zstd(zstd::bulk::Decompressor<'static>),
    Lz4Raw,
    Lz4Hadoop,
}

impl Decompressor {
    /// Returns what decompresses a codec; `None` where the pages are not compressed.
    ///
    /// # Errors
    /// The codec is not supported.
    pub(crate) fn new(codec: Compression) -> io::Result<Option<Self>> {
        Ok(Some(match codec {
            Compression::UNCOMPRESSED => return Ok(None),
            Compression::GZIP(_) => Self::Gzip,
            Compression::BROTLI(_) => Self::Brotli,
            Compression::SNAPPY => Self::Snappy(snap::raw::Decoder::new()),
            Compression::ZSTD(_) => Self::Zstd(zstd::bulk::Decompressor::new()?),
            Compression::LZ4_RAW => Self::Lz4Raw,
            Compression::LZ4 => Self::Lz4Hadoop,
            other @ Compression::LZO => return Err(io::Error::new(io::ErrorKind::Unsupported, other.to_string())),
        }))
    }

    /// Returns `prefix` and behind it what `data` decompresses to, which must be of `size` bytes.
    ///
    /// # Errors
    /// The data is broken, or of another size.
    pub(crate) fn decompress(&mut self, prefix: &[u8], data: &[u8], size: usize) -> io::Result<Vec<u8>> {
        // A decompressed size of nothing means that there are no values, and nothing need be there.
        if size == 0 {
            return Ok(prefix.to_vec());
        }
        match self {
            Self::Gzip => stream(prefix, flate2::read::MultiGzDecoder::new(data), size),
            Self::Brotli => stream(prefix, brotli::Decompressor::new(data, 4096), size),
            Self::Snappy(decoder) => block(prefix, size, |out| decoder.decompress(data, out).map_err(io::Error::from)),
            Self::Zstd(decoder) => block(prefix, size, |out| decoder.decompress_to_buffer(data, out)),
            Self::Lz4Raw => block(prefix, size, |out| lz4_flex::block::decompress_into(data, out).map_err(broken)),
            Self::Lz4Hadoop => block(prefix, size, |out| hadoop(data, out))
                .or_else(|_| block(prefix, size, |out| lz4_flex::block::decompress_into(data, out).map_err(broken)))
                .or_else(|_| stream(prefix, lz4_flex::frame::FrameDecoder::new(data), size)),
        }
    }
}

/// Room is made as data comes, not by what the header says.
fn stream(prefix: &[u8], data: impl Read, size: usize) -> io::Result<Vec<u8>> {
    let mut page = prefix.to_vec();
    let read = data.take(size as u64 + 1).read_to_end(&mut page)?;
    expect(read, size).map(|()| page)
}

fn block(prefix: &[u8], size: usize, fill: impl FnOnce(&mut [u8]) -> io::Result<usize>) -> io::Result<Vec<u8>> {
    let mut page = vec![0; prefix.len() + size];
    let (head, rest) = page.split_at_mut(prefix.len());
    head.copy_from_slice(prefix);
    let filled = fill(rest)?;
    expect(filled, size).map(|()| page)
}

fn expect(found: usize, size: usize) -> io::Result<()> {
    if found == size { Ok(()) } else { Err(broken(format!("the page is not of the {size} bytes it should be of"))) }
}

/// LZ4 as Hadoop frames it: blocks, each behind its two sizes. Old writers have the block alone, or LZ4's own frames.
/// Source: `Lz4Codec.cc` of Hadoop, `compression_lz4.cc` of Arrow.
fn hadoop(mut data: &[u8], mut out: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some((size, rest)) = data.split_first_chunk::<4>() {
        let cut = || broken("a block is cut off");
        let (stored, rest) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        let (size, stored) = (u32::from_be_bytes(*size) as usize, u32::from_be_bytes(*stored) as usize);
        let (block, rest) = rest.split_at_checked(stored).ok_or_else(cut)?;
        let (room, left) = out.split_at_mut_checked(size).ok_or_else(|| broken("a block is too large"))?;
        expect(lz4_flex::block::decompress_into(block, room).map_err(broken)?, size)?;
        filled += size;
        (data, out) = (rest, left);
    }
    if data.is_empty() { Ok(filled) } else { Err(broken("there are bytes behind the last block")) }
}

fn broken(what: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).expect("written");
        encoder.finish().expect("finished")
    }

    #[test]
    fn a_bomb_is_no_larger_than_its_header_says() {
        let bomb = gzip(&vec![0; 10 << 20]);
        assert!(Decompressor::Gzip.decompress(b"", &bomb, 100).is_err());
        assert_eq!(Decompressor::Gzip.decompress(b"ab", &gzip(b"cd"), 2).expect("good"), b"abcd");
    }

    #[test]
    fn a_page_shorter_than_its_header_says_is_broken() {
        assert!(Decompressor::Gzip.decompress(b"", &gzip(b"cd"), 1 << 27).is_err());
        let mut snappy = Decompressor::Snappy(snap::raw::Decoder::new());
        let data = snap::raw::Encoder::new().compress_vec(b"abc").expect("compressed");
        assert!(snappy.decompress(b"", &data, 4).is_err());
        assert!(snappy.decompress(b"", &data, 2).is_err());
        assert_eq!(snappy.decompress(b"", &data, 3).expect("good"), b"abc");
    }

    #[test]
    fn lz4_is_read_in_all_three_framings() {
        let text = b"the same, the same, the same, the same";
        let block = lz4_flex::block::compress(text);
        let mut framed = Vec::new();
        for _ in 0..2 {
            framed.extend_from_slice(&(text.len() as u32).to_be_bytes());
            framed.extend_from_slice(&(block.len() as u32).to_be_bytes());
            framed.extend_from_slice(&block);
        }
        let mut frames = lz4_flex::frame::FrameEncoder::new(Vec::new());
        frames.write_all(text).expect("written");
        let frames = frames.finish().expect("finished");
        let twice = text.repeat(2);
        assert_eq!(Decompressor::Lz4Hadoop.decompress(b"", &framed, twice.len()).expect("good"), twice);
        assert_eq!(Decompressor::Lz4Hadoop.decompress(b"", &block, text.len()).expect("good"), text);
        assert_eq!(Decompressor::Lz4Hadoop.decompress(b"", &frames, text.len()).expect("good"), text);
        assert!(Decompressor::Lz4Hadoop.decompress(b"", b"\0\0\0\x09\xff\xff\xff\xff", 9).is_err());
    }
}
