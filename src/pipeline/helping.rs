//! Containers that are being read, on which any worker may help.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::container::{Container, Part};

/// A part of a container, to be worked on.
pub(crate) struct Task<'r> {
    pub(crate) container: Arc<Container<'r>>,
    pub(crate) part: Part,
}

/// The containers that are open, and how many inputs may still turn out to be one.
pub(crate) struct Helping<'r> {
    state: Mutex<State<'r>>,
}

struct State<'r> {
    /// In the order of their numbers.
    open: Vec<Arc<Container<'r>>>,
    /// Inputs that somebody has taken and not yet finished or opened.
    in_hand: usize,
}

/// What there is to help with.
pub(crate) enum Help<'r> {
    Task(Task<'r>),
    /// Not now, but there may be.
    Later,
    /// Nothing is open or may be.
    None,
}

impl<'r> Helping<'r> {
    pub(crate) fn new() -> Helping<'r> {
        Helping { state: Mutex::new(State { open: Vec::new(), in_hand: 0 }) }
    }

    /// Somebody takes so many inputs in hand.
    pub(crate) fn take(&self, inputs: usize) {
        self.lock().in_hand += inputs;
    }

    /// One of them turned out to be a container.
    pub(crate) fn open(&self, container: Arc<Container<'r>>) {
        let mut state = self.lock();
        let at = state.open.partition_point(|other| other.number < container.number);
        state.open.insert(at, container);
        state.in_hand -= 1;
    }

    /// One of them is done.
    pub(crate) fn done(&self) {
        self.lock().in_hand -= 1;
    }

    /// A part of the first container that has one: of no other than `only`, where that is said. `wait` says that there is nothing
    /// better to do than to wait for somebody else who is reading.
    pub(crate) fn next(&self, only: Option<u64>, wait: bool) -> Help<'r> {
        let (open, in_hand) = {
            let state = self.lock();
            (state.open.clone(), state.in_hand)
        };
        let wanted = open.iter().filter(|container| only.is_none_or(|only| container.number == only));
        for container in wanted {
            if let Some(part) = container.next(wait) {
                if part.last {
                    self.lock().open.retain(|other| other.number != container.number);
                }
                return Help::Task(Task { container: Arc::clone(container), part });
            }
        }
        if open.is_empty() && in_hand == 0 { Help::None } else { Help::Later }
    }

    fn lock(&self) -> MutexGuard<'_, State<'r>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
