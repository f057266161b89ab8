//! Dividing a run among machines that know nothing of each other.

use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;
use std::str::FromStr;

use crate::report::DocumentName;

/// One of several parts of all inputs; which part a file is in depends on its path alone.
///
/// ```
/// use dechrome::pipeline::Shard;
///
/// let shards: Vec<Shard> = (1..=4).map(|index| format!("{index}/4").parse().unwrap()).collect();
/// let takers = shards.iter().filter(|shard| shard.takes("2024/story.txt".as_ref())).count();
/// assert_eq!(takers, 1);
/// assert!("5/4".parse::<Shard>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u32,
    count: NonZeroU32,
}

/// A text that names no shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give I/N, two numbers with I from 1 to N: the second of eight parts is 2/8")]
pub struct NoShard;

impl Shard {
    /// Whether a file belongs to it, by its path relative to the output directory.
    pub fn takes(self, target: &Path) -> bool {
        let DocumentName { path, raw } = DocumentName::of(target);
        let hash = blake3::hash(raw.unwrap_or(path).as_bytes());
        // The first eight bytes of a good hash are as evenly spread as all of it.
        let start = hash.as_bytes().iter().take(8).fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
        start % u64::from(self.count.get()) == u64::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Shard, NoShard> {
        let (index, count) = text.split_once('/').ok_or(NoShard)?;
        let (index, count): (u32, NonZeroU32) =
            (index.parse().map_err(|_| NoShard)?, count.parse().map_err(|_| NoShard)?);
        if (1..=count.get()).contains(&index) { Ok(Shard { index, count }) } else { Err(NoShard) }
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_in_one_part_and_parts_are_of_a_size() {
        let shards: Vec<Shard> = (1..=5).map(|index| format!("{index}/5").parse().expect("a shard")).collect();
        let mut counts = [0; 5];
        for number in 0..5000 {
            let path = format!("{}/{number}.txt", number % 7);
            let takers: Vec<usize> = (0..5).filter(|&at| shards[at].takes(Path::new(&path))).collect();
            assert_eq!(takers.len(), 1, "{path}");
            counts[takers[0]] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    }

    #[test]
    fn what_names_no_part_is_refused() {
        for text in ["", "1", "0/3", "4/3", "1/0", "a/b", "-1/2", "1/2/3"] {
            assert_eq!(text.parse::<Shard>(), Err(NoShard), "{text}");
        }
    }
}
