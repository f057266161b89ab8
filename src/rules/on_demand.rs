//! Things that are made when they are first asked for.

use std::sync::OnceLock;

/// For so many things room is taken together.
const BLOCK: usize = 32;

/// So many things by their numbers, each made when it is first asked for.
///
/// Of the thousands of rules and patterns of a set one document asks for some dozens: what the others would take is neither
/// made nor even set aside.
#[derive(Debug)]
pub(crate) struct OnDemand<T> {
    blocks: Box<[OnceLock<Block<T>>]>,
}

type Block<T> = Box<[OnceLock<T>]>;

impl<T> OnDemand<T> {
    /// Room for so many.
    pub(crate) fn new(count: usize) -> OnDemand<T> {
        OnDemand { blocks: places(count.div_ceil(BLOCK)) }
    }

    /// The thing of a number below the count, made now if it has not been.
    #[inline]
    pub(crate) fn get(&self, number: usize, make: impl FnOnce() -> T) -> &T {
        let block = self.blocks[number / BLOCK].get_or_init(|| places(BLOCK));
        block[number % BLOCK].get_or_init(make)
    }
}

fn places<T>(count: usize) -> Box<[OnceLock<T>]> {
    (0..count).map(|_| OnceLock::new()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_is_made_once() {
        let things = OnDemand::new(100);
        for number in [0, 99, 31, 32, 0, 99] {
            assert_eq!(*things.get(number, || number * 2), number * 2);
        }
        assert_eq!(*things.get(99, || unreachable!("it is there")), 198);
    }
}
