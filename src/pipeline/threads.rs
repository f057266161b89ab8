//! The same work on several threads; the only home of rayon.

use std::num::NonZeroUsize;

use super::RunError;
use super::panics::guarded;

/// The stack of a worker.
const STACK: usize = 8 * 1024 * 1024;

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
