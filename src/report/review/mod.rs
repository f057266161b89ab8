//! The review page: one file of HTML in which people look at a run, question it, and say where it was wrong.
//!
//! Reports are read twice. The first time [`Review`] adds up all rows and chooses the documents that are worth a look;
//! the second time [`Chosen`] takes the rows of these, and the kept texts that belong to them. Memory and page grow
//! with the number of documents that are shown, never with that of the documents in the reports.

mod choose;
mod document;
mod excerpt;
mod facts;
mod histogram;
mod html;
mod suspicion;

pub use choose::{Chosen, Review, ReviewOptions, Wanted};
pub use html::{PAGE_MARK, Setting};

/// How many documents are shown with their texts when nothing else is said.
pub const DOCUMENTS_SHOWN: usize = 300;
/// How many can be asked for.
pub const MOST_DOCUMENTS_SHOWN: usize = 2000;
