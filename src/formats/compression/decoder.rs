//! Reading all members of an input.

use std::io::{self, Read};

use crate::formats::compression::input::Input;
use crate::formats::compression::magic::{self, Match};
use crate::formats::compression::member::{self, Member, Outcome};
use crate::formats::compression::search::{self, Fault, Searcher};
use crate::formats::compression::{Codec, Damage, DamageKind, Limits, Note, ReadError};

/// Reads what a compressed input holds, member by member.
///
/// A damaged member costs what cannot be decoded of it and nothing else: its bytes up to the damage come out, then the
/// damage, then the members behind it. Memory is bounded by the format's window and a few megabytes.
pub struct Decoder<R> {
    codec: Codec,
    limits: Limits,
    input: Input<R>,
    member: Box<dyn Member>,
    /// Made when the first fault is met.
    searcher: Option<Searcher>,
    stage: Stage,
    bytes_out: u64,
    members: u64,
    notes: Vec<Note>,
}

#[derive(Clone, Copy)]
enum Stage {
    /// Between members, before the first, or behind the last.
    Border,
    /// Inside a member that begins at `start`, `before` bytes of output having come before it.
    Inside {
        start: u64,
        before: u64,
    },
    /// A fault was met, and nothing was done about it yet.
    Faulty(Fault),
    /// The next member is being looked for.
    Searching(Fault),
    Ended,
}

impl<R: Read> Decoder<R> {
    /// Makes a decoder of an input that is known to be of this format.
    pub fn new(codec: Codec, input: R, limits: Limits) -> Decoder<R> {
        Decoder {
            codec,
            member: member::of(codec, &limits),
            limits,
            input: Input::new(input, search::overrun(codec)),
            searcher: None,
            stage: Stage::Border,
            bytes_out: 0,
            members: 0,
            notes: Vec::new(),
        }
    }

    /// Fills part of `room`.
    ///
    /// Returns how many bytes, and 0 at the end of the input or if there is no room.
    ///
    /// # Errors
    /// [`ReadError::Damaged`] once for every damaged or refused member, when all bytes it gave were returned; the next
    /// call goes on with the member behind it. [`ReadError::Io`] if the input cannot be read; a further call tries
    /// again, from the same byte.
    pub fn read(&mut self, room: &mut [u8]) -> Result<usize, ReadError> {
        if room.is_empty() {
            return Ok(0);
        }
        loop {
            match self.stage {
                Stage::Border => self.pass_border()?,
                Stage::Inside { start, before } => {
                    let written = self.decode(start, before, room)?;
                    if written > 0 {
                        return Ok(written);
                    }
                }
                Stage::Faulty(fault) => {
                    if let Some(damage) = self.meet(fault)? {
                        return Err(damage.into());
                    }
                }
                Stage::Searching(fault) => {
                    let found = self.find_member(&fault)?;
                    if let Some(damage) = self.conclude(fault, found) {
                        return Err(damage.into());
                    }
                }
                Stage::Ended => return Ok(0),
            }
        }
    }

    /// What was remarkable so far, in the order of the input.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Where the decoder stands in the compressed input. Behind a damaged member it may step back.
    pub fn bytes_in(&self) -> u64 {
        self.input.offset()
    }

    /// How many bytes came out.
    pub fn bytes_out(&self) -> u64 {
        self.bytes_out
    }

    /// How many members were begun.
    pub fn members(&self) -> u64 {
        self.members
    }

    fn pass_border(&mut self) -> io::Result<()> {
        if self.members > 0 && self.skip_padding()? {
            return Ok(());
        }
        let start = self.input.offset();
        let bytes = self.input.ensure(magic::LONGEST)?;
        let (seen, matched) = (bytes.len(), magic::of_member(self.codec, bytes));
        self.stage = match matched {
            _ if seen == 0 => Stage::Ended,
            Match::Whole => self.begin_member(start),
            Match::Cut => {
                self.input.consume(seen);
                self.fault(DamageKind::Truncated, start, 0)
            }
            Match::Not => {
                let fault = Fault { kind: DamageKind::Corrupt, start, offset: start, given: 0, foreign: true };
                Stage::Faulty(fault)
            }
        };
        Ok(())
    }

    /// Skips zeros, with which tapes fill their blocks, and returns whether there may be more of them.
    fn skip_padding(&mut self) -> io::Result<bool> {
        let unread = self.input.ensure(1)?;
        let zeros = unread.iter().take_while(|&&byte| byte == 0).count();
        let all = zeros > 0 && zeros == unread.len();
        self.input.consume(zeros);
        Ok(all)
    }

    fn begin_member(&mut self, start: u64) -> Stage {
        self.members += 1;
        self.member.begin();
        Stage::Inside { start, before: self.bytes_out }
    }

    fn fault(&self, kind: DamageKind, start: u64, given: u64) -> Stage {
        Stage::Faulty(Fault { kind, start, offset: self.input.offset(), given, foreign: false })
    }

    /// Decodes some of a member, and returns how many bytes came out.
    fn decode(&mut self, start: u64, before: u64, room: &mut [u8]) -> io::Result<usize> {
        let left = self.limits.left(self.bytes_out);
        // Where no more may come out, a byte of room shows whether more would.
        let mut beyond = [0];
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(room.len());
        let room = if most == 0 { &mut beyond } else { &mut room[..most] };
        let step = self.member.step(self.input.unread(), room);
        self.input.consume(step.read);
        let came_out = self.bytes_out + step.written as u64;
        let written = if most == 0 { 0 } else { step.written };
        self.bytes_out += written as u64;
        let outcome = match step.outcome {
            Outcome::Going if step.read == 0 && step.written == 0 => self.fetch()?,
            outcome => outcome,
        };
        let bytes_in = self.input.offset();
        let given = self.bytes_out - before;
        self.stage = match outcome {
            Outcome::Failed(kind) => self.fault(kind, start, given),
            _ if !self.limits.allow(bytes_in, came_out) => {
                self.fault(DamageKind::Bomb { bytes_in, bytes_out: came_out }, start, given)
            }
            Outcome::Going => Stage::Inside { start, before },
            Outcome::Ended => Stage::Border,
        };
        Ok(written)
    }

    /// Reads more input for a member that wants some; a member that has some and wants more is damaged.
    fn fetch(&mut self) -> io::Result<Outcome> {
        if !self.input.unread().is_empty() {
            return Ok(Outcome::Failed(DamageKind::Corrupt));
        }
        match self.input.fill()? {
            0 => Ok(Outcome::Failed(DamageKind::Truncated)),
            _ => Ok(Outcome::Going),
        }
    }

    /// Tells the damage if the next member stands right behind; else steps to where it may begin at the earliest.
    fn meet(&mut self, fault: Fault) -> io::Result<Option<Damage>> {
        let next = self.input.ensure(magic::LONGEST)?;
        if matches!(fault.kind, DamageKind::Checksum | DamageKind::Length) {
            let (at_end, matched) = (next.is_empty(), magic::of_member(self.codec, next));
            if at_end || matched == Match::Whole {
                return Ok(self.conclude(fault, !at_end));
            }
        }
        if fault.foreign {
            self.input.consume(1);
        } else if !fault.is_bomb() {
            let earliest = fault.offset.saturating_sub(search::overrun(self.codec) as u64);
            self.input.step_back(earliest.max(fault.start + 1));
        }
        self.stage = Stage::Searching(fault);
        Ok(None)
    }

    fn find_member(&mut self, fault: &Fault) -> io::Result<bool> {
        let searcher = self.searcher.get_or_insert_with(|| Searcher::new(self.codec, &self.limits));
        while searcher.find(&mut self.input, fault)? {
            // Behind a bomb only a member counts at which the whole input is within its limits again.
            let spent =
                self.limits.left(self.bytes_out) == 0 || !self.limits.allow(self.input.offset(), self.bytes_out);
            if !(fault.is_bomb() && spent) {
                return Ok(true);
            }
            self.input.consume(1);
        }
        Ok(false)
    }

    /// Goes on at the next member, if one was found, and returns the damage; nothing, if a note is all it is worth.
    fn conclude(&mut self, fault: Fault, found: bool) -> Option<Damage> {
        let here = self.input.offset();
        self.stage = if found { Stage::Border } else { Stage::Ended };
        if fault.foreign && !found && self.members > 0 {
            self.notes.push(Note::Garbage { offset: fault.start, len: here - fault.start });
            return None;
        }
        let offset = if found { fault.offset.min(here) } else { fault.offset };
        let resumes = found.then_some(here);
        Some(Damage { kind: fault.kind, codec: self.codec, start: fault.start, offset, resumes })
    }
}
