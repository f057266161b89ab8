//! A stream of any format through the whole of the program: every record has its row, every account adds up, and what came
//! out comes out of it again.

use std::num::NonZeroUsize;
use std::sync::LazyLock;

use super::Choices;
use crate::formats::{FieldNames, Format};
use crate::pipeline::{Compress, Output, Settings, Single, Streaming, WriteError};
use crate::report::Status;
use crate::report::read::{ReportedRow, read_rows};
use crate::{Cleaner, Preset, Title};

static CLEANER: LazyLock<Cleaner> = LazyLock::new(|| {
    let built = Cleaner::builder().preset(Preset::Balanced).title(Title::Keep).build();
    built.expect("the built-in rules build")
});
static FIELDS: LazyLock<FieldNames> = LazyLock::new(FieldNames::default);

const FORMATS: [Option<Format>; 8] = [
    None,
    Some(Format::Text),
    Some(Format::Jsonl),
    Some(Format::Csv),
    Some(Format::Tsv),
    Some(Format::Warc),
    #[cfg(feature = "html")]
    Some(Format::Html),
    #[cfg(not(feature = "html"))]
    None,
    Some(Format::Jsonl),
];

/// Small, so that what is too large is common.
const MOST: [usize; 3] = [60, 400, 1 << 20];

/// Cleans a stream, and what came of it.
pub fn check(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (format, max_record) = (choices.pick(&FORMATS), choices.pick(&MOST));
    let settings = Settings { format, max_record, max_ratio: 50, ..Settings::new(&CLEANER, &FIELDS) };
    let bytes = choices.rest();
    let once = clean(bytes, settings);
    check_rows(&once);
    // A page becomes a text, and a text that was decoded may look like another encoding.
    if format.is_some_and(Format::is_container) {
        let again = clean(&once.out, settings);
        // What stands behind a removal may look like UTF-16 once it stands at the beginning.
        if !again.is_refused() {
            let shown = |cleaned: &Cleaned| cleaned.out.escape_ascii().to_string();
            assert_eq!(shown(&again), shown(&once), "other bytes the second time");
        }
    }
}

/// What came of a stream.
#[derive(Default)]
struct Cleaned {
    out: Vec<u8>,
    rows: Vec<u8>,
}

impl Cleaned {
    /// Whether the stream failed as a whole.
    fn is_refused(&self) -> bool {
        let mut is_refused = false;
        let read =
            read_rows(&mut &self.rows[..], |row| is_refused |= row.record.is_none() && row.status == Status::Failed);
        is_refused && read.is_ok()
    }
}

fn clean(bytes: &[u8], settings: Settings<'_>) -> Cleaned {
    let mut cleaned = Cleaned::default();
    let how = Streaming { settings, compress: Compress::No, threads: NonZeroUsize::MIN };
    let mut memory = Memory(&mut cleaned.out);
    let done = Single::Stream(Box::new(bytes)).clean(how, &mut memory, &mut cleaned.rows);
    done.expect("memory takes everything");
    cleaned
}

fn check_rows(cleaned: &Cleaned) {
    read_rows(&mut &cleaned.rows[..], check_row).expect("rows that were written can be read");
}

fn check_row(row: &ReportedRow<'_>) {
    let reason = row.reason.as_deref();
    assert!(!matches!(reason, Some("panicked" | "unaccounted")), "{row:?}");
    if let (Some(text), Some(kept)) = (row.bytes_text, row.bytes_kept) {
        let removed: u64 = row.removed.iter().map(|removal| removal.end - removal.start).sum();
        assert_eq!(text, kept + removed, "{row:?} does not add up");
        assert_eq!(row.status == Status::Cleaned, removed > 0 && row.status != Status::KeptWhole, "{row:?}");
    }
}

/// An output in memory.
struct Memory<'m>(&'m mut Vec<u8>);

impl Output for Memory<'_> {
    fn put(&mut self, kept: &[u8]) -> Result<(), WriteError> {
        self.0.extend_from_slice(kept);
        Ok(())
    }

    fn finish(&mut self) -> Result<(), WriteError> {
        Ok(())
    }
}
