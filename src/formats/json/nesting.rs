//! Which arrays and objects are open.

use super::error::Container;

/// The open containers, one bit each, so that depth costs next to nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Nesting {
    words: Vec<u64>,
    depth: usize,
}

impl Nesting {
    pub(super) fn clear(&mut self) {
        self.depth = 0;
    }

    /// How many containers are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    pub(super) fn open(&mut self, container: Container) {
        let bit = 1_u64 << (self.depth % 64);
        let word = self.depth / 64;
        if word == self.words.len() {
            self.words.push(0);
        }
        if let Some(word) = self.words.get_mut(word) {
            match container {
                Container::Object => *word |= bit,
                Container::Array => *word &= !bit,
            }
        }
        self.depth += 1;
    }

    pub(super) fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// The innermost open container.
    pub(super) fn innermost(&self) -> Option<Container> {
        let last = self.depth.checked_sub(1)?;
        let word = self.words.get(last / 64)?;
        Some(if word >> (last % 64) & 1 == 1 { Container::Object } else { Container::Array })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_come_off_in_reverse() {
        let kind = |number: usize| if number.is_multiple_of(3) { Container::Object } else { Container::Array };
        let mut nesting = Nesting::default();
        for _ in 0..2 {
            (0..200).for_each(|number| nesting.open(kind(number)));
            for number in (0..200).rev() {
                assert_eq!((nesting.innermost(), nesting.depth()), (Some(kind(number)), number + 1));
                nesting.close();
            }
            assert_eq!(nesting.innermost(), None);
        }
    }
}
