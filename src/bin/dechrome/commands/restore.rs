//! `dechrome restore`: the decoded inputs again, from output and report.

use std::sync::atomic::{AtomicU64, Ordering};

use dechrome::pipeline::restore::{
    Nearness, Refusal, Remark, Restore, RestoreError, RestoreObserver, Restored, Tally, restore,
};
use dechrome::report::terminal::{Escaped, count};

use super::clean::{all_cores, stop_on_signal};
use crate::args::Restore as Args;
use crate::exit::{Exit, usage};
use crate::ui::{self, Ui};

/// How many refusals, and how many strangers, are told one by one.
const MOST_TOLD: u64 = 1000;

pub(crate) fn run(args: &Args, ui: Ui) -> anyhow::Result<Exit> {
    let stop = stop_on_signal()?;
    let teller = Teller { ui, refused: AtomicU64::new(0), strangers: AtomicU64::new(0) };
    let what = Restore {
        from: &args.from,
        to: args.out.as_deref(),
        threads: args.threads.unwrap_or_else(all_cores),
        observer: &teller,
        stop: &stop,
    };
    let restored = restore(&what).map_err(told)?;
    tell(ui, &restored, args.verify);
    Ok(if restored.refused == 0 { Exit::Done } else { Exit::SomeFailed })
}

fn told(error: RestoreError) -> anyhow::Error {
    if error.is_usage() { usage(error.to_string()) } else { anyhow::Error::new(error) }
}

/// Names what is refused and what cannot be had.
struct Teller {
    ui: Ui,
    refused: AtomicU64,
    strangers: AtomicU64,
}

impl RestoreObserver for Teller {
    fn refused(&self, refusal: &Refusal) {
        match self.refused.fetch_add(1, Ordering::Relaxed) {
            MOST_TOLD => ui::refused("more are; none of them is restored"),
            told if told > MOST_TOLD => {}
            _ => ui::refused(&refusal.to_string()),
        }
    }

    fn remark(&self, path: &str, remark: &Remark) {
        let Some(what) = in_words(remark) else { return };
        let is_loss = matches!(remark, Remark::Near(_, Nearness::Replaced(_)) | Remark::Stayed(_) | Remark::Absent(_));
        if is_loss || self.ui.verbose {
            let record = match remark {
                Remark::Near(Some(record), _) => format!(", record {record}"),
                _ => String::new(),
            };
            self.ui.note(&format!("{}{record}: {what}", Escaped(path)));
        }
    }

    fn stranger(&self, path: &str) {
        match self.strangers.fetch_add(1, Ordering::Relaxed) {
            MOST_TOLD => self.ui.note("more files are there that no row lists"),
            told if told > MOST_TOLD => {}
            _ => self.ui.note(&format!("{}: no row of the report lists it; it is not of the run", Escaped(path))),
        }
    }
}

/// What is to be known of a document or a file.
fn in_words(remark: &Remark) -> Option<String> {
    Some(match remark {
        Remark::Near(_, Nearness::Exact) => return None,
        Remark::Near(_, Nearness::Encoding) => "the text, in UTF-8; the input was written in another way".into(),
        Remark::Near(_, Nearness::Replaced(times)) => {
            format!("decoded with {} replacements: the original bytes are not restorable", count(*times))
        }
        Remark::Near(_, Nearness::Extracted) => {
            "the text that was taken from a page; the page is not restorable".into()
        }
        Remark::Near(_, Nearness::Record) => "the text of a record, as a file of its own".into(),
        Remark::Near(_, Nearness::Writing) => {
            "the text is what it was; how its record was written is not restorable".into()
        }
        Remark::Near(_, Nearness::Original) => "the input itself, which was put aside".into(),
        Remark::Stayed(bytes) => {
            format!("{} bytes of the input have no place and stay in quarantine", count(*bytes))
        }
        Remark::Absent(why) => format!("not in the output, and so not restorable: {}", Escaped(why)),
        Remark::Unchecked => "only its records could be checked, since summary.json does not have its hash".into(),
    })
}

/// What it came to.
fn tell(ui: Ui, restored: &Restored, is_trial: bool) {
    let Restored { tally, refused, strangers, skipped, has_summary } = restored;
    let verb = if is_trial { "verified" } else { "restored" };
    ui.note(&format!("{verb}: {} in {}", documents(tally.documents), files(tally.files)));
    for (number, what) in parts(tally) {
        if number > 0 {
            ui.note(&format!("{:>10} {what}", count(number)));
        }
    }
    let more = [
        (*refused, "refused, each named above"),
        (*strangers, "files that no row lists, which are not of the run"),
        (*skipped, "files that the run passed over; they are where the inputs are"),
    ];
    for (number, what) in more {
        if number > 0 {
            ui.note(&format!("{:>10} {what}", count(number)));
        }
    }
    if !has_summary {
        ui.note("there is no summary.json that can be read: only texts and records were checked, by the report alone");
    }
}

fn parts(tally: &Tally) -> [(u64, &'static str); 11] {
    [
        (tally.exact, "byte for byte as the input was, or what it held"),
        (tally.encoding, "as their text in UTF-8; their inputs had another encoding or a byte order mark"),
        (tally.replaced, "as they were decoded, with replacements: their original bytes are not restorable"),
        (tally.extracted, "as the text that was taken from a page; the page is not restorable"),
        (tally.records, "as texts of records, in files of their own"),
        (tally.writing, "with their text, in a record that is not written as it was"),
        (tally.originals, "inputs that could not be cleaned, from quarantine, as they were"),
        (tally.pieces, "pieces of inputs that could not be cleaned, back in their places"),
        (tally.stayed, "pieces that have no place and stay in quarantine"),
        (tally.absent, "that the run could not read or write: not in the output"),
        (tally.unchecked, "files of which only the records could be checked: summary.json does not have their hashes"),
    ]
}

fn documents(number: u64) -> String {
    format!("{} {}", count(number), if number == 1 { "document" } else { "documents" })
}

fn files(number: u64) -> String {
    format!("{} {}", count(number), if number == 1 { "file" } else { "files" })
}
