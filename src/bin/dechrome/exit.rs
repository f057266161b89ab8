//! The exit status, and the errors that decide it.

use std::fmt;
use std::io;
use std::process::ExitCode;

use dechrome::pipeline::{PlanError, RunError, WriteError};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Asked, and answered with no: there is chrome, tests of rules failed, or what was looked for is not there.
    Amiss = 1,
    /// Bad usage, configuration or rules; nothing was written.
    Usage = 2,
    /// Finished, but some inputs failed, or changed while they were read.
    SomeFailed = 3,
    /// Stopped early.
    Stopped = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// A mistake of the caller, found before anything was written.
#[derive(Debug)]
pub(crate) struct Usage(pub(crate) String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// An error that says the caller made a mistake.
pub(crate) fn usage(message: impl Into<String>) -> anyhow::Error {
    anyhow::Error::new(Usage(message.into()))
}

/// The status an error ends the program with; `None` for the quiet end of a broken pipe.
pub(crate) fn status_of(error: &anyhow::Error) -> Option<Exit> {
    if is_broken_pipe(error) {
        return None;
    }
    let is_busy = matches!(error.downcast_ref::<RunError>(), Some(RunError::Busy { .. }));
    if error.is::<Usage>() || error.is::<PlanError>() || is_busy {
        return Some(Exit::Usage);
    }
    // Output that cannot be written, a signal, or a mistake of the program: in any case it did not get to the end.
    Some(Exit::Stopped)
}

/// Whether the reader of standard output went away.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io_error = match error.downcast_ref::<WriteError>() {
        Some(write) => Some(&write.source),
        None if error.is::<RunError>() => None,
        None => error.downcast_ref::<io::Error>(),
    };
    io_error.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
