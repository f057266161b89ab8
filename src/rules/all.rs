//! All rules of a set, by place.

use std::fmt;
use std::ops::Index;
use std::sync::OnceLock;

use super::builtin::{Lean, Names};
use super::on_demand::OnDemand;
use super::rule::Rule;

/// The rules of a set. Those that are compiled into the program are made one by one, when they are first asked for by place,
/// or all, when they are asked for together.
pub(crate) struct Rules {
    all: OnceLock<Vec<Rule>>,
    tabled: Option<Tabled>,
}

/// Rules of the program's tables.
struct Tabled {
    lean: &'static Lean,
    names: OnceLock<Names>,
    made: OnDemand<Box<Rule>>,
}

impl Rules {
    /// The rules of the program's tables, none of which is made yet.
    pub(super) fn of_lean(lean: &'static Lean) -> Rules {
        let tabled = Tabled { lean, names: OnceLock::new(), made: OnDemand::new(lean.count()) };
        Rules { all: OnceLock::new(), tabled: Some(tabled) }
    }

    /// How many they are.
    pub(crate) fn count(&self) -> usize {
        self.tabled.as_ref().map_or_else(|| self.all().len(), |tabled| tabled.lean.count())
    }

    /// The names of their categories, perhaps among others, and perhaps more than once.
    pub(crate) fn category_names(&self) -> impl Iterator<Item = &str> {
        let of_tables = self.tabled.iter().flat_map(|tabled| tabled.lean.names_of_categories());
        let read = self.all.get().filter(|_| self.tabled.is_none());
        of_tables.chain(read.into_iter().flatten().map(|rule| &*rule.category))
    }

    /// The languages that they speak, perhaps more than once.
    pub(crate) fn language_names(&self) -> impl Iterator<Item = &str> {
        let of_tables = self.tabled.iter().flat_map(|tabled| tabled.lean.names_of_languages());
        let read = self.all.get().filter(|_| self.tabled.is_none());
        of_tables.chain(read.into_iter().flatten().flat_map(|rule| rule.langs.iter().map(|lang| &**lang)))
    }

    /// All of them.
    pub(super) fn all(&self) -> &[Rule] {
        self.all.get_or_init(|| self.tabled.as_ref().map_or_else(Vec::new, |tabled| tabled.lean.rules()))
    }
}

impl Tabled {
    fn rule(&self, place: usize) -> &Rule {
        self.made.get(place, || Box::new(self.lean.rule(place, self.names.get_or_init(|| self.lean.names()))))
    }
}

impl From<Vec<Rule>> for Rules {
    fn from(rules: Vec<Rule>) -> Rules {
        Rules { all: OnceLock::from(rules), tabled: None }
    }
}

impl Index<usize> for Rules {
    type Output = Rule;

    fn index(&self, place: usize) -> &Rule {
        match &self.tabled {
            Some(tabled) => tabled.rule(place),
            None => &self.all()[place],
        }
    }
}

impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all().fmt(f)
    }
}
