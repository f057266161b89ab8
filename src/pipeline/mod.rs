//! Many files: planning, discovering, running, writing.
//!
//! [`Plan`] checks what was asked before anything is touched; [`Run`] walks the inputs in order, cleans documents on
//! several threads, writes the mirrored tree and the report. One bad document never stops a run; output that cannot
//! be written does. Nothing here prints: an [`Observer`] is told what happens, in the order of the report.
//!
//! The report is the same for any number of threads, and memory does not grow with the number of files: workers take
//! files one by one from the walk and hand their rows to a queue that puts them back in order and is bounded.

mod accounting;
#[cfg(feature = "parquet")]
mod columns;
mod compare;
mod container;
mod dir;
mod discover;
mod document;
mod done;
mod earlier;
mod error;
mod feed;
mod helping;
mod hunt;
mod input;
pub(crate) mod journal;
mod kept;
mod lock;
mod marking;
mod moving;
mod names;
mod observer;
mod open_output;
mod opened;
mod ordered;
mod packed;
pub(crate) mod page;
mod panics;
mod places;
mod plan;
mod preview;
mod reached;
mod read;
mod replace;
pub mod restore;
mod run;
mod shard;
mod sink;
mod source;
mod stream;
pub(crate) mod temp;
mod texts;
mod threads;
mod unfinished;
mod verify;
mod view;
mod worker;
mod write;

pub use compare::{Compare, compare};
pub use discover::{Discovery, Found, SkipReason, Skipped};
pub use document::{MAX_RATIO, MAX_RECORD, Output, Settings, WriteError};
pub use error::{PlanError, ReadError, RunError};
pub use hunt::{NotSeen, Outputs, hunt_in_outputs};
pub use kept::kept_texts;
pub use marking::Tags;
pub use names::{Compress, Naming};
pub use observer::{DocumentDone, Observer, Reading, Silent, TakenOver};
pub use page::HtmlText;
pub use panics::{Panicked, note_panic};
pub use plan::{Existing, Inputs, Plan};
pub use preview::{Preview, preview};
pub use reached::Reached;
pub use run::{Run, run};
pub use shard::{NoShard, Shard};
pub use stream::{Single, SingleOutcome, StreamError, Streaming};
pub use texts::text_of;
pub use view::{Effect, Seen, SeenInput, View};
pub use write::{Durability, Replacing, write_file};

/// The report in the output directory.
pub const REPORT_NAME: &str = "report.jsonl";
/// The directory in the output directory that holds what could not be cleaned.
pub const QUARANTINE_NAME: &str = "quarantine";
/// The summary in the output directory.
pub const SUMMARY_NAME: &str = "summary.json";
