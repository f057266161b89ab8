//! How far a run has come: inputs, and the bytes of their files.

/// How far a run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Inputs that are done, one way or another.
    pub inputs: u64,
    /// Bytes of the files that are done, as they lie on the disk; of a container that is under way, those that were read.
    pub bytes: u64,
    /// How many of these bytes an earlier run had done.
    pub reused: u64,
}

/// Counts what is done, in the order of the report. The bytes come to the sum of the files' sizes exactly.
#[derive(Debug, Default)]
pub(crate) struct Counting {
    so_far: Reached,
    /// Bytes of the container under way.
    open: u64,
}

impl Counting {
    pub(crate) fn so_far(&self) -> Reached {
        self.so_far
    }

    /// A container is under way, and so much of it was read. Behind damage, reading may step back; what is done is done.
    pub(crate) fn within(&mut self, read: u64) {
        let more = read.saturating_sub(self.open);
        self.open += more;
        self.so_far.bytes += more;
    }

    /// A part of a container of this size is written, of which so much was read.
    pub(crate) fn part(&mut self, read: u64, size: u64, is_last: bool) {
        self.within(read.min(size));
        if is_last {
            self.done(size);
        }
    }

    /// A container goes on behind what an earlier run did of it.
    pub(crate) fn goes_on(&mut self, read: u64) {
        self.within(read);
        self.so_far.reused += read;
    }

    /// An input of this size is done.
    pub(crate) fn done(&mut self, size: u64) {
        self.so_far.inputs += 1;
        self.so_far.bytes += size.saturating_sub(std::mem::take(&mut self.open));
    }

    /// An input of this size was done by an earlier run.
    pub(crate) fn reused(&mut self, size: u64) {
        self.done(size);
        self.so_far.reused += size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_to_the_sizes_whatever_was_read() {
        let mut counting = Counting::default();
        counting.done(10);
        for read in [3, 7, 5, 7] {
            counting.within(read);
        }
        assert_eq!(counting.so_far(), Reached { inputs: 1, bytes: 17, reused: 0 });
        counting.done(20);
        counting.reused(5);
        counting.goes_on(30);
        counting.within(40);
        counting.done(100);
        assert_eq!(counting.so_far(), Reached { inputs: 4, bytes: 135, reused: 35 });
    }
}
