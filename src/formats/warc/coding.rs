//! Content codings (RFC 9110, section 8.4.1): gzip, deflate, br, zstd.

use std::borrow::Cow;
use std::io::{self, Read};

use brotli_decompressor::Decompressor;
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::limits::{BrokenBody, HttpLimits};
use super::warning::HttpWarning;

/// How many codings one body may have; more than one is a server's mistake as a rule.
const MAX_CODINGS: usize = 4;

/// The largest window of a zstd body: 8 MB (RFC 9659, section 3).
const ZSTD_WINDOW_LOG: u32 = 23;

const PIECE: usize = 16 << 10;

const GZIP_MAGIC: &[u8] = b"\x1f\x8b";
const ZSTD_MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// Undoes the codings that a `Content-Encoding` names, the last one first.
///
/// A coding that the body does not have is passed by with a warning; one that nobody knows, without.
///
/// # Errors
/// When the body is damaged or grows beyond the limits.
pub(super) fn decoded<'b>(
    body: Cow<'b, [u8]>,
    names: &[u8],
    limits: &HttpLimits,
) -> Result<(Cow<'b, [u8]>, Option<HttpWarning>), BrokenBody> {
    let named = names.split(|&byte| byte == b',').filter_map(Coding::of_name).take(MAX_CODINGS + 1);
    let codings: Vec<Coding> = named.collect();
    if codings.len() > MAX_CODINGS {
        return Err(BrokenBody::TooManyCodings { max_codings: MAX_CODINGS });
    }
    codings.into_iter().rev().try_fold((body, None), |(body, warning), coding| {
        let decoded = coding.decode(&body, limits)?;
        Ok(decoded.map_or((body, Some(HttpWarning::NotEncoded)), |body| (Cow::Owned(body), warning)))
    })
}

impl Coding {
    fn of_name(name: &[u8]) -> Option<Coding> {
        match name.trim_ascii().to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Some(Coding::Gzip),
            b"deflate" => Some(Coding::Deflate),
            b"br" => Some(Coding::Brotli),
            b"zstd" => Some(Coding::Zstd),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
            Coding::Brotli => "br",
            Coding::Zstd => "zstd",
        }
    }

    /// The decoded body; `None` if it is not so encoded.
    fn decode(self, body: &[u8], limits: &HttpLimits) -> Result<Option<Vec<u8>>, BrokenBody> {
        let mut output = Output { bytes: Vec::new(), encoded: body.len(), limits };
        let done = match self {
            Coding::Gzip if body.starts_with(GZIP_MAGIC) => gzip(body, &mut output),
            Coding::Zstd if body.starts_with(ZSTD_MAGIC) => zstd(body, &mut output),
            Coding::Deflate if has_zlib_header(body) => output.fill(&mut ZlibDecoder::new(body)),
            Coding::Deflate => return unmarked(output.fill(&mut DeflateDecoder::new(body)), output.bytes),
            Coding::Brotli => return unmarked(output.fill(&mut Decompressor::new(body, PIECE)), output.bytes),
            Coding::Gzip | Coding::Zstd => return Ok(None),
        };
        match done {
            Ok(()) => Ok(Some(output.bytes)),
            Err(Stop::Limit(broken)) => Err(broken),
            Err(Stop::Damage(error)) => {
                let offset = output.bytes.len();
                Err(BrokenBody::Damaged { coding: self.as_str(), offset, reason: error.to_string() })
            }
        }
    }
}

/// What comes of a coding whose data have no mark: if they cannot be decoded, they are not so encoded.
fn unmarked(done: Result<(), Stop>, bytes: Vec<u8>) -> Result<Option<Vec<u8>>, BrokenBody> {
    match done {
        Ok(()) => Ok((!bytes.is_empty()).then_some(bytes)),
        Err(Stop::Limit(broken)) => Err(broken),
        Err(Stop::Damage(_)) => Ok(None),
    }
}

/// All members, one behind the other; other bytes behind the last are padding.
fn gzip(body: &[u8], output: &mut Output<'_>) -> Result<(), Stop> {
    let mut rest = body;
    while rest.starts_with(GZIP_MAGIC) {
        let mut member = GzDecoder::new(rest);
        output.fill(&mut member)?;
        rest = member.into_inner();
    }
    Ok(())
}

fn zstd(body: &[u8], output: &mut Output<'_>) -> Result<(), Stop> {
    let mut decoder = zstd::stream::read::Decoder::with_buffer(body).map_err(Stop::Damage)?;
    decoder.window_log_max(ZSTD_WINDOW_LOG).map_err(Stop::Damage)?;
    output.fill(&mut decoder)
}

/// Whether the bytes begin like zlib's (RFC 1950, section 2.2); the bare deflate that some servers send does not.
fn has_zlib_header(body: &[u8]) -> bool {
    matches!(body, [first, second, ..] if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]) % 31 == 0)
}

/// Why decoding stopped before the end.
enum Stop {
    Limit(BrokenBody),
    Damage(io::Error),
}

/// The decoded bytes, which may not be too many.
struct Output<'l> {
    bytes: Vec<u8>,
    encoded: usize,
    limits: &'l HttpLimits,
}

impl Output<'_> {
    /// Takes all that a decoder gives.
    fn fill(&mut self, decoder: &mut dyn Read) -> Result<(), Stop> {
        let mut piece = [0; PIECE];
        loop {
            let len = decoder.read(&mut piece).map_err(Stop::Damage)?;
            if len == 0 {
                return Ok(());
            }
            self.bytes.extend_from_slice(piece.get(..len).unwrap_or(&piece));
            self.limits.check(self.bytes.len(), self.encoded).map_err(Stop::Limit)?;
        }
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::*;

    const TEXT: &[u8] = b"The bridge is open again, the bridge is open again.";

    fn decode(body: &[u8], names: &str) -> Result<Vec<u8>, BrokenBody> {
        decoded(Cow::Borrowed(body), names.as_bytes(), &HttpLimits::default()).map(|(body, _)| body.into_owned())
    }

    fn gzipped(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).expect("written");
        encoder.finish().expect("finished")
    }

    fn deflated(text: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        zlib.write_all(text).and_then(|()| bare.write_all(text)).expect("written");
        (zlib.finish().expect("finished"), bare.finish().expect("finished"))
    }

    #[test]
    fn each_coding_is_undone() {
        let (zlib, bare) = deflated(TEXT);
        assert_eq!(decode(&gzipped(TEXT), "X-GZip").as_deref(), Ok(TEXT));
        assert_eq!(decode(&zlib, "deflate").as_deref(), Ok(TEXT));
        assert_eq!(decode(&bare, "deflate").as_deref(), Ok(TEXT));
        let zstd = zstd::encode_all(TEXT, 3).expect("encoded");
        assert_eq!(decode(&zstd, "zstd").as_deref(), Ok(TEXT));
        // "hello" as brotli stores it, uncompressed.
        assert_eq!(decode(b"\x0b\x02\x80hello\x03", "br").as_deref(), Ok(&b"hello"[..]));
    }

    #[test]
    fn codings_are_undone_from_the_last_on() {
        let (zlib, _) = deflated(TEXT);
        assert_eq!(decode(&gzipped(&zlib), "deflate, gzip").as_deref(), Ok(TEXT));
        assert_eq!(decode(&gzipped(TEXT), "gzip, gzip").as_deref(), Ok(TEXT));
        let many = "gzip,".repeat(MAX_CODINGS + 1);
        assert_eq!(decode(TEXT, &many), Err(BrokenBody::TooManyCodings { max_codings: MAX_CODINGS }));
    }

    #[test]
    fn a_coding_that_the_body_does_not_have_is_passed_by() {
        for name in ["gzip", "deflate", "br", "zstd", "identity", "utf-8", ""] {
            assert_eq!(decode(TEXT, name).as_deref(), Ok(TEXT), "{name}");
            assert_eq!(decode(b"", name).as_deref(), Ok(&b""[..]), "{name}");
        }
    }

    #[test]
    fn a_coding_that_is_passed_by_is_told() {
        let warning =
            |names: &str| decoded(Cow::Borrowed(TEXT), names.as_bytes(), &HttpLimits::default()).expect("decoded").1;
        assert_eq!(warning("gzip"), Some(HttpWarning::NotEncoded));
        assert_eq!(warning("identity"), None);
    }

    #[test]
    fn all_members_are_read_and_padding_is_not() {
        let body = [gzipped(b"one "), gzipped(b"two"), vec![0; 9]].concat();
        assert_eq!(decode(&body, "gzip").as_deref(), Ok(&b"one two"[..]));
    }

    #[test]
    fn data_that_end_too_early_are_damaged() {
        let body = gzipped(TEXT);
        let broken = decode(&body[..body.len() - 9], "gzip").expect_err("cut off");
        assert_eq!(broken.as_str(), "damaged");
    }

    #[test]
    fn a_bomb_is_given_up() {
        let body = gzipped(&vec![b' '; 1 << 20]);
        let limits = HttpLimits { ratio_from: 1 << 16, ..HttpLimits::default() };
        let broken = decoded(Cow::Borrowed(&body), b"gzip", &limits).expect_err("a bomb");
        assert_eq!(broken.as_str(), "bomb");
        let limits = HttpLimits { max_bytes: 1 << 16, ..HttpLimits::default() };
        let broken = decoded(Cow::Borrowed(&body), b"gzip", &limits).expect_err("too large");
        assert_eq!(broken, BrokenBody::TooLarge { max_bytes: 1 << 16 });
    }
}
