//! xz streams ("The .xz File Format" 1.2.1).

use liblzma::stream::{Action, Error, Status, Stream};

use crate::formats::compression::DamageKind;
use crate::formats::compression::gather::{Gather, Tail};
use crate::formats::compression::member::{Member, Outcome, Step};

/// What liblzma needs beside the window, generously.
const BESIDE_WINDOW: u64 = 1 << 20;
const STREAM_HEADER: usize = 12;

/// Decodes xz streams.
pub(crate) struct Xz {
    /// Made anew for each stream; nothing, where that failed.
    decoder: Option<Stream>,
    max_window: u64,
    header: Gather,
    check_length: usize,
    tail: Tail,
}

impl Xz {
    pub(crate) fn new(max_window: u64) -> Xz {
        Xz { decoder: None, max_window, header: Gather::new(), check_length: 0, tail: Tail::new() }
    }

    fn note_read(&mut self, read: &[u8]) {
        self.tail.push(read);
        if let Some(&[_, _, _, _, _, _, _, check, ..]) = self.header.top_up(STREAM_HEADER, &mut &read[..]) {
            self.check_length = check_length(check);
        }
    }

    fn kind(&self, error: Error, total_in: u64) -> DamageKind {
        match error {
            Error::MemLimit | Error::Mem => DamageKind::Memory { allowed: self.max_window },
            Error::Options | Error::UnsupportedCheck => DamageKind::Unsupported,
            _ if self.stands_behind_check(total_in) => DamageKind::Checksum,
            _ => DamageKind::Corrupt,
        }
    }

    /// Tells whether the library stopped right behind a block's check.
    ///
    /// It does not say whether it was the check that failed. Blocks are padded to four bytes, and before a check stands
    /// the zero that ends the compressed data, or zeros of padding.
    fn stands_behind_check(&self, total_in: u64) -> bool {
        let at_border = total_in.is_multiple_of(4) && total_in > (STREAM_HEADER + self.check_length) as u64;
        self.check_length > 0 && at_border && self.tail.last(self.check_length + 1).first() == Some(&0)
    }
}

/// "The .xz File Format", 2.1.1.2: the bytes of a check of this type.
fn check_length(check: u8) -> usize {
    match check & 0x0f {
        0 => 0,
        kind => 4 << ((kind - 1) / 3),
    }
}

impl Member for Xz {
    fn begin(&mut self) {
        *self = Xz::new(self.max_window);
        self.decoder = Stream::new_stream_decoder(self.max_window.saturating_add(BESIDE_WINDOW), 0).ok();
    }

    fn step(&mut self, input: &[u8], room: &mut [u8]) -> Step {
        let Some(decoder) = &mut self.decoder else {
            let kind = DamageKind::Memory { allowed: self.max_window };
            return Step { read: 0, written: 0, outcome: Outcome::Failed(kind) };
        };
        let (read_before, written_before) = (decoder.total_in(), decoder.total_out());
        let result = decoder.process(input, room, Action::Run);
        let total_in = decoder.total_in();
        let written = (decoder.total_out() - written_before) as usize;
        let read = (total_in - read_before) as usize;
        self.note_read(input.get(..read).unwrap_or_default());
        let outcome = match result {
            Ok(Status::StreamEnd) => Outcome::Ended,
            Ok(_) => Outcome::Going,
            Err(error) => Outcome::Failed(self.kind(error, total_in)),
        };
        Step { read, written, outcome }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_have_the_lengths_of_the_format() {
        let lengths: Vec<usize> = (0..16).map(check_length).collect();
        assert_eq!(lengths, [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64]);
    }
}
