//! Back in order: workers finish parts of the run in any order, and they are written in the order of the report.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::RunError;

/// How many finished parts may wait for an earlier one.
const MAX_WAITING: usize = 4096;
/// How many bytes they may have.
const MAX_WAITING_BYTES: usize = 16 * 1024 * 1024;
/// How long a worker sleeps at most before it looks again whether there is something to help with.
const NAP: Duration = Duration::from_millis(20);

/// The place of a part in the order of the report: the number of its input, and which part of that it is.
pub(crate) type Key = (u64, u32);

/// What is done with parts that are in order.
pub(crate) trait Sink {
    /// A finished part.
    type Done;

    /// How many bytes of memory one holds.
    fn size(done: &Self::Done) -> usize;

    /// Writes the next one; tells whether its input is done with it.
    fn write(&mut self, done: Self::Done) -> Result<Progress, RunError>;
}

/// Whether more parts of an input follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Within,
    InputDone,
}

/// Whether a worker may take on more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// It may.
    Free,
    /// Too much waits for the input of this number; whoever can work on that should.
    OnlyFor(u64),
    /// The run is over.
    Closed,
}

/// The queue that puts parts in order and hands them to a sink.
pub(crate) struct Queue<S: Sink> {
    state: Mutex<State<S>>,
    room: Condvar,
}

struct State<S: Sink> {
    next: Key,
    waiting: BTreeMap<Key, S::Done>,
    waiting_bytes: usize,
    /// How many workers sleep; nearly always none, and waking nobody would cost a system call a document.
    sleeping: usize,
    closed: bool,
    sink: S,
}

impl<S: Sink> Queue<S> {
    /// A queue before this sink.
    pub(crate) fn new(sink: S) -> Queue<S> {
        let state =
            State { next: (0, 0), waiting: BTreeMap::new(), waiting_bytes: 0, sleeping: 0, closed: false, sink };
        Queue { state: Mutex::new(state), room: Condvar::new() }
    }

    /// Whether there is room for more.
    pub(crate) fn room(&self) -> Room {
        self.lock().room()
    }

    /// Sleeps until something was written, or a moment has passed.
    pub(crate) fn nap(&self) {
        let mut state = self.lock();
        if state.room() == Room::Closed {
            return;
        }
        state.sleeping += 1;
        let (mut state, _) = self.room.wait_timeout(state, NAP).unwrap_or_else(PoisonError::into_inner);
        state.sleeping -= 1;
    }

    /// Takes the result with this key, and writes all that are now in order.
    pub(crate) fn hand_in(&self, key: Key, done: S::Done) -> Result<(), RunError> {
        let mut state = self.lock();
        state.waiting_bytes += S::size(&done);
        if key < state.next || state.waiting.insert(key, done).is_some() {
            return Err(RunError::Unaccounted("an input was done twice".into()));
        }
        while let Some(done) = state.take_next() {
            match state.sink.write(done)? {
                Progress::Within => state.next.1 += 1,
                Progress::InputDone => state.next = (state.next.0 + 1, 0),
            }
        }
        if state.sleeping > 0 {
            self.room.notify_all();
        }
        Ok(())
    }

    /// Ends the run for all workers.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.room.notify_all();
    }

    /// Changes the sink.
    pub(crate) fn change(&self, change: impl FnOnce(&mut S)) {
        change(&mut self.lock().sink);
    }

    /// Looks at the sink.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&S) -> T) -> T {
        look(&self.lock().sink)
    }

    /// How many inputs are done, if nothing is left of any other.
    pub(crate) fn done(&self) -> Option<u64> {
        let state = self.lock();
        let (inputs, part) = state.next;
        (state.waiting.is_empty() && part == 0).then_some(inputs)
    }

    /// The sink, when everything is written that will be.
    pub(crate) fn finish(self) -> S {
        self.state.into_inner().unwrap_or_else(PoisonError::into_inner).sink
    }

    /// A worker that panicked does not take the others down.
    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Sink> State<S> {
    fn room(&self) -> Room {
        let is_full = self.waiting.len() > MAX_WAITING || self.waiting_bytes > MAX_WAITING_BYTES;
        match (self.closed, is_full) {
            (true, _) => Room::Closed,
            (false, true) => Room::OnlyFor(self.next.0),
            (false, false) => Room::Free,
        }
    }

    fn take_next(&mut self) -> Option<S::Done> {
        let done = self.waiting.remove(&self.next)?;
        self.waiting_bytes -= S::size(&done);
        Some(done)
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;

    /// Keeps what it is given, which ends an input where it says so.
    struct Kept(Vec<&'static str>);

    impl Sink for Kept {
        type Done = &'static str;

        fn size(done: &&'static str) -> usize {
            done.len()
        }

        fn write(&mut self, done: &'static str) -> Result<Progress, RunError> {
            self.0.push(done);
            Ok(if done.ends_with('.') { Progress::InputDone } else { Progress::Within })
        }
    }

    #[test]
    fn parts_are_written_in_order_however_they_come() {
        let queue = Queue::new(Kept(Vec::new()));
        for (key, done) in [((1, 0), "d."), ((0, 2), "c."), ((0, 0), "a"), ((2, 0), "e."), ((0, 1), "b")] {
            queue.hand_in(key, done).expect("written");
        }
        assert_eq!(queue.finish().0, ["a", "b", "c.", "d.", "e."]);
    }

    #[test]
    fn too_much_that_waits_leaves_room_for_the_first_only() {
        let queue = Queue::new(Kept(Vec::new()));
        assert_eq!(queue.room(), Room::Free);
        for number in 0..=MAX_WAITING {
            queue.hand_in((1, number as u32), "x").expect("kept");
        }
        assert_eq!(queue.room(), Room::OnlyFor(0));
        queue.hand_in((0, 0), ".").expect("written");
        assert_eq!(queue.room(), Room::Free);
        queue.close();
        assert_eq!(queue.room(), Room::Closed);
    }

    #[test]
    fn what_is_done_is_done_once() {
        let queue = Queue::new(Kept(Vec::new()));
        queue.hand_in((0, 0), "a.").expect("written");
        queue.hand_in((2, 0), "c.").expect("kept");
        assert_eq!(queue.done(), None);
        for key in [(0, 0), (0, 1), (2, 0)] {
            assert!(queue.hand_in(key, "x.").is_err(), "{key:?}");
        }
        queue.hand_in((1, 0), "b").expect("written");
        assert_eq!(queue.done(), None);
        queue.hand_in((1, 1), "b.").expect("written");
        assert_eq!(queue.done(), Some(3));
    }
}
