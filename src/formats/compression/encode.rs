//! Making members.

use std::io::{self, Write};

use bzip2::write::BzEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};
use liblzma::stream::{Action, Check, Filters, LzmaOptions, Stream};
use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};
use zstd::zstd_safe::{CCtx, CParameter, ResetDirective, compress_bound, get_error_name};

use crate::formats::compression::Codec;

/// The level of each format is the default of its program.
const GZIP_LEVEL: u32 = 6;
/// Faster than the default of its program by half, and larger by some percent: cleaning is not to wait for compression.
const ZSTD_LEVEL: i32 = 1;
const XZ_PRESET: u32 = 6;
/// How much a vector grows where the size of what comes is not known.
const PIECE: usize = 32 << 10;

/// A gzip header without name and time, for a system that is not told (RFC 1952, 2.3.1).
const GZIP_HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Compresses bytes into one complete member and appends it to `out`.
///
/// Such members may stand one behind the other. The same bytes give the same member, without name or time. For many
/// members an [`Encoder`] is faster.
///
/// # Errors
/// If the format's library refuses, which happens only for want of memory.
pub fn encode(codec: Codec, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    Encoder::new(codec)?.encode(bytes, out)
}

/// Compresses pieces into members, and reuses what can be between them.
pub struct Encoder {
    state: State,
}

enum State {
    Gzip(Box<Compress>),
    Zstd(CCtx<'static>),
    Bzip2,
    Xz,
    Lz4,
}

impl Encoder {
    /// Makes an encoder of a format.
    ///
    /// # Errors
    /// If the format's library refuses, which happens only for want of memory.
    pub fn new(codec: Codec) -> io::Result<Encoder> {
        let state = match codec {
            Codec::Gzip => State::Gzip(Box::new(Compress::new(Compression::new(GZIP_LEVEL), false))),
            Codec::Zstd => State::Zstd(zstd_context()?),
            Codec::Bzip2 => State::Bzip2,
            Codec::Xz => State::Xz,
            Codec::Lz4 => State::Lz4,
        };
        Ok(Encoder { state })
    }

    /// Compresses bytes into one complete member and appends it to `out`.
    ///
    /// The member is the same whatever was compressed before.
    ///
    /// # Errors
    /// If the format's library refuses, which happens only for want of memory. `out` then ends as it did before.
    pub fn encode(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        let before = out.len();
        let result = match &mut self.state {
            State::Gzip(deflater) => gzip(deflater, bytes, out),
            State::Zstd(context) => zstd(context, bytes, out),
            State::Bzip2 => bzip2(bytes, out),
            State::Xz => xz(bytes, out),
            State::Lz4 => lz4(bytes, out),
        };
        if result.is_err() {
            out.truncate(before);
        }
        result
    }
}

fn gzip(deflater: &mut Compress, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    out.extend_from_slice(&GZIP_HEADER);
    deflater.reset();
    let mut rest = bytes;
    loop {
        out.reserve(PIECE.min(rest.len() / 2 + 64));
        let before = deflater.total_in();
        let status = deflater.compress_vec(rest, out, FlushCompress::Finish)?;
        rest = rest.get((deflater.total_in() - before) as usize..).unwrap_or_default();
        if status == Status::StreamEnd {
            break;
        }
    }
    let mut crc = Crc::new();
    crc.update(bytes);
    out.extend_from_slice(&crc.sum().to_le_bytes());
    out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
    Ok(())
}

fn zstd_context() -> io::Result<CCtx<'static>> {
    let mut context = CCtx::try_create().ok_or(io::ErrorKind::OutOfMemory)?;
    for parameter in
        [CParameter::CompressionLevel(ZSTD_LEVEL), CParameter::ChecksumFlag(true), CParameter::ContentSizeFlag(true)]
    {
        context.set_parameter(parameter).map_err(zstd_error)?;
    }
    Ok(context)
}

fn zstd(context: &mut CCtx<'_>, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    context.reset(ResetDirective::SessionOnly).map_err(zstd_error)?;
    let before = out.len();
    out.resize(before + compress_bound(bytes.len()), 0);
    let written = context.compress2(&mut out[before..], bytes).map_err(zstd_error)?;
    out.truncate(before + written);
    Ok(())
}

fn zstd_error(code: usize) -> io::Error {
    io::Error::other(get_error_name(code))
}

fn bzip2(bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    // A level is a block's size in 100 kB and has no other meaning, so a larger one than the bytes need is only memory.
    let level = bytes.len().div_ceil(100_000).clamp(1, 9) as u32;
    let mut encoder = BzEncoder::new(out, bzip2::Compression::new(level));
    encoder.write_all(bytes)?;
    encoder.finish()?;
    Ok(())
}

fn xz(bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    let mut options = LzmaOptions::new_preset(XZ_PRESET)?;
    // A dictionary larger than the bytes is only memory: 4 KiB is the least, 8 MiB that of the preset.
    options.dict_size(bytes.len().next_power_of_two().clamp(4 << 10, 8 << 20) as u32);
    let mut stream = Stream::new_stream_encoder(Filters::new().lzma2(&options), Check::Crc64)?;
    let mut rest = bytes;
    loop {
        out.reserve(PIECE);
        let before = stream.total_in();
        let status = stream.process_vec(rest, out, Action::Finish)?;
        rest = rest.get((stream.total_in() - before) as usize..).unwrap_or_default();
        if status == liblzma::stream::Status::StreamEnd {
            return Ok(());
        }
    }
}

fn lz4(bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    let info = FrameInfo::new()
        .block_mode(BlockMode::Independent)
        .block_size(lz4_block_size(bytes.len()))
        .content_size(Some(bytes.len() as u64))
        .content_checksum(true);
    let mut encoder = FrameEncoder::with_frame_info(info, out);
    encoder.write_all(bytes)?;
    encoder.finish()?;
    Ok(())
}

/// The smallest block that holds the bytes; the largest is that of the `lz4` program.
fn lz4_block_size(length: usize) -> BlockSize {
    const SIZES: [BlockSize; 3] = [BlockSize::Max64KB, BlockSize::Max256KB, BlockSize::Max1MB];
    let limits = [64 << 10, 256 << 10, 1 << 20];
    let fits = SIZES.into_iter().zip(limits).find(|&(_, limit)| length <= limit);
    fits.map_or(BlockSize::Max4MB, |(size, _)| size)
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_member_does_not_depend_on_those_before_it() {
        let text = "The bridge is open again, the town said on Monday.\n".repeat(40);
        for codec in Codec::ALL {
            let mut encoder = Encoder::new(codec).expect("there is memory");
            let mut first = Vec::new();
            encoder.encode(text.as_bytes(), &mut first).expect("text can be compressed");
            let mut second = Vec::new();
            encoder.encode(b"Leave a Reply", &mut Vec::new()).expect("text can be compressed");
            encoder.encode(text.as_bytes(), &mut second).expect("text can be compressed");
            assert_eq!(first, second, "{codec}");
            assert!(first.len() < text.len() / 4, "{codec}");
        }
    }
}
