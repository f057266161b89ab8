//! The same for inputs that are made up here: a seed of each target, damaged in a few places.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{ORACLES, seeds};

/// Changes a byte, takes bytes out, puts bytes in, or repeats some.
#[derive(Clone, Debug)]
enum Damage {
    Set(Index, u8),
    Remove(Index, usize),
    Insert(Index, Vec<u8>),
    Repeat(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, len)| Damage::Remove(at, len)),
        (any::<Index>(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, len)| Damage::Repeat(at, len)),
    ]
}

impl Damage {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let stretch = |at: &Index, len: usize| {
            let start = at.index(bytes.len() + 1);
            start..bytes.len().min(start + len)
        };
        match self {
            Damage::Set(at, byte) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
            Damage::Set(..) => {}
            Damage::Remove(at, len) => drop(bytes.drain(stretch(at, *len))),
            Damage::Insert(at, new) => {
                let start = stretch(at, 0);
                drop(bytes.splice(start, new.iter().copied()));
            }
            Damage::Repeat(at, len) => {
                let stretch = stretch(at, *len);
                let again = bytes[stretch.clone()].to_vec();
                drop(bytes.splice(stretch.start..stretch.start, again));
            }
        }
    }
}

/// A seed of a target with some damage, and with last bytes that decide anew what is done with it.
fn damaged(target: &str) -> impl Strategy<Value = Vec<u8>> + use<> {
    let last = prop::collection::vec(any::<u8>(), 0..20);
    (select(seeds::of(target)), prop::collection::vec(damage(), 0..5), last).prop_map(|(mut seed, damages, last)| {
        damages.iter().for_each(|damage| damage.apply(&mut seed));
        seed.extend(last);
        seed
    })
}

fn hold(target: &str, cases: u32) {
    let (_, check) = ORACLES.iter().find(|(name, _)| *name == target).expect("a target");
    // `PROPTEST_CASES` asks for more or fewer of all, against 256 that are usual.
    let asked = ProptestConfig::default();
    let config = ProptestConfig { cases: (cases * asked.cases).div_ceil(256), failure_persistence: None, ..asked };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let held = runner.run(&damaged(target), |input| {
        check(&input);
        Ok(())
    });
    assert!(held.is_ok(), "{target}: {held:?}");
}

#[test]
fn damaged_texts_are_decoded_in_pieces_as_in_one() {
    hold("decode", 256);
}

#[test]
fn the_folded_view_of_any_text_leads_back_to_it() {
    hold("fold", 256);
}

#[test]
fn damaged_rule_files_load_or_say_what_is_wrong() {
    hold("rules", 60);
}

#[test]
fn damaged_texts_are_accounted_for() {
    hold("clean", 60);
}

#[cfg(feature = "html")]
#[test]
fn damaged_pages_become_texts() {
    hold("html", 60);
}

#[test]
fn damaged_lines_of_json_change_only_in_their_text() {
    hold("json", 256);
}

#[test]
fn damaged_tables_change_only_in_their_texts() {
    hold("delimited", 256);
}

#[test]
fn damaged_archives_are_cut_without_gaps() {
    hold("warc", 128);
}

#[test]
fn damaged_streams_end_within_their_limits() {
    hold("compression", 60);
}

#[cfg(feature = "parquet")]
#[test]
fn damaged_columns_are_refused_or_read() {
    hold("parquet", 128);
}

#[test]
fn damaged_reports_name_nothing_outside_of_the_output() {
    hold("report", 60);
}

#[test]
fn damaged_journals_name_nothing_outside_of_the_output() {
    hold("journal", 256);
}

#[test]
fn a_run_with_a_damaged_journal_loses_no_file() {
    hold("resume", 20);
}

#[test]
fn names_of_documents_lead_back_and_never_out() {
    hold("names", 256);
}

#[test]
fn damaged_streams_of_records_come_out_the_same_a_second_time() {
    hold("stream", 40);
}
