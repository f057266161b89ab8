//! Buffers that go from document to document.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Mutex;
use std::thread;

use super::ledger::Ledger;
use super::line::Line;
use super::memo::{MAX_BYTES, Memo, Recalled};
use crate::matching::{Hit, LineContext, Matcher, Scratch, TextTraits};

/// More than the threads that usually clean at once.
const PLACES: usize = 64;

/// What is kept from document to document: it must go with one matcher.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    scratch: Scratch,
    memo: Memo,
    found: Vec<Hit>,
    pub(super) ledger: Ledger,
}

impl Buffers {
    /// Notes what removing rules say of a line, and whether it may be something else under another title; the hits are added
    /// to those of its document.
    pub(super) fn read(
        &mut self,
        matcher: &Matcher,
        line: &mut Line,
        document: &str,
        title: Option<&str>,
        traits: TextTraits,
        hits: &mut Vec<Hit>,
    ) {
        let first = hits.len();
        let raw = line.text(document);
        let key = (raw.len() <= MAX_BYTES).then(|| line.key(document));
        let recalled = key.and_then(|key| self.memo.recall(raw, key));
        if let Some(Recalled { hits: known, shape, words }) = recalled {
            hits.extend_from_slice(known);
            line.known.shape = shape.into();
            line.known.words = (words as usize).into();
            line.unsettled = false;
        } else {
            let context = LineContext { raw, title, traits: line.traits(traits) };
            matcher.hits(context, &mut self.scratch, &mut self.found);
            let asked_title = self.scratch.asked_title();
            if let Some(key) = key.filter(|_| !asked_title) {
                self.memo.remember(raw, key, &self.found);
            }
            hits.append(&mut self.found);
            line.unsettled = asked_title;
        }
        line.hits = first..hits.len();
    }

    /// The hits of protecting rules on a line.
    pub(super) fn protections(&mut self, matcher: &Matcher, line: LineContext<'_>) -> Box<[Hit]> {
        matcher.protections(line, &mut self.scratch, &mut self.found);
        self.found.as_slice().into()
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
