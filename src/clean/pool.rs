//! Buffers that go from document to document.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Mutex;
use std::thread;

use super::memo::Memo;
use crate::matching::{Hit, LineContext, Matcher, Scratch};

/// More than the threads that usually clean at once.
const PLACES: usize = 64;

/// What is kept from document to document: it must go with one matcher.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    scratch: Scratch,
    memo: Memo,
}

impl Buffers {
    /// The hits of removing rules on a line, and whether they may be others under another title.
    pub(super) fn hits(&mut self, matcher: &Matcher, line: LineContext<'_>) -> (Vec<Hit>, bool) {
        if let Some(hits) = self.memo.hits(line.raw) {
            return (hits, false);
        }
        let mut hits = Vec::new();
        matcher.hits(line, &mut self.scratch, &mut hits);
        let asked_title = self.scratch.asked_title();
        if !asked_title {
            self.memo.remember(line.raw, &hits);
        }
        (hits, asked_title)
    }

    /// The hits of protecting rules on a line.
    pub(super) fn protections(&mut self, matcher: &Matcher, line: LineContext<'_>) -> Vec<Hit> {
        let mut hits = Vec::new();
        matcher.protections(line, &mut self.scratch, &mut hits);
        hits
    }
}

/// Buffers that wait for the next document of a thread.
///
/// Each thread has a place, which few share with another. Nobody waits for a place: a thread that finds it taken does without,
/// and makes its buffers anew.
#[derive(Debug)]
pub(super) struct Pool {
    places: Vec<Mutex<Option<Box<Buffers>>>>,
}

impl Default for Pool {
    fn default() -> Pool {
        Pool { places: (0..PLACES).map(|_| Mutex::default()).collect() }
    }
}

impl Pool {
    /// Does something with buffers that may have been used before.
    pub(super) fn with<T>(&self, job: impl FnOnce(&mut Buffers) -> T) -> T {
        let place = BuildHasherDefault::<DefaultHasher>::default().hash_one(thread::current().id()) as usize % PLACES;
        let waiting = || self.places[place].try_lock().ok();
        let mut buffers = waiting().and_then(|mut waiting| waiting.take()).unwrap_or_default();
        let done = job(&mut buffers);
        if let Some(mut waiting) = waiting() {
            *waiting = Some(buffers);
        }
        done
    }
}
