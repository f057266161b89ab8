//! One run at a time in an output directory.

use std::fs::File;
use std::path::Path;

use super::RunError;
use super::replace::{Contents, contents_of};

/// Held while a run writes to a directory. The lock is the system's and on the directory itself: it leaves no file behind, and
/// goes however the run ends.
#[derive(Debug)]
pub(crate) struct OutputLock {
    _dir: Option<File>,
}

impl OutputLock {
    /// Takes the lock on a directory that is there, and makes sure that it still holds what it held when the run was planned.
    ///
    /// # Errors
    /// When another run has the lock, or had it in between.
    pub(crate) fn take(out: &Path, planned: Contents) -> Result<OutputLock, RunError> {
        let busy = || RunError::Busy { out: out.to_owned() };
        let dir = locked(out).map_err(|Busy| busy())?;
        match contents_of(out) {
            Ok(found) if found == planned => Ok(OutputLock { _dir: dir }),
            Ok(_) => Err(busy()),
            Err(error) => Err(RunError::output(out)(error)),
        }
    }
}

struct Busy;

/// The directory, locked; nothing where the file system knows no locks, which must not keep anybody from writing there.
#[cfg(unix)]
fn locked(out: &Path) -> Result<Option<File>, Busy> {
    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;
    let Ok(dir) = File::open(out) else { return Ok(None) };
    match flock(&dir, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(dir)),
        Err(Errno::WOULDBLOCK) => Err(Busy),
        Err(_) => Ok(None),
    }
}

/// Directories cannot be locked here.
#[cfg(not(unix))]
fn locked(_: &Path) -> Result<Option<File>, Busy> {
    Ok(None)
}
