//! The same work on several threads; the only home of rayon.

use std::io;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use super::RunError;
use super::panics::guarded;

/// The stack of a worker.
const STACK: usize = 8 * 1024 * 1024;
/// How many wait for the disk beside each other at most.
const WAITING: usize = 16;
/// How many things there must be for one more who waits.
const WAITS_EACH: usize = 4;
/// The stack of who does nothing but wait.
const SMALL_STACK: usize = 128 * 1024;

/// Does `work` once on every thread of a pool of our own; what came of it, by thread. Work that others wait for must not be
/// lost by a panic: it closes what they wait at.
pub(super) fn on_threads<T: Send>(threads: NonZeroUsize, work: impl Fn() -> T + Sync) -> Result<Vec<T>, RunError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.get())
        .thread_name(|number| format!("dechrome-{number}"))
        .stack_size(STACK)
        .build()
        .map_err(|error| RunError::Threads(error.to_string()))?;
    pool.broadcast(|_| guarded(&work)).into_iter().collect::<Result<_, _>>().map_err(RunError::Panicked)
}

/// Does something for each of several things that is nothing but waiting for the disk, and `own` beside it. Waiting one by one
/// takes a turn of the disk each; of those who wait together it serves many in one. What fails beside others, as where files
/// cannot be opened without end, is tried once more alone.
pub(super) fn waiting_together<T: Send + Sync>(
    things: &[T],
    wait: impl Fn(&T) -> io::Result<()> + Sync,
    own: impl FnOnce() -> io::Result<()>,
) -> io::Result<()> {
    let left = Mutex::new(things.iter());
    let next = || left.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || -> Vec<&T> { std::iter::from_fn(next).filter(|thing| wait(thing).is_err()).collect() };
    let failed = std::thread::scope(|scope| {
        let others = (things.len() / WAITS_EACH).min(WAITING - 1);
        let thread = || std::thread::Builder::new().name("dechrome-disk".into()).stack_size(SMALL_STACK);
        // Where the system gives no more threads, there are fewer.
        let others: Vec<_> = (0..others).map_while(|_| thread().spawn_scoped(scope, work).ok()).collect();
        own()?;
        let mut failed = work();
        for other in others {
            failed.extend(other.join().map_err(|_| io::Error::other("a thread that waits for the disk was lost"))?);
        }
        Ok::<_, io::Error>(failed)
    })?;
    failed.into_iter().try_for_each(wait)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn everything_is_waited_for_once_and_what_fails_is_tried_again() {
        let waits: Vec<AtomicUsize> = (0..100).map(|_| AtomicUsize::new(0)).collect();
        let wait = |waited: &AtomicUsize| match waited.fetch_add(1, Ordering::Relaxed) {
            0 if std::ptr::eq(waited, &raw const waits[7]) => Err(io::Error::other("not yet")),
            _ => Ok(()),
        };
        let mut is_own_done = false;
        let done = waiting_together(&waits, wait, || {
            is_own_done = true;
            Ok(())
        });
        assert!(done.is_ok() && is_own_done);
        let counted: Vec<usize> = waits.iter().map(|waited| waited.load(Ordering::Relaxed)).collect();
        assert!(counted.iter().enumerate().all(|(at, &count)| count == if at == 7 { 2 } else { 1 }), "{counted:?}");
    }

    #[test]
    fn what_fails_again_is_told() {
        let never = |_: &u8| Err(io::Error::other("never"));
        assert!(waiting_together(&[1, 2, 3], never, || Ok(())).is_err());
        assert!(waiting_together(&[], never, || Ok(())).is_ok());
        assert!(waiting_together(&[], never, || Err(io::Error::other("its own"))).is_err());
    }
}
