//! Buffers that go from document to document.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Mutex;
use std::thread;

use crate::matching::Scratch;

/// More than the threads that usually clean at once.
const PLACES: usize = 64;

/// Buffers that wait for the next document of a thread.
///
/// Each thread has a place, which few share with another. Nobody waits for a place: a thread that finds it taken does without,
/// and makes its buffers anew.
#[derive(Debug)]
pub(super) struct Pool {
    places: Vec<Mutex<Option<Box<Scratch>>>>,
}

impl Default for Pool {
    fn default() -> Pool {
        Pool { places: (0..PLACES).map(|_| Mutex::default()).collect() }
    }
}

impl Pool {
    /// Does something with buffers that may have been used before.
    pub(super) fn with<T>(&self, job: impl FnOnce(&mut Scratch) -> T) -> T {
        let place = BuildHasherDefault::<DefaultHasher>::default().hash_one(thread::current().id()) as usize % PLACES;
        let waiting = || self.places[place].try_lock().ok();
        let mut scratch =
            waiting().and_then(|mut waiting| waiting.take()).unwrap_or_else(|| Box::new(Scratch::remembering()));
        let done = job(&mut scratch);
        if let Some(mut waiting) = waiting() {
            *waiting = Some(scratch);
        }
        done
    }
}
