//! Lists that are made of texts of the program when they are first looked into.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use super::builtin::{text, texts};

/// A list. One that is compiled into the program is made when it is first looked into, which most never are.
#[derive(Clone)]
pub struct List<T> {
    items: OnceLock<Vec<T>>,
    unmade: Option<Unmade<T>>,
}

/// What a list will be made of.
#[derive(Clone)]
struct Unmade<T> {
    /// The number of its first text, and how many there are.
    texts: (u32, u32),
    make: fn(&'static str) -> T,
}

impl<T> List<T> {
    /// The list of what some texts of the program, from one of this number on, are made into.
    pub(super) fn of_static(first: u32, count: u32, make: fn(&'static str) -> T) -> List<T> {
        List { items: OnceLock::new(), unmade: Some(Unmade { texts: (first, count), make }) }
    }

    /// The list, to be changed.
    pub(super) fn to_mut(&mut self) -> &mut Vec<T> {
        // Reading makes the list, so that there is one to change.
        let _ = &**self;
        self.items.get_mut().unwrap_or_else(|| unreachable!("a list that has been read is made"))
    }

    /// How many items it has.
    pub(crate) fn count(&self) -> usize {
        let unmade = self.unmade.as_ref().filter(|_| self.items.get().is_none());
        unmade.map_or_else(|| self.len(), |unmade| unmade.texts.1 as usize)
    }

    fn make(&self) -> Vec<T> {
        let Some(Unmade { texts: (first, count), make }) = self.unmade else { return Vec::new() };
        texts(first, count).map(make).collect()
    }
}

impl<T: Clone> List<T> {
    /// One item of those there are, for who asks for few of them: the others need not be made for it.
    pub(crate) fn one(&self, number: usize) -> Cow<'_, T> {
        match (&self.unmade, self.items.get()) {
            (Some(Unmade { texts: (first, count), make }), None) if number < *count as usize => {
                Cow::Owned(make(text(first + number as u32)))
            }
            _ => Cow::Borrowed(&self[number]),
        }
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.items.get_or_init(|| self.make())
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(items: Vec<T>) -> List<T> {
        List { items: OnceLock::from(items), unmade: None }
    }
}

impl<T> Default for List<T> {
    fn default() -> List<T> {
        Vec::new().into()
    }
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &List<T>) -> bool {
        **self == **other
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
