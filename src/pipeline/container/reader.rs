//! Reading a container part by part. Where its parts end depends on its bytes alone, so that a run which was stopped can
//! go on between any two of them and come to the same.

use std::io;

use crate::formats::compression::{Damage, DamageKind, Note};
use crate::pipeline::source::{Fault, Source, Window};
use crate::report::{FailReason, Hash};

use super::part::{Part, PartKind, Place, Spoilt};
use super::split::{Cut, Split};

/// How many bytes of records are handed to a thread at a time.
pub(crate) const BATCH: usize = 1024 * 1024;

/// A container that is being read.
pub(crate) struct Reader<'r> {
    source: Source<'r>,
    window: Window,
    split: Split,
    /// The largest record that is held as a whole.
    limit: usize,
    /// Whether the bytes come from a stream whose writer may wait for an answer.
    is_live: bool,
    place: Place,
    state: State,
    fault: Option<Fault>,
    /// Whether anything stood in it.
    is_empty: bool,
}

enum State {
    Header(Vec<u8>),
    Between,
    Large(Large),
    Over,
}

/// A record that passes in pieces.
struct Large {
    /// How many of its bytes are to come; up to the end of the line where nothing tells.
    left: Option<u64>,
    /// Whether it goes on amid a quoted field.
    is_quoted: bool,
    hasher: Box<blake3::Hasher>,
    bytes: u64,
}

impl<'r> Reader<'r> {
    /// Begins to read behind the first `header` bytes, which are in the window.
    pub(crate) fn new(
        source: Source<'r>,
        mut window: Window,
        fault: Option<Fault>,
        split: Split,
        header: usize,
        limit: usize,
        is_live: bool,
    ) -> Reader<'r> {
        let header = if header > 0 { window.take(header) } else { Vec::new() };
        let place = Place { offset: window.offset(), record: 1, ..Place::default() };
        let state = if header.is_empty() { State::Between } else { State::Header(header) };
        Reader { source, window, split, limit, is_live, place, state, fault, is_empty: true }
    }

    /// Goes to a place that an earlier run came to.
    pub(crate) fn skip_to(&mut self, place: Place) -> io::Result<()> {
        if place.part == 0 {
            return Ok(());
        }
        self.state = State::Between;
        self.is_empty = false;
        let mut damages = 0;
        loop {
            let missing = place.offset.saturating_sub(self.window.offset());
            let here = (self.window.bytes().len() as u64).min(missing);
            self.window.consume(here as usize);
            let is_there = here == missing;
            if is_there && damages >= place.damages {
                self.place = place;
                return Ok(());
            }
            match self.fill(BATCH) {
                Ok(()) if !self.window.is_at_end() || !self.window.bytes().is_empty() => {}
                Ok(()) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is shorter than it was")),
                Err(Fault::Io(error)) => return Err(error),
                Err(Fault::Damaged(_)) => damages += 1,
            }
            if is_there && self.window.is_at_end() {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it is not what it was"));
            }
        }
    }

    /// The next part; nothing behind the last. When the system refuses to read on, the last part says so.
    pub(crate) fn next(&mut self) -> Option<Part> {
        let kind = match std::mem::replace(&mut self.state, State::Between) {
            State::Over => {
                self.state = State::Over;
                return None;
            }
            State::Header(bytes) => Ok(PartKind::Verbatim(bytes)),
            State::Large(large) => self.piece(large),
            State::Between => self.between(),
        };
        let kind = kind.unwrap_or_else(|error| {
            self.state = State::Over;
            PartKind::Failed { reason: FailReason::Unreadable, detail: error.to_string() }
        });
        self.is_empty &= matches!(kind, PartKind::End { .. } | PartKind::Verbatim(_)) && !self.split.passes();
        let last = matches!(self.state, State::Over);
        self.place.offset = self.window.offset();
        self.place.part += 1;
        let is_border = matches!(self.state, State::Between | State::Over);
        let behind = is_border.then_some(self.place);
        Some(Part { number: self.place.part - 1, kind, behind, read: self.bytes_read(), last })
    }

    /// The number of the next part.
    pub(crate) fn part(&self) -> u32 {
        self.place.part
    }

    /// How many bytes of the file itself were used up.
    pub(crate) fn bytes_read(&self) -> u64 {
        self.source.packed_bytes().unwrap_or(self.window.offset())
    }

    fn fill(&mut self, wanted: usize) -> Result<(), Fault> {
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        match self.is_live {
            true => self.window.fill_some(&mut self.source, wanted),
            false => self.window.fill(&mut self.source, wanted),
        }
    }

    /// What comes next where a record may begin.
    fn between(&mut self) -> io::Result<PartKind> {
        let mut wanted = BATCH.max(self.window.bytes().len());
        loop {
            // Live, what is there already goes before what may be long in coming.
            if self.is_live && !self.window.bytes().is_empty() {
                match self.split.cut(self.window.bytes(), false) {
                    Cut::More => {}
                    // A cut is asked for once: what splits archives remembers what it named.
                    cut => return self.cut(cut),
                }
            }
            match self.fill(wanted) {
                Ok(()) => {}
                Err(Fault::Io(error)) => return Err(error),
                Err(Fault::Damaged(damage)) => match self.before_damage(damage) {
                    Some(kind) => return Ok(kind),
                    None => continue,
                },
            }
            if self.window.is_at_end() && self.window.bytes().is_empty() {
                return Ok(self.end());
            }
            match self.split.cut(self.window.bytes(), self.window.is_at_end()) {
                Cut::More if self.window.bytes().len() > self.limit => return self.piece(Large::new(None)),
                Cut::More => wanted = self.window.bytes().len().saturating_mul(2).max(wanted).min(self.limit + 1),
                cut => return self.cut(cut),
            }
        }
    }

    fn cut(&mut self, cut: Cut) -> io::Result<PartKind> {
        match cut {
            Cut::Records(length) => Ok(self.records(length, None)),
            Cut::Large(length) => self.piece(Large::new(Some(length))),
            Cut::Between(length) => Ok(PartKind::Verbatim(self.window.take(length))),
            Cut::Spoilt { length, detail, goes_on } => {
                let offset = self.window.offset();
                // Whatever is said, something is used up.
                let bytes = self.window.take(length.max(1).min(self.window.bytes().len()));
                self.place.record += u64::from(!goes_on);
                let reason = self.split.reason();
                Ok(PartKind::Spoilt(Spoilt { bytes, offset, reason, detail, goes_on }))
            }
            // The caller has seen to that.
            Cut::More => Ok(self.end()),
        }
    }

    fn records(&mut self, length: usize, torn: Option<Damage>) -> PartKind {
        let (offset, first) = (self.window.offset(), self.place.record);
        let bytes = self.window.take(length);
        self.place.record += self.split.count(&bytes);
        PartKind::Records { bytes, offset, first, torn }
    }

    /// What is to be told first where compressed data turned out to be damaged: the whole records before, then the torn one, then
    /// the damage itself.
    fn before_damage(&mut self, damage: Damage) -> Option<PartKind> {
        if self.window.bytes().is_empty() {
            self.place.damages += 1;
            return Some(PartKind::Undecodable(damage));
        }
        let bytes = self.window.bytes();
        // A record of an archive is known to be whole only by what follows; here nothing does.
        let is_end = matches!(self.split, Split::Archive(_));
        let kind = match self.split.cut(bytes, is_end) {
            Cut::Records(length) => self.records(length, None),
            Cut::Between(length) => PartKind::Verbatim(self.window.take(length)),
            // All that a member holds was read, only it cannot be trusted: then its last record is whole.
            _ if matches!(damage.kind, DamageKind::Checksum | DamageKind::Length) => {
                let length = bytes.len();
                match self.split.cut(bytes, true) {
                    Cut::Records(length) => self.records(length, None),
                    _ => self.torn(length, &damage),
                }
            }
            _ => self.torn(bytes.len(), &damage),
        };
        self.fault = Some(Fault::Damaged(damage));
        Some(kind)
    }

    /// The beginning of a record whose end cannot be read.
    fn torn(&mut self, length: usize, damage: &Damage) -> PartKind {
        if self.split.is_lines() {
            // A line may be whole even so; whoever parses it will see.
            return self.records(length, Some(damage.clone()));
        }
        let offset = self.window.offset();
        self.place.record += 1;
        PartKind::Spoilt(Spoilt {
            bytes: self.window.take(length),
            offset,
            reason: FailReason::Truncated,
            detail: format!("the record is cut off: {damage}"),
            goes_on: false,
        })
    }

    /// The next piece of a record that is too large.
    fn piece(&mut self, mut large: Large) -> io::Result<PartKind> {
        let filled = self.fill(BATCH);
        let is_torn = match filled {
            Ok(()) => self.window.is_at_end(),
            Err(Fault::Io(error)) => return Err(error),
            Err(damaged) => {
                self.fault = Some(damaged);
                true
            }
        };
        let bytes = self.window.bytes();
        let here = bytes.len().min(BATCH);
        let (length, is_whole) = match large.left {
            Some(left) if left <= here as u64 => (left as usize, true),
            Some(_) => (here, false),
            None => match self.split.end_of_record(&bytes[..here], &mut large.is_quoted) {
                Some(end) => (end, true),
                None => (here, false),
            },
        };
        let is_over = is_whole || (is_torn && length == bytes.len());
        let bytes = self.window.take(length);
        large.bytes += length as u64;
        large.left = large.left.map(|left| left - length as u64);
        large.hasher.update(&bytes);
        let record = self.place.record;
        let whole = is_over.then(|| (large.bytes, Hash::finish(&large.hasher)));
        if is_over {
            self.place.record += 1;
        } else {
            self.state = State::Large(large);
        }
        Ok(PartKind::Piece { bytes, record, whole })
    }

    fn end(&mut self) -> PartKind {
        self.state = State::Over;
        let notes = self.source.notes().iter().map(told).collect();
        let garbage = self.source.notes().last().map(|Note::Garbage { offset, len }| (*offset, offset + len));
        PartKind::End { notes, garbage, is_empty: self.is_empty }
    }
}

impl Large {
    fn new(left: Option<u64>) -> Large {
        Large { left, is_quoted: false, hasher: Box::default(), bytes: 0 }
    }
}

/// What was noticed, for people.
pub(crate) fn told(note: &Note) -> String {
    match note {
        Note::Garbage { offset, len } => {
            format!("behind the compressed data, from byte {offset} on, stand {len} bytes that are none")
        }
    }
}
