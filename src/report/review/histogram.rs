//! How much of each document went, as a histogram.

/// The upper borders of the bars, in words of ten thousand; documents of which nothing went have a bar of their own.
const BORDERS: [u64; 9] = [100, 200, 500, 1000, 2000, 3000, 5000, 7500, 10_000];
/// What stands below the bars, in per cent.
const NAMES: [&str; 10] = ["0", "up to 1", "1–2", "2–5", "5–10", "10–20", "20–30", "30–50", "50–75", "75–100"];

/// Documents by the share of their words that was removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Histogram {
    counts: [u64; NAMES.len()],
}

impl Histogram {
    /// Adds a document of so many words, of which so many went.
    pub(super) fn add(&mut self, words: u64, removed: u64) {
        let bar = match removed {
            0 => 0,
            _ => {
                let share = parts_of_ten_thousand(removed, words);
                1 + BORDERS.iter().position(|&border| share <= border).unwrap_or(BORDERS.len() - 1)
            }
        };
        self.counts[bar] += 1;
    }

    /// The bars with what stands below them.
    pub(super) fn bars(&self) -> impl Iterator<Item = (&'static str, u64)> {
        NAMES.iter().copied().zip(self.counts)
    }
}

/// A share in parts of ten thousand; never 0 where there is anything.
pub(super) fn parts_of_ten_thousand(part: u64, whole: u64) -> u64 {
    let share = u128::from(part) * 10_000 / u128::from(whole.max(1));
    u64::try_from(share).unwrap_or(10_000).clamp(u64::from(part > 0), 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_has_its_bar() {
        let mut histogram = Histogram::default();
        for removed in [0, 1, 10, 11, 50, 100, 999, 1000] {
            histogram.add(1000, removed);
        }
        histogram.add(0, 0);
        // More can be said to have gone than there was, by a report that somebody edited.
        histogram.add(3, u64::MAX);
        let counts: Vec<u64> = histogram.bars().map(|(_, count)| count).collect();
        assert_eq!(counts, [2, 2, 1, 1, 1, 0, 0, 0, 0, 3]);
    }
}
