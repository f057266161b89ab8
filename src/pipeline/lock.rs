//! One run at a time in an output directory.

use std::sync::Arc;

use super::RunError;
use super::dir::Dir;
use super::replace::{Contents, contents_of};

/// Held while a run writes to a directory. The lock is the system's and on the directory itself: it leaves no file behind, and
/// goes however the run ends.
#[derive(Debug)]
pub(crate) struct OutputLock {
    _dir: Arc<Dir>,
}

impl OutputLock {
    /// Takes the lock on a directory, and makes sure that it still holds what it held when the run was planned.
    ///
    /// # Errors
    /// When another run has the lock, or had it in between.
    pub(crate) fn take(dir: &Arc<Dir>, planned: Contents) -> Result<OutputLock, RunError> {
        let busy = || RunError::Busy { out: dir.path().to_owned() };
        if !dir.lock() {
            return Err(busy());
        }
        match contents_of(dir) {
            Ok(found) if found == planned => Ok(OutputLock { _dir: Arc::clone(dir) }),
            Ok(_) => Err(busy()),
            Err(error) => Err(RunError::output(dir.path())(error)),
        }
    }
}
