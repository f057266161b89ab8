//! What holds of each byte of a block, as bits of a number: told by arithmetic on bytes without a branch, which compilers turn into
//! instructions for many bytes at once.

/// Gathers the lowest bits of eight bytes in the highest byte of their product.
const GATHER: u64 = 0x0102_0408_1020_4080;

/// The bits of flags, each of them 0 or 1, the first one lowest; of at most 64 flags, in eights.
#[inline(always)]
pub(crate) fn gather<const FLAGS: usize>(flags: &[u8; FLAGS]) -> u64 {
    let eights = flags.as_chunks::<8>().0.iter();
    eights.rev().fold(0, |bits, eight| bits << 8 | u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_has_its_bit() {
        for place in 0..64 {
            let mut flags = [0; 64];
            flags[place] = 1;
            assert_eq!(gather(&flags), 1 << place);
        }
        assert_eq!(gather(&[1; 32]), u64::from(u32::MAX));
        assert_eq!(gather(&[1; 64]), u64::MAX);
    }
}
