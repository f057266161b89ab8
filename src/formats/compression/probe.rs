//! Trying out whether a member begins at some bytes.

use crate::formats::compression::member::{self, Member, Outcome};
use crate::formats::compression::{Codec, Limits};

/// How much output a probe looks at.
pub(crate) const MOST_OUTPUT: u64 = 4 << 20;
const ROOM: usize = 64 << 10;

/// What probes may cost: so much at once, and so much more for each byte of input. Honest inputs need far less; it
/// keeps an input made of nothing but beginnings from being decoded once for each of them.
const FREE: u64 = 16 << 20;
const FOR_EACH_BYTE: u64 = 32;

/// Tries out bytes with a decoder of its own.
pub(crate) struct Prober {
    member: Box<dyn Member>,
    room: Vec<u8>,
    spent: u64,
}

/// What a probe found.
pub(crate) struct Finding {
    pub(crate) outcome: Outcome,
    pub(crate) read: usize,
    pub(crate) written: u64,
}

impl Prober {
    pub(crate) fn new(codec: Codec, limits: &Limits) -> Prober {
        Prober { member: member::of(codec, limits), room: vec![0; ROOM], spent: 0 }
    }

    /// Tells whether the input up to this offset has earned another probe.
    pub(crate) fn can_afford(&self, offset: u64) -> bool {
        self.spent < FREE.saturating_add(offset.saturating_mul(FOR_EACH_BYTE))
    }

    /// Decodes a member from the start of `bytes`, until it ends, fails, lacks input, or has given enough.
    pub(crate) fn probe(&mut self, bytes: &[u8]) -> Finding {
        let mut finding = Finding { outcome: Outcome::Going, read: 0, written: 0 };
        self.member.begin();
        while finding.outcome == Outcome::Going && finding.written < MOST_OUTPUT {
            let step = self.member.step(bytes.get(finding.read..).unwrap_or_default(), &mut self.room);
            finding.read += step.read;
            finding.written += step.written as u64;
            finding.outcome = step.outcome;
            if step.read == 0 && step.written == 0 {
                break;
            }
        }
        self.spent = self.spent.saturating_add(finding.read as u64 + finding.written + 256);
        finding
    }
}
