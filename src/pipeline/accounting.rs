//! The accounts of a run: what was kept and what was removed is what there was, of every text and of every record, and
//! what was found is what was done. Each check is one pass over what is at hand and costs little; where one fails, the
//! program is wrong, and nothing is written that it cannot answer for.

use std::ops::Range;

use crate::clean::Cleaned;

/// Accounts that do not add up, which is a mistake of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}; this is a mistake in dechrome, please report it")]
pub(crate) struct Unaccounted(pub(crate) &'static str);

/// Checks that the kept text is the decoded text without the removed ranges, byte for byte.
///
/// # Errors
/// When it is not.
pub(crate) fn check_text(text: &str, cleaned: &Cleaned<'_>) -> Result<(), Unaccounted> {
    let gone = cleaned.removals().iter().map(|removal| removal.range.clone());
    let adds_up = !is_made_up(text) && is_without(text.as_bytes(), gone, cleaned.text().as_bytes());
    if adds_up { Ok(()) } else { Err(Unaccounted("kept text and removals do not add up")) }
}

/// Whether bytes without these ranges, which must not be empty and stand in their order, are what was kept of them.
pub(crate) fn is_without(bytes: &[u8], gone: impl Iterator<Item = Range<usize>>, mut kept: &[u8]) -> bool {
    let mut at = 0;
    for range in gone {
        let Some(rest) = bytes.get(at..range.start).and_then(|gap| kept.strip_prefix(gap)) else {
            return false;
        };
        if range.is_empty() || range.end > bytes.len() {
            return false;
        }
        (kept, at) = (rest, range.end);
    }
    let rest = bytes.get(at..).unwrap_or_default();
    std::ptr::eq(kept, rest) || kept == rest
}

/// A record of which one value was written anew.
#[derive(Clone, Debug)]
pub(crate) struct Spliced<'s> {
    /// The record as it was.
    pub(crate) record: &'s [u8],
    /// Where the value stood in it.
    pub(crate) value: Range<usize>,
    /// What was written.
    pub(crate) written: &'s [u8],
}

impl<'s> Spliced<'s> {
    /// What was written in the place of the value; nothing where more has changed than that.
    pub(crate) fn value(&self) -> Option<&'s [u8]> {
        let behind = self.record.get(self.value.end..)?;
        self.written.strip_prefix(self.record.get(..self.value.start)?)?.strip_suffix(behind)
    }

    /// Checks that nothing but the value has changed, that the value lost these stretches of its raw bytes and no others,
    /// and that whoever reads the record finds the kept text in it.
    ///
    /// `gone` is nothing where the value had to be spelt otherwise than it was. `read` gives the text that a reader finds.
    ///
    /// # Errors
    /// When any of it is not so.
    pub(crate) fn check<T: AsRef<str>>(
        &self,
        gone: Option<Vec<Range<usize>>>,
        kept: &str,
        read: impl FnOnce(&'s [u8]) -> Option<T>,
    ) -> Result<(), Unaccounted> {
        let raw = self.record.get(self.value.clone());
        let is_cut = |value: &[u8]| match (gone, raw) {
            (Some(gone), Some(raw)) => is_without(raw, gone.into_iter(), value),
            _ => true,
        };
        let is_sound = self.value().is_some_and(is_cut);
        let is_read = || read(self.written).is_some_and(|text| text.as_ref() == kept);
        if is_sound && is_read() {
            Ok(())
        } else {
            Err(Unaccounted("the record that was written is not what was kept"))
        }
    }
}

/// The numbers of records in the order of their rows. They rise, so that no record is told twice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Numbers {
    first: Option<u64>,
    last: Option<u64>,
    has_fallen: bool,
}

impl Numbers {
    /// Takes the number of the next row; rows that are of no record have none.
    pub(crate) fn add(&mut self, number: Option<u64>) {
        self.append(Numbers { first: number, last: number, has_fallen: false });
    }

    /// Takes those of the rows behind.
    pub(crate) fn append(&mut self, behind: Numbers) {
        let falls = matches!((self.last, behind.first), (Some(last), Some(first)) if first <= last);
        self.has_fallen |= behind.has_fallen || falls;
        self.first = self.first.or(behind.first);
        self.last = behind.last.or(self.last);
    }

    /// Checks that they rise.
    ///
    /// # Errors
    /// When they do not.
    pub(crate) fn check(self) -> Result<(), Unaccounted> {
        if self.has_fallen { Err(Unaccounted("a record was told twice")) } else { Ok(()) }
    }
}

#[cfg(not(test))]
fn is_made_up(_: &str) -> bool {
    false
}

/// Tests make up a text that does not add up, since no other does.
#[cfg(test)]
fn is_made_up(text: &str) -> bool {
    text.contains(tests::MADE_UP)
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::single_range_in_vec_init, reason = "tests; lists of ranges are meant")]
mod tests {
    use std::num::NonZeroUsize;
    use std::path::{Path, PathBuf};
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::Cleaner;
    use crate::formats::FieldNames;
    use crate::pipeline::{Durability, Existing, Naming, Plan, REPORT_NAME, Run, Settings, Silent, run};
    use crate::report::Summary;

    /// Texts that hold this do not add up.
    pub(super) const MADE_UP: &str = "A made-up text whose bytes do not add up.";

    fn without(bytes: &str, gone: &[Range<usize>], kept: &str) -> bool {
        is_without(bytes.as_bytes(), gone.iter().cloned(), kept.as_bytes())
    }

    #[test]
    fn what_is_kept_is_what_there_was_without_what_went() {
        for (gone, kept) in [(&[][..], "abcdef"), (&[0..2], "cdef"), (&[1..2, 4..6], "acd"), (&[0..6], "")] {
            assert!(without("abcdef", gone, kept), "{gone:?}");
            assert!(!without("abcdef", gone, &format!("{kept}x")), "{gone:?}");
            assert!(kept.is_empty() || !without("abcdef", gone, &kept[1..]), "{gone:?}");
        }
        assert!(!without("abcdef", &[2..2], "abcdef") && !without("abcdef", &[4..9], "abcd"));
        assert!(!without("abcdef", &[3..4, 1..2], "acef"));
    }

    #[test]
    fn a_record_changes_where_its_text_stands_and_nowhere_else() {
        let record = br#"{"a":1,"text":"one two"}"#;
        let check = |written: &[u8], kept: &str| {
            let spliced = Spliced { record, value: 15..22, written };
            spliced.check(Some(vec![3..7]), kept, |line| std::str::from_utf8(line.get(15..18)?).ok())
        };
        assert_eq!(check(br#"{"a":1,"text":"one"}"#, "one"), Ok(()));
        for (written, kept) in [
            (&br#"{"a":2,"text":"one"}"#[..], "one"),
            (br#"{"a":1,"text":"one"} "#, "one"),
            (br#"{"a":1,"text":"one "}"#, "one"),
            (br#"{"a":1,"text":"one"}"#, "two"),
        ] {
            assert!(check(written, kept).is_err(), "{written:?}");
        }
    }

    #[test]
    fn numbers_of_records_rise() {
        let of = |numbers: &[u64]| {
            let mut found = Numbers::default();
            numbers.iter().for_each(|&number| found.add(Some(number)));
            found.add(None);
            found
        };
        let joined = |one: &[u64], other: &[u64]| {
            let mut all = of(one);
            all.append(of(other));
            all.check().is_ok()
        };
        assert!(joined(&[1, 2], &[3, 9]) && joined(&[], &[3]) && joined(&[3], &[]));
        assert!(!joined(&[1, 1], &[3]) && !joined(&[1, 2], &[2]) && !joined(&[], &[3, 2]) && !joined(&[5], &[4]));
    }

    fn clean(input: &Path, out: &Path) -> Summary {
        let (cleaner, fields) = (Cleaner::new(), FieldNames::default());
        let plan = Plan::new(&[input.to_owned()], out, Existing::Refuse, Naming::default()).expect("a plan");
        let run_ = Run {
            plan: &plan,
            settings: Settings::new(&cleaner, &fields),
            shard: None,
            threads: NonZeroUsize::new(2).expect("two"),
            sync: Durability::default(),
            options: &Default::default(),
            observer: &Silent,
            stop: &AtomicBool::new(false),
        };
        run(&run_).expect("a run that ends")
    }

    #[test]
    fn what_does_not_add_up_fails_alone_and_its_bytes_are_kept() {
        let dir = tempfile::tempdir().expect("dir");
        let path = |name: &str| -> PathBuf { dir.path().join(name) };
        std::fs::create_dir(path("in")).expect("dir");
        let line = |text: &str| format!("{{\"text\": \"{text}\"}}\n");
        let files = [
            ("a.txt", MADE_UP.to_owned()),
            ("b.txt", "The ferry was late.\n".to_owned()),
            ("c.jsonl", line("The ferry was late.") + &line(MADE_UP) + &line("The ferry came.")),
            ("d.csv", format!("id,text\n1,{MADE_UP}\n2,The ferry came.\n")),
        ];
        files.iter().for_each(|(name, text)| std::fs::write(path("in").join(name), text).expect("written"));
        let summary = clean(&path("in"), &path("out"));
        assert_eq!((summary.totals.documents.total, summary.totals.documents.failed), (7, 3));
        assert_eq!(summary.totals.reasons.get("unaccounted"), Some(&3));
        let read = |name: &str| std::fs::read_to_string(path("out").join(name)).unwrap_or_default();
        assert_eq!((read("a.txt").as_str(), read("quarantine/a.txt").as_str()), ("", MADE_UP));
        assert_eq!(read("c.jsonl"), line("The ferry was late.") + &line("The ferry came."));
        assert_eq!(read("quarantine/c.jsonl"), line(MADE_UP));
        assert_eq!(read("d.csv"), "id,text\n2,The ferry came.\n");
        assert_eq!(read("quarantine/d.csv"), format!("1,{MADE_UP}\n"));
        assert!(read(REPORT_NAME).contains("do not add up; this is a mistake in dechrome"));
    }
}
