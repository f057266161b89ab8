//! What workers hand in, and who takes it.

use std::sync::Arc;

use super::Skipped;
use super::container::{Container, Place, Told, Yield};
use super::journal::{AtLine, DoneLine, OpenLine};
use super::ordered::Sink;
use crate::report::summary::{MOST_NAMED, Named};

/// A finished part of a run.
pub(crate) enum Done {
    /// A file that was passed over; the size of one that had been an input until then.
    Skipped { skipped: Skipped, input: Option<u64> },
    /// A document of its own, and the size of its file.
    Document { told: Told, done: DoneLine, size: u64 },
    /// An input that an earlier run did, with the place of its rows in the earlier report.
    Reused { done: DoneLine, start: u64 },
    /// A part of a container.
    Part { container: Arc<Container<'static>>, behind: Option<Place>, read: u64, last: bool, yielded: Yield },
}

impl Done {
    /// How much memory waits with it.
    pub(crate) fn size(&self) -> usize {
        match self {
            Done::Skipped { .. } | Done::Reused { .. } => 64,
            Done::Document { told, .. } => told.len(),
            Done::Part { yielded, .. } => yielded.len(),
        }
    }
}

/// What takes the finished parts of a run.
pub(crate) trait RunSink: Sink<Done = Done> + Send {
    /// How many documents it has taken.
    fn documents(&self) -> u64;

    /// That the input of this number goes on where an earlier run stopped.
    fn will_resume(&mut self, number: u64, resumed: Resumed);
}

/// A container that an earlier run began.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resumed {
    pub(crate) open: OpenLine,
    pub(crate) at: AtLine,
    /// Where its rows begin in the earlier report.
    pub(crate) start: u64,
}

/// A list of which only the first are kept.
#[derive(Debug, Default)]
pub(crate) struct Capped {
    pub(crate) named: Vec<Named>,
    pub(crate) left_out: u64,
}

impl Capped {
    pub(crate) fn add(&mut self, named: impl IntoIterator<Item = Named>) {
        for one in named {
            if self.named.len() < MOST_NAMED { self.named.push(one) } else { self.left_out += 1 }
        }
    }
}
