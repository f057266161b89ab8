//! Many files: planning, discovering, running, writing.
//!
//! [`Plan`] checks what was asked before anything is touched; [`Run`] walks the inputs in order, cleans documents on
//! several threads, writes the mirrored tree and the report. One bad document never stops a run; output that cannot
//! be written does. Nothing here prints: an [`Observer`] is told what happens, in the order of the report.
//!
//! The report is the same for any number of threads, and memory does not grow with the number of files: workers take
//! files one by one from the walk and hand their rows to a queue that puts them back in order and is bounded.

mod compare;
mod discover;
mod document;
mod error;
mod observer;
mod ordered;
mod plan;
mod read;
mod replace;
mod run;
mod single;
mod threads;
mod write;

pub use compare::{Compare, compare};
pub use discover::{Discovery, Found, SkipReason, Skipped};
pub use document::{MAX_RECORD, Output, Settings, WriteError};
pub use error::{PlanError, ReadError, RunError};
pub use observer::{DocumentDone, Observer, Silent};
pub use plan::{Inputs, Plan};
pub use run::{Run, run};
pub use single::{Single, SingleOutcome, read_single};
pub use write::write_file;

/// The report in the output directory.
pub const REPORT_NAME: &str = "report.jsonl";
/// The summary in the output directory.
pub const SUMMARY_NAME: &str = "summary.json";
