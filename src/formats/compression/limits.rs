//! How much an input may ask for.

/// What a [`Decoder`](crate::formats::compression::Decoder) refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How many bytes may come out for each that went in, over the whole input.
    pub max_ratio: u64,
    /// From how many bytes of output on the ratio is looked at.
    pub ratio_from: u64,
    /// How many bytes may come out of the whole input.
    pub max_bytes: Option<u64>,
    /// The largest window a frame may ask for, as a power of two. The decoder's memory grows up to it.
    pub max_window_log: u32,
}

impl Default for Limits {
    /// Two hundred to one from 64 MiB of output on, any number of bytes, and windows of 128 MiB, as `zstd` itself.
    fn default() -> Limits {
        Limits { max_ratio: 200, ratio_from: 64 << 20, max_bytes: None, max_window_log: 27 }
    }
}

impl Limits {
    /// Tells whether this many bytes may come out of that many.
    pub(crate) fn allow(&self, bytes_in: u64, bytes_out: u64) -> bool {
        let over_ratio = bytes_out > self.ratio_from && bytes_out > bytes_in.saturating_mul(self.max_ratio);
        !over_ratio && self.max_bytes.is_none_or(|most| bytes_out <= most)
    }

    /// How many more bytes may come out before the limit of bytes is reached.
    pub(crate) fn left(&self, bytes_out: u64) -> u64 {
        self.max_bytes.map_or(u64::MAX, |most| most.saturating_sub(bytes_out))
    }

    /// The largest window, in bytes.
    pub(crate) fn max_window(&self) -> u64 {
        1u64.checked_shl(self.max_window_log).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_counts_from_some_output_on() {
        let limits = Limits { ratio_from: 1000, ..Limits::default() };
        assert!(limits.allow(1, 1000));
        assert!(!limits.allow(1, 1001));
        assert!(limits.allow(10, 2000));
        assert!(!limits.allow(10, 2001));
    }

    #[test]
    fn bytes_are_counted_to_the_last() {
        let limits = Limits { max_bytes: Some(5), ..Limits::default() };
        assert!(limits.allow(5, 5));
        assert!(!limits.allow(5, 6));
        assert_eq!(limits.left(3), 2);
    }
}
