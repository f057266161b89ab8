//! Digests in headers, `sha1:…`, made anew for other bytes.

use data_encoding::{BASE32, BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL, Encoding, HEXLOWER, HEXUPPER};
use md5::Md5;
use sha1::{Digest as _, Sha1};
use sha2::{Sha256, Sha512};

/// The digest of `bytes` by the algorithm and in the writing of another digest; `None` if these are not known.
pub(super) fn renewed(like: &[u8], bytes: &[u8]) -> Option<String> {
    let (label, old) = std::str::from_utf8(like).ok()?.split_once(':')?;
    let digest: Vec<u8> = match label.to_ascii_lowercase().as_str() {
        "sha1" | "sha-1" => Sha1::digest(bytes).to_vec(),
        "sha256" | "sha-256" => Sha256::digest(bytes).to_vec(),
        "sha512" | "sha-512" => Sha512::digest(bytes).to_vec(),
        "md5" => Md5::digest(bytes).to_vec(),
        _ => return None,
    };
    Some(format!("{label}:{}", written_like(old, &digest)?))
}

/// The digest as Common Crawl writes it: SHA-1 in base 32.
pub(super) fn sha1(bytes: &[u8]) -> String {
    format!("sha1:{}", BASE32.encode(&Sha1::digest(bytes)))
}

/// The bases digests are written in. No digest has the same length in two of them that share its letters.
static BASES: [Encoding; 7] = [HEXLOWER, HEXUPPER, BASE32_NOPAD, BASE32, BASE64, BASE64URL, BASE64_NOPAD];

/// Writes a digest in the base that the length and the letters of another of the same algorithm show.
fn written_like(old: &str, digest: &[u8]) -> Option<String> {
    let reads = |base: &Encoding, text: &str| base.decode(text.as_bytes()).is_ok_and(|read| read.len() == digest.len());
    if let Some(base) = BASES.iter().find(|base| reads(base, old)) {
        return Some(base.encode(digest));
    }
    // Base 32 is written in small letters, too.
    let base = BASES.iter().find(|base| reads(base, &old.to_ascii_uppercase()))?;
    Some(base.encode(digest).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_written_as_the_old_one_was() {
        let of_nothing = |like: &str| renewed(like.as_bytes(), b"");
        let sha1 = "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ";
        assert_eq!(of_nothing(&format!("sha1:{}", "A".repeat(32))), Some(format!("sha1:{sha1}")));
        assert_eq!(of_nothing(&format!("SHA-1:{}", "a".repeat(32))), Some(format!("SHA-1:{}", sha1.to_lowercase())));
        let hex = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
        assert_eq!(of_nothing(&format!("sha1:{}", "0".repeat(40))), Some(format!("sha1:{hex}")));
        assert_eq!(of_nothing(&format!("sha1:{}", "A".repeat(40))), Some(format!("sha1:{}", hex.to_uppercase())));
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        assert_eq!(of_nothing(&format!("md5:{}", "0".repeat(32))), Some(format!("md5:{md5}")));
        let padded = of_nothing(&format!("md5:{}======", "A".repeat(26)));
        assert_eq!(padded.as_deref(), Some("md5:2QOYZWMPACZAJ2MABGMOZ6CCPY======"));
    }

    #[test]
    fn base_64_is_written_in_either_alphabet() {
        // The letters that differ are in this one.
        let old = Sha1::digest(b"");
        for base in [BASE64, BASE64URL, BASE64_NOPAD] {
            let like = format!("sha1:{}", base.encode(&old));
            assert_eq!(renewed(like.as_bytes(), b"new"), Some(format!("sha1:{}", base.encode(&Sha1::digest(b"new")))));
        }
    }

    #[test]
    fn lengths_tell_the_base_of_each_algorithm() {
        for (label, lengths) in [("sha256", [52, 64]), ("sha512", [103, 128]), ("md5", [26, 32]), ("sha1", [32, 40])] {
            for length in lengths {
                let like = format!("{label}:{}", "A".repeat(length));
                assert_eq!(renewed(like.as_bytes(), b"x").map(|new| new.len()), Some(like.len()), "{like}");
            }
        }
    }

    #[test]
    fn what_is_not_known_is_not_renewed() {
        for like in ["blake3:AAAA", "sha1:AAAA", "AAAA", "sha1:", "sha1:\u{e9}"] {
            assert_eq!(renewed(like.as_bytes(), b""), None, "{like}");
        }
    }

    #[test]
    fn common_crawl_writes_sha1_in_base_32() {
        assert_eq!(sha1(b""), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
    }
}
